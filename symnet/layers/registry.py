"""All kinds of layers, by every name they go by."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from symnet.layers.arrays import Parameter
from symnet.layers.attention import CrossAttention, MultiHeadAttention, SqueezeExcitation
from symnet.layers.base import Layer
from symnet.layers.conv_recurrent import ConvLSTM
from symnet.layers.convolution import Conv, Depthwise, SeparableConv
from symnet.layers.dense import Dense
from symnet.layers.elementwise import GLU, Activation, Dropout, PReLU, Scale
from symnet.layers.embedding import ClassToken, Embedding, PositionEmbedding
from symnet.layers.given import Held, Input, Opaque
from symnet.layers.joins import Concat, Crop, Dot
from symnet.layers.merges import Add, Average, Combine, Maximum, Minimum, Multiply, Subtract
from symnet.layers.normalization import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, RMSNorm
from symnet.layers.pooling import (
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    GlobalAvgPool,
    GlobalMaxPool,
    LpPool,
    MaxPool,
)
from symnet.layers.products import Einsum, MatMul
from symnet.layers.recurrent import GRU, LSTM, SimpleRNN
from symnet.layers.reductions import Max, Mean, Min, Prod, Reduce, Sum
from symnet.layers.required import Require
from symnet.layers.rescaling import LocalResponseNorm, Normalization, Rescaling
from symnet.layers.reshaping import ChannelShuffle, ExpandDims, Flatten, Layout, Permute, Repeat, Reshape, Squeeze
from symnet.layers.slicing import Slice, Split, Take
from symnet.layers.spatial import Cropping, PixelShuffle, PixelUnshuffle, Resize, Upsample, ZeroPad
from symnet.layers.transposed import Deconv
from symnet.layers.windowed import PatchMerging, PooledAttention, WindowAttention

__all__ = ["KINDS", "closest", "lookup", "spelling"]

#: Every kind of layer, in the order in which they are listed to a reader.
KINDS: tuple[type[Layer], ...] = (
    Conv,
    Depthwise,
    SeparableConv,
    Deconv,
    MaxPool,
    AvgPool,
    LpPool,
    GlobalAvgPool,
    GlobalMaxPool,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    ZeroPad,
    Cropping,
    Upsample,
    Resize,
    PixelShuffle,
    PixelUnshuffle,
    Dense,
    Activation,
    PReLU,
    GLU,
    Dropout,
    Rescaling,
    Scale,
    BatchNorm,
    LayerNorm,
    GroupNorm,
    InstanceNorm,
    RMSNorm,
    LocalResponseNorm,
    Normalization,
    SimpleRNN,
    GRU,
    LSTM,
    ConvLSTM,
    Embedding,
    PositionEmbedding,
    ClassToken,
    MultiHeadAttention,
    CrossAttention,
    WindowAttention,
    PatchMerging,
    PooledAttention,
    SqueezeExcitation,
    Add,
    Subtract,
    Multiply,
    Average,
    Maximum,
    Minimum,
    Combine,
    Concat,
    Crop,
    Dot,
    MatMul,
    Einsum,
    Flatten,
    Reshape,
    Permute,
    ExpandDims,
    Squeeze,
    Repeat,
    Slice,
    Split,
    Take,
    ChannelShuffle,
    Layout,
    Mean,
    Sum,
    Max,
    Min,
    Prod,
    Reduce,
    Input,
    Parameter,
    Opaque,
    Held,
    Require,
)


def spelling(name: str) -> str:
    """A name as it is compared: letters and digits, lower case."""
    return name.lower().replace("_", "").replace("-", "")


@cache
def _table() -> dict[str, tuple[type[Layer], Mapping[str, Any]]]:
    table: dict[str, tuple[type[Layer], Mapping[str, Any]]] = {}
    for kind in KINDS:
        for name, preset in {kind.kind: {}, **kind.aliases}.items():
            table[spelling(name)] = (kind, preset)
    return table


def lookup(name: str) -> tuple[type[Layer], Mapping[str, Any]] | None:
    """The kind of layer that goes by ``name`` and the values the name implies, or ``None``.

    >>> lookup("MaxPooling2D")
    (<class 'symnet.layers.pooling.MaxPool'>, {'rank': 2})
    """
    return _table().get(spelling(name))


def closest(name: str) -> str | None:
    """The known name nearest to ``name``."""
    known = {spelling(kind.kind): kind.kind for kind in KINDS} | {key: key for key in _table()}
    found = get_close_matches(spelling(name), known, n=1, cutoff=0.5)
    kinds = {spelling(kind.kind): kind.kind for kind in KINDS}
    return kinds.get(found[0], found[0]) if found else None
