"""Answers, and the chain of equivalences from a question to its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from symnet.errors import TermError
from symnet.kernel.rules import iff_chain
from symnet.kernel.theorem import Theorem
from symnet.solving.by_symbol import factor_equations
from symnet.solving.derivation import Step
from symnet.solving.evaluation import evaluated
from symnet.solving.readable import divide_common_factors, multiples_out_of_floors, substitute_equalities
from symnet.solving.redundant import COMPARED, all_conjuncts, implied, without_redundant
from symnet.solving.statement import Statement
from symnet.terms.evaluation import holds
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, In, Or, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["Answer", "Chain", "Family", "Listed"]

#: The heading of the step that leaves an unknown alone on one side.
DIVIDE = "divide"


@dataclass(frozen=True)
class Listed:
    """Finitely many choices of values for all unknowns but the last, each with the set of the last one."""

    unknowns: tuple[Symbol, ...]
    rows: tuple[tuple[tuple[int, ...], IntegerSet], ...]


@dataclass(frozen=True)
class Family:
    """Conditions that describe exactly the solutions, with ``unknown`` isolated in them."""

    unknown: Symbol
    conditions: Proposition

    def holds(self, point: Mapping[Term, int]) -> bool:
        """Whether these values are a solution."""
        return _holds(self.conditions, point)

    def decided(self, point: Mapping[Term, int]) -> bool | None:
        """Whether these values of some symbols are a solution for all values of the other symbols; ``None`` if that
        cannot be shown.
        """
        return _decided(substitute(self.conditions, {symbol: integer(value) for symbol, value in point.items()}))


def _decided(conditions: Proposition) -> bool | None:
    """Whether conditions hold for all values of their symbols (True) or for none (False); ``None`` if neither is
    shown.
    """
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
    """Whether conditions hold at a point. A part that decides the result counts even if another part divides by 0;
    otherwise :class:`TermError` is raised.
    """
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
    """The answer to a question. ``solution_set`` is ``None`` if the question is out of reach, with the ``reason``.
    ``steps`` computes the derivation when it is read.
    """

    solution_set: Listed | Family | None
    theorem: Theorem | None
    steps: Callable[[], tuple[Step, ...]]
    reason: str | None = None

    def without_parameters(self, unknowns: tuple[Symbol, ...]) -> Answer:
        """The answer, converted to a list of members if it says that the one unknown is in a set, whatever the
        parameters are.
        """
        match self.solution_set:
            case Family(unknown, And(args=(In(args=(size, members)),))) if size is unknown and unknowns == (unknown,):
                return replace(self, solution_set=Listed((unknown,), (((), members),)))
        return self


class Chain:
    """A chain of equivalences that starts with the question; steps that change nothing are left out."""

    def __init__(self, statement: Statement) -> None:
        self.theorem = statement.by_formula()
        self.steps: list[Step] = []
        if self.theorem.conclusion.args[0] is not self.theorem.conclusion.args[1]:
            self.steps.append(Step("sizes", self.theorem, "counts as formulas"))
        self.work_out()
        self.add(
            factor_equations(self.result),
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
        """Replaces every constant subterm by its value."""
        self.add(evaluated(self.result), "work out", "evaluate")

    def thin(self) -> None:
        """Removes conditions that follow from the others; a few conditions on several symbols are also brought into
        their simplest form.
        """
        few = len(all_conjuncts(self.result)) <= COMPARED
        if few:
            self.add(multiples_out_of_floors(self.result), "whole", "whole multiples taken out of the floor")
            self.work_out()
            self.add(divide_common_factors(self.result), "lowest", "divide by a common factor, rounding down")
        self._thin()
        if few and any(step.heading == DIVIDE for step in self.steps):
            self.add(substitute_equalities(self.result), "equate", "put in what a symbol equals")
            self._thin()

    def drop(self) -> None:
        """Removes conditions that follow from the others, without rewriting the rest."""
        self._thin()

    def _thin(self) -> None:
        self.add(without_redundant(self.result), "thin", "without conditions that follow from the others")

    def answer(self, found: Listed | Family) -> Answer:
        """The answer at the end of the chain."""
        steps = tuple(self.steps)
        return Answer(found, self.theorem, lambda: steps)
