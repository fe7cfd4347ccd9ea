"""Bounds that follow from several linear conditions together: 2·H ≤ W + 1 and 2·W ≤ H + 1 bound both symbols.

By Farkas' lemma such a bound is a nonnegative combination of the conditions in which everything but the unknown
cancels. The multipliers are found by the simplex method in rational arithmetic, on a table with one row per monomial
and one column per condition; floors and ceilings are monomials with their defining inequalities as conditions. The
kernel then checks the combination.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
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
from symnet.solving.floors import gap_of
from symnet.terms.polynomial import Monomial, Polynomial, add, least, normal_form, subtract
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
    multiples = _multiples(rows, ((unknown, 1),))
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


def _multiples(rows: list[_Row], unknown: Monomial) -> list[Fraction] | None:
    """The multipliers of the rows whose sum is a number minus the unknown, with the least such number; ``None`` if
    there are none. Simplex method with Bland's rule: phase one finds any combination, phase two the least number.
    """
    monomials = list(dict.fromkeys(monomial for row in rows for monomial in row.gap if monomial))
    columns: list[tuple[int, int]] = []  # (row, sign); an equality may be used with either sign
    for index, row in enumerate(rows):
        columns += [(index, 1), (index, -1)] if row.equal else [(index, 1)]
    table: list[list[Fraction]] = []
    for monomial in monomials:
        wanted = -1 if monomial == unknown else 0
        line = [Fraction(sign * rows[index].gap.get(monomial, 0)) for index, sign in columns]
        line = [-entry for entry in line] if wanted < 0 else line
        table.append([*line, Fraction(-wanted)])
    count, height = len(columns), len(table)
    for row_index, line in enumerate(table):  # an artificial variable per line for phase one
        line[count:count] = [Fraction(row_index == other) for other in range(height)]
    basis = list(range(count, count + height))
    start = [Fraction(0)] * count + [Fraction(1)] * height
    if _improved(table, basis, start, count + height) != 0:
        return None
    # artificial variables still in the basis are 0: exchange them, unless their line is redundant
    for row_index, chosen in enumerate(basis):
        if chosen >= count:
            other = next((column for column in range(count) if table[row_index][column]), None)
            if other is not None:
                _pivot(table, basis, row_index, other)
    cost = [Fraction(sign * rows[index].gap.get((), 0)) for index, sign in columns] + [Fraction(0)] * height
    if _improved(table, basis, cost, count) is None:
        return None  # the conditions contradict each other
    multiples = [Fraction(0)] * len(rows)
    for row_index, chosen in enumerate(basis):
        if chosen < count:
            index, sign = columns[chosen]
            multiples[index] += sign * table[row_index][-1]
    return multiples


def _improved(table: list[list[Fraction]], basis: list[int], cost: list[Fraction], usable: int) -> Fraction | None:
    """Pivots until the cost is least and returns it; ``None`` if it is unbounded."""
    while True:
        entering = next(
            (
                column
                for column in range(usable)
                if column not in basis
                and cost[column] < sum(cost[chosen] * line[column] for chosen, line in zip(basis, table, strict=True))
            ),
            None,
        )
        if entering is None:
            return sum((cost[chosen] * line[-1] for chosen, line in zip(basis, table, strict=True)), Fraction(0))
        leaving = min(
            (
                (line[-1] / line[entering], basis[row_index], row_index)
                for row_index, line in enumerate(table)
                if line[entering] > 0
            ),
            default=None,
        )
        if leaving is None:
            return None
        _pivot(table, basis, leaving[2], entering)


def _pivot(table: list[list[Fraction]], basis: list[int], row_index: int, column: int) -> None:
    chosen = table[row_index]
    by = chosen[column]
    chosen[:] = [entry / by for entry in chosen]
    for line in table:
        if line is not chosen and line[column]:
            factor = line[column]
            line[:] = [entry - factor * other for entry, other in zip(line, chosen, strict=True)]
    basis[row_index] = column
