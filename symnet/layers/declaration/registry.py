"""All kinds of layers, by every name they go by; a family of layers is loaded when one of them is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any

from symnet.layers.declaration.constructor import spelling

if TYPE_CHECKING:
    from symnet.layers.declaration.base import Layer

__all__ = ["HOMES", "KINDS", "closest", "lookup"]

#: In words of so few letters one letter makes another word.
SHORT = 4

#: Every kind of layer, in the order in which they are listed to a reader: the class and its module.
HOMES = {
    "Conv": "convolution",
    "Depthwise": "convolution",
    "SeparableConv": "convolution",
    "Deconv": "transposed",
    "MaxPool": "pooling",
    "AvgPool": "pooling",
    "LpPool": "pooling",
    "GlobalAvgPool": "pooling",
    "GlobalMaxPool": "pooling",
    "AdaptiveAvgPool": "pooling",
    "AdaptiveMaxPool": "pooling",
    "ZeroPad": "spatial",
    "Cropping": "spatial",
    "Upsample": "spatial",
    "Resize": "spatial",
    "PixelShuffle": "spatial",
    "PixelUnshuffle": "spatial",
    "Dense": "dense",
    "Activation": "elementwise",
    "PReLU": "elementwise",
    "GLU": "elementwise",
    "Dropout": "elementwise",
    "Rescaling": "rescaling",
    "Scale": "elementwise",
    "BatchNorm": "normalization",
    "LayerNorm": "normalization",
    "GroupNorm": "normalization",
    "InstanceNorm": "normalization",
    "RMSNorm": "normalization",
    "LocalResponseNorm": "rescaling",
    "Normalization": "rescaling",
    "SimpleRNN": "recurrent",
    "GRU": "recurrent",
    "LSTM": "recurrent",
    "ConvLSTM": "conv_recurrent",
    "Embedding": "embedding",
    "PositionEmbedding": "embedding",
    "ClassToken": "embedding",
    "MultiHeadAttention": "attention",
    "CrossAttention": "attention",
    "WindowAttention": "window_attention",
    "PatchMerging": "window_attention",
    "PooledAttention": "window_attention",
    "SqueezeExcitation": "attention",
    "Add": "merges",
    "Subtract": "merges",
    "Multiply": "merges",
    "Average": "merges",
    "Maximum": "merges",
    "Minimum": "merges",
    "Combine": "merges",
    "Concat": "joins",
    "Crop": "joins",
    "Dot": "joins",
    "MatMul": "products",
    "Einsum": "products",
    "Flatten": "reshaping",
    "Reshape": "reshaping",
    "Permute": "reshaping",
    "ExpandDims": "reshaping",
    "Squeeze": "reshaping",
    "Repeat": "reshaping",
    "Slice": "slicing",
    "Split": "slicing",
    "Take": "slicing",
    "ChannelShuffle": "reshaping",
    "Layout": "reshaping",
    "Mean": "reductions",
    "Sum": "reductions",
    "Max": "reductions",
    "Min": "reductions",
    "Prod": "reductions",
    "Reduce": "reductions",
    "Input": "inputs",
    "Parameter": "arrays",
    "Opaque": "inputs",
    "Held": "inputs",
    "Unused": "inputs",
    "Require": "guards",
}

#: Usual names that are not a class's. They lead to their family at once; any other name is looked for from the first on.
_USUAL = {
    "FC": "Dense",
    "ReLU": "Activation",
    "BN": "BatchNorm",
    "LRN": "LocalResponseNorm",
    "RNN": "SimpleRNN",
    "SE": "SqueezeExcitation",
}

#: The classes of :data:`HOMES`. All families are loaded when this is first used.
KINDS: tuple[type[Layer], ...]


def __getattr__(name: str) -> Any:
    if name == "KINDS":
        return _kinds()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def _kinds() -> tuple[type[Layer], ...]:
    return tuple(map(_kind, HOMES))


def _kind(name: str) -> type[Layer]:
    found: type[Layer] = getattr(import_module(f"symnet.layers.kinds.{HOMES[name]}"), name)
    return found


@cache
def _names(name: str) -> dict[str, tuple[type[Layer], Mapping[str, Any]]]:
    """All names of one kind, with the values they imply."""
    kind = _kind(name)
    return {spelling(other): (kind, preset) for other, preset in {kind.kind: {}, **kind.aliases}.items()}


_LEADS = {spelling(name): name for name in HOMES} | {spelling(usual): name for usual, name in _USUAL.items()}


def lookup(name: str) -> tuple[type[Layer], Mapping[str, Any]] | None:
    """The kind of layer that goes by ``name`` and the values the name implies, or ``None``.

    >>> lookup("MaxPooling2D")
    (<class 'symnet.layers.kinds.pooling.MaxPool'>, {'rank': 2})
    """
    spelled = spelling(name)
    if not spelled.isidentifier():  # no family needs to be loaded to say that (3, 224, 224) is no layer
        return None
    leads = _LEADS.get(spelled)
    known = map(_names, HOMES if leads is None else (leads,))
    return next((names[spelled] for names in known if spelled in names), None)


def closest(name: str) -> str | None:
    """The known name that somebody who wrote ``name`` may have meant: a slip of the pen, or a beginning. Another word that has
    some letters in common is none.

    >>> [closest(word) for word in ("covn", "Embed", "maxpol", "mod", "round", "resblock")]
    ['Conv', 'Embedding', 'Maxpool', None, None, None]
    """
    known = {other: other for names in map(_names, HOMES) for other in names}
    known |= {spelling(kind.kind): kind.kind for kind in _kinds()}
    spelled = spelling(name)
    near = get_close_matches(spelled, known, n=5, cutoff=0.7)
    alike = (one for one in near if _is_slip(spelled, one))
    begun = (
        one
        for one in sorted(known, key=len)
        if len(spelled) > 2 and one.startswith(spelled) and len(one) <= 2 * len(spelled)
    )
    found = next(chain(alike, begun), None)
    return known[found] if found else None


def _is_slip(written: str, meant: str) -> bool:
    """Whether letters were left out, doubled or exchanged at most; of a word of four letters with another letter in it, head for
    held, nobody knows."""
    if len(written) == len(meant) <= SHORT:
        return sorted(written) == sorted(meant)
    return written[0] == meant[0] or bool(get_close_matches(written, [meant], cutoff=0.85))
