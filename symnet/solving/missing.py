"""No solution: which condition leaves none, and what would do without it."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.errors import SymnetError
from symnet.solving.nearest import example
from symnet.solving.question import Problem
from symnet.solving.search import decided
from symnet.solving.statement import EXACT, WHERE, Part
from symnet.terms.propositions import And
from symnet.terms.term import symbols_of

__all__ = ["Missing", "missing"]

#: Of more conditions than this none is left out to see what it does.
TRIED = 12


@dataclass(frozen=True)
class Missing:
    """Without ``parts``, which are all that drop nothing or one condition that was told, ``example`` is a solution."""

    parts: tuple[Part, ...]
    example: dict[str, int]

    @property
    def exact(self) -> bool:
        """Whether it is that nothing may be dropped."""
        return self.parts[0].why == EXACT


def missing(problem: Problem) -> Missing | None:
    """The first condition without which there are solutions: that no entry is dropped, then what was told; ``None`` where there is
    no single one, or that is out of reach."""
    if problem.counts or problem.parameters or problem.every:
        return None
    parts = list(problem.statement.parts.values())
    told = [part for part in parts if part.why == WHERE]
    exact = tuple(part for part in parts if part.why == EXACT)
    for left_out in [*([exact] if exact else []), *((part,) for part in told)][:TRIED]:
        rest = [problem.statement.written(part.proposition) for part in parts if part not in left_out]
        if not set(problem.unknowns) <= set(symbols_of(*rest)):
            continue
        try:
            found = example(decided(And(*rest), problem.unknowns))
        except SymnetError:
            continue
        if found is not None:
            return Missing(left_out, found)
    return None
