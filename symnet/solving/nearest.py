"""No solution: which sizes near the ones asked for are reachable, each with an example that gives it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Any, NamedTuple

from symnet.errors import SymnetError
from symnet.kernel.theorem import Theorem
from symnet.solving.bounds import find_bounds
from symnet.solving.question import Problem
from symnet.solving.search import decided
from symnet.solving.statement import TARGET
from symnet.terms.propositions import And, Eq, In, Le, Or, Proposition, holds
from symnet.terms.term import Symbol, Term, evaluate, integer

__all__ = ["Reachable", "example", "nearest", "several_asked"]

#: Sizes further away than this are not looked for.
FAR = 1 << 20
#: With more networks that have unknowns of their own nothing is looked for.
CASES = 8
#: So many values are tried in all to find the nearest size: a second of work.
WORK = 10_000


@dataclass(frozen=True)
class Reachable:
    """``asked`` cannot be had; ``size`` can, with ``example``; nothing between the two can (``theorem``)."""

    asked: int
    size: int
    example: dict[str, int]
    theorem: Theorem | None

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {"asked": self.asked, "size": self.size, "example": self.example}


def nearest(problem: Problem) -> tuple[Reachable, ...]:
    """For each number of the target the next reachable sizes below and above it, with the rest of the target as asked for;
    none where the rest is what makes it unreachable.
    """
    if problem.counts:
        return _with_any_count(problem)
    wanted, others = _wanted(problem)
    if problem.parameters:
        return ()
    found: list[Reachable] = []
    for group in dict.fromkeys((one.number, one.channels) for one in wanted):
        size, *more = [one.size for one in wanted if (one.number, one.channels) == group]
        equal = [Eq(size, other) for other in more]
        rest = [Eq(one.size, integer(one.number)) for one in wanted if (one.number, one.channels) != group]
        for direction in (-1, 1):
            try:
                near = _closest(problem, [*others, *equal, *rest], size, group[0], direction)
            except SymnetError:
                continue
            if near is not None:
                found.append(near)
    return tuple(found)


def several_asked(problem: Problem) -> bool:
    """Whether the target has several numbers that might be others, so that each is named."""
    return (
        len({one.number for part in [problem, *(case.problem for case in problem.cases)] for one in _wanted(part)[0]})
        > 1
    )


class _Wanted(NamedTuple):
    """The formula of a size that is to be a number; axes with the same number are one size to a person."""

    size: Term
    number: int
    channels: bool


def _wanted(problem: Problem) -> tuple[list[_Wanted], list[Proposition]]:
    """The sizes that are to be numbers, each once, and all else that is asked; no size where one is another number already,
    which is never reached.
    """
    found: dict[_Wanted, None] = {}
    others: list[Proposition] = []
    for part in problem.statement.parts.values():
        written = problem.statement.written(part.proposition)
        match part.proposition:
            case Eq(args=(Term() as size, Term(constant=int(number)))) if part.why == TARGET:
                if size.constant is None:
                    channels = size is problem.statement.tensors[-1].shape.channels
                    found[_Wanted(written.args[0], number, channels)] = None
                elif size.constant != number:
                    return [], []
            case _:
                others.append(written)
    return list(found), others


def _with_any_count(problem: Problem) -> tuple[Reachable, ...]:
    """The nearest that any number of repetitions comes to."""
    found: list[Reachable] = []
    for case in problem.cases:
        if case.problem.unknowns and len(problem.cases) > CASES:
            return ()
        counts = {symbol.name: number for symbol, number in case.counts}
        near = nearest(case.problem) if case.problem.unknowns else _given(case.problem)
        found += [replace(one, example={**counts, **one.example}, theorem=None) for one in near]
    chosen: list[Reachable] = []
    for asked in dict.fromkeys(one.asked for one in found):
        here = [one for one in found if one.asked == asked]
        below = max((one for one in here if one.size < asked), key=lambda one: one.size, default=None)
        above = min((one for one in here if one.size > asked), key=lambda one: one.size, default=None)
        chosen += [one for one in (below, above) if one is not None]
    return tuple(chosen)


def _given(problem: Problem) -> tuple[Reachable, ...]:
    """The size that a network without letters gives, where one number of the target alone is another."""
    wanted, others = _wanted(problem)
    missed = {(evaluate(one.size), one.number, one.channels) for one in wanted if evaluate(one.size) != one.number}
    if len(missed) != 1 or not holds(And(*others)):
        return ()
    [(size, *group)] = missed
    together = all(evaluate(one.size) == size for one in wanted if [one.number, one.channels] == group)
    return (Reachable(group[0], size, {}, None),) if together else ()


def _closest(problem: Problem, others: list[Proposition], size: Term, number: int, direction: int) -> Reachable | None:
    """Doubling, then halving the distance; every try is a question of its own, proven."""
    left = WORK

    def between(distance: int) -> Theorem:
        nonlocal left
        first, last = sorted((number + direction, number + direction * distance))
        asked = And(Le(integer(first), size), Le(size, integer(last)), *others)
        left -= _cases(asked, problem.unknowns)
        if left < 0:
            raise SymnetError("too many cases to look for what is near")
        return decided(asked, problem.unknowns)

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
    found = example(between(distance))
    return None if found is None else Reachable(number, number + direction * distance, found, proof)


def _cases(asked: Proposition, unknowns: tuple[Symbol, ...]) -> int:
    """How many values of all unknowns but one are to be tried, at most."""
    if len(unknowns) < 2:
        return 1
    bounds = find_bounds(asked, unknowns)
    spans = sorted(span for unknown in unknowns if (span := bounds.span(unknown)) is not None)
    return prod(spans[: len(unknowns) - 1])


def example(theorem: Theorem) -> dict[str, int] | None:
    """The first solution of a theorem ⊢ question ⇔ set."""
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
