"""Convolution: a window of weights moves along every axis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from symnet.errors import LayerError
from symnet.kernel.propositions import Divides
from symnet.layers.base import Applied, Condition, Example, Layer, Weight, per_axis, product
from symnet.layers.fields import Sizes, count, flag, padding, sizes
from symnet.layers.law import AxisMap
from symnet.layers.padding import CAUSAL, EXPLICIT, SAME, SAME_LOWER, VALID, Padding
from symnet.layers.shape import Shape
from symnet.layers.window_laws import window_map
from symnet.terms.term import FloorDiv, Term, integer

__all__ = ["Conv", "window_maps"]

ONE = integer(1)


@cache
def window_maps(axes: int, kernel: Sizes, stride: Sizes, pad: Padding, dilation: Sizes, rank: int | None) -> tuple[AxisMap, ...]:
    """One law an axis, and a check that the layer can stand on this shape."""
    if axes < 1:
        raise LayerError("needs channels and at least one axis, got a vector; reshape it before")
    if axes > 3:
        raise LayerError(f"moves along at most 3 axes, got {axes}")
    if rank is not None and rank != axes:
        raise LayerError(f"is for {rank} axes and channels, got {axes} axes")
    if pad.mode == EXPLICIT and len(pad.pairs) not in (1, axes):
        raise LayerError(f"padding has {len(pad.pairs)} amounts for {axes} axes")
    per = zip(per_axis(kernel, axes, "kernel"), per_axis(stride, axes, "stride"), per_axis(dilation, axes, "dilation"), strict=True)
    return tuple(window_map(f, s, pad, d, axis) for axis, (f, s, d) in enumerate(per))


@dataclass(frozen=True)
class Conv(Layer):
    """Convolution of 1, 2 or 3 axes with K filters of extent F, stride S, padding P, dilation D.

    Input (C, H, W), output (K, H', W'), or channels last. Each filter has a weight for every tap of its window in each of C/groups
    input channels, and one bias.

    >>> Conv(32, 5).notation
    'Conv|32|5'
    """

    kind = "Conv"
    prefix = "conv"
    aliases = {
        "convolution": {},
        "conv1d": {"rank": 1},
        "conv2d": {"rank": 2},
        "conv3d": {"rank": 3},
        "convolution1d": {"rank": 1},
        "convolution2d": {"rank": 2},
        "convolution3d": {"rank": 3},
    }
    sources = (
        "cs231n, Convolutional Neural Networks, Summary",
        "TensorFlow, tf.nn.convolution (VALID and SAME)",
        "Dumoulin & Visin, A guide to convolution arithmetic for deep learning",
    )
    examples = (
        Example("Conv|32|5*5|1", "(1*28*28)", "(32*24*24)", 832, "the lecture notes' MNIST network"),
        Example("Conv|96|11|4", "(3*227*227)", "(96*55*55)", 34944, "Krizhevsky et al. 2012, as cs231n works it out"),
        Example("Conv|32|8|4|same", "(4*80*80)", "(32*20*20)", 8224, "the lecture notes' flappy-bird DQN"),
    )

    filters: Term = count("K", "number of filters", "out_channels", "features")
    kernel: Sizes = sizes("F", "extent of a filter", "kernel_size", "kernel_shape", "filter", "size")
    stride: Sizes = sizes("S", "step from one window to the next", "strides", default=1)
    padding: Padding = padding("entries added around the input", "pad", "pads", options=(VALID, SAME, SAME_LOWER, CAUSAL))
    dilation: Sizes = sizes("D", "step from one tap to the next", "dilations", "dilation_rate", default=1, kw_only=True)
    groups: Term = count("g", "groups of channels that do not see each other", default=1, kw_only=True)
    bias: bool = flag("one bias a filter", "use_bias", default=True)
    rank: Term | None = count("", "how many axes it must have", default=None, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        rank = None if self.rank is None else self.rank.constant
        maps = window_maps(len(shape.dims) - 1, self.kernel, self.stride, self.padding, self.dilation, rank)
        kernel = per_axis(self.kernel, len(maps), "kernel")
        channels, conditions = self._grouped(shape.channels)
        output = shape.with_axes(self.filters, shape.axes)  # the laws give the axes their sizes
        weights = [Weight("kernel", (self.filters, channels, *kernel))]
        taps = product(*kernel, channels)
        if self.bias:
            weights.append(Weight("bias", (self.filters,)))
        return Applied(
            output=output,
            maps=maps,
            weights=tuple(weights),
            parameters=product(taps + 1 if self.bias else taps, self.filters),
            conditions=conditions,
        )

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        channels, _ = self._grouped(inputs[0].channels)
        return ((self.filters, *output.axes, *per_axis(self.kernel, len(output.axes), "kernel"), channels),)

    def _grouped(self, channels: Term) -> tuple[Term, tuple[Condition, ...]]:
        if self.groups.constant == 1:
            return channels, ()
        share = FloorDiv(channels, self.groups)
        both = (
            Condition(Divides(self.groups, channels), "the groups share the input channels evenly"),
            Condition(Divides(self.groups, self.filters), "the groups share the filters evenly"),
        )
        return share if share.constant is None else integer(share.constant), both
