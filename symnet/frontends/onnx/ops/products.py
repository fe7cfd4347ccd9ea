"""Matrix products: dense layers where one matrix is an array of the model, else products of two tensors."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.ops.merges import Frame, joined
from symnet.frontends.onnx.values import Array, Flow, Value
from symnet.layers.kinds.dense import Dense
from symnet.layers.kinds.merges import Add
from symnet.layers.kinds.products import MatMul
from symnet.layers.kinds.rescaling import Rescaling
from symnet.terms.term import Term

__all__ = ["PRODUCTS"]


def _dense(call: Call, flow: Flow, kernel: Array, inputs: Term, units: Term, bias: Array | None) -> Flow:
    """A dense layer along the last dimension."""
    weights = {"kernel": kernel} | ({} if bias is None else {"bias": bias})
    axis = "last" if len(flow.shape.dims) > 1 else None
    size = flow.shape.dims[flow.place(-1)]
    if size.constant is not None and size.constant != inputs.constant:
        raise LayerError(f"its weights are for {inputs.constant} inputs, and the last dimension has {size.constant}")
    layer = Dense(units, bias=bias is not None, axis=axis, inputs=None if size is inputs else inputs)
    return flow.on(call.add(layer, flow.tensor, weights=weights))


def _last(flow: Flow) -> bool:
    """Whether the last dimension is a size, and the last one."""
    return flow.batch != flow.rank - 1 and flow.groups[-1] == (len(flow.shape.dims) - 1,)


def _matmul(call: Call, one: int = 0, two: int = 1) -> Value:
    left, right = call.value(one), call.value(two)
    if isinstance(left, Array) and isinstance(right, Array):
        left = call.flow(one)
    if isinstance(right, Array) and right.rank == 2 and right.sources and isinstance(left, Flow):
        flow = call.tight(left)
        if _last(flow):
            bias = _bias_after(call, right.dims[1])
            return _dense(call, flow, right, right.dims[0], right.dims[1], bias)
    return _product(call, *(call.tight(value) if isinstance(value, Flow) else value for value in (left, right)))


def _bias_after(call: Call, units: Term) -> Array | None:
    """What the next node adds to each unit, if nothing else reads the product; that node is then part of the layer."""
    name = call.node.output[0]
    following = call.state.only_reader(name)
    if following is None or following.op_type != "Add" or following.domain not in ("", "ai.onnx"):
        return None
    other = [read for read in following.input if read != name]
    found = call.state.values.get(other[0]) if len(other) == 1 else None
    if not isinstance(found, Array) or not found.real or not found.sources or not found.rank:
        return None
    if found.dims[-1] is not units or any(size.constant != 1 for size in found.dims[:-1]) or found.rank > 2:
        return None
    call.state.fuse(following, name)
    return found


def _product(call: Call, left: Value, right: Value) -> Value:
    """Two tensors: the sizes before the matrices are aligned at the end."""
    if left.rank < 2 or right.rank < 2:
        raise LayerError("multiplies a vector, which is a batch of numbers")
    operands: list[Value] = [left, right]
    frame = Frame(operands)
    rows = [operand.batch for operand in operands if isinstance(operand, Flow) and operand.batch == operand.rank - 1]
    if rows or (isinstance(right, Flow) and right.batch == right.rank - 2):
        raise LayerError("sums over the batch, or has a matrix for columns of it")
    if isinstance(left, Flow) and left.batch == left.rank - 2:
        return _rows(call, left, right)
    tensors = joined(call, operands, frame)
    return Flow(call.add(MatMul(), *tensors), frame.groups, frame.batch, frame.lead)


def _rows(call: Call, left: Flow, right: Value) -> Value:
    """The samples are the rows of the left matrix; the right one is the same for all."""
    if (isinstance(right, Flow) and right.batch is not None) or left.merged or right.rank != 2 or left.rank != 2:
        raise LayerError("has the batch as rows, and other tensors for each sample")
    matrix = right if isinstance(right, Flow) else call.placed(right, call.node.input[1])
    return left.on(call.add(MatMul(), left.tensor, matrix.tensor))


def _gemm(call: Call) -> Value:
    flow, right, across = call.flow(0), call.value(1), bool(call.attribute("transB", 0))
    if call.attribute("transA", 0) or flow.rank != 2 or flow.batch == 1:
        raise LayerError("sums over the batch: its first matrix has samples in columns")
    bias = call.inputs[2] if call.has(2) else None
    if isinstance(right, Flow):
        raise LayerError("multiplies with a second tensor of the input, which has a batch of its own")
    if across:
        right = right.like(right.dims[::-1])
    inputs, units = right.dims
    plain = isinstance(bias, Array) and [size for size in bias.dims if size.constant != 1] in ([units], [])
    if isinstance(bias, Array) and plain and bias.count == units.constant:
        return _dense(call, flow, right, inputs, units, bias)
    found = _dense(call, flow, right, inputs, units, None)
    return found if bias is None else _offset(call, found, bias)


def _offset(call: Call, flow: Flow, bias: Value) -> Flow:
    if isinstance(bias, Array) and bias.count == 1 and not bias.trained:
        return flow.on(call.add(Rescaling(offset=call.scale(2)), flow.tensor, name="bias"))
    operands: Sequence[Value] = (flow, bias if isinstance(bias, Array) else call.tight(bias))
    frame = Frame(operands)
    tensors = joined(call, operands, frame, (call.node.input[0], call.node.input[2]))
    return Flow(call.add(Add(), *tensors, name="bias"), frame.groups, frame.batch, frame.lead)


PRODUCTS: dict[str, Handler] = {
    "MatMul": _matmul,
    "MatMulInteger": _matmul,
    "QLinearMatMul": lambda call: _matmul(call, 0, 3),
    "Gemm": _gemm,
}
