"""What Keras code says of training: which layers and weights are not trained."""

from __future__ import annotations

from dataclasses import replace

from symnet.render.code.statement import Cannot, Site, Statement

__all__ = ["trained_in_keras"]

#: Layers around other layers, which do not hand the argument ``trainable`` on.
_AROUND = ("keras.layers.Bidirectional", "keras.layers.MultiHeadAttention", "keras.layers.GroupQueryAttention")

#: Layers that hold nothing.
_EMPTY = ("_zeropadding1d", "_pad", "_flatten", "_reshape", "_mean", "_multiply", "_crop")

_KINDS = ("Conv", "Depthwise", "Deconv", "FC", "BN", "LayerNorm", "GroupNorm", "InstanceNorm", "PReLU", "Embedding")
_ARRAYS = {name: name for name in ("kernel", "bias", "gamma", "beta", "alpha", "embeddings")}
_RECURRENT = {name: f"cell.{name}" for name in ("kernel", "recurrent_kernel", "bias")}


def trained_in_keras(site: Site, statement: Statement) -> Statement:
    """The statement with its frozen weights frozen."""
    layer = site.layer
    if layer.frozen and site.place.applied.weights:
        makes, after = [], []
        for index, (end, make) in enumerate(statement.makes):
            if make.target in _AROUND:
                after.append(f"{{m{index}}}.trainable = False")
            elif end not in _EMPTY:
                make = make.having(trainable=False)
            makes.append((end, make))
        return replace(statement, makes=tuple(makes), after=tuple(after))
    if layer.freezes:
        main = next(index for index, (end, _) in enumerate(statement.makes) if not end)
        words = [word for word in layer.freezes.split() if not word.startswith(("moving_", "running_"))]
        return replace(
            statement, after=tuple(f"{{m{main}}}.{_name(site, word, statement)}.trainable = False" for word in words)
        )
    return statement


def _name(site: Site, word: str, statement: Statement) -> str:
    """The variable of a layer that is one weight of it."""
    kind = site.layer.kind
    if kind in _KINDS and word in _ARRAYS:
        return word
    around = any(make.target in _AROUND for _, make in statement.makes)
    if kind in ("RNN", "GRU", "LSTM") and word in _RECURRENT and not around:
        return _RECURRENT[word]
    raise Cannot(f"symnet does not know what Keras calls its {''.join(filter(str.isidentifier, word))}")
