"""Operators of ONNX on known entries, with one or two operands."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from symnet.frontends.onnx.constants.integer_arithmetic import remainder, truncated_division
from symnet.frontends.onnx.constants.numbers import Entry, as_fraction, sign_of
from symnet.frontends.onnx.constants.real_arithmetic import Assume, Rounding, calculate, rounded_to, to_integer
from symnet.frontends.onnx.sizes import bounded_product, tidy
from symnet.terms.term import Max, Min, Term, integer

__all__ = ["BINARY", "UNARY", "binary", "unary"]

Binary = Callable[[Entry, Entry], Entry]
Unary = Callable[[Entry], Entry]

_COMPARED = {"Equal": (0,), "Less": (-1,), "LessOrEqual": (-1, 0), "Greater": (1,), "GreaterOrEqual": (0, 1)}
_LOGIC: dict[str, Callable[[bool, bool], bool]] = {
    "And": lambda one, two: one and two,
    "Or": lambda one, two: one or two,
    "Xor": lambda one, two: one != two,
}
_ROUNDED: dict[str, Rounding] = {"Floor": "floor", "Ceil": "ceil", "Round": "round"}
_ARITHMETIC = ("Add", "Sub", "Mul", "Div")

#: The type of an operator with two operands, and with one.
BINARY = (*_ARITHMETIC, "Mod", "Pow", "Min", "Max", *_COMPARED, *_LOGIC)
UNARY = ("Neg", "Abs", "Reciprocal", "Not", "Identity", *_ROUNDED)


def binary(operator: str, bits: int, *, of_dividend: bool = False) -> Binary:
    """An operator on two entries: real numbers with ``bits`` significant bits, or integers if ``bits`` is 0. With
    ``of_dividend`` a remainder has the sign of the dividend (``fmod=1`` of Mod).

    >>> binary("Div", 0)(integer(-7), integer(2)), binary("Div", 24)(integer(-7), integer(2))
    (<Int -3>, Fraction(-7, 2))
    """
    if operator in _COMPARED:
        return partial(_compare, _COMPARED[operator])
    if operator in _LOGIC:
        return partial(_logic, _LOGIC[operator])
    if operator in ("Min", "Max"):
        return partial(_extreme, *((Min, -1) if operator == "Min" else (Max, 1)))
    if operator == "Pow":
        return partial(_power, bits)
    if operator == "Mod":
        return partial(_real_remainder, bits, of_dividend) if bits else partial(remainder, of_dividend=of_dividend)
    if bits:
        return partial(_real, operator, bits)
    return truncated_division if operator == "Div" else partial(_integers, operator)


def unary(operator: str, bits: int, assume: Assume | None = None) -> Unary:
    """An operator on one entry: a real number with ``bits`` significant bits, or an integer if ``bits`` is 0.
    ``assume`` is called with the limit up to which an integer gives the right result.

    >>> unary("Round", 24)(Fraction(7, 2))
    <Int 4>
    """
    if operator in _ROUNDED:
        return partial(to_integer, rounding=_ROUNDED[operator], assume=assume)
    negative = partial(binary("Sub", bits), integer(0))
    operators: dict[str, Unary] = {
        "Neg": negative,
        "Abs": partial(_absolute, negative),
        "Reciprocal": partial(_real, "Div", bits, integer(1)),
        "Not": lambda entry: not entry if isinstance(entry, bool) else None,
        "Identity": lambda entry: entry,
    }
    return operators[operator]


def _real(operator: str, bits: int, one: Entry, two: Entry) -> Entry:
    return calculate(operator, one, two, bits)


def _integers(operator: str, one: Entry, two: Entry) -> Entry:
    if not isinstance(one, Term) or not isinstance(two, Term):
        return None
    if operator == "Mul":
        bounded_product(one, two)
    return tidy({"Add": one + two, "Sub": one - two, "Mul": one * two}[operator])


def _real_remainder(bits: int, of_dividend: bool, one: Entry, two: Entry) -> Entry:
    """A remainder of real numbers, exact as in C; of symbols only if they are integers."""
    left, right = as_fraction(one), as_fraction(two)
    if left is None or right is None:
        return remainder(one, two, of_dividend=of_dividend)
    if not right:
        return None
    found = left % right
    if of_dividend and found and (left < 0) != (right < 0):
        found -= right
    return rounded_to(found, bits)


def _compare(signs: tuple[int, ...], one: Entry, two: Entry) -> Entry:
    if isinstance(one, bool) and isinstance(two, bool):
        one, two = integer(int(one)), integer(int(two))
    sign = sign_of(one, two)
    return None if sign is None else sign in signs


def _logic(work: Callable[[bool, bool], bool], one: Entry, two: Entry) -> Entry:
    return work(one, two) if isinstance(one, bool) and isinstance(two, bool) else None


def _extreme(kind: type[Term], sign: int, one: Entry, two: Entry) -> Entry:
    found = sign_of(one, two)
    if found is not None:
        return one if found in (0, sign) else two
    return kind(one, two) if isinstance(one, Term) and isinstance(two, Term) else None


def _power(bits: int, one: Entry, two: Entry) -> Entry:
    """A small power: of an integer, or of a number if the exact power only needs one rounding."""
    exponent, number = as_fraction(two), as_fraction(one)
    if exponent is None or exponent.denominator != 1 or not 0 <= exponent <= 8:
        return None
    if number is not None and bits:
        return rounded_to(Fraction(number ** int(exponent)), bits)
    if not isinstance(one, Term):
        return None
    found: Term = integer(1)
    for _ in range(int(exponent)):
        bounded_product(found, one)
        found = tidy(found * one)
    return tidy(found)


def _absolute(negative: Unary, entry: Entry) -> Entry:
    sign = sign_of(entry, integer(0))
    return None if sign is None else entry if sign >= 0 else negative(entry)
