"""Integer arithmetic as ONNX defines it: division truncates toward zero, and a remainder has one of two signs."""

from __future__ import annotations

from symnet.frontends.onnx.constants.numbers import Entry, sign_of
from symnet.frontends.onnx.sizes import divided, tidy
from symnet.terms.term import CeilDiv, FloorDiv, Max, Min, Mod, Term, integer

__all__ = ["remainder", "truncated_division"]


def truncated_division(one: Entry, two: Entry) -> Entry:
    """``one / two`` truncated toward zero, so that −7/2 is −3; ``None`` if the divisor may be 0 or its sign is
    unknown.

    >>> from symnet.terms.term import Symbol
    >>> truncated_division(Symbol("W"), integer(2)), truncated_division(integer(-7), integer(2))
    (<FloorDiv W//2>, <Int -3>)
    >>> truncated_division(-Symbol("W"), integer(2))
    <Product -(W//2)>
    """
    if not isinstance(one, Term) or not isinstance(two, Term):
        return None
    divisor_sign = sign_of(two, integer(0))
    if divisor_sign not in (-1, 1):
        return None
    if divisor_sign < 0:
        one, two = tidy(-one), tidy(-two)
    quotient, exact = divided(one, two)
    if exact:
        return quotient
    one, two, sign = tidy(one), tidy(two), _sign(one)
    if sign is not None and sign >= 0:
        return _number(FloorDiv(one, two))
    if sign is not None:
        return _number(tidy(-FloorDiv(tidy(-one), two)))
    return Max(FloorDiv(one, two), integer(0)) + Min(CeilDiv(one, two), integer(0))


def _sign(term: Term) -> int | None:
    """1 for a term that is never negative, −1 for one that is never positive, else ``None``."""
    if term.least is not None and term.least >= 0:
        return 1
    opposite = tidy(-term)
    return -1 if opposite.least is not None and opposite.least >= 0 else None


def remainder(one: Entry, two: Entry, *, of_dividend: bool = False) -> Entry:
    """``one`` modulo ``two`` with the sign of the divisor, as in Python, or of the dividend, as in C (``fmod=1``);
    ``None`` if signs are unknown.

    >>> remainder(integer(-7), integer(3)), remainder(integer(-7), integer(3), of_dividend=True)
    (<Int 2>, <Int -1>)
    """
    if not isinstance(one, Term) or not isinstance(two, Term):
        return None
    divisor_sign = sign_of(two, integer(0))
    if divisor_sign not in (-1, 1):
        return None
    if divided(one, two)[1]:
        return integer(0)
    if of_dividend:
        whole = truncated_division(one, two)
        return None if whole is None else _number(tidy(one - whole * two))
    if divisor_sign < 0:  # the remainder of the negated operands, negated
        return _number(tidy(-Mod(tidy(-one), tidy(-two))))
    return _number(Mod(tidy(one), tidy(two)))


def _number(term: Term) -> Term:
    return term if term.constant is None else integer(term.constant)
