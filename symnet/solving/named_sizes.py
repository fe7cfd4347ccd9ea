"""The sizes between the layers of a question by name, as a person writes them down first: W₁ after conv1, W₂ after maxpool1, …"""

from __future__ import annotations

from dataclasses import dataclass

from symnet.kernel.rules import conjuncts
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.counting import HOLE
from symnet.printing.names import look
from symnet.solving.implied import flat, thinned
from symnet.solving.statement import Statement, Tensor
from symnet.solving.templates import LawTemplate
from symnet.solving.unfloor import linked
from symnet.solving.working import worked_out
from symnet.terms.propositions import And
from symnet.terms.term import Symbol, Term, substitute, symbols_of

__all__ = ["NamedSize", "asked_of_names", "named_sizes"]


@dataclass(frozen=True)
class NamedSize:
    """A size after a layer: how it is counted and what the law makes of it, both from the size before by its name, and its formula
    in the letters of the question with the theorem that it is so."""

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
        """``W₁``, what it counts, the law with its values, and the formula, each once."""
        return tuple(dict.fromkeys((self.name, self.counted, self.by_law, self.formula)))


def named_sizes(statement: Statement) -> tuple[NamedSize, ...]:
    """Every size that the law of a layer defines, in the order of the layers; axes of the same size have one name."""
    formulas = statement.formulas
    letters = symbols_of(*statement.parts, *(size for tensor in statement.tensors for size in tensor.shape.dims))
    taken = {look(symbol.name) for symbol in letters}
    names: dict[Term, Term] = {}
    found: list[NamedSize] = []
    for tensor in statement.tensors[1:]:
        for position, size in reversed(list(enumerate(tensor.shape.axes))):
            known = formulas.sizes.get(size)
            theorem = None if known is None else formulas.fact(size)
            if size in names or known is None or known.law is None or known.before is None or theorem is None:
                continue
            name = _name(statement, tensor, position, taken)
            before = names.get(known.before, known.before)
            counted, _, _ = known.law.filled(before)
            by_law = substitute(known.law.formula, {HOLE: before})
            found.append(
                NamedSize(name, size, tensor.name, known.law, counted, by_law, formulas.written(size), theorem)
            )
            names[size] = name
    return tuple(found)


def _name(statement: Statement, tensor: Tensor, position: int, taken: set[tuple[str, str]]) -> Symbol:
    """``W_1``: the input's own letter or what the axis is called, with the place of the layer; never a letter of the question."""
    axes = statement.tensors[0].shape.axes
    given = axes[position] if len(axes) == len(tensor.shape.axes) else None
    letter = given.name if isinstance(given, Symbol) and len(given.name) == 1 else tensor.shape.axis_names[position]
    name = f"{letter}_{tensor.index}"
    while look(name) in taken:
        name = f"{letter}_out{tensor.index}"
        letter += "_out"
    return Symbol(name, None)


def asked_of_names(statement: Statement, named: tuple[NamedSize, ...]) -> Theorem:
    """⊢ what is asked of the sizes, by their names ⇔ the same worked out, without what follows from other conditions."""
    names: dict[Term, Term] = {one.size: one.name for one in named}
    theorem = conjuncts(tuple(worked_out(substitute(part, names)) for part in statement.parts))
    return linked(theorem, thinned(And(*flat(theorem.conclusion.args[1]))) if _plain(theorem) else theorem)


def _plain(theorem: Theorem) -> bool:
    """Whether no part is a conjunction itself: then the parts can be thinned as they stand."""
    return all(not isinstance(part, And) for part in theorem.conclusion.args[1].args)
