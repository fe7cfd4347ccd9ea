"""The symbolic tensor of the importers: all sizes of a framework's tensor, including the batch N, and their positions
in the network's tensor.

A network of symnet describes one example, so its shapes have no batch. In a model the batch is a size like others: it
may be at any position, merged with other sizes (windows, tokens, frames, heads) and separated again. A :class:`Flow`
is such a tensor: each of its dimensions is the batch N, a size of the network's tensor, or N times such a size; sizes
1 may be missing in the network. Costs are always those of one example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from symnet.errors import ModelError
from symnet.frontends.building import Tensor
from symnet.layers.declaration.base import Layer
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.propositions import Proposition
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["BATCH", "Flow", "Site", "batch_share", "tidy"]

#: The batch N. It occurs in the sizes of a :class:`Flow` and in terms computed from them, never in a shape of the
#: network. Messages call it "batch", because a size of the input may be named N; its own name is one that nobody writes.
BATCH = Symbol("batch‿")

ONE = integer(1)


def tidy(term: Term) -> Term:
    """The term in normal form; a number if it is constant."""
    return from_polynomial(normal_form(term))


def batch_share(size: Term) -> Term | None:
    """``a`` if ``size`` is N·a; ``None`` if it is not a multiple of N.

    >>> batch_share(4 * BATCH), batch_share(BATCH), batch_share(BATCH + 1), batch_share(integer(5))
    (<Int 4>, <Int 1>, None, None)
    """
    share = {}
    for monomial, coefficient in normal_form(size).items():
        if (BATCH, 1) not in monomial:
            return None
        share[tuple(pair for pair in monomial if pair[0] is not BATCH)] = coefficient
    found = from_polynomial(share)
    return found if share and BATCH not in symbols_of(found) else None


class Site(Protocol):
    """What the algebra of tensors needs of an importer: placing layers, refusing, and knowledge about sizes."""

    def layer(self, layer: Layer, *tensors: Tensor, name: str = "") -> Tensor:
        """Places a layer on tensors of the network. ``name`` is its name within the part of the model that is being
        read.
        """

    def refusal(self, what: str) -> Exception:
        """An error that says ``what`` of the part of the model that is being read, to be raised."""

    def suppose(self, proposition: Proposition) -> None:
        """Adds the hypothesis ``proposition`` to the network, because the model only runs for such sizes. Raises the
        refusal if it holds for no size.
        """

    def decide(self, proposition: Proposition) -> bool | None:
        """Whether the proposition holds. If that depends on sizes, the answer becomes a hypothesis of the network, or
        is ``None``.
        """

    def usual(self, term: Term) -> int | None:
        """The value of a term for the sizes with which the model was run; ``None`` if it was not run."""

    def multiples(self) -> dict[Term, Term]:
        """Sizes known to be multiples of a number, each with its form: H is 7·⌊H/7⌋."""

    def note_merged_batch(self, sizes: str, share: str) -> None:
        """Tells the user that the layer added last has the batch merged into one of its ``sizes``, of which the network
        has the ``share`` of one example.
        """


@dataclass(frozen=True)
class Flow:
    """A tensor of the network with, for each dimension of the framework's tensor, the index of its size there:
    ``None`` for the batch alone, and for a size 1 that the network's tensor does not have. ``batch`` is the dimension
    that contains the batch.

    >>> from symnet.layers.declaration.shape import Shape
    >>> windows = Flow(Tensor(1, Shape((integer(64), integer(49), integer(96)))), (0, 1, 2), batch=0)
    >>> windows.sizes
    (<Product 64*batch‿>, <Int 49>, <Int 96>)
    >>> windows.batch_alone, windows.share(0)
    (False, <Int 64>)
    """

    tensor: Tensor
    places: tuple[int | None, ...]
    batch: int | None = None

    @classmethod
    def of(cls, tensor: Tensor, batch: int | None = 0) -> Flow:
        """A tensor of the network with the batch alone as an additional dimension, or without a batch if ``batch`` is
        ``None``. Raises :class:`ModelError` if a size has the name that is kept for the batch.
        """
        if BATCH in symbols_of(*tensor.shape.dims):
            raise ModelError(
                f"{BATCH.name} is the name that is kept for the batch: call that size of the input otherwise"
            )
        places: list[int | None] = list(range(len(tensor.shape.dims)))
        if batch is not None:
            places.insert(batch, None)
        return cls(tensor, tuple(places), batch)

    @property
    def dims(self) -> tuple[Term, ...]:
        """The sizes of the network's tensor."""
        return self.tensor.shape.dims

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.places)

    @property
    def batch_alone(self) -> bool:
        """Whether one dimension is the batch and nothing else."""
        return self.batch is not None and self.places[self.batch] is None

    def share(self, dim: int) -> Term:
        """The size of a dimension for one example: without the factor N."""
        place = self.places[dim]
        return ONE if place is None else self.dims[place]

    @cached_property
    def sizes(self) -> tuple[Term, ...]:
        """All sizes, including N."""
        return tuple(self._size(dim) for dim in range(self.ndim))

    def _size(self, dim: int) -> Term:
        share = self.share(dim)
        if dim != self.batch:
            return share
        return BATCH if self.places[dim] is None else tidy(BATCH * share)

    def on(self, tensor: Tensor) -> Flow:
        """The same dimensions on another tensor of the network with as many sizes."""
        return Flow(tensor, self.places, self.batch)

    def axis(self, dim: int) -> int:
        """The number of a dimension among the network's sizes, counted from 1 as layers do."""
        place = self.places[dim]
        if place is None:
            raise ValueError(f"dimension {dim} does not stand in the network's tensor")
        return place + 1

    def ordered(self) -> bool:
        """Whether the network's sizes are in the order of the dimensions."""
        return [place for place in self.places if place is not None] == list(range(len(self.dims)))

    def missing(self) -> Sequence[int]:
        """The dimensions of size 1 that the network's tensor does not have."""
        return [dim for dim, place in enumerate(self.places) if place is None and dim != self.batch]
