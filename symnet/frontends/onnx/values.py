"""The value of a name in an ONNX graph: a tensor of the network with its batch, or an array that is known before the
model runs (weights, or sizes in shape arithmetic).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from symnet.errors import LayerError
from symnet.frontends.flow import Flow
from symnet.terms.term import Term

__all__ = ["IRREGULAR", "Array", "Numbers", "Source", "Value", "along"]

#: Entries: terms for integers, fractions, rounded numbers, truth values.
Numbers = np.ndarray[Any, Any]


def along(axis: int, rank: int) -> int:
    """Dimension ``axis`` of ``rank``, counted from the end if negative. Raises :class:`LayerError` if there is none.

    >>> along(-1, 4)
    3
    """
    if not -rank <= axis < rank:
        raise LayerError(f"there is no dimension {axis}: it has {rank}")
    return axis % rank


class Source(NamedTuple):
    """An array of the file from which another array is made. ``part`` is ``None`` for all of it, (dimension, start,
    stop) for consecutive entries along a dimension, ``IRREGULAR`` for any other part. ``arranged``: the entries have
    the file's order and dimensions.
    """

    name: str
    part: tuple[int, int, int] | None = None
    arranged: bool = True


#: A part that is not consecutive along one dimension.
IRREGULAR = (-1, 0, 0)


class Array:
    """An array that is known before the model runs: its dimensions, and its numbers if it is small.

    ``sources`` are the weights from which it is made, so that each counts once; ``trained`` marks real numbers of the
    model, which are parameters if they are an operand; ``bits`` is the number of significant bits of real entries, 0
    for integers and truth values; ``positive`` marks sizes of a tensor, which are at least 1; ``counts`` marks the
    entries 0, 1, 2, … along the last dimension.
    """

    def __init__(
        self,
        dims: Sequence[Term],
        read: Callable[[], Numbers | None] | None = None,
        *,
        sources: tuple[Source, ...] = (),
        trained: bool = False,
        bits: int = 0,
        positive: bool = False,
        counts: bool = False,
    ) -> None:
        self.dims = tuple(dims)
        self.sources, self.trained, self.bits, self.positive = sources, trained, bits, positive
        self.numbers, self.counts = read, counts

    @cached_property
    def entries(self) -> Numbers | None:
        """The entries; ``None`` if they are not known."""
        return None if self.numbers is None else self.numbers()

    @property
    def real(self) -> bool:
        """Whether its entries are real numbers."""
        return self.bits > 0

    @property
    def rank(self) -> int:
        """The number of dimensions."""
        return len(self.dims)

    @property
    def count(self) -> int | None:
        """The number of entries; ``None`` if it depends on symbols."""
        total = 1
        for size in self.dims:
            if size.constant is None:
                return None
            total *= size.constant
        return total

    def like(
        self,
        dims: Sequence[Term],
        read: Callable[[], Numbers | None] | None = None,
        part: tuple[int, int, int] | None = None,
    ) -> Array:
        """The same entries with other dimensions, or a ``part`` of them in the sense of :class:`Source`."""
        sources = tuple(
            Source(source.name, (part if source.arranged and source.part is None else IRREGULAR), arranged=False)
            if part is not None
            else source._replace(arranged=source.arranged and tuple(dims) == self.dims)
            for source in self.sources
        )
        return Array(dims, read, sources=sources, trained=self.trained, bits=self.bits, positive=self.positive)


Value = Flow | Array
