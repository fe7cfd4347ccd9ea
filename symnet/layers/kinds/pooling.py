"""Pooling: a window moves along every axis and keeps one number a channel."""

from __future__ import annotations

from symnet.frameworks.refusals import default, refusals
from symnet.layers.declaration.base import Applied, Example, Layer, as_conditions, layer, per_axis
from symnet.layers.declaration.expected import require_axes, require_axis
from symnet.layers.declaration.fields import Sizes, count, flag, number, padding, sizes
from symnet.layers.declaration.shape import Shape
from symnet.layers.declaration.windows import windows
from symnet.layers.kinds.convolution import ranked
from symnet.layers.laws.ceil_mode import ceil_maps
from symnet.layers.laws.padding import SAME, SAME_LOWER, Padding
from symnet.layers.laws.windows import window_maps
from symnet.terms.term import Term, as_term, integer

__all__ = [
    "AdaptiveAvgPool", "AdaptiveMaxPool", "AdaptivePool", "AvgPool", "GlobalAvgPool", "GlobalMaxPool", "GlobalPool",
    "LpPool", "MaxPool", "Pool",
]  # fmt: skip


@layer
class Pool(Layer):
    """The base of pooling: the size law of convolution, no weights, as many channels out as in.

    ``ceil_mode`` rounds up, as PyTorch does: a last window may reach past the end by less than a stride, but none
    starts in the padding after the input. SAME padding leaves nothing to round.
    """

    kernel: Sizes = sizes("F", "extent of the window", "kernel_size", "kernel_shape", "pool_size", "size")
    stride: Sizes | None = sizes(
        "S", "step from one window to the next; the kernel unless given", "strides", default=None
    )
    padding: Padding = padding("entries added around the input", "pad", "pads")
    dilation: Sizes = sizes("D", "step from one tap to the next", "dilations", default=1, kw_only=True)
    ceil_mode: bool = flag("round up: keep a last window that reaches past the end", "ceil", default=False)
    rank: Term | None = count("", "how many axes it must have", default=None, kw_only=True)

    @property
    def steps(self) -> Sizes:
        """The stride of each axis. If none is set it is the framework's default, which for most is the kernel."""
        if self.stride is not None:
            return self.stride
        usual = default(self, "stride")
        return self.kernel if usual is None else (as_term(usual),)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        axes = windows(len(shape.dims) - 1, self.kernel, self.steps, self.padding, self.dilation, self.rank)
        mode = self.padding.mode
        up = self.ceil_mode and mode not in (SAME, SAME_LOWER)
        maps = ceil_maps(axes) if up else window_maps(axes, mode, default(self, "valid") == "ceiling")
        return Applied(shape.windowed(), maps, conditions=as_conditions(refusals(self, axes, mode)))


@layer
class MaxPool(Pool):
    """Max pooling: the largest number of each window.

    Input (C, H, W), output (C, H', W') with the sizes of a convolution with the same window; no parameters.

    >>> MaxPool(2).notation
    'Maxpool|2'
    """

    kind = "Maxpool"
    prefix = "maxpool"
    aliases = ranked("maxpool", "maxpooling")
    sources = ("cs231n, Convolutional Neural Networks, Pooling Layer", "PyTorch, torch.nn.MaxPool2d")
    examples = (
        Example("Maxpool|2*2", "(32*24*24)", "(32*12*12)", 0, "the lecture notes' MNIST network"),
        Example("Maxpool|3|2", "(96*55*55)", "(96*27*27)", 0, "Krizhevsky et al. 2012, overlapping pooling"),
        Example("Maxpool|1|2|ceil_mode=yes", "(1*2)", "(1*1)", 0, "ONNX node test ceil_output_size_reduce_by_one"),
    )


@layer
class AvgPool(Pool):
    """Average pooling: the mean of each window. Sizes as :class:`MaxPool`; no parameters.

    >>> AvgPool(2, stride=1).notation
    'Avgpool|2|1'
    """

    kind = "Avgpool"
    prefix = "avgpool"
    aliases = ranked("avgpool", "averagepool", "avgpooling", "averagepooling")
    sources = ("PyTorch, torch.nn.AvgPool2d",)
    examples = (
        Example("Avgpool|2*2", "(16*10*10)", "(16*5*5)", 0, "LeCun et al. 1998, LeNet-5, S4 as an average"),
        Example(
            "Avgpool|5|3|dilation=2|ceil_mode=yes",
            "(1*32*32*32)",
            "(1*9*9*9)",
            0,
            "ONNX node test averagepool_3d_dilations_large",
        ),
    )


@layer
class LpPool(Pool):
    """Lp pooling: the p-norm of each window. Sizes as :class:`MaxPool`; no parameters.

    >>> LpPool(3, norm=2).notation
    'LpPool|3'
    """

    kind = "LpPool"
    prefix = "lppool"
    aliases = ranked("lppool", "lppooling")
    sources = ("PyTorch, torch.nn.LPPool2d", "ONNX, LpPool")
    examples = (Example("LpPool|3|2", "(20*50*32)", "(20*24*15)", 0, "PyTorch, torch.nn.LPPool2d(2, 3, stride=2)"),)

    norm: str = number("p of the norm", "norm_type", "p", default="2")


@layer
class GlobalPool(Layer):
    """The base of global pooling: (C, H, W) becomes (C,), or (C, 1, 1) with ``keepdims``."""

    keepdims: bool | None = flag("keep every axis, of size 1", "keep_dims", default=None)
    rank: Term | None = count("", "how many axes it must have", default=None, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        axes = len(shape.dims) - 1
        require_axis(axes)
        require_axes(self.rank, axes)
        keep = default(self, "keepdims", False) if self.keepdims is None else self.keepdims
        if not keep:
            return Applied(shape.new((shape.channels,)), mixes=True)
        output = shape.resized((integer(1),) * axes)
        return Applied(output, (None,) * axes, origins=(None,) * axes, mixes=True)


@layer
class GlobalAvgPool(GlobalPool):
    """Global average pooling: the mean of each channel. No parameters.

    >>> GlobalAvgPool(keepdims=True).notation
    'GlobalAvgPool|keepdims=yes'
    """

    kind = "GlobalAvgPool"
    prefix = "globalavgpool"
    aliases = {**ranked("globalavgpool", "globalaveragepool", "globalaveragepooling"), "gap": {}}
    sources = ("Keras, keras.layers.GlobalAveragePooling2D", "ONNX, GlobalAveragePool")
    examples = (Example("GlobalAvgPool", "(2048*7*7)", "(2048)", 0, "He et al. 2016, ResNet-50, the last pool"),)


@layer
class GlobalMaxPool(GlobalPool):
    """Global max pooling: the largest number of each channel. No parameters.

    >>> GlobalMaxPool().notation
    'GlobalMaxPool'
    """

    kind = "GlobalMaxPool"
    prefix = "globalmaxpool"
    aliases = {**ranked("globalmaxpool", "globalmaxpooling"), "gmp": {}}
    sources = ("Keras, keras.layers.GlobalMaxPooling2D", "ONNX, GlobalMaxPool")
    examples = (Example("GlobalMaxPool|keepdims=yes", "(64*7*7)", "(64*1*1)", 0, "ONNX, GlobalMaxPool"),)


@layer
class AdaptivePool(Layer):
    """The base of adaptive pooling: a fixed output size, whatever the input size."""

    output: Sizes = sizes("", "the size that comes out", "output_size", "size")
    rank: Term | None = count("", "how many axes it must have", default=None, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        axes = len(shape.dims) - 1
        require_axis(axes)
        require_axes(self.rank, axes)
        default(self, "")  # refuses a framework that has no such layer
        output = shape.resized(per_axis(self.output, axes, "the output size"))
        return Applied(output, (None,) * axes, origins=(None,) * axes)


@layer
class AdaptiveAvgPool(AdaptivePool):
    """Adaptive average pooling to a fixed size. No parameters.

    >>> AdaptiveAvgPool(7).notation
    'AdaptiveAvgPool|7'
    """

    kind = "AdaptiveAvgPool"
    prefix = "adaptiveavgpool"
    aliases = ranked("adaptiveavgpool", "adaptiveaveragepool", "adaptiveaveragepooling")
    sources = ("PyTorch, torch.nn.AdaptiveAvgPool2d",)
    examples = (Example("AdaptiveAvgPool|7", "(512*9*9)", "(512*7*7)", 0, "torchvision, VGG16 on 288 pixels"),)


@layer
class AdaptiveMaxPool(AdaptivePool):
    """Adaptive max pooling to a fixed size. No parameters.

    >>> AdaptiveMaxPool((5, 7)).notation
    'AdaptiveMaxPool|5*7'
    """

    kind = "AdaptiveMaxPool"
    prefix = "adaptivemaxpool"
    aliases = ranked("adaptivemaxpool", "adaptivemaxpooling")
    sources = ("PyTorch, torch.nn.AdaptiveMaxPool2d",)
    examples = (
        Example("AdaptiveMaxPool|5*7", "(64*8*9)", "(64*5*7)", 0, "PyTorch, torch.nn.AdaptiveMaxPool2d((5, 7))"),
    )
