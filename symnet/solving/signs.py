"""Relations between integers of any sign, solved for each choice of signs by itself.

The solver bounds and divides by what is not negative. So each letter of which nothing is told is positive, 0, or the negative of a
positive one, and each divisor with letters is positive or negative: ⌊a/−b⌋ is ⌊−a/b⌋. What divides by 0 has no value there, and so
no solution.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

from symnet.errors import SymnetError, TermError
from symnet.solving.chain import Listed
from symnet.solving.dividing import dividing
from symnet.solving.question import Problem
from symnet.solving.repeats import answered
from symnet.solving.statement import WHERE, Statement
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.node import children_first
from symnet.terms.polynomial import from_polynomial, normal_form, subtract
from symnet.terms.propositions import And, Eq, Le, Lt, Or, Proposition, holds
from symnet.terms.term import CeilDiv, FloorDiv, Max, Min, Mod, Symbol, Term, integer, substitute, symbols_of

__all__ = ["CHOICES", "solutions_by_signs"]

#: So many choices of signs are solved; of more letters the question is answered as it stands.
CHOICES = 81


@dataclass(frozen=True)
class _Choice:
    """A question for one choice of signs: what stands for each letter, and what is asked then."""

    values: dict[Term, Term]
    asked: Proposition


def solutions_by_signs(problem: Problem) -> list[tuple[IntegerSet, ...]] | None:
    """The solutions as boxes, a set for each unknown; ``None`` where they are not all listed so.

    >>> x = Symbol("x", None)
    >>> statement = Statement()
    >>> statement.ask(Le(integer(14), integer(100) // x), WHERE)
    >>> [[str(members) for members in box] for box in solutions_by_signs(Problem("", (x,), (), statement, False, None))]
    [['{1, 2, 3, 4, 5, 6, 7}']]
    """
    if problem.parameters:
        return None
    found: list[tuple[IntegerSet, ...]] = []
    try:
        for choice in _choices(problem):
            found += _solved(choice, problem.unknowns)
    except (SymnetError, _Unlisted):
        return None
    return found


class _Unlisted(Exception):
    """The solutions of a choice are not listed."""


def _choices(problem: Problem) -> Iterator[_Choice]:
    """Every choice of signs for which the question has a value."""
    whole: Proposition = problem.statement.proposition
    below = dividing(whole)
    unsigned = sum(symbol.least is None for symbol in problem.unknowns)
    each = [
        _options(symbol, symbol in below or 3**unsigned <= CHOICES) if symbol.least is None else [symbol]
        for symbol in problem.unknowns
    ]
    if prod(map(len, each)) > CHOICES:
        raise _Unlisted
    for chosen in product(*each):
        values: dict[Term, Term] = dict(zip(problem.unknowns, chosen, strict=True))
        try:
            asked = substitute(whole, values)
        except TermError:  # divides by 0
            continue
        yield from (_Choice(values, _tidied(one)) for one in _upright(asked))


def _options(symbol: Symbol, three: bool) -> list[Term]:
    """What stands for an integer of any sign: a positive letter, 0, or a negative one; 0 along with the positive ones."""
    positive = Symbol(symbol.name, 1)
    return [positive, integer(0), -positive] if three else [Symbol(symbol.name, 0), -positive]


def _upright(asked: Proposition, choices: int = CHOICES) -> Iterator[Proposition]:
    """The question with divisors that are positive, by their letters or because it is asked along."""
    for node in children_first(asked):
        if not isinstance(node, FloorDiv | CeilDiv | Mod):
            continue
        below = _normal(node.args[1])
        if below.constant == 0:
            return
        if _is_positive(below):
            continue
        turned = substitute(asked, {node: _turned(node, _normal(-below))})
        if _is_positive(_normal(-below)):
            yield from _upright(turned, choices)
            return
        positive, negative = Le(integer(1), node.args[1]), Le(integer(1), _normal(-below))
        if positive in _told(asked):
            continue
        if choices < 2:
            raise _Unlisted
        yield from _upright(And(positive, *_told(asked)), choices // 2)
        yield from _upright(And(negative, *_told(turned)), choices // 2)
        return
    yield asked


def _tidied(asked: Proposition) -> Proposition:
    """The same with (−k)·(−x) as k·x, and with what is taken away on the other side of a comparison, so that signs are seen."""
    put: dict[Term, Term] = {}
    for node in children_first(asked):
        if isinstance(node, FloorDiv | CeilDiv | Mod | Min | Max):
            put[node] = type(node)(*(_normal(substitute(part, put)) for part in node.args))
    return _compared(substitute(asked, put))


def _compared(asked: Proposition) -> Proposition:
    if isinstance(asked, And | Or):
        return type(asked)(*map(_compared, asked.args))
    if not isinstance(asked, Eq | Le | Lt):
        return asked
    left, right = asked.args
    apart = subtract(normal_form(left), normal_form(right))
    more = from_polynomial({part: number for part, number in apart.items() if number > 0})
    less = from_polynomial({part: -number for part, number in apart.items() if number < 0})
    return type(asked)(more, less)


def _normal(term: Term) -> Term:
    return from_polynomial(normal_form(term))


def _told(asked: Proposition) -> tuple[Proposition, ...]:
    return asked.args if isinstance(asked, And) else (asked,)


def _is_positive(term: Term) -> bool:
    return term.least is not None and term.least >= 1


def _turned(node: FloorDiv | CeilDiv | Mod, below: Term) -> Term:
    """The same with ``below`` for the negative of its divisor: ⌊a/b⌋ is ⌊−a/−b⌋, and a mod b is −(−a mod −b)."""
    turned: Term = type(node)(-node.args[0], below)
    return -turned if isinstance(node, Mod) else turned


def _solved(choice: _Choice, unknowns: tuple[Symbol, ...]) -> list[tuple[IntegerSet, ...]]:
    """The solutions of a choice as boxes."""
    letters = {symbol: None for value in choice.values.values() for symbol in symbols_of(value)}
    if not letters:
        fixed = tuple(IntegerSet.of(choice.values[symbol].constant or 0) for symbol in unknowns)
        return [fixed] if holds(choice.asked) else []
    statement = Statement()
    for part in _told(choice.asked):
        statement.ask(part, WHERE)
    found = answered(Problem("", tuple(letters), (), statement, False, None)).found
    if not isinstance(found, Listed):
        raise _Unlisted
    boxes: list[tuple[IntegerSet, ...]] = []
    for outer, members in found.rows:
        sets: dict[Term, IntegerSet] = {
            symbol: IntegerSet.of(value) for symbol, value in zip(found.unknowns, outer, strict=False)
        }
        sets[found.unknowns[-1]] = members
        box = tuple(_put(choice.values[symbol], sets) for symbol in unknowns)
        boxes += [box] if all(one.parts for one in box) else []
    return boxes


def _put(value: Term, sets: dict[Term, IntegerSet]) -> IntegerSet:
    """The values of a letter: those of the positive letter that stands for it, or of its negative."""
    if value.constant is not None:
        return IntegerSet.of(value.constant)
    if value in sets:
        return sets[value]
    return IntegerSet(tuple(_negated(part) for part in reversed(sets[-value].parts)))


def _negated(part: Progression) -> Progression:
    least = None if part.maximum is None else -part.maximum
    most = None if part.minimum is None else -part.minimum
    return Progression(-part.residue % part.modulus, part.modulus, least, most)
