"""Sizes as a model's own Python code meets them: integers that remember which expression they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symnet.errors import SymnetError
from symnet.layers.axes import quotient
from symnet.layers.required import negated
from symnet.network.joins import members
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node, children_first
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.propositions import Eq, Le, Lt, Proposition, holds
from symnet.terms.term import Max, Min, Mod, Symbol, Term, as_term, symbols_of

__all__ = ["BATCH", "Known", "Quotient", "Size", "term_of", "tidy"]

#: The batch, which no shape of symnet has: it stands in sizes such as ``x.shape[0] * 4`` only.
BATCH = Symbol("batch")


class Known:
    """What is taken for the symbols while the model's code runs, and what that code has asked of them.

    A model's forward is Python: it compares sizes and goes one way or the other. Where the answer is the same for all sizes,
    it is that answer; else it is the one for these sizes, and ``asked`` remembers it as a condition.
    """

    def __init__(self, sizes: Mapping[Symbol, int], batch: int = 2) -> None:
        self._values: dict[Node, int] = {BATCH: batch}
        for symbol, number in sizes.items():
            self._values[symbol] = number
        self.asked: dict[Proposition, None] = {}
        self.wanted: dict[
            Symbol, int
        ] = {}  # sizes that would have made a comparison of a symbol with a number come true

    def value(self, term: Term) -> int:
        """The number a term is for the sizes that are taken."""
        found = term.constant if term.constant is not None else self._values.get(term)
        if found is not None:
            return found
        for node in children_first(term):
            if node not in self._values:
                known = node.constant if isinstance(node, Term) else None
                if known is None:
                    known = node._value([self._values[child] for child in node.children])  # type: ignore[attr-defined]
                self._values[node] = known
        return self._values[term]

    def decide(self, proposition: Proposition) -> bool:
        """Whether it holds, for all sizes or, remembered, for these."""
        symbols = symbols_of(proposition)
        if not symbols:
            return holds(proposition)
        answer = holds(proposition, {symbol: self.value(symbol) for symbol in symbols})
        if BATCH in symbols:
            return answer
        if not _settled(proposition, symbols):
            self.asked[proposition if answer else negated(proposition)] = None
            if not answer and isinstance(proposition, Eq):
                self._want(*proposition.args)
        return answer

    def fixed(self) -> dict[Symbol, int]:
        """The symbols that were asked to be a number."""
        pairs = [asked.args for asked in self.asked if isinstance(asked, Eq)]
        sides = [pair for left, right in pairs for pair in ((left, right), (right, left))]
        return {one: two.constant for one, two in sides if isinstance(one, Symbol) and two.constant is not None}

    def _want(self, left: Term, right: Term) -> None:
        for symbol, number in ((left, right), (right, left)):
            if isinstance(symbol, Symbol) and number.constant is not None and number.constant > 0:
                self.wanted.setdefault(symbol, number.constant)


#: How much larger the left side is where a comparison is sure to fail.
_OTHER = {Eq: 1, Le: 1, Lt: 0}


def _settled(proposition: Proposition, symbols: list[Symbol]) -> bool:
    """Whether the answer is the same for all sizes, as far as is seen at once."""
    left, right = (from_polynomial(normal_form(side)) for side in proposition.args)
    gap = from_polynomial(normal_form(right - left))
    if gap.constant is not None:
        return True
    back = from_polynomial(normal_form(left - right))
    strict = 0 if isinstance(proposition, Le) else 1
    if any(
        side.least is not None and side.least >= bound
        for side, bound in ((gap, strict), (back, _OTHER[type(proposition)]))
    ):
        return True
    try:
        found = members(proposition)
    except SymnetError:
        return False
    return found is not None and (not found.parts or found == IntegerSet.interval(symbols[0].least, None))


def tidy(term: Term) -> Term:
    """The term in normal form, a number where it is one."""
    return from_polynomial(normal_form(term))


def term_of(value: Any) -> Term:
    """The term of a size; a plain integer is its numeral."""
    if isinstance(value, Term):
        return value
    return value.term if isinstance(value, Size) else as_term(int(value))


def _binary(apply: Callable[[Term, Term], Term], plain: str) -> Callable[[Size, Any], Any]:
    def method(self: Size, other: Any) -> Any:
        if isinstance(other, Size) or type(other) is int:
            return self.of(apply(self.term, term_of(other)))
        return getattr(int, plain)(self.fixed(), other) if isinstance(other, int) else self._float(plain, other)

    return method


def _swapped(apply: Callable[[Term, Term], Term], plain: str) -> Callable[[Size, Any], Any]:
    def method(self: Size, other: Any) -> Any:
        if isinstance(other, int):
            return self.of(apply(as_term(int(other)), self.term))
        return self._float(plain, other)

    return method


def _compared(state: Callable[[Term, Term], Proposition], opposite: bool, plain: str) -> Callable[[Size, Any], Any]:
    def method(self: Size, other: Any) -> Any:
        if isinstance(other, int):
            return self.known.decide(state(self.term, term_of(other))) is not opposite
        return self._float(plain, other) if isinstance(other, float) else NotImplemented

    return method


def _over(top: Term, bottom: Term) -> Term:
    return quotient(top, bottom)[0]


def _rest(top: Term, bottom: Term) -> Term:
    _, exact = quotient(top, bottom)
    return as_term(0) if exact else Mod(tidy(top), tidy(bottom))


class Size(int):
    """A size of a tensor: the number it is for the sizes that are taken, and the term it is for all.

    >>> H = Symbol("H")
    >>> known = Known({H: 224})
    >>> size = Size.made(H, known)
    >>> size // 2 + 1, (size // 2 + 1).term, (size * 4) // 4 == size
    (113, <Sum H//2 + 1>, True)
    >>> size % 2 == 0, list(known.asked)
    (True, [<Eq H % 2 == 0>])
    """

    term: Term
    known: Known

    @classmethod
    def made(cls, term: Term, known: Known) -> int:
        """The size; a plain integer where it is a number."""
        if term.constant is not None:
            return term.constant
        size = cls(known.value(term))
        size.term, size.known = term, known
        return size

    def of(self, term: Term) -> int:
        """Another size, with the same symbols."""
        return Size.made(tidy(term), self.known)

    def fixed(self) -> int:
        """The number that is taken, for what cannot be said with symbols; from now on the size is that number."""
        number = int.__int__(self)
        if BATCH not in symbols_of(self.term):
            self.known.asked[Eq(self.term, as_term(number))] = None
        return number

    def _float(self, plain: str, other: Any) -> Any:
        if isinstance(other, float):
            return getattr(float, plain)(float(self.fixed()), other)
        return NotImplemented

    __add__ = _binary(lambda one, two: one + two, "__add__")
    __radd__ = _swapped(lambda one, two: one + two, "__radd__")
    __sub__ = _binary(lambda one, two: one - two, "__sub__")
    __rsub__ = _swapped(lambda one, two: one - two, "__rsub__")
    __mul__ = _binary(lambda one, two: one * two, "__mul__")
    __rmul__ = _swapped(lambda one, two: one * two, "__rmul__")
    __floordiv__ = _binary(_over, "__floordiv__")
    __rfloordiv__ = _swapped(_over, "__rfloordiv__")
    __mod__ = _binary(_rest, "__mod__")
    __rmod__ = _swapped(_rest, "__rmod__")
    __eq__ = _compared(Eq, False, "__eq__")
    __ne__ = _compared(Eq, True, "__ne__")
    __le__ = _compared(Le, False, "__le__")
    __lt__ = _compared(Lt, False, "__lt__")
    __ge__ = _compared(Lt, True, "__ge__")
    __gt__ = _compared(Le, True, "__gt__")

    def __neg__(self) -> int:
        return self.of(-self.term)

    def __bool__(self) -> bool:
        return not self.known.decide(Eq(self.term, as_term(0)))

    def __hash__(self) -> int:
        return int.__hash__(self)

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, int):
            return Quotient.made(self.term, term_of(other), self.known)
        return self._float("__truediv__", other)

    def __rtruediv__(self, other: Any) -> Any:
        if isinstance(other, int):
            return Quotient.made(term_of(other), self.term, self.known)
        return self._float("__rtruediv__", other)

    def __pow__(self, exponent: Any, modulo: Any = None) -> Any:
        if modulo is None and type(exponent) is int and exponent >= 0:
            return self.of(self.term**exponent)
        return pow(self.fixed(), exponent, modulo)

    def __int__(self) -> int:
        return self.fixed()

    def __float__(self) -> float:
        return float(self.fixed())

    def smaller(self, other: int) -> int:
        """The smaller one of two sizes."""
        return self.of(Min(self.term, term_of(other)))

    def larger(self, other: int) -> int:
        """The larger one of two sizes."""
        return self.of(Max(self.term, term_of(other)))


class Quotient(float):
    """A size divided by another one, which is rounded later: ``math.ceil(h / 8)``, ``round(h / 2)``."""

    top: Term
    bottom: Term
    known: Known

    @classmethod
    def made(cls, top: Term, bottom: Term, known: Known) -> Quotient:
        """The quotient of two terms."""
        made = cls(known.value(top) / known.value(bottom))
        made.top, made.bottom, made.known = top, bottom, known
        return made

    def __floor__(self) -> int:
        return Size.made(tidy(_over(self.top, self.bottom)), self.known)

    def __ceil__(self) -> int:
        return Size.made(tidy(-_over(-self.top, self.bottom)), self.known)

    __trunc__ = __floor__  # sizes are positive

    def __int__(self) -> int:
        return int(self.__floor__())
