"""The words for a layer in figures, ``conv 3×3 /2, 64``, ``max pool 2×2``, ``dense 10``."""

from __future__ import annotations

from dataclasses import replace

from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.fields import Sizes
from symnet.network.propagate import Placed
from symnet.printing.text import unicode_text
from symnet.terms.term import Term, integer

__all__ = ["layer_words"]

#: Kinds with other words than in notation.
_WORDS = {
    "Conv": "conv", "Deconv": "transposed conv", "Depthwise": "depthwise conv", "SeparableConv": "separable conv",
    "Maxpool": "max pool", "Avgpool": "avg pool", "LpPool": "Lp pool", "GlobalAvgPool": "global avg pool",
    "GlobalMaxPool": "global max pool", "AdaptiveAvgPool": "adaptive avg pool", "AdaptiveMaxPool": "adaptive max pool",
    "FC": "dense", "LayerNorm": "layer norm", "RMSNorm": "RMS norm", "GroupNorm": "group norm",
    "InstanceNorm": "instance norm", "MultiHeadAttention": "attention", "CrossAttention": "cross-attention",
    "WindowAttention": "window attention", "PooledAttention": "pooled attention", "PatchMerging": "patch merging",
    "SE": "squeeze-excitation", "ClassToken": "class token", "PositionEmbedding": "position embedding",
    "ZeroPad": "zero padding", "PixelShuffle": "pixel shuffle", "PixelUnshuffle": "pixel unshuffle",
    "ChannelShuffle": "channel shuffle", "ExpandDims": "expand dims", "MatMul": "matrix product", "Multiply": "multiply",
}  # fmt: skip

#: Kinds whose names are the same in figures and in notation.
_AS_THEY_ARE = frozenset({"BN", "GLU", "LRN", "LSTM", "GRU", "RNN", "PReLU", "ConvLSTM"})

#: Longer words of a layer are left to the table, in characters.
_LONG = 60


def layer_words(node: Placed) -> str:
    """The words for a layer.

    >>> from symnet.network.network import Network
    >>> net = Network.parse("(3*W*W) -> Conv|64|7|2|3 -> ReLU -> Maxpool|3|2|1 -> Conv|K|3*1|groups=2 -> FC|10")
    >>> [layer_words(place) for place in net.placed]
    ['input', 'conv 7×7 /2, 64', 'ReLU', 'max pool 3×3 /2', 'conv 3×1, K, 2 groups', 'dense 10']
    """
    layer = node.layer
    if layer is None:
        return "input"
    if layer.kind == "Input":
        return "input"
    return _with_activation(layer, _plain(layer, max(1, len(node.inputs[0].axes)) if node.inputs else 1))


def _plain(layer: Layer, axes: int) -> str:
    kind = layer.kind
    if kind == "Activation":
        return layer.unnamed.notation.partition("|")[0]
    word = _WORDS.get(kind) or (kind if kind in _AS_THEY_ARE else _spaced(kind))
    kernel = _sizes(getattr(layer, "kernel", None), axes)
    if kernel:
        return _window(layer, word, kernel, axes)
    match kind:
        case "Slice":
            return f"{word} {_slice(layer)}"
        case "Permute":
            return f"{word} {_values(layer).replace('×', ', ')}"
        case "FC" | "LSTM" | "GRU" | "RNN":
            return f"{word} {_count(layer, 'units')}".rstrip()
        case "MultiHeadAttention" | "CrossAttention" | "WindowAttention" | "PooledAttention":
            heads = _count(layer, "heads")
            return f"{word}, {heads} head{'s' * (heads != '1')}" if heads else word
        case "Embedding":
            return f"embedding {_count(layer, 'vocabulary')} → {_count(layer, 'dim')}"
        case "BN" | "LayerNorm" | "GroupNorm" | "InstanceNorm" | "RMSNorm" | "Dropout" | "GLU" | "Opaque" | "Parameter":
            return word
    return f"{word} {_values(layer)}".rstrip()


def _window(layer: Layer, word: str, kernel: str, axes: int) -> str:
    words = [word, kernel]
    stride = getattr(layer, "steps", None) or getattr(layer, "stride", None)
    steps = _sizes(stride, axes)
    if any(size.constant != 1 for size in stride or ()):
        each = steps.split("×")
        words.append(f"/{each[0]}" if len(set(each)) == 1 else f"/{steps}")
    dilation = getattr(layer, "dilation", None)
    if any(size.constant != 1 for size in dilation or ()):
        each = _sizes(dilation, axes).split("×")
        words.append(f"dilated {each[0] if len(set(each)) == 1 else '×'.join(each)}")
    parts = [" ".join(words)]
    if filters := _count(layer, "filters"):
        parts.append(filters)
    groups = _count(layer, "groups")
    if groups == filters and groups not in ("", "1"):
        parts[0] = f"depthwise {parts[0]}"
    elif groups not in ("", "1"):
        parts.append(f"{groups} groups")
    return ", ".join(parts)


def _sizes(sizes: Sizes | None, axes: int) -> str:
    if not sizes or not all(isinstance(size, Term) for size in sizes):
        return ""
    each = sizes * axes if len(sizes) == 1 else sizes
    return "×".join(_size_text(size) for size in each)


def _size_text(size: Term) -> str:
    text_of_size = unicode_text(size if size.constant is None else integer(size.constant))
    return f"({text_of_size})" if " " in text_of_size else text_of_size


def _count(layer: Layer, name: str) -> str:
    value = getattr(layer, name, None)
    return _size_text(value) if isinstance(value, Term) else ""


def _slice(layer: Layer) -> str:
    """The range of a slice as in Python: ``0:16``."""
    start, stop, step = (_count(layer, name) for name in ("start", "stop", "step"))
    return f"{start or 0}:{stop}" + (f":{step}" if step not in ("", "1") else "")


def _values(layer: Layer) -> str:
    """The unnamed arguments of a layer, in notation."""
    bare = replace(layer.unnamed, framework=None).notation.split("|")[1:]
    values = " ".join(part for part in bare if "=" not in part).replace("*", "×")
    return values if len(values) <= _LONG else ""


def _with_activation(layer: Layer, words: str) -> str:
    activation = getattr(layer, "activation", None)
    if layer.kind in ("LSTM", "GRU", "RNN", "ConvLSTM") or not isinstance(activation, str) or activation == "linear":
        return words
    return f"{words} + {_activation_word(activation)}"


def _activation_word(name: str) -> str:
    from symnet.layers.kinds.elementwise import Activation

    return Activation(name).notation.partition("|")[0]


def _spaced(kind: str) -> str:
    """``ExpandDims`` as ``expand dims``."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind).strip()
