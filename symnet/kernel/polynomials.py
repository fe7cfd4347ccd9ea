"""Integer polynomials of one letter t, two ways to see that one is at least 0 between two ends, and quotients of them.

A polynomial is the tuple of its coefficients, constant first, without a trailing 0 (the constant 0 is ``(0,)``). A quotient is what
terms come to where one integer t runs and all else is a number: ``⌊p(t)/m⌋`` for a polynomial p and a number m ≥ 1.

    ⌊p/m⌋ + q      = ⌊(p + m·q)/m⌋           for a polynomial q
    ⌊p/m⌋ + ⌊q/m⌋  = r − 1                   where p + q + 1 = m·r, so that −⌊p/m⌋ = ⌊(m − 1 − p)/m⌋ takes ⌊p/m⌋ away
    ⌊⌊p/m⌋/n⌋      = ⌊p/(m·n)⌋
    ⌊p/m⌋          = (p − p(0))/m + ⌊p(0)/m⌋  where m divides every other coefficient

What has no such form raises :class:`NoForm`.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import NamedTuple

from symnet.errors import KernelError
from symnet.terms.intervals import BITS

__all__ = [
    "ONE", "ZERO", "Coefficients", "NoForm", "Quotient", "Range", "add", "at", "compose", "multiply", "number", "scale",
    "shown_nonnegative",
]  # fmt: skip

Coefficients = tuple[int, ...]
#: From the first to the last, both belonging to it; ``None`` is no end.
Range = tuple[int | None, int | None]

#: Past this degree the answer is out of reach.
DEGREE = 12


def _trimmed(coefficients: list[int]) -> Coefficients:
    while len(coefficients) > 1 and coefficients[-1] == 0:
        coefficients.pop()
    return tuple(coefficients)


def add(p: Coefficients, q: Coefficients) -> Coefficients:
    """``p + q``."""
    if len(p) == 1:
        return (p[0] + q[0], *q[1:])
    if len(q) == 1:
        return (p[0] + q[0], *p[1:])
    return _trimmed([a + b for a, b in zip_longest(p, q, fillvalue=0)])


def scale(p: Coefficients, by: int) -> Coefficients:
    """``by · p``."""
    return tuple([by * a for a in p]) if by else (0,)


def multiply(p: Coefficients, q: Coefficients) -> Coefficients:
    """``p · q``."""
    if len(p) == 1:
        return scale(q, p[0])
    if len(q) == 1:
        return scale(p, q[0])
    if len(p) + len(q) > DEGREE + 2:
        raise KernelError(f"a polynomial of degree {len(p) + len(q) - 2} is out of reach (at most {DEGREE})")
    total = [0] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            total[i + j] += a * b
    return _trimmed(total)


def at(p: Coefficients, t: int) -> int:
    """The value of ``p`` at ``t``."""
    total = 0
    for coefficient in reversed(p):
        total = total * t + coefficient
    return total


def compose(p: Coefficients, inner: Coefficients) -> Coefficients:
    """``p`` with ``inner`` for its letter."""
    total: Coefficients = (0,)
    for coefficient in reversed(p):
        total = add(multiply(total, inner), (coefficient,))
    return total


def shown_nonnegative(p: Coefficients, low: int | None, high: int | None) -> bool | None:
    """Whether ``p`` is at least 0 on all of ``low..high`` (true) or on none of it (false), where that is plain to see from one
    end or the other; ``None`` where it is not.

    >>> shown_nonnegative((-8, 0, 1), 3, None), shown_nonnegative((-8, 0, 1), 0, 2), shown_nonnegative((-8, 0, 1), 0, 9)
    (True, False, None)
    """
    if len(p) == 1:
        return p[0] >= 0
    if len(p) == 2:  # a line is least at one end and greatest at the other
        constant, slope = p
        ends = [None if end is None else constant + slope * end for end in (low, high)]
        least, most = ends if slope > 0 else reversed(ends)
        return True if least is not None and least >= 0 else False if most is not None and most < 0 else None
    shown = None if low is None else _seen_from(p, low, high)
    if shown is None and high is not None:
        mirrored = tuple([-a if power % 2 else a for power, a in enumerate(p)])
        shown = _seen_from(mirrored, -high, None if low is None else -low)
    return shown


def _seen_from(p: Coefficients, low: int, high: int | None) -> bool | None:
    """The same from the lower end, t = low + u: the positive coefficients only add to the constant and the negative ones only
    take from it, the more, the larger u is.
    """
    constant, *rest = p if low == 0 else compose(p, (low, 1))
    adds, takes = [max(a, 0) for a in rest], [min(a, 0) for a in rest]
    if high is None:
        return True if constant >= 0 and not any(takes) else False if constant < 0 and not any(adds) else None
    length = high - low
    if constant + length * at(tuple(takes), length) >= 0:
        return True
    return False if constant + length * at(tuple(adds), length) < 0 else None


class NoForm(Exception):
    """It is no quotient, or not known to be one."""


class Quotient(NamedTuple):
    """``⌊p/m⌋``; a number has m = 1, and what is a polynomial too."""

    p: Coefficients
    m: int

    def __add__(self, other: Quotient) -> Quotient:  # type: ignore[override]
        (p, m), (q, n) = self, other
        if len(q) == 1:
            return Quotient((p[0] + m * q[0], *p[1:]), m)
        if n == 1:
            return Quotient(add(p, q), 1) if m == 1 else _quotient(add(p, scale(q, m)), m)
        if m == 1:
            return other + self
        both = add(add(p, q), (1,))
        if m == n and all(a % m == 0 for a in both):
            return Quotient(add(tuple([a // m for a in both]), (-1,)), 1)
        raise NoForm

    def __neg__(self) -> Quotient:
        p, m = self
        return number(-p[0]) if len(p) == 1 else _quotient(add(scale(p, -1), (m - 1,)), m)

    def __sub__(self, other: Quotient) -> Quotient:
        return self + -other

    def __mul__(self, other: Quotient) -> Quotient:  # type: ignore[override]
        (p, m), (q, n) = self, other
        if m == n == 1:
            product = multiply(p, q)
            if max(map(int.bit_length, product)) > BITS:
                raise KernelError(f"a number of more than {BITS:,} bits is out of reach")
            return Quotient(product, 1)
        if n == 1:
            return other * self
        if m != 1 or p not in ((-1,), (0,), (1,)):
            raise NoForm
        return ZERO if p == (0,) else other if p == (1,) else -other

    def __floordiv__(self, by: Quotient) -> Quotient:
        (p, m), (divisor, *letters) = self, by.p
        if letters:
            raise NoForm
        if divisor == 0:
            raise KernelError("a divisor is 0 at some value")
        return _quotient(p, m * divisor) if divisor > 0 else -self // number(-divisor)


def _quotient(p: Coefficients, m: int) -> Quotient:
    if all(a % m == 0 for a in p[1:]):
        return Quotient((p[0] // m, *[a // m for a in p[1:]]), 1)
    return Quotient(p, m)


def number(value: int) -> Quotient:
    """A number."""
    return Quotient((value,), 1)


ZERO, ONE = number(0), number(1)
