"""Normalization: four numbers a channel, two of them trained."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.layers.base import Applied, Example, Layer, Weight, product
from symnet.layers.fields import flag, number
from symnet.layers.shape import Shape
from symnet.terms.term import integer

__all__ = ["BatchNorm"]


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Batch normalization over the channel axis: gamma and beta are trained, the moving mean and variance are not.

    >>> BatchNorm().notation
    'BN'
    """

    kind = "BN"
    prefix = "bn"
    aliases = {"batchnorm": {}, "batchnormalization": {}, "batchnorm1d": {}, "batchnorm2d": {}, "batchnorm3d": {}}
    sources = ("Ioffe & Szegedy 2015, Batch Normalization", "Keras, keras.layers.BatchNormalization")
    examples = (Example("BN", "(8*10*10)", "(8*10*10)", 32, "Keras: gamma, beta, moving mean, moving variance"),)

    scale: bool = flag("gamma is trained", default=True)
    center: bool = flag("beta is trained", default=True)
    momentum: str | None = number("of the moving statistics")
    epsilon: str | None = number("added to the variance")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        channels = shape.channels
        trained = [name for name, used in (("gamma", self.scale), ("beta", self.center)) if used]
        weights = [Weight(name, (channels,)) for name in trained]
        weights += [Weight(name, (channels,), trainable=False) for name in ("moving_mean", "moving_variance")]
        parameters = product(integer(len(weights)), channels)
        return Applied(shape, (None,) * (len(shape.dims) - 1), tuple(weights), parameters)
