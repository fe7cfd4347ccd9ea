"""Elementwise operators of several tensors (sums, products, comparisons) with broadcasting; and concatenation."""

from __future__ import annotations

from collections.abc import Callable

from symnet.errors import LayerError
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.ops.activations import activation
from symnet.frontends.onnx.values import Array, Value
from symnet.frontends.ops.joining import concatenated, joined
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.elementwise import PReLU, Scale
from symnet.layers.kinds.merges import Add, Average, Combine, Maximum, Minimum, Multiply, Subtract
from symnet.layers.kinds.rescaling import Rescaling
from symnet.terms.term import Term, integer

__all__ = ["MERGES"]

ONE = integer(1)


def _join(call: Call, layer: Layer) -> Flow:
    """Places one layer that joins all inputs."""
    if len(call.inputs) == 1:
        return call.flow(0)
    return joined(call, layer, call.operands(range(len(call.inputs))), call.word)


def _is_number(value: Value | None, rank: int) -> bool:
    """Whether an operand is a single constant number, with no more dimensions than the other operand."""
    return isinstance(value, Array) and value.count == 1 and value.rank <= rank and not value.trained


def _with_number(call: Call) -> tuple[Flow, int] | None:
    """The tensor and the operand index of a constant number it is combined with; ``None`` if there is none."""
    if len(call.inputs) != 2:
        return None
    for index in (1, 0):
        other = call.inputs[1 - index]
        if isinstance(other, Flow) and _is_number(call.inputs[index], other.ndim):
            return other, index
    return None


def _binary(layer: Callable[[], Layer], function: str) -> Handler:
    """A handler: with a constant number an elementwise function, otherwise a join."""

    def join(call: Call) -> Value:
        found = _with_number(call)
        return activation(call, found[0], function) if found else _join(call, layer())

    return join


def _add(call: Call) -> Value:
    found = _with_number(call)
    if found is None:
        return _join(call, Subtract() if call.op == "Sub" else Add())
    x, index = found
    if call.op == "Sub" and not index:
        return activation(call, x, "subtract")
    offset = call.scale(index)
    sign = "-" if call.op == "Sub" else ""
    known = None if offset is None else offset.removeprefix("-") if offset.startswith("-") and sign else sign + offset
    return call.on(x, Rescaling(offset=known))


def _multiply(call: Call) -> Value:
    found = _with_number(call)
    if found is not None:
        x, index = found
        return call.on(x, Rescaling(call.scale(index)))
    for index in (1, 0):
        array, other = call.inputs[index], call.inputs[1 - index]
        if isinstance(array, Array) and array.trained and isinstance(other, Flow) and other.dims:
            channel = other.tensor.shape.channel_index
            wanted = [size if place == channel else ONE for place, size in enumerate(other.dims)]
            if _stretched(array, other) == wanted:
                return call.on(other, Scale(), weights={"gamma": array})
    return _join(call, Multiply())


def _stretched(array: Array, x: Flow) -> list[Term] | None:
    """The sizes of an array aligned with those of a tensor of the network, if it has no more dimensions and the batch
    is first; else ``None``.
    """
    if array.rank > x.ndim or x.batch != 0 or not x.batch_alone or len(x.dims) != x.ndim - 1:
        return None
    sizes = [ONE] * (x.ndim - array.rank) + list(array.dims)
    return sizes[1:] if sizes[0].constant == 1 else None


def _prelu(call: Call) -> Value:
    x, slope = call.flow(0), call.value(1)
    if not isinstance(slope, Array):
        return _join(call, Combine(function="prelu"))
    if slope.count == 1:
        return call.on(x, PReLU(1), weights={"alpha": slope})
    sizes = _stretched(slope, x)
    if sizes is None:
        raise LayerError("has slopes in more dimensions than its input")
    shared = tuple(place + 1 for place, size in enumerate(sizes) if size.constant == 1)
    if any(one is not two and one.constant not in (1, two.constant) for one, two in zip(sizes, x.dims, strict=True)):
        raise LayerError("has slopes for other sizes than its input's")
    return call.on(x, PReLU(shared_axes=shared or None), weights={"alpha": slope})


def _concat(call: Call) -> Value:
    if len({len(call.sizes(call.value(index))) for index in range(len(call.inputs))}) > 1:
        raise LayerError("needs tensors with equally many dimensions")
    flows = call.operands(range(len(call.inputs)))
    rank = flows[0].ndim
    axis = call.dimension(call.attribute("axis", 1), rank)
    batch = next((x.batch for x in flows if x.batch is not None), None)
    # with a batch of one sample an array belongs to that sample
    if batch is not None and call.batch.constant == 1 and axis != batch:
        flows = [
            Flow(x.tensor, x.places, batch) if x.batch is None and x.sizes[batch].constant == 1 else x for x in flows
        ]
    return concatenated(call, flows, axis, call.word)


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
    "SwiGLU": lambda call: _join(call, Combine(function="swiglu")),
    "PRelu": _prelu,
    "Where": lambda call: _join(call, Combine(function="where")),
    "Concat": _concat,
}  # fmt: skip
