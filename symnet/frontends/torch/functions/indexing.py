"""Functions that take parts of a tensor: slices, chunks, entries."""

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
from symnet.frontends.torch.placing import dimension
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.symbolic_numbers import pinned
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Term, integer

__all__ = ["FUNCTIONS"]


def _item(trace: Trace, x: Any, index: Any) -> Value:
    x = trace.constant(x)
    parts = list(index) if isinstance(index, tuple) else [index]
    arrays = [part for part in parts if is_value(part) or hasattr(part, "dtype") or isinstance(part, list)]
    given = sum(1 for part in parts if part is not None and part is not Ellipsis)
    gap = [slice(None)] * (x.ndim - given)
    at = next((place for place, part in enumerate(parts) if part is Ellipsis), None)
    parts = [*parts, *gap] if at is None else [*parts[:at], *gap, *parts[at + 1 :]]
    if given > x.ndim:
        raise ModelError(trace.wrong(f"takes entries by {given} numbers from a tensor of {x.ndim} dimensions"))
    if arrays:
        return _taken(trace, x, parts, arrays)
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
    return trace.moved(x, flow)


def _sliced(trace: Trace, x: Flow, dim: int, part: slice) -> Flow:
    start = term_of(0 if part.start is None else part.start)
    stop = None if part.stop is None else term_of(part.stop)
    return selecting.sliced(trace, x, dim, start, stop, term_of(1 if part.step is None else part.step))


def _taken(trace: Trace, x: Value, parts: Sequence[Any], arrays: Sequence[Any]) -> Value:
    """Entries by an array of their numbers, along one dimension."""
    places = [place for place, part in enumerate(parts) if any(part is array for array in arrays)]
    if len(places) != 1 or any(part is None or isinstance(part, int) for part in parts):
        raise ModelError(trace.where("indexes with several arrays at once"))
    (place,) = places
    index = parts[place]
    if is_value(index) and index.batch is not None:
        raise ModelError(trace.where("takes other entries for each example of the batch"))
    if getattr(index, "dtype", None) is not None and str(index.dtype) == "torch.bool":
        raise ModelError(trace.where("takes the entries that a mask says, whose number depends on the data"))
    flow = x.flow
    for dim, part in enumerate(parts):
        if isinstance(part, slice):
            flow = _sliced(trace, flow, dim, part)
    return trace.like(x, selecting.taken(trace, flow, place, _index_sizes(index)))


def _index_sizes(index: Any) -> list[Term]:
    """The sizes of an array of numbers of entries."""
    if isinstance(index, list):
        return [integer(len(index))]
    return list(index.sizes) if is_value(index) else [*map(integer, index.shape)]


def _set_item(trace: Trace, x: Any, index: Any, value: Any) -> None:
    """Entries are written: the sizes stay."""


def _all_like(trace: Trace, x: Value, flows: Iterable[Flow]) -> tuple[Value, ...]:
    return tuple(trace.moved(x, flow) for flow in flows)


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
    if isinstance(wanted, int):
        return _chunk(trace, x, wanted, dim)
    place = dimension(x, dim)
    ends = [0, *wanted, None]
    return _all_like(trace, x, (_sliced(trace, x.flow, place, slice(one, two)) for one, two in pairwise(ends)))


def _unbind(trace: Trace, x: Value, dim: int = 0) -> tuple[Value, ...]:
    place = dimension(x, dim)
    if place == x.batch:
        raise ModelError(trace.where("takes the batch apart"))
    count = pinned(trace.size(x.sizes[place]))
    return _all_like(trace, x, (selecting.chosen(trace, x.flow, place, integer(number)) for number in range(count)))


def _narrow(trace: Trace, x: Value, dim: int, start: int, length: int) -> Value:
    place = dimension(x, dim)
    if place != x.batch:
        trace.known.suppose(Le(term_of(start) + term_of(length), x.sizes[place]))
    return trace.moved(x, _sliced(trace, x.flow, place, slice(start, start + length)))


def _select(trace: Trace, x: Value, dim: int, index: int) -> Value:
    return trace.moved(x, selecting.chosen(trace, x.flow, dimension(x, dim), term_of(index)))


def _index_select(trace: Trace, x: Value, dim: int, index: Any) -> Value:
    return trace.like(x, selecting.taken(trace, x.flow, dimension(x, dim), _index_sizes(index)))


def _gather(trace: Trace, x: Any, dim: int, index: Any, **_: Any) -> Value:
    x, index = trace.constant(x), trace.constant(index)
    return trace.like(x, selecting.gathered(trace, x.flow, dimension(x, dim), index.flow))


def _top(trace: Trace, x: Value, k: int, dim: int = -1, *_: Any, **named: Any) -> Any:
    import torch

    place = dimension(x, dim)
    if place == x.batch:
        raise ModelError(trace.where("takes the largest ones of the batch"))
    trace.known.suppose(Le(term_of(k), x.sizes[place]))
    made = trace.like(x, selecting.taken(trace, x.flow, place, [term_of(k)], "topk"))
    return torch.return_types.topk((made, trace.like(made, made.flow)))


def _sorted(trace: Trace, x: Value, *_: Any, **named: Any) -> Any:
    import torch

    return torch.return_types.sort((trace.moved(x, x.flow), trace.like(x, x.flow)))


def _unfold(trace: Trace, x: Value, dimension_: int, size: int, step: int) -> Value:
    place = dimension(x, dimension_)
    return trace.like(x, windows(trace, x.flow, place, term_of(size), term_of(step)))


def _grid_sample(trace: Trace, x: Any, grid: Any, *_: Any, **named: Any) -> Value:
    x, grid = trace.constant(x), trace.constant(grid)
    return trace.like(x, selecting.sampled(trace, x.flow, grid.flow))


FUNCTIONS: dict[str, Handler] = {
    "grid_sample": _grid_sample,
    "getitem": _item,
    "setitem": _set_item,
    "chunk": _chunk,
    "split": _split,
    "split_with_sizes": _split,
    "tensor_split": _tensor_split,
    "unbind": _unbind,
    "narrow": _narrow,
    "select": _select,
    "index_select": _index_select,
    "gather": _gather,
    "topk": _top,
    "sort": _sorted,
    "argsort": lambda trace, x, *_, **named: trace.like(x, x.flow),
    "unfold": lambda trace, x, dimension, size, step: _unfold(trace, x, dimension, size, step),
}
