"""The formula of every size, as a theorem size by definition = formula, proven when it is first needed.

Numbers are evaluated; a stack of layers with numeric values gives its closed form; with letters the formula is that of
the law in textbook form.
"""

from __future__ import annotations

from typing import NamedTuple

from symnet.kernel.rules import calculate, chain, cut, entry_count, flip, polynomial_identity, replace, value
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.counting import HOLE, right
from symnet.network.closed_forms import ClosedForm
from symnet.network.proof import FormStep, first_form, form_step
from symnet.solving.law_templates import LawTemplate
from symnet.terms.evaluation import holds
from symnet.terms.node import Node
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Term, integer, substitute
from symnet.terms.walks import outermost

__all__ = ["Formulas", "Size", "is_true_of_numbers"]


class Size(NamedTuple):
    """The origin of a size: the law and the size before it, or ``None`` for an input size; ``number`` is its value if
    known.
    """

    law: LawTemplate | None
    before: Term | None
    number: int | None = None


#: The key of a proof: the law, the size before, and the fact about that size.
_Way = tuple[LawTemplate, Term, Theorem | None]


def is_true_of_numbers(proposition: Proposition) -> bool:
    """Whether a comparison has only numbers and is true."""
    return all(isinstance(arg, Term) and arg.constant is not None for arg in proposition.args) and holds(proposition)


class Formulas:
    """The formulas of the sizes of one network.

    ``others`` are the formulas of a similar network, whose proofs are reused: the same law applied to the same fact is
    not proven again. Only proofs are shared, not sizes: a size that the layer fixes, as with ``output=11``, holds
    under conditions on the size before it, which differs in each network.
    """

    def __init__(self, others: Formulas | None = None) -> None:
        self.sizes: dict[Term, Size] = {}
        self._facts: dict[Term, Theorem] = {}
        self._steps: dict[Term, FormStep] = {}
        self._proofs: dict[_Way, tuple[Theorem, FormStep | None]] = {} if others is None else others._proofs

    def add_input(self, size: Term) -> None:
        """Registers a size that is its own formula."""
        self.sizes.setdefault(size, Size(None, None, size.constant))

    def formula_of(self, size: Term) -> Term:
        """The formula of a size."""
        fact = self.fact(size)
        if fact is None:
            return size
        formula: Term = right(fact)
        return formula

    def fact(self, size: Term) -> Theorem | None:
        """conditions ⊢ size = formula; ``None`` for a size that is its own formula."""
        chain_: list[Term] = []
        current: Term | None = size
        while current is not None and current not in self._facts:
            size_ = self.sizes.get(current)
            if size_ is None or size_.law is None:
                break
            chain_.append(current)
            current = size_.before
        for defined in reversed(chain_):
            self._facts[defined] = self._proven(defined)
        return self._facts.get(size)

    def sizes_in(self, *nodes: Node) -> list[Term]:
        """The outermost sizes with a formula in these nodes."""
        nodes_ = outermost(nodes, lambda node: isinstance(node, Term) and self.fact(node) is not None)
        return [node for node in nodes_ if isinstance(node, Term)]

    def entry_count(self, shape: tuple[Term, ...]) -> Term:
        """The number of entries of an array as a size, whose formula is the product of the sizes' formulas."""
        fact = entry_count(shape)
        defined: Term
        defined, formula = fact.conclusion.args
        for size in self.sizes_in(*shape):
            size_fact = self.fact(size)
            if size_fact is not None:
                hole = substitute(formula, {size: HOLE})
                fact = replace(flip(size_fact), fact, Eq(defined, hole), HOLE)
                formula = right(fact)
        self._facts[defined] = fact
        return defined

    def _proven(self, defined: Term) -> Theorem:
        size = self.sizes[defined]
        law, before = size.law, size.before
        if law is None or before is None:
            raise ValueError("a given size has no fact")
        fact_before = self._facts.get(before)
        way = law, before, fact_before
        if way not in self._proofs:
            self._proofs[way] = self._by_law(defined, law, before, fact_before)
        theorem, step = self._proofs[way]
        if step is not None:
            self._steps[defined] = step
        return theorem

    def _by_law(
        self, defined: Term, law: LawTemplate, before: Term, fact_before: Theorem | None
    ) -> tuple[Theorem, FormStep | None]:
        formula = before if fact_before is None else right(fact_before)
        if formula.constant is not None:
            return self._from_number(law, before, fact_before, formula), None
        numbers = law.map.offset or law.map.scaling
        if numbers is not None and all(part.constant is not None for part in numbers):
            step = form_step(law.map, self._step(before, fact_before), None)
            return step.closed, step
        theorem = law.map.prove(before)
        if fact_before is not None:
            theorem = replace(flip(fact_before), theorem, Eq(defined, law.formula), HOLE)
        return theorem, None

    def _step(self, before: Term, fact_before: Theorem | None) -> FormStep:
        """The step from which the closed form continues; a formula with letters becomes the base of a new closed form."""
        step = self._steps.get(before)
        if step is None:
            if fact_before is None:
                step = first_form(before)
            else:
                form = ClosedForm(right(fact_before))
                step = FormStep(form, chain(fact_before, polynomial_identity(right(fact_before), form.affine)))
        return step

    def _from_number(self, law: LawTemplate, before: Term, fact_before: Theorem | None, number: Term) -> Theorem:
        """The law at a number, evaluated if the law has no letters; conditions on numbers that hold are proven by
        calculation.
        """
        theorem = law.map.prove(before)
        for holed, at in zip(law.conditions(HOLE), law.conditions(number), strict=True):
            if is_true_of_numbers(at):
                condition = calculate(at)
                theorem = cut(
                    condition if fact_before is None else replace(fact_before, condition, holed, HOLE), theorem
                )
        if fact_before is not None:
            theorem = replace(flip(fact_before), theorem, Eq(theorem.conclusion.args[0], law.formula), HOLE)
        formula = right(theorem)
        if formula.constant is not None and formula is not integer(formula.constant):
            theorem = chain(theorem, value(formula))
        return theorem
