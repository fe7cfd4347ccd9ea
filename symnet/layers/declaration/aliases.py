"""The other names of layer kinds as constructors: ``symnet.FC``, ``symnet.ReLU``, ``symnet.Conv2D``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.constructor import arguments, spelling
from symnet.layers.declaration.registry import KINDS, lookup

__all__ = ["Alias", "alias_names", "constructor_named"]

#: The other names of layer kinds as they are spelled in Python. A kind for a fixed number of axes also has each name
#: with 1D, 2D or 3D.
_PYTHON_NAMES = """
AMax AMin AdaptiveAveragePool AdaptiveAveragePooling AdaptiveAvgPool AdaptiveMaxPool AdaptiveMaxPooling AlphaDropout ArgMax ArgMin
Attention AveragePool AveragePooling AvgPool AvgPooling BMM BN BatchNorm BatchNormalization BiGRU BiLSTM BiRNN Buffer CELU Cat Chunk
CircularPad Concatenate Constant ConstantPad Conv ConvLSTM ConvTranspose Convolution ConvolutionTranspose Cropping DWConv Deconv
Deconvolution Dense DepthToSpace DepthwiseConv DepthwiseConvolution Div Divide DropPath Dropout ELU Exponential FC FullyConnected GAP
GELU GMP GaussianDropout GaussianNoise Gemm GlobalAveragePool GlobalAveragePooling GlobalAvgPool GlobalMaxPool GlobalMaxPooling
GroupNormalization GroupQueryAttention HardShrink HardSigmoid HardSwish HardTanh Identity IndexSelect InputLayer InstanceNorm
InstanceNormalization Interpolate LRN LayerNormalization LayerScale LeakyReLU Linear LocalResponseNorm LocalResponseNormalization
LogSigmoid LogSoftmax LogSumExp LpPool LpPooling MHA MaxPool MaxPooling Mish Mul MultiscaleAttention Pad PositionalEmbedding Pow Power
RMSNormalization RNN RReLU ReLU ReLU6 ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReflectionPad RepeatVector ReplicationPad
Resizing SE SEBlock SELU SelfAttention SeparableConv SeparableConvolution SepConv ShiftedWindowAttention SiLU Sigmoid SimpleRNN
SoftShrink Softmax Softmin Softplus Softsign SpaceToDepth SpatialDropout SqueezeExcitation SqueezeExcite StochasticDepth Sub SubPixel
SwinAttention Swish Tanh TanhShrink Threshold ThresholdedReLU TimeDistributed Transpose TransposeConv TransposedConv Unflatten
Unsqueeze UpSampling UpSamplingBilinear UpSamplingNearest Upsample View Where ZeroPad ZeroPadding
""".split()  # noqa: SIM905  # a list of 150 names, read as a text

_RANKED = re.compile(r"([123])d")


class Alias:
    """A layer kind under a name that implies values of its fields: calling it makes a layer of ``kind`` with
    ``preset``.

    >>> constructor_named("Conv2D"), constructor_named("ReLU")()
    (<Conv2D: Conv with rank=2>, <ReLU>)
    """

    def __init__(self, name: str, kind: type[Layer], preset: Mapping[str, Any]) -> None:
        self.__name__, self.kind, self.preset = name, kind, dict(preset)
        self.__doc__ = f"{kind.__name__} with {self._implied()}.\n\n{kind.__doc__}"

    def _implied(self) -> str:
        return ", ".join(f"{field}={value!r}" for field, value in self.preset.items())

    def __call__(self, *positional: Any, **named: Any) -> Layer:
        labels: tuple[Any, ...] = ()
        if self.kind.reads[1] not in (0, 1):
            positional, labels = (), positional
        elif self.kind.gathers and len(positional) > 1:
            positional = (positional,)
        return self.kind(*labels, **arguments(self.kind, positional, named, self.preset))

    def __getattr__(self, name: str) -> Any:
        """An attribute of the general layer under this name: ``MaxPooling1D.size``."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.kind.in_letters(**self.preset), name)

    def __repr__(self) -> str:
        return f"<{self.__name__}: {self.kind.__name__} with {self._implied()}>"


def constructor_named(name: str) -> type[Layer] | Alias | None:
    """The constructor for a name of notation: the class of the kind, an :class:`Alias` where the name implies field
    values, ``None`` for an unknown name.
    """
    entry = lookup(name)
    if entry is None:
        return None
    kind, preset = entry
    return Alias(name, kind, preset) if preset else kind


def _ranked(name: str, rank: str) -> Iterator[str]:
    """A name with its number of axes: Conv2D, Conv2DTranspose."""
    yield f"{name}{rank}D"
    if name.endswith("Transpose"):
        yield f"{name.removesuffix('Transpose')}{rank}DTranspose"


def alias_names() -> list[str]:
    """All other names of layer kinds in their Python spelling, sorted."""
    aliases = {spelling(other) for kind in KINDS for other in kind.aliases}
    every = [*_PYTHON_NAMES, *(ranked for name in _PYTHON_NAMES for rank in "123" for ranked in _ranked(name, rank))]
    return sorted(name for name in every if spelling(name) in aliases)
