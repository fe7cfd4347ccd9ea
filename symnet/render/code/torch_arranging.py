"""PyTorch statements of layers that join tensors or rearrange one."""

from __future__ import annotations

from symnet.frameworks.calls import Call
from symnet.layers.declaration.axes import index_of_axis, index_or_channels, indices_of_axes
from symnet.layers.declaration.shape import SEQUENCE
from symnet.render.code.statement import Cannot, Handler, Site, Statement, equation, subscripted
from symnet.render.code.torch_layout import channels_first, dim, in_network_order, moved_to_front

__all__ = ["ARRANGING"]


# ---- joins -------------------------------------------------------------------------------------------------------


def _aligned_inputs(site: Site) -> list[str]:
    """Returns the inputs, with their channels moved to where the output has them."""
    output_moved = moved_to_front(site.output)
    moves = {(True, False): ".movedim(1, -1)", (False, True): ".movedim(-1, 1)"}
    return [
        f"{{x{number}}}{moves.get((moved_to_front(shape), output_moved), '')}"
        for number, shape in enumerate(site.inputs)
    ]


def _between(sign: str) -> Handler:
    return lambda site: Statement(do=f" {sign} ".join(_aligned_inputs(site)))


def _nested(function: str) -> Handler:
    def handler(site: Site) -> Statement:
        first, *others = _aligned_inputs(site)
        for other in others:
            first = f"{function}({first}, {other})"
        return Statement(do=first)

    return handler


def _average(site: Site) -> Statement:
    return Statement(do=f"({' + '.join(_aligned_inputs(site))}) / {len(site.inputs)}")


def _concat(site: Site) -> Statement:
    axis, shape = site.layer.axis, site.output
    index = index_or_channels(axis, shape)
    return Statement(do=f"torch.cat([{', '.join(_aligned_inputs(site))}], dim={dim(shape, index)})")


def _crop(site: Site) -> Statement:
    one, two = _aligned_inputs(site)
    statement = Statement(do=f"crop({one}, {two})", helpers=("crop",))
    if site.shape.layout == SEQUENCE:
        statement = Statement(do=f"crop({one}.movedim(-1, 1), {two}.movedim(-1, 1)).movedim(1, -1)", helpers=("crop",))
    return statement


def _inputs_in_order(site: Site) -> list[str]:
    """Returns the inputs with their axes in the network's order, channels last where the network has them last."""
    return [
        f"{{x{number}}}.movedim(1, -1)" if moved_to_front(shape) else f"{{x{number}}}"
        for number, shape in enumerate(site.inputs)
    ]


def _matmul(site: Site) -> Statement:
    one, two = (len(shape.dims) for shape in site.inputs)
    if one != two:
        raise Cannot("a product of tensors with different numbers of sizes is not written; reshape one of them before")
    return Statement(
        do=f"torch.matmul({', '.join(_inputs_in_order(site))})"
        + (".movedim(-1, 1)" if moved_to_front(site.output) else "")
    )


def _einsum(site: Site) -> Statement:
    read = ", ".join(_inputs_in_order(site))
    return Statement(
        do=f'torch.einsum("{equation(site)}", {read})' + (".movedim(-1, 1)" if moved_to_front(site.output) else "")
    )


_SIGNS = {"divide": "/", "power": "**"}


def _combine(site: Site) -> Statement:
    sign = _SIGNS.get(site.layer.function)
    if sign is None or len(site.inputs) != 2:
        raise Cannot("symnet does not know how this function is written there")
    return _between(sign)(site)


def _same(site: Site) -> Statement:
    return in_network_order(Statement.of(Call("torch.nn.Identity")), site)


def _dot(site: Site) -> Statement:
    both = site.layer.axes if len(site.layer.axes) == 2 else site.layer.axes * 2
    (i,), (j,) = (indices_of_axes((axis,), len(shape.dims)) for axis, shape in zip(both, site.inputs, strict=True))
    one = [chr(ord("a") + index) for index in range(len(site.inputs[0].dims))]
    two = [chr(ord("a") + len(one) + index) for index in range(len(site.inputs[1].dims))]
    two[j] = one[i]
    out = [letter for index, letter in enumerate(one) if index != i] + [
        letter for index, letter in enumerate(two) if index != j
    ]
    read = ", ".join(_inputs_in_order(site))
    statement = f'torch.einsum("z{"".join(one)},z{"".join(two)}->z{"".join(out)}", {read})'
    return Statement(do=statement + (".movedim(-1, 1)" if moved_to_front(site.output) else ""))


# ---- rearrangements: the same numbers in another shape -----------------------------------------------------------


def _flatten(site: Site) -> Statement:
    layer = site.layer
    if not site.shape.dims:
        return Statement(do="{x0}.unsqueeze(1)")
    ends = (("start_dim", layer.start_dim, 1), ("end_dim", layer.end_dim, -1))
    arguments = tuple((name, end) for name, end, usual in ends if end.constant != usual)
    return in_network_order(Statement.of(Call("torch.nn.Flatten", (), arguments)), site)


def _reshape(site: Site) -> Statement:
    sizes = ", ".join(map(site.say, site.layer.target))
    if len(site.shape.dims) == 1 and len(site.layer.target) > 1:
        return in_network_order(Statement.of(Call("torch.nn.Unflatten", (1, site.output.dims))), site)
    return in_network_order(Statement(do=f"{{x0}}.reshape({{x0}}.size(0), {sizes})"), site)


def _permute(site: Site) -> Statement:
    order = indices_of_axes(site.layer.order, len(site.shape.dims), "size")
    return in_network_order(Statement(do=f"{{x0}}.permute(0, {', '.join(str(index + 1) for index in order)})"), site)


def _repeat(site: Site) -> Statement:
    layer, count = site.layer, site.say(site.layer.times)
    if layer.axis is None:
        return Statement(
            do=f"{{x0}}.unsqueeze(1).repeat(1, {count}, 1)" + (".movedim(-1, 1)" if moved_to_front(site.output) else "")
        )
    counts = ["1"] * (len(site.shape.dims) + 1)
    counts[dim(site.shape, index_of_axis(layer.axis, len(site.shape.dims)))] = count
    return Statement(do=f"{{x0}}.repeat({', '.join(counts)})")


def _expand(site: Site) -> Statement:
    index = index_of_axis(site.layer.axis, len(site.output.dims))
    return in_network_order(Statement(do=f"{{x0}}.unsqueeze({index + 1})"), site)


def _squeeze(site: Site) -> Statement:
    removed = site.layer.removed_indices(site.shape)
    if not removed:
        return Statement(do="{x0}")
    listed = str(removed[0] + 1) if len(removed) == 1 else f"({', '.join(str(index + 1) for index in removed)})"
    return in_network_order(Statement(do=f"{{x0}}.squeeze({listed})"), site)


def _slice(site: Site) -> Statement:
    shape = site.shape
    return subscripted(site, dim(shape, index_of_axis(site.layer.axis, len(shape.dims))))


def _split(site: Site) -> Statement:
    layer, shape = site.layer, site.shape
    index = index_or_channels(layer.axis, shape)
    return Statement(do=f"{{x0}}.chunk({site.say(layer.parts)}, dim={dim(shape, index)})[{site.say(layer.index)}]")


def _reduction(function: str) -> Handler:
    def handler(site: Site) -> Statement:
        layer, removed = site.layer, sorted(site.layer.removed_indices(site.shape))
        keep = ", keepdim=True" if layer.keepdims else ""
        if function == "prod":  # prod takes one axis at a time: the last one first
            return in_network_order(
                Statement(do="{x0}" + "".join(f".prod(dim={index + 1}{keep})" for index in reversed(removed))), site
            )
        dims = str(removed[0] + 1) if len(removed) == 1 else f"({', '.join(str(index + 1) for index in removed)})"
        return in_network_order(Statement(do=f"{{x0}}.{function}(dim={dims}{keep})"), site)

    return handler


def _shuffle_channels(site: Site) -> Statement:
    if site.rank < 1:
        raise Cannot("PyTorch shuffles channels of tensors with axes only; write Reshape, Permute and Reshape")
    return channels_first(Statement.of(Call("torch.nn.ChannelShuffle", (site.layer.groups,))), site)


def _parameter(site: Site) -> Statement:
    if site.layer.fixed:
        raise Cannot("its numbers are given, and symnet does not know them")
    sizes = site.layer.shape
    if moved_to_front(site.output):
        sizes = (sizes[-1], *sizes[:-1])
    call = Call("torch.nn.Parameter", (Call("torch.zeros", (1, *sizes)),))
    return Statement((("", call),), f"{{m0}}.expand({{entry}}.size(0){', -1' * len(sizes)})")


def _reduce(site: Site) -> Statement:
    layer, removed = site.layer, sorted(site.layer.removed_indices(site.shape))
    word = layer.function.lower()
    keep = ", keepdim=True" if layer.keepdims else ""
    dims = str(removed[0] + 1) if len(removed) == 1 else f"({', '.join(str(index + 1) for index in removed)})"
    if word in ("argmax", "argmin"):
        if len(removed) != 1:
            raise Cannot("PyTorch has it along one size; flatten the sizes before")
        expression = f"{{x0}}.{word}(dim={dims}{keep})"
    elif word == "logsumexp":
        expression = f"{{x0}}.logsumexp(dim={dims}{keep})"
    elif word in ("l1", "l2"):
        expression = f"torch.linalg.vector_norm({{x0}}, {word[1]}, dim={dims}{keep})"
    else:
        raise Cannot("symnet does not know how this function is written there")
    return in_network_order(Statement(do=expression), site)


#: The function that makes the statement of each kind of layer.
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
    "Unused": _same,
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
    "Reduce": _reduce,
    "Parameter": _parameter,
}
