"""All operators of the domain com.microsoft that become layers, by name."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.ops.activations import activation
from symnet.frontends.onnx.ops.contributed.attention import FUSED_ATTENTION
from symnet.frontends.onnx.ops.contributed.joining import activated, added, in_layout
from symnet.frontends.onnx.ops.contributed.normalization import FUSED_NORMALIZATION
from symnet.frontends.onnx.ops.contributed.products import FUSED_PRODUCTS
from symnet.frontends.onnx.ops.table import OPERATORS
from symnet.frontends.onnx.ops.windows import convolved
from symnet.frontends.onnx.values import Value
from symnet.frontends.ops.arranging import unsqueezed
from symnet.frontends.ops.joining import concatenated, joined
from symnet.frontends.ops.selecting import parts
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.elementwise import Dropout
from symnet.layers.kinds.merges import Add, Multiply

__all__ = ["CONTRIBUTED"]

#: Operators that onnxruntime has as ONNX has them.
_STANDARD = (
    "DequantizeLinear", "GatherND", "Gelu", "GridSample", "Pad", "QuantizeLinear", "RotaryEmbedding", "Trilu",
)  # fmt: skip


def _function(name: str, *inputs: int) -> Handler:
    """A function of the first input, to which those of these numbers are added; it keeps all sizes."""
    return lambda call: activation(call, added(call, call.flow(0), *inputs, name="bias"), name)


def _convolved(call: Call) -> Value:
    """A convolution, plus a tensor, through an activation."""
    return activated(call, added(call, convolved(call), 3))


def _gated(call: Call) -> Value:
    """Half of the features times the other half through GELU."""
    x = added(call, call.flow(0), 1, name="bias")
    half, gate = parts(call, x, x.ndim - 1, 2, "half")
    return joined(call, Multiply(), [half, activated(call, gate, "gelu")], call.word)


def _dropped(call: Call) -> Sequence[Value]:
    made = call.on(added(call, call.flow(0), 1, 2, name="bias"), Dropout(None))
    return made, made


def _of_quantized(layer: type[Layer]) -> Handler:
    """Two tensors, each followed by its scale and zero point."""
    return lambda call: joined(call, layer(), call.operands((0, 3)), call.word)


def _concatenated(call: Call) -> Value:
    """Tensors along a dimension, each followed by its scale and zero point, after those of the output."""
    flows: list[Flow] = call.operands(range(2, len(call.inputs), 3))
    return concatenated(call, flows, call.dimension(call.attribute("axis", 1), flows[0].ndim), call.word)


def _with_dimension(call: Call) -> Value:
    x, axis = call.flow(0), call.terms(1)[0].constant
    if axis is None:
        raise LayerError("adds a dimension at a place that is not known before the model runs")
    return unsqueezed(call, x, call.dimension(axis, x.ndim + 1), call.word)


CONTRIBUTED: dict[str, Handler] = {
    **{name: OPERATORS[name] for name in _STANDARD},
    **FUSED_PRODUCTS,
    **FUSED_NORMALIZATION,
    **FUSED_ATTENTION,
    "FusedConv": _convolved,
    "NhwcMaxPool": in_layout(OPERATORS["MaxPool"]),
    "QLinearAveragePool": in_layout(OPERATORS["AveragePool"]),
    "QLinearGlobalAveragePool": in_layout(OPERATORS["GlobalAveragePool"]),
    "BiasGelu": _function("gelu", 1),
    "FastGelu": _function("gelu", 1),
    "QuickGelu": _function("quickgelu"),
    "BiasAdd": lambda call: added(call, call.flow(0), 1, 2),
    "BiasSplitGelu": _gated,
    "BiasSoftmax": lambda call: activated(call, added(call, call.flow(0), 1), "softmax"),
    "BiasDropout": _dropped,
    "QLinearAdd": _of_quantized(Add),
    "QLinearMul": _of_quantized(Multiply),
    "QLinearConcat": _concatenated,
    "QLinearSigmoid": _function("sigmoid"),
    "QLinearLeakyRelu": _function("leakyrelu"),
    "QLinearSoftmax": _function("softmax"),
    "Inverse": _function("inverse"),
    "ExpandDims": _with_dimension,
}
