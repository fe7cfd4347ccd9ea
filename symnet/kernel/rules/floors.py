"""Rules of floors and ceilings. Every divisor must be at least 1 by its structure."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.theorem import Theorem, rule
from symnet.printing.text import text
from symnet.terms.propositions import And, Eq, Iff, Le, Lt, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Sum, Term, integer, plus, times

__all__ = [
    "affine_floor", "ceil_as_floor", "floor_bound", "floor_common", "floor_monotone", "floor_nest", "floor_shift",
    "floor_value",
]  # fmt: skip


def _positive(divisor: Term, rule_name: str) -> Term:
    if divisor.least is None or divisor.least < 1:
        raise KernelError(f"{rule_name}: the divisor {text(divisor)} may be less than 1")
    return divisor


@rule
def floor_shift(numerator: Term, divisor: Term, shift: Term) -> Proposition:
    """A whole number moves into a floor.

    ──────────────────────────────  m ≥ 1
    ⊢ ⌊x/m⌋ + c = ⌊(x + c·m)/m⌋
    """
    _positive(divisor, "floor_shift")
    return Eq(FloorDiv(numerator, divisor) + shift, FloorDiv(Sum(numerator, shift * divisor), divisor))


@rule
def ceil_as_floor(numerator: Term, divisor: Term) -> Proposition:
    """A ceiling is a floor.

    ──────────────────────────────  m ≥ 1
    ⊢ ⌈x/m⌉ = ⌊(x + m − 1)/m⌋
    """
    _positive(divisor, "ceil_as_floor")
    return Eq(CeilDiv(numerator, divisor), FloorDiv(Sum(numerator, divisor, integer(-1)), divisor))


def affine_floor(theorem: Theorem, rule_name: str) -> tuple[Term, Term, Term, Term]:
    """The parts (y, x, a, m) of ``y = ⌊(x + a)/m⌋``."""
    match theorem.conclusion:
        case Eq(args=(whole, FloorDiv(args=(Sum(args=(inner, offset)), divisor)))):
            return whole, inner, offset, divisor
    raise KernelError(f"{rule_name}: {text(theorem.conclusion)} is not of the form y = (x + a)//m")


@rule
def floor_nest(inner: Theorem, outer: Theorem) -> Proposition:
    """A floor of a floor is one floor. Numerals are added and multiplied out.

    Γ ⊢ y = ⌊(x + a)/m⌋     Δ ⊢ z = ⌊(y + b)/n⌋
    ──────────────────────────────────────────  m, n ≥ 1
    Γ, Δ ⊢ z = ⌊(x + (a + b·m))/(m·n)⌋
    """
    y, x, a, m = affine_floor(inner, "floor_nest")
    z, middle, b, n = affine_floor(outer, "floor_nest")
    if middle is not y:
        raise KernelError(f"floor_nest: the outer floor is of {text(middle)}, not of {text(y)}")
    _positive(m, "floor_nest")
    _positive(n, "floor_nest")
    return Eq(z, FloorDiv(Sum(x, plus(a, times(b, m))), times(m, n)))


@rule
def floor_common(inner: Term, offset: Term, factor: Term, divisor: Term) -> Proposition:
    """A common factor leaves a floor.

    ──────────────────────────────────────────────  g, m ≥ 1
    ⊢ ⌊(g·y + e)/(g·m)⌋ = ⌊(y + ⌊e/g⌋)/m⌋
    """
    _positive(factor, "floor_common")
    _positive(divisor, "floor_common")
    left = FloorDiv(Sum(factor * inner, offset), factor * divisor)
    return Eq(left, FloorDiv(Sum(inner, FloorDiv(offset, factor)), divisor))


@rule
def floor_monotone(equation: Theorem, bound: Theorem) -> Proposition:
    """A larger numerator has no smaller floor.

    Γ ⊢ y = ⌊(x + a)/m⌋     Δ ⊢ l ≤ x
    ─────────────────────────────────  m ≥ 1
    Γ, Δ ⊢ ⌊(l + a)/m⌋ ≤ y
    """
    y, x, a, m = affine_floor(equation, "floor_monotone")
    known = bound.conclusion
    if not (isinstance(known, Le) and known.args[1] is x):
        raise KernelError(f"floor_monotone: {text(known)} is not a lower bound of {text(x)}")
    _positive(m, "floor_monotone")
    return Le(FloorDiv(Sum(known.args[0], a), m), y)


@rule
def floor_value(numerator: Term, divisor: Term, quotient: Term) -> Proposition:
    """What it means that a floor is q.

    ─────────────────────────────────────────  m ≥ 1
    ⊢ ⌊x/m⌋ = q ⇔ m·q ≤ x ∧ x < m·q + m
    """
    _positive(divisor, "floor_value")
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
    _positive(divisor, "floor_bound")
    return Iff(Le(quotient, FloorDiv(numerator, divisor)), Le(quotient * divisor, numerator))
