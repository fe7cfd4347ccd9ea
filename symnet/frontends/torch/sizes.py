"""Sizes as a model's own Python code sees them: numbers that keep the term they stand for.

What code computes with a size is a term again; or the size is fixed to its usual number, which becomes a condition of
the network (``T = 16``); or the operation is refused. A size is not a Python ``int``, whose value C code would read
unnoticed: it only claims to be one (``isinstance(size, int)``). As a ``torch.SymInt`` it is accepted wherever torch
takes a size. The file is long because Python has so many operators on numbers.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import cache
from typing import Any

from symnet.frontends.flow import tidy
from symnet.frontends.torch.divisions import (
    half_to_even,
    is_not_negative,
    positive_divisor,
    power_above,
    remainder,
    rounded_down,
)  # fmt: skip
from symnet.frontends.torch.known import Known
from symnet.frontends.torch.symbolic_numbers import Method, SymbolicNumber, array_function, pinned, pinning
from symnet.layers.declaration.axes import quotient
from symnet.terms.propositions import Eq, Le, Lt, Proposition
from symnet.terms.term import Max, Min, Term, as_term

__all__ = ["Quotient", "Size", "term_of"]

#: How exact Python's float of a quotient is: a fraction with a power of 2 below is exact; a division of two such
#: numbers is rounded once, which no rounding to an integer notices; anything else depends on the last bit.
EXACT, ONCE, ROUGH = range(3)

#: The largest denominator of fractions as people write them, such as 0.5 and 1.25.
WRITTEN = 1 << 20


def term_of(value: Any) -> Term:
    """The term of a size or of an integer."""
    if isinstance(value, Term):
        return value
    return value.term if isinstance(value, Size) else as_term(operator.index(value))


@cache
def _kinds() -> tuple[type, type]:
    """The classes of sizes and quotients as subclasses of torch's types; torch is imported on first use."""
    import torch

    class TorchSize(Size, torch.SymInt):  # type: ignore[misc, name-defined, unused-ignore]
        """A size accepted by torch's functions."""

    class TorchQuotient(Quotient, torch.SymFloat):  # type: ignore[misc, name-defined, unused-ignore]
        """A quotient accepted by torch's functions."""

    return TorchSize, TorchQuotient


def _integer(value: Any) -> Term | None:
    """The term of a size or an integer; ``None`` for anything else."""
    if isinstance(value, Size):
        return value.term
    if isinstance(value, Quotient) or (hasattr(value, "shape") and value.shape != ()):
        return None
    if isinstance(value, int) or (type(value).__module__ == "numpy" and hasattr(value, "__index__")):
        return as_term(operator.index(value))
    return None


def _method(name: str, apply: Callable[[Known, Term, Term], Term], swapped: bool = False) -> Method:
    """An operator of two integers."""

    def method(self: Size, other: Any) -> Any:
        term = _integer(other)
        if term is not None:
            return self.of(apply(self.known, *((term, self.term) if swapped else (self.term, term))))
        if isinstance(other, float):
            return getattr(self.quotient(), name)(other)
        return NotImplemented

    return method


def _bits(apply: Callable[[Known, Term, int], Term], plain: Callable[[int, int], int], rest: bool = False) -> Method:
    """A bitwise operator of which one operand is 2ⁿ − 1, or with ``rest`` −2ⁿ; other operands are fixed to their
    numbers.
    """

    def method(self: Size, other: Any) -> Any:
        term = _integer(other)
        if term is None:
            return NotImplemented
        modulus, opposite = power_above(term), power_above(tidy(-term - 1))
        if modulus is not None:
            return self.of(apply(self.known, self.term, modulus))
        if rest and opposite is not None:
            return self.of(self.term - apply(self.known, self.term, opposite))
        return plain(self.fixed(), self.known.pin(term))

    return method


def _compared(name: str, state: Callable[[Term, Term], Proposition], opposite: bool) -> Method:
    def method(self: Size, other: Any) -> Any:
        term = _integer(other)
        if term is not None:
            return self.known.decide(state(self.term, term)) is not opposite
        return getattr(self.quotient(), name)(other) if isinstance(other, float) else NotImplemented

    return method


class Size(SymbolicNumber):
    """A size of a tensor: a term, with a usual number. Made by :meth:`made`. ``size // 2`` is another size, ``size % 2
    == 0`` is decided and recorded as a condition, ``range(size)`` fixes the size to its usual number.
    """

    term: Term
    known: Known
    __class__ = property(lambda self: int)

    @staticmethod
    def made(term: Term, known: Known) -> Any:
        """The size of a term; a plain integer for a constant."""
        if term.constant is not None:
            return term.constant
        kind: Any = _kinds()[0]
        size = kind.__new__(kind)
        size.__dict__.update(term=term, known=known)
        return size

    def of(self, term: Term) -> Any:
        """Another size with the same symbols."""
        return Size.made(tidy(term), self.known)

    def fixed(self) -> int:
        """Fixes this symbolic size to its usual number; it stays fixed for the rest of the trace."""
        return self.known.pin(self.term)

    def value(self, known: Known) -> int:
        """The number of the size for other values of the symbols."""
        return known.value(self.term)

    def quotient(self) -> Quotient:
        """The size as a float."""
        return Quotient.made(self.term, as_term(1), self.known)

    __add__ = __radd__ = _method("__add__", lambda known, one, two: one + two)
    __mul__ = __rmul__ = _method("__mul__", lambda known, one, two: one * two)
    __sub__ = _method("__sub__", lambda known, one, two: one - two)
    __rsub__ = _method("__rsub__", lambda known, one, two: one - two, swapped=True)
    __floordiv__ = _method("__floordiv__", rounded_down)
    __rfloordiv__ = _method("__rfloordiv__", rounded_down, swapped=True)
    __mod__ = _method("__mod__", remainder)
    __rmod__ = _method("__rmod__", remainder, swapped=True)
    __and__ = __rand__ = _bits(
        lambda known, term, modulus: remainder(known, term, as_term(modulus)), operator.and_, rest=True
    )
    __or__ = __ror__ = _bits(
        lambda known, term, modulus: term - remainder(known, term, as_term(modulus)) + (modulus - 1), operator.or_
    )
    __xor__ = __rxor__ = _bits(
        lambda known, term, modulus: term + (modulus - 1) - 2 * remainder(known, term, as_term(modulus)), operator.xor
    )
    __eq__ = _compared("__eq__", Eq, False)
    __ne__ = _compared("__ne__", Eq, True)
    __le__ = _compared("__le__", Le, False)
    __lt__ = _compared("__lt__", Lt, False)
    __ge__ = _compared("__ge__", Lt, True)
    __gt__ = _compared("__gt__", Le, True)

    def __truediv__(self, other: Any) -> Any:
        return self.quotient() / other

    def __rtruediv__(self, other: Any) -> Any:
        return self.quotient().__rtruediv__(other)

    def __divmod__(self, other: Any) -> Any:
        return (self // other, self % other)

    def __rdivmod__(self, other: Any) -> Any:
        return (other // self, other % self)

    def __pow__(self, exponent: Any, modulo: Any = None) -> Any:
        if modulo is None and type(exponent) is int and exponent >= 0:
            return self.of(self.term**exponent)
        return pow(self.fixed(), pinned(exponent), pinned(modulo))

    def __lshift__(self, places: Any) -> Any:
        number = pinned(places)
        return self * (1 << number) if type(number) is int else NotImplemented

    def __rshift__(self, places: Any) -> Any:
        number = pinned(places)
        return self // (1 << number) if type(number) is int else NotImplemented

    __rpow__ = pinning(lambda size, other: pow(other, size))
    __rlshift__ = pinning(lambda size, other: other << size)
    __rrshift__ = pinning(lambda size, other: other >> size)

    def __neg__(self) -> Any:
        return self.of(-self.term)

    def __invert__(self) -> Any:
        return self.of(-self.term - 1)

    def __abs__(self) -> Any:
        return self if is_not_negative(self.known, self.term) else -self

    def _itself(self) -> Any:
        return self

    __pos__ = __floor__ = __ceil__ = __trunc__ = conjugate = __copy__ = _itself
    real = numerator = property(_itself)
    imag = property(lambda self: 0)
    denominator = property(lambda self: 1)

    def __deepcopy__(self, memo: Any) -> Any:
        return self

    def __round__(self, digits: Any = None) -> Any:
        places = 0 if digits is None else operator.index(digits)
        return self if places >= 0 else round(self.fixed(), places)

    def as_integer_ratio(self) -> Any:
        """The pair (size, 1)."""
        return (self, 1)

    def is_integer(self) -> bool:
        """True."""
        return True

    def __bool__(self) -> bool:
        return not self.known.decide(Eq(self.term, as_term(0)))

    __index__ = __int__ = fixed
    __float__ = pinning(float)
    __complex__ = pinning(complex)
    __hash__ = pinning(hash)

    def __repr__(self) -> str:
        return self.known.tell(self.term)

    __str__ = __repr__
    bit_length = pinning(int.bit_length)
    bit_count = pinning(int.bit_count)
    __getnewargs__ = pinning(lambda size: (size,))

    def __format__(self, form: str) -> str:
        return self.known.tell(self.term, form)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (int, (self.fixed(),))

    __reduce__ = __getnewargs__

    def to_bytes(self, *args: Any, **named: Any) -> bytes:
        """The bytes of the usual number, at which the size is fixed."""
        return self.fixed().to_bytes(*args, **named)

    __array_ufunc__ = array_function

    def smaller(self, other: int) -> int:
        """The smaller one of two sizes."""
        found: int = self.of(Min(self.term, term_of(other)))
        return found

    def larger(self, other: int) -> int:
        """The larger one of two sizes."""
        found: int = self.of(Max(self.term, term_of(other)))
        return found


def _fraction(value: Any, known: Known) -> Quotient | None:
    """A number as a quotient; ``None`` for a float that is not a simple fraction."""
    if isinstance(value, Quotient):
        return value
    term = _integer(value)
    if term is not None:
        return Quotient.made(term, as_term(1), known)
    if not isinstance(value, float) or not math.isfinite(value):
        return None
    top, bottom = value.as_integer_ratio()
    return Quotient.made(as_term(top), as_term(bottom), known) if bottom <= WRITTEN else None


def _of_fractions(name: str, apply: Callable[[Quotient, Quotient], Any], swapped: bool = False) -> Method:
    """An operator of two quotients; with any other float both are fixed to numbers."""

    def method(self: Quotient, other: Any) -> Any:
        fraction = _fraction(other, self.known)
        if fraction is not None:
            return apply(fraction, self) if swapped else apply(self, fraction)
        return getattr(self.fixed(), name)(other) if isinstance(other, float) else NotImplemented

    return method


def _compares(name: str, state: Callable[[Term, Term], Proposition], opposite: bool) -> Method:
    def method(self: Quotient, other: Any) -> Any:
        if isinstance(other, float) and not isinstance(other, Quotient) and not math.isfinite(other):
            return getattr(0.0, name)(other)  # the same for every size
        fraction = _fraction(other, self.known)
        if fraction is None or ROUGH in (self.exactness, fraction.exactness):
            if not isinstance(other, int | float):
                return NotImplemented
            return getattr(self.fixed(), name)(float(pinned(other)))
        left, right = tidy(self.top * fraction.bottom), tidy(fraction.top * self.bottom)
        return self.known.decide(state(left, right)) is not opposite

    return method


def _sum(one: Quotient, two: Quotient, sign: int = 1) -> Quotient:
    exactness = ROUGH if one.exactness == two.exactness == ONCE else max(one.exactness, two.exactness)
    top, bottom = one.top + sign * two.top, one.bottom
    if one.bottom is not two.bottom:
        top, bottom = one.top * two.bottom + sign * two.top * one.bottom, one.bottom * two.bottom
    return one.with_(two, top, bottom, exactness, one.number + sign * two.number)


def _power_of_two(one: Quotient) -> bool:
    top, bottom = one.top.constant, one.bottom.constant
    return top is not None and bottom is not None and top > 0 and top & (top - 1) == 0 and one.exactness == EXACT


def _product(one: Quotient, two: Quotient) -> Quotient:
    exactness = max(one.exactness, two.exactness)
    if exactness != EXACT and not _power_of_two(one) and not _power_of_two(two):
        exactness = ROUGH
    return one.with_(two, one.top * two.top, one.bottom * two.bottom, exactness, one.number * two.number)


def _ratio(one: Quotient, two: Quotient) -> Quotient:
    exactness = one.exactness if _power_of_two(two) else ONCE if one.exactness == two.exactness == EXACT else ROUGH
    top, bottom = positive_divisor(one.known, tidy(one.top * two.bottom), tidy(one.bottom * two.top))
    return one.with_(two, top, bottom, exactness, one.number / two.number)


def _floored(one: Quotient, two: Quotient) -> Any:
    ratio = one / two
    if ratio.exactness == ROUGH:
        return one.fixed() // two.fixed()
    return Quotient.made(term_of(ratio.__floor__()), as_term(1), one.known)


def _remainder(one: Quotient, two: Quotient) -> Any:
    if (one / two).exactness == ROUGH:
        return one.fixed() % two.fixed()
    return one - _floored(one, two) * two


def _both(one: Quotient, two: Quotient) -> Any:
    return (_floored(one, two), _remainder(one, two))


class Quotient(SymbolicNumber):
    """A size divided by another, to be rounded later: ``math.ceil(h / 8)``, ``round(h / 2 + 1)``. Roundings agree with
    those of Python's float. If the result would depend on the last bit of a float, or a float itself is needed, it is
    fixed to its usual number, which is recorded.
    """

    top: Term
    bottom: Term
    known: Known
    exactness: int
    number: float
    parts: tuple[Term, ...]  # the terms it was computed from, which are fixed together with it
    __class__ = property(lambda self: float)

    @staticmethod
    def made(top: Term, bottom: Term, known: Known) -> Quotient:
        """The quotient of two terms; the second is positive."""
        kind: Any = _kinds()[1]
        made: Quotient = kind.__new__(kind)
        made.__dict__.update(
            top=tidy(top), bottom=tidy(bottom), known=known, exactness=EXACT, parts=(top, bottom),
            number=known.value(top) / known.value(bottom),
        )  # fmt: skip
        return made

    def with_(self, other: Quotient, top: Term, bottom: Term, exactness: int, number: float) -> Quotient:
        """The quotient computed from this one and another one."""
        whole, exact = quotient(tidy(top), tidy(bottom))
        made = Quotient.made(*((whole, as_term(1)) if exact else (top, bottom)), self.known)
        made.__dict__.update(exactness=exactness, number=number, parts=(*self.parts, *other.parts))
        return made

    def fixed(self) -> float:
        """Fixes the sizes in this quotient to their usual numbers; returns its value."""
        for part in self.parts:
            self.known.pin(part)
        return self.number

    __add__ = __radd__ = _of_fractions("__add__", _sum)
    __sub__ = _of_fractions("__sub__", lambda one, two: _sum(one, two, -1))
    __rsub__ = _of_fractions("__rsub__", lambda one, two: _sum(one, two, -1), swapped=True)
    __mul__ = __rmul__ = _of_fractions("__mul__", _product)
    __truediv__ = _of_fractions("__truediv__", _ratio)
    __rtruediv__ = _of_fractions("__rtruediv__", _ratio, swapped=True)
    __floordiv__ = _of_fractions("__floordiv__", _floored)
    __rfloordiv__ = _of_fractions("__rfloordiv__", _floored, swapped=True)
    __mod__ = _of_fractions("__mod__", _remainder)
    __rmod__ = _of_fractions("__rmod__", _remainder, swapped=True)
    __divmod__ = _of_fractions("__divmod__", _both)
    __rdivmod__ = _of_fractions("__rdivmod__", _both, swapped=True)
    __eq__ = _compares("__eq__", Eq, False)
    __ne__ = _compares("__ne__", Eq, True)
    __le__ = _compares("__le__", Le, False)
    __lt__ = _compares("__lt__", Lt, False)
    __ge__ = _compares("__ge__", Lt, True)
    __gt__ = _compares("__gt__", Le, True)
    __pow__ = pinning(pow)
    __rpow__ = pinning(lambda number, other: pow(other, number))

    def _rounded(self, term: Callable[[], Term], plain: Callable[[float], int]) -> Any:
        if self.exactness == ROUGH:
            return plain(self.fixed())
        return Size.made(tidy(term()), self.known)

    def __floor__(self) -> Any:
        return self._rounded(lambda: quotient(self.top, self.bottom)[0], math.floor)

    def __ceil__(self) -> Any:
        return self._rounded(lambda: -quotient(-self.top, self.bottom)[0], math.ceil)

    def __trunc__(self) -> Any:
        return self.__floor__() if is_not_negative(self.known, self.top) else self.__ceil__()

    def __round__(self, digits: Any = None) -> Any:
        if digits is not None:
            return round(self.fixed(), pinned(digits))
        return self._rounded(lambda: half_to_even(self.top, self.bottom), round)

    def __int__(self) -> int:
        return int(self.__trunc__())

    def __bool__(self) -> bool:
        return not self.known.decide(Eq(self.top, as_term(0)))

    def __neg__(self) -> Any:
        return self.with_(self, tidy(-self.top), self.bottom, self.exactness, -self.number)

    def __abs__(self) -> Any:
        return self if is_not_negative(self.known, self.top) else -self

    def _itself(self) -> Any:
        return self

    __pos__ = conjugate = __copy__ = _itself
    real = property(_itself)
    imag = property(lambda self: 0.0)

    def __deepcopy__(self, memo: Any) -> Any:
        return self

    def is_integer(self) -> bool:
        """Whether the division is exact."""
        if self.exactness == ROUGH:
            return self.fixed().is_integer()
        return self.known.decide(Eq(remainder(self.known, self.top, self.bottom), as_term(0)))

    __float__ = pinning(float)
    __complex__ = pinning(complex)
    __hash__ = pinning(hash)
    __repr__ = __str__ = pinning(str)
    hex = pinning(float.hex)
    as_integer_ratio = pinning(float.as_integer_ratio)
    __getnewargs__ = pinning(lambda number: (number,))
    __reduce__ = __getnewargs__

    def __format__(self, form: str) -> str:
        return format(self.fixed(), form)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (float, (self.fixed(),))

    __array_ufunc__ = array_function

    def value(self, known: Known) -> float:
        """The value for other values of the symbols."""
        return known.value(self.top) / known.value(self.bottom)

    def quotient(self) -> Quotient:
        """Itself."""
        return self
