"""Operators of several tensors: sums, products, comparisons, with sizes that stretch; and concatenation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symnet.errors import LayerError
from symnet.frontends.building import Tensor
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.ops.activations import activation
from symnet.frontends.onnx.values import Array, Flow, Value
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.elementwise import PReLU, Scale
from symnet.layers.kinds.joins import Concat
from symnet.layers.kinds.merges import Add, Average, Combine, Maximum, Minimum, Multiply, Subtract
from symnet.layers.kinds.rescaling import Rescaling
from symnet.layers.kinds.reshaping import Reshape
from symnet.terms.term import Term, integer

__all__ = ["MERGES", "Frame", "joined"]

ONE = integer(1)


class Frame:
    """The dimensions that several operands have together, aligned at the end: which one is the batch, and what is in it."""

    def __init__(self, operands: Sequence[Value], *, aligned: bool = True) -> None:
        self.rank = max(operand.rank for operand in operands)
        self.batch: int | None = None
        self.merged = self.lead = 0
        for flow in operands:
            if not isinstance(flow, Flow) or flow.batch is None:
                continue
            place = flow.batch + (self.rank - flow.rank if aligned else 0)
            if self.batch is None:
                self.batch, self.merged, self.lead = place, len(flow.merged), flow.lead
            elif self.batch != place:
                raise LayerError("brings together tensors that have their batches in different dimensions")
            elif (self.merged, self.lead) != (len(flow.merged), flow.lead):
                raise LayerError("brings together tensors with different things multiplied into their batches")
        self.widths = [self.merged if place == self.batch else 1 for place in range(self.rank)]
        starts = [sum(self.widths[:place]) for place in range(self.rank)]
        self.groups = tuple(
            tuple(range(start, start + width)) for start, width in zip(starts, self.widths, strict=True)
        )

    def sizes(self, operand: Value, batch: Term) -> tuple[Term, ...]:
        """The sizes of an operand without the batch, in all dimensions of the frame; 1 where it has none."""
        dims: list[Term] = []
        missing = self.rank - operand.rank
        for place, width in enumerate(self.widths):
            own = place - missing
            if own < 0:
                dims += [ONE] * width
            elif isinstance(operand, Flow) and (place != self.batch or own == operand.batch):
                group = operand.groups[own]
                dims += [operand.shape.dims[index] for index in group] if group or place == self.batch else [ONE]
            else:
                size = operand.dims[own] if isinstance(operand, Array) else operand.sizes(batch)[own]
                dims += self._sized(size, place, width, batch)
        return tuple(dims)

    def _sized(self, size: Term, place: int, width: int, batch: Term) -> list[Term]:
        """The size of an operand that all samples share."""
        if place != self.batch:
            return [size]
        if size.constant == 1:
            return [ONE] * width
        if width == 1 and batch.constant == 1:
            return [size]
        raise LayerError("brings together samples with an array that has other numbers for each of them")


def joined(call: Call, operands: Sequence[Value], frame: Frame, names: Sequence[str] = ()) -> list[Tensor]:
    """The operands as tensors with all dimensions of the frame; ``names`` where they are not the inputs in order."""
    names = names or call.node.input
    leader = next((operand for operand in operands if isinstance(operand, Flow)), None)
    if leader is None:
        raise LayerError("reads nothing that depends on the model's input")
    tensors = []
    for number, operand in enumerate(operands):
        dims = frame.sizes(operand, call.batch)
        if isinstance(operand, Array):
            layout = leader.shape.layout if len(leader.shape.dims) == len(dims) else None
            shape = leader.shape.new(dims, layout)
            tensors.append(call.placed(operand, names[number], shape).tensor)
        elif dims == operand.shape.dims:
            tensors.append(operand.tensor)
        else:
            tensors.append(call.add(Reshape(dims), operand.tensor, name=f"dims{number}"))
    return tensors


def _join(call: Call, layer: Layer) -> Flow:
    """One layer of all inputs."""
    operands = [call.operand(index) for index in range(len(call.inputs))]
    if not any(isinstance(operand, Flow) for operand in operands):
        operands[0] = call.loose(0)
    if len(operands) == 1:
        return call.flow(0)
    frame = Frame(operands)
    tensor = call.add(layer, *joined(call, operands, frame))
    return Flow(tensor, frame.groups, frame.batch, frame.lead)


def _is_number(call: Call, value: Value | None, rank: int) -> bool:
    """Whether an operand is one number that is given, in no more dimensions than the other operand has."""
    return isinstance(value, Array) and value.count == 1 and value.rank <= rank and not value.trained


def _with_number(call: Call) -> tuple[Flow, int] | None:
    """A tensor and the place of a number that it is added to, multiplied with, …"""
    if len(call.inputs) != 2:
        return None
    for index in (1, 0):
        other = call.inputs[1 - index]
        if isinstance(other, Flow) and _is_number(call, call.inputs[index], other.rank):
            return other, index
    return None


def _binary(layer: Callable[[], Layer], function: str) -> Handler:
    """With a number: a function of the other operand; else a join."""

    def join(call: Call) -> Value:
        found = _with_number(call)
        return activation(call, found[0], function) if found else _join(call, layer())

    return join


def _add(call: Call) -> Value:
    found = _with_number(call)
    if found is None:
        return _join(call, Subtract() if call.op == "Sub" else Add())
    flow, index = found
    if call.op == "Sub" and not index:
        return activation(call, flow, "subtract")
    offset = call.scale(index)
    sign = "-" if call.op == "Sub" else ""
    known = None if offset is None else offset.removeprefix("-") if offset.startswith("-") and sign else sign + offset
    return flow.on(call.add(Rescaling(offset=known), flow.tensor))


def _multiply(call: Call) -> Value:
    found = _with_number(call)
    if found is not None:
        flow, index = found
        return flow.on(call.add(Rescaling(call.scale(index)), flow.tensor))
    for index in (1, 0):
        array, other = call.inputs[index], call.inputs[1 - index]
        if isinstance(array, Array) and array.trained and isinstance(other, Flow) and other.batch == 0:
            shape = other.shape
            sizes = _stretched(array, other, call)
            wanted = [size if place == shape.channel_index else ONE for place, size in enumerate(shape.dims)]
            if sizes is not None and sizes == tuple(wanted) and shape.dims:
                return other.on(call.add(Scale(), other.tensor, weights={"gamma": array}))
    return _join(call, Multiply())


def _stretched(array: Array, flow: Flow, call: Call) -> tuple[Term, ...] | None:
    """The sizes of an array next to a tensor's, where it has no more of them."""
    return Frame((flow, array)).sizes(array, call.batch) if array.rank <= flow.rank and flow.plain else None


def _prelu(call: Call) -> Value:
    flow, slope = call.flow(0), call.value(1)
    if not isinstance(slope, Array):
        return _join(call, Combine(function="prelu"))
    if slope.count == 1:
        return flow.on(call.add(PReLU(1), flow.tensor, weights={"alpha": slope}))
    sizes = _stretched(slope, flow, call)
    if sizes is None:
        raise LayerError("has slopes in more dimensions than its input")
    shared = tuple(place + 1 for place, size in enumerate(sizes) if size.constant == 1)
    if any(
        one is not two and one.constant not in (1, two.constant)
        for one, two in zip(sizes, flow.shape.dims, strict=True)
    ):
        raise LayerError("has slopes for other sizes than its input's")
    layer = PReLU(shared_axes=shared or None)
    return flow.on(call.add(layer, flow.tensor, weights={"alpha": slope}))


def _where(call: Call) -> Value:
    return _join(call, Combine(function="where"))


def _concat(call: Call) -> Value:
    operands = [
        call.tight(value) if isinstance(value, Flow) else value for value in map(call.operand, range(len(call.inputs)))
    ]
    if not any(isinstance(operand, Flow) for operand in operands):
        operands[0] = call.flow(0)
    if len(operands) == 1:
        return call.flow(0)
    rank = operands[0].rank
    if any(operand.rank != rank for operand in operands):
        raise LayerError("needs tensors with equally many dimensions")
    frame = Frame(operands)
    axis = call.attribute("axis", 1)
    axis = axis % rank if -rank <= axis < rank else axis
    if axis == frame.batch:
        raise LayerError("makes one batch of several: it works along the first dimension")
    if not 0 <= axis < rank:
        raise LayerError(f"there is no dimension {axis}: it has {rank}")
    tensors = joined(call, operands, frame)
    tensor = call.add(Concat(axis=frame.groups[axis][0] + 1), *tensors)
    return Flow(tensor, frame.groups, frame.batch, frame.lead)


def _combining(function: str) -> Handler:
    return _binary(lambda: Combine(function=function), function)


MERGES: dict[str, Handler] = {
    **dict.fromkeys(("Add", "Sub"), _add),
    "Mul": _multiply,
    "Sum": lambda call: _join(call, Add()),
    "Mean": lambda call: _join(call, Average()),
    "Max": _binary(Maximum, "maximum"),
    "Min": _binary(Minimum, "minimum"),
    **{
        op: _combining(function)
        for op, function in {
            "Div": "divide", "Pow": "power", "Mod": "mod", "Equal": "equal", "Greater": "greater", "Less": "less",
            "GreaterOrEqual": "greaterorequal", "LessOrEqual": "lessorequal", "And": "and", "Or": "or", "Xor": "xor",
            "BitShift": "bitshift", "BitwiseAnd": "bitwiseand", "BitwiseOr": "bitwiseor", "BitwiseXor": "bitwisexor",
        }.items()
    },
    "PRelu": _prelu,
    "Where": _where,
    "Concat": _concat,
}  # fmt: skip
