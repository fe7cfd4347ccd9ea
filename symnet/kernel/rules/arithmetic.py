"""Rules of integer arithmetic: calculate, identity, equals for equals, signs, linear combination, the smaller of two."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.theorem import Theorem, rule
from symnet.printing.text import text
from symnet.terms.polynomial import Polynomial, add, least, multiply, normal_form, subtract
from symnet.terms.propositions import Eq, Le, Lt, Proposition, holds
from symnet.terms.term import Min, Sum, Symbol, Term, evaluate, integer, substitute

__all__ = [
    "add_equations", "calculate", "chain", "linear", "min_first", "polynomial_identity", "replace", "sign", "value",
]  # fmt: skip


@rule
def calculate(proposition: Proposition) -> Proposition:
    """A proposition without symbols is true by calculation.

    ─────  p is closed and true
    ⊢ p
    """
    if not holds(proposition):
        raise KernelError(f"calculate: {text(proposition)} is false")
    return proposition


@rule
def value(term: Term) -> Proposition:
    """Work out a term without symbols.

    ──────────  n is the value of t
    ⊢ t = n
    """
    return Eq(term, integer(evaluate(term)))


@rule
def polynomial_identity(left: Term, right: Term) -> Proposition:
    """Equal polynomials are equal. Floors, ceilings, remainders, minima and maxima count as letters.

    ──────────  nf(a) = nf(b)
    ⊢ a = b
    """
    difference = subtract(normal_form(left), normal_form(right))
    if difference:
        raise KernelError(f"polynomial_identity: {text(left)} and {text(right)} differ")
    return Eq(left, right)


@rule
def chain(first: Theorem, second: Theorem) -> Proposition:
    """Equalities chain.

    Γ ⊢ a = b     Δ ⊢ b = c
    ───────────────────────
    Γ, Δ ⊢ a = c
    """
    one, two = first.conclusion, second.conclusion
    if not (isinstance(one, Eq) and isinstance(two, Eq) and one.args[1] is two.args[0]):
        raise KernelError(f"chain: the middles differ: {text(one)} and {text(two)}")
    return Eq(one.args[0], two.args[1])


@rule
def replace(equation: Theorem, theorem: Theorem, pattern: Proposition, hole: Symbol) -> Proposition:
    """Put equals for equals at the holes of a pattern.

    Γ ⊢ a = b     Δ ⊢ p[x := b]
    ───────────────────────────
    Γ, Δ ⊢ p[x := a]
    """
    equality = equation.conclusion
    if not isinstance(equality, Eq):
        raise KernelError(f"replace: {text(equality)} is not an equality")
    new, old = equality.args
    if substitute(pattern, {hole: old}) is not theorem.conclusion:
        raise KernelError(
            f"replace: {text(pattern)} with {text(old)} for {hole.name} is not {text(theorem.conclusion)}"
        )
    return substitute(pattern, {hole: new})


@rule
def add_equations(equations: tuple[Theorem, ...]) -> Proposition:
    """Add equalities side by side.

    Γ₁ ⊢ a₁ = b₁  …  Γₙ ⊢ aₙ = bₙ
    ──────────────────────────────────
    Γ₁, …, Γₙ ⊢ a₁ + … + aₙ = b₁ + … + bₙ
    """
    sides = [equation.conclusion for equation in equations]
    for side in sides:
        if not isinstance(side, Eq):
            raise KernelError(f"add_equations: {text(side)} is not an equality")
    return Eq(Sum(*(side.args[0] for side in sides)), Sum(*(side.args[1] for side in sides)))


def _gap(proposition: Proposition, rule_name: str) -> Polynomial:
    """right − left, and − 1 for a strict inequality: what must be at least 0."""
    if not isinstance(proposition, Le | Lt):
        raise KernelError(f"{rule_name}: {text(proposition)} is not an inequality")
    left, right = proposition.args
    gap = subtract(normal_form(right), normal_form(left))
    return add(gap, {(): -1}) if isinstance(proposition, Lt) else gap


@rule
def sign(proposition: Proposition) -> Proposition:
    """An inequality that the signs of the symbols show: in right − left every coefficient is positive.

    ──────────  least(b − a) ≥ 0
    ⊢ a ≤ b
    """
    bound = least(_gap(proposition, "sign"))
    if bound is None or bound < 0:
        raise KernelError(f"sign: the signs alone do not show {text(proposition)}")
    return proposition


@rule
def linear(goal: Proposition, premises: tuple[Theorem, ...], multipliers: tuple[Term, ...]) -> Proposition:
    """An inequality that follows by adding multiples of others; an equality may be taken any number of times,
    an inequality a number of times that is not negative.

    Γᵢ ⊢ aᵢ ≤ bᵢ
    ──────────────  b − a − Σ mᵢ·(bᵢ − aᵢ) is at least 0 by signs, mᵢ ≥ 0
    Γ₁, …, Γₙ ⊢ a ≤ b
    """
    if len(premises) != len(multipliers):
        raise KernelError(f"linear: {len(multipliers)} multipliers for {len(premises)} premises")
    rest = _gap(goal, "linear")
    for premise, multiplier in zip(premises, multipliers, strict=True):
        proven = premise.conclusion
        if isinstance(proven, Eq):
            gap = subtract(normal_form(proven.args[1]), normal_form(proven.args[0]))
        else:
            gap = _gap(proven, "linear")
            if multiplier.least is None or multiplier.least < 0:
                raise KernelError(f"linear: the multiplier {text(multiplier)} of {text(proven)} may be negative")
        rest = subtract(rest, multiply(normal_form(multiplier), gap))
    bound = least(rest)
    if bound is None or bound < 0:
        raise KernelError(f"linear: {text(goal)} does not follow from these multiples")
    return goal


@rule
def min_first(bound: Theorem) -> Proposition:
    """The smaller of two is the first when it is not larger.

    Γ ⊢ a ≤ b
    ─────────────────
    Γ ⊢ min(a, b) = a
    """
    known = bound.conclusion
    if not isinstance(known, Le):
        raise KernelError(f"min_first: {text(known)} is not of the form a <= b")
    return Eq(Min(*known.args), known.args[0])
