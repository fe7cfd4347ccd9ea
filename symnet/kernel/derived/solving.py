"""The derived rule that moves parts of a comparison across."""

from __future__ import annotations

from functools import lru_cache

from symnet.errors import KernelError
from symnet.kernel.derived.arithmetic import equal_both_ways
from symnet.kernel.derived.floors import is_floor
from symnet.kernel.derived.lemmas import LETTERS, ONE, added, by_lemma, combined
from symnet.kernel.primitive.arithmetic import floor_bound, linear
from symnet.kernel.primitive.logic import assume, both, equivalence, modus_ponens
from symnet.kernel.theorem import Theorem, derived_rule
from symnet.printing.text import text
from symnet.terms.polynomial import add, normal_form, subtract
from symnet.terms.propositions import Eq, Le, Lt, Proposition
from symnet.terms.term import Product, Sum, Symbol, integer

__all__ = ["rearrange"]

x = LETTERS[0]
factor = Symbol("divisor_0")
ZERO = integer(0)


@derived_rule
def rearrange(left: Proposition, right: Proposition) -> Theorem:
    """Move parts of an inequality or an equality across: the difference of its sides is the same polynomial, up to
    a factor.

    ──────────────────────  k·(b − a) = m·(d − c), numbers k, m ≥ 1
    ⊢ a ≤ b ⇔ c ≤ d

    For an equality k or m may be negative; between < and ≤, a < b counts as a + 1 ≤ b with k = m = 1.
    """
    kinds = {type(left), type(right)}
    if not (kinds == {Eq} or kinds <= {Le, Lt}):
        raise KernelError(f"rearrange: {text(left)} and {text(right)} do not compare alike")
    one, two = (subtract(normal_form(p.args[1]), normal_form(p.args[0])) for p in (left, right))
    if kinds == {Le, Lt}:
        one, two = (add(gap, {(): -1}) if type(p) is Lt else gap for p, gap in ((left, one), (right, two)))
    if one == two:
        return equivalence(linear(right, (assume(left),), (ONE,)), linear(left, (assume(right),), (ONE,)))
    k = m = 0
    if len(kinds) == 1 and one.keys() == two.keys() and one:
        leading = next(iter(one))
        k, m = two[leading], one[leading]
    if not k or (k * m < 0 and kinds != {Eq}) or any(k * one[part] != m * two[part] for part in one):
        raise KernelError(f"rearrange: {text(left)} and {text(right)} differ")
    if m < 0:
        k, m = -k, -m
    return equivalence(_scaled(left, right, k, m), _scaled(right, left, m, k))


def _scaled(known: Proposition, goal: Proposition, k: int, m: int) -> Theorem:
    """The goal from what is assumed, where k times the one difference is m times the other."""
    if m < 0:
        k, m = -k, -m
    theorem = assume(known)
    if m == 1:
        return combined(goal, (theorem, k))
    kind = type(goal)
    gap = Sum(goal.args[1], Product(integer(-1), goal.args[0]))
    multiple = combined(kind(ZERO, Product(integer(m), gap)), (theorem, k))
    lemma = {Le: _at_least_zero, Lt: _positive_part, Eq: _zero}[kind]()
    return added(goal, by_lemma(lemma, (x, factor), (gap, integer(m)), (multiple,)))


@lru_cache(maxsize=1)
def _at_least_zero() -> Theorem:
    """0 ≤ m·x ⊢ 0 ≤ x."""
    product = Product(factor, x)
    meaning = floor_bound(ZERO, product, factor)
    quotient = modus_ponens(meaning, added(meaning.conclusion.args[1], assume(Le(ZERO, product))))
    return added(Le(ZERO, x), quotient, is_floor(product, factor, x, [], []))


@lru_cache(maxsize=1)
def _positive_part() -> Theorem:
    """0 < m·x ⊢ 0 < x."""
    product = Product(factor, x)
    before = Sum(product, integer(-1))
    meaning = floor_bound(ZERO, before, factor)
    quotient = modus_ponens(meaning, added(meaning.conclusion.args[1], assume(Lt(ZERO, product))))
    return added(Lt(ZERO, x), quotient, is_floor(before, factor, Sum(x, integer(-1)), [], []))


@lru_cache(maxsize=1)
def _zero() -> Theorem:
    """0 = m·x ⊢ 0 = x."""
    known = assume(Eq(ZERO, Product(factor, x)))
    low = by_lemma(_at_least_zero(), (x,), (x,), (added(Le(ZERO, Product(factor, x)), known),))
    minus = Product(integer(-1), x)
    above = by_lemma(_at_least_zero(), (x,), (minus,), (combined(Le(ZERO, Product(factor, minus)), (known, -1)),))
    return modus_ponens(equal_both_ways(ZERO, x), both((low, added(Le(x, ZERO), above))))
