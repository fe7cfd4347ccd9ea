"""Propositions over integer terms: what a theorem can state.

Like terms, propositions are interned and immutable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symnet.errors import TermError
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node
from symnet.terms.term import TERMS, Term

__all__ = [
    "PROPOSITIONS", "And", "Congruent", "Divides", "Eq", "Iff", "In", "Le", "Lt", "Or", "Proposition",
]  # fmt: skip


class Proposition(Node):
    """A statement about integers."""

    __slots__ = ()
    _made_of = TERMS


class Eq(Proposition):
    """``left = right``."""

    __slots__ = ()
    _arity = 2

    if TYPE_CHECKING:

        def __new__(cls, left: Term, right: Term) -> Eq: ...


class Le(Proposition):
    """``left ≤ right``."""

    __slots__ = ()
    _arity = 2

    if TYPE_CHECKING:

        def __new__(cls, left: Term, right: Term) -> Le: ...


class Lt(Proposition):
    """``left < right``."""

    __slots__ = ()
    _arity = 2

    if TYPE_CHECKING:

        def __new__(cls, left: Term, right: Term) -> Lt: ...


class Divides(Proposition):
    """``divisor ∣ term``: the term is an integer multiple of the divisor (0 divides only 0)."""

    __slots__ = ()
    _arity = 2

    if TYPE_CHECKING:

        def __new__(cls, divisor: Term, term: Term) -> Divides: ...


class Congruent(Proposition):
    """``term ≡ residue (mod modulus)``, that is, modulus ∣ term − residue."""

    __slots__ = ()
    _arity = 3

    if TYPE_CHECKING:

        def __new__(cls, term: Term, residue: Term, modulus: Term) -> Congruent: ...


class In(Proposition):
    """``term ∈ set`` for a concrete set of integers."""

    __slots__ = ()
    _arity = 2
    _nodes = 1

    if TYPE_CHECKING:

        def __new__(cls, term: Term, members: IntegerSet) -> In: ...

    def _finish(self) -> None:
        if type(self.args[1]) is not IntegerSet:
            raise TermError(f"not a set of integers: {self.args[1]!r}")
        super()._finish()


class Iff(Proposition):
    """``left ⇔ right``."""

    __slots__ = ()
    _arity = 2

    if TYPE_CHECKING:

        def __new__(cls, left: Proposition, right: Proposition) -> Iff: ...


class And(Proposition):
    """Conjunction; ``And()`` is true."""

    __slots__ = ()


class Or(Proposition):
    """Disjunction; ``Or()`` is false."""

    __slots__ = ()


#: Every kind of proposition, by its exact class.
PROPOSITIONS: frozenset[type] = frozenset((Eq, Le, Lt, Divides, Congruent, In, Iff, And, Or))
Iff._made_of = And._made_of = Or._made_of = PROPOSITIONS
Node._sealed = True  # no further kinds of nodes can be defined
