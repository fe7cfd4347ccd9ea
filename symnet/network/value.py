"""Values that know why they are true: SymPy expressions with a theorem."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from types import new_class
from typing import TYPE_CHECKING, Any

from symnet.errors import KernelError, ProofError, SymnetError, TermError
from symnet.kernel.replay import check_proof, write_proof
from symnet.kernel.theorem import Theorem, steps
from symnet.printing.latex import latex
from symnet.printing.text import python_text
from symnet.terms.node import children_first
from symnet.terms.parse import parse_expression
from symnet.terms.sympy_letters import Letters
from symnet.terms.term import Symbol, Term, symbols_of

if TYPE_CHECKING:
    from sympy import Expr
else:
    Expr = object  # SymPy is loaded by the first value: its class is made from that of its expression, see _kind

__all__ = ["Sizes", "Value"]

#: A pickled value takes its proof along up to this many steps.
PICKLED = 20_000

#: The methods of an expression that take letters by name, and how many of their arguments may be names.
BY_NAME = {
    "as_coefficients_dict": 99, "coeff": 1, "collect": 1, "diff": 99, "has": 99, "integrate": 99, "limit": 1,
    "replace": 2, "series": 1, "subs": 2, "xreplace": 1,
}  # fmt: skip


class Value(Expr):  # type: ignore[misc]  # SymPy has no types
    """A proven value: an instance of its expression's own class, with ``theorem`` besides.

    A value of 7850 is an ``Integer``, a value of W + 1 is an ``Add``, so it prints, compares, hashes and calculates as every
    expression does. Whatever is made of it (``value + 1``, ``value.subs(...)``, ``sympify(value)``) is a plain expression
    without a theorem. Letters may be named: ``value.subs("K", 3)``, ``value.diff("K")``.

    >>> from symnet import Network
    >>> net = Network.parse("784 -> FC|10")
    >>> net.parameters
    7850
    >>> net.parameters + 1
    7851
    >>> net.parameters.theorem.conclusion.args[1]
    <Int 7850>
    """

    __slots__ = ()
    __sympy__ = None  # SymPy's own classes say True, "take it as it is"; a value asks to be taken as its expression

    if TYPE_CHECKING:
        term: Term
        _plain: Any
        _prove: Callable[[], Theorem]
        _letters: Letters | None
        _known: Callable[[], Iterable[Symbol]] | None

    def __new__(
        cls,
        term: Term,
        prove: Callable[[], Theorem],
        letters: Letters | None = None,
        known: Callable[[], Iterable[Symbol]] | None = None,
    ) -> Value:
        """``prove`` derives the theorem when it is asked for; ``letters`` are the SymPy symbols that stand for letters of
        these names; ``known`` are the letters that may be named besides those of the term."""
        from symnet.terms.sympy_bridge import to_sympy

        try:
            plain = to_sympy(term, letters)
        except RecursionError:
            plain = None
        value: Value = object.__new__(_kind(cls, type(plain)))
        for name, content in zip(_OWN, (term, plain, prove, letters, known), strict=True):
            object.__setattr__(value, name, content)
        return value

    @property
    def theorem(self) -> Theorem:
        """hypotheses ⊢ definition = value; derived when it is asked for."""
        return self._prove()

    @property
    def expr(self) -> Any:
        """The value as a plain SymPy expression."""
        if self._plain is None:
            raise TermError("this is nested deeper than SymPy can hold; its term and its text have it")
        return self._plain

    def _sympy_(self) -> Any:
        return self.expr

    def __getattribute__(self, name: str) -> Any:
        if name in _OWN or name in Value.__dict__ or (name.startswith("__") and name.endswith("__")):
            return object.__getattribute__(self, name)
        found = getattr(self.expr, name)
        return partial(self._named, found, BY_NAME[name]) if name in BY_NAME else found

    def __setattr__(self, name: str, content: object) -> None:
        raise AttributeError("a value cannot be changed")

    def _named(self, method: Callable[..., Any], names: int, *arguments: Any, **options: Any) -> Any:
        return method(*map(self._by_name, arguments[:names]), *arguments[names:], **options)

    def _by_name(self, argument: Any) -> Any:
        """The argument of a method with expressions for names and other text."""
        if isinstance(argument, str):
            from symnet.terms.sympy_bridge import to_sympy

            return to_sympy(parse_expression(argument, self._letter), self._letters)
        if isinstance(argument, dict):
            return {self._by_name(key): self._by_name(item) for key, item in argument.items()}
        if isinstance(argument, tuple | list):
            return type(argument)(map(self._by_name, argument))
        return argument

    def _letter(self, name: str) -> Symbol:
        known = {symbol.name: symbol for symbol in (*(self._known() if self._known else ()), *symbols_of(self.term))}
        if name not in known:
            raise TermError(f"{name!r} is none of the letters here: {', '.join(sorted(known)) or 'there are none'}")
        return known[name]

    def __eq__(self, other: object) -> bool:
        return bool(self.expr == (other.expr if isinstance(other, Value) else other))

    def __hash__(self) -> int:
        return hash(self.expr)

    def __bool__(self) -> bool:
        return bool(self.expr)

    def __copy__(self) -> Value:
        return self

    def __deepcopy__(self, memo: object) -> Value:
        return self

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return _again, (self.term, dict(self._letters or {}), _proof_of(self))

    def __repr__(self) -> str:
        return python_text(self.term)

    __str__ = __repr__

    def __format__(self, form: str) -> str:
        if self._plain is not None and self._plain.is_Integer:
            return format(int(self._plain), form)
        return format(str(self), form)

    def _repr_latex_(self) -> str:
        return f"${latex(self.term)}$"


_OWN = ("term", "_plain", "_prove", "_letters", "_known")


_kinds: dict[tuple[type, type], type[Value]] = {}


def _kind(cls: type[Value], of: type) -> type[Value]:
    """The class of values whose expressions are of this class; of an only instance, such as 0, that of its like."""
    if (cls, of) in _kinds:
        return _kinds[cls, of]
    import sympy

    known = of if issubclass(of, sympy.Expr) else sympy.Expr
    base = next(one for one in known.__mro__ if type(one) in (type, type(sympy.Expr), type(sympy.Function)))
    body = {"__slots__": _OWN, "__module__": __name__, "__doc__": Value.__doc__}
    _kinds[cls, of] = new_class(known.__name__, (cls, base), exec_body=lambda namespace: namespace.update(body))
    return _kinds[cls, of]


def _proof_of(value: Value) -> str:
    """The proof of a value as JSON; in place of one that does not travel along, why."""
    try:
        theorem = value.theorem
        if len(steps(theorem)) > PICKLED:
            return f"its proof has {len(steps(theorem)):,} steps, too many to be stored along"
        return json.dumps(write_proof(theorem))
    except SymnetError as error:
        return str(error)


def _again(term: Term, letters: Letters | None, proof: str) -> Value:
    """A value that was stored; its theorem is made again from the proof, step by step, when it is asked for."""
    return Value(term, partial(_replayed, term, proof), letters)


def _replayed(term: Term, proof: str) -> Theorem:
    if not proof.startswith("{"):
        raise KernelError(f"the theorem of this stored value is gone: {proof}; ask the network for it again")
    [theorem] = check_proof(json.loads(proof))
    if term not in children_first(theorem.conclusion):
        raise ProofError(f"the stored proof is not one of this value: it proves {theorem!r:.200}")
    return theorem


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
