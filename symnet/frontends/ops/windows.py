"""Windows of tensors: padding and cropping, windows as a dimension, and image layers on tensors whose batch is merged
with other sizes (frames of a video, two images in one batch).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symnet.frontends.flow import ONE, Flow, Site, tidy
from symnet.frontends.ops.arranging import in_sizes, permuted, reshaped, whole
from symnet.frontends.ops.products import divided, shown
from symnet.frontends.ops.selecting import ZERO, sliced
from symnet.layers.declaration.base import product
from symnet.layers.declaration.shape import CHANNELS_FIRST
from symnet.layers.kinds.arrays import Parameter
from symnet.layers.kinds.joins import Concat
from symnet.layers.kinds.reshaping import Permute, Repeat, Squeeze
from symnet.layers.kinds.slicing import Slice
from symnet.layers.kinds.spatial import Cropping, PixelShuffle, PixelUnshuffle, ZeroPad
from symnet.terms.propositions import Le
from symnet.terms.term import Term, integer

#: A nonnegative amount, and whether it is added or cropped.
Signed = tuple[Term, bool]

__all__ = ["columns", "every_axis", "image", "padded", "shuffled", "unshuffled", "windows"]


def image(site: Site, x: Flow, axes: int | None, name: str = "") -> tuple[Flow, int]:
    """The tensor (batch, C, axes…) in the form in which image layers read it, channels first, and the number of sizes
    merged with the batch that are then between channels and axes; layers do nothing along those. ``axes`` is the
    required number of axes.
    """
    rank = x.ndim - 2 if axes is None else axes
    batched = x.ndim == rank + 2
    if rank < 0 or x.ndim not in (rank + 1, rank + 2) or x.batch not in ((0, None) if batched else (None,)):
        wanted = "" if axes is None else f" with {axes} of the axes"
        raise site.refusal(
            f"reads (batch, channels, …){wanted}, and gets ({', '.join(shown([size]) for size in x.sizes)})"
        )
    x = x if x.places == (1, 0, *range(2, x.ndim)) else whole(site, x, name)
    first = 0 if not batched or x.places[0] is None else 1
    tensor, places = x.tensor, list(x.places)
    if first and places[0] == 0:  # (M, C, axes…) with M merged with the batch
        order = (2, 1, *range(3, len(tensor.shape.dims) + 1))
        tensor = site.layer(Permute(order, layout=CHANNELS_FIRST), tensor, name=f"{name}.frames".strip("."))
        places[:2] = [1, 0]
    elif tensor.shape.layout != CHANNELS_FIRST and len(tensor.shape.dims) > 1:
        order = tuple(range(1, len(tensor.shape.dims) + 1))
        tensor = site.layer(Permute(order, layout=CHANNELS_FIRST), tensor, name="channels_first")
    return Flow(tensor, tuple(places), x.batch), first


def padded(site: Site, x: Flow, pairs: Mapping[int, tuple[Term, Term]], mode: str = "zeros", name: str = "pad") -> Flow:
    """Pads (before, after) each of these dimensions; negative amounts crop."""
    wanted = {dim: pair for dim, pair in pairs.items() if any(amount.constant != 0 for amount in pair)}
    if not wanted:
        return x
    if x.batch in wanted:
        raise site.refusal(f"pads the batch by {' and '.join(shown([amount]) for amount in wanted[x.batch or 0])}")
    x = whole(site, x, name)
    places = x.tensor.shape.axis_indices
    axes = [dim for place in places for dim in range(x.ndim) if x.places[dim] == place] if len(places) <= 3 else []
    for dim in [dim for dim in wanted if dim not in axes]:
        x = _by_joining(site, x, dim, wanted.pop(dim), mode, name)
    if not wanted:
        return x
    pairs_of_axes = [wanted.get(dim, (ZERO, ZERO)) for dim in axes]
    given = [(_signed(site, before), _signed(site, after)) for before, after in pairs_of_axes]
    grown = [tuple(_part(amount, 1) for amount in pair) for pair in given]
    cut = [tuple(_part(amount, -1) for amount in pair) for pair in given]
    if any(amount.constant != 0 for pair in grown for amount in pair):
        x = x.on(site.layer(ZeroPad(grown, mode=mode), x.tensor, name=name))
    if any(amount.constant != 0 for pair in cut for amount in pair):
        x = x.on(site.layer(Cropping(cut), x.tensor, name="crop"))
    return x


def _signed(site: Site, amount: Term) -> Signed:
    """An amount, and whether it is added or cropped. For letters the site decides; if that is open, it is added."""
    added = amount.constant >= 0 if amount.constant is not None else site.decide(Le(ZERO, amount))
    return (tidy(-amount), False) if added is False else (amount, True)


def _part(amount: Signed, sign: int) -> Term:
    """The amount if its sign is ``sign``, else 0."""
    size, added = amount
    return size if added is (sign > 0) else ZERO


def _by_joining(site: Site, x: Flow, dim: int, pair: tuple[Term, Term], mode: str, name: str) -> Flow:
    """Pads or crops a dimension that is not an axis, such as channels, by concatenation and slicing."""
    signed = [_signed(site, amount) for amount in pair]
    before, after = (_part(amount, -1) for amount in signed)
    if before.constant != 0 or after.constant != 0:
        end = None if after.constant == 0 else tidy(-after)
        x = sliced(site, x, dim, before, end, name="crop")
    amounts = [_part(amount, 1) for amount in signed]
    if all(amount.constant == 0 for amount in amounts):
        return x
    if mode != "zeros" or any(
        amount.constant is None for amount in amounts
    ):  # an amount may be 0, and no tensor has that size
        return _by_moving(site, x, dim, amounts, mode, name)
    index, dims, layout = x.axis(dim) - 1, x.dims, x.tensor.shape.layout
    tensors = [x.tensor]
    for at, amount in enumerate(amounts):
        if amount.constant != 0:
            zeros = Parameter((*dims[:index], amount, *dims[index + 1 :]), fixed=True, layout=layout)
            tensors.insert(len(tensors) if at else 0, site.layer(zeros, name="zeros"))
    return x.on(site.layer(Concat(axis=index + 1), *tensors, name=name))


def _by_moving(site: Site, x: Flow, dim: int, amounts: Sequence[Term], mode: str, name: str) -> Flow:
    """Pads a dimension that is not an axis by making it one: it changes places with the last one, or gets one beside it."""
    count, place, layout = len(x.dims), x.axis(dim), x.tensor.shape.layout
    if count > 4:
        raise site.refusal(
            f"pads dimension {dim} of {count}, which is no axis, by {' and '.join(shown([one]) for one in amounts)}"
        )
    pair = (amounts[0], amounts[1])
    if count == 1:
        row = site.layer(
            ZeroPad((pair,), mode=mode), in_sizes(site, x.tensor, [ONE, x.dims[0]], f"{name}.sizes"), name=name
        )
        return x.on(site.layer(Squeeze((1,)), row, name=f"{name}.squeeze"))
    order = list(range(1, count + 1))
    order[place - 1], order[-1] = order[-1], order[place - 1]
    moved = site.layer(Permute(tuple(order), layout=CHANNELS_FIRST), x.tensor, name=f"{name}.order")
    grown = site.layer(ZeroPad((*((ZERO, ZERO),) * (count - 2), pair), mode=mode), moved, name=name)
    return x.on(site.layer(Permute(tuple(order), layout=layout), grown, name=f"{name}.back"))


def windows(
    site: Site, x: Flow, dim: int, extent: Term, step: Term, entries: Term | None = None, name: str = "unfold"
) -> Flow:
    """The windows of ``extent`` entries every ``step`` entries along a dimension: their number, with the entries of
    each as a new last dimension; ``entries`` is the number of taps of a dilated window.
    """
    if dim == x.batch:
        raise site.refusal("takes windows along the batch")
    x = whole(site, x, name)
    site.suppose(Le(extent, x.share(dim)))
    stop = None if extent.constant == 1 else tidy(1 - extent)
    x = x.on(site.layer(Slice(x.axis(dim), ZERO, stop, step=step), x.tensor, name=name))
    x = reshaped(site, x, [*x.sizes, ONE], f"{name}.sizes")
    count = extent if entries is None else entries
    return x.on(site.layer(Repeat(count, axis=x.axis(x.ndim - 1)), x.tensor, name=f"{name}.entries"))


def every_axis(amounts: Sequence[Any], more: int, nothing: Any) -> tuple[Any, ...]:
    """One amount per axis, collapsed if all are equal; ``nothing`` along the ``more`` sizes merged with the batch.

    >>> every_axis((3, 3), 0, 1), every_axis((3, 3), 1, 1)
    ((3,), (1, 3, 3))
    """
    found = (*(nothing,) * more, *amounts)
    return found[:1] if len(set(found)) == 1 else found


def shuffled(site: Site, x: Flow, factor: int, name: str = "shuffle") -> Flow:
    """Channels rearranged into blocks of ``factor`` by ``factor`` entries."""
    x, more = image(site, x, 2, name)
    if not more:
        return x.on(site.layer(PixelShuffle(factor), x.tensor, name=name))
    first, channels, height, width = x.sizes
    share = divided(site, channels, integer(factor * factor))[0]
    x = reshaped(site, x, [first, share, integer(factor), integer(factor), height, width], name)
    x = permuted(site, x, (0, 1, 4, 2, 5, 3), name)
    return reshaped(site, x, [first, share, height * factor, width * factor], name)


def unshuffled(site: Site, x: Flow, factor: int, name: str = "unshuffle") -> Flow:
    """Blocks of ``factor`` by ``factor`` entries rearranged into channels."""
    x, more = image(site, x, 2, name)
    if not more:
        return x.on(site.layer(PixelUnshuffle(factor), x.tensor, name=name))
    first, channels, height, width = x.sizes
    high, wide = (divided(site, size, integer(factor))[0] for size in (height, width))
    x = reshaped(site, x, [first, channels, high, integer(factor), wide, integer(factor)], name)
    x = permuted(site, x, (0, 1, 3, 5, 2, 4), name)
    return reshaped(site, x, [first, channels * (factor * factor), high, wide], name)


def columns(
    site: Site, x: Flow, kernel: Sequence[Term], stride: Sequence[Term], padding: Sequence[Term], dilation: Sequence[Term],
    name: str = "unfold",
) -> Flow:  # fmt: skip
    """Every window of images (batch, C, H, W) as a column: (batch, C·F·F, number of windows)."""
    axes = x.ndim - 2
    x = padded(site, x, {2 + axis: (amount, amount) for axis, amount in enumerate(padding)}, name=f"{name}.pad")
    for axis in range(axes):
        extent = tidy(dilation[axis] * (kernel[axis] - 1) + 1)
        x = windows(site, x, 2 + axis, extent, stride[axis], kernel[axis], name)
    order = (0, 1, *range(2 + axes, 2 + 2 * axes), *range(2, 2 + axes))
    x = permuted(site, x, order, f"{name}.order")
    rows, count = tidy(product(*x.sizes[1 : 2 + axes])), tidy(product(*x.sizes[2 + axes :]))
    return reshaped(site, x, [x.sizes[0], rows, count], f"{name}.columns")
