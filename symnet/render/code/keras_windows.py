"""Keras statements of layers with windows, and of paddings that these layers have no argument for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symnet.frameworks.calls import Call, Value
from symnet.frameworks.convention import KERAS, ONNX, TENSORFLOW
from symnet.layers.laws.padding import EXPLICIT, Padding
from symnet.render.code.framework_calls import calls, pad_amounts, with_fields
from symnet.render.code.keras_layout import first, ranked, windowed
from symnet.render.code.statement import Cannot, Handler, Site, Statement
from symnet.terms.term import Term, integer

__all__ = ["KERAS_WINDOWS", "padded_amounts", "penalties"]


#: A bug of Keras 3.15 in keras/src/backend/tensorflow/numpy.py, function add.
_BIAS = "on TensorFlow, Keras 3.15 adds this bias along the last size, which has as many entries as there are filters"


def _window(site: Site) -> Statement:
    ranked(site)
    made = Statement.of(*calls(site.layer, KERAS, site.shape)).having(**penalties(site.layer))
    return _with_layout(made, site).noted(_BIAS if _mistaken_bias(site) else "")


def _mistaken_bias(site: Site) -> bool:
    """Returns whether the bug ``_BIAS`` occurs: channels first, a bias, and as many channels as entries on the last axis."""
    channels, last = site.output.channels.constant, site.output.dims[-1].constant
    return first(site.shape) and getattr(site.layer, "bias", False) and channels is not None and channels == last


def _with_layout(made: Statement, site: Site) -> Statement:
    """Returns the statement with ``data_format``; a padding with −∞, for which there is no layer, becomes ``ops.pad``."""
    if len(made.makes) > 1 and made.makes[0][1].target == "keras.ops.pad":
        _, (_, pool) = made.makes
        amounts = pad_amounts(site.layer, site.shape) or ()
        around = ", ".join(f"({_amount_text(before, site)}, {_amount_text(after, site)})" for before, after in amounts)
        pads = f"(0, 0), (0, 0), {around}" if first(site.shape) else f"(0, 0), {around}, (0, 0)"
        return Statement(
            (("", windowed(pool, site.shape)),),
            f'{{m0}}({{ops}}.pad({{x0}}, [{pads}], constant_values=float("-inf")))',
        )
    return replace(made, makes=tuple((suffix, windowed(make, site.shape)) for suffix, make in made.makes))


def _amount_text(amount: int | Term, site: Site) -> str:
    return str(amount) if isinstance(amount, int) else site.say(amount)


def _average(site: Site) -> Statement:
    """Returns the statement of an average pool. Keras counts zeros padded before it in the means; TensorFlow and ONNX do not,
    so for them it divides by the pool of ones.
    """
    layer = site.layer
    amounts = pad_amounts(layer, site.shape) if layer.padding.mode == EXPLICIT else None
    if amounts is not None and any(map(any, amounts)) and layer.framework in (TENSORFLOW, ONNX):
        padded = _window(site.with_fields(framework=None, stride=layer.steps))
        ones = padded.do.replace("{x0}", "{ops}.ones_like({x0})")
        return replace(padded, do=f"{padded.do} / {ones}")
    return _window(site)


def penalties(layer: Any) -> dict[str, Value]:
    """Returns the regularizers of the layer's weights by argument name."""
    rates = {name: float(getattr(layer, name)) for name in ("l1", "l2") if getattr(layer, name, None) is not None}
    regularizers: dict[str, Value] = {}
    if len(rates) == 1:
        ((name, rate),) = rates.items()
        kernel = Call(f"keras.regularizers.{name.upper()}", (rate,))
    elif rates:
        kernel = Call("keras.regularizers.L1L2", (), tuple(rates.items()))
    if rates:
        regularizers |= dict.fromkeys(_KERNELS.get(layer.kind, ("kernel_regularizer",)), kernel)
    if getattr(layer, "bias_l2", None) is not None:
        regularizers["bias_regularizer"] = Call("keras.regularizers.L2", (float(layer.bias_l2),))
    return regularizers


#: Argument names of kernel regularizers, where they are not ``kernel_regularizer``.
_KERNELS = {
    "Depthwise": ("depthwise_regularizer",),
    "SeparableConv": ("depthwise_regularizer", "pointwise_regularizer"),
    "ConvLSTM": ("kernel_regularizer", "recurrent_regularizer"),
}


def padded_amounts(pairs: tuple[tuple[Term, Term], ...]) -> Value:
    """Returns the amounts before and after each axis in Keras's shortest form: one number where all are equal."""
    if len({amount for pair in pairs for amount in pair}) == 1:
        return pairs[0][0]
    return pairs[0] if len(pairs) == 1 else pairs


def _transposed(site: Site) -> Statement:
    """Returns the statement of a transposed convolution. Explicit padding, which Keras does not have, becomes a cropping after
    the unpadded layer.
    """
    layer = site.layer
    amounts = [amount for pair in layer.padding.pairs for amount in pair]
    if layer.padding.mode != EXPLICIT or layer.output is not None or all(a.constant == 0 for a in amounts):
        return _window(site)
    ranked(site)
    added = layer.output_padding or (integer(0),)
    unpadded = with_fields(layer, padding=Padding(), output_padding=added)
    (call,) = calls(unpadded, KERAS, site.shape)
    around = padded_amounts(tuple(layer.padding.amounts(axis) for axis in range(site.rank)))
    crop = windowed(Call(f"keras.layers.Cropping{site.rank}D", (around,)), site.shape)
    made = windowed(call.having(**penalties(layer)), site.shape)
    return Statement((("", made), ("_crop", crop)), "{m1}({m0}({x0}))").noted(_BIAS if _mistaken_bias(site) else "")


def _global(function: str) -> Handler:
    def handler(site: Site) -> Statement:
        ranked(site)
        named: tuple[tuple[str, Value], ...] = (("keepdims", True),) if len(site.output.dims) > 1 else ()
        return Statement.of(windowed(Call(f"keras.layers.Global{function}Pooling{site.rank}D", (), named), site.shape))

    return handler


def _adaptive(site: Site) -> Statement:
    return replace(_window(site), fixed=True)


def _no(why: str) -> Handler:
    def handler(site: Site) -> Statement:
        raise Cannot(why)

    return handler


#: The function that makes the statement of each kind of layer.
KERAS_WINDOWS: dict[str, Handler] = {
    **dict.fromkeys(("Conv", "Depthwise", "SeparableConv", "Maxpool"), _window),
    "Avgpool": _average,
    "Deconv": _transposed,
    **dict.fromkeys(("AdaptiveAvgPool", "AdaptiveMaxPool"), _adaptive),
    "LpPool": _no("Keras has no such layer"),
    "GlobalAvgPool": _global("Average"),
    "GlobalMaxPool": _global("Max"),
}
