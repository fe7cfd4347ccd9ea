"""What a name in an ONNX graph stands for: a tensor of the network, with the batch in its place, or an array that is known
before the model runs: weights, or the sizes that shape arithmetic works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from symnet.errors import LayerError
from symnet.frontends.flow import Flow
from symnet.terms.term import Term

__all__ = ["IRREGULAR", "Array", "Numbers", "Source", "Value", "along"]

#: Entries: terms for integers, fractions, symbolic ratios, truth values.
Numbers = np.ndarray[Any, Any]


def along(axis: int, rank: int) -> int:
    """Dimension number ``axis`` of ``rank``. Raises :class:`LayerError` if there is none.

    >>> along(-1, 4)
    3
    """
    if not -rank <= axis < rank:
        raise LayerError(f"there is no dimension {axis}: it has {rank}")
    return axis % rank


class Source(NamedTuple):
    """An array of the file that another array is made of: the whole of it, or a part.

    ``part`` is (dimension, start, stop) for entries in a row along one dimension, and ``IRREGULAR`` for any other part.
    ``arranged``: the entries stand in the file's own order and dimensions.
    """

    name: str
    part: tuple[int, int, int] | None = None
    arranged: bool = True


#: A part that is not all entries from a start to a stop along one dimension.
IRREGULAR = (-1, 0, 0)


class Array:
    """An array that is known before the model runs: its sizes, and its numbers where it is small.

    ``sources`` are the weights it is made of, so that each counts once; ``trained``: real numbers of the model's own, which
    are parameters where they are an operand. ``bits``: the significant bits of its real numbers, 0 for integers and truth
    values. ``positive``: sizes of a tensor, which are at least 1. ``counts``: the entries are 0, 1, 2, … along the last dimension.
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
        """The numbers, where they are known."""
        return None if self.numbers is None else self.numbers()

    @property
    def real(self) -> bool:
        """Whether its entries are real numbers."""
        return self.bits > 0

    @property
    def rank(self) -> int:
        """How many dimensions it has."""
        return len(self.dims)

    @property
    def count(self) -> int | None:
        """How many entries it has."""
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
        """The same numbers in another arrangement, or a ``part`` of them, as :class:`Source` says it."""
        sources = tuple(
            Source(source.name, (part if source.arranged and source.part is None else IRREGULAR), arranged=False)
            if part is not None
            else source._replace(arranged=source.arranged and tuple(dims) == self.dims)
            for source in self.sources
        )
        return Array(dims, read, sources=sources, trained=self.trained, bits=self.bits, positive=self.positive)


Value = Flow | Array
