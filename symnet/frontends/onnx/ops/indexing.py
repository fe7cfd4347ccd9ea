"""Operators that select parts: slices, splits, entries by index; and embeddings, rows by index."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.flow import Flow, tidy
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.constants.arrays import in_range, known
from symnet.frontends.onnx.ops.activations import activation
from symnet.frontends.onnx.values import Array, Value
from symnet.frontends.ops.arranging import squeezed, unsqueezed
from symnet.frontends.ops.calculating import calculated
from symnet.frontends.ops.joining import along
from symnet.frontends.ops.products import shown
from symnet.frontends.ops.selecting import chosen, gathered, looked_up, sliced, taken
from symnet.layers.declaration.axes import quotient
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.embedding import Embedding
from symnet.layers.kinds.slicing import Slice, Split, Take
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import CeilDiv, Term, integer

__all__ = ["INDEXING"]

#: An end beyond this means "to the end".
_FAR = 2**31 - 1

ZERO = integer(0)


def _ends(call: Call, name: str, index: int) -> list[Term]:
    if name in call.given:
        return [integer(value) for value in call.given[name]]
    return call.terms(index)


def _slice(call: Call) -> Value:
    x = call.flow()
    starts, ends = _ends(call, "starts", 1), _ends(call, "ends", 2)
    axes = call.ints("axes", 3) or list(range(len(starts)))
    steps = call.ints("steps", 4) or [1] * len(starts)
    if not len(starts) == len(ends) == len(axes) == len(steps):
        raise LayerError("has starts, ends, axes and steps of different lengths")
    many = len(axes) > 1
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        x = _sliced(call, x, call.dimension(axis, x.ndim), start, end, step, f"{axis}" if many else call.word)
    return x


def _sliced(call: Call, x: Flow, axis: int, start: Term, end: Term, step: int, name: str) -> Flow:
    size = call.sizes(x)[axis]
    if step < 0:
        return _backwards(call, x, axis, start, end, step, name)
    everything = start.constant is not None and size.constant is not None and start.constant <= -size.constant
    first = ZERO if everything else start
    if x.batch is None and size.constant is not None and end.constant is None:  # a table of which a part is read
        call.suppose(Le(end, size))
    if axis == x.batch and first.constant == 0 and size is end:
        return x
    stop = None if end.constant is not None and end.constant >= _FAR else end
    whole_size = stop is not None and stop.constant is not None and stop.constant >= (size.constant or _FAR)
    stop = None if whole_size else stop
    x = x if first.constant == 0 and stop is None and step == 1 else call.single(x, axis)
    return sliced(call, x, axis, first, stop, integer(step), name)


def _backwards(call: Call, x: Flow, axis: int, start: Term, end: Term, step: int, name: str) -> Flow:
    """A slice from the end to the start: the number of entries, if it is known."""
    x, number = call.axis_of(x, axis)
    size = x.sizes[axis]
    length, first, last = size.constant, start.constant, end.constant
    if length is None or first is None or last is None:
        if start.constant is not None and start.constant == -1 and (end.constant or 0) < -_FAR and step == -1:
            return call.on(x, Take(size, number), name)
        raise LayerError("goes backwards through a size that is not a number")
    kept = len(range(length)[slice(first, None if last < -length else last, step)])
    return call.on(x, Take(kept, number), name)


def _split(call: Call) -> Sequence[Value | None]:
    x = call.flow()
    x, number = call.axis_of(x, call.dimension(call.attribute("axis", 0), x.ndim))
    size, count = x.dims[number - 1], len(call.node.output)
    sizes, parts = call.ints("split", 1), list[Layer]()
    if sizes is None:
        if call.attribute("num_outputs", count) != count:
            raise LayerError(f"says that it has {call.attribute('num_outputs', count)} outputs, and has {count}")
        if size.constant is not None and size.constant % count:
            length = -(-size.constant // count)
            sizes = [min(length, size.constant - start) for start in range(0, size.constant, length)]
        elif size.constant is None and "num_outputs" in call.given and not quotient(size, integer(count))[1]:
            each = tidy(CeilDiv(size, integer(count)))  # the last part is what is left, at least one entry
            call.suppose(Le(integer(1), tidy(size - each * (count - 1))))
            starts = [tidy(each * index) for index in range(count)]
            parts = [Slice(number, start, end) for start, end in zip(starts, [*starts[1:], None], strict=True)]
        else:
            parts = [Split(count, index, axis=number) for index in range(count)]
    if sizes is not None:
        ends = [sum(sizes[: index + 1]) for index in range(len(sizes))]
        if size.constant is not None and ends[-1] != size.constant:
            raise LayerError(f"splits {size.constant} into parts that are {ends[-1]} together")
        call.suppose(Eq(size, integer(ends[-1])))
        if len(set(sizes)) == 1:
            parts = [Split(len(sizes), index, axis=number) for index in range(len(sizes))]
        else:
            parts = [Slice(number, end - part, end) for part, end in zip(sizes, ends, strict=True)]
    return [call.on(x, part, f"{index}") if call.wants(index) else None for index, part in enumerate(parts)]


def _gather(call: Call) -> Value:
    data, index = call.value(0), call.value(1)
    axis = call.attribute("axis", 0)
    if isinstance(data, Array) and isinstance(index, Flow):
        return _embedded(call, data, index, axis)
    if isinstance(index, Flow):
        raise LayerError("chooses entries by numbers that depend on the model's input")
    x = call.flow(0)
    axis = call.dimension(axis, x.ndim)
    x = call.single(x, axis)
    if axis == x.batch:
        raise LayerError(f"works along dimension {axis}, which holds the batch")
    if index.rank == 0 or index.count == 1:
        return _one(call, x, axis, index)
    if index.count is None:
        return _first_entries(call, x, axis, index)
    in_range(index, x.share(axis), call.suppose)
    return taken(call, x, axis, index.dims, call.word)


def _first_entries(call: Call, x: Flow, axis: int, index: Array) -> Flow:
    """The entries 0, 1, 2, … along a dimension, as many as a size of the input; the tensor must have exactly so many."""
    if not index.counts or any(size.constant != 1 for size in index.dims[:-1]):
        raise LayerError("chooses entries of an unknown number")
    number = index.dims[-1]
    call.suppose(Le(number, x.share(axis)))
    made = taken(call, x, axis, [number], call.word)
    for _ in range(index.rank - 1):
        made = unsqueezed(call, made, axis, "dims")
    return made


def _one(call: Call, x: Flow, axis: int, index: Array) -> Flow:
    """A single entry: the dimension disappears, unless the index has dimensions of its own."""
    numbers = index.entries
    start = None if numbers is None else numbers.reshape(-1)[0]
    if index.rank > 1:
        raise LayerError("chooses one entry by an array of several dimensions")
    if x.sizes[axis].constant == 1 and index.rank:
        return x
    if isinstance(start, Term) and start.constant is not None:
        if not index.rank:
            return chosen(call, x, axis, start, "slice")
        end = None if start.constant == -1 else tidy(start + 1)
        return sliced(call, x, axis, start, end, name="slice")
    x, number = call.axis_of(x, axis)
    x = call.on(x, Take(1, number), "slice")
    return x if index.rank else squeezed(call, x, [axis], call.word)


def _embedded(call: Call, data: Array, index: Flow, axis: int) -> Value:
    """Rows of an array by index."""
    if axis % data.rank or data.rank != 2 or not data.trained:
        raise LayerError("looks up something else than the rows of a matrix of trained numbers")
    if not call.state.builder.is_given(index.tensor):
        call.state.builder.note(
            f"{call.state.name(call.node)} takes rows of {shown([data.dims[0]])} by numbers that are worked out: they are assumed to "
            "be in range"
        )
    layer = Embedding(data.dims[0], data.dims[1])
    return looked_up(call, index, lambda row: call.layer(layer, row, weights={"embeddings": data}), data.dims[1], "row")


def _require_entries(call: Call, x: Flow, axis: int, numbers: Value) -> None:
    """Supposes that a dimension has the entries whose numbers are known; how many examples a batch has is not known."""
    if isinstance(numbers, Array) and axis != x.batch:
        in_range(numbers, x.share(axis), call.suppose)


def _gather_elements(call: Call) -> Value:
    x, index, numbers = call.flow(0), call.flow(1), call.value(1)
    axis = call.dimension(call.attribute("axis", 0), x.ndim)
    _require_entries(call, x, axis, numbers)
    return gathered(call, x, axis, index, call.word)


def _gather_by_tuples(call: Call) -> Value:
    """GatherND: for each row of numbers the part of the first input that it says, after ``batch_dims`` dimensions in common."""
    data, index = call.flow(0), call.flow(1)
    common, depth = call.attribute("batch_dims", 0), index.sizes[-1].constant
    if depth is None or not 0 < depth <= data.ndim - common or not common < index.ndim:
        raise LayerError(f"looks up rows of {shown([index.sizes[-1]])} numbers in {data.ndim - common} dimensions")
    for dim in range(common):
        if dim not in (data.batch, index.batch):
            call.suppose(Eq(index.sizes[dim], data.sizes[dim]))
    rest = range(common + depth, data.ndim)
    if data.batch is not None and data.batch not in rest and not data.batch == index.batch < common:
        raise LayerError("takes examples out of the batch by their numbers")
    if index.batch == index.ndim - 1 or (index.batch is not None and data.batch in rest):
        raise LayerError("looks up numbers of other examples")
    numbers = call.value(1)
    if isinstance(numbers, Array) and numbers.entries is not None:
        for place in range(depth):
            in_range(known(numbers.entries[..., place]), data.share(common + place), call.suppose)
    sizes = [*index.sizes[:-1], *(data.sizes[dim] for dim in rest)]
    return calculated(call, call.word, sizes, [data, index])


def _scatter_elements(call: Call) -> Value:
    """Entries of the first input are written over, those whose numbers are known must be there."""
    x, numbers = call.flow(0), call.value(1)
    _require_entries(call, x, call.dimension(call.attribute("axis", 0), x.ndim), numbers)
    return activation(call, x, "scatter")


def _top(call: Call) -> Sequence[Value]:
    x = call.flow()
    number = integer(call.attribute("k")) if "k" in call.given else call.terms(1)[0]
    x, axis = call.axis_of(x, call.dimension(call.attribute("axis", -1), x.ndim))
    for less, more in ((integer(1), number), (number, x.dims[axis - 1])):
        call.suppose(Le(less, more))
    found = call.on(x, Take(number, axis))
    return found, found


def _compress(call: Call) -> Value:
    raise LayerError("keeps entries whose number depends on their values")


def _one_hot(call: Call) -> Value:
    x, (depth,) = call.flow(), call.terms(1)
    axis = call.attribute("axis", -1)
    axis = call.dimension(axis, x.ndim + 1)
    return along(call, unsqueezed(call, x, axis, "dims"), axis, depth, call.word)


INDEXING: dict[str, Handler] = {
    "Slice": _slice,
    "Split": _split,
    "Gather": _gather,
    "GatherElements": _gather_elements,
    "GatherND": _gather_by_tuples,
    **dict.fromkeys(("ScatterElements", "Scatter"), _scatter_elements),
    "TopK": _top,
    "OneHot": _one_hot,
    **dict.fromkeys(("Compress", "NonZero", "Unique", "NonMaxSuppression"), _compress),
}
