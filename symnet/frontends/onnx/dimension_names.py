"""Named dimensions of a file as symbols: each name is a symbol, an expression of names is parsed."""

from __future__ import annotations

import re
from typing import Any

from symnet.errors import SymnetError
from symnet.notation.symbols import RESERVED
from symnet.terms.parse import default_symbol, parse_expression
from symnet.terms.term import Term, integer

__all__ = ["DimensionNames", "symbol_name"]

#: Arithmetic on names as exporters write it: ``2*H``, ``H//2``, ``past + 1``. A hyphen inside a word belongs to the
#: name.
_ARITHMETIC = re.compile(r"\s[-+]\s|[*/%()]")

#: The names that exporters use for a dimension without a name.
_NAMELESS = (None, "", "?", "-1", "None")


class DimensionNames:
    """Gives each dimension its term, with different symbols for different names.

    >>> names = DimensionNames()
    >>> names.term("seq-len", "T"), names.term("seq_len", "T"), names.term("2*H", "T"), names.term("?", "T")
    (<Symbol seq_len>, <Symbol seq_len_2>, <Product 2*H>, <Symbol T>)
    """

    def __init__(self) -> None:
        self._symbols: dict[str, str] = {}

    def term(self, size: Any, otherwise: str) -> Term:
        """A dimension as a term: its number, the symbol of its name, an expression of names, or the letter
        ``otherwise``.
        """
        if isinstance(size, int):
            return integer(size)
        if size in _NAMELESS:
            return default_symbol(self._symbol(f"? {otherwise}", otherwise))
        word = str(size)
        if _ARITHMETIC.search(word):
            try:
                return parse_expression(word, lambda name: default_symbol(self._symbol(name, name)))
            except SymnetError:
                pass  # it is a name with unusual characters
        return default_symbol(self._symbol(word, word))

    def _symbol(self, key: str, word: str) -> str:
        if key not in self._symbols:
            name = plain = symbol_name(word)
            taken, number = set(self._symbols.values()), 1
            while name in taken:
                number += 1
                name = f"{plain}_{number}"
            self._symbols[key] = name
        return self._symbols[key]


def symbol_name(word: str) -> str:
    """A valid symbol name made from a dimension's name.

    >>> symbol_name("batch-size.1")
    'batch_size_1'
    """
    name = re.sub(r"\W+", "_", word).strip("_") or "n"
    return f"n_{name}" if name[0].isdigit() or name in RESERVED else name
