"""Normalization: a factor (gamma) and an offset (beta) for some of the axes, and statistics where they are kept."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.frameworks.refusals import default, require_expressible
from symnet.layers.declaration.axes import ANY, index_of_axis, indices_of_axes, same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, Weight, layer, product
from symnet.layers.declaration.expected import expected_axes, expected_channels, require_axes, require_channels
from symnet.layers.declaration.fields import Sizes, choice, count, flag, number, sizes
from symnet.layers.declaration.shape import Shape
from symnet.terms.propositions import Divides
from symnet.terms.term import Term, integer

__all__ = ["BatchNorm", "GroupNorm", "InstanceNorm", "LayerNorm", "RMSNorm"]


def _trained(over: tuple[Term, ...], *used: bool) -> tuple[Weight, ...]:
    return tuple(Weight(name, over) for name, use in zip(("gamma", "beta"), used, strict=False) if use)


def _count(weights: tuple[Weight, ...], over: tuple[Term, ...]) -> Term:
    """The number of entries of arrays that all have the shape ``over``."""
    if not weights:
        return integer(0)
    arrays = len(weights)
    return product(*((integer(arrays),) if arrays > 1 else ()), *over)


def _channels(shape: Shape) -> Term:
    if not shape.dims:
        raise LayerError("needs channels, got a single number")
    return shape.channels


@layer
class BatchNorm(Layer):
    """Batch normalization over the channel axis: gamma and beta are trained, the moving mean and variance are not.

    Sizes do not change. ``statistics`` says what becomes of the moving mean and variance: ``weights`` counts them as
    parameters that are not trained (Keras: 4·C, half of them trained), ``buffers`` keeps them beside the parameters
    (PyTorch: 2·C parameters, and 2·C + 1 entries with the number of batches seen), ``none`` does not keep them.

    >>> BatchNorm(center=False).notation
    'BN|center=no'
    """

    kind = "BN"
    prefix = "bn"
    aliases = {
        "batchnorm": {},
        "batchnormalization": {},
        **{f"batchnorm{rank}d": {"rank": rank} for rank in (1, 2, 3)},
    }
    sources = (
        "Ioffe & Szegedy 2015, Batch Normalization",
        "Keras, keras.layers.BatchNormalization",
        "PyTorch, torch.nn.BatchNorm2d (running_mean, running_var and num_batches_tracked are buffers)",
    )
    examples = (
        Example("BN", "(8*10*10)", "(8*10*10)", 32, "Keras: gamma, beta, moving mean, moving variance"),
        Example("BN|statistics=buffers", "(8*10*10)", "(8*10*10)", 16, "PyTorch, torch.nn.BatchNorm2d(8)"),
    )

    scale: bool = flag("gamma is trained", default=True)
    center: bool = flag("beta is trained", default=True)
    statistics: str | None = choice(
        "what moving mean and variance count as; weights, and buffers in PyTorch",
        "weights",
        "buffers",
        "none",
        default=None,
    )
    axis: Term | None = count(
        "", "which size is normalized; the channels unless given", default=None, least=ANY, kw_only=True
    )
    fixed: bool = flag("the statistics do not come from the batch, in training neither", default=False, kw_only=True)
    momentum: str | None = number("of the moving statistics")
    epsilon: str | None = number("added to the variance", "eps")
    rank: Term | None = expected_axes()
    in_channels: Term | None = expected_channels("num_features")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        require_expressible(self)
        require_axes(self.rank, len(shape.dims) - 1, fewer=bool(self.rank and self.rank.constant == 1))
        statistics = self.statistics or default(self, "statistics", "weights")
        over = (_channels(shape) if self.axis is None else shape.dims[index_of_axis(self.axis, len(shape.dims))],)
        weights = _trained(over, self.scale, self.center)
        buffers: tuple[Weight, ...] = ()
        if statistics == "weights":
            weights += tuple(Weight(name, over, trainable=False) for name in ("moving_mean", "moving_variance"))
        elif statistics == "buffers":
            buffers = tuple(Weight(name, over, trainable=False) for name in ("running_mean", "running_var"))
            buffers += (Weight("num_batches_tracked", (), trainable=False),)
        conditions = require_channels(self.in_channels, *over)
        return Applied(shape, same_axes(shape), weights, _count(weights, over), conditions, buffers=buffers)


@layer
class LayerNorm(Layer):
    """Layer normalization over some sizes, with a gamma and a beta for each of their entries.

    ``axis`` numbers the sizes from 1 (−1 is the last). PyTorch's normalized_shape is the last sizes: (C, H, W) is
    ``axis=1*2*3``. Sizes do not change.

    >>> LayerNorm(axis=(1, 2)).notation
    'LayerNorm|1*2'
    """

    kind = "LayerNorm"
    prefix = "ln"
    aliases = {"layernormalization": {}}
    sources = (
        "Ba, Kiros, Hinton 2016, Layer Normalization",
        "Keras, keras.layers.LayerNormalization",
        "PyTorch, torch.nn.LayerNorm",
    )
    examples = (
        Example("LayerNorm", "(197, 768)", "(197, 768)", 1536, "torchvision, vit_b_16: encoder.ln"),
        Example(
            "LayerNorm|1*2*3",
            "(5*10*10)",
            "(5*10*10)",
            1000,
            "PyTorch, torch.nn.LayerNorm([5, 10, 10]), its own example",
        ),
    )

    axis: Sizes = sizes("", "which sizes are normalized", "axes", default=-1, least=ANY, most=8)
    scale: bool = flag("gamma is trained", default=True)
    center: bool = flag("beta is trained", "bias", default=True)
    epsilon: str | None = number("added to the variance", "eps")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        require_expressible(self)
        over = tuple(shape.dims[index] for index in sorted(indices_of_axes(self.axis, len(shape.dims))))
        weights = _trained(over, self.scale, self.center)
        return Applied(shape, same_axes(shape), weights, _count(weights, over))


@layer
class RMSNorm(Layer):
    """Root-mean-square normalization over the sizes ``axis``: a factor for each of their entries, no offset.

    >>> RMSNorm().notation
    'RMSNorm'
    """

    kind = "RMSNorm"
    prefix = "rms"
    aliases = {"rmsnormalization": {}}
    sources = ("Zhang & Sennrich 2019", "Keras, keras.layers.RMSNormalization", "PyTorch, torch.nn.RMSNorm")
    examples = (Example("RMSNorm", "(16, 4096)", "(16, 4096)", 4096, "Touvron et al. 2023, LLaMA 7B: dimension 4096"),)

    axis: Sizes = sizes("", "which sizes are normalized", "axes", default=-1, least=ANY, most=8)
    scale: bool = flag("gamma is trained", "elementwise_affine", default=True)
    epsilon: str | None = number("added to the mean square", "eps")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        require_expressible(self)
        over = tuple(shape.dims[index] for index in sorted(indices_of_axes(self.axis, len(shape.dims))))
        weights = _trained(over, self.scale)
        return Applied(shape, same_axes(shape), weights, _count(weights, over))


@layer
class GroupNorm(Layer):
    """Group normalization: g groups of channels are normalized, each channel has a gamma and a beta.

    g divides the channels. Sizes do not change.

    >>> GroupNorm(8).notation
    'GroupNorm|8'
    """

    kind = "GroupNorm"
    prefix = "gn"
    aliases = {"groupnormalization": {}}
    sources = (
        "Wu & He 2018, Group Normalization",
        "Keras, keras.layers.GroupNormalization",
        "PyTorch, torch.nn.GroupNorm",
    )
    examples = (
        Example("GroupNorm|3", "(6*10*10)", "(6*10*10)", 12, "PyTorch, torch.nn.GroupNorm(3, 6), its own example"),
    )

    groups: Term = count("g", "groups of channels that are normalized together", "num_groups", default=32)
    scale: bool = flag("gamma is trained", default=True)
    center: bool = flag("beta is trained", default=True)
    epsilon: str | None = number("added to the variance", "eps")
    in_channels: Term | None = expected_channels("num_channels")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        require_expressible(self)
        over = (_channels(shape),)
        weights = _trained(over, self.scale, self.center)
        even = Condition(Divides(self.groups, shape.channels), "the groups share the channels evenly")
        return Applied(
            shape, same_axes(shape), weights, _count(weights, over), (*require_channels(self.in_channels, *over), even)
        )


@layer
class InstanceNorm(Layer):
    """Instance normalization: each channel is normalized by itself.

    With ``affine`` each has a gamma and a beta; PyTorch has none unless asked, ONNX always. Sizes do not change.

    >>> InstanceNorm(affine=True).notation
    'InstanceNorm|affine=yes'
    """

    kind = "InstanceNorm"
    prefix = "in"
    aliases = {"instancenormalization": {}, **{f"instancenorm{rank}d": {"rank": rank} for rank in (1, 2, 3)}}
    sources = (
        "Ulyanov et al. 2016, Instance Normalization",
        "PyTorch, torch.nn.InstanceNorm2d",
        "ONNX, InstanceNormalization",
    )
    examples = (
        Example(
            "InstanceNorm", "(100*35*45)", "(100*35*45)", 0, "PyTorch, torch.nn.InstanceNorm2d(100), its own example"
        ),
        Example("InstanceNorm|affine=yes", "(100*35*45)", "(100*35*45)", 200, "the same with affine=True"),
    )

    affine: bool | None = flag("gamma and beta are trained; no unless the framework says yes", default=None)
    epsilon: str | None = number("added to the variance", "eps")
    rank: Term | None = expected_axes()
    in_channels: Term | None = expected_channels("num_features")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        over = (_channels(shape),)
        require_expressible(self)
        require_axes(self.rank, len(shape.dims) - 1)
        affine = bool(default(self, "affine", False) if self.affine is None else self.affine)
        weights = _trained(over, affine, affine)
        conditions = require_channels(self.in_channels, *over)
        return Applied(shape, same_axes(shape), weights, _count(weights, over), conditions)
