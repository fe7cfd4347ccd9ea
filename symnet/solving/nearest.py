"""No solution: which sizes near the one asked for are reachable, each with an example that gives it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from symnet.errors import SymnetError
from symnet.kernel.propositions import And, Eq, In, Le, Or, Proposition, holds
from symnet.kernel.theorem import Theorem
from symnet.solving.question import Problem
from symnet.solving.search import decided
from symnet.solving.statement import TARGET
from symnet.terms.term import Term, evaluate, integer

__all__ = ["Reachable", "nearest"]

#: Sizes further away than this are not looked for.
FAR = 1 << 20
#: With more networks that have unknowns of their own nothing is looked for.
CASES = 8


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
    """The next reachable sizes below and above the target, if one size alone makes it unreachable."""
    if problem.counts:
        return _with_any_count(problem)
    statement = problem.statement
    others = [statement.written(part.proposition) for part in statement.parts.values() if part.why != TARGET]
    wanted = _wanted(problem)
    if problem.parameters or len(set(wanted.values())) != 1:
        return ()
    [size, *more], number = list(wanted), next(iter(wanted.values()))
    equal = [Eq(size, other) for other in more]
    found: list[Reachable] = []
    for direction in (-1, 1):
        try:
            near = _closest(problem, [*others, *equal], size, number, direction)
        except SymnetError:
            continue
        if near is not None:
            found.append(near)
    return tuple(found)


def _wanted(problem: Problem) -> dict[Term, int]:
    """The formulas of the sizes that are to be numbers; a size that is another number already is never reached."""
    found: dict[Term, int] = {}
    for part in problem.statement.parts.values():
        match part.proposition:
            case Eq(args=(Term() as size, Term(constant=int(number)))) if part.why == TARGET:
                if size.constant is None:
                    found[problem.statement.written(part.proposition).args[0]] = number
                elif size.constant != number:
                    return {}
    return found


def _with_any_count(problem: Problem) -> tuple[Reachable, ...]:
    """The nearest that any number of repetitions comes to."""
    found: list[Reachable] = []
    for case in problem.cases:
        if case.problem.unknowns and len(problem.cases) > CASES:
            return ()
        counts = {symbol.name: number for symbol, number in case.counts}
        near = nearest(case.problem) if case.problem.unknowns else _given(case.problem)
        found += [replace(one, example={**counts, **one.example}, theorem=None) for one in near]
    below = max((one for one in found if one.size < one.asked), key=lambda one: one.size, default=None)
    above = min((one for one in found if one.size > one.asked), key=lambda one: one.size, default=None)
    return tuple(one for one in (below, above) if one is not None)


def _given(problem: Problem) -> tuple[Reachable, ...]:
    """The size that a network without letters gives, where it gives one."""
    wanted = {(evaluate(size), number) for size, number in _wanted(problem).items()}
    parts = problem.statement.parts.values()
    others = And(*(problem.statement.written(part.proposition) for part in parts if part.why != TARGET))
    if len(wanted) != 1 or not holds(others):
        return ()
    [(size, number)] = wanted
    return (Reachable(number, size, {}, None),)


def _closest(problem: Problem, others: list[Proposition], size: Term, number: int, direction: int) -> Reachable | None:
    """Doubling, then halving the distance; every try is a question of its own, proven."""

    def between(distance: int) -> Theorem:
        first, last = sorted((number + direction, number + direction * distance))
        return decided(And(Le(integer(first), size), Le(size, integer(last)), *others), problem.unknowns)

    distance, empty = 1, 0
    proof: Theorem | None = None
    while True:
        if direction < 0 and number - distance < 1:
            distance = number - 1
            if distance <= empty:
                return None
        theorem = between(distance)
        if _example(theorem) is not None:
            break
        empty, proof = distance, theorem
        distance *= 2
        if empty >= FAR or (direction < 0 and empty == number - 1):
            return None
    while distance - empty > 1:
        middle = (distance + empty) // 2
        theorem = between(middle)
        if _example(theorem) is None:
            empty, proof = middle, theorem
        else:
            distance = middle
    example = _example(between(distance))
    return None if example is None else Reachable(number, number + direction * distance, example, proof)


def _example(theorem: Theorem) -> dict[str, int] | None:
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
