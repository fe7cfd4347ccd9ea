"""All kinds of layers, by every name they go by."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from symnet.layers.base import Layer
from symnet.layers.convolution import Conv
from symnet.layers.dense import Dense
from symnet.layers.elementwise import Activation, Dropout
from symnet.layers.normalization import BatchNorm
from symnet.layers.pooling import AvgPool, MaxPool
from symnet.layers.recurrent import LSTM
from symnet.layers.reshaping import Flatten, Reshape

__all__ = ["KINDS", "closest", "lookup", "spelling"]

#: Every kind of layer, in the order in which they are listed to a reader.
KINDS: tuple[type[Layer], ...] = (
    Conv,
    MaxPool,
    AvgPool,
    Dense,
    Flatten,
    Reshape,
    Activation,
    Dropout,
    BatchNorm,
    LSTM,
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
