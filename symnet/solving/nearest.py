"""No solution: which sizes near the one asked for are reachable, each with an example that gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symnet.errors import SymnetError
from symnet.kernel.propositions import And, Eq, In, Le, Or, Proposition
from symnet.kernel.theorem import Theorem
from symnet.solving.question import Problem
from symnet.solving.search import decided
from symnet.solving.statement import TARGET
from symnet.terms.term import Term, integer

__all__ = ["Reachable", "nearest"]

#: Sizes further away than this are not looked for.
FAR = 1 << 20


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
    statement = problem.statement
    parts = list(statement.parts.values())
    others = [statement.written(part.proposition) for part in parts if part.why != TARGET]
    wanted: dict[Term, int] = {}
    for part in parts:
        match part.proposition:
            case Eq(args=(Term() as size, Term(constant=int(number)))) if part.why == TARGET and size.constant is None:
                wanted[statement.formulas.written(size)] = number
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
