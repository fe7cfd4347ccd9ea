"""Pooling: a window moves along every axis and keeps one number a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symnet.layers.base import Applied, Example, Layer
from symnet.layers.convolution import window_maps
from symnet.layers.fields import Sizes, count, padding, sizes
from symnet.layers.padding import Padding
from symnet.layers.shape import Shape
from symnet.terms.term import Term

__all__ = ["AvgPool", "MaxPool"]


@dataclass(frozen=True)
class Pool(Layer):
    """What all pooling has in common: the size law of convolution, no weights, as many channels out as in."""

    kernel: Sizes = sizes("F", "extent of the window", "kernel_size", "kernel_shape", "pool_size", "size")
    stride: Sizes | None = sizes("S", "step from one window to the next; the kernel unless given", "strides", default=None)
    padding: Padding = padding("entries added around the input", "pad", "pads")
    dilation: Sizes = sizes("D", "step from one tap to the next", "dilations", default=1, kw_only=True)
    rank: Term | None = count("", "how many axes it must have", default=None, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        rank = None if self.rank is None else self.rank.constant
        stride = self.kernel if self.stride is None else self.stride
        maps = window_maps(len(shape.dims) - 1, self.kernel, stride, self.padding, self.dilation, rank)
        return Applied(shape, maps)


def _names(*stems: str) -> dict[str, dict[str, Any]]:
    ranked = {f"{stem}{rank}d": {"rank": rank} for stem in stems for rank in (1, 2, 3)}
    return {**{stem: {} for stem in stems}, **ranked}


@dataclass(frozen=True)
class MaxPool(Pool):
    """Max pooling: the largest number of each window.

    Input (C, H, W), output (C, H', W') with the sizes of a convolution with the same window; no parameters.

    >>> MaxPool(2).notation
    'Maxpool|2'
    """

    kind = "Maxpool"
    prefix = "maxpool"
    aliases = _names("maxpool", "maxpooling")
    sources = ("cs231n, Convolutional Neural Networks, Pooling Layer", "PyTorch, torch.nn.MaxPool2d")
    examples = (
        Example("Maxpool|2*2", "(32*24*24)", "(32*12*12)", 0, "the lecture notes' MNIST network"),
        Example("Maxpool|3|2", "(96*55*55)", "(96*27*27)", 0, "Krizhevsky et al. 2012, overlapping pooling"),
    )


@dataclass(frozen=True)
class AvgPool(Pool):
    """Average pooling: the mean of each window. Sizes as :class:`MaxPool`; no parameters.

    >>> AvgPool(2, stride=1).notation
    'Avgpool|2|1'
    """

    kind = "Avgpool"
    prefix = "avgpool"
    aliases = _names("avgpool", "averagepool", "avgpooling", "averagepooling")
    sources = ("PyTorch, torch.nn.AvgPool2d",)
    examples = (Example("Avgpool|2*2", "(16*10*10)", "(16*5*5)", 0, "LeCun et al. 1998, LeNet-5, S4 as an average"),)
