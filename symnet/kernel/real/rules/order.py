"""Rules of order: signs that the structure shows, and inequalities added up."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.real.expressions import Minimum, Plus, Quotient, Real, Times, number
from symnet.kernel.real.normal_forms import nonzero_where_equal
from symnet.kernel.real.printing import unicode_text as text
from symnet.kernel.real.signs import Shown, shown
from symnet.kernel.real.statements import AtMost, Equal, Less, Nonzero, Statement, derivatives_in
from symnet.kernel.real.theorem import RealTheorem, rule
from symnet.kernel.sealed import Derived

__all__ = [
    "by_sign",
    "combine",
    "combine_strictly",
    "minimum_bound",
    "nonzero",
    "nonzero_quotient",
    "not_negative",
    "positive",
]

ZERO = number(0)


def _known(premises: tuple[RealTheorem, ...], rule_name: str) -> dict[Real, Shown]:
    found: dict[Real, Shown] = {}
    for premise in premises:
        proven = premise.conclusion
        if not (isinstance(proven, Less | AtMost) and proven.args[0] is ZERO):
            raise KernelError(f"{rule_name}: {text(proven)} does not say a sign")
        sign = Shown.POSITIVE if isinstance(proven, Less) else Shown.NOT_NEGATIVE
        found[proven.args[1]] = max(sign, found.get(proven.args[1], Shown.NOTHING))
    return found


@rule
def positive(term: Real, known: tuple[RealTheorem, ...]) -> Statement:
    """A sign that the structure shows: exp is positive, sums and products of positive numbers are, a square is not negative.

    Γᵢ ⊢ 0 < xᵢ or 0 ≤ xᵢ
    ─────────────────────  a is positive by structure
    Γ₁, …, Γₙ ⊢ 0 < a
    """
    if shown(term, _known(known, "positive")) < Shown.POSITIVE:
        raise KernelError(f"positive: its structure does not show 0 < {text(term)}")
    return Less(ZERO, term)


@rule
def not_negative(term: Real, known: tuple[RealTheorem, ...]) -> Statement:
    """As ``positive``, for a number that may be 0.

    Γᵢ ⊢ 0 < xᵢ or 0 ≤ xᵢ
    ─────────────────────  a is not negative by structure
    Γ₁, …, Γₙ ⊢ 0 ≤ a
    """
    if shown(term, _known(known, "not_negative")) < Shown.NOT_NEGATIVE:
        raise KernelError(f"not_negative: its structure does not show 0 ≤ {text(term)}")
    return AtMost(ZERO, term)


@rule
def minimum_bound(left: Real, right: Real) -> Statement:
    """The smaller of two is at most the second.

    ──────────────
    ⊢ min(a, b) ≤ b
    """
    return AtMost(Minimum(left, right), right)


@rule
def nonzero(theorem: RealTheorem) -> Statement:
    """What is positive is not 0.

    Γ ⊢ 0 < a
    ─────────
    Γ ⊢ a ≠ 0
    """
    proven = theorem.conclusion
    if not (isinstance(proven, Less) and proven.args[0] is ZERO):
        raise KernelError(f"nonzero: {text(proven)} is not of the form 0 < a")
    return Nonzero(proven.args[1])


@rule
def nonzero_quotient(above: RealTheorem, below: RealTheorem) -> Statement:
    """A quotient of numbers that are not 0.

    Γ ⊢ a ≠ 0     Δ ⊢ b ≠ 0
    ───────────────────────
    Γ, Δ ⊢ a/b ≠ 0
    """
    one, two = above.conclusion, below.conclusion
    if not (isinstance(one, Nonzero) and isinstance(two, Nonzero)):
        raise KernelError(f"nonzero_quotient: {text(one)} and {text(two)} are not both of the form a ≠ 0")
    return Nonzero(Quotient(one.args[0], two.args[0]))


@rule
def by_sign(positive: RealTheorem, zero: RealTheorem, term: Real) -> Derived:
    """What holds for positive numbers and for 0 holds for all that are not negative.

    Γ, 0 < a ⊢ p     Δ, a = 0 ⊢ p
    ──────────────────────────────
    Γ, Δ, 0 ≤ a ⊢ p
    """
    if positive.conclusion is not zero.conclusion:
        raise KernelError(f"by_sign: {text(positive.conclusion)} and {text(zero.conclusion)} say different things")
    if derivatives_in(positive.conclusion):
        raise KernelError(f"by_sign: {text(positive.conclusion)} speaks of more than one point")
    above, at = Less(ZERO, term), Equal(term, ZERO)
    if above not in positive.hypotheses or at not in zero.hypotheses:
        raise KernelError(f"by_sign: {text(above)} and {text(at)} are not the two cases")
    left = (positive.hypotheses - {above}) | (zero.hypotheses - {at})
    return Derived(positive.conclusion, left | {AtMost(ZERO, term)})


@rule
def combine(goal: Statement, premises: tuple[RealTheorem, ...], multipliers: tuple[RealTheorem, ...]) -> Derived:
    """An inequality that follows by adding multiples of others.

    Γᵢ ⊢ aᵢ ≤ bᵢ (or <)     Δᵢ ⊢ 0 ≤ mᵢ (or <)
    ───────────────────────────────────────────  b − a = Σ mᵢ·(bᵢ − aᵢ), a field identity
    Γ, Δ, its conditions ⊢ a ≤ b
    """
    if not isinstance(goal, AtMost):
        raise KernelError(f"combine: {text(goal)} is not of the form a ≤ b")
    return _combined("combine", goal, premises, multipliers)


@rule
def combine_strictly(
    goal: Statement, premises: tuple[RealTheorem, ...], multipliers: tuple[RealTheorem, ...]
) -> Derived:
    """The same with a strict inequality among those that are taken a positive number of times.

    Γᵢ ⊢ aᵢ ≤ bᵢ (or <)     Δᵢ ⊢ 0 ≤ mᵢ (or <)
    ───────────────────────────────────────────  as ``combine``; for some i both are strict
    Γ, Δ, its conditions ⊢ a < b
    """
    if not isinstance(goal, Less):
        raise KernelError(f"combine_strictly: {text(goal)} is not of the form a < b")
    pairs = zip(premises, multipliers, strict=False)
    if not any(isinstance(one.conclusion, Less) and isinstance(two.conclusion, Less) for one, two in pairs):
        raise KernelError("combine_strictly: no strict inequality is taken a positive number of times")
    return _combined("combine_strictly", goal, premises, multipliers)


def _combined(
    name: str, goal: Statement, premises: tuple[RealTheorem, ...], multipliers: tuple[RealTheorem, ...]
) -> Derived:
    if len(premises) != len(multipliers):
        raise KernelError(f"{name}: {len(multipliers)} multipliers for {len(premises)} premises")
    parts: list[Real] = []
    for premise, multiplier in zip(premises, multipliers, strict=True):
        proven, factor = premise.conclusion, multiplier.conclusion
        if not isinstance(proven, Less | AtMost):
            raise KernelError(f"{name}: {text(proven)} is not an inequality")
        if not (isinstance(factor, Less | AtMost) and factor.args[0] is ZERO):
            raise KernelError(f"{name}: {text(factor)} does not say that a multiplier is not negative")
        parts.append(Times(factor.args[1], proven.args[1] - proven.args[0]))
    gap = goal.args[1] - goal.args[0]
    conditions = nonzero_where_equal(gap, Plus(*parts), linear=True)
    if conditions is None:
        raise KernelError(f"{name}: {text(goal)} is not the sum of these multiples")
    inherited = frozenset[Statement]().union(*(theorem.hypotheses for theorem in (*premises, *multipliers)))
    return Derived(goal, inherited | frozenset(map(Nonzero, conditions)))
