"""Operators that keep a part: slices, parts of a split, entries by their numbers; and embeddings, rows by their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.constants.numbers import sign_of
from symnet.frontends.onnx.values import Array, Flow, Value
from symnet.layers.kinds.embedding import Embedding
from symnet.layers.kinds.reshaping import ExpandDims, Repeat, Reshape, Squeeze
from symnet.layers.kinds.slicing import Slice, Split, Take
from symnet.terms.propositions import Le
from symnet.terms.term import Min, Term, integer

__all__ = ["INDEXING"]

#: An end past this is "to the end".
_FAR = 2**31 - 1


def _ends(call: Call, name: str, index: int) -> list[Term]:
    if name in call.given:
        return [integer(value) for value in call.given[name]]
    return call.terms(index)


def _slice(call: Call) -> Value:
    flow = call.flow()
    starts, ends = _ends(call, "starts", 1), _ends(call, "ends", 2)
    axes = call.ints("axes", 3) or list(range(len(starts)))
    steps = call.ints("steps", 4) or [1] * len(starts)
    if not len(starts) == len(ends) == len(axes) == len(steps):
        raise LayerError("has starts, ends, axes and steps of different lengths")
    many = len(axes) > 1
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        flow = _sliced(call, flow, flow.axis(axis), start, end, step, f"{axis}" if many else "")
    return flow


def _sliced(call: Call, flow: Flow, axis: int, start: Term, end: Term, step: int, name: str) -> Flow:
    size = flow.sizes(call.batch)[axis]
    if step < 0:
        return _backwards(call, flow, axis, start, end, step, name)
    first = (
        integer(0)
        if start.constant is not None and size.constant is not None and start.constant <= -size.constant
        else start
    )
    if flow.batch is None and size.constant is not None and end.constant is None:
        call.state.require(Le(end, size), f"{call.node.input[0]} has no more entries")
        stop: Term | None = end
    else:
        stop = _stop(end, size)
    if first.constant == 0 and stop is None and step == 1:
        return flow
    layer = Slice(flow.place(axis) + 1, first, stop, step)
    return flow.on(call.add(layer, flow.tensor, name=name))


def _stop(end: Term, size: Term) -> Term | None:
    """Where to stop; ``None`` for the end. No further than there is."""
    if end.constant is not None and (
        end.constant >= _FAR or (size.constant is not None and end.constant >= size.constant)
    ):
        return None
    gap = sign_of(end, size)
    if gap is not None and gap >= 0:
        return None
    return end if end.constant is not None or gap == -1 else Min(end, size)


def _backwards(call: Call, flow: Flow, axis: int, start: Term, end: Term, step: int, name: str) -> Flow:
    """From the end to the start: so many entries, if that is known."""
    size = flow.sizes(call.batch)[axis]
    length, first, last = size.constant, start.constant, end.constant
    if length is None or first is None or last is None:
        if start.constant is not None and start.constant == -1 and (end.constant or 0) < -_FAR and step == -1:
            return flow.on(call.add(Take(size, flow.place(axis) + 1), flow.tensor, name=name))
        raise LayerError("goes backwards through a size that is not a number")
    kept = len(range(length)[slice(first, None if last < -length else last, step)])
    return flow.on(call.add(Take(kept, flow.place(axis) + 1), flow.tensor, name=name))


def _split(call: Call) -> Sequence[Value | None]:
    flow = call.flow()
    axis = flow.axis(call.attribute("axis", 0))
    number = flow.place(axis) + 1
    size, count = flow.shape.dims[number - 1], len(call.node.output)
    sizes = call.ints("split", 1)
    if sizes is None:
        if call.attribute("num_outputs", count) != count:
            raise LayerError(f"says that it has {call.attribute('num_outputs', count)} outputs, and has {count}")
        if size.constant is not None and size.constant % count:
            each = -(-size.constant // count)
            sizes = [min(each, size.constant - start) for start in range(0, size.constant, each)]
        else:
            parts = [Split(count, index, axis=number) for index in range(count)]
    if sizes is not None:
        ends = [sum(sizes[: index + 1]) for index in range(len(sizes))]
        if size.constant is not None and ends[-1] != size.constant:
            raise LayerError(f"splits {size.constant} into parts that are {ends[-1]} together")
        if len(set(sizes)) == 1:
            parts = [Split(len(sizes), index, axis=number) for index in range(len(sizes))]
        else:
            parts = [Slice(number, end - part, end) for part, end in zip(sizes, ends, strict=True)]  # type: ignore[misc]
    found: list[Value | None] = []
    for index, part in enumerate(parts):
        wanted = call.wants(index)
        found.append(flow.on(call.add(part, flow.tensor, name=f"{index}")) if wanted else None)
    return found


def _gather(call: Call) -> Value:
    data, index = call.value(0), call.value(1)
    axis = call.attribute("axis", 0)
    if isinstance(data, Array) and isinstance(index, Flow):
        return _embedded(call, data, call.tight(index), axis)
    if isinstance(index, Flow):
        raise LayerError("chooses entries by numbers that depend on the model's input")
    flow = call.flow(0)
    axis = flow.axis(axis)
    place = flow.place(axis)
    if index.rank == 0 or index.count == 1:
        return _one(call, flow, axis, index)
    if index.count is None:
        return _first_entries(call, flow, axis, index)
    tensor = call.add(Take(index.count, place + 1), flow.tensor)
    if index.rank == 1:
        return flow.on(tensor)
    dims = (*flow.shape.dims[:place], *index.dims, *flow.shape.dims[place + 1 :])
    tensor = call.add(Reshape(dims), tensor, name="dims")
    more = index.rank - 1
    groups = [tuple(p + more * (p > place) for p in group) for group in flow.groups]
    groups[axis : axis + 1] = [(place + step,) for step in range(index.rank)]
    batch = flow.batch
    return Flow(tensor, tuple(groups), batch if batch is None or batch < axis else batch + more, flow.lead)


def _first_entries(call: Call, flow: Flow, axis: int, index: Array) -> Flow:
    """The entries 0, 1, 2, … along one dimension, as many as a size of the input: the tensor must have so many."""
    place = flow.place(axis)
    if not index.counts or any(size.constant != 1 for size in index.dims[:-1]):
        raise LayerError("chooses entries of an unknown number")
    number = index.dims[-1]
    call.state.require(Le(number, flow.shape.dims[place]), f"{call.node.input[0]} has no more entries")
    tensor = call.add(Take(number, place + 1), flow.tensor)
    if index.rank == 1:
        return flow.on(tensor)
    groups: list[tuple[int, ...]] = list(flow.groups)
    groups[axis:axis] = [()] * (index.rank - 1)  # dimensions of size 1 may be left out
    batch = flow.batch
    return Flow(tensor, tuple(groups), batch if batch is None or batch < axis else batch + index.rank - 1, flow.lead)


def _one(call: Call, flow: Flow, axis: int, index: Array) -> Flow:
    """One entry: the dimension goes, unless the index has dimensions of its own."""
    place, size = flow.place(axis), flow.shape.dims[flow.place(axis)]
    numbers = index.entries
    start = None if numbers is None else numbers.reshape(-1)[0]
    if size.constant == 1:
        tensor = flow.tensor
    elif isinstance(start, Term) and start.constant is not None:
        stop = None if start.constant == -1 else start.constant + 1
        tensor = call.add(Slice(place + 1, start, stop), flow.tensor, name="slice")
    else:
        tensor = call.add(Take(1, place + 1), flow.tensor, name="slice")
    if index.rank == 1:
        return flow.on(tensor)
    if index.rank > 1:
        raise LayerError("chooses one entry by an array of several dimensions")
    return flow.without((axis,), call.add(Squeeze(place + 1), tensor))


def _embedded(call: Call, data: Array, index: Flow, axis: int) -> Value:
    """Rows of an array by their numbers."""
    if axis % data.rank or data.rank != 2 or not data.trained:
        raise LayerError("looks up something else than the rows of a matrix of trained numbers")
    layer = Embedding(data.dims[0], data.dims[1])
    tensor = call.add(layer, index.tensor, weights={"embeddings": data})
    groups = (*index.groups, (len(index.shape.dims),))
    return Flow(tensor, groups, index.batch, index.lead)


def _top(call: Call) -> Sequence[Value]:
    flow = call.flow()
    number = call.ints("k", 1)
    if not number:
        raise LayerError("does not say how many")
    found = flow.on(call.add(Take(number[0], flow.place(call.attribute("axis", -1)) + 1), flow.tensor))
    return found, found


def _compress(call: Call) -> Value:
    raise LayerError("keeps entries whose number depends on their values")


def _one_hot(call: Call) -> Value:
    flow, (depth,) = call.flow(), call.terms(1)
    axis = call.attribute("axis", -1)
    axis = axis + flow.rank + 1 if axis < 0 else axis
    if flow.batch is not None and axis <= flow.batch:
        raise LayerError("puts a dimension before the batch")
    place = sum(len(group) for group in flow.groups[:axis])
    tensor = call.add(ExpandDims(place + 1), flow.tensor, name="dims")
    tensor = call.add(Repeat(depth, axis=place + 1), tensor)
    groups = [tuple(index + (index >= place) for index in group) for group in flow.groups]
    groups.insert(axis, (place,))
    return Flow(tensor, tuple(groups), flow.batch, flow.lead)


INDEXING: dict[str, Handler] = {
    "Slice": _slice,
    "Split": _split,
    "Gather": _gather,
    "TopK": _top,
    "OneHot": _one_hot,
    **dict.fromkeys(("Compress", "NonZero", "Unique", "NonMaxSuppression"), _compress),
}
