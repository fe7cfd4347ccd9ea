"""The statements of theorems about real numbers, and the substitution of terms for their variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from symnet.errors import TermError
from symnet.kernel.real.expressions import Entry, Fold, Free, Node, Real, Variable, is_term
from symnet.kernel.sealed import is_one_of
from symnet.terms.term import Symbol, Term, symbols_of
from symnet.terms.term import substitute as put_integer

__all__ = [
    "STATEMENTS", "AtMost", "Below", "Derivative", "Equal", "ForAll", "Less", "Nonzero", "Statement", "derivatives_in",
    "is_statement", "substitute",
]  # fmt: skip


class Statement(Node):
    """A statement about real numbers, of two expressions unless a subclass says otherwise."""

    __slots__ = ()
    _parts: ClassVar[int] = 2

    def _check(self) -> None:
        super()._check()
        if len(self.args) != self._parts:
            raise TermError(f"{type(self).__name__} speaks of {self._parts} expressions, got {len(self.args)}")


class Equal(Statement):
    """``a = b``."""

    __slots__ = ()

    def __new__(cls, left: Real, right: Real) -> Equal:
        return super().__new__(cls, left, right)


class Less(Statement):
    """``a < b``."""

    __slots__ = ()

    def __new__(cls, left: Real, right: Real) -> Less:
        return super().__new__(cls, left, right)


class AtMost(Statement):
    """``a ≤ b``."""

    __slots__ = ()

    def __new__(cls, left: Real, right: Real) -> AtMost:
        return super().__new__(cls, left, right)


class Nonzero(Statement):
    """``a ≠ 0``."""

    __slots__ = ()
    _parts = 1

    def __new__(cls, value: Real) -> Nonzero:
        return super().__new__(cls, value)


class Derivative(Statement):
    """``∂f/∂x = g``; x is a variable or an entry of an array."""

    __slots__ = ()
    _parts = 3

    def __new__(cls, function: Real, at: Real, result: Real) -> Derivative:
        return super().__new__(cls, function, at, result)

    def _check(self) -> None:
        super()._check()
        if type(self.args[1]) not in (Variable, Entry):
            raise TermError("a derivative is taken by a variable or by an entry of an array")


class Below(Statement):
    """``i < N`` for integers."""

    __slots__ = ()

    def __new__(cls, index: Term, bound: Term) -> Below:
        return super().__new__(cls, index, bound)

    def _check(self) -> None:
        if len(self.args) != 2 or not all(map(is_term, self.args)):
            raise TermError("Below compares integer terms")


class ForAll(Statement):
    """A statement for every value of a symbol in its declared range, such as ``for all k ≥ 0``."""

    __slots__ = ()

    def __new__(cls, index: Symbol, inner: Statement) -> ForAll:
        return super().__new__(cls, index, inner)

    def _check(self) -> None:
        if len(self.args) != 2 or type(self.args[0]) is not Symbol or not is_statement(self.args[1]):
            raise TermError("ForAll takes a symbol and a statement")

    def _free(self) -> Free:
        index, inner = self.args
        return frozenset(inner.free - {index})


#: Every class of statements.
STATEMENTS: frozenset[type] = frozenset((Equal, Less, AtMost, Nonzero, Derivative, Below, ForAll))
Node._kinds |= STATEMENTS
Node._sealed = True  # the language is complete


def is_statement(value: object) -> bool:
    """Whether an object is a statement. Tests the type itself."""
    return is_one_of(STATEMENTS, type(value))


def derivatives_in(node: Statement) -> tuple[Derivative, ...]:
    """The derivative inside a statement, under any "for all"; empty if there is none."""
    while isinstance(node, ForAll):
        node = node.args[1]
    return (node,) if isinstance(node, Derivative) else ()


def substitute(node: Any, values: Mapping[Any, Any]) -> Any:
    """Substitute expressions for variables and integer terms for symbols simultaneously. Raises :class:`TermError` if
    a symbol would be captured by a Σ or a "for all".

    >>> from symnet.kernel.real.expressions import number
    >>> x = Variable("x")
    >>> substitute(Equal(x, x + 1), {x: number(2)}) is Equal(number(2), number(2) + 1)
    True
    """
    if isinstance(node, Term):
        integers: dict[Term, Term] = {key: term for key, term in values.items() if isinstance(key, Symbol)}
        return put_integer(node, integers) if integers else node
    if not isinstance(node, Node):
        return node
    relevant = {key: value for key, value in values.items() if key in node.free}
    if not relevant:
        return node
    if isinstance(node, Variable):
        return relevant[node]
    if isinstance(node, Fold | ForAll):
        index = node.args[0]
        for value in relevant.values():
            if index in (value.free if isinstance(value, Node) else symbols_of(value)):
                raise TermError(f"the symbol {index.name} would be bound where it is put: name the index otherwise")
        return type(node)(index, *(substitute(part, relevant) for part in node.args[1:]))
    return node.rebuilt(lambda part: substitute(part, relevant))
