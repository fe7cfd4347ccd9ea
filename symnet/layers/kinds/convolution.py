"""Convolution: a window of weights moves along every axis."""

from __future__ import annotations

from functools import cached_property

from symnet.errors import LayerError
from symnet.frameworks.refusals import default, refusals
from symnet.layers.declaration.axes import quotient
from symnet.layers.declaration.base import Applied, Condition, Example, Weight, as_conditions, layer, per_axis, product
from symnet.layers.declaration.expected import expected_axes, expected_channels, require_channels
from symnet.layers.declaration.fields import Sizes, count, flag, padding, sizes
from symnet.layers.declaration.penalized import Penalized
from symnet.layers.declaration.shape import Shape
from symnet.layers.declaration.windows import windows
from symnet.layers.laws.law import AxisMap
from symnet.layers.laws.padding import CAUSAL, SAME, SAME_LOWER, VALID, Padding
from symnet.layers.laws.windows import window_maps
from symnet.terms.propositions import Divides
from symnet.terms.term import Term, integer
from symnet.terms.worked_out import times

__all__ = ["Conv", "Depthwise", "SeparableConv", "grouped", "ranked"]

_SOURCES = (
    "cs231n, Convolutional Neural Networks, Summary",
    "TensorFlow, tf.nn.convolution (VALID and SAME)",
    "Dumoulin & Visin, A guide to convolution arithmetic for deep learning",
)


def ranked(*stems: str) -> dict[str, dict[str, int]]:
    """Aliases of a kind: each stem, and each stem with 1d, 2d, 3d for a fixed number of axes.

    >>> ranked("conv")
    {'conv': {}, 'conv1d': {'rank': 1}, 'conv2d': {'rank': 2}, 'conv3d': {'rank': 3}}
    """
    fixed = {f"{stem}{rank}d": {"rank": rank} for stem in stems for rank in (1, 2, 3)}
    return {**{stem: {} for stem in stems}, **fixed}


def grouped(channels: Term, filters: Term, groups: Term, shared: Term) -> tuple[Term, tuple[Condition, ...]]:
    """One group's part of ``shared``, which is ``channels`` or ``filters``, and the conditions of grouping. Raises
    :class:`LayerError` for numbers that the groups do not divide.
    """
    if groups.constant == 1:
        return shared, ()
    for what, size in (("input channels", channels), ("filters", filters)):
        if size.constant is not None and groups.constant is not None and size.constant % groups.constant:
            raise LayerError(f"{groups.constant} groups cannot share {size.constant} {what} evenly")
    both = (
        Condition(Divides(groups, channels), "the groups share the input channels evenly"),
        Condition(Divides(groups, filters), "the groups share the filters evenly"),
    )
    share, _ = quotient(shared, groups)
    return share if share.constant is None else integer(share.constant), both


#: Maps, weights, parameters and conditions of :class:`Applied`.
_Parts = tuple[tuple[AxisMap | None, ...], tuple[Weight, ...], Term, tuple[Condition, ...]]


@layer
class Conv(Penalized):
    """Convolution of 1, 2 or 3 axes with K filters of extent F, stride S, padding P, dilation D.

    Input (C, H, W), output (K, H', W'), or channels last. Each filter has a weight for every tap of its window in
    each of C/groups input channels, and one bias.

    >>> Conv(32, 5).notation
    'Conv|32|5'
    """

    kind = "Conv"
    prefix = "conv"
    parameter_reason = (
        "A filter has a weight for each of the F·F taps of its window in each of the D channels, and one bias: F·F·D + 1. "
        "There are K filters."
    )
    aliases = ranked("conv", "convolution")
    sources = _SOURCES
    examples = (
        Example("Conv|32|5*5|1", "(1*28*28)", "(32*24*24)", 832, "the lecture notes' MNIST network"),
        Example("Conv|96|11|4", "(3*227*227)", "(96*55*55)", 34944, "Krizhevsky et al. 2012, as cs231n works it out"),
        Example("Conv|32|8|4|same", "(4*80*80)", "(32*20*20)", 8224, "the lecture notes' flappy-bird DQN"),
        Example("Conv|8|3|1|causal|dilation=2", "HWC:10x4", "HWC:10x8", 104, "Keras, Conv1D: padding='causal'"),
        Example(
            "Conv|8|3|1|1|groups=4", "(4*5*5)", "(8*5*5)", 80, "PyTorch, torch.nn.Conv2d(4, 8, 3, padding=1, groups=4)"
        ),
    )

    filters: Term = count("K", "number of filters", "out_channels", "features")
    kernel: Sizes = sizes("F", "extent of a filter", "kernel_size", "kernel_shape", "filter", "size")
    stride: Sizes = sizes("S", "step from one window to the next", "strides", default=1)
    padding: Padding = padding(
        "entries added around the input", "pad", "pads", options=(VALID, SAME, SAME_LOWER, CAUSAL)
    )
    dilation: Sizes = sizes("D", "step from one tap to the next", "dilations", "dilation_rate", default=1, kw_only=True)
    groups: Term = count("g", "groups of channels that do not see each other", "group", default=1, kw_only=True)
    bias: bool = flag("one bias a filter", "use_bias", default=True)
    rank: Term | None = expected_axes()
    in_channels: Term | None = expected_channels()

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        key = shape.channels, len(shape.dims) - 1
        parts = self._known.get(key)
        if parts is None:
            parts = self._known[key] = self._parts(*key)
        return Applied(shape.windowed(self.filters), *parts)  # the laws give the axes their sizes

    @cached_property
    def _known(self) -> dict[tuple[Term, int], _Parts]:
        """A memo by (channels, number of axes): deep networks apply the same convolution to the same channels many
        times.
        """
        return {}

    def _parts(self, channels_in: Term, rank: int) -> _Parts:
        """Maps, weights, parameters and conditions for an input with so many channels and ``rank`` axes."""
        axes = windows(rank, self.kernel, self.stride, self.padding, self.dilation, self.rank)
        channels, conditions = grouped(channels_in, self.filters, self.groups, channels_in)
        kernel = tuple(window.kernel for window in axes)
        taps = product(*kernel, channels)
        weights = [Weight("kernel", (self.filters, channels, *kernel))]
        if self.bias:
            weights.append(Weight("bias", (self.filters,)))
        return (
            window_maps(axes, self.padding.mode, default(self, "valid") == "ceiling"),
            tuple(weights),
            product(taps + 1 if self.bias else taps, self.filters),
            require_channels(self.in_channels, channels_in)
            + conditions
            + as_conditions(refusals(self, axes, self.padding.mode)),
        )

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        channels, _ = grouped(inputs[0].channels, self.filters, self.groups, inputs[0].channels)
        return ((self.filters, *output.axes, *per_axis(self.kernel, len(output.axes), "kernel"), channels),)


@layer
class Depthwise(Penalized):
    """Depthwise convolution: every input channel has m filters of its own, so (C, H, W) becomes (C·m, H', W').

    Sizes as :class:`Conv`; (F·F + 1)·C·m parameters.

    >>> Depthwise(3, multiplier=2).notation
    'Depthwise|3|multiplier=2'
    """

    kind = "Depthwise"
    prefix = "depthwise"
    aliases = ranked("depthwiseconv", "dwconv", "depthwiseconvolution")
    sources = (
        "Keras, keras.layers.DepthwiseConv2D",
        "PyTorch, torch.nn.Conv2d with groups=in_channels",
        "Howard et al. 2017, MobileNets",
    )
    examples = (
        Example(
            "Depthwise|3|1|1|bias=no", "(32*112*112)", "(32*112*112)", 288, "Howard et al. 2017, MobileNet, first block"
        ),
        Example(
            "DepthwiseConv2D|3|multiplier=2", "HWC:10x10x4", "HWC:8x8x8", 80, "Keras, keras.layers.DepthwiseConv2D"
        ),
    )

    kernel: Sizes = sizes("F", "extent of a filter", "kernel_size", "kernel_shape", "filter", "size")
    stride: Sizes = sizes("S", "step from one window to the next", "strides", default=1)
    padding: Padding = padding("entries added around the input", "pad", "pads")
    multiplier: Term = count(
        "m", "filters a channel", "depth_multiplier", "channel_multiplier", default=1, kw_only=True
    )
    dilation: Sizes = sizes("D", "step from one tap to the next", "dilations", "dilation_rate", default=1, kw_only=True)
    bias: bool = flag("one bias a filter", "use_bias", default=True)
    rank: Term | None = count("", "how many axes it must have", default=None, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        axes = windows(len(shape.dims) - 1, self.kernel, self.stride, self.padding, self.dilation, self.rank)
        kernel = tuple(window.kernel for window in axes)
        filters = (shape.channels,) if self.multiplier.constant == 1 else (shape.channels, self.multiplier)
        taps = product(*kernel)
        weights = [Weight("kernel", (*filters, *kernel))]
        if self.bias:
            weights.append(Weight("bias", filters))
        return Applied(
            output=shape.windowed(times(shape.channels, self.multiplier)),
            maps=window_maps(axes, self.padding.mode, default(self, "valid") == "ceiling"),
            weights=tuple(weights),
            parameters=product(taps + 1 if self.bias else taps, *filters),
            conditions=as_conditions(refusals(self, axes, self.padding.mode)),
        )

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        return (
            (inputs[0].channels, self.multiplier, *output.axes, *per_axis(self.kernel, len(output.axes), "kernel")),
        )


@layer
class SeparableConv(Penalized):
    """Separable convolution: m filters for each channel, then K filters of extent 1 across all C·m.

    One bias for each of the K filters. Sizes as :class:`Conv`; F·F·C·m + (C·m + 1)·K parameters.

    >>> SeparableConv(16, 3).notation
    'SeparableConv|16|3'
    """

    kind = "SeparableConv"
    prefix = "separable"
    aliases = ranked("separableconv", "separableconvolution", "sepconv")
    sources = ("Keras, keras.layers.SeparableConv2D", "Chollet 2017, Xception")
    examples = (
        Example(
            "SeparableConv2D|16|3|multiplier=2", "HWC:10x10x4", "HWC:8x8x16", 216, "Keras, keras.layers.SeparableConv2D"
        ),
    )

    filters: Term = count("K", "number of filters", "out_channels", "features")
    kernel: Sizes = sizes("F", "extent of the filter of a channel", "kernel_size", "kernel_shape", "filter", "size")
    stride: Sizes = sizes("S", "step from one window to the next", "strides", default=1)
    padding: Padding = padding("entries added around the input", "pad", "pads")
    multiplier: Term = count(
        "m", "filters a channel", "depth_multiplier", "channel_multiplier", default=1, kw_only=True
    )
    dilation: Sizes = sizes("D", "step from one tap to the next", "dilations", "dilation_rate", default=1, kw_only=True)
    bias: bool = flag("one bias a filter", "use_bias", default=True)
    rank: Term | None = count("", "how many axes it must have", default=None, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        axes = windows(len(shape.dims) - 1, self.kernel, self.stride, self.padding, self.dilation, self.rank)
        kernel = tuple(window.kernel for window in axes)
        between = (shape.channels,) if self.multiplier.constant == 1 else (shape.channels, self.multiplier)
        weights = [
            Weight("depthwise_kernel", (*between, *kernel)),
            Weight("pointwise_kernel", (self.filters, *between)),
        ]
        if self.bias:
            weights.append(Weight("bias", (self.filters,)))
        seen = product(*between)
        return Applied(
            output=shape.windowed(self.filters),
            maps=window_maps(axes, self.padding.mode, default(self, "valid") == "ceiling"),
            weights=tuple(weights),
            parameters=product(*kernel, *between) + product(seen + 1 if self.bias else seen, self.filters),
            conditions=as_conditions(refusals(self, axes, self.padding.mode)),
        )

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        between = (inputs[0].channels, self.multiplier, *output.axes)
        return ((*between, *per_axis(self.kernel, len(output.axes), "kernel")), (*between, self.filters))
