"""Writes a single layer as code of a framework, for ``explain``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symnet.frameworks.calls import Call, Name, Square, Value, printed
from symnet.frameworks.convention import ONNX, TENSORFLOW, TITLES, TORCH
from symnet.frameworks.tables import CONVENTIONS
from symnet.layers.declaration.axes import indices_of_axes
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.fields import FieldSpec
from symnet.layers.kinds.spatial import amounts
from symnet.layers.laws.padding import Padding
from symnet.network.propagate import Placed
from symnet.render.code.activations import activation
from symnet.render.code.framework_calls import calls_or_reason
from symnet.render.code.keras_layers import KERAS_LAYERS
from symnet.render.code.keras_training import trained_in_keras
from symnet.render.code.program import statement_of
from symnet.render.code.python import SizePrinter, filled, with_symbols_after
from symnet.render.code.statement import Cannot, Site
from symnet.render.code.torch_layers import TORCH_LAYERS
from symnet.render.code.torch_training import trained_in_torch
from symnet.terms.term import Term, integer

__all__ = ["Lines", "lines_of"]


class Lines:
    """The code of one layer: ``lines`` in order, empty where the framework cannot express it; ``why`` is the reason for that,
    or for a second line; ``helpers`` are the definitions of generated code that the lines use.
    """

    def __init__(self, lines: tuple[str, ...], why: str = "", helpers: tuple[str, ...] = ()) -> None:
        self.lines, self.why, self.helpers = lines, why, helpers


def lines_of(record: Placed, framework: str) -> Lines:
    """Returns the code of one layer of a network; its inputs are called ``x``, ``y`` and ``z``.

    >>> from symnet.network.network import Network
    >>> record = Network.parse("(96*55*55) -> LogSoftmax|axis=1").placed[1]
    >>> lines_of(record, "keras").lines, lines_of(record, "torch").lines, lines_of(record, "onnx").lines
    (('keras.ops.log_softmax(x, axis=1)',), ('torch.nn.LogSoftmax(dim=1)',), ('LogSoftmax(axis=1)',))
    """
    layer = record.layer
    if layer is None:
        return Lines((), "an input is no layer")
    row = CONVENTIONS[layer.kind][framework]
    one_step = layer.sequential and len(record.inputs[0].dims) == 1 if record.inputs else False
    in_table = len(record.inputs) == 1 and not one_step and _has_columns(layer, framework)
    if in_table:
        layer_calls = calls_or_reason(layer, framework, record.inputs[0])
        if layer_calls.calls:
            return Lines(tuple(map(printed, layer_calls.calls)), layer_calls.why)
        if framework in (TENSORFLOW, ONNX):
            return Lines((), f"{layer_calls.why}; {row.instead}" if row.instead else layer_calls.why)
    try:
        if framework == ONNX:
            return _onnx_lines(record)
        if row.target == "tf.nn.local_response_normalization":
            return Lines((printed(_local_response(layer)),))
        return _statement_lines(record, framework)
    except Cannot as why:
        no_layer = f"{TITLES[framework]} has no such layer"
        return Lines((), f"{no_layer}; {row.instead}" if not row.target and row.instead else str(why))


#: Kinds for which the table ``CONVENTIONS`` has the name of every argument.
_NAMED = (
    "Conv", "Depthwise", "SeparableConv", "Deconv", "Maxpool", "Avgpool", "LpPool", "GlobalAvgPool", "GlobalMaxPool",
    "AdaptiveAvgPool", "AdaptiveMaxPool", "FC", "Embedding", "BN", "LayerNorm", "GroupNorm", "RMSNorm", "RNN", "GRU", "LSTM",
    "ConvLSTM", "MultiHeadAttention", "PReLU",
)  # fmt: skip


def _has_columns(layer: Layer, framework: str) -> bool:
    return layer.kind in _NAMED or (layer.kind == "InstanceNorm" and framework in (TORCH, ONNX))


def _statement_lines(record: Placed, framework: str) -> Lines:
    """Returns what generated code does for the layer, as one expression."""
    say = SizePrinter()
    handlers, trained = (TORCH_LAYERS, trained_in_torch) if framework == TORCH else (KERAS_LAYERS, trained_in_keras)
    row = CONVENTIONS[record.layer.kind if record.layer else ""][framework]
    statement = statement_of(Site(record, say), handlers, trained)
    if not row.target and row.instead.startswith("leave it out"):
        return Lines((), f"{TITLES[framework]} has no such layer; {row.instead}")
    tensorflow = framework == TENSORFLOW
    names = {f"m{index}": _text(make, say, tensorflow) for index, (_, make) in enumerate(statement.makes)}
    alone = len(statement.makes) == 1 and statement.chained
    if alone:
        return Lines((names["m0"],), "; ".join(statement.notes), statement.helpers)
    names |= {f"x{index}": word for index, word in enumerate(("x", "y", "z", *(f"x{n}" for n in range(4, 99))))}
    keras = "tf.keras" if tensorflow else "keras"
    names |= {"ops": f"{keras}.ops", "activations": f"{keras}.activations", "entry": "x", "factors": "factors"}
    if statement.before:  # each expression may use the one before as {factors}
        for expression in statement.before:
            names["factors"] = filled(expression, names)
    line = with_symbols_after(filled(statement.do, names)).replace("nn.functional.", "torch.nn.functional.")
    return Lines((line,), "; ".join(statement.notes), statement.helpers)


def _text(call: Call, say: Callable[[Term], str], tensorflow: bool) -> str:
    return with_symbols_after(printed(_prefixed(call) if tensorflow else call, say))


def _prefixed(call: Call) -> Call:
    """Returns a Keras call as a call of ``tf.keras``, its arguments too."""

    def inner(value: Value) -> Value:
        return _prefixed(value) if isinstance(value, Call) else value

    target = f"tf.{call.target}" if call.target.startswith("keras.") else call.target
    return Call(target, tuple(map(inner, call.positional)), tuple((n, inner(v)) for n, v in call.named), call.method)


def _local_response(layer: Layer) -> Call:
    """Returns TensorFlow's call, which counts the channels on either side and does not divide alpha by their number."""
    size = getattr(layer, "channels", integer(5)).constant
    if size is None or size % 2 == 0:
        raise Cannot("TensorFlow has it for an odd number of channels")
    alpha, beta, bias = (float(getattr(layer, name) or usual) for name, usual in _RATES)
    named: tuple[tuple[str, Value], ...] = (
        ("depth_radius", size // 2), ("bias", bias), ("alpha", round(alpha / size, 12)), ("beta", beta)
    )  # fmt: skip
    return Call("tf.nn.local_response_normalization", (Name("x"),), named)


_RATES = (("alpha", "0.0001"), ("beta", "0.75"), ("bias", "1"))


# ---- ONNX ----------------------------------------------------------------------------------------------------------


def _onnx_lines(record: Placed) -> Lines:
    """Returns the ONNX operator with the attributes that differ from its defaults."""
    layer = record.layer
    if layer is None:
        raise Cannot("an input is no layer")
    row = CONVENTIONS[layer.kind][ONNX]
    if not row.target:
        raise Cannot("ONNX has no such operator")
    if layer.kind == "Activation":
        rank = len(record.inputs[0].dims)
        axis = getattr(layer, "axis", None)
        axis_index = record.inputs[0].channel_index if axis is None else min(indices_of_axes((axis,), rank))
        call = activation(Site(record, SizePrinter()), ONNX, axis_index + 1, record.inputs[0].channel_index + 1).makes[
            0
        ][1]
        return Lines((printed(call),))
    specs = {spec.name: spec for spec in layer.specs()}
    attributes: dict[str, Value] = {}
    for name, attribute in row.arguments.items():
        if attribute.isidentifier() and name in specs:
            value = _attribute(layer, specs[name], len(record.inputs[0].dims) if record.inputs else 0)
            if value is not None and str(value) != str(row.defaults.get(name, "")):
                attributes[attribute] = value
    target = row.target if layer.kind not in ("Reduce", "Combine") else _OPERATORS.get(layer.function.lower(), "")  # type: ignore[attr-defined]
    if not target:
        raise Cannot("symnet does not know how this function is written there")
    return Lines((printed(Call(target, (), tuple((attributes | dict(row.fixed)).items()))),))


_OPERATORS = {
    "argmax": "ArgMax", "argmin": "ArgMin", "logsumexp": "ReduceLogSumExp", "l1": "ReduceL1", "l2": "ReduceL2",
    "divide": "Div", "power": "Pow",
}  # fmt: skip


def _attribute(layer: Any, spec: FieldSpec, rank: int) -> Any:
    """Returns the value of a field as an ONNX attribute; axes are counted with the batch as axis 0."""
    value = getattr(layer, spec.name)
    if value is None:
        return None
    if spec.name == "axis" and layer.kind == "Concat":
        return value
    if spec.name == "order":
        return Square((0, *(index + 1 for index in indices_of_axes(value, rank, "size"))))
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Padding):
        return Square(tuple(entry for pair in zip(*amounts(value, rank - 1), strict=True) for entry in pair))
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else Square(value)
    if spec.kind == "number":
        return float(value)
    return value
