"""Marks frozen layers and weights in Keras code as not trainable."""

from __future__ import annotations

from dataclasses import replace

from symnet.render.code.statement import Cannot, Site, Statement

__all__ = ["trained_in_keras"]

#: Wrapper layers, which do not pass the argument ``trainable`` on to the layers inside.
_AROUND = ("keras.layers.Bidirectional", "keras.layers.MultiHeadAttention", "keras.layers.GroupQueryAttention")

#: Name suffixes of layers that have no weights.
_EMPTY = ("_zeropadding1d", "_pad", "_flatten", "_reshape", "_mean", "_multiply", "_crop")

_KINDS = ("Conv", "Depthwise", "Deconv", "FC", "BN", "LayerNorm", "GroupNorm", "InstanceNorm", "PReLU", "Embedding")
_ARRAYS = {name: name for name in ("kernel", "bias", "gamma", "beta", "alpha", "embeddings")}
_RECURRENT = {name: f"cell.{name}" for name in ("kernel", "recurrent_kernel", "bias")}


def trained_in_keras(site: Site, statement: Statement) -> Statement:
    """Returns the statement with ``trainable=False`` for the layer's frozen weights."""
    layer = site.layer
    if layer.frozen and site.record.applied.weights:
        makes, after = [], []
        for index, (suffix, make) in enumerate(statement.makes):
            if make.target in _AROUND:
                after.append(f"{{m{index}}}.trainable = False")
            elif suffix not in _EMPTY:
                make = make.having(trainable=False)
            makes.append((suffix, make))
        return replace(statement, makes=tuple(makes), after=tuple(after))
    if layer.freezes:
        main = next(index for index, (suffix, _) in enumerate(statement.makes) if not suffix)
        words = [word for word in layer.freezes.split() if not word.startswith(("moving_", "running_"))]
        return replace(
            statement, after=tuple(f"{{m{main}}}.{_name(site, word, statement)}.trainable = False" for word in words)
        )
    return statement


def _name(site: Site, word: str, statement: Statement) -> str:
    """Returns the attribute of the Keras layer that holds the weight ``word``. Raises :class:`Cannot` if it is not known."""
    kind = site.layer.kind
    if kind in _KINDS and word in _ARRAYS:
        return word
    wrapped = any(make.target in _AROUND for _, make in statement.makes)
    if kind in ("RNN", "GRU", "LSTM") and word in _RECURRENT and not wrapped:
        return _RECURRENT[word]
    raise Cannot(f"symnet does not know what Keras calls its {''.join(filter(str.isidentifier, word))}")
