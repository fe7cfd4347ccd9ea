"""All kinds of layers by all their names. The module of a kind is imported when one of its names is looked up."""

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

#: In words of at most so many letters, a different letter makes a different word and not a misspelling.
SHORT = 4

#: Every kind of layer, in the order in which readers see them: the class and its module in ``layers/kinds``.
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

#: Frequent names that differ from the class: they import one module only; any other name is searched in all modules in
#: turn.
_USUAL = {
    "FC": "Dense",
    "ReLU": "Activation",
    "BN": "BatchNorm",
    "LRN": "LocalResponseNorm",
    "RNN": "SimpleRNN",
    "SE": "SqueezeExcitation",
}

#: The classes of :data:`HOMES`. First use imports all modules.
KINDS: tuple[type[Layer], ...]


def __getattr__(name: str) -> Any:
    if name == "KINDS":
        return _kinds()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def _kinds() -> tuple[type[Layer], ...]:
    return tuple(map(_kind, HOMES))


def _kind(name: str) -> type[Layer]:
    kind: type[Layer] = getattr(import_module(f"symnet.layers.kinds.{HOMES[name]}"), name)
    return kind


@cache
def _names(name: str) -> dict[str, tuple[type[Layer], Mapping[str, Any]]]:
    """All names of one kind, each with the class and the field values it implies."""
    kind = _kind(name)
    return {spelling(other): (kind, preset) for other, preset in {kind.kind: {}, **kind.aliases}.items()}


_CLASS_OF = {spelling(name): name for name in HOMES} | {spelling(usual): name for usual, name in _USUAL.items()}


def lookup(name: str) -> tuple[type[Layer], Mapping[str, Any]] | None:
    """The kind of layer called ``name`` and the field values this name implies, or ``None`` if there is none.

    >>> lookup("MaxPooling2D")
    (<class 'symnet.layers.kinds.pooling.MaxPool'>, {'rank': 2})
    """
    spelled = spelling(name)
    if not spelled.isidentifier():  # answers for texts such as (3, 224, 224) without importing any module
        return None
    family = _CLASS_OF.get(spelled)
    names_of_kinds = map(_names, HOMES if family is None else (family,))
    return next((names[spelled] for names in names_of_kinds if spelled in names), None)


def closest(name: str) -> str | None:
    """The existing name that ``name`` probably stands for: a misspelling or an abbreviation of it; ``None`` if nothing
    is close.

    >>> [closest(word) for word in ("covn", "Embed", "maxpol", "mod", "round", "resblock")]
    ['Conv', 'Embedding', 'Maxpool', None, None, None]
    """
    full_names = {other: other for names in map(_names, HOMES) for other in names}
    full_names |= {spelling(kind.kind): kind.kind for kind in _kinds()}
    spelled = spelling(name)
    near = get_close_matches(spelled, full_names, n=5, cutoff=0.7)
    similar = (one for one in near if _is_slip(spelled, one))
    longer = (
        one
        for one in sorted(full_names, key=len)
        if len(spelled) > 2 and one.startswith(spelled) and len(one) <= 2 * len(spelled)
    )
    match = next(chain(similar, longer), None)
    return full_names[match] if match else None


def _is_slip(name: str, candidate: str) -> bool:
    """Whether ``name`` is a misspelling of ``candidate``: letters left out, doubled or exchanged. Words of four
    letters that differ in a letter (head, held) are different words.
    """
    if len(name) == len(candidate) <= SHORT:
        return sorted(name) == sorted(candidate)
    return name[0] == candidate[0] or bool(get_close_matches(name, [candidate], cutoff=0.85))
