"""Recurrent layers on images: their gates are convolutions."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.layers.declaration.base import Applied, Example, Weight, layer, per_axis, product
from symnet.layers.declaration.expected import expected_axes
from symnet.layers.declaration.fields import Sizes, count, flag, padding, sizes
from symnet.layers.declaration.penalized import Penalized
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST, Shape
from symnet.layers.declaration.windows import windows
from symnet.layers.kinds.convolution import ranked
from symnet.layers.laws.padding import Padding
from symnet.layers.laws.windows import window_maps
from symnet.terms.term import Term, integer

__all__ = ["ConvLSTM"]

GATES = integer(4)


@layer
class ConvLSTM(Penalized):
    """An LSTM on a sequence of images (T, H, W, C): its four gates are convolutions of K filters each.

    They are over the image of a step and over the state before it: (F·F·(C + K) + 1)·K·4 numbers. The output is the last
    state (H', W', K) with the sizes of a convolution, or with ``return_sequences`` every state (T, H', W', K). The state
    is always convolved with stride 1 and SAME padding.

    >>> ConvLSTM(16, 3, padding="same").notation
    'ConvLSTM|16|3|padding=same'
    """

    kind = "ConvLSTM"
    prefix = "convlstm"
    general = "clip"
    aliases = ranked("convlstm")
    sources = ("Shi et al. 2015, Convolutional LSTM Network", "Keras, keras.layers.ConvLSTM2D")
    examples = (
        Example(
            "ConvLSTM|16|3|padding=same",
            "HWC:10x40x40x1",
            "HWC:40x40x16",
            9856,
            "Keras, keras.layers.ConvLSTM2D(16, 3, padding='same') on 10 frames: (3·3·(1 + 16) + 1)·16·4",
        ),
    )

    filters: Term = count("K", "number of filters of a gate", "out_channels")
    kernel: Sizes = sizes("F", "extent of a filter", "kernel_size", "filter", "size")
    stride: Sizes = sizes("S", "step from one window to the next", "strides", default=1)
    padding: Padding = padding("entries added around the image of a step", "pad", "pads")
    dilation: Sizes = sizes("D", "step from one tap to the next", "dilations", "dilation_rate", default=1, kw_only=True)
    bias: bool = flag("one bias a filter and gate", "use_bias", default=True)
    return_sequences: bool = flag("give every state, not just the last", "sequences", default=False)
    rank: Term | None = expected_axes()

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        if len(shape.dims) < 3 or shape.layout == CHANNELS_FIRST:
            raise LayerError("needs the steps, the axes and the channels of a sequence of images, (T, H, W, C)")
        axes = shape.axes[1:]
        axis_windows = windows(len(axes), self.kernel, self.stride, self.padding, self.dilation, self.rank)
        maps = window_maps(axis_windows, self.padding.mode)
        kernel = tuple(window.kernel for window in axis_windows)
        weights = [
            Weight("kernel", (GATES, self.filters, shape.channels, *kernel)),
            Weight("recurrent_kernel", (GATES, self.filters, self.filters, *kernel)),
        ]
        seen = product(*kernel, shape.channels + self.filters)
        if self.bias:
            weights.append(Weight("bias", (GATES, self.filters)))
            seen = seen + 1
        steps = shape.axes[:1] if self.return_sequences else ()
        return Applied(
            # placeholder sizes: the laws give the axes their sizes
            Shape((*steps, *axes, self.filters), CHANNELS_LAST),
            (*((None,) if steps else ()), *maps),
            tuple(weights),
            product(seen, self.filters, GATES),
            origins=tuple((0, axis) for axis in range(0 if steps else 1, len(shape.axes))),
            mixes=True,
        )

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        (shape,) = inputs
        axes = output.axes[1:] if self.return_sequences else output.axes
        each = (GATES, self.filters, shape.axes[0], *axes, *per_axis(self.kernel, len(axes), "kernel"))
        return ((*each, shape.channels), (*each, self.filters))
