"""Nonnegative combinations of polynomials that are at least 0, by the simplex method in rational arithmetic.

By Farkas' lemma a linear inequality follows from others exactly if such a combination gives it. The table has one row per
monomial and one column per polynomial.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from symnet.terms.polynomial import Polynomial

__all__ = ["Row", "least_combination"]


class Row(NamedTuple):
    """``0 ≤ gap``, or ``0 = gap`` with ``equal``."""

    gap: Polynomial
    equal: bool = False


def least_combination(rows: Sequence[Row], wanted: Polynomial) -> list[Fraction] | None:
    """The multipliers of the rows whose sum is ``wanted`` plus a number, with the least such number; ``None`` if there
    are none, or the rows contradict each other. Multipliers are at least 0, but for rows that are equations. The number
    in ``wanted`` does not matter.

    Bland's rule; phase one finds any combination, phase two the least number.

    >>> from symnet.terms.polynomial import normal_form
    >>> from symnet.terms.term import Symbol
    >>> W, H = Symbol("W"), Symbol("H")
    >>> rows = [Row(normal_form(W + 1 - 2 * H)), Row(normal_form(H + 1 - 2 * W))]
    >>> [str(multiple) for multiple in least_combination(rows, normal_form(-W))]
    ['1/3', '2/3']
    """
    monomials = list(
        dict.fromkeys(monomial for gap in (wanted, *(row.gap for row in rows)) for monomial in gap if monomial)
    )
    columns: list[tuple[int, int]] = []  # (row, sign); an equality may be used with either sign
    for index, row in enumerate(rows):
        columns += [(index, 1), (index, -1)] if row.equal else [(index, 1)]
    table: list[list[Fraction]] = []
    for monomial in monomials:
        sought = Fraction(wanted.get(monomial, 0))
        line = [Fraction(sign * rows[index].gap.get(monomial, 0)) for index, sign in columns]
        line = [-entry for entry in line] if sought < 0 else line
        table.append([*line, abs(sought)])
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
