"""Values that know why they are true: a SymPy expression together with its theorem."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from symnet.errors import TermError
from symnet.kernel.theorem import Theorem
from symnet.printing.latex import latex
from symnet.printing.text import text
from symnet.terms.sympy_letters import Letters
from symnet.terms.term import Term

if TYPE_CHECKING:
    import sympy

__all__ = ["Sizes", "Value"]


class Value:
    """A proven value. It stands in for its SymPy expression: arithmetic, comparison, ``sympify`` and every attribute of the
    expression work on it; ``theorem`` says why it is so.

    >>> from symnet import Network
    >>> net = Network.parse("784 -> FC|10")
    >>> net.parameters
    7850
    >>> net.parameters + 1
    7851
    >>> net.parameters.theorem.conclusion.args[1]
    <Int 7850>
    """

    __slots__ = ("_expr", "_letters", "_prove", "term")

    def __init__(self, term: Term, prove: Callable[[], Theorem], letters: Letters | None = None):
        self.term = term
        self._letters = letters
        self._prove = prove
        self._expr: sympy.Expr | None = None

    @property
    def theorem(self) -> Theorem:
        """hypotheses ⊢ definition = value; derived when it is asked for."""
        return self._prove()

    @property
    def expr(self) -> Any:
        """The value as a plain SymPy expression."""
        if self._expr is None:
            from symnet.terms.sympy_bridge import to_sympy

            try:
                self._expr = to_sympy(self.term, self._letters)
            except RecursionError:
                raise TermError("this is nested deeper than SymPy can hold; its term and its text have it") from None
        return self._expr

    def _sympy_(self) -> Any:
        return self.expr

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.expr, name)

    def __eq__(self, other: object) -> bool:
        return bool(self.expr == (other.expr if isinstance(other, Value) else other))

    def __hash__(self) -> int:
        return hash(self.expr)

    def __int__(self) -> int:
        return int(self.expr)

    def __index__(self) -> int:
        return int(self.expr)

    def __add__(self, other: Any) -> Any:
        return self.expr + other

    def __radd__(self, other: Any) -> Any:
        return other + self.expr

    def __sub__(self, other: Any) -> Any:
        return self.expr - other

    def __rsub__(self, other: Any) -> Any:
        return other - self.expr

    def __mul__(self, other: Any) -> Any:
        return self.expr * other

    def __rmul__(self, other: Any) -> Any:
        return other * self.expr

    def __truediv__(self, other: Any) -> Any:
        return self.expr / other

    def __rtruediv__(self, other: Any) -> Any:
        return other / self.expr

    def __pow__(self, other: Any) -> Any:
        return self.expr**other

    def __lt__(self, other: Any) -> Any:
        return self.expr < other

    def __le__(self, other: Any) -> Any:
        return self.expr <= other

    def __gt__(self, other: Any) -> Any:
        return self.expr > other

    def __ge__(self, other: Any) -> Any:
        return self.expr >= other

    def __repr__(self) -> str:
        return text(self.term)

    def _repr_latex_(self) -> str:
        return f"${latex(self.term)}$"


class Sizes(tuple[Value, ...]):
    """The sizes of a tensor; ``theorem`` joins the theorems of its sizes."""

    __slots__ = ()

    @property
    def theorem(self) -> Theorem:
        """What is proven of all the sizes together."""
        from symnet.kernel.rules import both

        return both(tuple(value.theorem for value in self))

    def __repr__(self) -> str:
        return f"({', '.join(map(repr, self))}{',' if len(self) == 1 else ''})"

    def _repr_latex_(self) -> str:
        return "$" + r" \times ".join(latex(value.term) for value in self) + "$"
