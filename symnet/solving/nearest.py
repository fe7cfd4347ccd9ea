"""For a question without solutions: the nearest sizes that are reachable, each with an example."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Any, NamedTuple

from symnet.errors import SymnetError
from symnet.kernel.theorem import Theorem
from symnet.solving.bounds import find_bounds
from symnet.solving.question import Problem
from symnet.solving.search import solution_set_theorem
from symnet.solving.statement import TARGET
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.propositions import And, Eq, In, Le, Or, Proposition
from symnet.terms.term import Symbol, Term, integer

__all__ = ["Reachable", "example", "nearest", "several_asked"]

#: Sizes farther away than this are not searched.
FAR = 1 << 20
#: With more networks than this that have unknowns of their own, nothing is searched.
CASES = 8
#: At most so many values are enumerated in all: about a second of work.
WORK = 10_000


@dataclass(frozen=True)
class Reachable:
    """The size ``asked`` has no solution; ``size`` has one, ``example``; no size between them has (``theorem``)."""

    asked: int
    size: int
    example: dict[str, int]
    theorem: Theorem | None

    def to_json(self) -> dict[str, Any]:
        """The result as JSON data."""
        return {"asked": self.asked, "size": self.size, "example": self.example}


def nearest(problem: Problem) -> tuple[Reachable, ...]:
    """For each number of the target the next reachable sizes below and above it, with the rest of the target
    unchanged; empty if the rest is the obstacle.
    """
    if problem.counts:
        return _with_any_count(problem)
    targets, others = _targets(problem)
    if problem.parameters:
        return ()
    reachable: list[Reachable] = []
    for group in dict.fromkeys((one.number, one.channels) for one in targets):
        size, *more = [one.size for one in targets if (one.number, one.channels) == group]
        equal = [Eq(size, other) for other in more]
        rest = [Eq(one.size, integer(one.number)) for one in targets if (one.number, one.channels) != group]
        for direction in (-1, 1):
            try:
                near = _closest(problem, [*others, *equal, *rest], size, group[0], direction)
            except SymnetError:
                continue
            if near is not None:
                reachable.append(near)
    return tuple(reachable)


def several_asked(problem: Problem) -> bool:
    """Whether the target has several different numbers, so that a message must name the one it speaks of."""
    return (
        len({one.number for part in [problem, *(case.problem for case in problem.cases)] for one in _targets(part)[0]})
        > 1
    )


class _Wanted(NamedTuple):
    """A size of the target that is required to be a number, by its formula. Axes with the same number are treated as
    one size.
    """

    size: Term
    number: int
    channels: bool


def _targets(problem: Problem) -> tuple[list[_Wanted], list[Proposition]]:
    """The sizes that are required to be numbers, each once, and all other conditions. No sizes if one is a different
    number already, which nothing can change.
    """
    targets: dict[_Wanted, None] = {}
    others: list[Proposition] = []
    for part in problem.statement.parts.values():
        by_formula = problem.statement.with_formulas(part.proposition)
        match part.proposition:
            case Eq(args=(Term() as size, Term(constant=int(number)))) if part.why == TARGET:
                if size.constant is None:
                    channels = size is problem.statement.tensors[-1].shape.channels
                    targets[_Wanted(by_formula.args[0], number, channels)] = None
                elif size.constant != number:
                    return [], []
            case _:
                others.append(by_formula)
    return list(targets), others


def _with_any_count(problem: Problem) -> tuple[Reachable, ...]:
    """The nearest sizes over all numbers of repetitions."""
    reachable: list[Reachable] = []
    for case in problem.cases:
        if case.problem.unknowns and len(problem.cases) > CASES:
            return ()
        counts = {symbol.name: number for symbol, number in case.counts}
        near = nearest(case.problem) if case.problem.unknowns else _without_letters(case.problem)
        reachable += [replace(one, example={**counts, **one.example}, theorem=None) for one in near]
    closest: list[Reachable] = []
    for asked in dict.fromkeys(one.asked for one in reachable):
        here = [one for one in reachable if one.asked == asked]
        below = max((one for one in here if one.size < asked), key=lambda one: one.size, default=None)
        above = min((one for one in here if one.size > asked), key=lambda one: one.size, default=None)
        closest += [one for one in (below, above) if one is not None]
    return tuple(closest)


def _without_letters(problem: Problem) -> tuple[Reachable, ...]:
    """The size that a network without letters gives, if exactly one number of the target differs from it."""
    targets, others = _targets(problem)
    missed = {(evaluate(one.size), one.number, one.channels) for one in targets if evaluate(one.size) != one.number}
    if len(missed) != 1 or not holds(And(*others)):
        return ()
    [(size, *group)] = missed
    together = all(evaluate(one.size) == size for one in targets if [one.number, one.channels] == group)
    return (Reachable(group[0], size, {}, None),) if together else ()


def _closest(problem: Problem, others: list[Proposition], size: Term, number: int, direction: int) -> Reachable | None:
    """The nearest reachable size in one direction, by doubling and then halving the distance; each attempt is a
    question of its own, with a proof.
    """
    budget = WORK

    def between(distance: int) -> Theorem:
        nonlocal budget
        first, last = sorted((number + direction, number + direction * distance))
        condition = And(Le(integer(first), size), Le(size, integer(last)), *others)
        budget -= _cases(condition, problem.unknowns)
        if budget < 0:
            raise SymnetError("too many cases to look for what is near")
        return solution_set_theorem(condition, problem.unknowns)

    distance, empty = 1, 0
    proof: Theorem | None = None
    while True:
        if direction < 0 and number - distance < 1:
            distance = number - 1
            if distance <= empty:
                return None
        theorem = between(distance)
        if example(theorem) is not None:
            break
        empty, proof = distance, theorem
        distance *= 2
        if empty >= FAR or (direction < 0 and empty == number - 1):
            return None
    while distance - empty > 1:
        middle = (distance + empty) // 2
        theorem = between(middle)
        if example(theorem) is None:
            empty, proof = middle, theorem
        else:
            distance = middle
    solution = example(between(distance))
    return None if solution is None else Reachable(number, number + direction * distance, solution, proof)


def _cases(condition: Proposition, unknowns: tuple[Symbol, ...]) -> int:
    """An upper bound on the number of values of all unknowns but one."""
    if len(unknowns) < 2:
        return 1
    bounds = find_bounds(condition, unknowns)
    spans = sorted(span for unknown in unknowns if (span := bounds.span(unknown)) is not None)
    return prod(spans[: len(unknowns) - 1])


def example(theorem: Theorem) -> dict[str, int] | None:
    """The first solution in a theorem ⊢ question ⇔ set; ``None`` if there is none."""
    result = theorem.conclusion.args[1]
    if isinstance(result, Or):
        if not result.args:
            return None
        result = result.args[0]
    values: dict[str, int] = {}
    for part in result.args if isinstance(result, And) else (result,):
        if isinstance(part, In):
            first = next(iter(part.args[1]), None)
            if first is None:
                return None
            values[part.args[0].name] = first
        else:
            values[part.args[0].name] = part.args[1].value
    return values
