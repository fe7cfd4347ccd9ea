"""The standard letters of layer arithmetic as SymPy symbols, with their assumptions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy

from symnet.errors import TermError
from symnet.sympy_functions.division import CeilDiv, FloorDiv
from symnet.terms.parse import default_symbol
from symnet.terms.sympy_bridge import to_sympy

__all__ = ["STANDARD", "StandardSymbols", "symbols"]

#: The letters of the field: sizes of axes, channels, features and steps; filters, extent, stride, padding; groups, heads, words.
STANDARD = ("W", "H", "L", "C", "D", "T", "N", "K", "F", "S", "P", "B", "V", "g", "h", "m", "n", "r", "d")


class StandardSymbols(dict[str, Any]):
    """``symbols.W``, ``symbols["W"]``, ``symbols("W F S P")``: positive integers, nonnegative where the name is a padding's. Any
    other name makes a letter, too. As ``locals`` of ``sympify`` it reads what values print, divisions among it.

    >>> symbols.W.is_positive, symbols.P.is_positive, symbols.P.is_nonnegative
    (True, None, True)
    >>> symbols("W F")
    (W, F)
    >>> "W" in symbols, "FloorDiv" in symbols
    (True, True)
    """

    def __missing__(self, name: str) -> Any:
        if not isinstance(name, str) or not name.isidentifier():
            raise TermError(f"a letter has a name of letters, digits and _, got {name!r:.60}")
        if len(name) > 1 and hasattr(sympy, name):  # sympify asks here for Integer and Max, too: they are SymPy's
            raise KeyError(name)
        return to_sympy(default_symbol(name))

    def _letter(self, name: str) -> Any:
        return self.get(name) or to_sympy(default_symbol(name))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._letter(name)

    def __call__(self, names: str | Iterable[str]) -> tuple[Any, ...]:
        parts = names.replace(",", " ").split() if isinstance(names, str) else names
        return tuple(map(self._letter, parts))

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self})


symbols = StandardSymbols(
    {
        **{name: to_sympy(default_symbol(name)) for name in STANDARD},
        "FloorDiv": FloorDiv,
        "CeilDiv": CeilDiv,
        "ceildiv": CeilDiv,
    }
)
