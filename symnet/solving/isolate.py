"""Isolating an unknown, as a person does: undo the floor, collect, divide by what multiplies the unknown.

Every step is an equivalence, so the bounds that come out are all there is to say about the unknown, symbols and all.
"""

from __future__ import annotations

from dataclasses import dataclass

from symnet.kernel.rules import (
    assume,
    conjuncts,
    disjuncts,
    divide,
    divide_strict,
    either,
    equivalence,
    linear,
    rearrange,
    sign,
)
from symnet.kernel.theorem import Theorem
from symnet.solving.implied import implied, supposing
from symnet.solving.unfloor import Stop, gap_of, identity, linked, without_minus
from symnet.terms.node import children_first
from symnet.terms.polynomial import Polynomial, add, from_polynomial, least
from symnet.terms.propositions import And, Le, Lt, Or, Proposition
from symnet.terms.term import Mod, Symbol, Term, integer, symbols_of

__all__ = ["bounds_on", "in_remainder"]

ONE = integer(1)


@dataclass(frozen=True)
class _Gap:
    """``0 ≤ x·factor + rest`` for an inequality, with neither part speaking of x."""

    factor: Polynomial
    rest: Polynomial


def bounds_on(proposition: Proposition, unknown: Symbol, known: tuple[Proposition, ...] = ()) -> Theorem:
    """``known`` ⊢ p ⇔ p with the unknown alone on one side of every comparison; p has no floor around it."""
    if isinstance(proposition, And):
        parts = proposition.args
        return conjuncts(tuple(bounds_on(part, unknown, (*known, *parts[:i])) for i, part in enumerate(parts)))
    if unknown not in symbols_of(proposition):
        return _tidy(proposition) if isinstance(proposition, Le | Lt) else identity(proposition)
    if isinstance(proposition, Or):
        return disjuncts(tuple(bounds_on(part, unknown, known) for part in proposition.args))
    if not isinstance(proposition, Le | Lt) or in_remainder(proposition, unknown):
        return identity(proposition)  # a divisibility stays as it is, and a remainder
    gap = _line(proposition, unknown)
    if not gap.factor:  # the unknown cancels out
        return rearrange(proposition, without_minus(Le, gap.rest))
    given = [part for part in known if unknown not in symbols_of(part)]
    if _positive(gap.factor, given):
        return _from_below(proposition, gap, unknown, given)
    negative = add({}, gap.factor, -1)
    if _positive(negative, given):
        return _from_above(proposition, gap, unknown, given)
    return _by_sign(proposition, gap, unknown)


def in_remainder(proposition: Proposition, unknown: Symbol) -> bool:
    """Whether the unknown stands in a remainder, which is not undone."""
    return any(isinstance(node, Mod) and unknown in symbols_of(node) for node in children_first(proposition))


def _line(proposition: Proposition, unknown: Symbol) -> _Gap:
    gap = gap_of(proposition)
    if isinstance(proposition, Lt):
        gap = add(gap, {(): -1})
    factor: Polynomial = {}
    rest: Polynomial = {}
    for monomial, coefficient in gap.items():
        powers = dict(monomial)
        if unknown not in powers:
            if any(unknown in symbols_of(atom) for atom, _ in monomial):
                raise Stop(f"{unknown.name} stands inside another function")
            rest[monomial] = coefficient
        elif powers[unknown] > 1:
            raise Stop(f"{unknown.name} has a power")
        else:
            factor[tuple(pair for pair in monomial if pair[0] is not unknown)] = coefficient
    if any(unknown in symbols_of(atom) for monomial in factor for atom, _ in monomial):
        raise Stop(f"{unknown.name} multiplies a function of itself")
    return _Gap(factor, rest)


def _positive(factor: Polynomial, given: list[Proposition]) -> bool:
    lowest = least(factor)
    if lowest is None or lowest < 1:
        return implied(Le(ONE, from_polynomial(factor)), given) is not None
    return True


def _from_below(proposition: Proposition, gap: _Gap, unknown: Symbol, given: list[Proposition]) -> Theorem:
    """0 ≤ x·m + r with m ≥ 1: ⌊(−r − 1)/m⌋ < x."""
    divisor = from_polynomial(gap.factor)
    if divisor is ONE:
        return rearrange(proposition, Le(from_polynomial(add({}, gap.rest, -1)), unknown))
    below = from_polynomial(add({(): -1}, gap.rest, -1))
    moved = Lt(below, unknown * divisor)
    divided = supposing(divide_strict(below, unknown, divisor), given)
    return linked(rearrange(proposition, moved), divided)


def _from_above(proposition: Proposition, gap: _Gap, unknown: Symbol, given: list[Proposition]) -> Theorem:
    """0 ≤ −x·m + r with m ≥ 1: x ≤ ⌊r/m⌋."""
    divisor, above = from_polynomial(add({}, gap.factor, -1)), from_polynomial(gap.rest)
    if divisor is ONE:
        return rearrange(proposition, Le(unknown, above))
    divided = supposing(divide(unknown, divisor, above), given)
    return linked(rearrange(proposition, Le(unknown * divisor, above)), divided)


def _by_sign(proposition: Proposition, gap: _Gap, unknown: Symbol) -> Theorem:
    """0 ≤ x·m + r for any m: it is a lower bound where m ≥ 1, an upper bound where m ≤ −1, and 0 ≤ r where m = 0."""
    factor, negative = from_polynomial(gap.factor), from_polynomial(add({}, gap.factor, -1))
    bare = without_minus(Le, gap.rest)
    never_less, never_more = (_at_least_0(gap.factor), _at_least_0(add({}, gap.factor, -1)))
    forward = linear(bare, (assume(proposition), never_more or assume(Lt(factor, ONE))), (ONE, unknown))
    backward = linear(proposition, (assume(bare), never_less or assume(Lt(negative, ONE))), (ONE, unknown))
    found = equivalence(forward, backward)
    if never_less is None:
        above = _from_above(proposition, gap, unknown, [Le(ONE, negative)])
        found = _where(proposition, negative, above, found)
    if never_more is None:
        found = _where(proposition, factor, _from_below(proposition, gap, unknown, [Le(ONE, factor)]), found)
    return found


def _at_least_0(polynomial: Polynomial) -> Theorem | None:
    bound = least(polynomial)
    return sign(Le(integer(0), from_polynomial(polynomial))) if bound is not None and bound >= 0 else None


def _where(proposition: Proposition, factor: Term, positive: Theorem, other: Theorem) -> Theorem:
    """⊢ p ⇔ what it is where the factor is positive, or what it is elsewhere."""
    one = conjuncts((_tidy(Le(ONE, factor)), positive))
    two = conjuncts((_tidy(Lt(factor, ONE)), other))
    return linked(either(proposition, ONE, factor), disjuncts((one, two)))


def _tidy(comparison: Proposition) -> Theorem:
    """⊢ 1 ≤ o − 1 ⇔ 2 ≤ o, and o − 1 < 1 ⇔ o ≤ 1: the numbers on one side."""
    gap = gap_of(comparison)
    if isinstance(comparison, Lt):
        gap = add(gap, {(): -1})
    if len(gap.keys() - {()}) > 1:
        return rearrange(comparison, without_minus(Le, gap))
    number = gap.pop((), 0)
    if not gap:
        return identity(comparison)
    [(monomial, coefficient)] = gap.items()
    if coefficient == 1:
        return rearrange(comparison, Le(integer(-number), from_polynomial(gap)))
    if coefficient == -1:
        return rearrange(comparison, Le(from_polynomial({monomial: 1}), integer(number)))
    return identity(comparison)
