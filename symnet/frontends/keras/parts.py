"""keras.ops that take parts of a tensor, put entries around it, repeat it, or move its dimensions: rows that call the one algebra."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symnet.errors import LayerError
from symnet.frontends.building import Tensor
from symnet.frontends.flow import BATCH, Flow
from symnet.frontends.keras.call_site import Handler, Result, Site, Unknown
from symnet.frontends.keras.features import activated
from symnet.frontends.keras.values import Constant
from symnet.frontends.ops.arranging import dimension, flattened, permuted, reshaped, unsqueezed
from symnet.frontends.ops.joining import along, concatenated, expanded, joined
from symnet.frontends.ops.reducing import reduced
from symnet.frontends.ops.selecting import chosen, parts, sliced, taken
from symnet.frontends.ops.windows import padded
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.guards import Require
from symnet.layers.kinds.merges import Combine
from symnet.layers.kinds.reductions import Reduce
from symnet.terms.propositions import Le
from symnet.terms.term import integer

__all__ = ["PARTS"]


def _item(site: Site) -> Tensor:
    """``x[:, 1:-1, 0, None]``."""
    x, key = site.flow(), site.argument(1, "key")
    keys = list(key) if isinstance(key, list) else [key]
    if Ellipsis in keys:
        at, named = keys.index(Ellipsis), sum(one is not None and one is not Ellipsis for one in keys)
        keys[at : at + 1] = [slice(None)] * (x.ndim - named)
    before, dim = x, 0
    for one in keys:
        if one is None:
            x = unsqueezed(site, x, dim, site.word)
        elif isinstance(one, int) and not isinstance(one, bool):
            x = chosen(site, x, dim, integer(one), site.word)
            continue
        else:
            x = _sliced(site, x, dim, one)
        dim += 1
    return activated(site, "identity", to=site.tensor) if x is before else site.given(x)


def _sliced(site: Site, x: Flow, dim: int, part: Any) -> Flow:
    ends = (part.start, part.stop, part.step) if isinstance(part, slice) else (part,)
    if not isinstance(part, slice) or any(not isinstance(end, int | None) for end in ends):
        raise Unknown("takes entries by a tensor")
    if ends == (None, None, -1):  # from the end to the start: as many
        return x
    if part.step is not None and part.step < 1:
        raise Unknown(f"takes entries with a step of {part.step}")
    start, stop = integer(part.start or 0), None if part.stop is None else integer(part.stop)
    return sliced(site, x, dim, start, stop, integer(part.step or 1), site.word)


def _split(site: Site) -> Result:
    """Equal parts, or those between given ends."""
    given = site.argument(1, "indices_or_sections")
    x, dim = _along(site, 2, 0)
    if dim == x.batch:
        raise Unknown("takes the batch apart")
    ends = None if isinstance(given, int) else (0, *site.config.integers(given, "indices_or_sections"))
    if max(site.used, default=0) >= (given if ends is None else len(ends)):
        raise site.refused("has no such part")
    if ends is None:
        return _used(site, given, lambda number: parts(site, x, dim, given, site.word, [number])[0])
    stops = [*map(integer, ends[1:]), None]
    return _used(
        site, len(ends), lambda number: sliced(site, x, dim, integer(ends[number]), stops[number], name=site.word)
    )


def _used(site: Site, count: int, part: Callable[[int], Flow]) -> list[Tensor]:
    """The parts that something reads; in the place of the others the whole."""
    return [site.given(part(number)) if number in site.used else site.tensor for number in range(count)]


def _along(site: Site, position: int, otherwise: int | None = None) -> tuple[Flow, int]:
    """The tensor, and the dimension that ``axis`` says."""
    axis = site.argument(position, "axis", otherwise)
    if not isinstance(axis, int):
        raise Unknown("works on all axes, the batch, too")
    x = site.flow()
    return x, dimension(site, x, axis)


def _unstack(site: Site) -> Result:
    x, dim = _along(site, 2, 0)
    count = x.sizes[dim].constant
    if count is None:
        raise Unknown("takes apart entries of an open number")
    return _used(site, count, lambda number: chosen(site, x, dim, integer(number), site.word))


def _pad(site: Site) -> Tensor:
    x, written = site.flow(), site.argument(1, "pad_width")
    if isinstance(written, int):
        written = [[written, written]]
    pairs = [
        site.config.integers(pair, "pad_width") for pair in (written if isinstance(written[0], list) else [written])
    ]
    pairs = pairs * x.ndim if len(pairs) == 1 else pairs
    modes = {"constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}
    mode = site.config.word("mode", "constant")
    if mode not in modes or len(pairs) != x.ndim or any(len(pair) != 2 or min(pair) < 0 for pair in pairs):
        raise Unknown(f"pads with mode {mode!r}")
    amounts = {dim: (integer(before), integer(after)) for dim, (before, after) in enumerate(pairs)}
    made = padded(site, x, amounts, modes[mode], site.word)
    return activated(site, "identity", to=site.tensor) if made is x else site.given(made)


def _take(site: Site) -> Tensor:
    """Entries of a dimension by numbers that are written down."""
    x, dim = _along(site, 2)
    index = site.argument(1, "indices")
    size = x.sizes[dim].constant
    if isinstance(index, int):
        return site.given(chosen(site, x, dim, integer(index), site.word))
    listed = index if isinstance(index, list) and all(isinstance(one, int) for one in index) else None
    if listed and size is not None and not -size <= min(listed) <= max(listed) < size:
        raise site.refused(f"takes entries {', '.join(map(str, listed))} of {size}")
    if listed is None and not isinstance(index, Constant):
        raise Unknown("takes entries by a tensor")
    if listed and size is None:
        asked = Require.of(Le(integer(max(max(listed) + 1, -min(listed))), x.sizes[dim]), site.path)
        x = x.on(site.layer(asked, x.tensor, name=f"{site.word}.entries"))
    sizes = [len(listed)] if listed is not None else index.shape
    return site.given(taken(site, x, dim, [integer(one) for one in sizes], site.word))


def _repeat(site: Site) -> Tensor:
    x, dim = _along(site, 2)
    return site.given(along(site, x, dim, integer(site.config.number("repeats")), site.word))


def _broadcast(site: Site) -> Tensor:
    x, sizes = site.flow(), site.argument(1, "shape")
    wanted = [BATCH if size is None else integer(size) for size in sizes]
    return site.given(expanded(site, x, wanted, site.word))


def _moved(site: Site) -> Tensor:
    x = site.flow()
    sources, targets = (
        [dimension(site, x, axis) for axis in site.config.integers(site.argument(place, name), name)]
        for place, name in ((1, "source"), (2, "destination"))
    )
    order = [dim for dim in range(x.ndim) if dim not in sources]
    for target, source in sorted(zip(targets, sources, strict=True)):
        order.insert(target, source)
    return site.given(permuted(site, x, order, site.word))


def _kept(site: Site) -> Tensor:
    """As many entries along every dimension as before: sorted, summed up, in another order."""
    return activated(site, site.word, to=site.tensor)


def _place(site: Site) -> Tensor:
    """``argmax``: the number of an entry along a dimension."""
    x, dim = _along(site, 1)
    keep = bool(site.config.get("keepdims", False))

    def layer(numbers: tuple[int, ...], keepdims: bool) -> Layer:
        return Reduce(numbers, keepdims=keepdims, function=site.word)

    return site.given(reduced(site, layer, x, [dim], keep, site.word))


def _chosen(site: Site) -> Tensor:
    """``where``: tensors that stretch to each other, and numbers."""
    flows = [site.flow(tensor) for tensor in site.joined]
    others = [value for value in (*site.args, *site.kwargs.values()) if isinstance(value, Constant) and value.shape]
    if others:
        raise Unknown("combines a tensor with what may stretch it")
    return site.given(joined(site, Combine(function="where"), flows, site.word)) if len(flows) > 1 else _kept(site)


def _beside(axis: int) -> Handler:
    """``hstack`` and ``vstack`` of tensors of two dimensions and more."""

    def handler(site: Site) -> Tensor:
        return site.given(concatenated(site, [site.flow(tensor) for tensor in site.joined], axis, site.word))

    return handler


def _merged(site: Site) -> Tensor:
    x = site.flow()
    return site.given(flattened(site, x, 0, x.ndim - 1, site.word))


def _in_sizes(site: Site) -> Tensor:
    """``reshape``: the batch may be written as an open size."""
    sizes: Sequence[Any] = site.argument(1, "newshape")
    sizes = sizes if isinstance(sizes, list) else [sizes]
    if any(size is not None and not isinstance(size, int) for size in sizes):
        raise LayerError("is given sizes that are no integers")
    open_ = [BATCH if size is None else None if size == -1 else integer(size) for size in sizes]
    return site.given(reshaped(site, site.flow(), open_, site.word))


#: By the class of the operation.
PARTS: dict[str, Handler] = {
    "GetItem": _item,
    "Split": _split,
    "Unstack": _unstack,
    "Pad": _pad,
    "Take": _take,
    "Repeat": _repeat,
    "BroadcastTo": _broadcast,
    "Moveaxis": _moved,
    **dict.fromkeys(("Flip", "Roll", "Sort", "Argsort", "Cumsum", "Cumprod", "Tril", "Triu"), _kept),
    **dict.fromkeys(("Argmax", "Argmin"), _place),
    "Where": _chosen,
    "Hstack": _beside(1),
    "Vstack": _beside(0),
    "Ravel": _merged,
    "Reshape": _in_sizes,
}
