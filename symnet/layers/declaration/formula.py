"""The size of an axis after a layer as an expression that can be called with an input size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from symnet.errors import LayerError, SymnetError
from symnet.kernel.rules import polynomial_identity
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.fields import FieldSpec
from symnet.layers.declaration.substitution import put_in_layer
from symnet.layers.laws.counting import rewritten
from symnet.layers.laws.law import AxisMap
from symnet.network.value import Value
from symnet.printing.text import text, unicode_text
from symnet.terms.evaluation import holds
from symnet.terms.node import Node, children_first
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.sympy_letters import Letters, letters_of, merged
from symnet.terms.term import FloorDiv, Product, Sum, Symbol, Term, substitute, symbols_of

__all__ = ["AxisRule", "Formula", "size_term"]


@dataclass(frozen=True)
class AxisRule:
    """How one axis changes: by the law ``map``, or to ``size`` if there is none. ``hole`` is the symbol of the input
    size.
    """

    title: str
    hole: Term
    map: AxisMap | None
    size: Term
    #: the layer and the index of the axis, by which a pickled rule is found again
    layer: Any = field(default=None, compare=False, repr=False)
    position: int = field(default=0, compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rule, (self.layer, self.position)

    def __call__(self) -> Theorem:
        """hypotheses ⊢ size by definition = formula, for the symbolic input size."""
        return self.prove(self.hole)

    def formula(self, size: Term) -> Term:
        """The output size for an input ``size``, in the form in which the law states it."""
        return _plain(self._written(size))

    def _written(self, size: Term) -> Term:
        return substitute(self.size, {self.hole: size}) if self.map is None else self.map.formula(size)

    def prove(self, size: Term) -> Theorem:
        """hypotheses ⊢ size by definition = formula, for an input ``size``."""
        if self.map is None:
            formula = self.formula(size)
            return polynomial_identity(formula, formula)
        return rewritten(self.map.prove(size), self.formula(size))

    def at(self, chosen: Mapping[Any, Any]) -> Formula:
        """The formula after substituting sizes for letters of the layer, given by name. Raises :class:`LayerError` for
        a name that is not a letter of the layer, and for a value that is not a size.
        """
        letters: dict[str, Symbol] = {symbol.name: symbol for symbol in self.layer.symbols}
        values: dict[Term, Term] = {}
        letters_used: list[Letters] = [self.layer.letters]
        for name, value in chosen.items():
            if name not in letters:
                names = ", ".join([text(self.hole), *letters])
                raise LayerError(f"{self.title}: {name!r} is none of the letters here: {names}")
            least = letters[name].least
            values[letters[name]], own = size_term(value, self.title, name, 1 if least is None else least)
            letters_used.append(own)
        rule = _rule(put_in_layer(self.layer, values), self.position)
        return Formula(rule.formula(rule.hole), rule, merged(letters_used))

    def check(self, size: Term) -> None:
        """Raises :class:`LayerError` if the layer does not accept an input of ``size`` and this is a number."""
        for condition in () if self.map is None else self.map.conditions(size):
            if not symbols_of(condition) and not holds(condition):
                fits = self.map.law.would_fit(size, self.map.assignment(size)) if self.map else ""
                raise LayerError(
                    f"{self.title}: {unicode_text(condition)} does not hold" + (f"; {fits}" if fits else "")
                )


class Formula(Value):
    """A size as an expression in W. Called with a size it returns the size after the layer, and raises
    :class:`LayerError` for a number that the layer does not accept.

    >>> from symnet.layers.kinds.convolution import Conv
    >>> size = Conv("K", "F", "S", "P").size
    >>> size
    (W - F + 2*P)//S + 1
    >>> Conv(32, 5).size(28), size(W=28, F=5), size(28, F=5, S=1, P=0)
    (24, (2*P + 23)//S + 1, 24)
    """

    __slots__ = ()

    def __call__(self, size: Any = None, /, **named: Any) -> Value:
        """The size after the layer for the input ``size`` or ``W=size``; other letters of the layer may be set by
        name, too.
        """
        rule: Any = self._prove
        letter = text(rule.hole)
        if letter in named:
            if size is not None:
                raise LayerError(f"{rule.title}: the size is put in twice: as {size!r:.60}, and as {letter}")
            size = named.pop(letter)
        if named:
            formula: Formula = rule.at(named)
            return formula if size is None else formula(size)
        if size is None:
            raise LayerError(f"{rule.title}: a size is missing, as in size(28) or size({letter}=28)")
        term, letters = size_term(size, rule.title)
        rule.check(term)
        return Value(rule.formula(term), partial(rule.prove, term), merged((self._letters or {}, letters)))

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        """Pickled as its rule, from which the theorem is proven again."""
        return Formula, (self.term, self._prove, dict(self._letters or {}))


def _rule(layer: Any, position: int) -> AxisRule:
    """The rule of one axis of a layer, by the index of the axis."""
    return layer.axis_rules[position]  # type: ignore[no-any-return]


def _plain(term: Term) -> Term:
    """The term with its constants folded: W − 4 for (W − 5 + 2·0)/1 + 1. A term without foldable constants is returned
    as it is.
    """
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


def size_term(size: Any, title: str, name: str = "the size", least: int = 1) -> tuple[Term, Letters]:
    """A size given by the caller, as a term, and the caller's SymPy symbols in it. ``title`` and ``name`` are for the
    message of the :class:`LayerError`; ``least`` is the least size allowed.
    """
    if isinstance(size, Value):
        return size.term, size._letters or {}
    try:
        return FieldSpec("count", "a size", name=name, least=least).coerce(size), letters_of(size)
    except SymnetError as error:
        raise LayerError(f"{title}: {str(error).splitlines()[0]}") from None
