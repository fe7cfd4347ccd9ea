"""Answers as SymPy sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING

from symnet.solving.chain import Family
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.listed_sets import count_of
from symnet.terms.propositions import And, Congruent, Divides, Eq, In, Le, Lt, Or, Proposition
from symnet.terms.sympy_letters import Letters
from symnet.terms.term import Symbol

if TYPE_CHECKING:
    import sympy

__all__ = ["boxes_set", "family_set", "in_own_symbols", "integer_set", "tuples"]

#: Finite progressions with up to this many members are written as finite sets.
LISTED = 64
#: Boxes with up to this many numbers in their sets are written as finite sets of tuples.
MANY = 20_000


def integer_set(members: IntegerSet) -> sympy.Set:
    """A set of integers as a SymPy set.

    >>> integer_set(IntegerSet.of(3, 4))
    {3, 4}
    """
    import sympy

    return sympy.Union(*(_part(part) for part in members.parts))


def _part(part: Progression) -> sympy.Set:
    import sympy

    residue, modulus, minimum, maximum = part
    size = count_of(part)
    if size is not None and size <= LISTED and minimum is not None and maximum is not None:
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
    """A finite SymPy set of tuples."""
    import sympy

    return sympy.FiniteSet(*(sympy.Tuple(*one) for one in solutions))


def boxes_set(boxes: Sequence[tuple[IntegerSet, ...]]) -> sympy.Set:
    """The union of boxes with one set per unknown: a set of numbers for one unknown, of tuples for several.

    >>> boxes_set([(IntegerSet.of(1), IntegerSet.of(2, 5)), (IntegerSet.of(-1), IntegerSet.of(-2))])
    {(-1, -2), (1, 2), (1, 5)}
    """
    import sympy

    sizes = [members.size for box in boxes for members in box]
    if boxes and len(boxes[0]) > 1 and None not in sizes and sum(size or 0 for size in sizes) <= MANY:
        return tuples(point for box in boxes for point in product(*box))
    return sympy.Union(
        *(integer_set(box[0]) if len(box) == 1 else sympy.ProductSet(*map(integer_set, box)) for box in boxes)
    )


def family_set(family: Family, unknowns: tuple[Symbol, ...]) -> sympy.Set:
    """The integers of the unknowns' domains that satisfy the conditions of an answer with parameters.

    >>> from symnet.terms.term import Symbol, integer
    >>> K = Symbol("K")
    >>> family_set(Family(K, Le(K, integer(3))), (K,)).contains(-8)
    False
    """
    import sympy

    from symnet.terms.sympy_bridge import to_sympy

    symbols = tuple(to_sympy(symbol) for symbol in unknowns)
    domains = {None: sympy.S.Integers, 0: sympy.S.Naturals0, 1: sympy.S.Naturals}
    bases = [domains[symbol.least] for symbol in unknowns]
    base = sympy.ProductSet(*bases) if len(symbols) > 1 else bases[0]
    return sympy.ConditionSet(symbols if len(symbols) > 1 else symbols[0], _relation(family.conditions), base)


def in_own_symbols(found: sympy.Set, own: Letters) -> sympy.Set:
    """The set with the caller's own symbols in place of symbols of the same names."""
    import sympy

    symbols = found.atoms(sympy.Symbol) if own else ()
    return found.xreplace({symbol: own[symbol.name] for symbol in symbols if symbol.name in own})


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
