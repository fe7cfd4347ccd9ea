"""Layers that work on each number by itself: sizes pass through unchanged."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.layers.base import Applied, Example, Layer
from symnet.layers.fields import number, words
from symnet.layers.shape import Shape

__all__ = ["Activation", "Dropout"]


@dataclass(frozen=True)
class Activation(Layer):
    """An activation without parameters: ReLU, sigmoid, tanh, softmax, …

    >>> Activation("relu").notation
    'Activation|"relu"'
    """

    kind = "Activation"
    prefix = "activation"
    aliases = {
        name: {"function": name}
        for name in (
            "relu", "relu6", "sigmoid", "tanh", "softmax", "logsoftmax", "softplus", "softsign", "elu", "selu", "gelu",
            "silu", "swish", "mish", "hardswish", "hardsigmoid", "hardtanh", "leakyrelu", "identity", "exponential",
        )
    }  # fmt: skip
    sources = ("Keras, keras.activations",)
    examples = (Example("ReLU", "(32*24*24)", "(32*24*24)", 0, "elementwise"),)

    function: str = words("which one", kw_only=False, default="relu")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        return Applied(inputs[0], (None,) * (len(inputs[0].dims) - 1))


@dataclass(frozen=True)
class Dropout(Layer):
    """Dropout: some numbers are set to 0 in training. Neither sizes nor parameters change.

    >>> Dropout(0.5).notation
    'Dropout|0.5'
    """

    kind = "Dropout"
    prefix = "dropout"
    aliases = {"spatialdropout": {}, "spatialdropout1d": {}, "spatialdropout2d": {}, "gaussiandropout": {}, "gaussiannoise": {}}
    sources = ("Srivastava et al. 2014, Dropout",)
    examples = (Example("Dropout|0.5", "(256)", "(256)", 0, "elementwise"),)

    rate: str | None = number("the share that is dropped", "p", default=None, kw_only=False)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        return Applied(inputs[0], (None,) * (len(inputs[0].dims) - 1))
