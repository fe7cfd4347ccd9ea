"""Simplification of quotients n/d that are to be rounded, such that the rounded quotient is the same for all values."""

from __future__ import annotations

from functools import reduce
from math import gcd, lcm
from typing import Any

import sympy
from sympy import Add, Integer, Mul, S

from symnet.errors import TermError

__all__ = [
    "DivisionByZero",
    "exact_quotient",
    "is_mostly_negative",
    "is_natural",
    "is_whole",
    "rounded_number",
    "simpler",
]


class DivisionByZero(TermError, ZeroDivisionError):
    """A quotient with denominator 0, refused like SymPy's own Mod refuses it."""


def rounded_number(numerator: Any, denominator: Any, direction: int) -> Any:
    """n/d rounded down (−1) or up (1) if it is a number or undefined, else ``None``. Raises :class:`DivisionByZero`
    for a denominator of 0.
    """
    if _is_number(denominator) and denominator.is_zero:
        raise DivisionByZero(f"division by zero: {numerator} divided by {denominator}")
    if S.NaN in (numerator, denominator):
        return S.NaN
    if numerator.is_Integer and denominator.is_Integer:
        top, below = int(numerator), int(denominator)
        return Integer(top // below if direction < 0 else -(-top // below))
    if numerator is S.Zero:
        return S.Zero
    if denominator in (S.Infinity, S.NegativeInfinity) and numerator.is_extended_real and numerator.is_finite:
        sign = numerator if denominator is S.Infinity else -numerator
        if sign.is_positive:  # a quotient close to 0, on one side of it
            return S.One if direction > 0 else S.Zero
        return (S.NegativeOne if direction < 0 else S.Zero) if sign.is_negative else None
    if not (_is_number(numerator) and _is_number(denominator)):
        return None
    quotient = numerator / denominator
    if quotient is S.NaN or quotient.is_infinite:
        return quotient
    if not quotient.is_real:  # complex numbers are not rounded: nothing is claimed about them
        return None
    found = (sympy.floor if direction < 0 else sympy.ceiling)(quotient)
    return found if found.is_Integer else None


def is_whole(expression: Any) -> bool:
    """Whether an expression is certainly an integer. SymPy's own property would recurse through deep nests."""
    stack = [expression]
    while stack:
        node = stack.pop()
        whole = getattr(node, "whole", None)  # known by quotients themselves
        if whole is None and (node.is_Add or node.is_Mul or isinstance(node, _OF_INTEGERS)):
            stack.extend(node.args)
        elif whole is None and node.is_Pow and node.exp.is_Integer and node.exp >= 0:
            stack.append(node.base)
        elif not (node.is_integer if whole is None else whole):
            return False
    return True


def is_natural(expression: Any) -> bool:
    """Whether an expression is certainly a positive integer."""
    stack = [expression]
    while stack:
        node = stack.pop()
        if node.is_Add or node.is_Mul:
            stack.extend(node.args)
        elif node.is_Pow and node.exp.is_Integer and node.exp >= 0:
            stack.append(node.base)
        elif not (node.is_positive and node.is_integer):
            return False
    return True


_OF_INTEGERS = (sympy.Mod, sympy.Min, sympy.Max, sympy.Abs)


def _is_number(expression: Any) -> bool:
    """Whether an expression has no symbols; false if it is nested too deeply for SymPy to tell."""
    try:
        return bool(expression.is_number)
    except RecursionError:
        return False


def simpler(numerator: Any, denominator: Any, direction: int) -> tuple[Any, Any]:
    """A numerator and denominator with the same rounded quotient: integers instead of fractions, a positive
    denominator, no common factors. (4x + 3)/4 rounded down becomes x/1 for an integer x.

    >>> x = sympy.Symbol("x", integer=True)
    >>> simpler(4 * x + 3, Integer(4), -1), simpler(2 * x + 3, Integer(4), 1), simpler(x / 2, Integer(-3), -1)
    ((x, 1), (x + 2, 2), (-x, 6))
    """
    if not (numerator.is_commutative and denominator.is_commutative):
        return numerator, denominator
    below, rest = denominator.as_coeff_Mul()
    if not below.is_Rational or below.is_zero:
        return numerator, denominator
    addends = [addend.as_coeff_Mul() for addend in Add.make_args(numerator)]
    if not all(coefficient.is_Rational for coefficient, _ in addends):
        return numerator, denominator
    scale = lcm(*(coefficient.q for coefficient, _ in addends), below.q) * (-1 if below.is_negative else 1)
    if scale != 1:
        addends = [(coefficient * scale, part) for coefficient, part in addends]
        below *= scale
        numerator, denominator = _sum(addends), below * rest
    if rest is S.One:
        return _without_number(addends, numerator, int(below), direction)
    return _without_factors(addends, numerator, denominator)


def _sum(addends: list[tuple[Any, Any]]) -> Any:
    return Add(*(coefficient * part for coefficient, part in addends))


def _without_number(addends: list[tuple[Any, Any]], numerator: Any, below: int, direction: int) -> tuple[Any, Any]:
    """Both parts divided by the common factor of all coefficients and the denominator; constants may be rounded
    between integers.
    """
    constant = sum(int(coefficient) for coefficient, part in addends if part is S.One)
    others = [(int(coefficient), part) for coefficient, part in addends if part is not S.One]
    common = reduce(gcd, (coefficient for coefficient, _ in others), below)
    if common > 1 and constant % common and not all(is_whole(part) for _, part in others):
        common = gcd(common, constant)
    if common == 1:
        return numerator, Integer(below)
    constant = constant // common if direction < 0 else -(-constant // common)
    return _sum([*((Integer(c // common), part) for c, part in others), (Integer(constant), S.One)]), Integer(
        below // common
    )


def _without_factors(addends: list[tuple[Any, Any]], numerator: Any, denominator: Any) -> tuple[Any, Any]:
    """Both parts divided by the nonzero factors of the denominator that every addend has."""
    if numerator == denominator and denominator.is_zero is False:
        return S.One, S.One
    below, rest = denominator.as_coeff_Mul()
    common = reduce(gcd, (int(coefficient) for coefficient, _ in addends), int(below))
    parts = [part.as_powers_dict() for _, part in addends]
    shared = Integer(common)
    for base, exponent in rest.as_powers_dict().items():
        if not exponent.is_Integer or base.is_zero is not False:
            continue
        least = min(exponent, *(part.get(base, S.Zero) for part in parts), key=_size)
        if least.is_Integer and least > 0:
            shared *= base**least
    if shared is S.One:
        return numerator, denominator
    return Add(*(coefficient * part / shared for coefficient, part in addends)), denominator / shared


def _size(exponent: Any) -> Any:
    return exponent if exponent.is_Integer else S.Zero


def is_mostly_negative(expression: Any) -> bool:
    """Whether a minus sign should be taken out of a sum: most of its addends with letters are negative; if as many are
    positive, the last in the alphabet is negative. This holds for exactly one of an expression and its negative,
    unless it is 0.

    >>> F, W = sympy.symbols("F W")
    >>> is_mostly_negative(F - W), is_mostly_negative(W - F - 3), is_mostly_negative(-W), is_mostly_negative(7 - W)
    (True, False, True, True)
    """
    addends = [addend.as_coeff_Mul() for addend in Add.make_args(expression)]
    lettered = [
        (part, bool(coefficient < 0)) for coefficient, part in addends if part.free_symbols and coefficient.is_real
    ]
    negative = sum(minus for _, minus in lettered)
    if 2 * negative != len(lettered):
        return 2 * negative > len(lettered)
    if not lettered:
        return bool(expression.is_negative)
    return max(lettered, key=lambda pair: sympy.default_sort_key(pair[0]))[1]


def exact_quotient(numerator: Any, denominator: Any) -> Any:
    """n/d as one unevaluated fraction for SymPy's printers."""
    if denominator is S.One:
        return numerator
    return Mul(numerator, sympy.Pow(denominator, -1, evaluate=False), evaluate=False)
