"""The lower bound of each letter of a network, the same wherever it occurs: 1, or 0 if it is a padding."""

from __future__ import annotations

from collections.abc import Iterable

from symnet.layers.declaration.fields import HasFields
from symnet.terms.parse import default_symbol
from symnet.terms.term import Symbol, Term, substitute, symbols_of

__all__ = ["Signs", "enough_at_zero", "signs_of"]


class Signs:
    """Collects where each letter occurs (:meth:`note`), then tells its :meth:`least` value.

    A letter may be 0 if its name is a padding's or if it occurs only where 0 is allowed: as a padding, or in an expression that is
    large enough when its letters are 0 (a stride T + 1). A letter that is a whole kernel, stride, … somewhere is at least 1 everywhere.

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
        """Records that the letter occurs in a value that must be at least ``least``: as the whole value (``alone``) or
        inside an expression.
        """
        if least <= 0:
            self._padding.add(name)
        else:
            (self._alone if alone else self._positive).add(name)

    def least(self, name: str) -> int:
        """The least value of the letter: 0 or 1."""
        if name in self._alone:
            return 1
        may_be_zero = default_symbol(name).least == 0 or (name in self._padding and name not in self._positive)
        return 0 if may_be_zero else 1


def enough_at_zero(term: Term, least: int) -> bool:
    """Whether a term is plainly at least ``least`` when its letters may be 0.

    >>> enough_at_zero(Symbol("T") + 1, 1), enough_at_zero(2 * Symbol("T"), 1), enough_at_zero(3 - Symbol("T"), 1)
    (True, False, False)
    """
    bound = substitute(term, {symbol: Symbol(symbol.name, 0) for symbol in symbols_of(term)}).least
    return bound is not None and bound >= least


def signs_of(sizes: Iterable[Term], layers: Iterable[HasFields]) -> dict[Term, Term]:
    """A substitution that gives each letter the one lower bound it has in the input's ``sizes`` and in all ``layers``;
    letters that have it already are left out.
    """
    signs = Signs()
    symbols: dict[Symbol, None] = {}
    occurrences = [(size, 1) for size in sizes]
    for layer in layers:
        for spec in layer.specs():
            occurrences += [(term, spec.least) for term in spec.terms(getattr(layer, spec.name))]
    for term, least in occurrences:
        enough = enough_at_zero(term, least)
        for symbol in symbols_of(term):
            symbols[symbol] = None
            if enough and term is not symbol:
                continue
            signs.note(symbol.name, least, alone=term is symbol)
    return {symbol: Symbol(symbol.name, signs.least(symbol.name)) for symbol in symbols
            if symbol.least != signs.least(symbol.name)}  # fmt: skip
