"""The sizes that a long network takes, worked out layer by layer as with a pencil:

    maxpool1:  2 ∣ W − 6          ⇔  W = 2a
    maxpool2:  2 ∣ ⌊(W − 12)/2⌋ − 2  ⇔  2 ∣ a − 8  ⇔  a = 2b,  so W = 4b
    conv10:    ⌊(W − 124)/16⌋ ≥ 3  ⇔  b − 7 ≥ 3   ⇔  b ≥ 10

Each layer's condition is put in terms of what is known so far, and says either what must be left over when a letter is divided, or how
large it must be. What follows from the layers before it is not shown.
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
from symnet.solving.plainer import put_outside
from symnet.solving.question import Problem
from symnet.solving.statement import Part, Statement, plainly_true
from symnet.solving.unfloor import linked
from symnet.solving.working import worked_out
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.polynomial import from_polynomial
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Symbol, Term, substitute, symbols_of

__all__ = ["LAYERWISE", "LayerStep", "layer_by_layer"]

#: The heading of a step that a single layer makes.
LAYERWISE = "layer"
#: More remainders than this, one inside the other, have no letters.
LETTERS = 12


@dataclass(frozen=True)
class LayerStep(Step):
    """What a layer asks (``asked``, in the letters of the question), the same in the ``letter`` that is known so far (``plain``), and
    what that is then: ``letter = modulus·following + residue`` where something is left over, else its bounds. ``value`` is the unknown
    in the letter that follows."""

    asked: Proposition
    plain: Proposition
    unknown: Symbol
    letter: Symbol
    following: Symbol | None
    members: Progression
    value: Term

    @property
    def put(self) -> Eq | None:
        """``a = 2b + 1``."""
        if self.following is None:
            return None
        return Eq(self.letter, _line(self.members.modulus, self.following, self.members.residue))


def layer_by_layer(problem: Problem, members: IntegerSet) -> tuple[LayerStep, ...] | None:
    """The steps to the one class of sizes that is the answer; ``None`` where the answer is another kind of set, or a layer asks for
    something that has no such steps."""
    if len(problem.unknowns) != 1 or problem.parameters or len(members.parts) != 1:
        return None
    try:
        walk = _Walk(problem.unknowns[0], problem.statement)
        steps = tuple(walk.steps())
    except (KernelError, _NoLine):
        return None
    return steps if walk.members == members else None


class _NoLine(Exception):
    """A condition holds for no single class or interval."""


class _Walk:
    def __init__(self, unknown: Symbol, statement: Statement) -> None:
        self.unknown, self.statement = unknown, statement
        taken = {look(symbol.name) for part in statement.parts for symbol in symbols_of(part)}
        self.letters = [Symbol(name, None) for name in ascii_lowercase if look(name) not in taken and name not in "klo"]
        self.letter: Symbol = unknown
        self.modulus, self.residue = 1, 0
        self.members = IntegerSet(())

    def steps(self) -> Iterator[LayerStep]:
        """Remainders first, layer after layer; then the layers that bound what is left, from below and from above."""
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
        worked: Proposition = worked_out(self.statement.written(part.proposition)).conclusion.args[1]
        return worked

    def _solved(self, asked: Proposition) -> tuple[Theorem, Progression | None]:
        """⊢ a condition in the letter known so far ⇔ its set; the one class that this is, ``None`` for all integers."""
        value = _line(self.modulus, self.letter, self.residue)
        put = asked if self.letter is self.unknown else substitute(asked, {self.unknown: value})
        plain = linked(worked_out(put), put_outside(worked_out(put).conclusion.args[1]))
        plain = linked(plain, worked_out(plain.conclusion.args[1]))
        theorem = linked(plain, cases(plain.conclusion.args[1], (self.letter,), ()))
        parts = theorem.conclusion.args[1].args[1].parts
        if len(parts) != 1:
            raise _NoLine
        [found] = parts
        return plain, None if found.modulus == 1 and found.minimum is None and found.maximum is None else found

    def _next(self, part: Part, asked: Proposition, theorem: Theorem, found: Progression) -> LayerStep:
        if len(self.letters) < 1:
            raise _NoLine
        before, following = self.letter, self.letters.pop(0)
        self.residue += self.modulus * found.residue
        self.modulus *= found.modulus
        self.letter = following
        return self._step(part, asked, theorem, before, following, found)

    def _step(
        self,
        part: Part,
        asked: Proposition,
        theorem: Theorem,
        letter: Symbol,
        following: Symbol | None,
        found: Progression,
    ) -> LayerStep:
        name = self.statement.tensors[part.layer].name if part.layer else ""
        solved = linked(theorem, cases(theorem.conclusion.args[1], (letter,), ()))
        value = _line(self.modulus, self.letter, self.residue)
        words = f"{name}: {part.why}" if name else part.why
        return LayerStep(
            LAYERWISE, solved, words, asked, theorem.conclusion.args[1], self.unknown, letter, following, found, value
        )


def _line(modulus: int, letter: Symbol, residue: int) -> Term:
    key = ((letter, 1),)
    return from_polynomial({key: modulus, **({(): residue} if residue else {})})
