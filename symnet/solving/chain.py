"""Answers, and the chain of equivalences that leads from a question to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from symnet.errors import TermError
from symnet.kernel.rules import iff_chain
from symnet.kernel.theorem import Theorem
from symnet.solving.derivation import Step
from symnet.solving.implied import COMPARED, flat, implied, thinned
from symnet.solving.plainer import equated, lowest, whole_outside
from symnet.solving.separate import products_apart
from symnet.solving.statement import Statement
from symnet.solving.working import worked_out
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, In, Or, Proposition, holds
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["Answer", "Chain", "Family", "Listed"]

#: The heading of the step after which an unknown stands alone.
DIVIDE = "divide"


@dataclass(frozen=True)
class Listed:
    """Finitely many choices for all unknowns but the last, each with the set of the last one."""

    unknowns: tuple[Symbol, ...]
    rows: tuple[tuple[tuple[int, ...], IntegerSet], ...]


@dataclass(frozen=True)
class Family:
    """Conditions that say exactly which values are solutions, with ``unknown`` isolated in them."""

    unknown: Symbol
    conditions: Proposition

    def holds(self, point: Mapping[Term, int]) -> bool:
        """Whether these values are a solution."""
        return _holds(self.conditions, point)

    def decided(self, point: Mapping[Term, int]) -> bool | None:
        """Whether these values of some symbols are a solution whatever the other symbols are; ``None`` where that is not shown."""
        return _decided(substitute(self.conditions, {symbol: integer(value) for symbol, value in point.items()}))


def _decided(conditions: Proposition) -> bool | None:
    """Whether conditions hold for all values of their symbols (True), for none (False), or nothing of it is shown."""
    if isinstance(conditions, And | Or):
        parts = {_decided(part) for part in conditions.args}
        deciding = isinstance(conditions, Or)
        return deciding if deciding in parts else None if None in parts else not deciding
    if symbols_of(conditions):
        if isinstance(conditions, In) and isinstance(letter := conditions.args[0], Symbol):
            whole = IntegerSet.interval(letter.least, None)
            return True if conditions.args[1] == whole else None
        return True if implied(conditions, ()) is not None else None
    try:
        return holds(conditions)
    except TermError:
        return None


def _holds(conditions: Proposition, point: Mapping[Term, int]) -> bool:
    """Whether conditions hold; one that fails decides, also where another one divides by 0, and so does an alternative that holds."""
    if not isinstance(conditions, And | Or):
        return holds(conditions, point)
    undefined: TermError | None = None
    for part in conditions.args:
        try:
            if _holds(part, point) is isinstance(conditions, Or):
                return isinstance(conditions, Or)
        except TermError as error:
            undefined = error
    if undefined is not None:
        raise undefined
    return isinstance(conditions, And)


@dataclass(frozen=True)
class Answer:
    """``found`` is ``None`` where the question is out of reach; ``reason`` says why. ``steps`` are found when they
    are read.
    """

    found: Listed | Family | None
    theorem: Theorem | None
    steps: Callable[[], tuple[Step, ...]]
    reason: str | None = None

    def without_parameters(self, unknowns: tuple[Symbol, ...]) -> Answer:
        """An answer about one unknown that does not depend on the parameters, as the list of its members; else the answer."""
        match self.found:
            case Family(unknown, And(args=(In(args=(size, members)),))) if size is unknown and unknowns == (unknown,):
                return replace(self, found=Listed((unknown,), (((), members),)))
        return self


class Chain:
    """Equivalences from the question on; a step that changes nothing is left out."""

    def __init__(self, statement: Statement) -> None:
        self.theorem = statement.by_formula()
        self.steps: list[Step] = []
        if self.theorem.conclusion.args[0] is not self.theorem.conclusion.args[1]:
            self.steps.append(Step("sizes", self.theorem, "counts as formulas"))
        self.work_out()
        self.add(
            products_apart(self.result),
            "apart",
            "a product of sizes is that of smaller ones only where each is equal to its own",
        )

    @property
    def result(self) -> Proposition:
        return self.theorem.conclusion.args[1]  # type: ignore[no-any-return]

    def add(self, theorem: Theorem, heading: str, words: str) -> None:
        left, right = theorem.conclusion.args
        if left is not right:
            self.theorem = iff_chain(self.theorem, theorem)
            self.steps.append(Step(heading, theorem, words))

    def work_out(self) -> None:
        """Numbers in the place of what comes to numbers."""
        self.add(worked_out(self.result), "work out", "evaluate")

    def thin(self) -> None:
        """Without conditions that follow from the others; a few conditions on several symbols as plain as can be."""
        few = len(flat(self.result)) <= COMPARED
        if few:
            self.add(whole_outside(self.result), "whole", "whole multiples taken out of the floor")
            self.work_out()
            self.add(lowest(self.result), "lowest", "divide by a common factor, rounding down")
        self._thin()
        if few and any(step.heading == DIVIDE for step in self.steps):
            self.add(equated(self.result), "equate", "put in what a symbol equals")
            self._thin()

    def drop(self) -> None:
        """Without conditions that follow from the others, as they stand."""
        self._thin()

    def _thin(self) -> None:
        self.add(thinned(self.result), "thin", "without conditions that follow from the others")

    def answer(self, found: Listed | Family) -> Answer:
        """The answer at the end of the chain."""
        steps = tuple(self.steps)
        return Answer(found, self.theorem, lambda: steps)
