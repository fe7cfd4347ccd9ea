"""Sums and products that are evaluated if they are numbers."""

from __future__ import annotations

from symnet.terms.term import Product, Sum, Term, integer

__all__ = ["plus", "times"]


def plus(left: Term, right: Term) -> Term:
    """``left + right``, evaluated if it is a number.

    >>> from symnet.terms.term import Symbol
    >>> plus(integer(3), integer(4)), plus(Symbol("W"), integer(0))
    (<Int 7>, <Symbol W>)
    """
    if left.constant is not None and right.constant is not None:
        return integer(left.constant + right.constant)
    if left.constant == 0 or right.constant == 0:
        return right if left.constant == 0 else left
    return Sum(left, right) if _long(left, Sum) else left + right


def times(left: Term, right: Term) -> Term:
    """``left · right``, evaluated if it is a number; a numeral comes first."""
    if left.constant is not None and right.constant is not None:
        return integer(left.constant * right.constant)
    if left.constant == 1 or right.constant == 1:
        return right if left.constant == 1 else left
    if left.constant == 0 or right.constant == 0:
        return integer(0)
    if right.constant is not None and left.constant is None:
        left, right = right, left
    return Product(left, right) if _long(left, Product) else left * right


def _long(term: Term, kind: type[Term]) -> bool:
    """Whether a sum or product is so long that it is nested rather than copied when a part is added."""
    return type(term) is kind and len(term.args) >= 8
