"""Answers as SymPy sets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from symnet.solving.chain import Family
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.propositions import And, Congruent, Divides, Eq, In, Le, Lt, Or, Proposition
from symnet.terms.term import Symbol

if TYPE_CHECKING:
    import sympy

__all__ = ["family_set", "integer_set", "tuples"]

#: Finite progressions up to this size are written as finite sets.
LISTED = 64


def integer_set(members: IntegerSet) -> sympy.Set:
    """A set of integers.

    >>> integer_set(IntegerSet.of(3, 4))
    {3, 4}
    """
    import sympy

    return sympy.Union(*(_part(part) for part in members.parts))


def _part(part: Progression) -> sympy.Set:
    import sympy

    residue, modulus, minimum, maximum = part
    if part.size is not None and part.size <= LISTED and minimum is not None and maximum is not None:
        return sympy.FiniteSet(*range(minimum, maximum + 1, modulus))
    if minimum is None and maximum is None:
        n = sympy.Symbol("n", integer=True)
        return (
            sympy.ImageSet(sympy.Lambda(n, modulus * n + residue), sympy.S.Integers)
            if modulus > 1
            else sympy.S.Integers
        )
    if minimum is None:
        return sympy.Range(maximum, -sympy.oo, -modulus)
    return sympy.Range(minimum, sympy.oo if maximum is None else maximum + 1, modulus)


def tuples(solutions: Iterable[tuple[int, ...]]) -> sympy.Set:
    """A finite set of tuples."""
    import sympy

    return sympy.FiniteSet(*(sympy.Tuple(*one) for one in solutions))


def family_set(family: Family, unknowns: tuple[Symbol, ...]) -> sympy.Set:
    """All integers with the conditions of an answer with parameters."""
    import sympy

    from symnet.terms.sympy_bridge import to_sympy

    symbols = tuple(to_sympy(symbol) for symbol in unknowns)
    base = sympy.S.Integers ** len(symbols) if len(symbols) > 1 else sympy.S.Integers
    return sympy.ConditionSet(symbols if len(symbols) > 1 else symbols[0], _relation(family.conditions), base)


def _relation(proposition: Proposition) -> sympy.Basic:
    import sympy

    from symnet.terms.sympy_bridge import to_sympy

    if isinstance(proposition, And | Or):
        return (sympy.And if isinstance(proposition, And) else sympy.Or)(*map(_relation, proposition.args))
    if isinstance(proposition, In):
        return sympy.Contains(to_sympy(proposition.args[0]), integer_set(proposition.args[1]))
    sides = [to_sympy(term) for term in proposition.args]
    if isinstance(proposition, Divides):
        return sympy.Eq(sympy.Mod(sides[1], sides[0]), 0)
    if isinstance(proposition, Congruent):
        return sympy.Eq(sympy.Mod(sides[0] - sides[1], sides[2]), 0)
    relation = {Eq: sympy.Eq, Le: sympy.Le, Lt: sympy.Lt}[type(proposition)]
    return relation(*sides)
