"""Rules of integers: linear combination, the order, the largest and the smallest, floors and ceilings, and the rules that count window
positions and index sets: here the meaning of a layer becomes its formula.

``Windows(length, kernel, dilation, stride)`` is the number of positions k ≥ 0 at which every tap k·S + j·D, 0 ≤ j < F, lies in
[0, length). A window reaches over ``extent = D·(F − 1) + 1`` entries. Every divisor must be at least 1 by its structure.
"""

from __future__ import annotations

from functools import reduce
from operator import mul

from symnet.errors import KernelError
from symnet.kernel.sealed import Derived
from symnet.kernel.theorem import Theorem, rule
from symnet.printing.text import text
from symnet.terms.polynomial import Polynomial, add, least, multiply, normal_form, subtract
from symnet.terms.propositions import And, Eq, Iff, Le, Lt, Or, Proposition
from symnet.terms.term import CeilDiv, Entries, FloorDiv, Max, Min, Sum, Term, Windows, integer

__all__ = [
    "ceil_as_floor", "either", "entry_count", "extent", "floor_bound", "floor_value", "linear", "max_bound", "min_bound",
    "require_positive", "window_value",
]  # fmt: skip


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


def require_positive(rule_name: str, **terms: Term) -> None:
    """Refuse a term that its structure does not show to be at least 1."""
    for name, term in terms.items():
        if term.least is None or term.least < 1:
            raise KernelError(f"{rule_name}: the {name} {text(term)} may be less than 1")


@rule
def ceil_as_floor(numerator: Term, divisor: Term) -> Proposition:
    """A ceiling is a floor.

    ──────────────────────────────  m ≥ 1
    ⊢ ⌈x/m⌉ = ⌊(x + m − 1)/m⌋
    """
    require_positive("ceil_as_floor", divisor=divisor)
    return Eq(CeilDiv(numerator, divisor), FloorDiv(Sum(numerator, divisor, integer(-1)), divisor))


@rule
def floor_value(numerator: Term, divisor: Term, quotient: Term) -> Proposition:
    """What it means that a floor is q.

    ─────────────────────────────────────────  m ≥ 1
    ⊢ ⌊x/m⌋ = q ⇔ m·q ≤ x ∧ x < m·q + m
    """
    require_positive("floor_value", divisor=divisor)
    product = divisor * quotient
    return Iff(
        Eq(FloorDiv(numerator, divisor), quotient), And(Le(product, numerator), Lt(numerator, product + divisor))
    )


@rule
def floor_bound(quotient: Term, numerator: Term, divisor: Term) -> Proposition:
    """What it means that a floor is at least q.

    ──────────────────────────  m ≥ 1
    ⊢ q ≤ ⌊x/m⌋ ⇔ q·m ≤ x
    """
    require_positive("floor_bound", divisor=divisor)
    return Iff(Le(quotient, FloorDiv(numerator, divisor)), Le(quotient * divisor, numerator))


def extent(kernel: Term, dilation: Term) -> Term:
    """How far a window reaches: ``D·(F − 1) + 1``."""
    return dilation * (kernel - 1) + 1


def _assuming(conclusion: Proposition, condition: Le) -> Derived:
    """Add a condition unless the signs show it."""
    left, right = (side.least for side in condition.args)
    shown = left is not None and right is not None and condition.args[0] is integer(left) and left <= right
    return Derived(conclusion, frozenset() if shown else frozenset((condition,)))


@rule
def window_value(length: Term, kernel: Term, dilation: Term, stride: Term, number: Term) -> Derived:
    """Which lengths have exactly n ≥ 1 windows: the fibre of a convolution.

    ──────────────────────────────────────────────────────────────────────────────  F, D, S ≥ 1
    1 ≤ n ⊢ Windows(L, F, D, S) = n ⇔ (n − 1)·S + E ≤ L ∧ L < n·S + E
    """
    require_positive("window_value", kernel=kernel, dilation=dilation, stride=stride)
    reach = extent(kernel, dilation)
    between = And(Le((number - 1) * stride + reach, length), Lt(length, number * stride + reach))
    return _assuming(Iff(Eq(Windows(length, kernel, dilation, stride), number), between), Le(integer(1), number))


@rule
def entry_count(shape: tuple[Term, ...]) -> Proposition:
    """An array of shape d₁ × … × dₙ has d₁·…·dₙ entries.

    ──────────────────────────────────────  dᵢ ≥ 0
    ⊢ Entries(d₁, …, dₙ) = d₁·…·dₙ
    """
    for size in shape:
        if size.least is None or size.least < 0:
            raise KernelError(f"entry_count: the size {text(size)} may be negative")
    return Eq(Entries(*shape), reduce(mul, shape) if shape else integer(1))
