"""Operators that keep every size: activations, elementwise functions, and operators that only move data."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.frameworks.convention import ONNX
from symnet.frameworks.tables.activations import names_by_framework
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.constants.numbers import as_fraction
from symnet.frontends.onnx.values import Array, Value
from symnet.layers.kinds.elementwise import Activation, Dropout

__all__ = ["POINTWISE", "activation"]

#: Elementwise functions that no other framework has under this name; the common ones are in the table of activations.
_FURTHER = {
    "Shrink": "hardshrink", "Bernoulli": "bernoulli", "RandomNormalLike": "randomnormal",
    "RandomUniformLike": "randomuniform", "Binarizer": "binarizer",
}  # fmt: skip

#: Functions along one dimension, which must not be the batch.
_ALONG = {
    "Softmax": ("softmax", -1), "LogSoftmax": ("logsoftmax", -1), "Hardmax": ("hardmax", -1),
    "LpNormalization": ("lpnormalization", -1), "CumSum": ("cumsum", None), "CumProd": ("cumprod", None),
}  # fmt: skip

#: Operators that return the same numbers in another representation.
_IDENTITIES = (
    "Identity", "Cast", "CastLike", "QuantizeLinear", "DequantizeLinear", "StopGradient", "BitCast",
)  # fmt: skip


def activation(call: Call, flow: Flow, function: str, **more: object) -> Flow:
    """Places an elementwise function."""
    return call.on(flow, Activation(function, **more))


def _function(name: str) -> Handler:
    def apply(call: Call) -> Value:
        alpha = call.attribute("alpha")
        more = {"alpha": f"{alpha:.7g}"} if alpha is not None else {}
        return activation(call, call.flow(), name, **more)

    return apply


def _along(name: str, usual: int | None) -> Handler:
    def apply(call: Call) -> Value:
        flow = call.flow()
        old = call.opset < 13 and name in ("softmax", "logsoftmax", "hardmax")
        axis = (call.ints("axis", 1) or [0])[0] if usual is None else call.attribute("axis", 1 if old else usual)
        axis = call.dimension(axis, flow.ndim)
        if old and flow.batch is not None and axis < flow.batch:
            raise LayerError(f"works along dimension {axis}, which stands before the batch")
        flow, place = call.axis_of(flow, axis)
        if name != "softmax" or (old and axis != flow.ndim - 1):
            return activation(call, flow, name)
        return activation(call, flow, name, axis=place)

    return apply


def _identity(call: Call) -> Value:
    return call.value(0)


def _quantized(call: Call) -> tuple[Value, Value, Value]:
    """The input, and the scale and zero point that quantization computes."""
    return call.value(0), Array((), bits=24), Array(())


def _dropout(call: Call) -> tuple[Value, Value]:
    flow, rate = call.flow(), call.attribute("ratio")
    if rate is None and call.has(1):
        known = call.array(1).entries
        number = None if known is None else as_fraction(known.reshape(-1)[0])
        rate = None if number is None else float(number)
    found = call.on(flow, Dropout(None if rate is None else f"{rate:.7g}"))
    return found, found


def _clip(call: Call) -> Value:
    flow = call.flow()
    ends = []
    for index, name in enumerate(("min", "max"), 1):
        end = call.attribute(name)
        bound = call.inputs[index] if call.has(index) else None
        if end is None and isinstance(bound, Array) and bound.entries is not None:
            number = as_fraction(bound.entries.reshape(-1)[0])
            end = None if number is None else float(number)
        ends.append(end)
    return activation(call, flow, "relu6" if ends == [0.0, 6.0] else "clip")


def _first(name: str) -> Handler:
    """A handler for a function of the first input; the other inputs are settings."""

    def apply(call: Call) -> Value:
        return activation(call, call.flow(), name)

    return apply


def _trilu(call: Call) -> Value:
    flow = call.flow()
    if flow.batch is not None and flow.batch >= flow.ndim - 2:
        raise LayerError("works on the last two dimensions, and one of them holds the batch")
    return activation(call, flow, "trilu")


def _standardized(call: Call) -> Value:
    """MeanVarianceNormalization, which also averages over the batch and changes no size."""
    return activation(call, call.flow(), "meanvariancenormalization")


POINTWISE: dict[str, Handler] = {
    **{op: _function(name) for op, name in {**names_by_framework(ONNX), **_FURTHER}.items()},
    **{op: _along(name, axis) for op, (name, axis) in _ALONG.items()},
    **dict.fromkeys(_IDENTITIES, _identity),
    "Dropout": _dropout,
    "Clip": _clip,
    "Trilu": _trilu,
    "MeanVarianceNormalization": _standardized,
    "DynamicQuantizeLinear": _quantized,
    "RotaryEmbedding": _first("rotaryembedding"),
    "ReverseSequence": _first("reversesequence"),
    "ScatterND": _first("scatter"),
    "EyeLike": _first("eyelike"),
}
