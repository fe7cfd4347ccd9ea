"""Joins and rearrangements as Keras says them."""

from __future__ import annotations

from symnet.layers.axes import along, place, places
from symnet.render.code.keras_layout import first, ranked
from symnet.render.code.said import Asked, Cannot, Handler, Said, equation, subscripted
from symnet.terms.term import Term

__all__ = ["ARRANGING"]


# ---- joins -------------------------------------------------------------------------------------------------------


def _listed(asked: Asked) -> str:
    return f"[{', '.join(f'{{x{index}}}' for index in range(len(asked.inputs)))}]"


def _merge(name: str) -> Handler:
    return lambda asked: Said((("", f"layers.{name}()"),), f"{{m0}}({_listed(asked)})")


def _concat(asked: Asked) -> Said:
    axis, shape = asked.layer.axis, asked.output
    index = along(axis, shape)
    last = index == len(shape.dims) - 1
    return Said((("", f"layers.Concatenate({'' if last else f'axis={index + 1}'})"),), f"{{m0}}({_listed(asked)})")


def _crop(asked: Asked) -> Said:
    ranked(asked)
    if first(asked.shape) and asked.rank == 1:
        raise Cannot("Keras has Cropping1D for channels last only")
    which = "crop_first" if first(asked.shape) else "crop_last"
    return Said(do=f"crop{asked.rank}d({{x0}}, {{x1}})", helpers=(f"{which}:{asked.rank}",), fixed=True)


def _matmul(asked: Asked) -> Said:
    one, two = (len(shape.dims) for shape in asked.inputs)
    if one != two:
        raise Cannot("a product of tensors with different numbers of sizes is not written; reshape one of them before")
    return Said(do="ops.matmul({x0}, {x1})")


def _einsum(asked: Asked) -> Said:
    return Said(do=f'ops.einsum("{equation(asked)}", {_listed(asked)[1:-1]})')


def _combine(asked: Asked) -> Said:
    if asked.layer.function not in ("divide", "power") or len(asked.inputs) != 2:
        raise Cannot("symnet does not know how this function is said there")
    return Said(do=f"ops.{asked.layer.function}({{x0}}, {{x1}})")


def _same(asked: Asked) -> Said:
    return Said.of("layers.Identity()")


def _dot(asked: Asked) -> Said:
    both = asked.layer.axes if len(asked.layer.axes) == 2 else asked.layer.axes * 2
    (i,), (j,) = (places((axis,), len(shape.dims)) for axis, shape in zip(both, asked.inputs, strict=True))
    return Said((("", f"layers.Dot(axes=({i + 1}, {j + 1}))"),), "{m0}([{x0}, {x1}])")


# ---- the same numbers in another arrangement ---------------------------------------------------------------------


def _flatten(asked: Asked) -> Said:
    layer, rank = asked.layer, len(asked.shape.dims)
    if not rank:
        return Said(do="ops.expand_dims({x0}, axis=1)")
    start, end = place(layer.start_dim, rank), place(layer.end_dim, rank)
    if (start, end) == (0, rank - 1):
        return Said.of("layers.Flatten()")
    return _reshaped(asked, asked.output.dims)


def _reshaped(asked: Asked, sizes: tuple[Term, ...]) -> Said:
    said = [asked.say(size) for size in sizes]
    return Said.of(f"layers.Reshape(({', '.join(said)}{',' * (len(said) == 1)}))")


def _reshape(asked: Asked) -> Said:
    return _reshaped(asked, asked.layer.target)


def _permute(asked: Asked) -> Said:
    order = places(asked.layer.order, len(asked.shape.dims), "size")
    said = ", ".join(str(index + 1) for index in order)
    return Said.of(f"layers.Permute(({said}{',' * (len(order) == 1)}))")


def _repeat(asked: Asked) -> Said:
    layer, times = asked.layer, asked.say(asked.layer.times)
    if layer.axis is None:
        return Said.of(f"layers.RepeatVector({times})")
    counts = ["1"] * (len(asked.shape.dims) + 1)
    counts[place(layer.axis, len(asked.shape.dims)) + 1] = times
    return Said(do=f"ops.tile({{x0}}, ({', '.join(counts)}))")


def _expand(asked: Asked) -> Said:
    return Said(do=f"ops.expand_dims({{x0}}, axis={place(asked.layer.axis, len(asked.output.dims)) + 1})")


def _listed_axes(indices: list[int]) -> str:
    return str(indices[0] + 1) if len(indices) == 1 else f"({', '.join(str(index + 1) for index in indices)})"


def _squeeze(asked: Asked) -> Said:
    gone = asked.layer.gone(asked.shape)
    return Said(do=f"ops.squeeze({{x0}}, axis={_listed_axes(gone)})") if gone else Said.of("layers.Identity()")


def _slice(asked: Asked) -> Said:
    return subscripted(asked, place(asked.layer.axis, len(asked.shape.dims)) + 1)


def _split(asked: Asked) -> Said:
    layer, shape = asked.layer, asked.shape
    index = along(layer.axis, shape)
    return Said(do=f"ops.split({{x0}}, {asked.say(layer.parts)}, axis={index + 1})[{asked.say(layer.index)}]")


def _reduction(function: str) -> Handler:
    def handler(asked: Asked) -> Said:
        layer, gone = asked.layer, sorted(asked.layer.gone(asked.shape))
        keep = ", keepdims=True" if layer.keepdims else ""
        return Said(do=f"ops.{function}({{x0}}, axis={_listed_axes(gone)}{keep})")

    return handler


#: By kind of layer.
ARRANGING: dict[str, Handler] = {
    **{name: _merge(name) for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")},
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
    "Mean": _reduction("mean"),
    "Sum": _reduction("sum"),
    "Max": _reduction("max"),
    "Min": _reduction("min"),
    "Prod": _reduction("prod"),
}
