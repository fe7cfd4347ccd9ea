"""Indexing by arrays, ``x[rows, :, columns]``: the arrays are broadcast to one another, and each position selects an
entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet.frontends.flow import BATCH, Flow, batch_share, tidy
from symnet.frontends.ops import joining, selecting
from symnet.frontends.ops.arranging import permuted, reshaped
from symnet.frontends.torch.placing import entries_exist
from symnet.frontends.torch.tensors import Value, is_value, sizes_of
from symnet.frontends.torch.trace import Trace
from symnet.layers.declaration.base import product
from symnet.layers.kinds.merges import Combine
from symnet.terms.term import Term, integer

__all__ = ["by_arrays", "dimensions_of_index", "is_index_array", "is_mask", "taken_by"]


def is_index_array(part: Any) -> bool:
    """Whether a part of an index is an array of indices."""
    return is_value(part) or hasattr(part, "dtype") or isinstance(part, list)


def dimensions_of_index(part: Any) -> int:
    """How many dimensions a part of an index is for: a mask for all of its own."""
    if part is None or part is Ellipsis:
        return 0
    return int(part.ndim) if is_mask(part) else 1


def by_arrays(trace: Trace, x: Value, flow: Flow, parts: Sequence[Any]) -> Value:
    """The result of indexing with arrays. ``flow`` is ``x`` after the slices and new dimensions of the index;
    ``parts`` has an array for each of its dimensions, or ``None`` for those that are kept. The dimensions of the
    arrays take the position of the indexed ones if those are adjacent, else they come first. (Single numbers were
    applied before, unlike in NumPy, where they count as arrays.)
    """
    arrays: list[Any] = []
    places: list[int] = []
    for place, part in enumerate(parts):
        if part is None:
            continue
        found = _numbers_of(trace, part)
        for dim, numbers in enumerate(found, place):
            if batch_share(flow.sizes[dim]) is None:
                entries_exist(trace, numbers, flow.sizes[dim], from_end=True)
        arrays += found
        places += range(place, place + len(found))
    rest = [dim for dim in range(flow.ndim) if dim not in places]
    beside = places == list(range(places[0], places[0] + len(places)))
    target = len([dim for dim in rest if dim < places[0]]) if beside else 0
    if len(places) > 1:
        flow = permuted(trace, flow, [*places, *rest], "take.order")
        merged = tidy(product(*flow.sizes[: len(places)]))
        flow = reshaped(trace, flow, [merged, *flow.sizes[len(places) :]], "take.merge")
        at = 0
    else:
        at = places[0]
    made = taken_by(trace, flow, at, arrays)
    count = made.ndim - len(rest)
    if at != target:
        order = list(range(count, made.ndim))
        order[target:target] = range(count)
        made = permuted(trace, made, order, "take.order")
    return trace.like(x, made)


def is_mask(part: Any) -> bool:
    """Whether a part of an index says for each entry whether it is taken."""
    return str(getattr(part, "dtype", "")) in ("torch.bool", "torch.uint8")


def _numbers_of(trace: Trace, part: Any) -> list[Any]:
    """The arrays of indices in a part of an index; a mask with numbers stands for one array per dimension."""
    import torch

    if isinstance(part, list):
        part = torch.tensor(part)
    if is_mask(part):
        if is_value(part) or part.is_meta:
            raise trace.by_values("takes the entries that a mask says, whose number depends on the values of a tensor")
        with trace.paused():
            return list(part.nonzero(as_tuple=True))
    return [part]


def taken_by(trace: Trace, flow: Flow, dim: int, arrays: Sequence[Any]) -> Flow:
    """Entries of one dimension by arrays that are broadcast to each other. N examples of the batch in another order are
    a batch of the same sizes.
    """
    reordered = dim == flow.batch and flow.batch_alone and len(arrays) == 1 and is_value(arrays[0])
    if reordered and tuple(map(tidy, arrays[0].sizes)) == (BATCH,):
        return flow
    if any(is_value(array) and array.batch is not None for array in arrays):
        index = [trace.constant(array).flow for array in arrays]
        joined = index[0] if len(index) == 1 else joining.joined(trace, Combine(function="index"), index, "take.index")
        return selecting.taken_for_each(trace, flow, dim, joined)
    sizes = [list(sizes_of(array)) for array in arrays]
    rank = max(map(len, sizes))
    filled = [[integer(1)] * (rank - len(one)) + one for one in sizes]
    stretched: list[Term] = []
    for column in zip(*filled, strict=True):
        rest = [size for size in dict.fromkeys(column) if size.constant != 1]
        flows = [array.flow for array in arrays if is_value(array)] or [flow]
        joining.meet(trace, rest, flows, "take")
        stretched.append(rest[0] if rest else integer(1))
    return selecting.taken(trace, flow, dim, stretched)
