"""For a question without solutions: the single condition without which it has some."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.errors import SymnetError
from symnet.solving.nearest import example
from symnet.solving.question import Problem
from symnet.solving.search import solution_set_theorem
from symnet.solving.statement import EXACT, WHERE, Part
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.propositions import And, Eq, Le, Lt, Proposition
from symnet.terms.term import symbols_of

__all__ = ["Missing", "missing", "nearest_count"]

#: At most so many conditions are left out in turn.
ATTEMPTS = 12


@dataclass(frozen=True)
class Missing:
    """Without ``parts`` (all exactness conditions, or one constraint) ``example`` is a solution."""

    parts: tuple[Part, ...]
    example: dict[str, int]

    @property
    def exact(self) -> bool:
        """Whether the condition is that no entry is dropped."""
        return self.parts[0].why == EXACT


def missing(problem: Problem) -> Missing | None:
    """The first condition without which there are solutions: that no entry is dropped, then each constraint. ``None``
    if no single one suffices, or the question is out of reach.
    """
    if problem.counts or problem.parameters or problem.every:
        return None
    parts = list(problem.statement.parts.values())
    constraints = [part for part in parts if part.why == WHERE]
    exact = tuple(part for part in parts if part.why == EXACT)
    for left_out in [*([exact] if exact else []), *((part,) for part in constraints)][:ATTEMPTS]:
        rest = [problem.statement.with_formulas(part.proposition) for part in parts if part not in left_out]
        if not set(problem.unknowns) <= set(symbols_of(*rest)):
            continue
        try:
            solution = example(solution_set_theorem(And(*rest), problem.unknowns))
        except SymnetError:
            continue
        if solution is not None:
            return Missing(left_out, solution)
    return None


def nearest_count(problem: Problem) -> tuple[dict[str, int], Proposition] | None:
    """For a question about how often a part is repeated, and nothing else: the number with which only one constraint fails, by the
    least, and that constraint in numbers. ``None`` if there is no such number.
    """
    found: list[tuple[int, dict[str, int], Proposition]] = []
    for case in problem.cases:
        statement = case.problem.statement
        if case.problem.unknowns or case.problem.parameters:
            return None
        parts = [(part.why, statement.with_formulas(part.proposition)) for part in statement.parts.values()]
        failing = [(why, proposition) for why, proposition in parts if not holds(proposition)]
        if len(failing) == 1 and failing[0][0] == WHERE and isinstance(failing[0][1], Le | Lt | Eq):
            left, right = failing[0][1].args
            gap = abs(evaluate(left) - evaluate(right))
            found.append((gap, {symbol.name: number for symbol, number in case.counts}, failing[0][1]))
    return min(found, key=lambda one: one[0])[1:] if found else None
