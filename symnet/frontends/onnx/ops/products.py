"""Matrix products: dense layers if one matrix is an array of the model, else products of two tensors."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.values import Array, Value
from symnet.frontends.ops.arranging import ordered, permuted, whole
from symnet.frontends.ops.joining import joined
from symnet.frontends.ops.multiplying import multiplied
from symnet.layers.kinds.dense import Dense
from symnet.layers.kinds.merges import Add
from symnet.layers.kinds.rescaling import Rescaling
from symnet.terms.term import Term

__all__ = ["PRODUCTS", "dense", "matrix_product"]


def dense(call: Call, x: Flow, kernel: Array, inputs: Term, units: Term, bias: Array | None) -> Flow:
    """Places a dense layer of ``units`` along the last dimension."""
    weights = {"kernel": kernel} | ({} if bias is None else {"bias": bias})
    x = (whole if x.places[-1] is None else ordered)(call, x, "")
    size = x.sizes[-1]
    if size.constant is not None and size.constant != inputs.constant:
        raise LayerError(f"its weights are for {inputs.constant} inputs, and the last dimension has {size.constant}")
    axis = "last" if len(x.dims) > 1 else None
    layer = Dense(units, bias=bias is not None, axis=axis, inputs=None if size is inputs else inputs)
    return call.on(x, layer, weights=weights)


def matrix_product(call: Call, one: int = 0, two: int = 1) -> Flow:
    """The product of two inputs: a dense layer if the second one is a matrix of the file."""
    left, right = call.value(one), call.value(two)
    if isinstance(right, Array) and right.rank == 2 and right.sources:
        x = call.single(call.flow(one), call.flow(one).ndim - 1)
        if x.ndim and x.batch != x.ndim - 1:
            return dense(call, x, right, right.dims[0], right.dims[1], _bias_after(call, right.dims[1]))
    left, right = (value if isinstance(value, Flow) else call.flow(at) for value, at in ((left, one), (right, two)))
    return multiplied(call, left, right, call.word)


def _bias_after(call: Call, units: Term) -> Array | None:
    """The bias that the next node adds, if nothing else reads the product; that node then becomes part of the layer."""
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


def _gemm(call: Call) -> Value:
    x, right = call.flow(0), call.value(1)
    if x.ndim != 2:
        raise LayerError(f"multiplies matrices, and its first input has {x.ndim} dimensions")
    if call.attribute("transA", 0):
        x = permuted(call, x, (1, 0), "rows")
    bias = call.inputs[2] if call.has(2) else None
    across = bool(call.attribute("transB", 0))
    if isinstance(right, Flow) or x.batch == 1:
        matrix = call.flow(1)
        found = multiplied(call, x, permuted(call, matrix, (1, 0), "columns") if across else matrix, call.word)
        return found if bias is None else _offset(call, found, bias)
    if across:
        right = right.like(right.dims[::-1])
    inputs, units = right.dims
    plain = isinstance(bias, Array) and [size for size in bias.dims if size.constant != 1] in ([units], [])
    if isinstance(bias, Array) and plain and bias.count == units.constant:
        return dense(call, x, right, inputs, units, bias)
    found = dense(call, x, right, inputs, units, None)
    return found if bias is None else _offset(call, found, bias)


def _offset(call: Call, x: Flow, bias: Value) -> Flow:
    if isinstance(bias, Array) and bias.count == 1 and not bias.trained:
        return call.on(x, Rescaling(offset=call.scale(2)), "bias")
    other = bias if isinstance(bias, Flow) else call.placed(bias, call.node.input[2], [x])
    return joined(call, Add(), [x, other], "bias")


PRODUCTS: dict[str, Handler] = {
    "MatMul": matrix_product,
    "MatMulInteger": matrix_product,
    "QLinearMatMul": lambda call: matrix_product(call, 0, 3),
    "Gemm": _gemm,
}
