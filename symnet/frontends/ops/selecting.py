"""Selecting parts of a tensor: slices, single entries, parts of equal or given lengths, entries by index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from symnet.frontends.building import Tensor
from symnet.frontends.flow import BATCH, ONE, Flow, Site, batch_share, tidy
from symnet.frontends.ops.arranging import in_sizes, ordered, reshaped, squeezed, unsqueezed, whole
from symnet.frontends.ops.joining import joined
from symnet.frontends.ops.products import shown
from symnet.frontends.ops.reducing import reduced
from symnet.layers.declaration.axes import quotient
from symnet.layers.declaration.base import product
from symnet.layers.kinds.merges import Combine
from symnet.layers.kinds.reductions import Reduce
from symnet.layers.kinds.slicing import Slice, Split, Take
from symnet.terms.bounds import never_above
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import CeilDiv, Max, Min, Term, integer, symbols_of

__all__ = [
    "balanced",
    "chosen",
    "chunks",
    "cut",
    "gathered",
    "looked_up",
    "parts",
    "pieces",
    "sampled",
    "sliced",
    "taken",
    "taken_for_each",
]

ZERO = integer(0)


def sliced(
    site: Site, x: Flow, dim: int, start: Term = ZERO, stop: Term | None = None, step: Term = ONE, name: str = "slice"
) -> Flow:
    """The entries start, start + step, … before ``stop`` of a dimension, as in Python. Along the batch only multiples
    of it can be selected: of N·a entries those from N·b to N·c.
    """
    size = x.sizes[dim]
    if stop is not None and ((stop.constant or 0) >= 1 << 31 or _at_least(stop, size)):
        stop = None
    if start.constant == 0 and stop is None and step.constant == 1:
        return x
    if dim == x.batch:
        ends = [ZERO if end.constant == 0 else batch_share(end) for end in (start, *([] if stop is None else [stop]))]
        if x.batch_alone or step.constant != 1 or any(end is None for end in ends):
            raise site.refusal(
                f"takes a part of the batch: from {shown([start])} to {'the end' if stop is None else shown([stop])} of {shown([size])}"
            )
        start, stop = ends[0] or ZERO, None if stop is None else ends[1]
        size = x.share(dim)
    elif BATCH in symbols_of(start, step, *(() if stop is None else (stop,))):
        raise site.refusal(f"takes as many of {shown([size])} entries as there are examples in the batch")
    start = _from_start(site, start, size)
    stop = None if stop is None else _from_start(site, stop, size)
    if start.constant == 0 and stop is None and step.constant == 1:
        return x
    if stop is not None and stop.constant is None:  # as in Python: an end beyond the size means the size
        inside = never_above(stop, size) or site.decide(Le(stop, size))
        stop = stop if inside else None if inside is False else Min(stop, size)
    x = whole(site, x, name) if x.places[dim] is None else x
    return x.on(site.layer(Slice(x.axis(dim), start, stop, step=step), x.tensor, name=name))


def _from_start(site: Site, end: Term, size: Term) -> Term:
    """A negative symbolic end, counted from the start: −T becomes the size less T, or 0."""
    if (
        end.constant is not None
        or (end.least is not None and end.least >= 0)
        or site.decide(Le(ZERO, end)) is not False
    ):
        return end
    found = tidy(size + end)
    if found.constant is not None:
        return integer(max(found.constant, 0))
    inside = site.decide(Le(ZERO, found))
    return found if inside else ZERO if inside is False else Max(found, ZERO)


def _at_least(stop: Term, size: Term) -> bool:
    """Whether a stop is evidently at or beyond the end."""
    if stop is size or tidy(stop) is tidy(size):
        return True
    return never_above(size, stop)


def chosen(site: Site, x: Flow, dim: int, number: Term, name: str = "select") -> Flow:
    """A single entry of a dimension, which disappears."""
    if dim == x.batch:
        raise site.refusal("takes one example out of the batch")
    if BATCH in symbols_of(number):
        raise site.refusal(
            f"takes entry {shown([number])} of {shown([x.sizes[dim]])}, which the size of the batch says"
        )
    if x.sizes[dim].constant != 1:
        x = whole(site, x, name) if x.places[dim] is None else x
        end = None if number.constant == -1 else tidy(number + 1)
        x = x.on(site.layer(Slice(x.axis(dim), number, end), x.tensor, name=name))
    return squeezed(site, x, [dim], f"{name}.squeeze", required=True)


def parts(
    site: Site, x: Flow, dim: int, count: int, name: str = "chunk", wanted: Iterable[int] | None = None
) -> tuple[Flow, ...]:
    """``count`` equal parts of a dimension, or those with the numbers ``wanted``; N·a entries give parts of N·(a/count)."""
    x = whole(site, x, name) if x.places[dim] is None else x
    return tuple(
        x.on(site.layer(Split(count, index=index, axis=x.axis(dim)), x.tensor, name=name))
        for index in (range(count) if wanted is None else wanted)
    )


def chunks(site: Site, x: Flow, dim: int, count: int, name: str = "chunk") -> tuple[Flow, ...]:
    """At most ``count`` parts of a dimension, all with ⌈size/count⌉ entries but the last."""
    size = x.share(dim)
    if dim == x.batch and (x.batch_alone or not quotient(size, integer(count))[1]):
        raise site.refusal(f"takes the batch apart: {shown([x.sizes[dim]])} examples in {count} parts")
    if quotient(size, integer(count))[1]:
        return parts(site, x, dim, count, name) if count > 1 else (x,)
    if size.constant is not None:
        return pieces(site, x, dim, integer(-(-size.constant // count)), name)
    return pieces(site, x, dim, CeilDiv(size, integer(count)), name)


def pieces(site: Site, x: Flow, dim: int, length: Term, name: str = "split") -> tuple[Flow, ...]:
    """Parts of ``length`` entries, the last one with the rest. Their number must be a constant: for symbolic sizes a
    hypothesis.
    """
    size, batched = x.share(dim), dim == x.batch
    if batched:
        share = batch_share(length)
        if share is None or not quotient(size, share)[1]:
            raise site.refusal(f"takes the batch apart: {shown([x.sizes[dim]])} examples in parts of {shown([length])}")
        length = share
    total = tidy(CeilDiv(size, length))
    count = total.constant if total.constant is not None else site.usual(total)
    if count is None:
        raise site.refusal(
            f"takes {shown([size])} entries apart in parts of {shown([length])}, which are {shown([total])} parts"
        )
    if total.constant is None and not site.decide(Eq(total, integer(count))):
        raise site.refusal(f"takes {shown([size])} entries apart in parts of {shown([length])}")
    if count > 1 and quotient(size, length)[1]:
        return parts(site, x, dim, count, "chunk")
    lengths = [length] * (count - 1)
    rest = tidy(size - length * (count - 1))
    return cut(site, x, dim, [*lengths, rest], name)


def balanced(site: Site, x: Flow, dim: int, count: int, name: str = "split") -> tuple[Flow, ...]:
    """``count`` parts of a dimension whose lengths differ by at most 1, the longer ones first: ⌈(size − i)/count⌉ for
    part i.
    """
    size = x.share(dim)
    if quotient(size, integer(count))[1] or dim == x.batch:
        return chunks(site, x, dim, count, name)
    lengths = [tidy(CeilDiv(size - index, integer(count))) for index in range(count)]
    return cut(site, x, dim, lengths, name)


def cut(site: Site, x: Flow, dim: int, lengths: Sequence[Term], name: str = "split") -> tuple[Flow, ...]:
    """Parts with these lengths, which must add up to the size."""
    if len(lengths) == 1:
        return (x,)
    found: list[Flow] = []
    start: Term = ZERO
    for number, length in enumerate(lengths):
        end = None if number + 1 == len(lengths) else tidy(start + length)
        found.append(sliced(site, x, dim, start, end))
        start = tidy(start + length)
    return tuple(found)


def taken(site: Site, x: Flow, dim: int, sizes: Sequence[Term], name: str = "take") -> Flow:
    """Entries of a dimension by index; the indices are an array with these ``sizes``, the same for the whole batch."""
    if dim == x.batch:
        raise site.refusal("takes entries out of the batch by their numbers")
    x = whole(site, x, name) if x.places[dim] is None else x
    made = x.on(site.layer(Take(tidy(product(*sizes)), x.axis(dim)), x.tensor, name=name))
    if len(sizes) == 1:
        return made
    return reshaped(site, made, [*x.sizes[:dim], *sizes, *x.sizes[dim + 1 :]], f"{name}.sizes")


def looked_up(site: Site, index: Flow, table: Callable[[Tensor], Tensor], features: Term, name: str = "row") -> Flow:
    """Rows of a table for the indices in a tensor: ``features`` become a new last dimension. ``table`` places the
    layer that looks up a vector of indices.
    """
    index = ordered(site, index, name)
    row = index.tensor if len(index.dims) == 1 else in_sizes(site, index.tensor, [tidy(product(*index.dims))], name)
    made = table(row)
    if len(index.dims) != 1:
        made = in_sizes(site, made, [*index.dims, features], f"{name}.sizes")
    return Flow(made, (*index.places, len(index.dims)), index.batch)


def taken_for_each(site: Site, x: Flow, dim: int, index: Flow, name: str = "take") -> Flow:
    """Entries of a dimension by the indices in ``index``, which differ for each example. ``x`` is the same for all
    examples, or holds the entries of all examples one after another.
    """
    if x.batch is not None and x.batch != dim:
        raise site.refusal("takes other entries for each example of the batch")
    before, after = x.sizes[:dim], x.sizes[dim + 1 :]
    shares = [index.share(place) for place in range(index.ndim)]
    if x.batch is not None:  # the share of one example
        x = whole(site, x, name) if x.places[dim] is not None else _beside_batch(site, x, dim, name)
        x = Flow(x.tensor, x.places, None)
    some = taken(site, x, dim, [tidy(product(*shares))], name)
    some = whole(site, reshaped(site, some, [*before, *shares, *after], f"{name}.sizes"), name)
    for place in range(dim):
        index = unsqueezed(site, index, place, f"{name}.index")
    for _ in after:
        index = unsqueezed(site, index, index.ndim, f"{name}.index")
    some = Flow(some.tensor, some.places, dim + index.batch) if index.batch is not None else some
    return joined(site, Combine(function="gather"), [some, index], name)


def _beside_batch(site: Site, x: Flow, dim: int, name: str) -> Flow:
    """The tensor with a size 1 in the network where the batch is alone."""
    return whole(site, unsqueezed(site, Flow(x.tensor, (*x.places[:dim], *x.places[dim + 1 :]), None), dim, name), name)


def sampled(site: Site, x: Flow, points: Flow, name: str = "grid_sample") -> Flow:
    """Values of images (batch, C, H, W) at the points (batch, U, V, 2) of each example: (batch, C, U, V); likewise
    with three axes.
    """
    axes = x.ndim - 2
    if points.ndim != x.ndim or axes < 1:
        raise site.refusal(f"{name}: points of sizes {shown(points.sizes)} in images of sizes {shown(x.sizes)}")
    site.suppose(Eq(points.sizes[-1], integer(axes)))
    wanted = points.sizes[1:-1]
    rows = reshaped(site, x, [*x.sizes[:2], tidy(product(*x.sizes[2:]))], f"{name}.sizes")
    some = taken(site, rows, 2, [tidy(product(*wanted))], name)
    some = reshaped(site, some, [*some.sizes[:2], *wanted], f"{name}.sizes")
    where = reduced(
        site,
        lambda axis, keep: Reduce(axis, keepdims=keep, function="coordinates"),
        points,
        [points.ndim - 1],
        False,
        name,
    )
    return joined(site, Combine(function="grid_sample"), [some, unsqueezed(site, where, 1)], name)


def gathered(site: Site, x: Flow, dim: int, index: Flow, name: str = "gather") -> Flow:
    """For each entry of ``index`` the entry of ``x`` with this index along ``dim``; the result has the sizes of
    ``index``.
    """
    if index.ndim != x.ndim or dim in (x.batch, index.batch) or {x.batch, index.batch} - {None, x.batch}:
        raise site.refusal(f"{name}: numbers of sizes {shown(index.sizes)} along dimension {dim} of {shown(x.sizes)}")
    for place in range(x.ndim):
        if place not in (dim, x.batch) and x.sizes[place] is not index.sizes[place]:
            site.suppose(Le(index.sizes[place], x.sizes[place]))
            x = sliced(site, x, place, ZERO, index.sizes[place], name=name)
    x, index = whole(site, x, name), whole(site, index, name)
    some = x.on(site.layer(Take(index.share(dim), x.axis(dim)), x.tensor, name=name))
    if index.batch != x.batch or index.places != x.places:
        return some
    return some.on(site.layer(Combine(function="gather"), some.tensor, index.tensor, name=name))
