"""Functions that take parts of a tensor: slices, chunks, entries."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.torch.placing import axis_of, dimension, reshaped
from symnet.frontends.torch.sizes import Size, term_of
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.axes import quotient
from symnet.layers.reshaping import Reshape, Squeeze
from symnet.layers.slicing import Slice, Split, Take
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import CeilDiv, Term, integer

__all__ = ["FUNCTIONS"]


def _item(trace: Trace, x: Any, index: Any) -> Value:
    x = trace.constant(x)
    parts = list(index) if isinstance(index, tuple) else [index]
    arrays = [part for part in parts if is_value(part) or hasattr(part, "dtype") or isinstance(part, list)]
    given = sum(1 for part in parts if part is not None and part is not Ellipsis)
    gap = [slice(None)] * (x.ndim - given)
    at = next((place for place, part in enumerate(parts) if part is Ellipsis), None)
    parts = [*parts, *gap] if at is None else [*parts[:at], *gap, *parts[at + 1 :]]
    if arrays:
        return _taken(trace, x, parts, arrays)
    dim = 0
    for part in parts:
        if part is None:
            sizes: list[Any] = list(x.sizes)
            sizes.insert(dim, integer(1))
            x = reshaped(trace, x, sizes, "unsqueeze")
            dim += 1
        elif isinstance(part, slice):
            x = _sliced(trace, x, dim, part)
            dim += 1
        elif isinstance(part, int) and not isinstance(part, bool):
            x = _chosen(trace, x, dim, part)
        else:
            raise ModelError(trace.where(f"indexes with {type(part).__name__}"))
    return x


def _sliced(trace: Trace, x: Value, dim: int, part: slice) -> Value:
    start, stop, step = part.start, part.stop, part.step
    whole = (start is None or _is(start, 0)) and step in (None, 1)
    if whole and (stop is None or (isinstance(stop, int) and _same(stop, x, dim))):
        return x
    if x.batch == dim:
        raise ModelError(trace.where("takes a part of the batch"))
    start, stop = 0 if start is None else start, None if stop is None else term_of(stop)
    if stop is not None and stop.constant is not None and stop.constant >= 1 << 31:
        stop = None
    size = x.sizes[dim]
    if stop is not None and stop.constant is None and not trace.known.decide(Le(stop, size)):
        stop = None  # as in Python: past the end is the end
    layer = Slice(axis_of(x, dim), term_of(start), stop, step=1 if step is None else term_of(step))
    return trace.add(layer, x, name="slice")


def _is(value: Any, number: int) -> bool:
    return type(value) is int and value == number


def _same(stop: int, x: Value, dim: int) -> bool:
    size = x.sizes[dim]
    return term_of(stop) is size or (type(stop) is int and size.constant is not None and stop >= size.constant)


def _chosen(trace: Trace, x: Value, dim: int, number: int) -> Value:
    """One entry of a dimension, which is gone then."""
    if x.batch == dim:
        raise ModelError(trace.where("takes one example out of the batch"))
    axis = axis_of(x, dim)
    if x.sizes[dim].constant != 1:
        end = None if _is(number, -1) else term_of(number) + 1
        x = trace.add(Slice(axis, term_of(number), None if end is None else _plain(end)), x, name="select")
    batch = None if x.batch is None else x.batch - (dim < x.batch)
    if x.ndim == 1 and x.batch is None:
        return x
    return trace.add(Squeeze((axis,)), x, batch=batch, name="select.squeeze")


def _plain(term: Term) -> Term:
    return term if term.constant is None else integer(term.constant)


def _taken(trace: Trace, x: Value, parts: Sequence[Any], arrays: Sequence[Any]) -> Value:
    """Entries by an array of their numbers, along one dimension."""
    places = [place for place, part in enumerate(parts) if any(part is array for array in arrays)]
    if len(places) != 1 or any(part is None or isinstance(part, int) for part in parts):
        raise ModelError(trace.where("indexes with several arrays at once"))
    (place,) = places
    index = parts[place]
    sizes = (
        [integer(len(index))]
        if isinstance(index, list)
        else list(index.sizes)
        if is_value(index)
        else [*map(integer, index.shape)]
    )
    if is_value(index) and index.batch is not None:
        raise ModelError(trace.where("takes other entries for each example of the batch"))
    if getattr(index, "dtype", None) is not None and str(index.dtype) == "torch.bool":
        raise ModelError(trace.where("takes the entries that a mask says, whose number depends on the data"))
    for dim, part in enumerate(parts):
        if isinstance(part, slice):
            x = _sliced(trace, x, dim, part)
    made = trace.add(Take(_product(sizes), axis_of(x, place)), x, name="take")
    return (
        made
        if len(sizes) == 1
        else reshaped(trace, made, [*x.sizes[:place], *sizes, *x.sizes[place + 1 :]], "take.sizes")
    )


def _product(sizes: Sequence[Term]) -> Term:
    from symnet.layers.base import product

    return _plain(product(*sizes))


def _set_item(trace: Trace, x: Any, index: Any, value: Any) -> None:
    """Entries are written: the sizes stay."""


def _parts(trace: Trace, x: Value, dim: int, count: int) -> list[Value]:
    """That many equal parts."""
    axis = axis_of(x, dim)
    return [trace.add(Split(count, index=index, axis=axis), x, name="chunk") for index in range(count)]


def _chunk(trace: Trace, x: Value, chunks: int, dim: int = 0) -> tuple[Value, ...]:
    size = x.sizes[dimension(x, dim)]
    if size.constant is not None:
        return _split(trace, x, -(-size.constant // chunks), dim)
    _, whole = quotient(size, integer(chunks))
    if whole:
        return tuple(_parts(trace, x, dim, chunks))
    return _split(trace, x, trace.size(CeilDiv(size, integer(chunks))), dim)


def _split(
    trace: Trace, x: Value, split_size_or_sections: Any, dim: int = 0, *, split_size: Any = None
) -> tuple[Value, ...]:
    wanted = split_size_or_sections if split_size is None else split_size
    place = dimension(x, dim)
    size = x.sizes[place]
    if isinstance(wanted, tuple | list):
        lengths = list(wanted)
        if place != x.batch:
            trace.known.suppose(Eq(sum((term_of(length) for length in lengths), integer(0)), size))
    else:
        total = trace.size(size)
        count = -(-total // wanted)
        count = count.fixed() if isinstance(count, Size) else count
        if count > 1 and all(type(part) is int for part in (total, wanted)) and total % wanted == 0:
            return tuple(_parts(trace, x, dim, count))
        lengths = [wanted] * (count - 1) + [total - wanted * (count - 1)]
    return _cut(trace, x, place, lengths)


def _cut(trace: Trace, x: Value, place: int, lengths: Sequence[Any]) -> tuple[Value, ...]:
    if len(lengths) == 1:
        return (trace.seen(x, x.batch),)
    found, start = [], 0
    for number, length in enumerate(lengths):
        end = None if number + 1 == len(lengths) else start + length
        found.append(_sliced(trace, x, place, slice(start, end)))
        start = start + length
    return tuple(found)


def _tensor_split(
    trace: Trace, x: Value, indices_or_sections: Any = None, dim: int = 0, *, indices: Any = None
) -> tuple[Value, ...]:
    wanted = indices if indices is not None else indices_or_sections
    if isinstance(wanted, int):
        return _chunk(trace, x, wanted, dim)
    place = dimension(x, dim)
    ends = [0, *wanted, None]
    return tuple(_sliced(trace, x, place, slice(one, two)) for one, two in pairwise(ends))


def _unbind(trace: Trace, x: Value, dim: int = 0) -> tuple[Value, ...]:
    place = dimension(x, dim)
    count = trace.size(x.sizes[place])
    if isinstance(count, Size):
        if place == x.batch:
            raise ModelError(trace.where("takes the batch apart"))
        count = count.fixed()
    return tuple(_chosen(trace, x, place, number) for number in range(count))


def _narrow(trace: Trace, x: Value, dim: int, start: int, length: int) -> Value:
    place = dimension(x, dim)
    if place != x.batch:
        trace.known.suppose(Le(term_of(start) + term_of(length), x.sizes[place]))
    return _sliced(trace, x, place, slice(start, start + length))


def _select(trace: Trace, x: Value, dim: int, index: int) -> Value:
    return _chosen(trace, x, dimension(x, dim), index)


def _index_select(trace: Trace, x: Value, dim: int, index: Any) -> Value:
    count = index.sizes[0] if is_value(index) else integer(index.numel())
    return trace.add(Take(count, axis_of(x, dim)), x, name="take")


def _gather(trace: Trace, x: Value, dim: int, index: Value, **_: Any) -> Value:
    if not is_value(index) or index.ndim != x.ndim:
        raise ModelError(trace.where("gathers entries in a way that symnet does not know"))
    return trace.add(Reshape(index.tensor.shape.dims), index, name="gather")


def _top(trace: Trace, x: Value, k: int, dim: int = -1, *_: Any, **named: Any) -> Any:
    import torch

    axis = axis_of(x, dim)
    trace.known.suppose(Le(term_of(k), x.sizes[dimension(x, dim)]))
    made = trace.add(Take(term_of(k), axis), x, name="topk")
    return torch.return_types.topk((made, trace.seen(made, made.batch)))


def _sorted(trace: Trace, x: Value, *_: Any, **named: Any) -> Any:
    import torch

    return torch.return_types.sort((trace.seen(x, x.batch), trace.seen(x, x.batch)))


FUNCTIONS: dict[str, Handler] = {
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
}
