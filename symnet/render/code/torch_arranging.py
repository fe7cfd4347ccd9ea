"""Joins and rearrangements as PyTorch says them."""

from __future__ import annotations

from typing import Any

from symnet.layers.axes import along, place, places
from symnet.layers.shape import SEQUENCE
from symnet.printing.text import text
from symnet.render.code.said import Asked, Cannot, Handler, Said, equation, subscripted
from symnet.render.code.torch_layout import as_written, channels_first, dim, held

__all__ = ["ARRANGING"]


# ---- joins -------------------------------------------------------------------------------------------------------


def _alike(asked: Asked) -> list[str]:
    """The inputs, all kept as the output is."""
    want = held(asked.output)
    turned = {(True, False): ".movedim(1, -1)", (False, True): ".movedim(-1, 1)"}
    return [f"{{x{place_}}}{turned.get((held(shape), want), '')}" for place_, shape in enumerate(asked.inputs)]


def _between(sign: str) -> Handler:
    return lambda asked: Said(do=f" {sign} ".join(_alike(asked)))


def _nested(function: str) -> Handler:
    def handler(asked: Asked) -> Said:
        first, *others = _alike(asked)
        for other in others:
            first = f"{function}({first}, {other})"
        return Said(do=first)

    return handler


def _average(asked: Asked) -> Said:
    return Said(do=f"({' + '.join(_alike(asked))}) / {len(asked.inputs)}")


def _concat(asked: Asked) -> Said:
    axis, shape = asked.layer.axis, asked.output
    index = along(axis, shape)
    return Said(do=f"torch.cat([{', '.join(_alike(asked))}], dim={dim(shape, index)})")


def _crop(asked: Asked) -> Said:
    one, two = _alike(asked)
    said = Said(do=f"crop({one}, {two})", helpers=("crop",))
    if asked.shape.layout == SEQUENCE:
        said = Said(do=f"crop({one}.movedim(-1, 1), {two}.movedim(-1, 1)).movedim(1, -1)", helpers=("crop",))
    return said


def _written_inputs(asked: Asked) -> list[str]:
    """The inputs as the network has them, channels last where it has them so."""
    return [f"{{x{at}}}.movedim(1, -1)" if held(shape) else f"{{x{at}}}" for at, shape in enumerate(asked.inputs)]


def _matmul(asked: Asked) -> Said:
    one, two = (len(shape.dims) for shape in asked.inputs)
    if one != two:
        raise Cannot("a product of tensors with different numbers of sizes is not written; reshape one of them before")
    return Said(
        do=f"torch.matmul({', '.join(_written_inputs(asked))})" + (".movedim(-1, 1)" if held(asked.output) else "")
    )


def _einsum(asked: Asked) -> Said:
    read = ", ".join(_written_inputs(asked))
    return Said(do=f'torch.einsum("{equation(asked)}", {read})' + (".movedim(-1, 1)" if held(asked.output) else ""))


_SIGNS = {"divide": "/", "power": "**"}


def _combine(asked: Asked) -> Said:
    sign = _SIGNS.get(asked.layer.function)
    if sign is None or len(asked.inputs) != 2:
        raise Cannot("symnet does not know how this function is said there")
    return _between(sign)(asked)


def _same(asked: Asked) -> Said:
    return as_written(Said.of("nn.Identity()"), asked)


def _dot(asked: Asked) -> Said:
    both = asked.layer.axes if len(asked.layer.axes) == 2 else asked.layer.axes * 2
    (i,), (j,) = (places((axis,), len(shape.dims)) for axis, shape in zip(both, asked.inputs, strict=True))
    one = [chr(ord("a") + index) for index in range(len(asked.inputs[0].dims))]
    two = [chr(ord("a") + len(one) + index) for index in range(len(asked.inputs[1].dims))]
    two[j] = one[i]
    out = [letter for index, letter in enumerate(one) if index != i] + [
        letter for index, letter in enumerate(two) if index != j
    ]
    read = ", ".join(_written_inputs(asked))
    said = f'torch.einsum("z{"".join(one)},z{"".join(two)}->z{"".join(out)}", {read})'
    return Said(do=said + (".movedim(-1, 1)" if held(asked.output) else ""))


# ---- the same numbers in another arrangement ---------------------------------------------------------------------


def _flatten(asked: Asked) -> Said:
    layer = asked.layer
    if not asked.shape.dims:
        return Said(do="{x0}.unsqueeze(1)")
    given = [f"{name}={text(getattr(layer, name))}" for name, usual in (("start_dim", 1), ("end_dim", -1))
             if getattr(layer, name).constant != usual]  # fmt: skip
    return as_written(Said.of(f"nn.Flatten({', '.join(given)})"), asked)


def _reshape(asked: Asked) -> Said:
    sizes = ", ".join(map(asked.say, asked.layer.target))
    if len(asked.shape.dims) == 1 and len(asked.layer.target) > 1:
        return as_written(Said.of(f"nn.Unflatten(1, ({sizes}))"), asked)
    return as_written(Said(do=f"{{x0}}.reshape({{x0}}.size(0), {sizes})"), asked)


def _permute(asked: Asked) -> Said:
    order = places(asked.layer.order, len(asked.shape.dims), "size")
    return as_written(Said(do=f"{{x0}}.permute(0, {', '.join(str(index + 1) for index in order)})"), asked)


def _repeat(asked: Asked) -> Said:
    layer, times_ = asked.layer, asked.say(asked.layer.times)
    if layer.axis is None:
        return Said(
            do=f"{{x0}}.unsqueeze(1).repeat(1, {times_}, 1)" + (".movedim(-1, 1)" if held(asked.output) else "")
        )
    counts = ["1"] * (len(asked.shape.dims) + 1)
    counts[dim(asked.shape, place(layer.axis, len(asked.shape.dims)))] = times_
    return Said(do=f"{{x0}}.repeat({', '.join(counts)})")


def _expand(asked: Asked) -> Said:
    index = place(asked.layer.axis, len(asked.output.dims))
    return as_written(Said(do=f"{{x0}}.unsqueeze({index + 1})"), asked)


def _squeeze(asked: Asked) -> Said:
    gone = asked.layer.gone(asked.shape)
    if not gone:
        return Said(do="{x0}")
    listed = str(gone[0] + 1) if len(gone) == 1 else f"({', '.join(str(index + 1) for index in gone)})"
    return as_written(Said(do=f"{{x0}}.squeeze({listed})"), asked)


def _slice(asked: Asked) -> Said:
    shape = asked.shape
    return subscripted(asked, dim(shape, place(asked.layer.axis, len(shape.dims))))


def _split(asked: Asked) -> Said:
    layer, shape = asked.layer, asked.shape
    index = along(layer.axis, shape)
    return Said(do=f"{{x0}}.chunk({asked.say(layer.parts)}, dim={dim(shape, index)})[{asked.say(layer.index)}]")


def _reduction(function: str) -> Handler:
    def handler(asked: Asked) -> Said:
        layer, gone = asked.layer, sorted(asked.layer.gone(asked.shape))
        keep = ", keepdim=True" if layer.keepdims else ""
        if function == "prod":  # one size at a time, the last first
            return as_written(
                Said(do="{x0}" + "".join(f".prod(dim={index + 1}{keep})" for index in reversed(gone))), asked
            )
        dims = str(gone[0] + 1) if len(gone) == 1 else f"({', '.join(str(index + 1) for index in gone)})"
        return as_written(Said(do=f"{{x0}}.{function}(dim={dims}{keep})"), asked)

    return handler


def _shuffle_channels(asked: Asked) -> Said:
    return channels_first(Said.of(f"nn.ChannelShuffle({asked.say(asked.layer.groups)})"), asked)


def _parameter(asked: Asked) -> Any:
    sizes = [asked.say(size) for size in asked.layer.shape]
    if held(asked.output):
        sizes = [sizes[-1], *sizes[:-1]]
    call = f"nn.Parameter(torch.zeros({', '.join(['1', *sizes])}))"
    if asked.layer.fixed:
        raise Cannot("its numbers are given, and symnet does not know them")
    return Said((("", call),), f"{{m0}}.expand({{entry}}.size(0){', -1' * len(sizes)})")


#: By kind of layer.
ARRANGING: dict[str, Handler] = {
    "Add": _between("+"),
    "Subtract": _between("-"),
    "Multiply": _between("*"),
    "Average": _average,
    "Maximum": _nested("torch.maximum"),
    "Minimum": _nested("torch.minimum"),
    "Concat": _concat,
    "Crop": _crop,
    "Dot": _dot,
    "MatMul": _matmul,
    "Einsum": _einsum,
    "Combine": _combine,
    "Layout": _same,
    "Require": _same,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Permute": _permute,
    "Repeat": _repeat,
    "ExpandDims": _expand,
    "Squeeze": _squeeze,
    "Slice": _slice,
    "Split": _split,
    "ChannelShuffle": _shuffle_channels,
    "Mean": _reduction("mean"),
    "Sum": _reduction("sum"),
    "Max": _reduction("amax"),
    "Min": _reduction("amin"),
    "Prod": _reduction("prod"),
    "Parameter": _parameter,
}
