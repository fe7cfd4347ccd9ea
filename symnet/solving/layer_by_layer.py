"""The sizes that a long network accepts, derived layer by layer as on paper:

    maxpool1:  2 ∣ W − 6          ⇔  W = 2a
    maxpool2:  2 ∣ ⌊(W − 12)/2⌋ − 2  ⇔  2 ∣ a − 8  ⇔  a = 2b,  so W = 4b
    conv10:    ⌊(W − 124)/16⌋ ≥ 3  ⇔  b − 7 ≥ 3   ⇔  b ≥ 10

Each layer's condition is expressed in the current letter. It fixes either the residue class of that letter, which
introduces the next letter, or its bounds. Conditions that follow from earlier layers are not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from symnet.errors import KernelError
from symnet.kernel.theorem import Theorem
from symnet.printing.names import look
from symnet.search.cases import cases
from symnet.solving.derivation import Step
from symnet.solving.evaluation import evaluated
from symnet.solving.floors import linked
from symnet.solving.question import Problem
from symnet.solving.readable import numbers_out_of_floors
from symnet.solving.statement import Part, Statement, plainly_true
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.polynomial import from_polynomial
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Symbol, Term, substitute, symbols_of

__all__ = ["LAYERWISE", "LayerStep", "layer_by_layer"]

#: The heading of a step that a single layer makes.
LAYERWISE = "layer"
#: At most so many nested residue classes get letters.
LETTERS = 12


@dataclass(frozen=True)
class LayerStep(Step):
    """The condition of one layer: in the letters of the question (``asked``), in the current ``letter`` (``plain``),
    and solved: ``letter = modulus·following + residue`` if it fixes a residue class, else its bounds. ``value`` is the
    unknown in terms of the next letter.
    """

    asked: Proposition
    plain: Proposition
    unknown: Symbol
    letter: Symbol
    following: Symbol | None
    members: Progression
    value: Term

    @property
    def put(self) -> Eq | None:
        """The substitution for the current letter: ``a = 2b + 1``; ``None`` if the step only bounds it."""
        if self.following is None:
            return None
        return Eq(self.letter, _line(self.members.modulus, self.following, self.members.residue))


def layer_by_layer(problem: Problem, members: IntegerSet) -> tuple[LayerStep, ...] | None:
    """The steps to an answer that is a single residue class; ``None`` if the answer is another kind of set, or a
    layer's condition cannot be expressed in such steps.
    """
    if len(problem.unknowns) != 1 or problem.parameters or len(members.parts) != 1:
        return None
    try:
        walk = _Walk(problem.unknowns[0], problem.statement)
        steps = tuple(walk.steps())
    except (KernelError, _NoLine):
        return None
    return steps if walk.members == members else None


class _NoLine(Exception):
    """A condition is not a single residue class or interval."""


class _Walk:
    def __init__(self, unknown: Symbol, statement: Statement) -> None:
        self.unknown, self.statement = unknown, statement
        taken = {look(symbol.name) for part in statement.parts for symbol in symbols_of(part)}
        self.letters = [Symbol(name, None) for name in ascii_lowercase if look(name) not in taken and name not in "klo"]
        self.letter: Symbol = unknown
        self.modulus, self.residue = 1, 0
        self.members = IntegerSet(())

    def steps(self) -> Iterator[LayerStep]:
        """First the residue classes, layer by layer; then the layers that bound the last letter from below and from
        above.
        """
        asked = [(part, self._asked(part)) for part in self.statement.parts.values()]
        asked = [(part, one) for part, one in asked if symbols_of(one) and not plainly_true(one)]
        for part, one in asked:
            theorem, found = self._solved(one)
            if found is not None and found.modulus > 1:
                yield self._next(part, one, theorem, found)
        low, high = self.unknown.least, None
        lowest = None if low is None else -((self.residue - low) // self.modulus)
        least: Part | None = None
        most: Part | None = None
        solved = {part: (one, *self._solved(one)) for part, one in asked}
        for part, (_, _, found) in solved.items():
            if found is not None and found.minimum is not None and (lowest is None or found.minimum > lowest):
                lowest, least = found.minimum, part
            if found is not None and found.maximum is not None and (high is None or found.maximum < high):
                high, most = found.maximum, part
        for part in dict.fromkeys(part for part in (least, most) if part is not None):
            one, theorem, found = solved[part]
            if found is not None:
                yield self._step(part, one, theorem, self.letter, None, found)
        ends = [None if end is None else self.modulus * end + self.residue for end in (lowest, high)]
        self.members = IntegerSet.residue_class(self.residue, self.modulus, *ends)

    def _asked(self, part: Part) -> Proposition:
        worked: Proposition = evaluated(self.statement.with_formulas(part.proposition)).conclusion.args[1]
        return worked

    def _solved(self, condition: Proposition) -> tuple[Theorem, Progression | None]:
        """⊢ a condition ⇔ its simplest form in the current letter, and the progression of its solutions; ``None``
        instead of a progression if all integers are solutions.
        """
        value = _line(self.modulus, self.letter, self.residue)
        substituted = condition if self.letter is self.unknown else substitute(condition, {self.unknown: value})
        plain = linked(evaluated(substituted), numbers_out_of_floors(evaluated(substituted).conclusion.args[1]))
        plain = linked(plain, evaluated(plain.conclusion.args[1]))
        theorem = linked(plain, cases(plain.conclusion.args[1], (self.letter,), ()))
        parts = theorem.conclusion.args[1].args[1].parts
        if len(parts) != 1:
            raise _NoLine
        [progression] = parts
        return (
            plain,
            None
            if progression.modulus == 1 and progression.minimum is None and progression.maximum is None
            else progression,
        )

    def _next(self, part: Part, condition: Proposition, theorem: Theorem, progression: Progression) -> LayerStep:
        if len(self.letters) < 1:
            raise _NoLine
        before, following = self.letter, self.letters.pop(0)
        self.residue += self.modulus * progression.residue
        self.modulus *= progression.modulus
        self.letter = following
        return self._step(part, condition, theorem, before, following, progression)

    def _step(
        self,
        part: Part,
        condition: Proposition,
        theorem: Theorem,
        letter: Symbol,
        following: Symbol | None,
        progression: Progression,
    ) -> LayerStep:
        name = self.statement.tensors[part.layer].name if part.layer else ""
        solved = linked(theorem, cases(theorem.conclusion.args[1], (letter,), ()))
        value = _line(self.modulus, self.letter, self.residue)
        words = f"{name}: {part.why}" if name else part.why
        return LayerStep(
            LAYERWISE,
            solved,
            words,
            condition,
            theorem.conclusion.args[1],
            self.unknown,
            letter,
            following,
            progression,
            value,
        )


def _line(modulus: int, letter: Symbol, residue: int) -> Term:
    key = ((letter, 1),)
    return from_polynomial({key: modulus, **({(): residue} if residue else {})})
