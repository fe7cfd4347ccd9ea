"""Redundant conditions: comparisons that follow from others are proven so and left out of what readers see."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from symnet.kernel.rules import (
    assume,
    both,
    calculate,
    conjuncts,
    cut,
    disjuncts,
    equivalence,
    iff_chain,
    linear,
    polynomial_identity,
    regroup,
    rewrite_iff,
    sign,
)
from symnet.kernel.theorem import Theorem
from symnet.terms.evaluation import holds
from symnet.terms.polynomial import Monomial, Polynomial, add, from_polynomial, least, normal_form, subtract
from symnet.terms.propositions import And, Divides, Eq, Le, Lt, Or, Proposition
from symnet.terms.term import Term, integer, symbols_of

__all__ = ["COMPARED", "all_conjuncts", "discharge", "gap", "implied", "without_redundant"]

ONE = integer(1)
#: Conjunctions with more comparisons than this are left as they are, because every comparison is checked against every
#: other.
COMPARED = 60


def implied(goal: Proposition, known: Iterable[Proposition]) -> Theorem | None:
    """k ⊢ goal, for a comparison that follows from the signs of its symbols alone, or together with a multiple of one
    comparison k among the known ones; an equality only between equal polynomials. ``None`` if neither suffices.

    >>> from symnet.terms.term import Symbol
    >>> implied(Le(ONE, Symbol("o") - 1), [Le(integer(2), Symbol("o"))])
    2 <= o ⊢ 1 <= o - 1
    >>> implied(Le(ONE, 2 * Symbol("o") - 3), [Le(integer(2), Symbol("o"))])
    2 <= o ⊢ 1 <= 2*o - 3
    """
    if isinstance(goal, Eq) and not subtract(normal_form(goal.args[0]), normal_form(goal.args[1])):
        return polynomial_identity(*goal.args)
    if not isinstance(goal, Le | Lt):
        return None
    needed = gap(goal)
    about = set(symbols_of(goal))
    for one in (None, *known):
        if one is not None and about.isdisjoint(symbols_of(one)):
            continue  # only a contradiction could imply the goal
        if one is not None and not isinstance(one, Le | Lt | Eq):
            continue
        for times in (1,) if one is None else _multiples(needed, one):
            signs = _signs(needed if one is None else add(needed, gap(one), -times))
            if signs is not None:
                premises = [sign(Le(ONE, factor)) for factor, _ in signs]
                multipliers = [multiplier for _, multiplier in signs]
                if one is not None:
                    premises, multipliers = [*premises, assume(one)], [*multipliers, integer(times)]
                return linear(goal, tuple(premises), tuple(multipliers))
    return None


def _multiples(needed: Polynomial, known: Proposition) -> list[int]:
    """The multiples of a known comparison that may prove the needed one: 1, or the ratios that make a monomial cancel."""
    available = gap(known)
    ratios = {
        needed[term] // available[term]
        for term in needed.keys() & available.keys()
        if term and not needed[term] % available[term]
    }
    signs = (1, -1) if isinstance(known, Eq) else (1,)
    return [*signs, *sorted(ratio for ratio in ratios if abs(ratio) > 1 and (ratio > 0 or len(signs) > 1))]


def discharge(theorem: Theorem, known: Iterable[Proposition]) -> Theorem:
    """The theorem with each hypothesis that follows from the known conditions replaced by those."""
    known = tuple(known)
    for hypothesis in sorted(theorem.hypotheses, key=lambda hypothesis: hypothesis.serial):
        proof = implied(hypothesis, known)
        if proof is not None:
            theorem = cut(proof, theorem)
    return theorem


@lru_cache(maxsize=1024)
def gap(comparison: Proposition) -> Polynomial:
    """right − left (− 1 for <): it is ≥ 0, or = 0 for an equality."""
    difference = subtract(normal_form(comparison.args[1]), normal_form(comparison.args[0]))
    return add(difference, {(): -1}) if isinstance(comparison, Lt) else difference


def _signs(gap: Polynomial) -> list[tuple[Term, Term]] | None:
    """Factors y ≥ 1 with multipliers m such that gap − Σ m·(y − 1) ≥ 0 by signs: each monomial −m is matched by some
    y·m. ``None`` if there are none.
    """
    factors: list[tuple[Term, Term]] = []
    for monomial, coefficient in sorted(gap.items(), key=lambda item: -len(item[0])):
        if coefficient > 0 or not monomial or gap.get(monomial, 0) >= 0 or least({monomial: 1}) is None:
            continue
        missing = -gap[monomial]
        for larger, amount in list(gap.items()):
            factor = _quotient(larger, monomial)
            part_ = min(amount, missing)
            if factor is not None and part_ > 0:
                gap = add(gap, {larger: -part_, monomial: part_})
                factors.append((factor, from_polynomial({monomial: part_})))
                missing -= part_
        if missing:
            return None
    bound = least(gap)
    return factors if bound is not None and bound >= 0 else None


def _quotient(larger: Monomial, smaller: Monomial) -> Term | None:
    """The quotient of two monomials, if it is a single factor of at least 1; else ``None``."""
    powers = dict(larger)
    for atom, exponent in smaller:
        powers[atom] = powers.get(atom, 0) - exponent
    rest = [(atom, exponent) for atom, exponent in powers.items() if exponent]
    if len(rest) != 1 or rest[0][1] != 1:
        return None
    factor: Term = rest[0][0]
    return factor if factor.least is not None and factor.least >= 1 else None


def all_conjuncts(proposition: Proposition) -> dict[Proposition, None]:
    """The conjuncts of nested conjunctions, each once (the values are ``None``: a dict keeps the order)."""
    if not isinstance(proposition, And):
        return {proposition: None}
    return {inner: None for part in proposition.args for inner in all_conjuncts(part)}


def _true_of_numbers(part: Proposition) -> bool:
    """Whether a proposition without symbols is true."""
    return not symbols_of(part) and holds(part)


def without_redundant(proposition: Proposition, assumptions: tuple[Proposition, ...] = ()) -> Theorem:
    """``assumptions`` ⊢ p ⇔ p without comparisons that follow from the others, inside alternatives, too.

    >>> from symnet.terms.term import Symbol
    >>> W = Symbol("W")
    >>> without_redundant(And(Le(integer(5), W), Le(integer(41), W), Le(W, integer(44)))).conclusion.args[1]
    <And 41 <= W and W <= 44>
    """
    if isinstance(proposition, Or):
        return disjuncts(tuple(without_redundant(part, assumptions) for part in proposition.args))
    parts = list(all_conjuncts(proposition))
    kept = [part for part in parts if isinstance(part, Le | Lt | Eq)]
    if not isinstance(proposition, And) or len(kept) > COMPARED:
        return rewrite_iff((), proposition)
    removed: dict[Proposition, Theorem] = {
        part: equivalence(both(()), calculate(part))
        for part in parts
        if isinstance(part, Divides) and _true_of_numbers(part)
    }
    for part in list(kept):
        others = [one for one in kept if one is not part]
        proof = implied(part, [*assumptions, *others])
        if proof is not None:
            kept, removed[part] = others, equivalence(both(()), proof)
    rest = [part for part in parts if part not in removed and part not in kept]
    if not removed and not any(isinstance(part, Or) for part in rest):
        return rewrite_iff((), proposition)
    # the rule may use conjuncts on the left of a step: first those that stay, then those dropped last
    steps = [rewrite_iff((), part) for part in kept]
    steps += [*reversed(removed.values()), *(without_redundant(part, (*assumptions, *kept)) for part in rest)]
    theorem = conjuncts(tuple(steps))
    left, right = theorem.conclusion.args
    after = dict(zip(left.args, right.args, strict=True))
    shown = And(*all_conjuncts(And(*(after[part] for part in parts if part not in removed))))
    return iff_chain(iff_chain(regroup(proposition, left), theorem), regroup(right, shown))
