"""Names for the sizes between the layers of a question, as in a textbook: W₁ after conv1, W₂ after maxpool1, …"""

from __future__ import annotations

from dataclasses import dataclass

from symnet.kernel.rules import conjuncts
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.counting import HOLE
from symnet.printing.names import look
from symnet.solving.evaluation import evaluated
from symnet.solving.floors import linked
from symnet.solving.law_templates import LawTemplate
from symnet.solving.redundant import all_conjuncts, without_redundant
from symnet.solving.statement import Statement, Tensor
from symnet.terms.propositions import And
from symnet.terms.term import Symbol, Term, substitute, symbols_of

__all__ = ["NamedSize", "asked_of_names", "named_sizes"]


@dataclass(frozen=True)
class NamedSize:
    """A size after a layer: its definition (``counted``) and the law's formula (``by_law``), both in terms of the size
    before by its name, and its ``formula`` in the letters of the question, with the theorem size = formula.
    """

    name: Symbol
    size: Term
    layer: str
    law: LawTemplate
    counted: Term
    by_law: Term
    formula: Term
    theorem: Theorem

    @property
    def written(self) -> tuple[Term, ...]:
        """``W₁``, its definition, the law with its values, and the formula, without repetitions."""
        return tuple(dict.fromkeys((self.name, self.counted, self.by_law, self.formula)))


def named_sizes(statement: Statement) -> tuple[NamedSize, ...]:
    """Every size that a layer's law defines, in the order of the layers; axes of the same size share a name."""
    formulas = statement.formulas
    letters = symbols_of(*statement.parts, *(size for tensor in statement.tensors for size in tensor.shape.dims))
    used_names = {look(symbol.name) for symbol in letters}
    names: dict[Term, Term] = {}
    named: list[NamedSize] = []
    for tensor in statement.tensors[1:]:
        for position, size in reversed(list(enumerate(tensor.shape.axes))):
            origin = formulas.sizes.get(size)
            theorem = None if origin is None else formulas.fact(size)
            if size in names or origin is None or origin.law is None or origin.before is None or theorem is None:
                continue
            name = _name(statement, tensor, position, used_names)
            before = names.get(origin.before, origin.before)
            counted, _, _ = origin.law.filled(before)
            by_law = substitute(origin.law.formula, {HOLE: before})
            named.append(
                NamedSize(name, size, tensor.name, origin.law, counted, by_law, formulas.formula_of(size), theorem)
            )
            names[size] = name
    return tuple(named)


def _name(statement: Statement, tensor: Tensor, position: int, used_names: set[tuple[str, str]]) -> Symbol:
    """``W_1``: the input's own letter or the name of the axis, with the index of the layer; never a letter of the
    question.
    """
    axes = statement.tensors[0].shape.axes
    input_size = axes[position] if len(axes) == len(tensor.shape.axes) else None
    letter = (
        input_size.name
        if isinstance(input_size, Symbol) and len(input_size.name) == 1
        else tensor.shape.axis_names[position]
    )
    name = f"{letter}_{tensor.index}"
    while look(name) in used_names:
        name = f"{letter}_out{tensor.index}"
        letter += "_out"
    return Symbol(name, None)


def asked_of_names(statement: Statement, named: tuple[NamedSize, ...]) -> Theorem:
    """⊢ the conditions on the sizes, by their names ⇔ the same evaluated, without redundant ones."""
    names: dict[Term, Term] = {one.size: one.name for one in named}
    theorem = conjuncts(tuple(evaluated(substitute(part, names)) for part in statement.parts))
    return linked(
        theorem, without_redundant(And(*all_conjuncts(theorem.conclusion.args[1]))) if _plain(theorem) else theorem
    )


def _plain(theorem: Theorem) -> bool:
    """Whether no part is a conjunction itself, so that redundant parts can be removed."""
    return all(not isinstance(part, And) for part in theorem.conclusion.args[1].args)
