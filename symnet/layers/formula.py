"""A layer's size as an expression that can be called: a size put in, the size that comes out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from symnet.errors import LayerError, SymnetError
from symnet.kernel.rules import polynomial_identity
from symnet.kernel.theorem import Theorem
from symnet.layers.counting import rewritten
from symnet.layers.fields import FieldSpec
from symnet.layers.law import AxisMap
from symnet.network.value import Value
from symnet.printing.text import unicode_text
from symnet.terms.node import Node, children_first
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.propositions import holds
from symnet.terms.sympy_letters import Letters, letters_of, merged
from symnet.terms.term import FloorDiv, Product, Sum, Term, substitute, symbols_of

__all__ = ["AxisRule", "Formula", "size_term"]


@dataclass(frozen=True)
class AxisRule:
    """What becomes of an axis: its law, or ``size`` where there is none, with ``hole`` for the size that goes in."""

    title: str
    hole: Term
    map: AxisMap | None
    size: Term

    def __call__(self) -> Theorem:
        """hypotheses ⊢ size by definition = formula."""
        return self.prove(self.hole)

    def formula(self, size: Term) -> Term:
        """The size that comes out, as the law writes it."""
        return _plain(self._written(size))

    def _written(self, size: Term) -> Term:
        return substitute(self.size, {self.hole: size}) if self.map is None else self.map.formula(size)

    def prove(self, size: Term) -> Theorem:
        """hypotheses ⊢ size by definition = formula, for this size."""
        if self.map is None:
            found = self.formula(size)
            return polynomial_identity(found, found)
        return rewritten(self.map.prove(size), self.formula(size))

    def check(self, size: Term) -> None:
        """Refuse a number for which the layer does not fit."""
        for condition in () if self.map is None else self.map.conditions(size):
            if not symbols_of(condition) and not holds(condition):
                fits = self.map.law.would_fit(size, self.map.assignment(size)) if self.map else ""
                raise LayerError(
                    f"{self.title}: {unicode_text(condition)} does not hold" + (f"; {fits}" if fits else "")
                )


class Formula(Value):
    """A size as an expression in W; called with a size it gives the size that comes out, and refuses numbers that do not fit.

    >>> from symnet.layers.convolution import Conv
    >>> size = Conv("K", "F", "S", "P").size
    >>> size
    (W - F + 2*P)//S + 1
    >>> Conv(32, 5).size(28)
    24
    """

    __slots__ = ()

    def __call__(self, size: Any) -> Value:
        rule: Any = self._prove
        term, letters = size_term(size, rule.title)
        rule.check(term)
        return Value(rule.formula(term), partial(rule.prove, term), merged((self._letters or {}, letters)))


def _plain(term: Term) -> Term:
    """The term without what a person would not write: W − 4 for (W − 5 + 2·0)/1 + 1; as it is where there is nothing such."""
    return from_polynomial(normal_form(term)) if any(map(_foldable, children_first(term))) else term


def _foldable(node: Node) -> bool:
    numbers = [part.constant for part in node.children if isinstance(part, Term) and part.constant is not None]
    if isinstance(node, FloorDiv):
        return numbers[-1:] == [1] and node.args[1].constant == 1
    if isinstance(node, Sum):
        return len(numbers) > 1 or 0 in numbers
    with_sum = any(isinstance(part, Sum) for part in node.children)
    return isinstance(node, Product) and (
        len(numbers) > 1 or 0 in numbers or 1 in numbers or bool(numbers and with_sum)
    )


def size_term(size: Any, title: str) -> tuple[Term, Letters]:
    """A size that a person puts in, and its own symbols."""
    if isinstance(size, Value):
        return size.term, size._letters or {}
    try:
        return FieldSpec("count", "a size", name="the size").coerce(size), letters_of(size)
    except SymnetError as refused:
        raise LayerError(f"{title}: {str(refused).splitlines()[0]}") from None
