"""Sizes as polynomials: normal form, and division where it is exact."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.layers.declaration.axes import quotient
from symnet.terms.polynomial import Monomial, from_polynomial, multiply, normal_form, subtract
from symnet.terms.term import Term, integer

__all__ = ["bounded_product", "divided", "tidy"]

#: Limits on a computed size: the number of monomials, their degree, and the bits of coefficients.
MONOMIALS, DEGREE, NUMBER_BITS = 4096, 64, 256

#: A division takes at most so many steps.
STEPS = 256


def tidy(term: Term) -> Term:
    """A constant term as a number, any other as one polynomial.

    >>> from symnet.terms.term import Symbol
    >>> W = Symbol("W")
    >>> tidy(W + 3 + W - 1)
    <Sum 2*W + 2>
    """
    return integer(term.constant) if term.constant is not None else from_polynomial(normal_form(term))


def bounded_product(one: Term, two: Term) -> None:
    """Raises :class:`LayerError` if the product of two sizes would have more than ``MONOMIALS`` monomials, a degree
    above ``DEGREE``, or coefficients of more than ``NUMBER_BITS`` bits.
    """
    left, right = normal_form(one), normal_form(two)
    degree = sum(max((sum(power for _, power in monomial) for monomial in part), default=0) for part in (left, right))
    bits = sum(max((abs(number).bit_length() for number in part.values()), default=0) for part in (left, right))
    if len(left) * len(right) > MONOMIALS or degree > DEGREE or bits > NUMBER_BITS:
        raise LayerError("multiplies sizes until they are past all bounds")


def divided(total: Term, part: Term) -> tuple[Term, bool]:
    """``total / part``, and whether it is exact: :func:`symnet.layers.declaration.axes.quotient`, extended to divisors
    that are sums.

    >>> from symnet.terms.term import Symbol
    >>> T, D = Symbol("T"), Symbol("D")
    >>> divided((T + 1) * D * 3, D + D * T)
    (<Int 3>, True)
    """
    found, whole = quotient(total, part)
    if whole:
        return found, True
    left, divisor, result = normal_form(total), normal_form(part), {}
    atoms = sorted({atom for monomial in (*left, *divisor) for atom, _ in monomial}, key=lambda atom: atom.serial)

    def powers(monomial: Monomial) -> tuple[int, ...]:
        known = dict(monomial)
        return tuple(known.get(atom, 0) for atom in atoms)

    lead = max(divisor, key=powers, default=None)
    for _ in range(STEPS):
        if not left or lead is None:
            break
        top = max(left, key=powers)
        rest = [one - two for one, two in zip(powers(top), powers(lead), strict=True)]
        if min(rest, default=0) < 0 or left[top] % divisor[lead]:
            break
        monomial = tuple((atom, power) for atom, power in zip(atoms, rest, strict=True) if power)
        result[monomial] = left[top] // divisor[lead]
        left = subtract(left, multiply({monomial: result[monomial]}, divisor))
    return (from_polynomial(result), True) if not left and result else (found, False)
