"""Layers with windows as Keras says them, and the paddings that its layers cannot say."""

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


#: A fault of Keras 3.15, keras/src/backend/tensorflow/numpy.py, add.
_BIAS = "on TensorFlow, Keras 3.15 adds this bias along the last size, which has as many entries as there are filters"


def _window(site: Site) -> Statement:
    ranked(site)
    made = Statement.of(*calls(site.layer, KERAS, site.shape)).having(**penalties(site.layer))
    return _told(made, site).noted(_BIAS if _mistaken_bias(site) else "")


def _mistaken_bias(site: Site) -> bool:
    """Whether a tensor with channels first has as many entries along its last size as channels, and a bias is added."""
    channels, last = site.output.channels.constant, site.output.dims[-1].constant
    return first(site.shape) and getattr(site.layer, "bias", False) and channels is not None and channels == last


def _told(made: Statement, site: Site) -> Statement:
    """With where the channels are; a padding of −∞ is no layer."""
    if len(made.makes) > 1 and made.makes[0][1].target == "keras.ops.pad":
        _, (_, pool) = made.makes
        amounts = pad_amounts(site.layer, site.shape) or ()
        around = ", ".join(f"({_said(before, site)}, {_said(after, site)})" for before, after in amounts)
        whole = f"(0, 0), (0, 0), {around}" if first(site.shape) else f"(0, 0), {around}, (0, 0)"
        return Statement(
            (("", windowed(pool, site.shape)),),
            f'{{m0}}({{ops}}.pad({{x0}}, [{whole}], constant_values=float("-inf")))',
        )
    return replace(made, makes=tuple((end, windowed(make, site.shape)) for end, make in made.makes))


def _said(amount: int | Term, site: Site) -> str:
    return str(amount) if isinstance(amount, int) else site.say(amount)


def _average(site: Site) -> Statement:
    """Amounts of padding are zeros before the pool, which count in its means; not so in TensorFlow and ONNX."""
    layer = site.layer
    found = pad_amounts(layer, site.shape) if layer.padding.mode == EXPLICIT else None
    if found is not None and any(map(any, found)) and layer.framework in (TENSORFLOW, ONNX):
        padded = _window(site.with_fields(framework=None, stride=layer.steps))
        ones = padded.do.replace("{x0}", "{ops}.ones_like({x0})")
        return replace(padded, do=f"{padded.do} / {ones}")
    return _window(site)


def penalties(layer: Any) -> dict[str, Value]:
    """The regularizers of its weights, where it has any, by the names of the arguments that take them."""
    rates = {name: float(getattr(layer, name)) for name in ("l1", "l2") if getattr(layer, name, None) is not None}
    found: dict[str, Value] = {}
    if len(rates) == 1:
        ((name, rate),) = rates.items()
        kernel = Call(f"keras.regularizers.{name.upper()}", (rate,))
    elif rates:
        kernel = Call("keras.regularizers.L1L2", (), tuple(rates.items()))
    if rates:
        found |= dict.fromkeys(_KERNELS.get(layer.kind, ("kernel_regularizer",)), kernel)
    if getattr(layer, "bias_l2", None) is not None:
        found["bias_regularizer"] = Call("keras.regularizers.L2", (float(layer.bias_l2),))
    return found


#: Layers whose kernels' regularizers have other names.
_KERNELS = {
    "Depthwise": ("depthwise_regularizer",),
    "SeparableConv": ("depthwise_regularizer", "pointwise_regularizer"),
    "ConvLSTM": ("kernel_regularizer", "recurrent_regularizer"),
}


def padded_amounts(pairs: tuple[tuple[Term, Term], ...]) -> Value:
    """Amounts before and after each axis: one number where all are the same."""
    if len({amount for pair in pairs for amount in pair}) == 1:
        return pairs[0][0]
    return pairs[0] if len(pairs) == 1 else pairs


def _transposed(site: Site) -> Statement:
    """With amounts of padding: without them, and what they would have cut off cropped."""
    layer = site.layer
    amounts = [amount for pair in layer.padding.pairs for amount in pair]
    if layer.padding.mode != EXPLICIT or layer.output is not None or all(a.constant == 0 for a in amounts):
        return _window(site)
    ranked(site)
    added = layer.output_padding or (integer(0),)
    whole = with_fields(layer, padding=Padding(), output_padding=added)
    (call,) = calls(whole, KERAS, site.shape)
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


#: By kind of layer.
KERAS_WINDOWS: dict[str, Handler] = {
    **dict.fromkeys(("Conv", "Depthwise", "SeparableConv", "Maxpool"), _window),
    "Avgpool": _average,
    "Deconv": _transposed,
    **dict.fromkeys(("AdaptiveAvgPool", "AdaptiveMaxPool"), _adaptive),
    "LpPool": _no("Keras has no such layer"),
    "GlobalAvgPool": _global("Average"),
    "GlobalMaxPool": _global("Max"),
}
