"""Terms on a progression as values ``⌊p(t)/m⌋`` with an integer polynomial p and an integer m ≥ 1, and their
arithmetic.
"""

from __future__ import annotations

from math import gcd
from typing import NamedTuple

from symnet.errors import KernelError
from symnet.kernel.polynomials import Coefficients, add, multiply, scale

__all__ = [
    "ONE", "ZERO", "Floor", "Stuck", "constant_of", "divided", "floored", "multiplied", "negated", "remainder",
    "shifted", "subtracted", "summed", "whole", ]  # fmt: skip


class Floor(NamedTuple):
    """``⌊p/m⌋``; for m = 1 the polynomial itself. Constants have m = 1."""

    p: Coefficients
    m: int


class Stuck(Exception):  # not an error: the piece is split, and the evaluation repeated
    """A term has no such form on this piece, or a condition is true on a part of it only. The attributes propose a
    split: into ``parts``, of which only the one with ``residue`` matters; where the polynomial ``sign`` changes its
    sign; or at t = ``place``. Without any, the points must be decided one by one.
    """

    def __init__(
        self,
        parts: int | None = None,
        *,
        residue: int | None = None,
        sign: Coefficients | None = None,
        place: int | None = None,
    ):
        super().__init__(parts, residue, sign, place)
        self.parts, self.residue, self.sign, self.place = parts, residue, sign, place

    @property
    def cost(self) -> tuple[int, int]:
        """The order in which proposals are followed, the cheapest first."""
        if self.place is not None or self.sign is not None:
            return 0, 0
        return (2, 0) if self.parts is None else (1, self.parts)


ZERO, ONE = Floor((0,), 1), Floor((1,), 1)


def floored(p: Coefficients, m: int) -> Floor:
    """``⌊p/m⌋``, as a polynomial if it is one."""
    if m == 1:
        return Floor(p, 1)
    if len(p) == 1:
        return Floor((p[0] // m,), 1)
    if all(a % m == 0 for a in p[1:]):
        return Floor((p[0] // m, *(a // m for a in p[1:])), 1)
    return Floor(p, m)


def whole(value: Floor) -> Coefficients:
    """The value as a polynomial. Raises :class:`Stuck` if it is none, with the split after which it becomes one."""
    if value.m != 1:
        raise Stuck(value.m // gcd(value.m, *value.p[1:]))
    return value.p


def negated(value: Floor) -> Floor:
    """``−value``."""
    p, m = value
    if len(p) == 1:
        return Floor((-p[0],), 1)
    p = scale(p, -1)
    return Floor(p if m == 1 else add(p, (m - 1,)), m)


def shifted(value: Floor, by: int) -> Floor:
    """``value + by``."""
    p, m = value
    if len(p) == 1:
        return Floor((p[0] + by,), 1)
    return Floor((p[0] + m * by, *p[1:]), m)


def summed(values: list[Floor]) -> Floor:
    """The sum. All rounded values but one must be polynomials or cancel; else raises :class:`Stuck`."""
    number = 0
    rest: list[Floor] = []
    for value in values:
        if len(value[0]) == 1:
            number += value[0][0]
        else:
            rest.append(value)
    if not rest:
        return Floor((number,), 1)
    if len(rest) == 1:
        return shifted(rest[0], number)
    return _summed(rest, (number,))


def _summed(values: list[Floor], total: Coefficients) -> Floor:
    broken: list[Floor] = []
    for value in values:
        if value.m == 1:
            total = add(total, value.p)
        elif negated(value) in broken:  # ⌊p/m⌋ − ⌊p/m⌋, which is ⌊p/m⌋ + ⌈−p/m⌉
            broken.remove(negated(value))
        else:
            broken.append(value)
    if not broken:
        return Floor(total, 1)
    for value in broken[1:]:
        whole(value)
    [(p, m)] = broken
    return floored(add(p, scale(total, m)), m)


def subtracted(value: Floor, other: Floor) -> Floor:
    """``value − other``."""
    return shifted(value, -other.p[0]) if len(other.p) == 1 else summed([value, negated(other)])


def multiplied(values: list[Floor]) -> Floor:
    """The product."""
    number = 1
    total: Coefficients = (1,)
    broken: list[Floor] = []
    for value in values:
        p, m = value
        if len(p) == 1:
            number *= p[0]
        elif m == 1:
            total = multiply(total, p)
        else:
            broken.append(value)
    total = scale(total, number)
    if not broken:
        return Floor(total, 1)
    if len(broken) == 1 and total in ((0,), (1,), (-1,)):
        return {0: ZERO, 1: broken[0], -1: negated(broken[0])}[total[0]]
    return Floor(multiply(total, whole(broken[0])), 1)  # stuck


def constant_of(value: Floor) -> int:
    """The constant equal to the value. Raises :class:`Stuck` if it varies on the piece."""
    if len(value.p) > 1:
        raise Stuck
    return value.p[0]


def divided(numerator: Floor, divisor: Floor) -> Floor:
    """``⌊numerator / divisor⌋`` for a divisor that is constant on the piece."""
    number = constant_of(divisor)
    if number == 0:
        raise KernelError("a divisor is 0 at some value")
    p, m = numerator
    if len(p) == 1:
        return Floor((p[0] // number,), 1)
    if number < 0:
        return divided(negated(numerator), Floor((-number,), 1))
    return floored(p, m * number)


def remainder(numerator: Floor, divisor: Floor) -> Floor:
    """``numerator mod divisor``."""
    quotient = divided(numerator, divisor)
    return summed([numerator, Floor(scale(whole(quotient), -constant_of(divisor)), 1)])
