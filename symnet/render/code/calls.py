"""What the tables of frameworks say of a layer, in the style of a file: short prefixes, plain first arguments."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from symnet.layers.base import Layer
from symnet.layers.constructing import spelling
from symnet.layers.profile import KERAS, TITLES, TORCH
from symnet.layers.shape import SEQUENCE, Shape
from symnet.layers.written import written
from symnet.render.code.python import Sizes, number
from symnet.render.code.said import Cannot, Said
from symnet.terms.term import integer

__all__ = ["activation", "calls", "rates", "stepped", "with_fields"]

_PREFIX = {TORCH: ("torch.nn.", "nn."), KERAS: ("keras.layers.", "layers.")}

#: Arguments that stand first in their call, in this order: a person leaves their names out.
_FIRST = {
    TORCH: (
        "in_channels", "out_channels", "num_features", "in_features", "out_features", "num_embeddings", "embedding_dim",
        "input_size", "hidden_size", "normalized_shape", "num_groups", "num_channels", "embed_dim", "num_heads", "output_size",
        "num_parameters",
    ),
    KERAS: ("filters", "kernel_size", "pool_size", "units", "input_dim", "output_dim", "output_size"),
}  # fmt: skip

#: Zeros before a pool are not what the pool pads with.
_NOTES = {"Maxpool": "zeros around it, where a max pool pads with −∞", "Avgpool": "the zeros count in the mean"}


def calls(layer: Layer, framework: str, shape: Shape, say: Sizes) -> tuple[tuple[str, ...], str]:
    """The calls of a layer that the tables know, and a remark; raises :class:`Cannot` with their reason."""
    found = written(layer, framework, shape, say)
    if not found.calls:
        raise Cannot(found.why)
    note = _NOTES.get(layer.kind, "") if len(found.calls) > 1 and found.why else ""
    return tuple(_short(call, framework) for call in found.calls), note


def _short(call: str, framework: str) -> str:
    long, short = _PREFIX[framework]
    call = re.sub(r"'([^'\"\\]*)'", r'"\1"', call.replace(long, short))
    start = call.rfind("(", 0, call.find("=")) + 1 if "=" in call else len(call)
    head, rest = call[:start], call[start:]
    kept = ""
    for name in _FIRST[framework]:
        if rest.startswith(f"{name}="):
            value, comma, after = _argument(rest[len(name) + 1 :])
            kept += value + comma
            rest = after
    return head + kept + rest


def _argument(text: str) -> tuple[str, str, str]:
    """The first argument, the comma, and what follows."""
    depth = 0
    for place, sign in enumerate(text):
        if sign == "," and not depth:
            return text[:place], ", ", text[place + 2 :]
        if sign == ")" and not depth:
            return text[:place], "", text[place:]
        depth += (sign in "([") - (sign in ")]")
    return text, "", ""


def rates(layer: Any, **names: str) -> str:
    """``alpha=0.1, k=1.0``: the rates that a layer has, by the framework's names."""
    given = [(theirs, getattr(layer, ours)) for ours, theirs in names.items()]
    return ", ".join(f"{theirs}={number(value)}" for theirs, value in given if value is not None)


#: Activations by the spelling of their names, in each framework; {axis} is the size that sums to 1, {alpha} the coefficient.
_ACTIVATIONS: dict[str, dict[str, str]] = {
    TORCH: {
        "relu": "nn.ReLU()", "relu6": "nn.ReLU6()", "sigmoid": "nn.Sigmoid()", "tanh": "nn.Tanh()",
        "softmax": "nn.Softmax(dim={axis})", "logsoftmax": "nn.LogSoftmax(dim={axis})", "softmin": "nn.Softmin(dim={axis})",
        "softplus": "nn.Softplus()", "softsign": "nn.Softsign()", "elu": "nn.ELU({alpha})", "selu": "nn.SELU()",
        "gelu": "nn.GELU()", "silu": "nn.SiLU()", "swish": "nn.SiLU()", "mish": "nn.Mish()", "hardswish": "nn.Hardswish()",
        "hardsilu": "nn.Hardswish()", "hardsigmoid": "nn.Hardsigmoid()", "hardtanh": "nn.Hardtanh()",
        "leakyrelu": "nn.LeakyReLU({alpha})", "identity": "nn.Identity()", "linear": "nn.Identity()",
        "celu": "nn.CELU({alpha})", "rrelu": "nn.RReLU()", "hardshrink": "nn.Hardshrink({alpha})",
        "logsigmoid": "nn.LogSigmoid()", "softshrink": "nn.Softshrink({alpha})", "softmax2d": "nn.Softmax(dim={channels})",
        "tanhshrink": "nn.Tanhshrink()", "thresholdedrelu": "nn.Threshold({theta}, 0.0)",
    },
    KERAS: {
        "relu": "layers.ReLU()", "relu6": "layers.ReLU(max_value=6)", "softmax": "layers.Softmax({axis})",
        "elu": "layers.ELU({alpha})", "leakyrelu": "layers.LeakyReLU({alpha})", "identity": "layers.Identity()",
        "linear": "layers.Identity()", "softmax2d": "layers.Softmax({channels})",
        "thresholdedrelu": "layers.ReLU(threshold={theta})",
        **{
            spelling(name): f'layers.Activation("{name}")'
            for name in (
                "sigmoid", "tanh", "softplus", "softsign", "selu", "gelu", "silu", "mish", "hard_sigmoid", "hard_tanh",
                "exponential", "celu", "hard_shrink", "log_sigmoid", "soft_shrink", "tanh_shrink", "log_softmax",
            )
        },
        "swish": 'layers.Activation("silu")', "hardswish": 'layers.Activation("hard_silu")',
        "hardsilu": 'layers.Activation("hard_silu")',
    },
}  # fmt: skip

#: What each framework calls the coefficient, and takes for granted.
_ALPHA = {
    TORCH: {"leakyrelu": ("negative_slope", 0.01), "hardshrink": ("lambd", 0.5), "softshrink": ("lambd", 0.5)},
    KERAS: {"leakyrelu": ("negative_slope", 0.3)},
}


def activation(layer: Any, framework: str, axis: int, channels: int) -> Said:
    """An activation; ``axis`` is what a softmax sums along in the framework's numbers, ``channels`` where the channels are."""
    word = spelling(layer.function)
    call = _ACTIVATIONS[framework].get(word)
    theta = number(layer.alpha) if layer.alpha is not None else "1.0"
    if call is None:
        raise Cannot(f"{TITLES[framework]} has no activation of that name")
    if framework == KERAS and word == "logsoftmax" and axis != -1:
        raise Cannot("Keras has log_softmax along the last size only")
    name, usual = _ALPHA[framework].get(word, ("alpha", None))
    _, theirs = _ALPHA.get(layer.framework or "", {}).get(word, ("", usual))
    value = float(layer.alpha) if layer.alpha is not None else theirs
    alpha = "" if value is None or value == usual else f"{name}={number(str(value))}"
    if layer.alpha is not None and "{alpha}" not in call and "{theta}" not in call:
        raise Cannot(f"{TITLES[framework]} has no coefficient in it")
    last = framework == KERAS and axis == -1
    words = {"axis": "" if last else str(axis), "alpha": alpha, "theta": theta, "channels": str(channels)}
    return Said.of(re.sub(r"\{(\w+)\}", lambda match: words[match[1]], call))


def stepped(shape: Shape) -> Shape:
    """What a recurrent layer is given for it: of a vector, one step."""
    return shape.new((integer(1), *shape.dims), SEQUENCE) if len(shape.dims) == 1 else shape


def with_fields(layer: Any, **values: Any) -> Any:
    """The layer with other values, whatever its kind."""
    return replace(layer, **values)
