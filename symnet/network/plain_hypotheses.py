"""Hypotheses as they are reported: each once, and none that always holds."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence

from symnet.network.domain import domain, outside
from symnet.network.implied_hypotheses import without_implied
from symnet.network.joins import members
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.polynomial import Monomial, from_polynomial, least, normal_form, subtract
from symnet.terms.propositions import Eq, In, Le, Proposition
from symnet.terms.term import Int, Product, Symbol, Term, integer, substitute, symbols_of
from symnet.terms.walks import has_more_parts

__all__ = ["plain_hypotheses", "says_nothing"]

#: Conditions with more parts are not compared as polynomials.
SHORT = 40


def plain_hypotheses(
    hypotheses: Sequence[Proposition],
    forms: Mapping[Term, Term],
    promises: Sequence[Proposition],
    invented: Collection[Symbol],
) -> list[Proposition]:
    """The hypotheses as one set for each letter that is alone in some, then the others, without those that others imply. ``forms`` are
    the closed forms of sizes, in which hypotheses are compared; ``promises`` are always among the result. What is about
    ``invented`` symbols of closed forms comes last, and implies nothing about the letters of the network.
    """
    forms_of = {each: substitute(each, forms) for each in hypotheses}
    alone = [each if len(symbols_of(form)) > 1 else form for each, form in forms_of.items()]
    parts: dict[bool, list[Proposition]] = {True: [], False: []}
    for each in domain(alone, promises=promises).propositions:
        parts[set(invented).isdisjoint(symbols_of(each))].append(each)
    own = _each_once(parts[True], forms, symbols_of(*promises))
    return [*own, *_each_once(parts[False], forms, known=own)]


def _each_once(
    stated: Sequence[Proposition],
    forms: Mapping[Term, Term],
    promised: Collection[Symbol] = (),
    known: Sequence[Proposition] = (),
) -> list[Proposition]:
    """The hypotheses without those that others imply: equal ones, 10 − S ≥ 1 beside S ∈ 1..9, (W − H)·W ≥ 1 beside W − H ≥ 1, F ≤ W
    beside W − F ≥ 2·S. The values of a letter of ``promised`` stay; ``known`` hypotheses may imply others, too.
    """
    expanded = {each: substitute(each, forms) for each in stated}
    kept = list({_gap(expanded[each]): each for each in reversed(stated)}.values())[::-1]
    known_sets = {each.args[0]: each.args[1] for each in kept if isinstance(each, In)}
    gaps = {_gap(expanded[each]) for each in kept}
    kept = [
        each
        for each in kept
        if not _follows(each, known_sets)
        and not says_nothing(expanded[each])
        and not _of_positive_factors(expanded[each], gaps)
    ]
    before = [substitute(each, forms) for each in known]
    fixed = {
        *before,
        *(each for each in expanded.values() if set(symbols_of(each)) <= set(promised) and _is_bound(each)),
    }
    needed = set(without_implied([*before, *(expanded[each] for each in kept)], fixed)).difference(before)
    return [each for each in kept if expanded[each] in needed]


def _is_bound(proposition: Proposition) -> bool:
    """Whether it says which values a letter has: S ≥ 2, S ∈ 2..9."""
    return isinstance(proposition, In) or (isinstance(proposition, Le) and isinstance(proposition.args[1], Symbol))


def _of_positive_factors(proposition: Proposition, gaps: Container[object]) -> bool:
    """Returns whether it says that a product is at least 1, which signs or other conditions (``gaps``) on its factors imply."""
    match proposition:
        case Le(args=(Int(value=1), Product() as product)) if not has_more_parts(product, SHORT):
            return all(
                (factor.least is not None and factor.least >= 1) or _gap(Le(integer(1), factor)) in gaps
                for factor in product.args
            )
    return False


def says_nothing(proposition: Proposition) -> bool:
    """Returns whether a proposition follows from signs, as H ≤ H + P. A lower bound of one letter, S ≥ 2, is kept."""
    if not isinstance(proposition, Le):
        return False
    smaller, larger = proposition.args
    if isinstance(larger, Symbol) or has_more_parts(proposition, SHORT):
        return smaller is larger
    bound = least(subtract(normal_form(larger), normal_form(smaller)))
    return bound is not None and bound >= 0


def _follows(proposition: Proposition, known_sets: Mapping[Term, IntegerSet]) -> bool:
    """Returns whether a proposition follows from ``known_sets``, the set of sizes of each symbol."""
    if isinstance(proposition, Eq) and not has_more_parts(proposition, SHORT):
        proposition = _without_common_factor(proposition)
    symbols = symbols_of(proposition)
    plain = isinstance(proposition, In) or proposition.args[-1] in symbols  # as W ≥ 2, which is easy to read
    if plain or len(symbols) != 1 or symbols[0] not in known_sets:
        return False
    allowed = members(proposition)
    left = None if allowed is None else outside(symbols[0], known_sets[symbols[0]], allowed)
    return left is not None and not left.parts


def _without_common_factor(equation: Eq) -> Eq:
    """The equation ``a = b`` for ``a·x = b·x``, which follows from it."""
    sides = [normal_form(side) for side in equation.args]
    monomials = [dict(monomial) for side in sides for monomial in side]
    common = {atom: min(one.get(atom, 0) for one in monomials) for atom in (monomials[0] if monomials else ())}
    if not any(common.values()):
        return equation
    return Eq(*(from_polynomial({_divided(one, common): number for one, number in side.items()}) for side in sides))


def _divided(monomial: Monomial, by: Mapping[Term, int]) -> Monomial:
    left = ((atom, exponent - by.get(atom, 0)) for atom, exponent in monomial)
    return tuple((atom, exponent) for atom, exponent in left if exponent)


def _gap(proposition: Proposition) -> object:
    """A key that is equal for equivalent inequalities: 1 ≤ C − A and A + 1 ≤ C."""
    if not isinstance(proposition, Le) or has_more_parts(proposition, SHORT):
        return proposition
    smaller, larger = proposition.args
    return frozenset(subtract(normal_form(larger), normal_form(smaller)).items())
