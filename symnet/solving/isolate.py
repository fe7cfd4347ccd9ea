"""Isolating an unknown as in school algebra: undo the floor, collect, divide by the factor of the unknown.

Every step is an equivalence, so the bounds that result are equivalent to the question, for symbolic parameters as
well.
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
from symnet.solving.floors import Stop, gap_of, identity, linked, without_minus
from symnet.solving.redundant import discharge, implied
from symnet.terms.node import children_first
from symnet.terms.polynomial import Polynomial, add, from_polynomial, least
from symnet.terms.propositions import And, Le, Lt, Or, Proposition
from symnet.terms.term import Mod, Symbol, Term, integer, symbols_of

__all__ = ["bounds_on", "in_remainder"]

ONE = integer(1)


@dataclass(frozen=True)
class _Gap:
    """An inequality as ``0 ≤ x·factor + rest``, with x in neither part."""

    factor: Polynomial
    rest: Polynomial


def bounds_on(proposition: Proposition, unknown: Symbol, known: tuple[Proposition, ...] = ()) -> Theorem:
    """``known`` ⊢ p ⇔ p with the unknown alone on one side of every comparison; p has no floor around the unknown.
    Raises :class:`Stop` if the unknown cannot be isolated.
    """
    if isinstance(proposition, And):
        parts = proposition.args
        return conjuncts(tuple(bounds_on(part, unknown, (*known, *parts[:i])) for i, part in enumerate(parts)))
    if unknown not in symbols_of(proposition):
        return _numbers_on_one_side(proposition) if isinstance(proposition, Le | Lt) else identity(proposition)
    if isinstance(proposition, Or):
        return disjuncts(tuple(bounds_on(part, unknown, known) for part in proposition.args))
    if not isinstance(proposition, Le | Lt) or in_remainder(proposition, unknown):
        return identity(proposition)  # a divisibility or a remainder stays as it is
    gap = _line(proposition, unknown)
    if not gap.factor:  # the unknown cancels out
        return rearrange(proposition, without_minus(Le, gap.rest))
    parameter_conditions = [part for part in known if unknown not in symbols_of(part)]
    if _positive(gap.factor, parameter_conditions):
        return _from_below(proposition, gap, unknown, parameter_conditions)
    negative = add({}, gap.factor, -1)
    if _positive(negative, parameter_conditions):
        return _from_above(proposition, gap, unknown, parameter_conditions)
    return _by_sign(proposition, gap, unknown)


def in_remainder(proposition: Proposition, unknown: Symbol) -> bool:
    """Whether the unknown occurs in a remainder, which is not undone."""
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


def _positive(factor: Polynomial, known: list[Proposition]) -> bool:
    lowest = least(factor)
    if lowest is None or lowest < 1:
        return implied(Le(ONE, from_polynomial(factor)), known) is not None
    return True


def _from_below(proposition: Proposition, gap: _Gap, unknown: Symbol, known: list[Proposition]) -> Theorem:
    """From 0 ≤ x·m + r with m ≥ 1: ⌊(−r − 1)/m⌋ < x."""
    divisor = from_polynomial(gap.factor)
    if divisor is ONE:
        return rearrange(proposition, Le(from_polynomial(add({}, gap.rest, -1)), unknown))
    below = from_polynomial(add({(): -1}, gap.rest, -1))
    moved = Lt(below, unknown * divisor)
    divided = discharge(divide_strict(below, unknown, divisor), known)
    return linked(rearrange(proposition, moved), divided)


def _from_above(proposition: Proposition, gap: _Gap, unknown: Symbol, known: list[Proposition]) -> Theorem:
    """From 0 ≤ −x·m + r with m ≥ 1: x ≤ ⌊r/m⌋."""
    divisor, above = from_polynomial(add({}, gap.factor, -1)), from_polynomial(gap.rest)
    if divisor is ONE:
        return rearrange(proposition, Le(unknown, above))
    divided = discharge(divide(unknown, divisor, above), known)
    return linked(rearrange(proposition, Le(unknown * divisor, above)), divided)


def _by_sign(proposition: Proposition, gap: _Gap, unknown: Symbol) -> Theorem:
    """0 ≤ x·m + r for any m: a lower bound if m ≥ 1, an upper bound if m ≤ −1, and 0 ≤ r if m = 0."""
    factor, negative = from_polynomial(gap.factor), from_polynomial(add({}, gap.factor, -1))
    bare = without_minus(Le, gap.rest)
    never_less, never_more = (_at_least_0(gap.factor), _at_least_0(add({}, gap.factor, -1)))
    forward = linear(bare, (assume(proposition), never_more or assume(Lt(factor, ONE))), (ONE, unknown))
    backward = linear(proposition, (assume(bare), never_less or assume(Lt(negative, ONE))), (ONE, unknown))
    cases_theorem = equivalence(forward, backward)
    if never_less is None:
        above = _from_above(proposition, gap, unknown, [Le(ONE, negative)])
        cases_theorem = _where(proposition, negative, above, cases_theorem)
    if never_more is None:
        cases_theorem = _where(
            proposition, factor, _from_below(proposition, gap, unknown, [Le(ONE, factor)]), cases_theorem
        )
    return cases_theorem


def _at_least_0(polynomial: Polynomial) -> Theorem | None:
    bound = least(polynomial)
    return sign(Le(integer(0), from_polynomial(polynomial))) if bound is not None and bound >= 0 else None


def _where(proposition: Proposition, factor: Term, positive: Theorem, other: Theorem) -> Theorem:
    """⊢ p ⇔ (factor ≥ 1 and ``positive``, or factor < 1 and ``other``)."""
    one = conjuncts((_numbers_on_one_side(Le(ONE, factor)), positive))
    two = conjuncts((_numbers_on_one_side(Lt(factor, ONE)), other))
    return linked(either(proposition, ONE, factor), disjuncts((one, two)))


def _numbers_on_one_side(comparison: Proposition) -> Theorem:
    """⊢ 1 ≤ o − 1 ⇔ 2 ≤ o, and o − 1 < 1 ⇔ o ≤ 1: collects the numbers on one side."""
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
