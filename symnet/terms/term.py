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

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

from symnet.errors import TermError
from symnet.terms import intervals
from symnet.terms.intervals import BITS, Interval
from symnet.terms.node import Node, children_first, setter

__all__ = [
    "TERMS", "CeilDiv", "Count", "Entries", "FloorDiv", "Int", "Max", "Min", "Mod", "Power", "Product",
    "Sum", "Symbol", "Term", "Windows", "as_term", "ends_of", "integer", "negative", "rebuild", "substitute",
    "substitute_all", "symbols_of",
]  # fmt: skip

N = TypeVar("N", bound=Node)

_set_mask = setter(Node, "mask")


class Term(Node):
    """An integer expression. Arithmetic operators build terms without evaluating them.

    >>> W, P = Symbol("W"), Symbol("P", 0)
    >>> (W + 2 * P).least
    1
    >>> (W - 5) // 2 is (W - 5) // 2
    True
    """

    __slots__ = ("atom", "constant", "least")
    least: int | None
    atom: Term | None  # what stands for it in polynomials, once that is known (``None``: itself)
    constant: int | None  # the value of a term without symbols, if it has one

    def _finish(self) -> None:
        super()._finish()
        ends = [(child.least, child.constant) for child in self.children]  # type: ignore[attr-defined]
        low, high = (0, None) if isinstance(self, Count) else ends_of(self, ends)
        if low is not None and low.bit_length() > BITS:
            raise TermError(f"a number of {low.bit_length()} bits is out of reach (at most {BITS})")
        _set_least(self, low)
        _set_constant(self, low if low == high and None not in [constant for _, constant in ends] else None)

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

    def __mod__(self, other: Term | int) -> Term:
        return Mod(self, as_term(other))

    def __pow__(self, exponent: int) -> Term:
        return Power(self, exponent)


_set_constant, _set_least = setter(Term, "constant"), setter(Term, "least")


class Int(Term):
    """An integer written as a numeral."""

    __slots__ = ()
    _nodes = 0

    def __new__(cls, value: int) -> Int:
        if type(value) is not int:  # True and 1.0 are equal to 1 and would find its node
            raise TermError(f"not an integer: {value!r}")
        return super().__new__(cls, value)

    def _finish(self) -> None:
        if type(self.args[0]) is not int:  # a subclass of int could override arithmetic
            raise TermError(f"not an integer: {self.args[0]!r}")
        super()._finish()

    @property
    def value(self) -> int:
        return self.args[0]  # type: ignore[no-any-return]


class Symbol(Term):
    """An unknown integer that is at least ``least`` (1 unless given; ``None`` for any integer).

    >>> Symbol("W").least, Symbol("P", 0).least, Symbol("x", None).least
    (1, 0, None)
    """

    __slots__ = ()
    _nodes = 0

    def __new__(cls, name: str, least: int | None = 1) -> Symbol:
        return super().__new__(cls, name, least)

    def _finish(self) -> None:
        name, least = self.args
        if not (type(name) is str and name.isidentifier()):
            raise TermError(f"{name!r} is not a symbol's name: letters, digits and _, not starting with a digit")
        if not (least is None or type(least) is int):
            raise TermError(f"the least value of {name} must be an integer or None, got {least!r}")
        super()._finish()
        # rules use symbols of any sign, networks never do: theirs have separate bits
        _set_mask(self, 1 << (hash(name) % 16 if least is None else 16 + hash(name) % 48))

    @property
    def name(self) -> str:
        return self.args[0]  # type: ignore[no-any-return]


class Sum(Term):
    """``a + b + …`` unevaluated; a subtracted term is a product with -1."""

    __slots__ = ()


class Product(Term):
    """``a · b · …`` unevaluated."""

    __slots__ = ()


class Power(Term):
    """``base ** exponent`` with a fixed exponent from 0 to 64."""

    __slots__ = ()
    _arity = 2
    _nodes = 1

    def __new__(cls, base: Term, exponent: int) -> Power:
        _exponent(exponent)  # True and 2.0 are equal to 1 and 2 and would find their nodes
        return super().__new__(cls, base, exponent)

    def _finish(self) -> None:
        base, exponent = self.args
        _exponent(exponent)
        bits = (getattr(base, "least", None) or 0).bit_length() * exponent
        if bits > BITS:
            raise TermError(f"a power of {bits} bits is out of reach (at most {BITS})")
        super()._finish()


def _exponent(value: object) -> None:
    if type(value) is not int or not 0 <= value <= 64:
        raise TermError(f"the exponent must be an integer from 0 to 64, got {value!r}")


class FloorDiv(Term):
    """``⌊numerator / denominator⌋``."""

    __slots__ = ()
    _arity = 2

    if TYPE_CHECKING:

        def __new__(cls, numerator: Term, denominator: Term) -> FloorDiv: ...


class CeilDiv(Term):
    """``⌈numerator / denominator⌉``."""

    __slots__ = ()
    _arity = 2

    if TYPE_CHECKING:

        def __new__(cls, numerator: Term, denominator: Term) -> CeilDiv: ...


class Mod(Term):
    """``numerator mod denominator``, between 0 and the denominator."""

    __slots__ = ()
    _arity = 2

    if TYPE_CHECKING:

        def __new__(cls, numerator: Term, denominator: Term) -> Mod: ...


class Min(Term):
    """The smallest of its arguments."""

    __slots__ = ()


class Max(Term):
    """The largest of its arguments."""

    __slots__ = ()


class Count(Term):
    """The number of elements of a finite set in a layer's definition. Formulas for it are proven, never assumed."""

    __slots__ = ()


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
Term._made_of = TERMS

_STEPS: dict[type[Node], Callable[[Interval, Interval], Interval]] = {
    Sum: intervals.add, Product: intervals.multiply, FloorDiv: intervals.floor, CeilDiv: intervals.ceiling,
    Mod: intervals.remainder, Min: intervals.minimum, Max: intervals.maximum,
}  # fmt: skip
_EMPTY: dict[type[Node], Interval] = {Sum: (0, 0), Product: (1, 1)}


def ends_of(node: Node, ends: Sequence[Interval]) -> Interval:
    """Between which ends a term lies whose children lie between these; a symbol is as large as it promises.

    >>> ends_of(Symbol("W") % 4, [(7, None), (4, 4)])
    (0, 3)
    """
    kind = type(node)
    if kind is Symbol:
        return node.args[1], None
    if kind is Int:
        return node.args[0], node.args[0]
    if kind is Power:
        return intervals.power(ends[0], node.args[1])
    if kind is Windows:
        return intervals.windows(*ends)
    if kind is Entries:
        return reduce(intervals.multiply, [intervals.maximum((0, 0), end) for end in ends], _EMPTY[Product])
    if kind not in _STEPS or (not ends and kind not in _EMPTY):
        raise TermError(f"{kind.__name__.lower()} of nothing")
    return reduce(_STEPS[kind], ends) if ends else _EMPTY[kind]


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
    return [node for node in children_first(*roots) if type(node) is Symbol]


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
    masks = {key.mask for key in values}
    some = reduce(lambda mask, other: mask | other, masks, 0)
    stack: list[Node] = list(roots)
    while stack:
        node = stack[-1]
        if node in done:
            stack.pop()
        elif not [key for key in masks if node.mask & key == key]:
            done[stack.pop()] = node  # no key occurs below
        elif missing := [child for child in node.children if child not in done and (child.mask & some or 0 in masks)]:
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
