"""Derived rules of floors: how they shift, nest, lose a common factor and grow, and division of an inequality."""

from __future__ import annotations

from functools import lru_cache

from symnet.errors import KernelError
from symnet.kernel.derived.lemmas import (
    LETTERS,
    added,
    by_lemma,
    combined,
    computed_product,
    computed_sum,
    parts_of_two,
    positive,
    product_of,
    same,
)
from symnet.kernel.derived.logic import flip
from symnet.kernel.primitive.arithmetic import floor_bound, floor_value
from symnet.kernel.primitive.logic import assume, both, equivalence, modus_ponens
from symnet.kernel.theorem import Theorem, derived_rule
from symnet.printing.text import text
from symnet.terms.propositions import Eq, Le, Lt
from symnet.terms.term import FloorDiv, Product, Sum, Symbol, Term, integer

__all__ = [
    "affine_floor", "between", "divide", "divide_strict", "floor_common", "floor_monotone", "floor_nest", "floor_shift", "is_floor",
]  # fmt: skip

a, b, c, e, p, q, w, x, y, z = LETTERS[:10]
m, n, k, g = (Symbol(f"divisor_{place}") for place in range(4))


def between(numerator: Term, divisor: Term) -> tuple[Theorem, Theorem]:
    """``m·⌊x/m⌋ ≤ x`` and ``x < m·⌊x/m⌋ + m``."""
    quotient = FloorDiv(numerator, divisor)
    return parts_of_two(modus_ponens(floor_value(numerator, divisor, quotient), same(quotient, quotient)))


def is_floor(
    numerator: Term,
    divisor: Term,
    quotient: Term,
    low: list[tuple[Theorem, Term | int]],
    high: list[tuple[Theorem, Term | int]],
) -> Theorem:
    """``⌊x/m⌋ = q`` because the multiples of theorems show ``m·q ≤ x`` and ``x < m·q + m``."""
    meaning = floor_value(numerator, divisor, quotient)
    at_most, below = meaning.conclusion.args[1].args
    return modus_ponens(meaning, both((combined(at_most, *low), combined(below, *high))))


@lru_cache(maxsize=1)
def _shifted() -> Theorem:
    """p = c·m ⊢ ⌊x/m⌋ + c = ⌊(x + p)/m⌋."""
    product = assume(Eq(p, Product(c, m)))
    low, high = between(x, m)
    return flip(is_floor(Sum(x, p), m, Sum(FloorDiv(x, m), c), [(low, 1), (product, -1)], [(high, 1), (product, 1)]))


@derived_rule
def floor_shift(numerator: Term, divisor: Term, shift: Term) -> Theorem:
    """A whole number moves into a floor.

    ──────────────────────────────  m ≥ 1
    ⊢ ⌊x/m⌋ + c = ⌊(x + c·m)/m⌋
    """
    positive(divisor, "floor_shift")
    moved = shift * divisor
    terms = (numerator, divisor, shift, moved)
    return by_lemma(_shifted(), (x, m, c, p), terms, (same(moved, product_of(shift, divisor)),))


def affine_floor(theorem: Theorem, rule_name: str) -> tuple[Term, Term, Term, Term]:
    """The parts (y, x, a, m) of ``y = ⌊(x + a)/m⌋``."""
    match theorem.conclusion:
        case Eq(args=(whole, FloorDiv(args=(Sum(args=(inner, offset)), divisor)))):
            return whole, inner, offset, divisor
    raise KernelError(f"{rule_name}: {text(theorem.conclusion)} is not of the form y = (x + a)//m")


@lru_cache(maxsize=1)
def _nested() -> Theorem:
    """y = ⌊(x + a)/m⌋, z = ⌊(y + b)/n⌋, c = a + b·m, k = m·n ⊢ z = ⌊(x + c)/k⌋."""
    inner, outer = assume(Eq(y, FloorDiv(Sum(x, a), m))), assume(Eq(z, FloorDiv(Sum(y, b), n)))
    offset, divisor = assume(Eq(c, Sum(a, Product(b, m)))), assume(Eq(k, Product(m, n)))
    (low, high), (outer_low, outer_high) = between(Sum(x, a), m), between(Sum(y, b), n)
    at_most: list[tuple[Theorem, Term | int]] = [
        (low, 1), (outer_low, m), (inner, m), (outer, m * n), (offset, -1), (divisor, z),
    ]  # fmt: skip
    below: list[tuple[Theorem, Term | int]] = [
        (high, 1), (outer_high, m), (inner, -m), (outer, -(m * n)), (offset, 1), (divisor, -(z + 1)),
    ]  # fmt: skip
    return flip(is_floor(Sum(x, c), k, z, at_most, below))


@derived_rule
def floor_nest(inner: Theorem, outer: Theorem) -> Theorem:
    """A floor of a floor is one floor. Numerals are added and multiplied out.

    Γ ⊢ y = ⌊(x + a)/m⌋     Δ ⊢ z = ⌊(y + b)/n⌋
    ──────────────────────────────────────────  m, n ≥ 1
    Γ, Δ ⊢ z = ⌊(x + (a + b·m))/(m·n)⌋
    """
    whole, start, first, divisor = affine_floor(inner, "floor_nest")
    result, middle, second, other = affine_floor(outer, "floor_nest")
    if middle is not whole:
        raise KernelError(f"floor_nest: the outer floor is of {text(middle)}, not of {text(whole)}")
    positive(divisor, "floor_nest")
    positive(other, "floor_nest")
    offset, offset_is = computed_sum(first, second, divisor)
    product, product_is = computed_product(divisor, other)
    terms = (whole, start, first, divisor, result, second, other, offset, product)
    return by_lemma(_nested(), (y, x, a, m, z, b, n, c, k), terms, (inner, outer, offset_is, product_is))


@lru_cache(maxsize=1)
def _without_factor() -> Theorem:
    """p = g·y, k = g·m ⊢ ⌊(p + e)/k⌋ = ⌊(y + ⌊e/g⌋)/m⌋."""
    product, divisor = assume(Eq(p, Product(g, y))), assume(Eq(k, Product(g, m)))
    rest = FloorDiv(e, g)
    quotient = FloorDiv(Sum(y, rest), m)
    (rest_low, rest_high), (low, high) = between(e, g), between(Sum(y, rest), m)
    at_most: list[tuple[Theorem, Term | int]] = [(low, g), (rest_low, 1), (product, -1), (divisor, quotient)]
    below: list[tuple[Theorem, Term | int]] = [(high, g), (rest_high, 1), (product, 1), (divisor, -(quotient + 1))]
    return is_floor(Sum(p, e), k, quotient, at_most, below)


@derived_rule
def floor_common(inner: Term, offset: Term, factor: Term, divisor: Term) -> Theorem:
    """A common factor leaves a floor.

    ──────────────────────────────────────────────  g, m ≥ 1
    ⊢ ⌊(g·y + e)/(g·m)⌋ = ⌊(y + ⌊e/g⌋)/m⌋
    """
    positive(factor, "floor_common")
    positive(divisor, "floor_common")
    product, whole = factor * inner, factor * divisor
    proofs = same(product, product_of(factor, inner)), same(whole, product_of(factor, divisor))
    return by_lemma(_without_factor(), (y, e, g, m, p, k), (inner, offset, factor, divisor, product, whole), proofs)


@lru_cache(maxsize=1)
def _monotone() -> Theorem:
    """y = ⌊(x + a)/m⌋, w ≤ x ⊢ ⌊(w + a)/m⌋ ≤ y."""
    equation, smaller = assume(Eq(y, FloorDiv(Sum(x, a), m))), assume(Le(w, x))
    quotient = FloorDiv(Sum(w, a), m)
    meaning = floor_bound(quotient, Sum(x, a), m)
    product = meaning.conclusion.args[1]
    known = modus_ponens(meaning, added(product, between(Sum(w, a), m)[0], smaller))
    return combined(Le(quotient, y), (known, 1), (equation, -1))


@derived_rule
def floor_monotone(equation: Theorem, bound: Theorem) -> Theorem:
    """A larger numerator has no smaller floor.

    Γ ⊢ y = ⌊(x + a)/m⌋     Δ ⊢ l ≤ x
    ─────────────────────────────────  m ≥ 1
    Γ, Δ ⊢ ⌊(l + a)/m⌋ ≤ y
    """
    whole, start, offset, divisor = affine_floor(equation, "floor_monotone")
    known = bound.conclusion
    if not (isinstance(known, Le) and known.args[1] is start):
        raise KernelError(f"floor_monotone: {text(known)} is not a lower bound of {text(start)}")
    positive(divisor, "floor_monotone")
    terms = (whole, start, offset, divisor, known.args[0])
    return by_lemma(_monotone(), (y, x, a, m, w), terms, (equation, bound))


@lru_cache(maxsize=1)
def _divided() -> Theorem:
    """p = q·m ⊢ p ≤ x ⇔ q ≤ ⌊x/m⌋."""
    product = assume(Eq(p, Product(q, m)))
    meaning = floor_bound(q, x, m)
    forward = modus_ponens(meaning, combined(Le(Product(q, m), x), (assume(Le(p, x)), 1), (product, -1)))
    known = modus_ponens(meaning, assume(Le(q, FloorDiv(x, m))))
    return equivalence(forward, combined(Le(p, x), (known, 1), (product, 1)))


@derived_rule
def divide(quotient: Term, divisor: Term, numerator: Term) -> Theorem:
    """Divide an inequality by a positive number, rounding down.

    ──────────────────────────────────
    1 ≤ m ⊢ q·m ≤ x ⇔ q ≤ ⌊x/m⌋
    """
    product = quotient * divisor
    proofs = (same(product, product_of(quotient, divisor)),)
    return by_lemma(_divided(), (q, m, x, p), (quotient, divisor, numerator, product), proofs)


@lru_cache(maxsize=1)
def _divided_strictly() -> Theorem:
    """p = q·m ⊢ x < p ⇔ ⌊x/m⌋ < q."""
    product, quotient = assume(Eq(p, Product(q, m))), FloorDiv(x, m)
    low, high = between(x, m)
    before = Sum(p, integer(-1))
    last = is_floor(before, m, Sum(q, integer(-1)), [(product, -1)], [(product, 1)])  # ⌊(p − 1)/m⌋ = q − 1
    meaning = floor_bound(quotient, before, m)
    at_most = modus_ponens(meaning, added(meaning.conclusion.args[1], low, assume(Lt(x, p))))
    forward = added(Lt(quotient, q), at_most, last)
    backward = combined(Lt(x, p), (high, 1), (assume(Lt(quotient, q)), m), (product, -1))
    return equivalence(forward, backward)


@derived_rule
def divide_strict(numerator: Term, quotient: Term, divisor: Term) -> Theorem:
    """Divide a strict inequality by a positive number, rounding down.

    ──────────────────────────────────
    1 ≤ m ⊢ x < q·m ⇔ ⌊x/m⌋ < q
    """
    product = quotient * divisor
    proofs = (same(product, product_of(quotient, divisor)),)
    return by_lemma(_divided_strictly(), (q, m, x, p), (quotient, divisor, numerator, product), proofs)
