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

#: The letters of the field: sizes of axes, channels, features and steps; filters, extent, stride, padding; groups, heads, words.
STANDARD = ("W", "H", "L", "C", "D", "T", "N", "K", "F", "S", "P", "B", "V", "g", "h", "m", "n", "r", "d")


class StandardSymbols(dict[str, Any]):
    """``symbols.W``, ``symbols["W"]``, ``symbols("W F S P")``: positive integers, nonnegative where the name is a padding's. Any
    other name makes a letter, too.

    As ``locals`` of ``sympify`` it reads what values print, so that they come back: divisions as they are, and names that start
    with a capital as letters. Another name that is not here is a plain symbol, as it always is for ``sympify``.

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
        if len(name) > 1 and hasattr(sympy, name):  # sympify asks here for Rational and Max, too: they are SymPy's
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
    """What ``sympify`` takes for a name that it does not know."""
    return evaluated_text(sympy.Symbol(name, **assumptions) if assumptions or not name[:1].isupper() else _letter(name))


#: The functions that values print, by their names there.
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
