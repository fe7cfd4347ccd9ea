"""Layers that only add, drop, repeat or rearrange entries along the axes; none has parameters."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.layers.declaration.axes import quotient
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, layer, per_axis, product
from symnet.layers.declaration.expected import require_axes, require_axis
from symnet.layers.declaration.fields import Sizes, choice, count, padding, sizes
from symnet.layers.declaration.shape import Shape
from symnet.layers.kinds.convolution import ranked
from symnet.layers.laws.law import Spread
from symnet.layers.laws.padding import EXPLICIT, Padding
from symnet.layers.laws.spatial import blocks_law, cropped_law, padded_law, repeated_law
from symnet.terms.propositions import Divides, Le, Lt, Proposition
from symnet.terms.term import Term, integer

__all__ = ["Cropping", "PixelShuffle", "PixelUnshuffle", "Resize", "Upsample", "ZeroPad", "amounts", "axes_of"]

#: Modes of interpolation between the nearest entry on either side.
_LINEAR = ("linear", "bilinear", "trilinear")


def axes_of(shape: Shape, rank: Term | None) -> int:
    """The number of axes of ``shape``. Raises :class:`LayerError` for a vector, or if the number is not ``rank``."""
    axes = len(shape.dims) - 1
    require_axis(axes)
    require_axes(rank, axes)
    return axes


def amounts(padding: Padding, axes: int) -> tuple[tuple[Term, Term], ...]:
    """The amounts (before, after) of each axis. Raises :class:`LayerError` for a padding mode, or amounts for another
    number of axes.
    """
    if padding.mode != EXPLICIT:
        raise LayerError("needs amounts: a number, or (before, after)")
    if len(padding.pairs) not in (1, axes):
        raise LayerError(f"has {len(padding.pairs)} amounts for {axes} axes")
    return tuple(padding.amounts(axis) for axis in range(axes))


@layer
class ZeroPad(Layer):
    """Padding as a layer of its own: entries added before and after each axis; the channels stay.

    ``mode`` says what is added; reflected entries must be fewer than the axis has, wrapped ones not more.

    >>> ZeroPad((1, 2)).notation, ZeroPad([(0, 1)]).notation
    ('ZeroPad|1*2', 'ZeroPad|(0, 1)')
    """

    kind = "ZeroPad"
    prefix = "pad"
    aliases = {
        **ranked("zeropad", "zeropadding", "constantpad"),
        "pad": {},
        **{
            f"{name}{rank}": {"mode": mode, **({"rank": int(rank[0])} if rank else {})}
            for name, mode in (
                ("reflectionpad", "reflect"),
                ("replicationpad", "replicate"),
                ("circularpad", "circular"),
            )
            for rank in ("", "1d", "2d", "3d")
        },
    }
    sources = (
        "Keras, keras.layers.ZeroPadding2D",
        "PyTorch, torch.nn.ZeroPad2d, torch.nn.ReflectionPad2d",
        "ONNX, Pad",
    )
    examples = (
        Example("ZeroPad|3", "(3*224*224)", "(3*230*230)", 0, "Keras, ResNet50: conv1_pad"),
        Example("ZeroPad|(0, 1)", "(3*224*224)", "(3*225*225)", 0, "Keras, MobileNet: conv_pad"),
    )

    padding: Padding = padding("entries added", "pad", "pads", "amount", options=(), required=True)
    mode: str = choice("what is added", "zeros", "constant", "reflect", "replicate", "circular", default="zeros")
    rank: Term | None = count("", "how many axes it must have", default=None, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        pairs = amounts(self.padding, axes_of(shape, self.rank))
        conditions = [
            Condition(self._enough(added, size), f"padding with mode={self.mode} needs enough entries to copy")
            for pair, size in zip(pairs, shape.axes, strict=True)
            for added in dict.fromkeys(pair)
            if self.mode in ("reflect", "circular")
        ]
        return Applied(shape, tuple(padded_law().at(*pair) for pair in pairs), conditions=tuple(conditions))

    def _enough(self, added: Term, size: Term) -> Proposition:
        return Lt(added, size) if self.mode == "reflect" else Le(added, size)


@layer
class Cropping(Layer):
    """Entries dropped before and after each axis; ``Crop|a`` crops to the size of another tensor.

    >>> Cropping(2).notation
    'Cropping|2'
    """

    kind = "Cropping"
    prefix = "cropping"
    aliases = ranked("cropping")
    sources = ("Keras, keras.layers.Cropping2D",)
    examples = (Example("Cropping|(2, 2)*(4, 4)", "HWC:28x28x3", "HWC:24x20x3", 0, "Keras, keras.layers.Cropping2D"),)

    cropping: Padding = padding("entries dropped", "crop", "amount", options=(), required=True)
    rank: Term | None = count("", "how many axes it must have", default=None, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        pairs = amounts(self.cropping, axes_of(shape, self.rank))
        return Applied(shape, tuple(cropped_law().at(*pair) for pair in pairs))


@layer
class Upsample(Layer):
    """Upsampling by a whole factor: S entries for every one, repeated or interpolated.

    >>> Upsample(2, mode="bilinear").notation
    'Upsample|2|mode=bilinear'
    """

    kind = "Upsample"
    prefix = "upsample"
    aliases = {
        **ranked("upsample", "upsampling"),
        "upsamplingnearest2d": {"rank": 2},
        "upsamplingbilinear2d": {"mode": "bilinear", "rank": 2},
    }
    sources = ("Keras, keras.layers.UpSampling2D", "PyTorch, torch.nn.Upsample(scale_factor=…)")
    examples = (Example("Upsample|2", "(64*28*28)", "(64*56*56)", 0, "Keras, keras.layers.UpSampling2D"),)

    factor: Sizes = sizes("S", "entries for every one", "scale_factor", "scale", "size")
    mode: str = choice(
        "how they are found", "nearest", "linear", "bilinear", "trilinear", "bicubic", "area", "lanczos3", "lanczos5",
        default="nearest", aliases=("interpolation",),
    )  # fmt: skip
    rank: Term | None = count("", "how many axes it must have", default=None, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        factors = per_axis(self.factor, axes_of(shape, self.rank), "factor")
        return Applied(shape, tuple(repeated_law().at(factor, spread=self._spread(factor)) for factor in factors))

    def _spread(self, factor: Term) -> Spread | None:
        """The output entries that an input entry contributes to: with linear interpolation those of a transposed
        convolution; ``None`` for modes that reach farther.
        """
        if self.mode == "nearest":
            return Spread(factor, factor)
        number = factor.constant
        if self.mode not in _LINEAR or number is None:
            return None
        return Spread(integer(2 * number - number % 2), factor, integer(number // 2))


@layer
class Resize(Layer):
    """Interpolation to a fixed size, whatever goes in.

    >>> Resize((224, 224)).notation
    'Resize|224*224'
    """

    kind = "Resize"
    prefix = "resize"
    aliases = {"resizing": {}, "interpolate": {}}
    sources = ("Keras, keras.layers.Resizing", "PyTorch, torch.nn.functional.interpolate(size=…)", "ONNX, Resize")
    examples = (Example("Resize|7*9", "(64*5*5)", "(64*7*9)", 0, "PyTorch, torch.nn.Upsample(size=(7, 9))"),)

    output: Sizes = sizes("", "the size that comes out", "size", "target")
    mode: str = choice(
        "how entries are found", "nearest", "linear", "bilinear", "trilinear", "bicubic", "area", "lanczos3",
        "lanczos5", default="bilinear", aliases=("interpolation",),
    )  # fmt: skip

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        axes = axes_of(shape, None)
        output = shape.resized(per_axis(self.output, axes, "the output size"))
        return Applied(output, (None,) * axes, origins=(None,) * axes)


@layer
class PixelShuffle(Layer):
    """Channels laid out in space: (C·r², H, W) becomes (C, r·H, r·W).

    >>> PixelShuffle(2).notation
    'PixelShuffle|2'
    """

    kind = "PixelShuffle"
    prefix = "pixelshuffle"
    aliases = {"depthtospace": {}, "subpixel": {}}
    sources = (
        "PyTorch, torch.nn.PixelShuffle",
        "TensorFlow, tf.nn.depth_to_space",
        "Shi et al. 2016, sub-pixel convolution",
    )
    examples = (Example("PixelShuffle|3", "(9*4*4)", "(1*12*12)", 0, "PyTorch, torch.nn.PixelShuffle(3)"),)

    factor: Term = count("r", "the side of a block", "upscale_factor", "block_size", "blocksize")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        axes = axes_of(shape, None)
        block = product(*(self.factor,) * axes)
        channels, whole = quotient(shape.channels, block)
        shared = () if whole else (Condition(Divides(block, shape.channels), "the channels must fill whole blocks"),)
        return Applied(
            shape.with_axes(channels, shape.axes),
            (repeated_law().at(self.factor, spread=Spread(self.factor, self.factor)),) * axes,
            conditions=shared,
        )


@layer
class PixelUnshuffle(Layer):
    """Space laid out in channels: (C, r·H, r·W) becomes (C·r², H, W).

    >>> PixelUnshuffle(2).notation
    'PixelUnshuffle|2'
    """

    kind = "PixelUnshuffle"
    prefix = "pixelunshuffle"
    aliases = {"spacetodepth": {}}
    sources = ("PyTorch, torch.nn.PixelUnshuffle", "TensorFlow, tf.nn.space_to_depth")
    examples = (Example("PixelUnshuffle|3", "(1*12*12)", "(9*4*4)", 0, "PyTorch, torch.nn.PixelUnshuffle(3)"),)

    factor: Term = count("r", "the side of a block", "downscale_factor", "block_size", "blocksize")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        axes = axes_of(shape, None)
        channels = product(shape.channels, *(self.factor,) * axes)
        return Applied(shape.with_axes(channels, shape.axes), (blocks_law().at(self.factor),) * axes)
