"""Products of sizes: equal for all sizes, a whole quotient, or a hypothesis that makes them so. Decided by polynomials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symnet.frontends.flow import Site, tidy
from symnet.layers.axes import quotient
from symnet.layers.base import product
from symnet.printing.text import unicode_text
from symnet.terms.polynomial import Polynomial, from_polynomial, multiply, normal_form
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import FloorDiv, Mod, Term, integer, symbols_of

__all__ = ["divided", "same_product", "shown", "suppose_products", "whole_size"]

ZERO = integer(0)


def shown(sizes: Sequence[Term]) -> str:
    """Sizes as messages write them: 3·H·W."""
    return "·".join(map(_factor, sizes)) or "1"


def _factor(size: Term) -> str:
    text = unicode_text(size)
    return f"({text})" if " " in text else text


def whole_size(proposition: Proposition) -> tuple[Term, Term] | None:
    """For the hypothesis that a size is a multiple of a number: the size, and how it is written then, 7·⌊H/7⌋.

    >>> from symnet.terms.term import Symbol
    >>> whole_size(Eq(Mod(Symbol("H"), integer(7)), ZERO))
    (<Symbol H>, <Product 7*(H//7)>)
    """
    if not isinstance(proposition, Eq) or not isinstance(proposition.args[0], Mod):
        return None
    rest, nothing = proposition.args
    size, part = rest.args
    atoms = [atom for monomial in normal_form(size) for atom, _ in monomial]
    if nothing.constant != 0 or part.constant is None or len(atoms) != 1 or atoms[0] is not tidy(size):
        return None
    return atoms[0], tidy(part * FloorDiv(atoms[0], part))


def _rewritten(term: Term, whole: Mapping[Term, Term]) -> Polynomial:
    """The polynomial with every size that is known to be a multiple written as one."""
    total: dict[tuple[tuple[Term, int], ...], int] = {}
    for monomial, coefficient in normal_form(term).items():
        part: Polynomial = {(): coefficient}
        for atom, exponent in monomial:
            factor = normal_form(whole.get(atom, atom))
            for _ in range(exponent):
                part = multiply(part, factor)
        for one, number in part.items():
            total[one] = total.get(one, 0) + number
    return {one: number for one, number in total.items() if number}


def divided(site: Site, total: Term, part: Term) -> tuple[Term, bool]:
    """``total / part`` and whether it is whole for all sizes that are left; else it is rounded down."""
    found, exact = quotient(total, part)
    whole = site.multiples()
    if exact or not whole:
        return (tidy(found) if exact else found), exact
    one, two = (from_polynomial(_rewritten(side, whole)) for side in (total, part))
    again, exact = quotient(one, two)
    if not exact:
        return found, False
    plain = (size for size, form in whole.items() if normal_form(form) == normal_form(again))
    return next(plain, tidy(again)), True


def same_product(site: Site, one: Sequence[Term], two: Sequence[Term]) -> bool:
    """Whether two products are the same for all sizes that are left."""
    left, right = product(*one), product(*two)
    return normal_form(left) == normal_form(right) or (
        bool(site.multiples()) and _rewritten(left, site.multiples()) == _rewritten(right, site.multiples())
    )


def suppose_products(site: Site, one: Sequence[Term], two: Sequence[Term]) -> bool:
    """Suppose that two products are the same: size by size where the second one has a size in whole parts, as in H against
    ⌊H/7⌋·7. Whether there are such sizes at all."""
    left, right = list(one), list(two)
    asked: list[Proposition] = []
    while left and right:
        size = left[0]
        count = next((n for n in range(1, len(right) + 1) if _parts(size, right[:n])), None)
        if count is None:
            break
        if not same_product(site, [size], right[:count]):
            asked.append(Eq(Mod(size, _parts(size, right[:count]) or integer(1)), ZERO))
        left, right = left[1:], right[count:]
    if not asked or not same_product(site, left, right):
        asked = [Eq(tidy(product(*one)), tidy(product(*two)))]
    for proposition in asked:
        if not symbols_of(proposition):
            return False
        site.suppose(proposition)
    return True


def _parts(size: Term, parts: Sequence[Term]) -> Term | None:
    """k where the parts multiply to k·⌊size/k⌋; 1 where they multiply to the size."""
    found = normal_form(product(*parts))
    if found == normal_form(size):
        return integer(1)
    if len(found) != 1:
        return None
    ((monomial, coefficient),) = found.items()
    if len(monomial) != 1 or coefficient < 2 or monomial[0][1] != 1:
        return None
    atom = monomial[0][0]
    wanted = normal_form(FloorDiv(size, integer(coefficient)))
    return integer(coefficient) if {monomial: 1} == wanted and isinstance(atom, FloorDiv) else None
