"""Rules of floors and ceilings. Every divisor must be at least 1 by its structure."""

from __future__ import annotations

from symnet.kernel.primitive.counts import require_positive
from symnet.kernel.theorem import rule
from symnet.terms.propositions import And, Eq, Iff, Le, Lt, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Sum, Term, integer

__all__ = ["ceil_as_floor", "floor_bound", "floor_value"]


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
