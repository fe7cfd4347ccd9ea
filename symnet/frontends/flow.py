"""The symbolic tensor: all sizes of a tensor of a framework, the batch N among them, and where they stand in the network.

A network of symnet says what happens to one example, so its shapes have no batch. In a model the batch is a size like others: it
stands at any place, it is merged with other sizes (windows, tokens, frames, heads) and taken apart again. A :class:`Flow` is
such a tensor. Each of its dimensions is the batch, or a size of the network's tensor, or their product; sizes 1 may be left out
of the network. Costs are those of one example that way, whatever the batch was merged with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from symnet.frontends.building import Tensor
from symnet.layers.declaration.base import Layer
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.propositions import Proposition
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["BATCH", "Flow", "Site", "batch_share", "tidy"]

#: The batch N. No shape of the network has it; it stands in the sizes of a :class:`Flow` and in what is computed with those. Messages
#: write it as "batch", which a person may have called a size of the input.
BATCH = Symbol("batch__")

ONE = integer(1)


def tidy(term: Term) -> Term:
    """The term in normal form, a number where it is one."""
    return from_polynomial(normal_form(term))


def batch_share(size: Term) -> Term | None:
    """``a`` where ``size`` is N·a; ``None`` where it is no multiple of N.

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
    """Where an importer places layers, and what it knows of the sizes there: what the algebra of tensors asks of an importer."""

    def layer(self, layer: Layer, *tensors: Tensor, name: str = "") -> Tensor:
        """The layer on tensors of the network. ``name`` is what it is called in the part of the model that is being read."""

    def refusal(self, what: str) -> Exception:
        """The error that says ``what`` of the part of the model that is being read."""

    def suppose(self, proposition: Proposition) -> None:
        """The model runs for such sizes only: a printed hypothesis. Raises the refusal where it holds for no size."""

    def decide(self, proposition: Proposition) -> bool | None:
        """Whether it holds; where sizes differ in that, the answer becomes a printed hypothesis, or is left open (``None``)."""

    def usual(self, term: Term) -> int | None:
        """The number that a term is for the sizes that the model was run with; ``None`` where it was not run."""

    def multiples(self) -> dict[Term, Term]:
        """Sizes that are known to be multiples, each with how that is written: H is 7·⌊H/7⌋."""


@dataclass(frozen=True)
class Flow:
    """A tensor: the one in the network, and for each dimension where its size stands there (``None`` for the batch by itself, and
    for a size 1 that the network's tensor does not have). ``batch`` says which dimension the batch is in.

    >>> from symnet.layers.declaration.shape import Shape
    >>> windows = Flow(Tensor(1, Shape((integer(64), integer(49), integer(96)))), (0, 1, 2), batch=0)
    >>> windows.sizes
    (<Product 64*batch__>, <Int 49>, <Int 96>)
    >>> windows.batch_alone, windows.share(0)
    (False, <Int 64>)
    """

    tensor: Tensor
    places: tuple[int | None, ...]
    batch: int | None = None

    @classmethod
    def of(cls, tensor: Tensor, batch: int | None = 0) -> Flow:
        """A tensor of the network with the batch by itself as one more dimension, or without a batch."""
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
        """How many dimensions there are."""
        return len(self.places)

    @property
    def batch_alone(self) -> bool:
        """Whether one dimension is the batch and nothing else."""
        return self.batch is not None and self.places[self.batch] is None

    def share(self, dim: int) -> Term:
        """The size of a dimension with the batch left out: what of it one example has."""
        place = self.places[dim]
        return ONE if place is None else self.dims[place]

    @cached_property
    def sizes(self) -> tuple[Term, ...]:
        """All sizes, N among them."""
        return tuple(self._size(dim) for dim in range(self.ndim))

    def _size(self, dim: int) -> Term:
        share = self.share(dim)
        if dim != self.batch:
            return share
        return BATCH if self.places[dim] is None else tidy(BATCH * share)

    def on(self, tensor: Tensor) -> Flow:
        """The same dimensions of another tensor of the network, of as many sizes."""
        return Flow(tensor, self.places, self.batch)

    def axis(self, dim: int) -> int:
        """The number of a dimension among the network's sizes, from 1, as layers count them."""
        place = self.places[dim]
        if place is None:
            raise ValueError(f"dimension {dim} does not stand in the network's tensor")
        return place + 1

    def ordered(self) -> bool:
        """Whether the network's sizes stand in the order of the dimensions, all of them."""
        return [place for place in self.places if place is not None] == list(range(len(self.dims)))

    def missing(self) -> Sequence[int]:
        """The dimensions of size 1 that the network's tensor does not have."""
        return [dim for dim, place in enumerate(self.places) if place is None and dim != self.batch]
