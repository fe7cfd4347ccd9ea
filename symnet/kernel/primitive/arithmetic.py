"""Rules of integer arithmetic: linear combination, the order of the integers, the largest and the smallest."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.theorem import Theorem, rule
from symnet.printing.text import text
from symnet.terms.polynomial import Polynomial, add, least, multiply, normal_form, subtract
from symnet.terms.propositions import And, Eq, Iff, Le, Lt, Or, Proposition
from symnet.terms.term import Max, Min, Term

__all__ = ["either", "equal_both_ways", "linear", "max_bound", "min_bound"]


def _gap(proposition: Proposition) -> Polynomial:
    """right − left, and − 1 for a strict inequality: what must be at least 0, or 0."""
    if not isinstance(proposition, Le | Lt | Eq):
        raise KernelError(f"linear: {text(proposition)} is no inequality and no equality")
    left, right = map(normal_form, proposition.args)
    return subtract(right, add(left, {(): 1}) if isinstance(proposition, Lt) else left)


@rule
def linear(goal: Proposition, premises: tuple[Theorem, ...], multipliers: tuple[Term, ...]) -> Proposition:
    """An inequality that follows by adding multiples of others; an equality may be taken any number of times,
    an inequality a number of times that is not negative.

    Γᵢ ⊢ aᵢ ≤ bᵢ
    ──────────────  b − a − Σ mᵢ·(bᵢ − aᵢ) is at least 0 by signs, mᵢ ≥ 0
    Γ₁, …, Γₙ ⊢ a ≤ b

    An equality follows from equalities, where the difference is the polynomial 0.
    """
    if len(premises) != len(multipliers):
        raise KernelError(f"linear: {len(multipliers)} multipliers for {len(premises)} premises")
    rest = _gap(goal)  # what is left of it: the multiples of one premise after the other are taken away
    for premise, multiplier in zip(premises, multipliers, strict=True):
        proven = premise.conclusion
        if not isinstance(proven, Eq):
            if isinstance(goal, Eq):
                raise KernelError(f"linear: {text(proven)} is not an equality as {text(goal)} is")
            if multiplier.least is None or multiplier.least < 0:
                raise KernelError(f"linear: the multiplier {text(multiplier)} of {text(proven)} may be negative")
        for monomial, coefficient in multiply(normal_form(multiplier), _gap(proven)).items():
            rest[monomial] = rest.get(monomial, 0) - coefficient
    rest = {monomial: coefficient for monomial, coefficient in rest.items() if coefficient}
    bound = least(rest)
    if rest if isinstance(goal, Eq) else bound is None or bound < 0:
        raise KernelError(f"linear: {text(goal)} does not follow from these multiples")
    return goal


@rule
def equal_both_ways(left: Term, right: Term) -> Proposition:
    """Equal means neither is greater.

    ───────────────────────────
    ⊢ a = b ⇔ a ≤ b ∧ b ≤ a
    """
    return Iff(Eq(left, right), And(Le(left, right), Le(right, left)))


@rule
def either(proposition: Proposition, left: Term, right: Term) -> Proposition:
    """Two numbers compare one way or the other.

    ───────────────────────────────────────────
    ⊢ p ⇔ (a ≤ b ∧ p) ∨ (b < a ∧ p)
    """
    return Iff(proposition, Or(And(Le(left, right), proposition), And(Lt(right, left), proposition)))


@rule
def max_bound(terms: tuple[Term, ...], bound: Term) -> Proposition:
    """What it means that the largest of some is at most a bound.

    ─────────────────────────────────────────────  n ≥ 1
    ⊢ max(a₁, …, aₙ) ≤ c ⇔ a₁ ≤ c ∧ … ∧ aₙ ≤ c
    """
    return Iff(Le(Max(*terms), bound), And(*(Le(term, bound) for term in terms)))


@rule
def min_bound(bound: Term, terms: tuple[Term, ...]) -> Proposition:
    """What it means that the smallest of some is at least a bound.

    ─────────────────────────────────────────────  n ≥ 1
    ⊢ c ≤ min(a₁, …, aₙ) ⇔ c ≤ a₁ ∧ … ∧ c ≤ aₙ
    """
    return Iff(Le(bound, Min(*terms)), And(*(Le(bound, term) for term in terms)))
