"""Certificates: why exactly the claimed values solve a question, as a tree that the rule ``tree`` checks.

A question is a conjunction; its parts are counted from 0 after conjunctions inside conjunctions are opened. Its unknowns have an
order. The tree splits the values of the first unknown, until :class:`Each` fixes it; what stands inside an ``Each`` speaks of
the next unknown, and so on. Values of an unknown x that are looked at together form a piece

    x = M·t + r,  low ≤ t ≤ high     (at first M = 1 and r = 0: t is x itself)

and a node speaks of t:

    Yes()                            all of the piece solves the question
    No(part)                         none of it does: the condition number ``part`` fails everywhere on the piece
    At(place, below, above)          first t ≤ place, then t > place
    Mod(k, branches)                 t = k·t′ + j: one branch for each remainder j = 0, …, k − 1
    Only(k, j, part, inside)         the condition number ``part`` fails unless t = k·t′ + j; ``inside`` speaks of that t′
    Each((Run(first, last, inside), …))   finitely many t, tried one by one: ``inside`` for each t of the run

So "pool1 divides exactly: W = 2a" is ``Only(2, 0, part of pool1, …)``, in which t′ is a; "conv3 needs W ≥ 188" is
``At(187, No(part of conv3), …)``.

A node of a certificate is a named tuple, so that it cannot change while it is checked. Nothing in one is believed.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from symnet.terms.integer_sets import Progression, progression
from symnet.terms.propositions import And, Proposition

__all__ = ["At", "Certificate", "Each", "Mod", "No", "Only", "Piece", "Run", "Yes", "parts_of"]


class Yes(NamedTuple):
    """The whole piece solves the question."""


class No(NamedTuple):
    """Nothing of the piece solves the question, for this condition fails everywhere on it."""

    part: int


class At(NamedTuple):
    """The piece is split into ``t ≤ place`` and ``t > place``."""

    place: int
    below: Certificate
    above: Certificate


class Mod(NamedTuple):
    """The piece is split by the remainder of t: in branch j, ``t = modulus·t′ + j``."""

    modulus: int
    branches: tuple[Certificate, ...]


class Only(NamedTuple):
    """One condition fails unless ``t = modulus·t′ + residue``; the rest speaks of t′."""

    modulus: int
    residue: int
    part: int
    inside: Certificate


class Run(NamedTuple):
    """Neighbouring values of t that are tried one after the other in the same way."""

    first: int
    last: int
    inside: Certificate


class Each(NamedTuple):
    """Finitely many values of t, in runs that follow each other without a gap and cover the piece."""

    runs: tuple[Run, ...]


Certificate: TypeAlias = Yes | No | At | Mod | Only | Each


def parts_of(proposition: Proposition) -> tuple[Proposition, ...]:
    """What a conjunction of conjunctions asks, in order, each once."""
    found: dict[Proposition, None] = {}
    stack: list[Proposition] = [proposition]
    while stack:
        part = stack.pop()
        if type(part) is And:
            stack.extend(reversed(part.args))
        else:
            found[part] = None
    return tuple(found)


class Piece(NamedTuple):
    """``x = modulus·t + residue`` for low ≤ t ≤ high; an end that is ``None`` is open."""

    modulus: int
    residue: int
    low: int | None
    high: int | None

    def of_class(self, k: int, j: int) -> Piece:
        """What has t = k·t′ + j."""
        low = None if self.low is None else -((j - self.low) // k)
        return Piece(
            self.modulus * k, self.residue + self.modulus * j, low, None if self.high is None else (self.high - j) // k
        )

    def members(self) -> Progression | None:
        """All its x; ``None`` where there are none."""
        modulus, residue, low, high = self
        first, last = [None if end is None else modulus * end + residue for end in (low, high)]
        return progression(residue, modulus, first, last)
