"""Keras statements of layers that join tensors or rearrange one."""

from __future__ import annotations

from symnet.frameworks.calls import Call
from symnet.layers.declaration.axes import index_of_axis, index_or_channels, indices_of_axes
from symnet.render.code.keras_layout import first, ranked
from symnet.render.code.statement import Cannot, Handler, Site, Statement, equation, subscripted
from symnet.terms.term import Term

__all__ = ["ARRANGING"]


# ---- joins -------------------------------------------------------------------------------------------------------


def _listed(site: Site) -> str:
    return f"[{', '.join(f'{{x{index}}}' for index in range(len(site.inputs)))}]"


def _merge(name: str) -> Handler:
    return lambda site: Statement((("", Call(f"keras.layers.{name}")),), f"{{m0}}({_listed(site)})")


def _concat(site: Site) -> Statement:
    axis, shape = site.layer.axis, site.output
    index = index_or_channels(axis, shape)
    last = index == len(shape.dims) - 1
    call = Call("keras.layers.Concatenate", (), () if last else (("axis", index + 1),))
    return Statement((("", call),), f"{{m0}}({_listed(site)})")


def _crop(site: Site) -> Statement:
    ranked(site)
    if first(site.shape) and site.rank == 1:
        raise Cannot("Keras has Cropping1D for channels last only")
    which = "crop_first" if first(site.shape) else "crop_last"
    return Statement(do=f"crop{site.rank}d({{x0}}, {{x1}})", helpers=(f"{which}:{site.rank}",), fixed=True)


def _matmul(site: Site) -> Statement:
    one, two = (len(shape.dims) for shape in site.inputs)
    if one != two:
        raise Cannot("a product of tensors with different numbers of sizes is not written; reshape one of them before")
    return Statement(do="{ops}.matmul({x0}, {x1})")


def _einsum(site: Site) -> Statement:
    return Statement(do=f'{{ops}}.einsum("{equation(site)}", {_listed(site)[1:-1]})')


def _combine(site: Site) -> Statement:
    if site.layer.function not in ("divide", "power") or len(site.inputs) != 2:
        raise Cannot("symnet does not know how this function is written there")
    return Statement(do=f"{{ops}}.{site.layer.function}({{x0}}, {{x1}})")


def _same(site: Site) -> Statement:
    return Statement.of(Call("keras.layers.Identity"))


def _dot(site: Site) -> Statement:
    both = site.layer.axes if len(site.layer.axes) == 2 else site.layer.axes * 2
    (i,), (j,) = (indices_of_axes((axis,), len(shape.dims)) for axis, shape in zip(both, site.inputs, strict=True))
    return Statement((("", Call("keras.layers.Dot", (), (("axes", (i + 1, j + 1)),))),), "{m0}([{x0}, {x1}])")


# ---- rearrangements: the same numbers in another shape -----------------------------------------------------------


def _flatten(site: Site) -> Statement:
    layer, rank = site.layer, len(site.shape.dims)
    if not rank:
        return Statement(do="{ops}.expand_dims({x0}, axis=1)")
    start, end = index_of_axis(layer.start_dim, rank), index_of_axis(layer.end_dim, rank)
    if (start, end) == (0, rank - 1):
        return Statement.of(Call("keras.layers.Flatten"))
    return _reshaped(site, site.output.dims)


def _reshaped(site: Site, sizes: tuple[Term, ...]) -> Statement:
    return Statement.of(Call("keras.layers.Reshape", (sizes,)))


def _reshape(site: Site) -> Statement:
    return _reshaped(site, site.layer.target)


def _permute(site: Site) -> Statement:
    order = indices_of_axes(site.layer.order, len(site.shape.dims), "size")
    return Statement.of(Call("keras.layers.Permute", (tuple(index + 1 for index in order),)))


def _repeat(site: Site) -> Statement:
    layer, times = site.layer, site.say(site.layer.times)
    if layer.axis is None:
        return Statement.of(Call("keras.layers.RepeatVector", (layer.times,)))
    counts = ["1"] * (len(site.shape.dims) + 1)
    counts[index_of_axis(layer.axis, len(site.shape.dims)) + 1] = times
    return Statement(do=f"{{ops}}.tile({{x0}}, ({', '.join(counts)}))")


def _expand(site: Site) -> Statement:
    return Statement(
        do=f"{{ops}}.expand_dims({{x0}}, axis={index_of_axis(site.layer.axis, len(site.output.dims)) + 1})"
    )


def _listed_axes(indices: list[int]) -> str:
    return str(indices[0] + 1) if len(indices) == 1 else f"({', '.join(str(index + 1) for index in indices)})"


def _squeeze(site: Site) -> Statement:
    removed = site.layer.removed_indices(site.shape)
    return (
        Statement(do=f"{{ops}}.squeeze({{x0}}, axis={_listed_axes(removed)})")
        if removed
        else Statement.of(Call("keras.layers.Identity"))
    )


def _slice(site: Site) -> Statement:
    return subscripted(site, index_of_axis(site.layer.axis, len(site.shape.dims)) + 1)


def _split(site: Site) -> Statement:
    layer, shape = site.layer, site.shape
    index = index_or_channels(layer.axis, shape)
    return Statement(do=f"{{ops}}.split({{x0}}, {site.say(layer.parts)}, axis={index + 1})[{site.say(layer.index)}]")


def _reduction(function: str) -> Handler:
    def handler(site: Site) -> Statement:
        layer, removed = site.layer, sorted(site.layer.removed_indices(site.shape))
        keep = ", keepdims=True" if layer.keepdims else ""
        return Statement(do=f"{{ops}}.{function}({{x0}}, axis={_listed_axes(removed)}{keep})")

    return handler


def _reduce(site: Site) -> Statement:
    layer, removed = site.layer, sorted(site.layer.removed_indices(site.shape))
    word, keep = layer.function.lower(), ", keepdims=True" if layer.keepdims else ""
    if word in ("argmax", "argmin"):
        if len(removed) != 1:
            raise Cannot("Keras has it along one size; flatten the sizes before")
        return Statement(do=f"{{ops}}.{word}({{x0}}, axis={removed[0] + 1}{keep})")
    if word == "logsumexp":
        return Statement(do=f"{{ops}}.logsumexp({{x0}}, axis={_listed_axes(removed)}{keep})")
    if word in ("l1", "l2") and len(removed) == 1:
        return Statement(do=f"{{ops}}.norm({{x0}}, ord={word[1]}, axis={removed[0] + 1}{keep})")
    raise Cannot("symnet does not know how this function is written there")


#: The function that makes the statement of each kind of layer.
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
    "Reduce": _reduce,
}
