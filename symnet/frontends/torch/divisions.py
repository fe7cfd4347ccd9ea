"""Python's divisions of sizes as terms."""

from __future__ import annotations

from symnet.frontends.flow import tidy
from symnet.frontends.torch.known import Known
from symnet.layers.declaration.axes import quotient
from symnet.terms.propositions import Eq, Le, Lt
from symnet.terms.term import Mod, Term, as_term

__all__ = ["half_to_even", "is_not_negative", "positive_divisor", "power_above", "remainder", "rounded_down"]


def positive_divisor(known: Known, top: Term, bottom: Term) -> tuple[Term, Term]:
    """The same quotient with a positive divisor. Raises :class:`ZeroDivisionError` for 0."""
    if bottom.least is not None and bottom.least >= 1:
        return top, bottom
    if known.decide(Lt(as_term(0), bottom)):
        return top, bottom
    if known.decide(Eq(bottom, as_term(0))):
        raise ZeroDivisionError("division by zero")
    return tidy(-top), tidy(-bottom)


def is_not_negative(known: Known, term: Term) -> bool:
    """Whether a term is at least 0."""
    return (term.least is not None and term.least >= 0) or known.decide(Le(as_term(0), term))


def rounded_down(known: Known, top: Term, bottom: Term) -> Term:
    """The quotient rounded down."""
    return tidy(quotient(*positive_divisor(known, top, bottom))[0])


def remainder(known: Known, top: Term, bottom: Term) -> Term:
    """The remainder, with the sign of the divisor as in Python."""
    above, below = positive_divisor(known, top, bottom)
    rest = as_term(0) if quotient(above, below)[1] else Mod(tidy(above), tidy(below))
    return rest if below is bottom else tidy(-rest)


def power_above(number: Term) -> int | None:
    """2ⁿ for the number 2ⁿ − 1, because ``x & (2ⁿ − 1)`` is the remainder by 2ⁿ; ``None`` for other numbers."""
    mask = number.constant
    return mask + 1 if mask is not None and mask >= 0 and mask & (mask + 1) == 0 else None


def half_to_even(top: Term, bottom: Term) -> Term:
    """The quotient rounded to the nearest integer, half to even."""
    whole, exact = quotient(top, bottom)
    if exact:
        return whole
    odd = Mod(tidy(whole), as_term(2))
    return quotient(2 * top + bottom - 1 + odd, 2 * bottom)[0]
