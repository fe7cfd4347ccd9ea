"""Products of sizes: equality for all sizes, exact quotients, and hypotheses that make them so, decided by
polynomials.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symnet.frontends.flow import BATCH, Site, tidy
from symnet.layers.declaration.axes import quotient
from symnet.layers.declaration.base import product
from symnet.printing.text import unicode_text
from symnet.terms.polynomial import Monomial, Polynomial, add, from_polynomial, multiply, normal_form, subtract
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import FloorDiv, Mod, Term, integer, symbols_of

__all__ = ["divided", "same_product", "shown", "suppose_products", "whole_size"]

ZERO = integer(0)

#: Quotients with more monomials than this are not searched for.
MOST = 200


def shown(sizes: Sequence[Term]) -> str:
    """Sizes in messages: 3·H·W."""
    return "·".join(map(_factor, sizes)) or "1"


def _factor(size: Term) -> str:
    text = unicode_text(size).replace(BATCH.name, "batch")
    return f"({text})" if " " in text else text


def whole_size(proposition: Proposition) -> tuple[Term, Term] | None:
    """For the hypothesis that a size is a multiple of a number: the size, and its form 7·⌊H/7⌋; ``None`` for other
    hypotheses.

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
    """The polynomial with every size that is known to be a multiple in that form, also inside floors: (H + 7)//8 is
    H//8 if H is 8·(H//8).
    """
    total: Polynomial = {}
    for monomial, coefficient in normal_form(term).items():
        part: Polynomial = {(): coefficient}
        for atom, exponent in monomial:
            factor = _atom(atom, whole)
            for _ in range(exponent):
                part = multiply(part, factor)
        total = add(total, part)
    return total


def _atom(atom: Term, whole: Mapping[Term, Term]) -> Polynomial:
    if atom in whole:
        return normal_form(whole[atom])
    if isinstance(atom, FloorDiv) and (number := atom.args[1].constant):
        above = _rewritten(atom.args[0], whole)
        rest = above.pop((), 0)
        if all(coefficient % number == 0 for coefficient in above.values()):
            out = {monomial: coefficient // number for monomial, coefficient in above.items()}
            return add(out, {(): rest // number} if rest // number else {})
    return {((atom, 1),): 1}


def divided(site: Site, total: Term, part: Term) -> tuple[Term, bool]:
    """``total / part`` and whether it is exact under the hypotheses; otherwise it is rounded down."""
    found, exact = quotient(total, part)
    if exact:
        return tidy(found), True
    whole = site.multiples()
    for sides in ((normal_form(total), normal_form(part)), (_rewritten(total, whole), _rewritten(part, whole))):
        left = _exactly(*sides)
        if left is not None:
            plain = (size for size, form in whole.items() if normal_form(form) == left)
            return next(plain, from_polynomial(left)), True
    return found, False


def _exactly(total: Polynomial, part: Polynomial) -> Polynomial | None:
    """The polynomial q with q·part = total; ``None`` if there is none with integer coefficients. The leading monomial
    of a product is the product of the leading monomials, so each step finds one monomial of q.
    """
    atoms = sorted({atom for monomial in (*total, *part) for atom, _ in monomial}, key=lambda atom: atom.serial)

    def degrees(monomial: Monomial) -> tuple[int, ...]:
        there = dict(monomial)
        return tuple(there.get(atom, 0) for atom in atoms)

    if not part:
        return None
    found: Polynomial = {}
    lead = max(part, key=degrees)
    while total:
        if len(found) > MOST:
            return None
        first = max(total, key=degrees)
        left = [one - two for one, two in zip(degrees(first), degrees(lead), strict=True)]
        if min(left, default=0) < 0 or total[first] % part[lead]:
            return None
        monomial = tuple((atom, exponent) for atom, exponent in zip(atoms, left, strict=True) if exponent)
        found[monomial] = total[first] // part[lead]
        total = subtract(total, multiply({monomial: found[monomial]}, part))
    return found


def same_product(site: Site, one: Sequence[Term], two: Sequence[Term]) -> bool:
    """Whether two products are equal under the hypotheses."""
    left, right = product(*one), product(*two)
    return normal_form(left) == normal_form(right) or (
        bool(site.multiples()) and _rewritten(left, site.multiples()) == _rewritten(right, site.multiples())
    )


def suppose_products(site: Site, one: Sequence[Term], two: Sequence[Term]) -> bool:
    """Adds hypotheses that make two products equal: size by size if the second has a size in parts, such as H against
    ⌊H/7⌋·7. Returns whether there are such sizes.
    """
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
    """k if the parts multiply to k·⌊size/k⌋; 1 if they multiply to the size; else ``None``."""
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
