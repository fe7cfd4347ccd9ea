"""Terms: integer expressions, kept unevaluated.

A term never rewrites itself: ``W - F + 2*P`` with 28 for W stays ``28 - F + 2*P``, so that a derivation can show the
numbers before it shows the value. SymPy expressions cannot do that (they evaluate when built), so they only appear at
the border, :mod:`symnet.terms.sympy_bridge`.

Laws of this file
-----------------
* Equal terms are one object: nodes are interned, so ``==`` is ``is``, and a deep network shares its prefixes.
* A term is immutable.
* ``term.least`` is a lower bound that follows from the structure alone (or ``None``); every rule that needs a sign uses it.
* Nothing here recurses: a network of ten thousand layers is one deep term.
* All kinds of terms are in this one file, because the set of kinds is closed and trusted by the kernel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from symnet.errors import TermError
from symnet.terms.node import Node, children_first, setter

__all__ = [
    "BITS", "TERMS", "CeilDiv", "Count", "Entries", "FloorDiv", "Int", "Max", "Min", "Mod", "Power", "Product",
    "Sum", "Symbol", "Term", "Windows", "as_term", "evaluate", "has_symbol", "integer", "negative", "rebuild",
    "substitute", "substitute_all", "symbols_of",
]  # fmt: skip

N = TypeVar("N", bound=Node)

#: Integers with more bits than this are refused, so that a huge power is never computed.
BITS = 4096

_set_mask = setter(Node, "mask")


class Term(Node):
    """An integer expression. Arithmetic operators build terms without evaluating them.

    >>> W, P = Symbol("W"), Symbol("P", 0)
    >>> (W + 2 * P).least
    1
    >>> (W - 5) // 2 is (W - 5) // 2
    True
    """

    __slots__ = ("constant", "least")
    least: int | None
    constant: int | None  # the value of a term without symbols, if it has one

    def _finish(self) -> None:
        mask = 0
        constants: list[int] | None = []
        for child in self.children:
            kind = type(child)  # an object that only claims this class could forge its sign
            if kind not in TERMS or type(kind) is not type:
                raise TermError(f"{type(self).__name__} is made of terms, not of {type(child).__name__}")
            mask |= child.mask
            number: int | None = child.constant  # type: ignore[attr-defined]
            if number is None:
                constants = None
            elif constants is not None:
                constants.append(number)
        _set_mask(self, mask)
        constant = None if constants is None else self._value(constants)
        _set_constant(self, constant)
        _set_least(self, self._least() if constant is None else constant)

    def _least(self) -> int | None:
        return None

    def _value(self, numbers: list[int]) -> int | None:
        """The value for these values of the children; ``None`` if it has none."""
        return None

    def __add__(self, other: Term | int) -> Term:
        return Sum(*(self.args if isinstance(self, Sum) else (self,)), as_term(other))

    def __radd__(self, other: int) -> Term:
        return as_term(other) + self

    def __sub__(self, other: Term | int) -> Term:
        return self + negative(as_term(other))

    def __rsub__(self, other: int) -> Term:
        return as_term(other) - self

    def __neg__(self) -> Term:
        return negative(self)

    def __mul__(self, other: Term | int) -> Term:
        return Product(*(self.args if isinstance(self, Product) else (self,)), as_term(other))

    def __rmul__(self, other: int) -> Term:
        return as_term(other) * self

    def __floordiv__(self, other: Term | int) -> Term:
        return FloorDiv(self, as_term(other))

    def __rfloordiv__(self, other: int) -> Term:
        return FloorDiv(as_term(other), self)

    def __mod__(self, other: Term | int) -> Term:
        return Mod(self, as_term(other))

    def __pow__(self, exponent: int) -> Term:
        return Power(self, exponent)


def _bounded(value: int) -> int:
    if value.bit_length() > BITS:
        raise TermError(f"a number of {value.bit_length()} bits is out of reach (at most {BITS})")
    return value


_set_constant, _set_least = setter(Term, "constant"), setter(Term, "least")


class Int(Term):
    """An integer written as a numeral."""

    __slots__ = ()

    def __new__(cls, value: int) -> Int:
        if type(value) is not int:  # True and 1.0 are equal to 1 and would find its node
            raise TermError(f"not an integer: {value!r}")
        return super().__new__(cls, value)

    def _finish(self) -> None:
        if type(self.args[0]) is not int:  # a subclass of int could override arithmetic
            raise TermError(f"not an integer: {self.args[0]!r}")
        value = _bounded(self.args[0])
        _set_mask(self, 0)
        _set_least(self, value)
        _set_constant(self, value)

    @property
    def value(self) -> int:
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def children(self) -> tuple[Node, ...]:
        return ()


class Symbol(Term):
    """An unknown integer that is at least ``least`` (1 unless given; ``None`` for any integer).

    >>> Symbol("W").least, Symbol("P", 0).least, Symbol("x", None).least
    (1, 0, None)
    """

    __slots__ = ()

    def __new__(cls, name: str, least: int | None = 1) -> Symbol:
        return super().__new__(cls, name, least)

    def _finish(self) -> None:
        name, least = self.args
        if not (type(name) is str and name.isidentifier()):
            raise TermError(f"{name!r} is not a symbol's name: letters, digits and _, not starting with a digit")
        if not (least is None or type(least) is int):
            raise TermError(f"the least value of {name} must be an integer or None, got {least!r}")
        _set_least(self, least)
        _set_constant(self, None)
        # rules use symbols of any sign, networks never do: theirs have separate bits
        _set_mask(self, 1 << (hash(name) % 16 if least is None else 16 + hash(name) % 48))

    @property
    def name(self) -> str:
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def children(self) -> tuple[Node, ...]:
        return ()


class Sum(Term):
    """``a + b + …`` unevaluated; a subtracted term is a product with -1."""

    __slots__ = ()

    def _least(self) -> int | None:
        total = 0
        for term in self.args:
            if term.least is None:
                return None
            total += term.least
        return _bounded(total)

    def _value(self, numbers: list[int]) -> int | None:
        return _bounded(sum(numbers))


class Product(Term):
    """``a · b · …`` unevaluated."""

    __slots__ = ()

    def _least(self) -> int | None:
        total = 1
        ints = 1
        for factor in self.args:
            if type(factor) is Int:
                ints *= factor.args[0]
            elif factor.least is None or factor.least < 0:
                return None
            else:
                total *= factor.least
        if ints < 0:
            return ints if all(type(f) is Int for f in self.args) else None
        return _bounded(ints * total)

    def _value(self, numbers: list[int]) -> int | None:
        total = 1
        for number in numbers:
            total = _bounded(total * number)
        return total


class Power(Term):
    """``base ** exponent`` with a fixed exponent from 0 to 64."""

    __slots__ = ()

    _arity = 2

    def __new__(cls, base: Term, exponent: int) -> Power:
        _exponent(exponent)  # True and 2.0 are equal to 1 and 2 and would find their nodes
        return super().__new__(cls, base, exponent)

    def _finish(self) -> None:
        _exponent(self.args[1])
        super()._finish()

    @property
    def children(self) -> tuple[Node, ...]:
        return self.args[:1]

    def _least(self) -> int | None:
        base, exponent = self.args
        if base.least is None or (base.least < 0 and exponent % 2):
            return 1 if exponent == 0 else 0 if exponent % 2 == 0 else None
        if base.least < 0:
            return 1 if exponent == 0 else 0
        if base.least.bit_length() * exponent > BITS:
            raise TermError(f"a power of {base.least.bit_length() * exponent} bits is out of reach (at most {BITS})")
        return base.least**exponent  # type: ignore[no-any-return]

    def _value(self, numbers: list[int]) -> int | None:
        exponent = self.args[1]
        if numbers[0].bit_length() * exponent > BITS:
            raise TermError(f"a power of {numbers[0].bit_length() * exponent} bits is out of reach (at most {BITS})")
        return numbers[0] ** exponent  # type: ignore[no-any-return]


def _exponent(value: object) -> None:
    if type(value) is not int or not 0 <= value <= 64:
        raise TermError(f"the exponent must be an integer from 0 to 64, got {value!r}")


class FloorDiv(Term):
    """``⌊numerator / denominator⌋``."""

    __slots__ = ()
    _arity = 2

    if TYPE_CHECKING:

        def __new__(cls, numerator: Term, denominator: Term) -> FloorDiv: ...

    def _least(self) -> int | None:
        numerator, denominator = self.args
        if numerator.least is None or denominator.least is None or denominator.least < 1:
            return None
        if type(denominator) is Int:
            return numerator.least // denominator.value  # type: ignore[no-any-return]
        return min(numerator.least, 0)  # type: ignore[no-any-return]

    def _value(self, numbers: list[int]) -> int | None:
        return numbers[0] // numbers[1] if numbers[1] else None


class CeilDiv(Term):
    """``⌈numerator / denominator⌉``."""

    __slots__ = ()
    _arity = 2

    if TYPE_CHECKING:

        def __new__(cls, numerator: Term, denominator: Term) -> CeilDiv: ...

    def _least(self) -> int | None:
        numerator, denominator = self.args
        if numerator.least is None or denominator.least is None or denominator.least < 1:
            return None
        if type(denominator) is Int:
            return -(-numerator.least // denominator.value)  # type: ignore[no-any-return]
        return min(numerator.least, 1)  # type: ignore[no-any-return]

    def _value(self, numbers: list[int]) -> int | None:
        return -(-numbers[0] // numbers[1]) if numbers[1] else None


class Mod(Term):
    """``numerator mod denominator``, between 0 and the denominator."""

    __slots__ = ()
    _arity = 2

    if TYPE_CHECKING:

        def __new__(cls, numerator: Term, denominator: Term) -> Mod: ...

    def _least(self) -> int | None:
        denominator = self.args[1].least
        return 0 if denominator is not None and denominator >= 1 else None

    def _value(self, numbers: list[int]) -> int | None:
        return numbers[0] % numbers[1] if numbers[1] else None


class Min(Term):
    """The smallest of its arguments."""

    __slots__ = ()

    def _least(self) -> int | None:
        leasts = [term.least for term in self.args]
        if not leasts:
            raise TermError("min of nothing")
        return None if None in leasts else min(leasts)

    def _value(self, numbers: list[int]) -> int | None:
        return min(numbers, default=None)


class Max(Term):
    """The largest of its arguments."""

    __slots__ = ()

    def _least(self) -> int | None:
        if not self.args:
            raise TermError("max of nothing")
        return max((term.least for term in self.args if term.least is not None), default=None)

    def _value(self, numbers: list[int]) -> int | None:
        return max(numbers, default=None)


class Count(Term):
    """The number of elements of a finite set in a layer's definition. Formulas for it are proven, never assumed."""

    __slots__ = ()

    def _least(self) -> int | None:
        return 0


class Windows(Count):
    """The number of positions of a window: #{k ≥ 0 : 0 ≤ k·stride + j·dilation < length for every tap j < kernel}."""

    __slots__ = ()
    _arity = 4

    if TYPE_CHECKING:

        def __new__(cls, length: Term, kernel: Term, dilation: Term, stride: Term) -> Windows: ...


class Entries(Count):
    """The number of entries of an array of this shape: #{(i₁, …, iₙ) : 0 ≤ iⱼ < shapeⱼ}."""

    __slots__ = ()


#: Every kind of term, by its exact class: a subclass is none.
TERMS: frozenset[type] = frozenset(
    (Int, Symbol, Sum, Product, Power, FloorDiv, CeilDiv, Mod, Min, Max, Windows, Entries)
)

_INTS = {value: Int(value) for value in range(-64, 1025)}


def integer(value: int) -> Int:
    """The term for ``value``; small ones are kept alive."""
    return _INTS.get(value) or Int(value)


def as_term(value: Term | int) -> Term:
    """An integer or a term as a term. Raises :class:`TermError` for anything else.

    >>> as_term(True)
    Traceback (most recent call last):
    symnet.errors.TermError: not an integer or a term: True
    """
    if isinstance(value, Term):
        return value
    if type(value) is int:
        return integer(value)
    raise TermError(f"not an integer or a term: {value!r}")


def negative(term: Term) -> Term:
    """``-term``: a numeral or a leading numeral changes its sign, anything else gets the factor -1."""
    if type(term) is Int:
        return integer(-term.value)
    if type(term) is Product and term.args and type(term.args[0]) is Int:
        first, *rest = term.args
        if first.value == -1 and len(rest) == 1:
            return rest[0]  # type: ignore[no-any-return]
        return Product(integer(-first.value), *rest)
    return Product(integer(-1), term)


def symbols_of(*roots: Node) -> list[Symbol]:
    """The symbols under ``roots``, in order of their first occurrence."""
    symbols: list[Symbol] = []
    seen: set[Node] = set()
    stack = [*reversed(roots)]
    while stack:
        node = stack.pop()
        if node.mask and node not in seen:  # the mask says whether there is a symbol below
            seen.add(node)
            if type(node) is Symbol:
                symbols.append(node)
            else:
                stack.extend(node.children[::-1])
    return symbols


def has_symbol(name: str, *roots: Node) -> bool:
    """Whether a symbol of this name occurs under ``roots``, whatever its lower bound.

    >>> W = Symbol("W", 0)
    >>> has_symbol("W", W + 1), has_symbol("F", W + 1)
    (True, False)
    """
    mask = Symbol(name).mask | Symbol(name, None).mask
    seen: set[Node] = set()
    stack = [*roots]
    while stack:
        node = stack.pop()
        if node.mask & mask and node not in seen:  # the mask says whether the symbol may occur below
            seen.add(node)
            if type(node) is Symbol and node.name == name:
                return True
            stack.extend(node.children)
    return False


def substitute(root: N, values: Mapping[Term, Term]) -> N:
    """``root`` with every occurrence of a key replaced, unevaluated; see :func:`substitute_all`.

    >>> W, F = Symbol("W"), Symbol("F")
    >>> substitute(W - F, {W: integer(28), F: integer(5)})
    <Sum 28 - 5>
    """
    return substitute_all((root,), values)[0]


def substitute_all(roots: Sequence[N], values: Mapping[Term, Term]) -> list[N]:
    """The roots with every occurrence of a key replaced, unevaluated. Replacements are not searched for keys."""
    done: dict[Node, Node] = dict(values)  # type: ignore[arg-type]
    symbols, masks = 0, set()
    for key in values:
        if type(key) is Symbol:
            symbols |= key.mask
        else:
            masks.add(key.mask)
    stack: list[Node] = list(roots)
    while stack:
        node = stack[-1]
        if node in done:
            stack.pop()
        elif not node.mask & symbols and not any(node.mask & mask == mask for mask in masks):  # no key occurs below
            done[stack.pop()] = node
        elif missing := [child for child in node.children if child not in done]:
            stack.extend(missing)
        else:
            stack.pop()
            changed = tuple([done.get(arg, arg) if isinstance(arg, Node) else arg for arg in node.args])
            done[node] = node if changed == node.args else rebuild(node, changed)
    return [done[root] for root in roots]  # type: ignore[misc]


def rebuild(node: N, args: tuple[Any, ...]) -> N:
    """A node of the same class with other arguments. A subtracted numeral takes its minus sign: -1·5 becomes -5."""
    if type(node) is Product and len(args) == 2 and args[0] is _INTS[-1] and type(args[1]) is Int:
        return integer(-args[1].value)  # type: ignore[return-value]
    return type(node)(*args)


def evaluate(term: Term, values: Mapping[Term, int] | None = None) -> int:
    """The integer value of ``term``, with ``values`` for its symbols. Counts have no value here: their formulas are
    theorems. Raises :class:`TermError` for a division by zero, a missing value and numbers out of reach.

    >>> evaluate((Symbol("W") - 5) // 2 + 1, {Symbol("W"): 28})
    12
    """
    if term.constant is not None:
        return term.constant
    numbers: dict[Node, int] = dict(values) if values else {}  # type: ignore[arg-type]
    for node in children_first(term, known=numbers):
        number = node.constant if isinstance(node, Term) else None
        if number is None:
            if isinstance(node, Symbol):
                raise TermError(f"{node.name} has no value")
            if isinstance(node, Count):
                raise TermError(f"{type(node).__name__} is a count: its value is for a theorem to say")
            number = node._value([numbers[child] for child in node.children])  # type: ignore[attr-defined]
        if number is None:
            raise TermError("division by zero")
        numbers[node] = number
    return numbers[term]
