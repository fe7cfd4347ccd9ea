"""Relations between integers of any sign, solved separately for each choice of signs.

The solver bounds and divides only nonnegative terms. So each letter without a declared sign is positive, 0, or the
negative of a positive letter, and each divisor with letters is positive or negative: ⌊a/−b⌋ is ⌊−a/b⌋. A division by 0
has no value, hence no solution.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

from symnet.errors import SymnetError, TermError
from symnet.solving.chain import Listed
from symnet.solving.divisors import symbols_in_divisors
from symnet.solving.question import Problem
from symnet.solving.repeats import solve_problem
from symnet.solving.statement import WHERE, Statement
from symnet.terms.evaluation import holds
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.node import children_first
from symnet.terms.polynomial import from_polynomial, normal_form, subtract
from symnet.terms.propositions import And, Eq, Le, Lt, Or, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Max, Min, Mod, Symbol, Term, integer, substitute, symbols_of

__all__ = ["CHOICES", "solutions_by_signs"]

#: At most so many choices of signs are solved; with more letters the question is answered as it is.
CHOICES = 81


@dataclass(frozen=True)
class _Choice:
    """A question for one choice of signs: the term for each letter, and the condition."""

    values: dict[Term, Term]
    asked: Proposition


def solutions_by_signs(problem: Problem) -> list[tuple[IntegerSet, ...]] | None:
    """The solutions as boxes, with one set per unknown; ``None`` if they cannot all be listed.

    >>> x = Symbol("x", None)
    >>> statement = Statement()
    >>> statement.ask(Le(integer(14), integer(100) // x), WHERE)
    >>> [[str(members) for members in box] for box in solutions_by_signs(Problem("", (x,), (), statement, False, None))]
    [['{1, 2, 3, 4, 5, 6, 7}']]
    """
    if problem.parameters:
        return None
    boxes: list[tuple[IntegerSet, ...]] = []
    try:
        for choice in _choices(problem):
            boxes += _solved(choice, problem.unknowns)
    except (SymnetError, _Unlisted):
        return None
    return boxes


class _Unlisted(Exception):
    """The solutions of a choice cannot be listed."""


def _choices(problem: Problem) -> Iterator[_Choice]:
    """Every choice of signs for which the question has a value."""
    question: Proposition = problem.statement.proposition
    divisors = symbols_in_divisors(question)
    unsigned = sum(symbol.least is None for symbol in problem.unknowns)
    each = [
        _options(symbol, symbol in divisors or 3**unsigned <= CHOICES) if symbol.least is None else [symbol]
        for symbol in problem.unknowns
    ]
    if prod(map(len, each)) > CHOICES:
        raise _Unlisted
    for chosen in product(*each):
        values: dict[Term, Term] = dict(zip(problem.unknowns, chosen, strict=True))
        try:
            asked = substitute(question, values)
        except TermError:  # it divides by 0
            continue
        yield from (_Choice(values, _normalized(one)) for one in _with_positive_divisors(asked))


def _options(symbol: Symbol, three: bool) -> list[Term]:
    """The terms for an integer of any sign: a positive letter, 0, a negated one; or a nonnegative letter and a negated
    one.
    """
    positive = Symbol(symbol.name, 1)
    return [positive, integer(0), -positive] if three else [Symbol(symbol.name, 0), -positive]


def _with_positive_divisors(asked: Proposition, choices: int = CHOICES) -> Iterator[Proposition]:
    """The question as one or more questions with positive divisors: by their letters, or by a condition on the
    divisor.
    """
    for node in children_first(asked):
        if not isinstance(node, FloorDiv | CeilDiv | Mod):
            continue
        divisor = _normal(node.args[1])
        if divisor.constant == 0:
            return
        if _is_positive(divisor):
            continue
        negated = substitute(asked, {node: _negated_divisor(node, _normal(-divisor))})
        if _is_positive(_normal(-divisor)):
            yield from _with_positive_divisors(negated, choices)
            return
        positive, negative = Le(integer(1), node.args[1]), Le(integer(1), _normal(-divisor))
        if positive in _conjuncts(asked):
            continue
        if choices < 2:
            raise _Unlisted
        yield from _with_positive_divisors(And(positive, *_conjuncts(asked)), choices // 2)
        yield from _with_positive_divisors(And(negative, *_conjuncts(negated)), choices // 2)
        return
    yield asked


def _normalized(asked: Proposition) -> Proposition:
    """The question with (−k)·(−x) as k·x and without subtractions across comparisons, so that signs are visible."""
    substitution: dict[Term, Term] = {}
    for node in children_first(asked):
        if isinstance(node, FloorDiv | CeilDiv | Mod | Min | Max):
            substitution[node] = type(node)(*(_normal(substitute(part, substitution)) for part in node.args))
    return _compared(substitute(asked, substitution))


def _compared(asked: Proposition) -> Proposition:
    if isinstance(asked, And | Or):
        return type(asked)(*map(_compared, asked.args))
    if not isinstance(asked, Eq | Le | Lt):
        return asked
    left, right = asked.args
    difference = subtract(normal_form(left), normal_form(right))
    more = from_polynomial({part: number for part, number in difference.items() if number > 0})
    less = from_polynomial({part: -number for part, number in difference.items() if number < 0})
    return type(asked)(more, less)


def _normal(term: Term) -> Term:
    return from_polynomial(normal_form(term))


def _conjuncts(asked: Proposition) -> tuple[Proposition, ...]:
    return asked.args if isinstance(asked, And) else (asked,)


def _is_positive(term: Term) -> bool:
    return term.least is not None and term.least >= 1


def _negated_divisor(node: FloorDiv | CeilDiv | Mod, below: Term) -> Term:
    """The same value with the negated divisor: ⌊a/b⌋ is ⌊−a/−b⌋, and a mod b is −(−a mod −b)."""
    turned: Term = type(node)(-node.args[0], below)
    return -turned if isinstance(node, Mod) else turned


def _solved(choice: _Choice, unknowns: tuple[Symbol, ...]) -> list[tuple[IntegerSet, ...]]:
    """The solutions of a choice as boxes."""
    letters = {symbol: None for value in choice.values.values() for symbol in symbols_of(value)}
    if not letters:
        fixed = tuple(IntegerSet.of(choice.values[symbol].constant or 0) for symbol in unknowns)
        return [fixed] if holds(choice.asked) else []
    statement = Statement()
    for part in _conjuncts(choice.asked):
        statement.ask(part, WHERE)
    solution_set = solve_problem(Problem("", tuple(letters), (), statement, False, None)).solution_set
    if not isinstance(solution_set, Listed):
        raise _Unlisted
    boxes: list[tuple[IntegerSet, ...]] = []
    for outer, members in solution_set.rows:
        sets: dict[Term, IntegerSet] = {
            symbol: IntegerSet.of(value) for symbol, value in zip(solution_set.unknowns, outer, strict=False)
        }
        sets[solution_set.unknowns[-1]] = members
        box = tuple(_values_of(choice.values[symbol], sets) for symbol in unknowns)
        boxes += [box] if all(one.parts for one in box) else []
    return boxes


def _values_of(value: Term, sets: dict[Term, IntegerSet]) -> IntegerSet:
    """The values of a letter: those of the positive letter that represents it, or their negatives."""
    if value.constant is not None:
        return IntegerSet.of(value.constant)
    if value in sets:
        return sets[value]
    return IntegerSet(tuple(_negated(part) for part in reversed(sets[-value].parts)))


def _negated(part: Progression) -> Progression:
    least = None if part.maximum is None else -part.maximum
    most = None if part.minimum is None else -part.minimum
    return Progression(-part.residue % part.modulus, part.modulus, least, most)
