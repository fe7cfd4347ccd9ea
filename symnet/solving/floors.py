"""Undoing floors, ceilings and minima around an unknown: each is replaced by the inequalities that define it. Every
step is an equivalence.
"""

from __future__ import annotations

from collections.abc import Callable

from symnet.errors import SymnetError
from symnet.kernel.rules import (
    ceil_as_floor,
    conjuncts,
    disjuncts,
    divide,
    divide_strict,
    equal_both_ways,
    flip,
    floor_bound,
    floor_value,
    iff_chain,
    instantiate,
    rearrange,
    rewrite_iff,
)
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.counting import fresh
from symnet.printing.text import unicode_text
from symnet.solving.minimum import at_least, at_most
from symnet.solving.redundant import discharge, implied
from symnet.terms.node import children_first
from symnet.terms.polynomial import Polynomial, add, from_polynomial, normal_form, subtract
from symnet.terms.propositions import And, Eq, Le, Lt, Or, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Min, Mod, Sum, Symbol, Term, integer, symbols_of

__all__ = ["Stop", "gap_of", "identity", "linked", "unfloored", "without_minus"]

ZERO, ONE = integer(0), integer(1)
#: A proposition with more minima than this is refused, because each is undone by two alternatives.
MINIMA = 2
#: So many floors inside floors, counted for each condition, are undone in two seconds: a stack of some 24 layers of one letter.
NESTED = 300


class Stop(SymnetError):
    """The unknown cannot be isolated; the message says why."""


def identity(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p."""
    return rewrite_iff((), proposition)


def linked(theorem: Theorem, *more: Theorem) -> Theorem:
    """A chain of equivalences; steps that change nothing are skipped."""
    for step in more:
        if step.conclusion.args[0] is not step.conclusion.args[1]:
            theorem = iff_chain(theorem, step) if theorem.conclusion.args[0] is not theorem.conclusion.args[1] else step
    return theorem


def _result(theorem: Theorem) -> Proposition:
    return theorem.conclusion.args[1]  # type: ignore[no-any-return]


def unfloored(proposition: Proposition, unknown: Symbol) -> Theorem:
    """⊢ p ⇔ p without floors around the unknown, each replaced by its defining inequalities. A divisor such as S − 1
    is positive if an earlier part says so. Raises :class:`Stop` if that is impossible.

    >>> S = Symbol("S")
    >>> unfloored(Eq((integer(224) - 1) // S + 1, integer(112)), S).conclusion.args[1]
    <And S*111 <= 223 and 223 < S*111 + S>
    """
    minima = [node for node in children_first(proposition) if isinstance(node, Min) and unknown in symbols_of(node)]
    if len(minima) > MINIMA:
        raise Stop(f"{unknown.name} stands in {len(minima)} minima, which make too many alternatives")
    nested = sum(max(_floors_around(unknown, part) - 1, 0) for part in _parts(proposition))
    if nested > NESTED:
        raise Stop(
            f"{unknown.name} stands in {nested} floors inside floors, which are out of reach (at most {NESTED}): give the "
            "layers' strides as numbers, or bound the letters with where"
        )
    return _opened(proposition, unknown, ())


def _parts(proposition: Proposition) -> tuple[Proposition, ...]:
    return proposition.args if isinstance(proposition, And) else (proposition,)


def _floors_around(unknown: Symbol, proposition: Proposition) -> int:
    floors = (node for node in children_first(proposition) if isinstance(node, FloorDiv | CeilDiv))
    return sum(1 for floor in floors if unknown in symbols_of(floor))


def _opened(proposition: Proposition, unknown: Symbol, known: tuple[Proposition, ...]) -> Theorem:
    """``known`` ⊢ p ⇔ p without floors around the unknown."""
    if isinstance(proposition, And):
        parts = proposition.args
        return conjuncts(tuple(_opened(part, unknown, (*known, *parts[:i])) for i, part in enumerate(parts)))
    if unknown not in symbols_of(proposition):
        return identity(proposition)
    if isinstance(proposition, Eq | Le | Lt):
        floor = _outer_floor(proposition, unknown, known)
        if floor is not None:
            step = discharge(_floor_undone(proposition, *floor), known)
            return linked(step, _opened(_result(step), unknown, known))
    if isinstance(proposition, Eq):
        gap = gap_of(proposition)
        if unknown not in symbols_of(from_polynomial(gap)):  # the unknown cancels out
            return rearrange(proposition, without_minus(Eq, gap))
        return equal_both_ways(*proposition.args)
    if isinstance(proposition, Or):
        return disjuncts(tuple(_opened(part, unknown, known) for part in proposition.args))
    return identity(proposition)


def _shown(proposition: Proposition) -> str:
    """A proposition for a message."""
    return unicode_text(proposition)


def _outer_floor(
    proposition: Proposition, unknown: Symbol, known: tuple[Proposition, ...]
) -> tuple[Term, Polynomial, Polynomial] | None:
    """The floor, ceiling or minimum around the unknown, its factor in right − left, and the rest of right − left;
    ``None`` if there is none.
    """
    gap = gap_of(proposition)
    containing = [
        monomial
        for monomial in gap
        for atom, _ in monomial
        if not isinstance(atom, Symbol) and unknown in symbols_of(atom)
    ]
    if not containing:
        return None
    atom, power = next(
        pair for pair in containing[0] if not isinstance(pair[0], Symbol) and unknown in symbols_of(pair[0])
    )
    if len(containing) > 1 or power > 1:
        raise Stop(f"{unknown.name} stands in several floors, or in a power of one")
    factor: Polynomial = {tuple(pair for pair in containing[0] if pair[0] is not atom): gap[containing[0]]}
    rest = {monomial: coefficient for monomial, coefficient in gap.items() if monomial != containing[0]}
    outside = symbols_of(from_polynomial(factor), from_polynomial(rest))
    if factor.get((), 0) not in (1, -1) and unknown in outside:
        raise Stop(f"{unknown.name} stands in a multiple of a floor, and outside it")
    if isinstance(atom, Min) and len(atom.args) == 2:
        return atom, factor, rest
    if isinstance(atom, Mod) and not isinstance(proposition, Eq):
        return None  # a remainder stays as it is, like a divisibility
    if not isinstance(atom, FloorDiv | CeilDiv):
        raise Stop(f"{unknown.name} stands in {type(atom).__name__.lower()}, which is not undone here")
    if not _is_positive(atom.args[1]) and implied(Le(ONE, atom.args[1]), known) is None:
        raise Stop(f"the divisor {_shown(Le(ONE, atom.args[1]))} is not known to be positive")
    return atom, factor, rest


def _is_positive(divisor: Term) -> bool:
    """Whether a divisor is at least 1 for all values of its symbols."""
    return divisor.least is not None and divisor.least >= 1


def _with_divisor(divisor: Term, law: Callable[[Term], Theorem], *others: Term) -> Theorem:
    """A law about a quotient, which needs a positive divisor; for a divisor that is only conditionally positive, the
    law under that condition.
    """
    if _is_positive(divisor):
        return law(divisor)
    [positive] = fresh(1, 1, divisor, *others)
    return instantiate(law(positive), (positive,), (divisor,))


def _floor_undone(proposition: Proposition, atom: Term, factor: Polynomial, rest: Polynomial) -> Theorem:
    """⊢ p ⇔ p with one floor undone, or isolated if it was multiplied."""
    coefficient = factor.get((), 0)
    if coefficient not in (1, -1):
        return _divided(proposition, atom, factor, rest)
    quotient = from_polynomial(add({}, rest, -coefficient))
    if isinstance(atom, Min):
        return _without_minimum(proposition, atom, coefficient, quotient)
    if isinstance(atom, CeilDiv):
        above, below = atom.args
        floor = _with_divisor(below, lambda divisor: ceil_as_floor(above, divisor), above)
        return linked(
            rearrange(proposition, _moved(proposition, atom, coefficient, quotient)),
            rewrite_iff((floor,), _moved(proposition, atom, coefficient, quotient)),
        )
    numerator, divisor = atom.args
    moved = _moved(proposition, atom, coefficient, quotient)
    first = rearrange(proposition, moved) if moved is not proposition else identity(proposition)
    if isinstance(moved, Eq):
        return linked(
            first, _with_divisor(divisor, lambda by: floor_value(numerator, by, quotient), numerator, quotient)
        )
    if isinstance(moved, Le):
        bound = moved.args[0]
        opened = _with_divisor(divisor, lambda by: floor_bound(bound, numerator, by), bound, numerator)
        product, above = opened.conclusion.args[1].args
        if bound.constant in (0, 1) and divisor.constant is None:  # S ≤ x, not 1·S ≤ x
            return linked(first, opened, rearrange(Le(product, above), Le(divisor if bound.constant else ZERO, above)))
        return linked(first, opened)
    return linked(first, flip(divide_strict(numerator, moved.args[1], divisor)))


def _divided(proposition: Proposition, atom: Term, factor: Polynomial, rest: Polynomial) -> Theorem:
    """⊢ p ⇔ p divided by the factor of the floor."""
    if isinstance(proposition, Eq):
        return equal_both_ways(*proposition.args)
    if isinstance(proposition, Lt):
        rest = add(rest, {(): -1})
    for sign in (1, -1):
        divisor = from_polynomial(add({}, factor, sign))
        if divisor.least is None or divisor.least < 1:
            continue
        if sign == 1:
            below = from_polynomial(add({(): -1}, rest, -1))
            return linked(rearrange(proposition, Lt(below, atom * divisor)), divide_strict(below, atom, divisor))
        above = from_polynomial(rest)
        return linked(rearrange(proposition, Le(atom * divisor, above)), divide(atom, divisor, above))
    raise Stop(f"a floor is multiplied by {unicode_text(from_polynomial(factor))}, which may be 0")


def _without_minimum(proposition: Proposition, smaller: Min, coefficient: int, other: Term) -> Theorem:
    """⊢ p ⇔ p with the minimum replaced by comparisons with both numbers."""
    if isinstance(proposition, Eq):
        return equal_both_ways(*proposition.args)
    strict = isinstance(proposition, Lt)
    if coefficient == 1:
        other = _plus(other, 1) if strict else other
        return linked(rearrange(proposition, Le(other, smaller)), at_least(other, smaller))
    other = _plus(other, -1) if strict else other
    return linked(rearrange(proposition, Le(smaller, other)), at_most(smaller, other))


def _moved(proposition: Proposition, atom: Term, coefficient: int, quotient: Term) -> Proposition:
    """The comparison with the floor alone on one side."""
    if isinstance(proposition, Eq):
        return Eq(atom, quotient)
    strict = isinstance(proposition, Lt)
    if coefficient == 1:  # quotient ≤ floor, or quotient < floor
        return Le(_plus(quotient, 1), atom) if strict else Le(quotient, atom)
    return Lt(atom, quotient) if strict else Lt(atom, _plus(quotient, 1))


def _plus(term: Term, number: int) -> Term:
    return from_polynomial(add(normal_form(term), {(): number}))


def gap_of(proposition: Proposition) -> Polynomial:
    """right − left as a polynomial."""
    return subtract(normal_form(proposition.args[1]), normal_form(proposition.args[0]))


def without_minus(kind: type[Eq | Le], gap: Polynomial) -> Proposition:
    """``0 = gap`` or ``0 ≤ gap`` without minus signs: negative terms are moved to the other side."""
    more = {monomial: coefficient for monomial, coefficient in gap.items() if coefficient > 0}
    less = {monomial: -coefficient for monomial, coefficient in gap.items() if coefficient < 0}
    if kind is Eq and (not less.keys() - {()} or (more and _leads(more, gap))):
        less, more = more, less
    return kind(from_polynomial(less), from_polynomial(more))


def _leads(part: Polynomial, whole: Polynomial) -> bool:
    """Whether the first letter of the whole is in this part."""
    positive_form = from_polynomial({monomial: abs(coefficient) for monomial, coefficient in whole.items()})
    first = positive_form.args[0] if isinstance(positive_form, Sum) else positive_form
    return next(iter(normal_form(first))) in part
