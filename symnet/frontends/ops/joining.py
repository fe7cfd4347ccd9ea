"""Combining several tensors: elementwise with broadcasting, or by concatenation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symnet.frontends.building import Tensor
from symnet.frontends.flow import BATCH, ONE, Flow, Site, batch_share
from symnet.frontends.ops.arranging import in_sizes, ordered, unsqueezed, whole
from symnet.frontends.ops.products import shown
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.joins import Concat
from symnet.layers.kinds.reshaping import Repeat
from symnet.terms.propositions import Eq
from symnet.terms.term import Term, symbols_of

__all__ = ["along", "concatenated", "expanded", "joined", "listed", "meet", "repeated", "stacked", "stretched"]


def joined(site: Site, layer: Layer, flows: Sequence[Flow], name: str) -> Flow:
    """Tensors combined elementwise by ``layer``; dimensions are aligned at the last one, and a size 1 is broadcast."""
    tensors, result = stretched(site, flows, name)
    return result.on(site.layer(layer, *tensors, name=name))


def stretched(site: Site, flows: Sequence[Flow], name: str) -> tuple[list[Tensor], Flow]:
    """The tensors with the same dimensions in the network, in the same order, and the flow of their join. Sizes that
    differ and are not 1 must be equal: a hypothesis, which excludes sizes for which one of them becomes 1 and would be
    broadcast.
    """
    rank = max(flow.ndim for flow in flows)
    batches = {flow.batch + rank - flow.ndim for flow in flows if flow.batch is not None}
    if len(batches) > 1:
        raise site.refusal(
            f"{name}: {listed(flows)}: the examples of the batch meet each other, batch × batch, which symnet does not follow"
        )
    batch = next(iter(batches), None)
    for dim in range(rank):
        meet(site, _at(flows, dim - rank), flows, name, range(-rank, 0))
    shown_batch = not all(flow.batch_alone for flow in flows if flow.batch is not None)
    dims = [dim for dim in range(rank) if dim != batch or shown_batch]
    tensors = [_with_dims(site, flow, [dim - rank + flow.ndim for dim in dims], name) for flow in flows]
    place_of = {dim: place for place, dim in enumerate(dims)}
    result = Flow(tensors[0], tuple(place_of.get(dim) for dim in range(rank)), batch)
    return tensors, result


def _at(flows: Sequence[Flow], dim: int) -> list[Term]:
    """The sizes of one dimension, counted from the last one, which is −1."""
    return [flow.sizes[dim] for flow in flows if flow.ndim >= -dim]


def meet(site: Site, sizes: Sequence[Term], flows: Sequence[Flow], name: str, dims: Iterable[int] = ()) -> None:
    """Requires the sizes of one dimension that are not 1 to be equal, including the batch; a hypothesis if they may
    differ. The refusal shows the sizes of the dimensions ``dims``, counted from the last one, or only these sizes.
    """
    rest = [size for size in dict.fromkeys(sizes) if size.constant != 1]
    if any(BATCH in symbols_of(size) for size in rest):
        shares = [batch_share(size) for size in rest]
        if None in shares:
            raise site.refusal(f"{name}: {listed(flows)}: where one has the batch another has a size of its own")
        rest = [share for share in dict.fromkeys(shares) if share is not None]
    for other in rest[1:]:
        asked = Eq(rest[0], other)
        if symbols_of(asked):
            site.suppose(asked)
        elif rest[0].constant != other.constant:
            raise site.refusal(f"{name}: {listed(flows)}: {_differing(sizes, flows, dims)} are not the same size")


def _differing(sizes: Sequence[Term], flows: Sequence[Flow], dims: Iterable[int]) -> str:
    """The numbers of the dimensions in which the tensors differ: ``9 and 7, 11 and 8``."""
    found: dict[str, None] = {}
    for there in (*(_at(flows, dim) for dim in dims), sizes):
        numbers = dict.fromkeys(size.constant for size in there if size.constant not in (None, 1))
        if len(numbers) > 1:
            found[" and ".join(map(str, numbers))] = None
    return ", ".join(found)


def listed(flows: Sequence[Flow]) -> str:
    """The sizes of several tensors in messages: (batch, 3, H) and (3, 1)."""
    return " and ".join(f"({', '.join(shown([size]) for size in flow.sizes)})" for flow in flows)


def _with_dims(site: Site, x: Flow, dims: Sequence[int], name: str) -> Tensor:
    """The network's tensor with a size for each of these dimensions; negative ones are new dimensions of size 1."""
    x = ordered(site, x, name)
    sizes = [ONE if dim < 0 else x.share(dim) for dim in dims]
    return in_sizes(site, x.tensor, sizes, f"{name}.sizes")


def concatenated(site: Site, flows: Sequence[Flow], dim: int, name: str = "cat") -> Flow:
    """Tensors concatenated along a dimension, which may be the batch's; all other sizes must be equal."""
    first = flows[0]
    if any(flow.ndim != first.ndim for flow in flows):
        raise site.refusal(f"{name}: {listed(flows)}: not as many dimensions")
    for place in range(first.ndim):
        if place != dim:
            sizes = [flow.sizes[place] for flow in flows]
            if any(size.constant == 1 for size in sizes) and len(set(sizes)) > 1:
                raise site.refusal(f"{name}: {listed(flows)}: a size 1 does not stretch where tensors are put together")
            meet(site, sizes, flows, name, [other - first.ndim for other in range(first.ndim) if other != dim])
    batches = {flow.batch for flow in flows}
    if len(batches) > 1:
        raise site.refusal(f"{name}: {listed(flows)}: only some of them have the batch")
    (batch,) = batches
    if len(flows) == 1:
        return first
    merged = batch is not None and (batch == dim or not all(flow.batch_alone for flow in flows))
    dims = [place for place in range(first.ndim) if place != batch or merged]
    tensors = [_with_dims(site, flow, dims, name) for flow in flows]
    place_of = {place: number for number, place in enumerate(dims)}
    tensor = site.layer(Concat(axis=place_of[dim] + 1), *tensors, name=name)
    return Flow(tensor, tuple(place_of.get(place) for place in range(first.ndim)), batch)


def stacked(site: Site, flows: Sequence[Flow], dim: int, name: str = "stack") -> Flow:
    """Tensors stacked along a new dimension."""
    return concatenated(site, [unsqueezed(site, flow, dim) for flow in flows], dim, name)


def expanded(site: Site, x: Flow, wanted: Sequence[Term | None], name: str = "expand") -> Flow:
    """Sizes 1 expanded to ``wanted``; ``None`` is a size that stays. New dimensions come first."""
    more = len(wanted) - x.ndim
    if more < 0 or None in list(wanted)[:more]:
        raise site.refusal(f"{name}: a tensor of {x.ndim} dimensions to {len(wanted)}")
    places: list[int | None] = [*([None] * more), *x.places]
    batch = None if x.batch is None else x.batch + more
    sizes = [*([ONE] * more), *x.sizes]
    x = Flow(x.tensor, tuple(places), batch)
    for dim, (old, new) in enumerate(zip(sizes, wanted, strict=True)):
        if new is None or new is old:
            continue
        if old.constant == 1:
            x = _grown(site, x, dim, new, name)
        elif BATCH in symbols_of(old, new) or not site.decide(Eq(old, new)):
            raise site.refusal(f"expands a size {shown([old])} to {shown([new])}; only a size 1 can be expanded")
    return x


def _grown(site: Site, x: Flow, dim: int, new: Term, name: str) -> Flow:
    """A size 1 repeated to ``new``."""
    share = new
    if BATCH in symbols_of(new):
        found = batch_share(new)
        if found is None or x.batch is not None:
            raise site.refusal(f"{name}: the batch would stand in two dimensions, or in a sum, {shown([new])}")
        share = found
        x = _dropped(site, x, dim, name) if share.constant == 1 else x
        x = Flow(x.tensor, x.places, dim)
    if share.constant == 1:
        return x
    x = whole(site, x, name) if x.places[dim] is None else x
    return x.on(site.layer(Repeat(share, axis=x.axis(dim)), x.tensor, name=name))


def _dropped(site: Site, x: Flow, dim: int, name: str) -> Flow:
    """The network's tensor without the size 1 of dimension ``dim``."""
    gone = x.places[dim]
    if gone is None:
        return x
    tensor = in_sizes(site, x.tensor, [size for place, size in enumerate(x.dims) if place != gone], f"{name}.sizes")
    places = (None if place is None or place == gone else place - (place > gone) for place in x.places)
    return Flow(tensor, tuple(places), x.batch)


def repeated(site: Site, x: Flow, times: Sequence[Term], name: str = "repeat") -> Flow:
    """Each dimension repeated; surplus entries of ``times`` are new dimensions before the first."""
    more = len(times) - x.ndim
    if more < 0:
        raise site.refusal(f"{name}: {len(times)} counts for {x.ndim} dimensions")
    if more:
        x = Flow(x.tensor, (*([None] * more), *x.places), None if x.batch is None else x.batch + more)
    for dim, count in enumerate(times):
        if count.constant != 1:
            x = along(site, x, dim, count, name)
    return x


def along(site: Site, x: Flow, dim: int, count: Term, name: str) -> Flow:
    """One dimension repeated ``count`` times."""
    if BATCH in symbols_of(count):
        share = batch_share(count)
        if share is None or x.batch is not None:
            raise site.refusal(f"{name}: {shown(x.sizes)} entries {shown([count])} times, which has the batch twice")
        if x.share(dim).constant == 1:
            return _grown(site, x, dim, count, name)
        x, count = Flow(x.tensor, x.places, dim), share
        if count.constant == 1:
            return x
    if x.places[dim] is None:
        x = _with_one(site, x, dim, name)
    return x.on(site.layer(Repeat(count, axis=x.axis(dim)), x.tensor, name=name))


def _with_one(site: Site, x: Flow, dim: int, name: str) -> Flow:
    """The tensor with a size in the network for a dimension that has none: 1, beside the batch if it is the batch."""
    x = ordered(site, x, name)
    dims = [place for place in range(x.ndim) if place == dim or x.places[place] is not None]
    tensor = _with_dims(site, x, dims, name)
    place_of = {place: number for number, place in enumerate(dims)}
    return Flow(tensor, tuple(place_of.get(place) for place in range(x.ndim)), x.batch)
