"""Closed forms: the size of one axis as a function of the input, kept as a few coefficients and built once at the end.

Floor-affine maps x ↦ ⌊(x + a)/m⌋ compose to one of the same kind, so a stack of layers costs one pair of coefficients a layer,
numbers or polynomials alike. Scalings x ↦ t·x + d (transposed convolution, upsampling) add an outer factor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import gcd

from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.term import FloorDiv, Sum, Term, integer
from symnet.terms.walks import has_more_parts
from symnet.terms.worked_out import plus, times

__all__ = ["Axis", "Form", "gathered"]

ONE, ZERO = integer(1), integer(0)

#: A sum of more parts is not looked through for parts that cancel.
SHORT = 40


@dataclass(frozen=True)
class Form:
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
    def floor(self) -> Term:
        """``⌊(factor · base + offset) / divisor⌋`` as written."""
        if self.divisor.constant == 1:
            return plus(self.inner, self.offset)
        return FloorDiv(plus(self.inner, self.offset), self.divisor)

    @property
    def term(self) -> Term:
        """The closed form, zeros and ones left out."""
        return plus(times(self.scale, self.floor), self.shift)

    def floored(self, offset: Term, divisor: Term) -> Form:
        """The form of ``⌊(this + offset) / divisor⌋``."""
        if self.scale.constant == 1:
            moved = gathered(plus(self.offset, times(offset, self.divisor)))
            return replace(self, offset=moved, divisor=times(self.divisor, divisor))._reduced()
        total = plus(self.shift, offset)
        if divisor.constant == 1:
            return self._normal(self.scale, total)
        common = self.common(divisor)
        if common is None or total.constant is None:
            return Form(self.term, offset=offset, divisor=divisor)
        scale, rest = (integer((part.constant or 1) // common) for part in (self.scale, divisor))
        inside = integer(total.constant // common)
        if rest.constant == 1:
            return self._normal(scale, inside)
        if scale.constant == 1:
            return replace(self, scale=ONE, shift=ZERO).floored(inside, rest)
        return Form(self.floor, factor=scale, offset=inside, divisor=rest)

    def _reduced(self) -> Form:
        """⌊(g·y + e)/(g·m)⌋ is ⌊(y + ⌊e/g⌋)/m⌋: without a common factor, where all are numbers."""
        factor, offset, divisor = self.factor.constant, self.offset.constant, self.divisor.constant
        if factor is None or offset is None or divisor is None or (shared := gcd(factor, divisor)) == 1:
            return self
        numbers = (factor // shared, offset // shared, divisor // shared)
        return Form(self.base, *map(integer, numbers))

    def common(self, divisor: Term) -> int | None:
        """The greatest common divisor of the scale and ``divisor``, where both are numbers and share one."""
        if self.scale.constant is None or divisor.constant is None:
            return None
        shared = gcd(self.scale.constant, divisor.constant)
        return shared if shared > 1 else None

    def scaled(self, factor: Term, shift: Term) -> Form:
        """The form of ``factor · this + shift``."""
        if self.divisor.constant == 1:
            moved = plus(times(factor, self.offset), shift)
            return replace(self, factor=times(factor, self.factor), offset=moved)
        return self._normal(times(factor, self.scale), plus(times(factor, self.shift), shift))

    def _normal(self, scale: Term, shift: Term) -> Form:
        if scale.constant == 1:
            return replace(self, scale=ONE, shift=ZERO, offset=plus(self.offset, times(shift, self.divisor)))
        return replace(self, scale=scale, shift=shift)

    def least_base(self, least: int) -> int | None:
        """The least base for which the form is at least ``least``; ``None`` where the coefficients are not numbers."""
        numbers = [part.constant for part in (self.factor, self.offset, self.divisor, self.scale, self.shift)]
        if None in numbers:
            return None
        factor, offset, divisor, scale, shift = (number or 0 for number in numbers)
        quotient = -((shift - least) // scale)
        return -((offset - quotient * divisor) // factor)

    @property
    def affine(self) -> Term:
        """``⌊(factor · base + offset) / divisor⌋`` in the shape that the floor rules take, zeros and ones kept."""
        return FloorDiv(Sum(self.inner, self.offset), self.divisor)


def gathered(total: Term) -> Term:
    """A short sum without parts that cancel, or that are several times the same: S − F + S is 2S − F."""
    if total.constant is not None or has_more_parts(total, SHORT):
        return total
    polynomial = normal_form(total)
    return from_polynomial(polynomial) if len(polynomial) < _addends(total) else total


def _addends(total: Term) -> int:
    return sum(map(_addends, total.args)) if isinstance(total, Sum) else 1


@dataclass(frozen=True)
class Axis:
    """One axis of one tensor: its size where the input is as given, and its closed form in the input's symbol. ``here`` is the
    closed form in the last size that was a number, where the input is given in numbers and a layer has letters."""

    size: Term
    form: Form
    here: Form | None = None
