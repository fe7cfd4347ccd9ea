"""Arrays that are known before the model runs: their entries, dimensions and sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product as indices
from typing import Any

import numpy as np

from symnet.errors import LayerError
from symnet.frontends.onnx.constants.numbers import as_entry
from symnet.frontends.onnx.values import Array, Numbers
from symnet.terms.propositions import Le, Proposition
from symnet.terms.term import Term, integer

__all__ = [
    "Unfolded", "boxed", "broadcast", "counted", "from_numbers", "in_range", "known", "made_of", "numbers_of", "whole",
]  # fmt: skip


class Unfolded(LayerError):
    """The array cannot be computed in advance; a layer may still describe its sizes."""


def boxed(values: Any, shape: Sequence[int] | None = None) -> Numbers:
    """Values as an array of Python objects, with this shape if given."""
    array = np.empty(np.shape(values) if shape is None else tuple(shape), dtype=object)
    array[...] = values
    return array


def from_numbers(numbers: np.ndarray[Any, Any]) -> Numbers:
    """The numbers of a file as an array of entries."""
    entries = np.empty(numbers.shape, dtype=object)
    for place in indices(*map(range, numbers.shape)):
        entries[place] = as_entry(numbers[place])
    return entries


def known(entries: Numbers, *, bits: int = 0, like: Sequence[Array] = (), positive: bool = False) -> Array:
    """An array of these entries, whose sources are those of ``like``."""
    sources = tuple(dict.fromkeys(source for array in like for source in array.sources))
    dims = tuple(integer(size) for size in entries.shape)
    trained = any(array.trained for array in like)
    return Array(dims, lambda: entries, sources=sources, trained=trained, bits=bits, positive=positive)


def whole(dims: Sequence[Term]) -> tuple[int, ...]:
    """Dimensions as numbers. Raises :class:`Unfolded` if they are symbols."""
    numbers = [size.constant for size in dims]
    if None in numbers:
        raise Unfolded("an array of unknown size cannot be worked out")
    return tuple(number for number in numbers if number is not None)


def broadcast(*shapes: Sequence[Term]) -> tuple[Term, ...]:
    """The broadcast dimensions of several shapes, aligned at the end; a 1 is stretched."""
    rank = max(map(len, shapes), default=0)
    found: list[Term] = []
    for place in range(rank):
        sizes = [shape[place - rank + len(shape)] for shape in shapes if place - rank + len(shape) >= 0]
        found.append(next((size for size in sizes if size.constant != 1), integer(1)))
    return tuple(found)


def numbers_of(*arrays: Array) -> list[Numbers] | None:
    """The entries of all arrays; ``None`` if those of one are unknown."""
    entries_ = [array.entries for array in arrays]
    return None if any(entries is None for entries in entries_) else entries_  # type: ignore[return-value]


def made_of(dims: Sequence[Term], arrays: Sequence[Array]) -> Array:
    """An array with unknown entries, computed from ``arrays``."""
    sources = tuple(dict.fromkeys(source for array in arrays for source in array.sources))
    some = any(array.trained for array in arrays)
    return Array(dims, sources=sources, trained=some, bits=max((array.bits for array in arrays), default=0))


def counted(dims: Sequence[Term]) -> int:
    """The number of entries of an array with these dimensions. Raises :class:`Unfolded` if they are symbols."""
    total = 1
    for size in whole(dims):
        total *= size
    return total


def in_range(index: Array, size: Term, suppose: Callable[[Proposition], None] | None = None) -> None:
    """A dimension of ``size`` has the entries whose numbers are known; those below 0 count from the end. ``suppose`` is told what a
    letter must be. Raises :class:`LayerError` where there is no such entry."""
    found = [] if index.entries is None else [getattr(entry, "constant", None) for entry in index.entries.reshape(-1)]
    numbers = [number for number in found if number is not None]
    if not numbers:
        return
    most, least = max(numbers), min(numbers)
    if size.constant is not None and not -size.constant <= least <= most < size.constant:
        raise LayerError(f"takes entry {most if most >= size.constant else least} of {size.constant}")
    if size.constant is None and suppose is not None:
        suppose(Le(integer(max(most + 1, -least)), size))
