"""The standard letters of layer arithmetic as SymPy symbols, with their assumptions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy

from symnet.errors import TermError
from symnet.sympy_functions.counts import Entries, Windows
from symnet.sympy_functions.division import CeilDiv, FloorDiv
from symnet.sympy_functions.evaluated_text import applied, evaluated_text
from symnet.terms.parse import default_symbol
from symnet.terms.sympy_bridge import as_written, to_sympy

__all__ = ["STANDARD", "StandardSymbols", "symbols"]

#: The letters of the field: sizes of axes, channels, features and steps; filters, extent, stride, padding; groups,
#: heads, words.
STANDARD = ("W", "H", "L", "C", "D", "T", "N", "K", "F", "S", "P", "B", "V", "g", "h", "m", "n", "r", "d")


class StandardSymbols(dict[str, Any]):
    """SymPy symbols by name: ``symbols.W``, ``symbols["W"]``, ``symbols("W F S P")``. They are positive integers,
    nonnegative for the name of a padding; any other name works as well.

    As ``locals`` of ``sympify`` it reads what values print, so that the same value results: divisions are kept, and
    names that begin with a capital are letters. Other names are plain symbols, as always in ``sympify``.

    >>> symbols.W.is_positive, symbols.P.is_positive, symbols.P.is_nonnegative
    (True, None, True)
    >>> symbols("W F")
    (W, F)
    >>> "W" in symbols, "FloorDiv" in symbols
    (True, True)
    >>> size = FloorDiv(symbols.W - symbols.M, 2)
    >>> sympy.sympify(str(size), locals=symbols) == size
    True
    """

    def __missing__(self, name: str) -> Any:
        if not isinstance(name, str) or not name.isidentifier():
            raise TermError(f"a letter has a name of letters, digits and _, got {name!r:.60}")
        if len(name) > 1 and hasattr(sympy, name):  # sympify also asks for Rational and Max, which are SymPy's own
            raise KeyError(name)
        return evaluated_text(_letter(name))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _FUNCTIONS[name] if name in _FUNCTIONS else _letter(name)

    def __call__(self, names: str | Iterable[str]) -> tuple[Any, ...]:
        parts = names.replace(",", " ").split() if isinstance(names, str) else names
        return tuple(map(_letter, parts))

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self})


def _letter(name: str) -> Any:
    return to_sympy(default_symbol(name))


def _named(name: str, **assumptions: Any) -> Any:
    """The symbol that ``sympify`` uses for a name it does not know."""
    return evaluated_text(sympy.Symbol(name, **assumptions) if assumptions or not name[:1].isupper() else _letter(name))


#: The functions that occur in printed values, by their names there.
_FUNCTIONS = {
    "FloorDiv": FloorDiv, "CeilDiv": CeilDiv, "ceildiv": CeilDiv, "Windows": Windows, "windows": Windows, "Entries": Entries,
    "entries": Entries, "max": as_written(sympy.Max), "min": as_written(sympy.Min),
}  # fmt: skip

symbols = StandardSymbols(
    {
        **{name: evaluated_text(_letter(name)) for name in STANDARD},
        **{name: applied(function) for name, function in _FUNCTIONS.items()},
        "Integer": applied(sympy.Integer),
        "Symbol": _named,
    }
)
