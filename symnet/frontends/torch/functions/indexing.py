"""Functions that select parts of a tensor: slices, chunks, entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import Flow, tidy
from symnet.frontends.ops import selecting
from symnet.frontends.ops.arranging import unsqueezed
from symnet.frontends.ops.products import shown
from symnet.frontends.ops.windows import windows
from symnet.frontends.torch.functions.by_arrays import by_arrays, dimensions_of_index, is_index_array, is_mask, taken_by
from symnet.frontends.torch.nothing import Nothing
from symnet.frontends.torch.placing import dimension, entries_exist
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.symbolic_numbers import pinned
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Mod, Term, integer

__all__ = ["FUNCTIONS"]


def _item(trace: Trace, x: Any, index: Any) -> Value:
    x = trace.constant(x)
    parts = list(index) if isinstance(index, tuple) else [index]
    arrays = [part for part in parts if is_index_array(part)]
    given = sum(dimensions_of_index(part) for part in parts)
    gap = [slice(None)] * (x.ndim - given)
    at = next((place for place, part in enumerate(parts) if part is Ellipsis), None)
    parts = [*parts, *gap] if at is None else [*parts[:at], *gap, *parts[at + 1 :]]
    if given > x.ndim:
        raise ModelError(trace.wrong(f"takes entries by {given} numbers from a tensor of {x.ndim} dimensions"))
    if arrays:
        return _taken(trace, x, parts)
    nothing = _nothing(trace, x, parts)
    if nothing is not None:
        return nothing
    dim, flow = 0, x.flow
    for part in parts:
        if part is None:
            flow = unsqueezed(trace, flow, dim)
            dim += 1
        elif isinstance(part, slice):
            flow = _sliced(trace, flow, dim, part)
            dim += 1
        elif isinstance(part, int) and not isinstance(part, bool):
            flow = selecting.chosen(trace, flow, dim, term_of(part))
        else:
            raise ModelError(trace.where(f"indexes with {type(part).__name__}"))
    return trace.like(x, flow)


def _nothing(trace: Trace, x: Value, parts: Sequence[Any]) -> Value | None:
    """The result of slices of which one keeps no entry; ``None`` if all do. Only constant indices are considered."""
    sizes: list[Term] = []
    dims = iter(x.sizes)
    for part in parts:
        size = integer(1) if part is None else next(dims)
        if part is None or part == slice(None):
            sizes.append(size)
        elif isinstance(part, slice):
            ends = [end for end in (part.start, part.stop, part.step) if end is not None]
            first = (type(part.start) is int and part.start >= 0) or part.start is None
            if size.constant is not None and all(type(end) is int for end in ends):
                sizes.append(integer(len(range(*part.indices(size.constant)))))
            elif type(part.stop) is int and part.stop == 0 and first:
                sizes.append(integer(0))
            else:
                return None
        elif not isinstance(part, int):
            return None
    if not any(size.constant == 0 for size in sizes):
        return None
    flow: Any = Nothing(tuple(sizes), trace.refusal)
    return trace.like(x, flow)


def _sliced(trace: Trace, x: Flow, dim: int, part: slice) -> Flow:
    start = term_of(0 if part.start is None else part.start)
    stop = None if part.stop is None else term_of(part.stop)
    return selecting.sliced(trace, x, dim, start, stop, term_of(1 if part.step is None else part.step))


def _taken(trace: Trace, x: Value, parts: Sequence[Any]) -> Value:
    """Entries by arrays of indices, combined with slices, new dimensions and numbers."""
    flow, left, dim = x.flow, list[Any](), 0
    for part in parts:
        left.append(None)
        if part is None:
            flow = unsqueezed(trace, flow, dim)
        elif isinstance(part, slice):
            flow = _sliced(trace, flow, dim, part)
        elif isinstance(part, int):
            left.pop()
            flow = selecting.chosen(trace, flow, dim, term_of(part))
            continue
        else:
            left[-1] = part
            more = part.ndim - 1 if is_mask(part) else 0
            left += [None] * more
            dim += more
        dim += 1
    return by_arrays(trace, x, flow, left)


def _all_like(trace: Trace, x: Value, flows: Iterable[Flow]) -> tuple[Value, ...]:
    return tuple(trace.like(x, flow) for flow in flows)


def _chunk(trace: Trace, x: Value, chunks: int, dim: int = 0) -> tuple[Value, ...]:
    return _all_like(trace, x, selecting.chunks(trace, x.flow, dimension(x, dim), pinned(chunks)))


def _split(
    trace: Trace, x: Value, split_size_or_sections: Any, dim: int = 0, *, split_size: Any = None
) -> tuple[Value, ...]:
    wanted = split_size_or_sections if split_size is None else split_size
    place = dimension(x, dim)
    if not isinstance(wanted, tuple | list):
        return _all_like(trace, x, selecting.pieces(trace, x.flow, place, term_of(wanted)))
    lengths = [term_of(length) for length in wanted]
    total = tidy(sum(lengths, integer(0)))
    if place == x.batch and total is not tidy(x.sizes[place]):
        raise ModelError(trace.where(f"takes the batch apart: {shown([x.sizes[place]])} examples in {shown([total])}"))
    trace.known.suppose(Eq(total, x.sizes[place]))
    return _all_like(trace, x, selecting.cut(trace, x.flow, place, lengths))


def _tensor_split(
    trace: Trace, x: Value, indices_or_sections: Any = None, dim: int = 0, *, indices: Any = None
) -> tuple[Value, ...]:
    wanted = indices if indices is not None else indices_or_sections
    place = dimension(x, dim)
    if isinstance(wanted, int):
        return _all_like(trace, x, selecting.balanced(trace, x.flow, place, wanted))
    ends = [0, *wanted, None]
    return _all_like(trace, x, (_sliced(trace, x.flow, place, slice(one, two)) for one, two in pairwise(ends)))


def _halved(name: str) -> Handler:
    """``hsplit``, ``vsplit``, ``dsplit``: parts along the second, the first or the third dimension, equal ones where their number
    is given."""

    def handler(trace: Trace, x: Any, *wanted: Any, **named: Any) -> Any:
        x = trace.constant(x)
        parts = named.get(
            "indices_or_sections",
            named.get("sections", named.get("indices", wanted[0] if len(wanted) == 1 else wanted)),
        )
        dim = {"hsplit": 0 if x.ndim == 1 else 1, "vsplit": 0, "dsplit": 2}[name]
        if isinstance(parts, int):
            trace.known.suppose(Eq(Mod(x.sizes[dimension(x, dim)], term_of(parts)), integer(0)))
        return _tensor_split(trace, x, parts, dim)

    return handler


def _of_all(trace: Trace, x: Any, index: Any, **_: Any) -> Value:
    """``take``: entries by their numbers among all."""
    row = trace.function("reshape", (trace.constant(x), -1), {})
    index = trace.constant(index)
    wanted = [trace.size(size) for size in index.sizes]
    made = trace.function("index_select", (row, 0, trace.function("reshape", (index, -1), {})), {})
    made = trace.function("reshape", (made, wanted), {})
    return trace.like(x, made.flow) if is_value(x) else made


def _along_dim(trace: Trace, x: Any, indices: Any, dim: int | None = None, **_: Any) -> Value:
    """``take_along_dim``: as ``gather``, where all other sizes stretch to each other."""
    x, index = trace.constant(x), trace.constant(indices)
    if dim is None:
        row, numbers = (trace.function("reshape", (one, -1), {}) for one in (x, index))
        return _gather(trace, row, 0, numbers)
    place = dimension(x, dim)
    if index.ndim != x.ndim:
        raise ModelError(trace.wrong(f"takes entries of {x.ndim} dimensions by numbers of {index.ndim}"))
    for one, two in ((0, 1), (1, 0)):
        both = [x, index]
        sizes = [
            both[one].sizes[at] if at == place or both[one].sizes[at].constant != 1 else both[two].sizes[at]
            for at in range(x.ndim)
        ]
        both[one] = trace.function("expand", (both[one], *map(trace.size, sizes)), {})
        x, index = both
    return _gather(trace, x, place, index)


def _one_hot(trace: Trace, x: Any, num_classes: int = -1) -> Value:
    """For each number a row with a one at its place."""
    x = trace.constant(x)
    if num_classes == -1:
        raise ModelError(trace.where("takes as many classes as the largest number says (give num_classes)"))
    row = trace.function("unsqueeze", (x, -1), {})
    return trace.function("expand", (row, *map(trace.size, x.sizes), num_classes), {})


def _unbind(trace: Trace, x: Value, dim: int = 0) -> tuple[Value, ...]:
    place = dimension(x, dim)
    if place == x.batch:
        raise ModelError(trace.where("takes the batch apart"))
    count = pinned(trace.size(x.sizes[place]))
    return _all_like(trace, x, (selecting.chosen(trace, x.flow, place, integer(number)) for number in range(count)))


def _narrow(trace: Trace, x: Value, dim: int, start: int, length: int) -> Value:
    place = dimension(x, dim)
    if isinstance(start, int) and start < 0:  # counted from the end
        start = trace.size(x.sizes[place]) + start
        trace.known.suppose(Le(integer(0), term_of(start)))
    if place != x.batch:
        trace.known.suppose(Le(term_of(start) + term_of(length), x.sizes[place]))
    return trace.like(x, _sliced(trace, x.flow, place, slice(start, start + length)))


def _select(trace: Trace, x: Value, dim: int, index: int) -> Value:
    return trace.like(x, selecting.chosen(trace, x.flow, dimension(x, dim), term_of(index)))


def _index_select(trace: Trace, x: Any, dim: int, index: Any) -> Value:
    x = trace.constant(x)
    place = dimension(x, dim)
    entries_exist(trace, index, x.sizes[place])
    return trace.like(x, taken_by(trace, x.flow, place, [index]))


def _gather(trace: Trace, x: Any, dim: int, index: Any, **_: Any) -> Value:
    x, index = trace.constant(x), trace.constant(index)
    place = dimension(x, dim)
    entries_exist(trace, index, x.sizes[place])
    return trace.like(x, selecting.gathered(trace, x.flow, place, index.flow))


def _top(trace: Trace, x: Value, k: int, dim: int = -1, *_: Any, **named: Any) -> Any:
    import torch

    place = dimension(x, dim)
    if place == x.batch:
        raise ModelError(trace.where("takes the largest ones of the batch"))
    trace.known.suppose(Le(term_of(k), x.sizes[place]))
    made = trace.like(x, selecting.taken(trace, x.flow, place, [term_of(k)], "topk"))
    return torch.return_types.topk((made, trace.like(made, made.flow, torch.int64)))


def _sorted(trace: Trace, x: Value, *_: Any, **named: Any) -> Any:
    import torch

    return torch.return_types.sort((trace.like(x, x.flow), trace.like(x, x.flow, torch.int64)))


def _unfold(trace: Trace, x: Value, dimension_: int, size: int, step: int) -> Value:
    place = dimension(x, dimension_)
    return trace.like(x, windows(trace, x.flow, place, term_of(size), term_of(step)))


def _grid_sample(trace: Trace, x: Any, grid: Any, *_: Any, **named: Any) -> Value:
    x, grid = trace.constant(x), trace.constant(grid)
    return trace.like(x, selecting.sampled(trace, x.flow, grid.flow))


FUNCTIONS: dict[str, Handler] = {
    "slice": lambda trace, x, dim=0, start=None, end=None, step=1: trace.like(
        x, _sliced(trace, x.flow, dimension(x, dim), slice(start, end, step))
    ),
    "_unsafe_masked_index": lambda trace, x, mask, indices, fill=0: _item(trace, x, tuple(indices)),
    "grid_sample": _grid_sample,
    "getitem": _item,
    "chunk": _chunk,
    "split": _split,
    "split_with_sizes": _split,
    "tensor_split": _tensor_split,
    "unsafe_chunk": _chunk,
    "unsafe_split": _split,
    **{name: _halved(name) for name in ("hsplit", "vsplit", "dsplit")},
    "take": _of_all,
    "take_along_dim": _along_dim,
    "one_hot": _one_hot,
    **dict.fromkeys(("grid_sampler_2d", "grid_sampler_3d", "grid_sampler"), _grid_sample),
    "unbind": _unbind,
    "narrow": _narrow,
    "select": _select,
    "index_select": _index_select,
    "gather": _gather,
    "topk": _top,
    "sort": _sorted,
    "argsort": lambda trace, x, *_, **named: _sorted(trace, x)[1],
    "unfold": lambda trace, x, dimension, size, step: _unfold(trace, x, dimension, size, step),
}
