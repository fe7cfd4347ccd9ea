"""Conditions that follow from others: they are shown so, and left out of what a person reads."""

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
from symnet.terms.polynomial import Monomial, Polynomial, add, from_polynomial, least, normal_form, subtract
from symnet.terms.propositions import And, Divides, Eq, Le, Lt, Or, Proposition, holds
from symnet.terms.term import Term, integer, symbols_of

__all__ = ["COMPARED", "flat", "gap", "implied", "supposing", "thinned"]

ONE = integer(1)
#: Conjunctions of more comparisons than this are left as they are: every one is held against every other.
COMPARED = 60


def implied(goal: Proposition, known: Iterable[Proposition]) -> Theorem | None:
    """k ⊢ a comparison that the signs of the symbols show, or with them one comparison k that is known, or a multiple of it; an
    equality only of equal polynomials.

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
            continue  # it could only follow from a contradiction
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
    """How often what is known may be taken for what is needed: once, or so often that a term of both is the same."""
    given = gap(known)
    ratios = {
        needed[term] // given[term] for term in needed.keys() & given.keys() if term and not needed[term] % given[term]
    }
    signs = (1, -1) if isinstance(known, Eq) else (1,)
    return [*signs, *sorted(ratio for ratio in ratios if abs(ratio) > 1 and (ratio > 0 or len(signs) > 1))]


def supposing(theorem: Theorem, known: Iterable[Proposition]) -> Theorem:
    """The theorem without the hypotheses that follow from what is known, which stands in their place."""
    known = tuple(known)
    for hypothesis in sorted(theorem.hypotheses, key=lambda hypothesis: hypothesis.serial):
        proof = implied(hypothesis, known)
        if proof is not None:
            theorem = cut(proof, theorem)
    return theorem


@lru_cache(maxsize=1024)
def gap(comparison: Proposition) -> Polynomial:
    """What is at least 0, or 0 in an equality."""
    found = subtract(normal_form(comparison.args[1]), normal_form(comparison.args[0]))
    return add(found, {(): -1}) if isinstance(comparison, Lt) else found


def _signs(gap: Polynomial) -> list[tuple[Term, Term]] | None:
    """Factors y ≥ 1 with their multipliers m, so that gap − Σ m·(y − 1) is never negative: each −m meets some y·m."""
    found: list[tuple[Term, Term]] = []
    for monomial, coefficient in sorted(gap.items(), key=lambda item: -len(item[0])):
        if coefficient > 0 or not monomial or gap.get(monomial, 0) >= 0 or least({monomial: 1}) is None:
            continue
        missing = -gap[monomial]
        for larger, amount in list(gap.items()):
            factor = _quotient(larger, monomial)
            taken = min(amount, missing)
            if factor is not None and taken > 0:
                gap = add(gap, {larger: -taken, monomial: taken})
                found.append((factor, from_polynomial({monomial: taken})))
                missing -= taken
        if missing:
            return None
    bound = least(gap)
    return found if bound is not None and bound >= 0 else None


def _quotient(larger: Monomial, smaller: Monomial) -> Term | None:
    """What times one monomial is the other, where that is one factor of at least 1."""
    powers = dict(larger)
    for atom, exponent in smaller:
        powers[atom] = powers.get(atom, 0) - exponent
    rest = [(atom, exponent) for atom, exponent in powers.items() if exponent]
    if len(rest) != 1 or rest[0][1] != 1:
        return None
    factor: Term = rest[0][0]
    return factor if factor.least is not None and factor.least >= 1 else None


def flat(proposition: Proposition) -> dict[Proposition, None]:
    """The parts of a conjunction of conjunctions, each once."""
    if not isinstance(proposition, And):
        return {proposition: None}
    return {inner: None for part in proposition.args for inner in flat(part)}


def _true(part: Proposition) -> bool:
    """Whether a part is one about numbers, and true."""
    return not symbols_of(part) and holds(part)


def thinned(proposition: Proposition, known: tuple[Proposition, ...] = ()) -> Theorem:
    """``known`` ⊢ p ⇔ p without the comparisons that follow from the others, inside alternatives too.

    >>> from symnet.terms.term import Symbol
    >>> W = Symbol("W")
    >>> thinned(And(Le(integer(5), W), Le(integer(41), W), Le(W, integer(44)))).conclusion.args[1]
    <And 41 <= W and W <= 44>
    """
    if isinstance(proposition, Or):
        return disjuncts(tuple(thinned(part, known) for part in proposition.args))
    parts = list(flat(proposition))
    kept = [part for part in parts if isinstance(part, Le | Lt | Eq)]
    if not isinstance(proposition, And) or len(kept) > COMPARED:
        return rewrite_iff((), proposition)
    dropped: dict[Proposition, Theorem] = {
        part: equivalence(both(()), calculate(part)) for part in parts if isinstance(part, Divides) and _true(part)
    }
    for part in list(kept):
        others = [one for one in kept if one is not part]
        proof = implied(part, [*known, *others])
        if proof is not None:
            kept, dropped[part] = others, equivalence(both(()), proof)
    rest = [part for part in parts if part not in dropped and part not in kept]
    if not dropped and not any(isinstance(part, Or) for part in rest):
        return rewrite_iff((), proposition)
    # what stands on the left may be assumed further on: first what is kept, then what was dropped last
    steps = [rewrite_iff((), part) for part in kept]
    steps += [*reversed(dropped.values()), *(thinned(part, (*known, *kept)) for part in rest)]
    theorem = conjuncts(tuple(steps))
    left, right = theorem.conclusion.args
    after = dict(zip(left.args, right.args, strict=True))
    shown = And(*flat(And(*(after[part] for part in parts if part not in dropped))))
    return iff_chain(iff_chain(regroup(proposition, left), theorem), regroup(right, shown))
