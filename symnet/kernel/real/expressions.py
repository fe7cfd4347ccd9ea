"""Real expressions, kept as written: variables, entries of arrays, rationals, + · / and powers, exp, log, √, |·|,
sign, minimum and maximum of two, and Σ, min, max over an index. Sizes, subscripts and exponents are integer terms.

Laws of this file
-----------------

- Equal expressions are the same object, and expressions are immutable.
- An expression consists of nodes of exactly these classes, integer terms, names and integers; objects of subclasses
  are refused, since their behaviour could change.
- Every operation is total. ``a/b`` is ``a·b⁻¹``; the values of ``0⁻¹``, and of ``log`` and ``√`` outside their domain,
  are unspecified, so nothing that depends on them can be proven. ``sign`` of 0 is 0.
- ``free`` is the set of all that an expression depends on: variables, symbols, and the names of arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import count
from math import gcd
from typing import Any, ClassVar, TypeVar, cast
from weakref import WeakValueDictionary

from symnet.errors import TermError
from symnet.kernel.sealed import is_one_of
from symnet.terms.term import TERMS, Symbol, Term, as_term, symbols_of

__all__ = [
    "FOLDS", "REALS", "Abs", "Delta", "Entry", "Exp", "Fold", "Largest", "Log", "Maximum", "Minimum", "Node", "Number",
    "Plus", "Power", "Quotient", "Real", "Sign", "Smallest", "Sqrt", "Times", "Total", "Variable", "Whole", "is_node",
    "is_real", "is_term", "number",
]  # fmt: skip

N = TypeVar("N", bound="Node")


#: The objects on which an expression depends: variables, symbols of indices and sizes, names of arrays.
Free = frozenset[Any]

_serials = count()
_set = object.__setattr__


class Node:
    """An interned, immutable node: the class and ``args`` are its identity."""

    __slots__ = ("__weakref__", "args", "free", "height", "serial")
    args: tuple[Any, ...]
    free: Free
    height: int
    serial: int  # the order of creation, which is a total order of the living nodes
    _sealed: ClassVar[bool] = False
    _kinds: ClassVar[frozenset[type]] = frozenset()  # every class of nodes
    _pool: ClassVar[WeakValueDictionary[tuple[Any, ...], Node]] = WeakValueDictionary()

    def __new__(cls: type[N], *args: Any) -> N:
        key = (cls, *args)
        found = Node._pool.get(key)
        if found is not None:
            return found  # type: ignore[return-value]
        if not is_one_of(Node._kinds, cls):  # a subclass that bypassed __init_subclass__
            raise TermError(f"{cls.__name__} is none of the language's nodes")
        node = object.__new__(cls)
        _set(node, "args", args)
        node._check()
        _set(node, "serial", next(_serials))
        _set(node, "height", 1 + max((part.height for part in args if is_node(part)), default=0))
        _set(node, "free", node._free())
        Node._pool[key] = node
        return node

    def __init_subclass__(cls) -> None:
        if Node._sealed:
            raise TermError("the language of real expressions is closed: Node has no further subclasses")

    def _check(self) -> None:
        """Raises :class:`TermError` unless the arguments are of the types that this class requires."""
        _expressions(self, self.args)

    def _free(self) -> Free:
        parts = [part.free if is_node(part) else frozenset(symbols_of(part)) for part in self.args]
        return frozenset().union(*parts)

    def rebuilt(self, change: Callable[[Any], Any]) -> Node:
        """A node of the same class with ``change`` applied to its parts: expressions, statements and integer terms."""
        return type(self)(*map(change, self.args))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.args

    def __copy__(self: N) -> N:
        return self

    def __deepcopy__(self: N, memo: object) -> N:
        return self

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {' '.join(map(str, self.args))}>"


def is_node(value: object) -> bool:
    """Whether an object is a node. Tests the type itself, as ``isinstance`` trusts the object's ``__class__``."""
    return is_one_of(Node._kinds, type(value))


def is_real(value: object) -> bool:
    """Whether an object is a real expression. Tests the type itself."""
    return is_one_of(REALS, type(value))


def is_term(value: object) -> bool:
    """Whether an object is an integer term. Tests the type itself."""
    return is_one_of(TERMS, type(value))


def _expressions(node: Node, parts: tuple[Any, ...], number_of_parts: int | None = None) -> None:
    for part in parts:
        if not is_real(part):
            raise TermError(f"{type(node).__name__} is made of real expressions, not {type(part).__name__}")
    if number_of_parts is not None and len(parts) != number_of_parts:
        raise TermError(f"{type(node).__name__} takes {number_of_parts} expressions, got {len(parts)}")


class Real(Node):
    """A real expression. Operators build expressions without evaluating them.

    >>> x = Variable("x")
    >>> x + 1 is x + 1, 2 * x is x * 2
    (True, False)
    """

    __slots__ = ()

    def __add__(self, other: Real | int) -> Real:
        return Plus(*(self.args if isinstance(self, Plus) else (self,)), number(other))

    def __radd__(self, other: int) -> Real:
        return number(other) + self

    def __sub__(self, other: Real | int) -> Real:
        return self + -number(other)

    def __rsub__(self, other: int) -> Real:
        return number(other) - self

    def __neg__(self) -> Real:
        return Number(-self.value) if isinstance(self, Number) else Times(Number(Fraction(-1)), self)

    def __mul__(self, other: Real | int) -> Real:
        return Times(*(self.args if isinstance(self, Times) else (self,)), number(other))

    def __rmul__(self, other: int) -> Real:
        return number(other) * self

    def __truediv__(self, other: Real | int) -> Real:
        return Quotient(self, number(other))

    def __rtruediv__(self, other: int) -> Real:
        return Quotient(number(other), self)

    def __pow__(self, exponent: Term | int) -> Real:
        return Power(self, as_term(exponent))


class Number(Real):
    """A rational number, stored as numerator and denominator, since a ``Fraction`` is mutable."""

    __slots__ = ()

    def __new__(cls, value: Fraction) -> Number:
        if type(value) is not Fraction:  # 1 and True would find the node of Fraction(1)
            raise TermError(f"not a rational number: {value!r}")
        return super().__new__(cls, value.numerator, value.denominator)

    def _check(self) -> None:
        plain = len(self.args) == 2 and all(type(part) is int for part in self.args)
        if not plain or self.args[1] < 1 or gcd(*self.args) != 1:
            raise TermError("a number is made of an integer over a positive one, in lowest terms")

    def _free(self) -> Free:
        return frozenset()

    @property
    def value(self) -> Fraction:
        """The number as a ``Fraction``."""
        return Fraction(*self.args)

    def __reduce__(self) -> tuple[Any, ...]:
        return Number, (self.value,)


def number(value: Real | int | Fraction) -> Real:
    """The expression of a number; expressions are returned unchanged."""
    if is_real(value):
        return value  # type: ignore[return-value]
    if type(value) not in (int, Fraction):
        raise TermError(f"not a rational number: {value!r}")
    return Number(Fraction(value))  # type: ignore[arg-type]


class Variable(Real):
    """An unknown real number."""

    __slots__ = ()

    def _check(self) -> None:
        _name(*self.args)

    def _free(self) -> Free:
        return frozenset((self,))


class Entry(Real):
    """An entry of an array of real numbers: ``x_i``, ``w_{j,k}``. Arrays have an entry for every integer."""

    __slots__ = ()

    def _check(self) -> None:
        _name(self.args[0])
        if len(self.args) < 2 or not all(map(is_term, self.args[1:])):
            raise TermError(f"the entries of {self.args[0]} are numbered by integer terms")

    def _free(self) -> Free:
        return frozenset((self.args[0], *symbols_of(*self.args[1:])))


def _name(*names: object) -> None:
    name = names[0] if len(names) == 1 else None
    if not (type(name) is str and name.isidentifier()):
        raise TermError(f"{name!r} is not a name: letters, digits and _, not starting with a digit")


class Whole(Real):
    """An integer term as a real number, such as the N in a mean over N entries."""

    __slots__ = ()

    def _check(self) -> None:
        if len(self.args) != 1 or not is_term(self.args[0]):
            raise TermError("only an integer term is a whole number")


class Delta(Real):
    """1 if the two integer terms are equal, else 0."""

    __slots__ = ()

    def _check(self) -> None:
        if len(self.args) != 2 or not all(map(is_term, self.args)):
            raise TermError("δ compares two integer terms")


class Plus(Real):
    """``a + b + …``."""

    __slots__ = ()


class Times(Real):
    """``a · b · …``."""

    __slots__ = ()


class _Two(Real):
    __slots__ = ()

    def _check(self) -> None:
        _expressions(self, self.args, 2)


class _One(Real):
    __slots__ = ()

    def _check(self) -> None:
        _expressions(self, self.args, 1)


class Quotient(_Two):
    """``a / b``."""

    __slots__ = ()


class Minimum(_Two):
    """The minimum of two."""

    __slots__ = ()


class Maximum(_Two):
    """The maximum of two."""

    __slots__ = ()


class Exp(_One):
    """The exponential function."""

    __slots__ = ()


class Log(_One):
    """The natural logarithm."""

    __slots__ = ()


class Sqrt(_One):
    """The square root."""

    __slots__ = ()


class Abs(_One):
    """The absolute value."""

    __slots__ = ()


class Sign(_One):
    """The sign: 1, 0 or −1."""

    __slots__ = ()


class Power(Real):
    """``base ** exponent``; the exponent is an integer term that is never negative."""

    __slots__ = ()

    def _check(self) -> None:
        if len(self.args) != 2 or not (is_real(self.args[0]) and is_term(self.args[1])):
            raise TermError("a power has a real base and an integer term for its exponent")
        exponent = self.args[1]
        if exponent.least is None or exponent.least < 0:
            raise TermError("an exponent must not be negative")


class Fold(Real):
    """A reduction of ``body`` over ``index`` = 0, …, ``bound`` − 1."""

    __slots__ = ()
    least: ClassVar[int] = 1

    def _check(self) -> None:
        index, bound, body = self.args if len(self.args) == 3 else cast("tuple[Any, Any, Any]", (None, None, None))
        if not (type(index) is Symbol and index.least == 0 and is_term(bound) and is_real(body)):
            raise TermError(f"{type(self).__name__} takes an index that counts from 0, a bound and an expression")
        if bound.least is None or bound.least < self.least or index in symbols_of(bound):
            raise TermError(f"{type(self).__name__} over {index.name} needs a bound of at least {self.least}")

    def _free(self) -> Free:
        index, bound, body = self.args
        return frozenset((body.free - {index}) | set(symbols_of(bound)))


class Total(Fold):
    """The sum ``Σ``, which is 0 for a bound of 0."""

    __slots__ = ()
    least: ClassVar[int] = 0


class Smallest(Fold):
    """The smallest of the entries, of which there must be at least one."""

    __slots__ = ()


class Largest(Fold):
    """The largest of the entries, of which there must be at least one."""

    __slots__ = ()


#: The reductions over an index, and every class of expressions.
FOLDS: frozenset[type] = frozenset((Total, Smallest, Largest))
REALS: frozenset[type] = FOLDS | {
    Number, Variable, Entry, Whole, Delta, Plus, Times, Quotient, Power, Minimum, Maximum, Exp, Log, Sqrt, Abs, Sign,
}  # fmt: skip
Node._kinds = REALS
