"""Arithmetic on sizes before the model runs: integers are terms, so that Shape, Gather, Mul and Concat work with symbols.

An entry is a :class:`Term` (an integer), a :class:`Fraction` (any other number), a :class:`Ratio` (a symbolic integer over a
number) or a truth value. What cannot be said this way is ``None``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np

from symnet.frontends.onnx.sizes import divided, tidy
from symnet.terms.polynomial import from_polynomial, normal_form, subtract
from symnet.terms.term import CeilDiv, FloorDiv, Max, Min, Mod, Term, integer

__all__ = ["BINARY", "UNARY", "Ratio", "as_entry", "as_fraction", "sign_of", "simplest"]

#: Sizes past this are not met.
LARGEST = 10**6

Entry = Any  # Term | Fraction | Ratio | bool | None


@dataclass(frozen=True)
class Ratio:
    """``term / divisor``, where that need not be whole."""

    term: Term
    divisor: int


def as_entry(value: Any) -> Entry:
    """A number of an array as an entry."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return integer(int(value))
    if isinstance(value, Fraction):
        return _whole(value)
    number = float(value)
    if not isfinite(number):
        return None
    return _whole(simplest(number))


def simplest(number: float) -> Fraction:
    """The simplest fraction that scales every size up to a million as this number in single precision does, rounded down.

    2/3 in single precision is a little more than 2/3, so that ⌊3 · 2/3⌋ is 2 all the same; 0.7 is a little less than 7/10, and
    ⌊10 · 0.7⌋ is 6.

    >>> simplest(0.6666666865348816), simplest(2.0)
    (Fraction(2, 3), Fraction(2, 1))
    >>> 10 * simplest(0.699999988079071) // 1
    6
    """
    exact = Fraction(number)
    for most in (1, 100, 10_000):
        near = exact.limit_denominator(most)
        if 0 <= (exact - near) * near.denominator * LARGEST < 1:
            return near
    return exact


def _whole(number: Fraction) -> Entry:
    return integer(number.numerator) if number.denominator == 1 else number


def as_fraction(entry: Entry) -> Fraction | None:
    """The number that an entry is, where it is one."""
    if isinstance(entry, Term):
        return None if entry.constant is None else Fraction(entry.constant)
    return entry if isinstance(entry, Fraction) else None


def _parts(entry: Entry) -> tuple[Term, int] | None:
    """An entry as a term over a number."""
    if isinstance(entry, Term):
        return entry, 1
    if isinstance(entry, Fraction):
        return integer(entry.numerator), entry.denominator
    if isinstance(entry, Ratio):
        return entry.term, entry.divisor
    return None


def _ratio(term: Term, divisor: int) -> Entry:
    """``term / divisor`` in lowest terms."""
    if term.constant is not None:
        return _whole(Fraction(term.constant, divisor))
    if divisor == 1:
        return tidy(term)
    whole, exact = divided(term, integer(divisor))
    return whole if exact else Ratio(tidy(term), divisor)


def _combined(one: Entry, two: Entry, work: Callable[[Term, int, Term, int], Entry]) -> Entry:
    left, right = _parts(one), _parts(two)
    return None if left is None or right is None else work(*left, *right)


def _add(one: Entry, two: Entry) -> Entry:
    return _combined(one, two, lambda a, m, b, n: _ratio(a * n + b * m, m * n))


def _subtract(one: Entry, two: Entry) -> Entry:
    return _combined(one, two, lambda a, m, b, n: _ratio(a * n - b * m, m * n))


def _multiply(one: Entry, two: Entry) -> Entry:
    return _combined(one, two, lambda a, m, b, n: _ratio(a * b, m * n))


def _divided(one: Entry, two: Entry) -> Entry:
    """True division: by a number, or by a term that divides."""
    left, right = _parts(one), _parts(two)
    if left is None or right is None or right[0].constant == 0:
        return None
    over = right[0].constant
    if over is not None:
        sign = -1 if over < 0 else 1
        return _ratio(left[0] * (sign * right[1]), left[1] * abs(over))
    whole, exact = divided(left[0] * right[1], right[0])
    return _ratio(whole, left[1]) if exact else None


def _integer_divided(one: Entry, two: Entry) -> Entry:
    """Division of integers, rounded down (toward zero for numbers below 0)."""
    if not isinstance(one, Term) or not isinstance(two, Term) or two.constant == 0:
        return None
    if one.constant is not None and two.constant is not None:
        whole = abs(one.constant) // abs(two.constant)
        return integer(whole if (one.constant < 0) == (two.constant < 0) else -whole)
    whole_term, exact = divided(one, two)
    return whole_term if exact else FloorDiv(tidy(one), tidy(two))


def _remainder(one: Entry, two: Entry) -> Entry:
    if not isinstance(one, Term) or not isinstance(two, Term) or two.constant == 0:
        return None
    if divided(one, two)[1]:
        return integer(0)
    found = Mod(tidy(one), tidy(two))
    return found if found.constant is None else integer(found.constant)


def sign_of(one: Entry, two: Entry) -> int | None:
    """Whether ``one − two`` is negative, 0 or positive for all sizes; ``None`` where that depends, or is not known."""
    left, right = _parts(one), _parts(two)
    if left is None or right is None:
        return None
    gap = subtract(normal_form(left[0] * right[1]), normal_form(right[0] * left[1]))
    if not gap:
        return 0
    above = from_polynomial(gap)
    if above.least is not None and above.least > 0:
        return 1
    below = from_polynomial({monomial: -number for monomial, number in gap.items()})
    return -1 if below.least is not None and below.least > 0 else None


def _compared(*signs: int) -> Callable[[Entry, Entry], Entry]:
    def compare(one: Entry, two: Entry) -> Entry:
        if isinstance(one, bool) and isinstance(two, bool):
            one, two = integer(int(one)), integer(int(two))
        sign = sign_of(one, two)
        return None if sign is None else sign in signs

    return compare


def _extreme(kind: type[Term], sign: int) -> Callable[[Entry, Entry], Entry]:
    def choose(one: Entry, two: Entry) -> Entry:
        found = sign_of(one, two)
        if found is not None:
            return one if found in (0, sign) else two
        return kind(one, two) if isinstance(one, Term) and isinstance(two, Term) else None

    return choose


def _power(one: Entry, two: Entry) -> Entry:
    exponent = as_fraction(two)
    if exponent is None or exponent.denominator != 1 or not 0 <= exponent <= 8:
        return None
    found: Entry = integer(1)
    for _ in range(int(exponent)):
        found = _multiply(found, one)
    return found


def _floor(entry: Entry) -> Entry:
    parts = _parts(entry)
    if parts is None:
        return None
    return parts[0] if parts[1] == 1 else _rounded(FloorDiv(parts[0], integer(parts[1])))


def _ceil(entry: Entry) -> Entry:
    parts = _parts(entry)
    if parts is None:
        return None
    return parts[0] if parts[1] == 1 else _rounded(CeilDiv(parts[0], integer(parts[1])))


def _rounded(term: Term) -> Term:
    return term if term.constant is None else integer(term.constant)


def _truth(operation: Callable[[bool, bool], bool]) -> Callable[[Entry, Entry], Entry]:
    def work(one: Entry, two: Entry) -> Entry:
        return operation(one, two) if isinstance(one, bool) and isinstance(two, bool) else None

    return work


def _negative(entry: Entry) -> Entry:
    return _subtract(integer(0), entry)


def _absolute(entry: Entry) -> Entry:
    sign = sign_of(entry, integer(0))
    return None if sign is None else entry if sign >= 0 else _negative(entry)


def _inverse(entry: Entry) -> Entry:
    return _divided(integer(1), entry)


def _not(entry: Entry) -> Entry:
    return not entry if isinstance(entry, bool) else None


def _same(entry: Entry) -> Entry:
    return entry


#: By the operator's name; Div is of real numbers, IntegerDiv of integers.
BINARY: dict[str, Callable[[Entry, Entry], Entry]] = {
    "Add": _add,
    "Sub": _subtract,
    "Mul": _multiply,
    "Div": _divided,
    "IntegerDiv": _integer_divided,
    "Mod": _remainder,
    "Pow": _power,
    "Min": _extreme(Min, -1),
    "Max": _extreme(Max, 1),
    "Equal": _compared(0),
    "Less": _compared(-1),
    "LessOrEqual": _compared(-1, 0),
    "Greater": _compared(1),
    "GreaterOrEqual": _compared(0, 1),
    "And": _truth(lambda one, two: one and two),
    "Or": _truth(lambda one, two: one or two),
    "Xor": _truth(lambda one, two: one != two),
}

UNARY: dict[str, Callable[[Entry], Entry]] = {
    "Floor": _floor,
    "Ceil": _ceil,
    "Neg": _negative,
    "Abs": _absolute,
    "Reciprocal": _inverse,
    "Not": _not,
    "Identity": _same,
    "Round": _same,
}
