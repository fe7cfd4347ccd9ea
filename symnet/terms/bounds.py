"""Which of two terms is evidently at most the other one, whatever the sizes are."""

from __future__ import annotations

from symnet.terms.polynomial import Polynomial, add, from_polynomial, normal_form
from symnet.terms.term import CeilDiv, FloorDiv, Max, Min, Mod, Term, integer

__all__ = ["never_above"]

#: So many roundings are taken out of a difference.
ROUNDINGS = 8


def never_above(one: Term, two: Term) -> bool:
    """Whether ``one ≤ two`` follows from the least values of the symbols. A rounding is bounded by what it rounds: 2·⌊T/2⌋ is at
    most T, and ⌈T/2⌉ at most (T + 1)/2. ``False`` says nothing.

    >>> from symnet.terms.term import Symbol
    >>> T = Symbol("T")
    >>> never_above(2 * (T // 2), T), never_above(CeilDiv(T, integer(2)), T), never_above(T, 2 * (T // 2))
    (True, True, False)
    """
    if isinstance(one, Max):
        return all(never_above(part, two) for part in one.args)
    if isinstance(two, Min):
        return all(never_above(one, part) for part in two.args)
    if isinstance(one, Min) and any(never_above(part, two) for part in one.args):
        return True
    if isinstance(two, Max) and any(never_above(one, part) for part in two.args):
        return True
    if isinstance(one, FloorDiv):  # of a nonnegative term by a positive divisor
        whole, parts = one.args
        if (whole.least or 0) >= 0 and whole.least is not None and (parts.least or 0) >= 1 and never_above(whole, two):
            return True
    gap: Polynomial | None = normal_form(two - one)
    for _ in range(ROUNDINGS):
        if gap is None:
            return False
        least = from_polynomial(gap).least
        if least is not None and least >= 0:
            return True
        gap = _without_rounding(gap)
    return False


def _without_rounding(gap: Polynomial) -> Polynomial | None:
    """A polynomial that is nowhere greater than a positive multiple of ``gap`` and has a rounding less: one that is subtracted if
    there is any. ``None`` if there is no rounding by a number.
    """
    found = [
        (coefficient, monomial, monomial[0][0], monomial[0][0].args[1].constant)
        for monomial, coefficient in gap.items()
        if len(monomial) == 1 and monomial[0][1] == 1 and isinstance(monomial[0][0], FloorDiv | CeilDiv | Mod)
    ]
    usable = [one for one in found if (one[3] or 0) >= 1 and (one[0] < 0 or not isinstance(one[2], Mod))]
    if not usable:
        return None
    coefficient, monomial, atom, divisor = min(usable, key=lambda one: one[0] > 0)
    rest = {other: number for other, number in gap.items() if other is not monomial}
    if isinstance(atom, Mod):  # at most the divisor less 1
        return add(rest, normal_form(integer(coefficient * (divisor - 1))))
    lost = divisor - 1 if isinstance(atom, FloorDiv) is (coefficient > 0) else 0
    bound = normal_form(coefficient * atom.args[0] - integer(abs(coefficient) * lost))
    return add({other: number * divisor for other, number in rest.items()}, bound)
