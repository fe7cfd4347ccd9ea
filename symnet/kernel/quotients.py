"""What terms come to where one integer t runs and all else is a number: ``⌊p(t)/m⌋`` for an integer polynomial p and a number
m ≥ 1. ``None`` is what has no such form.

    ⌊p/m⌋ + q      = ⌊(p + m·q)/m⌋           for an integer polynomial q
    ⌊p/m⌋ + ⌊q/m⌋  = r − 1                   where p + q + 1 = m·r, so that −⌊p/m⌋ = ⌊(m − 1 − p)/m⌋ takes ⌊p/m⌋ away
    ⌊⌊p/m⌋/n⌋      = ⌊p/(m·n)⌋
    ⌊p/m⌋          = (p − p(0))/m + ⌊p(0)/m⌋  where m divides every other coefficient
"""

from __future__ import annotations

from typing import NamedTuple

from symnet.errors import KernelError
from symnet.kernel.polynomials import Coefficients, add, multiply, scale
from symnet.terms.intervals import BITS

__all__ = ["ONE", "ZERO", "Quotient", "difference", "divided", "number", "plus", "times"]


class Quotient(NamedTuple):
    """``⌊p/m⌋``; a number has m = 1, and what is a polynomial too."""

    p: Coefficients
    m: int


def _quotient(p: Coefficients, m: int) -> Quotient:
    if m == 1:
        return Quotient(p, 1)
    if all(a % m == 0 for a in p[1:]):
        return Quotient((p[0] // m, *[a // m for a in p[1:]]), 1)
    return Quotient(p, m)


def number(value: int) -> Quotient:
    """A number."""
    return Quotient((value,), 1)


ZERO, ONE = number(0), number(1)


def plus(one: Quotient | None, two: Quotient | None) -> Quotient | None:
    """``one + two``."""
    if one is None or two is None:
        return None
    (p, m), (q, n) = one, two
    if len(q) == 1:
        return Quotient((p[0] + m * q[0], *p[1:]), m)
    if n == 1:
        return Quotient(add(p, q), 1) if m == 1 else _quotient(add(p, scale(q, m)), m)
    if m == 1:
        return plus(two, one)
    both = add(add(p, q), (1,))
    if m == n and all(a % m == 0 for a in both):
        return Quotient(add(tuple([a // m for a in both]), (-1,)), 1)
    return None


def times(one: Quotient | None, two: Quotient | None) -> Quotient | None:
    """``one · two``."""
    if one is None or two is None:
        return None
    (p, m), (q, n) = one, two
    if m == n == 1:
        product = multiply(p, q)
        if max(map(int.bit_length, product)) > BITS:
            raise KernelError(f"a number of more than {BITS:,} bits is out of reach")
        return Quotient(product, 1)
    if m != 1:
        return times(two, one) if n == 1 else None
    return ZERO if p == (0,) else two if p == (1,) else _negative(two) if p == (-1,) else None


def _negative(value: Quotient) -> Quotient:
    p, m = value
    if len(p) == 1:
        return number(-p[0])
    return _quotient(add(scale(p, -1), (m - 1,)), m)


def difference(one: Quotient | None, two: Quotient | None) -> Quotient | None:
    """``one − two``."""
    return None if two is None else plus(one, _negative(two))


def divided(value: Quotient | None, by: Quotient | None) -> Quotient | None:
    """``⌊value / by⌋`` where ``by`` is a number."""
    if value is None or by is None or len(by.p) > 1:
        return None
    (p, m), (divisor,) = value, by.p
    if divisor == 0:
        raise KernelError("a divisor is 0 at some value")
    return _quotient(p, m * divisor) if divisor > 0 else divided(_negative(value), number(-divisor))
