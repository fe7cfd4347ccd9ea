"""The names of dimensions in a file as symbols: a name is a symbol of its own, an expression of names is read as one."""

from __future__ import annotations

import re
from typing import Any

from symnet.errors import SymnetError
from symnet.notation.symbols import RESERVED
from symnet.terms.parse import default_symbol, parse_expression
from symnet.terms.term import Term, integer

__all__ = ["DimensionNames", "symbol_name"]

#: What exporters write as arithmetic on names: ``2*H``, ``H//2``, ``past + 1``. A hyphen inside a word is part of a name.
_ARITHMETIC = re.compile(r"\s[-+]\s|[*/%()]")

#: What stands where a dimension has no name.
_NAMELESS = (None, "", "?", "-1", "None")


class DimensionNames:
    """Gives each dimension its term; two different names never become one symbol.

    >>> names = DimensionNames()
    >>> names.term("seq-len", "T"), names.term("seq_len", "T"), names.term("2*H", "T"), names.term("?", "T")
    (<Symbol seq_len>, <Symbol seq_len_2>, <Product 2*H>, <Symbol T>)
    """

    def __init__(self) -> None:
        self._symbols: dict[str, str] = {}

    def term(self, size: Any, otherwise: str) -> Term:
        """A dimension: its number, the symbol of its name, an expression of names, or the letter ``otherwise``."""
        if isinstance(size, int):
            return integer(size)
        if size in _NAMELESS:
            return default_symbol(self._symbol(f"? {otherwise}", otherwise))
        word = str(size)
        if _ARITHMETIC.search(word):
            try:
                return parse_expression(word, lambda name: default_symbol(self._symbol(name, name)))
            except SymnetError:
                pass  # it is a name with odd characters
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
    """A name as a symbol's name.

    >>> symbol_name("batch-size.1")
    'batch_size_1'
    """
    name = re.sub(r"\W+", "_", word).strip("_") or "n"
    return f"n_{name}" if name[0].isdigit() or name in RESERVED else name
