"""What a name in an ONNX graph stands for: a tensor of the network, with the batch in its place, or an array that is known
before the model runs: weights, or the sizes that shape arithmetic works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from symnet.errors import LayerError
from symnet.frontends.building import Tensor
from symnet.layers.declaration.shape import Shape
from symnet.terms.term import Term, integer, times

__all__ = ["IRREGULAR", "Array", "Flow", "Numbers", "Source", "Value", "along"]

#: Entries: terms for integers, fractions, symbolic ratios, truth values.
Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Flow:
    """A tensor that depends on the input.

    ``groups`` has, for each dimension in the model, the sizes of the tensor that it consists of: one, none for a dimension of
    size 1 that the tensor leaves out, and in the dimension ``batch`` those that were multiplied into the batch; the first
    ``lead`` of these stand before it. ``batch`` is ``None`` where all samples share the tensor.
    """

    tensor: Tensor
    groups: tuple[tuple[int, ...], ...]
    batch: int | None = 0
    lead: int = 0

    @classmethod
    def of(cls, tensor: Tensor, batch: int | None = 0) -> Flow:
        """The batch in its place, and a dimension for every size."""
        groups = [(index,) for index in range(len(tensor.shape.dims))]
        if batch is not None:
            groups.insert(batch, ())  # type: ignore[arg-type]
        return cls(tensor, tuple(groups), batch)

    @property
    def shape(self) -> Shape:
        """The sizes without the batch."""
        return self.tensor.shape

    @property
    def rank(self) -> int:
        """How many dimensions the model sees."""
        return len(self.groups)

    @property
    def merged(self) -> tuple[int, ...]:
        """The sizes that are multiplied into the batch."""
        return () if self.batch is None else self.groups[self.batch]

    @property
    def plain(self) -> bool:
        """Whether the batch is the first dimension and nothing else, and every other one is a size."""
        return self.batch == 0 and not self.groups[0] and all(self.groups[1:])

    @property
    def loose(self) -> bool:
        """Whether a dimension of size 1 is left out."""
        return any(not group for index, group in enumerate(self.groups) if index != self.batch)

    def sizes(self, batch: Term) -> tuple[Term, ...]:
        """The dimensions as the model sees them."""
        found = []
        for index, group in enumerate(self.groups):
            size: Term = batch if index == self.batch else integer(1)
            for place in group:
                size = times(size, self.shape.dims[place])
            found.append(size)
        return tuple(found)

    def on(self, tensor: Tensor) -> Flow:
        """The same dimensions of another tensor."""
        return replace(self, tensor=tensor)

    def axis(self, axis: int) -> int:
        """Dimension number ``axis``, counted from the end where it is negative. Raises :class:`LayerError` if there is none."""
        return along(axis, self.rank)

    def place(self, axis: int) -> int:
        """Where the size of dimension ``axis`` stands. Raises :class:`LayerError` for the batch."""
        axis = self.axis(axis)
        if axis == self.batch:
            raise LayerError(f"works along dimension {axis}, which holds the batch")
        return self.groups[axis][0]

    def without(self, axes: Sequence[int], tensor: Tensor) -> Flow:
        """``tensor`` where the dimensions ``axes`` are gone, with their sizes."""
        gone = {place for axis in axes for place in self.groups[axis]}
        kept = [place for place in range(len(self.shape.dims)) if place not in gone]
        groups = tuple(
            tuple(kept.index(place) for place in group) for axis, group in enumerate(self.groups) if axis not in axes
        )
        batch = None if self.batch is None else self.batch - sum(axis < self.batch for axis in axes)
        return Flow(tensor, groups, batch, self.lead)


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
