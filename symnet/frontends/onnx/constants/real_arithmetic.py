"""Real numbers with the runtime's rounding: every result is rounded to the precision of its type.

A symbolic size combined with a real number becomes a :class:`Rounded`: the integer, and the steps applied to it. When
it is converted back to an integer (Floor, Ceil, Round, Cast), a formula over integers is proposed, such as ⌊7·H/10⌋
for the product with 0.7, and compared with the runtime's own arithmetic at every size up to :data:`LARGEST`. If they
differ at some size, the formula holds under the hypothesis that the size is smaller; if that leaves hardly any size,
:class:`Disagrees` is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from symnet.errors import LayerError
from symnet.frontends.onnx.constants.numbers import Entry, Rounded, as_fraction, whole_entry
from symnet.frontends.onnx.sizes import bounded_product, divided, tidy
from symnet.printing.text import text
from symnet.terms.polynomial import normal_form
from symnet.terms.term import CeilDiv, FloorDiv, Max, Min, Term, integer

__all__ = ["Assume", "Disagrees", "Rounding", "calculate", "rounded_size", "rounded_to", "to_integer"]

#: Formulas are compared with the runtime's arithmetic at all sizes up to this one.
LARGEST = 10**6

Rounding = Literal["floor", "ceil", "round", "truncate"]

#: A formula that holds for fewer sizes than this is rejected.
FEWEST = 16

#: Called with the greatest value that an integer may have.
Assume = Callable[[Term, int], None]

#: The NumPy type with so many significant bits.
_TYPES: dict[int, Any] = {11: np.float16, 24: np.float32, 53: np.float64}

#: The largest denominators of proposed formulas, in the order in which they are tried; ``None`` means the exact
#: number.
_DENOMINATORS = (1, 100, 10_000, None)


class Disagrees(LayerError):
    """No formula over integers agrees with the runtime's rounding."""


def rounded_to(number: Fraction, bits: int) -> Entry:
    """The nearest number with so many significant bits; ``None`` if it is not finite or the type is unknown.

    >>> rounded_to(Fraction(1, 3), 24)
    Fraction(11184811, 33554432)
    """
    kind = _TYPES.get(bits)
    if kind is None:
        return None
    try:  # with up to 24 bits, rounding the result of one operation twice gives the same number
        found = float(kind(float(number)))
    except OverflowError:
        return None
    return whole_entry(Fraction(found)) if np.isfinite(found) else None


def calculate(operation: str, one: Entry, two: Entry, bits: int) -> Entry:
    """The result of ``Add``, ``Sub``, ``Mul`` or ``Div`` on real numbers with ``bits`` significant bits; ``None`` if
    unknown.
    """
    left, right = as_fraction(one), as_fraction(two)
    if left is not None and right is not None:
        exact = _exact(operation, left, right)
        return None if exact is None else rounded_to(exact, bits)
    if right is not None:
        return _stepped(operation, one, right, bits)
    if left is not None and operation in ("Add", "Mul"):
        return _stepped(operation, two, left, bits)
    if left is not None and operation == "Sub":
        return _stepped("Add", _stepped("Mul", two, Fraction(-1), bits), left, bits)
    return _of_sizes(operation, one, two, bits)


def _exact(operation: str, one: Fraction, two: Fraction) -> Fraction | None:
    if operation == "Div":
        return one / two if two else None
    return {"Add": one + two, "Sub": one - two, "Mul": one * two}[operation]


def _of_sizes(operation: str, one: Entry, two: Entry, bits: int) -> Entry:
    """An operation on two integers, one of them a symbol: exact as long as the result is an integer."""
    if not isinstance(one, Term) or not isinstance(two, Term):
        return None
    if operation == "Div":
        quotient, exact = divided(one, two)
        return quotient if exact else None
    if operation == "Mul":
        bounded_product(one, two)
    return rounded_size(tidy({"Add": one + two, "Sub": one - two, "Mul": one * two}[operation]), bits)


def _stepped(operation: str, entry: Entry, number: Fraction, bits: int) -> Entry:
    """One more step with a number; stays an integer if the result is one."""
    if operation == "Sub":
        operation, number = "Add", -number
    if isinstance(entry, Term) and not _grows(entry):
        if operation == "Div" and number:
            quotient, exact = divided(tidy(entry * number.denominator), integer(number.numerator))
            if exact:
                return quotient
        elif number.denominator == 1 and operation != "Div":
            return tidy(entry * number.numerator if operation == "Mul" else entry + number.numerator)
    if isinstance(entry, Term):
        entry = Rounded(tidy(entry), (), bits)
    if not isinstance(entry, Rounded) or bits not in _TYPES or (operation == "Div" and not number):
        return None
    step = ({"Add": "add", "Mul": "multiply", "Div": "divide"}[operation], number)
    return Rounded(entry.base, (*entry.steps, step), bits) if entry.bits == bits else None


# ---- back to integers
# ------------------------------------------------------------------------------------------------


def to_integer(entry: Entry, rounding: Rounding, assume: Assume | None = None) -> Entry:
    """Floor, Ceil, Round (half to even) or truncation of an entry; ``None`` if it is unknown. ``assume`` is called
    with the limit up to which the formula holds. Raises :class:`Disagrees` if the limit is too small, or ``assume`` is
    missing.

    >>> from symnet.terms.term import Symbol
    >>> to_integer(calculate("Mul", Symbol("H"), rounded_to(Fraction(7, 10), 24), 24), "floor")
    <FloorDiv 7*H//10>
    >>> to_integer(Fraction(7, 2), "round"), to_integer(Fraction(-7, 2), "truncate")
    (<Int 4>, <Int -3>)
    """
    number = as_fraction(entry)
    if number is not None:
        return _integer(number.numerator, number.denominator, rounding)
    if isinstance(entry, Term) or entry is None:
        return entry
    if not isinstance(entry, Rounded):
        return None
    least = -LARGEST if entry.base.least is None else entry.base.least
    best, line = (2**entry.bits + 1, (Fraction(1), Fraction(0))) if not entry.steps else (0, (Fraction(0), Fraction(0)))
    for proposal in _proposals(entry.steps) if entry.steps else ():
        parting = _parting(entry.steps, entry.bits, *proposal, rounding, least)
        if parting > best:
            best, line = parting, proposal
        if best > LARGEST:
            break
    if best <= LARGEST or _grows(entry.base):
        if assume is None or best <= FEWEST or least < 0:
            raise Disagrees(
                f"multiplies {text(entry.base)} by numbers whose rounding to {entry.bits} bits no formula follows "
                f"(the best one parts at {best:,}): give numbers for the sizes of the input"
            )
        assume(entry.base, best - 1)
    slope, offset = line
    over = slope.denominator * offset.denominator
    return _term(tidy(entry.base * int(slope * over) + int(offset * over)), over, rounding)


def _grows(base: Term) -> bool:
    """Whether an integer made of sizes exceeds ``LARGEST`` for sizes that occur in practice."""
    polynomial = normal_form(base)
    degree = max((sum(power for _, power in monomial) for monomial in polynomial), default=0)
    return degree > 1 or sum(map(abs, polynomial.values())) > 16


def rounded_size(size: Term, bits: int) -> Entry:
    """An integer as a real number with so many bits; unchanged while all integers up to it are representable."""
    return Rounded(size, (), bits) if bits in _TYPES and _grows(size) else size


def _proposals(steps: tuple[tuple[str, Fraction], ...]) -> Iterator[tuple[Fraction, Fraction]]:
    """Slope and offset of the line that the steps describe, with simple fractions first."""
    seen = set()
    for most in _DENOMINATORS:
        slope, offset = Fraction(1), Fraction(0)
        for operation, exact in steps:
            number = exact if most is None else exact.limit_denominator(most)
            if operation == "add":
                offset += number
            elif operation == "multiply":
                slope, offset = slope * number, offset * number
            elif number:
                slope, offset = slope / number, offset / number
        if (slope, offset) not in seen:
            seen.add((slope, offset))
            yield slope, offset


@lru_cache(maxsize=256)
def _parting(
    steps: tuple[tuple[str, Fraction], ...],
    bits: int,
    slope: Fraction,
    offset: Fraction,
    rounding: Rounding,
    least: int,
) -> int:
    """The least integer at which the rounded line differs from the runtime's result; a number beyond ``LARGEST`` if
    there is none.
    """
    over = slope.denominator * offset.denominator
    top, shift = int(slope * over), int(offset * over)
    if (abs(top) * LARGEST + abs(shift) + over) * 4 >= 2**62:
        return 0
    integers = np.arange(max(least, -LARGEST), LARGEST + 1, dtype=np.int64)
    kind = _TYPES[bits]
    real = integers.astype(kind)
    with np.errstate(all="ignore"):
        for operation, number in steps:
            work: Callable[[Any, Any], Any] = {"add": np.add, "multiply": np.multiply, "divide": np.divide}[operation]
            real = work(real, kind(float(number)))
        real = {"floor": np.floor, "ceil": np.ceil, "round": np.rint, "truncate": np.trunc}[rounding](real)
    if not np.isfinite(real).all():
        return 0
    line = top * integers + shift
    wrong = np.flatnonzero(_whole(line, over, rounding) != real.astype(np.int64))
    return LARGEST + 1 if not wrong.size else int(np.abs(integers[wrong]).min())


def _whole(top: Any, over: int, rounding: Rounding) -> Any:
    """``top / over`` rounded to an integer, for numbers and arrays."""
    if rounding == "floor":
        return top // over
    if rounding == "ceil":
        return -(-top // over)
    if rounding == "round":  # half to even: an even k covers k ± 1/2 with both ends, an odd one without them
        return (2 * top + over) // (4 * over) - ((over - 2 * top) // (4 * over))
    down, up = top // over, -(-top // over)
    return np.where(top < 0, up, down)


def _integer(top: int, over: int, rounding: Rounding) -> Term:
    return integer(int(_whole(top, over, rounding)))


def _term(top: Term, over: int, rounding: Rounding) -> Term:
    """``top / over`` rounded to an integer, as a term."""
    quotient, exact = divided(top, integer(over))
    if exact:
        return quotient
    divisor = integer(over)
    if rounding == "floor":
        return FloorDiv(top, divisor)
    if rounding == "ceil":
        return CeilDiv(top, divisor)
    if rounding == "round":
        if over % 2:  # no number is half way between two integers
            return FloorDiv(tidy(top * 2 + over), integer(2 * over))
        four = integer(4 * over)
        return FloorDiv(tidy(top * 2 + over), four) + CeilDiv(tidy(top * 2 - over), four)
    if top.least is not None and top.least >= 0:
        return FloorDiv(top, divisor)
    return Max(FloorDiv(top, divisor), integer(0)) + Min(CeilDiv(top, divisor), integer(0))
