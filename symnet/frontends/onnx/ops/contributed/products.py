"""Matrix products of onnxruntime: transposed, with packed or quantized numbers, with a bias and an activation behind."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.ops.contributed.joining import activated, added
from symnet.frontends.onnx.ops.products import dense, matrix_product
from symnet.frontends.onnx.values import Array, Source, Value
from symnet.frontends.ops.arranging import permuted
from symnet.frontends.ops.multiplying import multiplied
from symnet.terms.term import integer

__all__ = ["FUSED_PRODUCTS"]


def _across(call: Call, x: Flow, name: str) -> Flow:
    """The tensor with its last two dimensions changed over."""
    return permuted(call, x, [*range(x.ndim - 2), x.ndim - 1, x.ndim - 2], name)


def _product(call: Call) -> Flow:
    """The product of the first two inputs, either one transposed if asked for."""
    if call.attribute("transBatchA", 0) or call.attribute("transBatchB", 0):
        raise LayerError("changes rows over with what stands before them")
    x, right = call.flow(0), call.value(1)
    if call.attribute("transA", 0):
        x = _across(call, x, "rows")
    if isinstance(right, Array) and right.rank == 2 and right.sources and x.batch != x.ndim - 1:
        matrix = right.like(right.dims[::-1]) if call.attribute("transB", 0) else right
        return dense(call, x, matrix, matrix.dims[0], matrix.dims[1], None)
    other = call.flow(1)
    return multiplied(call, x, _across(call, other, "columns") if call.attribute("transB", 0) else other, call.word)


def _with_bias(call: Call) -> Value:
    """A product, its bias if there is one, and an activation."""
    made = added(call, _product(call), 2, name="bias")
    return activated(call, made, "gelu" if call.op == "GemmFastGelu" else None)


def _packed(call: Call) -> Value:
    """A dense layer whose K × N numbers are packed, some bits each."""
    x, packed = call.flow(0), call.array(1)
    inputs, units = (integer(call.attribute(name, 0)) for name in ("K", "N"))
    name = f"{packed.sources[0].name if packed.sources else call.node.input[1]} unpacked"
    call.state.weights.add(name, [inputs, units], trained=True)
    kernel = Array([inputs, units], sources=(Source(name),), trained=True)
    return dense(call, x, kernel, inputs, units, call.array(5) if call.has(5) else None)


def _with_last_bias(index: int, right: int = 1) -> Handler:
    """A product of quantized numbers, whose bias is the input ``index``."""
    return lambda call: added(call, matrix_product(call, 0, right), index, name="bias")


FUSED_PRODUCTS: dict[str, Handler] = {
    **dict.fromkeys(
        ("FusedMatMul", "TransposeMatMul", "FusedMatMulActivation"), lambda call: activated(call, _product(call))
    ),
    **dict.fromkeys(("FusedGemm", "GemmFastGelu"), _with_bias),
    "MatMulNBits": _packed,
    "DynamicQuantizeMatMul": _with_last_bias(4),
    "MatMulIntegerToFloat": _with_last_bias(6),
    "MatMulInteger16": matrix_product,
}
