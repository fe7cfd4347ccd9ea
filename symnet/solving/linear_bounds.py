"""Bounds that follow from several linear conditions together: 2·H ≤ W + 1 and 2·W ≤ H + 1 bound both symbols.

By Farkas' lemma such a bound is a nonnegative combination of the conditions in which everything but the unknown
cancels. The multipliers are found by the simplex method (:mod:`symnet.search.linear_combinations`); floors and ceilings
are monomials with their defining inequalities as conditions. The kernel then checks the combination.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import lcm

from symnet.errors import KernelError
from symnet.kernel.rules import (
    assume,
    ceil_as_floor,
    divide,
    floor_value,
    linear,
    modus_ponens,
    part,
    polynomial_identity,
    rewrite_iff,
    value,
)
from symnet.kernel.theorem import Theorem
from symnet.search.linear_combinations import Row, least_combination
from symnet.solving.floors import gap_of
from symnet.terms.polynomial import Polynomial, add, least, normal_form, subtract
from symnet.terms.propositions import And, Eq, Le, Lt, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Symbol, Term, integer

__all__ = ["upper_bound"]

#: With more conditions than this no combination is searched for.
ROWS = 40


@dataclass(frozen=True)
class _Row:
    """``0 ≤ gap``, or ``0 = gap``, and its proof; ``None`` if it follows from signs."""

    gap: Polynomial
    proof: Callable[[], Theorem] | None
    equal: bool = False


def upper_bound(proposition: Proposition, unknown: Symbol) -> Theorem | None:
    """p ⊢ x ≤ number, if a nonnegative combination of the conditions in p implies it (not always the least such
    number); else ``None``.

    >>> W, H = Symbol("W"), Symbol("H")
    >>> upper_bound(And(Le(2 * H, W + 1), Le(2 * W, H + 1)), W)
    2*H <= W + 1 and 2*W <= H + 1 ⊢ W <= 1
    """
    if isinstance(proposition, And) and len(proposition.args) > ROWS:
        return None
    rows = _rows(proposition)
    if len(rows) > ROWS or not any((unknown, 1) in monomial for row in rows for monomial in row.gap):
        return None
    multiples = least_combination([Row(row.gap, row.equal) for row in rows], {((unknown, 1),): -1})
    if multiples is None:
        return None
    times = lcm(*(multiple.denominator for multiple in multiples))
    combination = [(row, int(multiple * times)) for row, multiple in zip(rows, multiples, strict=True) if multiple]
    most = sum(row.gap.get((), 0) * multiple for row, multiple in combination)
    premises = [(row.proof(), integer(multiple)) for row, multiple in combination if row.proof is not None]
    divisor, total = integer(times), integer(most)
    try:
        theorem = linear(
            Le(unknown * divisor if times > 1 else unknown, total),
            tuple(theorem for theorem, _ in premises),
            tuple(multiple for _, multiple in premises),
        )
    except KernelError:
        return None
    if times > 1:
        theorem = modus_ponens(divide(unknown, divisor, total), theorem)
        theorem = modus_ponens(rewrite_iff((value(theorem.conclusion.args[1]),), theorem.conclusion), theorem)
    return theorem


def _rows(proposition: Proposition) -> list[_Row]:
    """The conditions of p, the defining inequalities of floors and ceilings, and the signs of all monomials."""
    rows = _asked(proposition, lambda: assume(proposition))
    atoms: dict[Term, None] = {}
    gaps = [row.gap for row in rows]
    while gaps and len(rows) <= ROWS:
        gap = gaps.pop()
        for monomial in gap:
            for atom, _ in monomial:
                if atom in atoms:
                    continue
                atoms[atom] = None
                if (
                    isinstance(atom, FloorDiv | CeilDiv)
                    and atom.args[1].constant is not None
                    and atom.args[1].constant > 0
                ):
                    more = _floor(atom) if isinstance(atom, FloorDiv) else _ceiling(atom)
                    rows += more
                    gaps += [row.gap for row in more]
    for monomial in dict.fromkeys(monomial for row in rows for monomial in row.gap if monomial):
        lowest = least({monomial: 1})
        if lowest is not None:
            rows.append(_Row({monomial: 1, (): -lowest} if lowest else {monomial: 1}, None))
    return rows


def _asked(proposition: Proposition, proof: Callable[[], Theorem]) -> list[_Row]:
    """The comparisons of a conjunction."""
    if isinstance(proposition, And):
        return [
            row
            for index, inner in enumerate(proposition.args)
            for row in _asked(inner, lambda index=index: part(proof(), index))  # type: ignore[misc]
        ]
    if not isinstance(proposition, Le | Lt | Eq):
        return []
    gap = gap_of(proposition)
    return [_Row(add(gap, {(): -1}) if isinstance(proposition, Lt) else gap, proof, isinstance(proposition, Eq))]


def _floor(floor: FloorDiv) -> list[_Row]:
    """m·⌊n/m⌋ ≤ n < m·⌊n/m⌋ + m."""
    numerator, divisor = floor.args

    def meaning() -> Theorem:
        return modus_ponens(floor_value(numerator, divisor, floor), polynomial_identity(floor, floor))

    over = subtract(normal_form(numerator), normal_form(divisor * floor))
    left = add(add({}, over, -1), {(): (divisor.constant or 1) - 1})
    return [_Row(over, lambda: part(meaning(), 0)), _Row(left, lambda: part(meaning(), 1))]


def _ceiling(ceiling: CeilDiv) -> list[_Row]:
    """⌈n/m⌉ equals a floor."""
    theorem = ceil_as_floor(*ceiling.args)
    return [_Row(gap_of(theorem.conclusion), lambda: theorem, True)]
