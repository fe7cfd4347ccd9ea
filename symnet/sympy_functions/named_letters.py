"""SymPy expressions whose letters may be called by their names, as long as they come from a network.

    net.output[1].subs("S", 2).subs("W", 10)
    (net.parameters + net.activations).diff("K")

SymPy takes the text "W" for a symbol of which nothing is assumed, which is none of a network's letters. What methods and
operators make of an expression here, relations included, keeps the names; what SymPy's functions make of it, as
``sympy.expand(value)`` does, is a plain expression, and its letters go by the symbols: ``symnet.symbols.W``.

Letters that answer to their names wherever they stand cannot be had. If a letter were equal to SymPy's symbol of its name, SymPy's
caches, which exchange what is equal, would hand out the one for the other, with other assumptions. If it were not equal and only let
itself be replaced by name, ``diff`` would still not find it and give 0, and where a person's own symbol of that name stands beside
it, putting a number in for that one would put it in for both.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from functools import partial
from types import MethodType, new_class
from typing import TYPE_CHECKING, Any, ClassVar

from symnet.errors import TermError
from symnet.terms.parse import default_symbol, parse_expression
from symnet.terms.sympy_letters import Letters
from symnet.terms.term import Symbol, Term

if TYPE_CHECKING:
    from sympy import Expr
else:
    Expr = (
        object  # SymPy is loaded by the first expression: its class is made from that of the plain one, see _class_for
    )

__all__ = ["NamedLetters"]

#: The methods of an expression that accept names of letters, and how many of their arguments may be names.
BY_NAME = {
    "apart": 1, "as_coefficients_dict": 99, "as_independent": 99, "as_leading_term": 99, "as_poly": 99, "aseries": 1,
    "coeff": 1, "collect": 1, "count": 1, "diff": 99, "find": 1, "has": 99, "has_free": 99, "integrate": 99,
    "is_constant": 99, "is_polynomial": 99, "is_rational_function": 99, "leadterm": 1, "limit": 1, "lseries": 1,
    "nseries": 1, "replace": 2, "series": 1, "subs": 2, "xreplace": 1,
}  # fmt: skip

#: The options of methods that contain names of letters: ``value.evalf(subs={"W": 3})``.
_OPTIONS = ("subs",)


class NamedLetters(Expr):  # type: ignore[misc]  # SymPy has no types
    """A SymPy expression, of its own class, whose methods and operators know letters by their names.

    >>> from symnet import Network
    >>> size = Network.parse("(3*W*W) -> Conv|8|3|S").output[1].subs("S", 2)
    >>> size, size.subs("W", 10), (size + 1).subs({"W": "W - 1"})
    ((W - 1)//2, 4, (W - 2)//2 + 1)
    """

    __slots__ = ()
    __sympy__ = None  # not SymPy's True, "use this as it is": SymPy shall convert it to its plain expression
    _op_priority = 10.0001  # above plain expressions, so that x + value is evaluated here; below matrices and the like

    #: The attributes of an instance; all others are those of the plain expression.
    own: ClassVar[tuple[str, ...]] = ("_plain", "_letters", "_known")
    #: The names that are looked up in this class and not in the plain expression.
    here: ClassVar[frozenset[str]] = frozenset()

    if TYPE_CHECKING:
        _plain: Any
        _letters: Letters | None
        _known: tuple[Callable[[], Iterable[Symbol]], ...]

    @classmethod
    def make(cls, plain: Any, **content: Any) -> Any:
        """An instance for a plain expression, which is ``None`` if SymPy cannot represent it."""
        made: Any = object.__new__(_class_for(cls, type(plain)))
        for name, value in {"_plain": plain, **content}.items():
            object.__setattr__(made, name, value)
        return made

    @property
    def expr(self) -> Any:
        """The plain SymPy expression."""
        if self._plain is None:
            raise TermError("this is nested deeper than SymPy can hold; its term and its text have it")
        return self._plain

    def _sympy_(self) -> Any:
        return self.expr

    def __getattribute__(self, name: str) -> Any:
        if name in type(self).here or (name.startswith("__") and name.endswith("__")):
            return object.__getattribute__(self, name)
        plain = self.expr
        found = getattr(plain, name)
        is_method = isinstance(found, MethodType) and found.__self__ is plain and not name.startswith("_")
        return partial(self._call, name, found) if is_method else found

    def __setattr__(self, name: str, content: object) -> None:
        raise AttributeError("a value cannot be changed")

    def _call(self, name: str, method: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        names = BY_NAME.get(name, 0)
        options = {key: self._by_name(one) if key in _OPTIONS else one for key, one in options.items()}
        return self._speaking(method(*map(self._by_name, arguments[:names]), *arguments[names:], **options))

    def _speaking(self, result: Any, other: Any = None) -> Any:
        """A result that knows letters by their names, including those of the operand ``other``."""
        if isinstance(result, tuple | list) and type(result) in (tuple, list):
            return type(result)(self._speaking(one, other) for one in result)
        import sympy
        from sympy.logic.boolalg import Boolean

        speaks = isinstance(result, sympy.Expr | Boolean) and not isinstance(result, NamedLetters)
        if not speaks or not result.free_symbols:
            return result
        letters, known = self._letters, self._known
        if isinstance(other, NamedLetters):
            letters = {**(other._letters or {}), **(letters or {})}
            known = tuple(dict.fromkeys((*known, *other._known)))
        return NamedLetters.make(result, _letters=letters, _known=known)

    def _by_name(self, argument: Any) -> Any:
        """The argument of a method, with names and other text replaced by expressions."""
        if isinstance(argument, str):
            from symnet.terms.sympy_bridge import to_sympy

            symbols: dict[str, Any] = {}
            return to_sympy(parse_expression(argument, partial(self._letter, symbols)), symbols)
        if isinstance(argument, dict):
            return {self._by_name(key): self._by_name(item) for key, item in argument.items()}
        if isinstance(argument, tuple | list):
            return type(argument)(map(self._by_name, argument))
        return argument

    def _letter(self, symbols: dict[str, Any], name: str) -> Term:
        """The letter of this name; its SymPy symbol is added to ``symbols``."""
        here = [symbol for symbol in self.expr.free_symbols if symbol.name == name]
        if len(here) > 1:
            raise TermError(f"several symbols are named {name!r} here: say which by the SymPy symbol itself")
        known = {symbol.name: symbol for symbol in self._letters_known()}
        if not here and name not in known:
            every = sorted({*known, *(symbol.name for symbol in self.expr.free_symbols)})
            raise TermError(f"{name!r} is none of the letters here: {', '.join(every) or 'there are none'}")
        own = here[0] if here else (self._letters or {}).get(name)
        if own is not None:
            symbols[name] = own
        return known.get(name) or default_symbol(name)

    # ---- operators ----

    def __eq__(self, other: object) -> bool:
        return bool(self.expr == _plain(other))

    def __hash__(self) -> int:
        return hash(self.expr)

    def __bool__(self) -> bool:
        return bool(self.expr)

    def _operated(self, other: Any, operation: Callable[[Any, Any], Any]) -> Any:
        return self._speaking(operation(self.expr, _plain(other)), other)

    def _operated_on(self, other: Any, operation: Callable[[Any, Any], Any]) -> Any:
        return self._speaking(operation(_plain(other), self.expr), other)

    def __add__(self, other: Any) -> Any:
        return self._operated(other, operator.add)

    def __radd__(self, other: Any) -> Any:
        return self._operated_on(other, operator.add)

    def __sub__(self, other: Any) -> Any:
        return self._operated(other, operator.sub)

    def __rsub__(self, other: Any) -> Any:
        return self._operated_on(other, operator.sub)

    def __mul__(self, other: Any) -> Any:
        return self._operated(other, operator.mul)

    def __rmul__(self, other: Any) -> Any:
        return self._operated_on(other, operator.mul)

    def __truediv__(self, other: Any) -> Any:
        return self._operated(other, operator.truediv)

    def __rtruediv__(self, other: Any) -> Any:
        return self._operated_on(other, operator.truediv)

    def __floordiv__(self, other: Any) -> Any:
        return self._operated(other, operator.floordiv)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._operated_on(other, operator.floordiv)

    def __mod__(self, other: Any) -> Any:
        return self._operated(other, operator.mod)

    def __rmod__(self, other: Any) -> Any:
        return self._operated_on(other, operator.mod)

    def __divmod__(self, other: Any) -> Any:
        return self._operated(other, divmod)

    def __rdivmod__(self, other: Any) -> Any:
        return self._operated_on(other, divmod)

    def __pow__(self, other: Any, modulo: Any = None) -> Any:
        if modulo is None:
            return self._operated(other, operator.pow)
        return self._speaking(pow(self.expr, _plain(other), _plain(modulo)), other)

    def __rpow__(self, other: Any) -> Any:
        return self._operated_on(other, operator.pow)

    def __neg__(self) -> Any:
        return self._speaking(-self.expr)

    def __pos__(self) -> Any:
        return self._speaking(+self.expr)

    def __abs__(self) -> Any:
        return self._speaking(abs(self.expr))

    # ---- relations ----

    def __lt__(self, other: Any) -> Any:
        return self._operated(other, operator.lt)

    def __le__(self, other: Any) -> Any:
        return self._operated(other, operator.le)

    def __gt__(self, other: Any) -> Any:
        return self._operated(other, operator.gt)

    def __ge__(self, other: Any) -> Any:
        return self._operated(other, operator.ge)

    def __and__(self, other: Any) -> Any:
        return self._operated(other, operator.and_)

    def __or__(self, other: Any) -> Any:
        return self._operated(other, operator.or_)

    def __invert__(self) -> Any:
        return self._speaking(~self.expr)

    # ---- copies and text ----

    def __copy__(self) -> NamedLetters:
        return self

    def __deepcopy__(self, memo: object) -> NamedLetters:
        return self

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return _again, (self.expr, dict(self._letters or {}), self._letters_known())

    def _letters_known(self) -> tuple[Symbol, ...]:
        """The letters that can be named, whether they occur in the expression or not."""
        return tuple(dict.fromkeys(symbol for known in self._known for symbol in known()))

    def __repr__(self) -> str:
        return repr(self.expr)

    def __str__(self) -> str:
        return str(self.expr)

    def __format__(self, form: str) -> str:
        return (
            format(int(self._plain), form)
            if self._plain is not None and self._plain.is_Integer
            else format(str(self), form)
        )


def _plain(other: Any) -> Any:
    return other.expr if isinstance(other, NamedLetters) else other


def _again(plain: Any, letters: Letters, known: tuple[Symbol, ...]) -> NamedLetters:
    """Rebuild a pickled expression."""
    return NamedLetters.make(plain, _letters=letters, _known=(partial(tuple, known),))  # type: ignore[no-any-return]


_classes: dict[tuple[type, type], type] = {}


def _class_for(cls: type[NamedLetters], of: type) -> type:
    """The subclass for plain expressions of this class; for the class of a single object, such as that of 0, the one
    of its base class.
    """
    if (cls, of) in _classes:
        return _classes[cls, of]
    import sympy

    known = of if issubclass(of, sympy.Basic) else sympy.Expr
    base = next(one for one in known.__mro__ if type(one) in (type, type(sympy.Expr), type(sympy.Function)))
    here = {name for one in cls.__mro__ if issubclass(one, NamedLetters) for name in one.__dict__}
    body = {
        "__slots__": cls.own,
        "__module__": cls.__module__,
        "__doc__": cls.__doc__,
        "here": frozenset((*here, *cls.own)),
    }
    _classes[cls, of] = new_class(known.__name__, (cls, base), exec_body=lambda namespace: namespace.update(body))
    return _classes[cls, of]
