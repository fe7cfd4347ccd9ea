"""Random theorems of the rules that solve; see ``instances``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from symnet.kernel import rules as R
from symnet.kernel.theorem import Theorem
from symnet.search.cases import cases
from symnet.terms.propositions import And, Congruent, Divides, Eq, In, Le, Lt, Or, Proposition
from symnet.terms.term import CeilDiv, Entries, FloorDiv, Max, Min, Mod, Sum, Symbol, Term, Windows, integer
from tests.kernel.meaning import Values, is_true, meaning
from tests.kernel.near import near_answers, near_certificates
from tests.strategies import integer_sets

__all__ = ["SOLVING_INSTANCES"]

Draw = Callable[[st.SearchStrategy[Any]], Any]

W, F, S, P, Y = Symbol("W"), Symbol("F"), Symbol("S"), Symbol("P", 0), Symbol("y", None)
LETTERS = (W, F, S, P, Y)
_NUMBER = st.integers(-9, 9).map(integer)
_DIVISOR = st.integers(1, 6).map(integer)


def _terms(*letters: Symbol) -> st.SearchStrategy[Term]:
    """Terms of these letters; divisors are numbers at least 1, or a letter that is."""
    positive = [letter for letter in letters if letter.least == 1]
    divisors = _DIVISOR | st.sampled_from(positive) if positive else _DIVISOR

    def wholes(parts: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        return st.one_of(
            st.tuples(parts, parts).map(lambda pair: Sum(*pair)),
            st.tuples(parts, _NUMBER).map(lambda pair: pair[0] - pair[1]),
            st.tuples(_NUMBER, parts).map(lambda pair: pair[0] * pair[1]),
            st.tuples(parts, parts).map(lambda pair: pair[0] * pair[1]),
            st.builds(FloorDiv, parts, divisors),
            st.builds(CeilDiv, parts, divisors),
            st.builds(Mod, parts, divisors),
            st.tuples(parts, parts).map(lambda pair: Min(*pair)),
            st.tuples(parts, parts).map(lambda pair: Max(*pair)),
            st.builds(Windows, parts, divisors, _DIVISOR, divisors),
            st.tuples(parts, parts).map(lambda pair: Entries(*pair)),
        )

    return st.recursive(st.sampled_from(letters) | _NUMBER, wholes, max_leaves=4)


def _question(*letters: Symbol) -> st.SearchStrategy[Proposition]:
    """What a question asks of these letters: comparisons, divisibility, membership, and both ways of joining them."""
    part = _terms(*letters)
    atoms = st.one_of(
        *(st.builds(kind, part, part) for kind in (Eq, Le, Lt)),
        st.builds(Divides, st.integers(-4, 6).map(integer), part),
        st.builds(Congruent, part, part, st.integers(1, 6).map(integer)),
        st.builds(In, part, integer_sets()),
    )
    return st.recursive(
        atoms,
        lambda parts: (
            st.lists(parts, min_size=1, max_size=3).map(lambda args: And(*args))
            | st.tuples(parts, parts).map(lambda args: Or(*args))
        ),
        max_leaves=3,
    )


def _equation(draw: Draw, point: Values) -> Theorem:
    left, right = draw(_terms(*LETTERS)), draw(_terms(*LETTERS))
    return R.assume(Eq(left, right + (meaning(left, point) - meaning(right, point))))


def _rewrite(draw: Draw, point: Values) -> tuple[Any, ...]:
    equations = tuple(_equation(draw, point) for _ in range(draw(st.integers(0, 2))))
    sides = [theorem.conclusion.args[0] for theorem in equations]
    one, two = draw(_terms(*LETTERS)), draw(_terms(*LETTERS))
    for side in sides:
        one, two = Sum(one, side), side * two
    return equations, draw(st.sampled_from([Le, Eq, Lt]))(one, two)


def _equivalent(draw: Draw, point: Values) -> Theorem:
    left, right = draw(_terms(*LETTERS)), draw(_terms(*LETTERS))
    return draw(
        st.sampled_from(
            [
                R.rearrange(Le(left, right), Lt(left, right + 1)),
                R.rearrange(Eq(left, right), Eq(right - left, integer(0))),
                R.rewrite_iff((_equation(draw, point),), Le(left, right)),
                R.equal_both_ways(left, right),
            ]
        )
    )  # type: ignore[no-any-return]


def _conjuncts(draw: Draw, point: Values) -> tuple[Any, ...]:
    size, stride = draw(_terms(W, P)), draw(st.integers(1, 4).map(integer))
    kernel = draw(st.integers(1, 4).map(integer))
    counted = R.window_count(size, kernel, integer(1), stride)
    steps = [R.rewrite_iff((), hypothesis) for hypothesis in counted.hypotheses]
    steps.append(R.rewrite_iff((counted,), Eq(counted.conclusion.args[0], draw(_terms(W)))))
    if draw(st.booleans()):
        steps.reverse()
    return ((*steps, *(_equivalent(draw, point) for _ in range(draw(st.integers(0, 2))))),)


def _rearrange(draw: Draw, point: Values) -> tuple[Any, ...]:
    left, right, moved = (draw(_terms(*LETTERS)) for _ in range(3))
    factor, kind = draw(st.integers(1, 4)), draw(st.sampled_from([Le, Lt, Eq]))
    near = meaning(left, point) - meaning(right, point) + draw(st.integers(-1, 1))
    right = right + near
    return kind(left, right), draw(
        st.sampled_from(
            [
                kind(left - moved, right - moved),
                kind(factor * left, factor * right + 0),
                kind(integer(0), right - left),
                kind(-right, -left),
            ]
        )
    )


def _bound(draw: Draw, point: Values) -> tuple[Any, ...]:
    unknown, other = draw(st.permutations([W, F, S, P]))[:2]
    number = integer(point[unknown])  # type: ignore[index]
    claim = draw(st.sampled_from([Le(unknown, number), Le(number, unknown)]))
    known = draw(st.sampled_from([(), (R.assume(Le(other, integer(point[other]))),)]))  # type: ignore[index]
    low, high = (number, integer(99)) if claim.args[0] is number else (integer(-99), number)
    return claim, And(draw(_question(W, F)), Le(low, unknown), Le(unknown, high)), known


def _asked(draw: Draw, point: Values) -> tuple[Any, ...]:
    if draw(st.booleans()):
        unknown = draw(st.sampled_from([W, P, Y]))
        question = draw(_question(unknown))
        if draw(st.booleans()):
            return And(question, Le(unknown, integer(25))), (unknown,), (R.assume(Le(unknown, integer(25))),)
        return question, (unknown,), ()
    first, last = draw(st.permutations([W, F, P]))[:2]
    question = And(Le(first, integer(draw(st.integers(1, 25)))), draw(_question(first, last)))
    bound = R.interval_bound(Le(first, integer(25)), question, ())
    return question, (first, last), (bound,)


def _tree(draw: Draw, point: Values) -> tuple[Any, ...]:
    """What is found for a question, or something close to it."""
    found = cases(*_asked(draw, point)).arguments
    return (
        *found[:3],
        draw(st.just(found[3]) | near_answers(found[3])),
        draw(st.just(found[4]) | near_certificates(found[4])),
    )


def _true(draw: Draw, point: Values) -> Proposition:
    question = draw(_question(*LETTERS))
    return question if is_true(question, point) else Le(integer(0), integer(1))


SOLVING_INSTANCES: Mapping[str, Callable[[Draw, Values], tuple[Any, ...]]] = {
    "conjuncts": _conjuncts,
    "disjuncts": lambda draw, point: (tuple(_equivalent(draw, point) for _ in range(draw(st.integers(0, 3)))),),
    "divide": lambda draw, point: (draw(_terms(*LETTERS)), draw(_terms(W, P)), draw(_terms(*LETTERS))),
    "divide_strict": lambda draw, point: (draw(_terms(*LETTERS)), draw(_terms(*LETTERS)), draw(_terms(W, P))),
    "either": lambda draw, point: (_true(draw, point), draw(_terms(*LETTERS)), draw(_terms(*LETTERS))),
    "equal_both_ways": lambda draw, point: (draw(_terms(*LETTERS)), draw(_terms(*LETTERS))),
    "interval_bound": _bound,
    "rearrange": _rearrange,
    "regroup": lambda draw, point: _regroup(draw),
    "rewrite_iff": _rewrite,
    "tree": _tree,
}


def _regroup(draw: Draw) -> tuple[Any, ...]:
    parts = draw(st.lists(_question(*LETTERS), min_size=1, max_size=3))
    other = draw(st.permutations(parts))
    return And(*parts), And(And(*other[:1]), *other[1:], other[0])
