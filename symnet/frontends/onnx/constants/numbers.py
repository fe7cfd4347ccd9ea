"""Entries of arrays that are known before the model runs, so that Shape, Gather, Mul and Concat work with symbols.

An entry is a :class:`Term` (an integer), a :class:`Fraction` (another exact number), a :class:`Rounded` (a real number
computed from a symbolic size, with the runtime's rounding) or a truth value; ``None`` is an unknown entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np

from symnet.terms.polynomial import from_polynomial, normal_form, subtract
from symnet.terms.term import Term, integer

__all__ = ["Entry", "Rounded", "as_entry", "as_fraction", "sign_of", "whole_entry"]

Entry = Any  # Term | Fraction | Rounded | bool | None


@dataclass(frozen=True)
class Rounded:
    """A real number computed from the integer ``base`` by ``steps``, pairs of "add", "multiply" or "divide" and a
    number, each rounded to ``bits`` significant bits.
    """

    base: Term
    steps: tuple[tuple[str, Fraction], ...]
    bits: int


def as_entry(value: Any) -> Entry:
    """A number of an array as an exact entry; ``None`` if it is not finite.

    >>> as_entry(0.5), as_entry(3.0), as_entry(float("inf"))
    (Fraction(1, 2), <Int 3>, None)
    """
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return integer(int(value))
    if isinstance(value, Fraction):
        return whole_entry(value)
    number = float(value)
    return whole_entry(Fraction(number)) if isfinite(number) else None


def whole_entry(number: Fraction) -> Entry:
    """A number as an entry: a term if it is an integer."""
    return integer(number.numerator) if number.denominator == 1 else number


def as_fraction(entry: Entry) -> Fraction | None:
    """The number of a constant entry; ``None`` for other entries."""
    if isinstance(entry, Term):
        return None if entry.constant is None else Fraction(entry.constant)
    return entry if isinstance(entry, Fraction) else None


def _over(entry: Entry) -> tuple[Term, int] | None:
    """An exact entry as a term and a denominator; ``None`` for other entries."""
    if isinstance(entry, Term):
        return entry, 1
    return (integer(entry.numerator), entry.denominator) if isinstance(entry, Fraction) else None


def sign_of(one: Entry, two: Entry) -> int | None:
    """The sign of ``one − two`` (−1, 0 or 1) if it is the same for all sizes; else ``None``."""
    left, right = _over(one), _over(two)
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
