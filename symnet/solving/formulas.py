"""Every size by definition with the theorem that it is its formula, proven when it is first asked for.

Numbers give numbers; a stack of layers with numbers gives its closed form; letters give the law's own formula as a
person writes it.
"""

from __future__ import annotations

from typing import NamedTuple

from symnet.kernel.rules import calculate, chain, cut, entry_count, flip, polynomial_identity, replace, value
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.counting import HOLE, right
from symnet.network.forms import Form
from symnet.network.proof import FormStep, first_form, form_step
from symnet.solving.templates import LawTemplate
from symnet.terms.node import Node
from symnet.terms.propositions import Eq, Proposition, holds
from symnet.terms.term import Term, integer, substitute
from symnet.terms.walks import outermost

__all__ = ["Formulas", "Size", "calculated"]


class Size(NamedTuple):
    """How a size came about: by a law from the size before (or it is given); ``number`` is its value where that is
    known.
    """

    law: LawTemplate | None
    before: Term | None
    number: int | None = None


#: How a size was proven: by a law, from the size before with what was known of it.
_Way = tuple[LawTemplate, Term, Theorem | None]


def calculated(proposition: Proposition) -> bool:
    """Whether a comparison is one of numbers, and true."""
    return all(isinstance(arg, Term) and arg.constant is not None for arg in proposition.args) and holds(proposition)


class Formulas:
    """The sizes of one network. ``others`` are those of similar networks: what was proven of a size there, by the same law
    from the same fact, is not proven again. Only the proofs are shared, not the sizes: a size that is given, as with
    ``output=11``, holds under conditions on the size before it, which is another one in every network.
    """

    def __init__(self, others: Formulas | None = None) -> None:
        self.sizes: dict[Term, Size] = {}
        self._facts: dict[Term, Theorem] = {}
        self._steps: dict[Term, FormStep] = {}
        self._proofs: dict[_Way, tuple[Theorem, FormStep | None]] = {} if others is None else others._proofs

    def given(self, size: Term) -> None:
        """A size that is its own formula."""
        self.sizes.setdefault(size, Size(None, None, size.constant))

    def written(self, size: Term) -> Term:
        """The formula of a size."""
        fact = self.fact(size)
        if fact is None:
            return size
        formula: Term = right(fact)
        return formula

    def fact(self, size: Term) -> Theorem | None:
        """conditions ⊢ size = formula; ``None`` for what is no count."""
        waiting: list[Term] = []
        current: Term | None = size
        while current is not None and current not in self._facts:
            known = self.sizes.get(current)
            if known is None or known.law is None:
                break
            waiting.append(current)
            current = known.before
        for defined in reversed(waiting):
            self._facts[defined] = self._proven(defined)
        return self._facts.get(size)

    def met(self, *nodes: Node) -> list[Term]:
        """The sizes with a formula that stand in these, the outermost ones."""
        known = outermost(nodes, lambda node: isinstance(node, Term) and self.fact(node) is not None)
        return [node for node in known if isinstance(node, Term)]

    def counted(self, shape: tuple[Term, ...]) -> Term:
        """The number of entries of an array; its formula is the product of the sizes' formulas."""
        fact = entry_count(shape)
        defined: Term
        defined, written = fact.conclusion.args
        for size in self.met(*shape):
            known = self.fact(size)
            if known is not None:
                hole = substitute(written, {size: HOLE})
                fact = replace(flip(known), fact, Eq(defined, hole), HOLE)
                written = right(fact)
        self._facts[defined] = fact
        return defined

    def _proven(self, defined: Term) -> Theorem:
        size = self.sizes[defined]
        law, before = size.law, size.before
        if law is None or before is None:
            raise ValueError("a given size has no fact")
        known = self._facts.get(before)
        way = law, before, known
        if way not in self._proofs:
            self._proofs[way] = self._by_law(defined, law, before, known)
        theorem, step = self._proofs[way]
        if step is not None:
            self._steps[defined] = step
        return theorem

    def _by_law(
        self, defined: Term, law: LawTemplate, before: Term, known: Theorem | None
    ) -> tuple[Theorem, FormStep | None]:
        written = before if known is None else right(known)
        if written.constant is not None:
            return self._from_number(law, before, known, written), None
        numbers = law.map.offset or law.map.scaling
        if numbers is not None and all(part.constant is not None for part in numbers):
            step = form_step(law.map, self._step(before, known), None)
            return step.closed, step
        theorem = law.map.prove(before)
        if known is not None:
            theorem = replace(flip(known), theorem, Eq(defined, law.formula), HOLE)
        return theorem, None

    def _step(self, before: Term, known: Theorem | None) -> FormStep:
        """Where the closed form goes on from; a formula with letters becomes the base of a new one."""
        found = self._steps.get(before)
        if found is None:
            if known is None:
                found = first_form(before)
            else:
                form = Form(right(known))
                found = FormStep(form, chain(known, polynomial_identity(right(known), form.affine)))
        return found

    def _from_number(self, law: LawTemplate, before: Term, known: Theorem | None, number: Term) -> Theorem:
        """The number in place, worked out where the law has no letters; conditions that hold are calculated."""
        theorem = law.map.prove(before)
        for holed, at in zip(law.conditions(HOLE), law.conditions(number), strict=True):
            if calculated(at):
                condition = calculate(at)
                theorem = cut(condition if known is None else replace(known, condition, holed, HOLE), theorem)
        if known is not None:
            theorem = replace(flip(known), theorem, Eq(theorem.conclusion.args[0], law.formula), HOLE)
        formula = right(theorem)
        if formula.constant is not None and formula is not integer(formula.constant):
            theorem = chain(theorem, value(formula))
        return theorem
