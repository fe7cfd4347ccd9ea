"""Isolating an unknown, as a person does: undo the floor, collect, divide by what multiplies the unknown.

Every step is an equivalence, so the bounds that come out are all there is to say about the unknown, symbols and all.
"""

from __future__ import annotations

from dataclasses import dataclass

from symnet.errors import SymnetError
from symnet.kernel.propositions import And, Eq, Le, Lt, Or, Proposition
from symnet.kernel.rules import (
    assume,
    ceil_as_floor,
    conjuncts,
    cut,
    disjuncts,
    divide,
    divide_strict,
    either,
    equal_both_ways,
    equivalence,
    flip,
    floor_bound,
    floor_value,
    iff_chain,
    linear,
    rearrange,
    rewrite_iff,
    sign,
)
from symnet.kernel.theorem import Theorem
from symnet.printing.text import unicode_text
from symnet.solving.implied import implied
from symnet.terms.polynomial import Polynomial, add, from_polynomial, least, normal_form, subtract
from symnet.terms.term import CeilDiv, FloorDiv, Sum, Symbol, Term, integer, symbols_of

__all__ = ["Stop", "bounds_on", "identity", "isolated", "linked", "unfloored"]

ONE = integer(1)


class Stop(SymnetError):
    """The unknown cannot be isolated: why."""


@dataclass(frozen=True)
class _Gap:
    """``0 ≤ x·factor + rest`` for an inequality, with neither part speaking of x."""

    factor: Polynomial
    rest: Polynomial


def identity(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p."""
    return rewrite_iff((), proposition)


def linked(theorem: Theorem, *more: Theorem) -> Theorem:
    """A chain of equivalences; those that change nothing are skipped."""
    for step in more:
        if step.conclusion.args[0] is not step.conclusion.args[1]:
            theorem = iff_chain(theorem, step) if theorem.conclusion.args[0] is not theorem.conclusion.args[1] else step
    return theorem


def _result(theorem: Theorem) -> Proposition:
    return theorem.conclusion.args[1]  # type: ignore[no-any-return]


# ---- floors
# -----------------------------------------------------------------------------------------------------------


def unfloored(proposition: Proposition, unknown: Symbol) -> Theorem:
    """⊢ p ⇔ p without floors around the unknown: each turned into what it means.

    >>> S = Symbol("S")
    >>> unfloored(Eq((integer(224) - 1) // S + 1, integer(112)), S).conclusion.args[1]
    <And S*111 <= 223 and 223 < S*111 + S>
    """
    if isinstance(proposition, And):
        return conjuncts(tuple(unfloored(part, unknown) for part in proposition.args))
    if unknown not in symbols_of(proposition):
        return identity(proposition)
    if isinstance(proposition, Eq | Le | Lt):
        found = _outer_floor(proposition, unknown)
        if found is not None:
            step = _undone(proposition, *found)
            return linked(step, unfloored(_result(step), unknown))
    if isinstance(proposition, Eq):
        gap = _gap(proposition)
        if unknown not in symbols_of(from_polynomial(gap)):  # the unknown cancels out
            return rearrange(proposition, _sorted(Eq, gap))
        return equal_both_ways(*proposition.args)
    if isinstance(proposition, Or):
        return disjuncts(tuple(unfloored(part, unknown) for part in proposition.args))
    return identity(proposition)


def _shown(proposition: Proposition) -> str:
    """For a message."""
    return unicode_text(proposition)


def _outer_floor(proposition: Proposition, unknown: Symbol) -> tuple[Term, int, Polynomial] | None:
    """The floor or ceiling around the unknown, its coefficient (1 or −1) in right − left, and the rest."""
    gap = _gap(proposition)
    around = [
        monomial
        for monomial in gap
        for atom, _ in monomial
        if not isinstance(atom, Symbol) and unknown in symbols_of(atom)
    ]
    if not around:
        return None
    if len(around) > 1 or len(around[0]) > 1 or around[0][0][1] != 1 or gap[around[0]] not in (1, -1):
        raise Stop(f"{unknown.name} stands in several floors, or in a multiple of one")
    atom = around[0][0][0]
    rest = {monomial: coefficient for monomial, coefficient in gap.items() if monomial != around[0]}
    if not isinstance(atom, FloorDiv | CeilDiv):
        raise Stop(f"{unknown.name} stands in {type(atom).__name__.lower()}, which is not undone here")
    if atom.args[1].least is None or atom.args[1].least < 1:
        raise Stop(f"the divisor {_shown(Le(ONE, atom.args[1]))} is not known to be positive")
    return atom, gap[around[0]], rest


def _undone(proposition: Proposition, atom: Term, coefficient: int, rest: Polynomial) -> Theorem:
    """⊢ p ⇔ p with one floor undone."""
    quotient = from_polynomial(add({}, rest, -coefficient))
    if isinstance(atom, CeilDiv):
        floor = ceil_as_floor(*atom.args)
        return linked(
            rearrange(proposition, _moved(proposition, atom, coefficient, quotient)),
            rewrite_iff((floor,), _moved(proposition, atom, coefficient, quotient)),
        )
    numerator, divisor = atom.args
    moved = _moved(proposition, atom, coefficient, quotient)
    first = rearrange(proposition, moved) if moved is not proposition else identity(proposition)
    if isinstance(proposition, Eq):
        return linked(first, floor_value(numerator, divisor, quotient))
    if isinstance(moved, Le):
        return linked(first, floor_bound(moved.args[0], numerator, divisor))
    return linked(first, flip(divide_strict(numerator, moved.args[1], divisor)))


def _moved(proposition: Proposition, atom: Term, coefficient: int, quotient: Term) -> Proposition:
    """The floor alone on one side."""
    if isinstance(proposition, Eq):
        return Eq(atom, quotient)
    strict = isinstance(proposition, Lt)
    if coefficient == 1:  # q ≤ floor, or q < floor
        return Le(_plus(quotient, 1), atom) if strict else Le(quotient, atom)
    return Lt(atom, quotient) if strict else Lt(atom, _plus(quotient, 1))


def _gap(proposition: Proposition) -> Polynomial:
    """What is right minus what is left."""
    return subtract(normal_form(proposition.args[1]), normal_form(proposition.args[0]))


def _sorted(kind: type[Eq] | type[Le], gap: Polynomial) -> Proposition:
    """``0 = gap`` or ``0 ≤ gap`` without minus signs: what is negative stands on the other side."""
    more = {monomial: coefficient for monomial, coefficient in gap.items() if coefficient > 0}
    less = {monomial: -coefficient for monomial, coefficient in gap.items() if coefficient < 0}
    if kind is Eq and (not less.keys() - {()} or (more and _leads(more, gap))):
        less, more = more, less
    return kind(from_polynomial(less), from_polynomial(more))


def _leads(part: Polynomial, whole: Polynomial) -> bool:
    """Whether the first letter of the whole is in this part."""
    written = from_polynomial({monomial: abs(coefficient) for monomial, coefficient in whole.items()})
    first = written.args[0] if isinstance(written, Sum) else written
    return next(iter(normal_form(first))) in part


def _plus(term: Term, number: int) -> Term:
    return from_polynomial(add(normal_form(term), {(): number}))


# ---- lines
# ------------------------------------------------------------------------------------------------------------


def bounds_on(proposition: Proposition, unknown: Symbol, known: tuple[Proposition, ...] = ()) -> Theorem:
    """``known`` ⊢ p ⇔ p with the unknown alone on one side of every comparison; p has no floor around it."""
    if isinstance(proposition, And):
        parts = proposition.args
        return conjuncts(tuple(bounds_on(part, unknown, (*known, *parts[:i])) for i, part in enumerate(parts)))
    if unknown not in symbols_of(proposition):
        return _tidy(proposition) if isinstance(proposition, Le | Lt) else identity(proposition)
    if isinstance(proposition, Or):
        return disjuncts(tuple(bounds_on(part, unknown, known) for part in proposition.args))
    if not isinstance(proposition, Le | Lt):
        return identity(proposition)  # a divisibility stays as it is
    gap = _line(proposition, unknown)
    if not gap.factor:  # the unknown cancels out
        return rearrange(proposition, _sorted(Le, gap.rest))
    given = [part for part in known if unknown not in symbols_of(part)]
    if _positive(gap.factor, given):
        return _from_below(proposition, gap, unknown, given)
    negative = add({}, gap.factor, -1)
    if _positive(negative, given):
        return _from_above(proposition, gap, unknown, given)
    return _by_sign(proposition, gap, unknown)


def _line(proposition: Proposition, unknown: Symbol) -> _Gap:
    gap = _gap(proposition)
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


def _supposing(theorem: Theorem, given: list[Proposition]) -> Theorem:
    """The theorem about a divisor that is positive because of what is given."""
    for hypothesis in theorem.hypotheses:
        proof = implied(hypothesis, given)
        if proof is not None:
            theorem = cut(proof, theorem)
    return theorem


def _from_below(proposition: Proposition, gap: _Gap, unknown: Symbol, given: list[Proposition]) -> Theorem:
    """0 ≤ x·m + r with m ≥ 1: ⌊(−r − 1)/m⌋ < x."""
    divisor = from_polynomial(gap.factor)
    if divisor is ONE:
        return rearrange(proposition, Le(from_polynomial(add({}, gap.rest, -1)), unknown))
    below = from_polynomial(add({(): -1}, gap.rest, -1))
    moved = Lt(below, unknown * divisor)
    divided = _supposing(divide_strict(below, unknown, divisor), given)
    return linked(rearrange(proposition, moved), divided)


def _from_above(proposition: Proposition, gap: _Gap, unknown: Symbol, given: list[Proposition]) -> Theorem:
    """0 ≤ −x·m + r with m ≥ 1: x ≤ ⌊r/m⌋."""
    divisor, above = from_polynomial(add({}, gap.factor, -1)), from_polynomial(gap.rest)
    if divisor is ONE:
        return rearrange(proposition, Le(unknown, above))
    divided = _supposing(divide(unknown, divisor, above), given)
    return linked(rearrange(proposition, Le(unknown * divisor, above)), divided)


def _by_sign(proposition: Proposition, gap: _Gap, unknown: Symbol) -> Theorem:
    """0 ≤ x·m + r for any m: it is a lower bound where m ≥ 1, an upper bound where m ≤ −1, and 0 ≤ r where m = 0."""
    factor, negative = from_polynomial(gap.factor), from_polynomial(add({}, gap.factor, -1))
    bare = _sorted(Le, gap.rest)
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
    gap = _gap(comparison)
    if isinstance(comparison, Lt):
        gap = add(gap, {(): -1})
    number = gap.pop((), 0)
    if len(gap) != 1:
        return identity(comparison)
    [(monomial, coefficient)] = gap.items()
    if coefficient == 1:
        return rearrange(comparison, Le(integer(-number), from_polynomial(gap)))
    if coefficient == -1:
        return rearrange(comparison, Le(from_polynomial({monomial: 1}), integer(number)))
    return identity(comparison)


def isolated(proposition: And, unknown: Symbol) -> tuple[Theorem, Theorem]:
    """⊢ p ⇔ p without floors around the unknown, and ⊢ that ⇔ the unknown alone in every comparison."""
    opened = unfloored(proposition, unknown)
    return opened, bounds_on(_result(opened), unknown)
