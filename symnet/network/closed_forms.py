"""Closed forms: the size of an axis as a function of the input, kept as a few coefficients until it is written.

Floor-affine maps x ↦ ⌊(x + a)/m⌋ compose to a map of the same kind, so a stack of layers needs one pair of coefficients for each
layer, which are numbers or polynomials. Scalings x ↦ t·x + d (transposed convolution, upsampling) add an outer factor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from math import gcd

from symnet.terms.polynomial import from_polynomial, least, normal_form, subtract
from symnet.terms.term import FloorDiv, Sum, Term, integer
from symnet.terms.walks import has_more_parts
from symnet.terms.worked_out import plus, times

__all__ = ["Axis", "ClosedForm", "constant_quotient", "gathered"]

ONE, ZERO = integer(1), integer(0)

#: Sums of more parts are not searched for parts that cancel.
SHORT = 40


@dataclass(frozen=True)
class ClosedForm:
    """``scale · ⌊(factor · base + offset) / divisor⌋ + shift``. With scale 1 the shift is 0; with divisor 1 the scale is 1."""

    base: Term
    factor: Term = ONE
    offset: Term = ZERO
    divisor: Term = ONE
    scale: Term = ONE
    shift: Term = ZERO

    @property
    def inner(self) -> Term:
        """``factor · base``."""
        return times(self.factor, self.base)

    @property
    def numerator(self) -> Term:
        """``factor · base + offset`` as one sum."""
        return _one_sum(self.inner, self.offset)

    @property
    def floor(self) -> Term:
        """``⌊(factor · base + offset) / divisor⌋``, without a division by 1."""
        return self.numerator if self.divisor.constant == 1 else FloorDiv(self.numerator, self.divisor)

    @cached_property
    def term(self) -> Term:
        """The closed form, without zeros and ones."""
        return _one_sum(times(self.scale, self.floor), self.shift)

    def floored(self, offset: Term, divisor: Term) -> ClosedForm:
        """The closed form of ``⌊(this + offset) / divisor⌋``."""
        if self.scale.constant == 1:
            moved = gathered(plus(self.offset, times(offset, self.divisor)))
            return replace(self, offset=moved, divisor=times(self.divisor, divisor))._reduced()
        total = plus(self.shift, offset)
        if divisor.constant == 1:
            return self._normal(self.scale, total)
        common = self.common(divisor)
        if common is None or total.constant is None:
            return ClosedForm(self.term, offset=offset, divisor=divisor)
        scale, rest = (integer((part.constant or 1) // common) for part in (self.scale, divisor))
        inside = integer(total.constant // common)
        if rest.constant == 1:
            return self._normal(scale, inside)
        if scale.constant == 1:
            return replace(self, scale=ONE, shift=ZERO).floored(inside, rest)
        return ClosedForm(self.floor, factor=scale, offset=inside, divisor=rest)

    def _reduced(self) -> ClosedForm:
        """Divides out a common factor of numbers: ⌊(g·y + e)/(g·m)⌋ is ⌊(y + ⌊e/g⌋)/m⌋."""
        factor, offset, divisor = self.factor.constant, self.offset.constant, self.divisor.constant
        if factor is None or offset is None or divisor is None or (shared := gcd(factor, divisor)) == 1:
            return self
        numbers = (factor // shared, offset // shared, divisor // shared)
        return ClosedForm(self.base, *map(integer, numbers))

    def common(self, divisor: Term) -> int | None:
        """The greatest common divisor of the scale and ``divisor`` if both are numbers and it is not 1; else ``None``."""
        if self.scale.constant is None or divisor.constant is None:
            return None
        shared = gcd(self.scale.constant, divisor.constant)
        return shared if shared > 1 else None

    def scaled(self, factor: Term, shift: Term) -> ClosedForm:
        """The closed form of ``factor · this + shift``."""
        if self.divisor.constant == 1:
            moved = plus(times(factor, self.offset), shift)
            return replace(self, factor=times(factor, self.factor), offset=moved)
        return self._normal(times(factor, self.scale), plus(times(factor, self.shift), shift))

    def _normal(self, scale: Term, shift: Term) -> ClosedForm:
        if scale.constant == 1:
            return replace(self, scale=ONE, shift=ZERO, offset=plus(self.offset, times(shift, self.divisor)))
        return replace(self, scale=scale, shift=shift)

    def least_base(self, least: int) -> int | None:
        """The least base for which the closed form is at least ``least``; ``None`` if its coefficients are not numbers."""
        numbers = [part.constant for part in (self.factor, self.offset, self.divisor, self.scale, self.shift)]
        if None in numbers:
            return None
        factor, offset, divisor, scale, shift = (number or 0 for number in numbers)
        quotient = -((shift - least) // scale)
        return -((offset - quotient * divisor) // factor)

    def settled(self) -> ClosedForm:
        """Returns the number that the form is for all values of its letters, as ⌊(H − H + S)/S⌋ is 1; else the form itself."""
        parts = (self.factor, self.offset, self.divisor, self.scale, self.shift)
        if all(part.constant is not None for part in parts) or has_more_parts(self.term, SHORT):
            return self
        quotient = constant_quotient(self.numerator, self.divisor)
        if quotient is None or self.scale.constant is None or self.shift.constant is None:
            return self
        number = self.scale.constant * quotient + self.shift.constant
        return ClosedForm(integer(number)) if number >= 1 else self

    @property
    def affine(self) -> Term:
        """``⌊(factor · base + offset) / divisor⌋`` as the floor rules need it, with zeros and ones."""
        return FloorDiv(Sum(self.inner, self.offset), self.divisor)


def constant_quotient(numerator: Term, divisor: Term) -> int | None:
    """Returns the number that ⌊numerator/divisor⌋ is for all values of the letters; ``None`` if signs do not show one.

    >>> from symnet.terms.term import Symbol
    >>> H, S = Symbol("H"), Symbol("S")
    >>> constant_quotient(H - H + S, S), constant_quotient(H + H - 1, H), constant_quotient(H, S)
    (1, 1, None)
    """
    above, below = normal_form(numerator), normal_form(divisor)
    if (divisor.least or 0) < 1:
        return None
    last = max(below, key=len)
    ratio = above.get(last, 0) // below[last]
    for quotient in (ratio, ratio - 1):
        rest = subtract(above, {monomial: quotient * coefficient for monomial, coefficient in below.items()})
        at_least, at_most = least(rest), least(subtract(below, rest))
        if at_least is not None and at_least >= 0 and at_most is not None and at_most >= 1:
            return quotient
    return None


def gathered(total: Term) -> Term:
    """A short sum with equal parts collected: S − F + S is 2S − F. Longer sums are returned unchanged."""
    if total.constant is not None or has_more_parts(total, SHORT):
        return total
    polynomial = normal_form(total)
    return from_polynomial(polynomial) if len(polynomial) < len([*_addends(total)]) else total


def _one_sum(first: Term, second: Term) -> Term:
    """``first + second`` without parentheses, numbers last: W + (3 − F) is W − F + 3. The parts of a long sum stay together."""
    if not isinstance(second, Sum) or has_more_parts(second, SHORT):
        return plus(first, second)
    return reduce(plus, sorted(_addends(second), key=lambda part: part.constant is not None), first)


def _addends(total: Term) -> Iterator[Term]:
    if not isinstance(total, Sum):
        yield total
        return
    for part in total.args:
        yield from _addends(part)


@dataclass(frozen=True)
class Axis:
    """One axis of one tensor: its size for the input as given, and its closed form in the input's symbol. ``at_number`` is the closed
    form in the last size that was a number, if the input is given in numbers and a layer has letters.
    """

    size: Term
    form: ClosedForm
    at_number: ClosedForm | None = None
