"""One sign a letter, wherever it stands: at least 1, or at least 0 where it is a padding."""

from __future__ import annotations

from collections.abc import Iterable

from symnet.layers.declaration.fields import HasFields
from symnet.terms.parse import default_symbol
from symnet.terms.term import Symbol, Term, symbols_of

__all__ = ["Signs", "signs_of"]


class Signs:
    """First :meth:`note` every place where a letter stands, then ask for its :meth:`least` value.

    A letter may be 0 if its name is a padding's or if it stands only where 0 may stand; but one that is by itself a kernel, a
    stride, … somewhere is at least 1 everywhere.

    >>> signs = Signs()
    >>> signs.note("a", 0, alone=True)
    >>> signs.note("b", 0, alone=True)
    >>> signs.note("b", 1, alone=True)
    >>> signs.least("a"), signs.least("b"), signs.least("P")
    (0, 1, 0)
    """

    def __init__(self) -> None:
        self._alone: set[str] = set()
        self._positive: set[str] = set()
        self._padding: set[str] = set()

    def note(self, name: str, least: int, *, alone: bool) -> None:
        """The letter stands where a value is at least ``least``: ``alone``, or inside an expression."""
        if least <= 0:
            self._padding.add(name)
        else:
            (self._alone if alone else self._positive).add(name)

    def least(self, name: str) -> int:
        """The least value of the letter."""
        if name in self._alone:
            return 1
        may_be_zero = default_symbol(name).least == 0 or (name in self._padding and name not in self._positive)
        return 0 if may_be_zero else 1


def signs_of(sizes: Iterable[Term], layers: Iterable[HasFields]) -> dict[Term, Term]:
    """For every letter of an input's sizes and of layers that has another sign there: the letter with its own."""
    signs = Signs()
    met: dict[Symbol, None] = {}
    places = [(size, 1) for size in sizes]
    for layer in layers:
        for spec in layer.specs():
            places += [(term, spec.least) for term in spec.terms(getattr(layer, spec.name))]
    for term, least in places:
        for symbol in symbols_of(term):
            met[symbol] = None
            signs.note(symbol.name, least, alone=term is symbol)
    return {symbol: Symbol(symbol.name, signs.least(symbol.name)) for symbol in met
            if symbol.least != signs.least(symbol.name)}  # fmt: skip
