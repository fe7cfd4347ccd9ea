"""One solution of a question: a number for each letter, by SymPy symbol and by name."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any, SupportsIndex

from symnet.errors import SymnetError
from symnet.network.assignment import letter_name
from symnet.terms.sympy_letters import Letters
from symnet.terms.term import Symbol, Term

__all__ = ["Numbers", "Solution", "numbers_of", "told_of"]

#: A solution by the names of its letters.
Numbers = dict[str, int]


class Solution(dict[Any, int]):
    """The values of a solution by SymPy symbol; a name stands for the symbol of that name."""

    def __missing__(self, key: object) -> int:
        found = [value for symbol, value in self.items() if symbol.name == getattr(key, "name", key)]
        if len(found) != 1:
            raise KeyError(key)
        return found[0]

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or any(symbol.name == key for symbol in self)

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of a letter, or ``default``."""
        try:
            return self[key]
        except KeyError:
            return default

    @property
    def named(self) -> Numbers:
        """The values by name."""
        return {symbol.name: value for symbol, value in self.items()}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, dict):
            return False
        return self.named == {getattr(key, "name", key): value for key, value in other.items()}

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None


def numbers_of(value: object, letters: tuple[Symbol, ...], own: Letters) -> dict[Term, int]:
    """The number of each letter in a value: one number, one for each letter in order, or by symbol or name. Raises
    :class:`SymnetError` where they are no integers of the letters' domains."""
    numbers, open_ = told_of(value, letters, (), own)
    if open_:
        raise SymnetError(f"a solution has a number for each of {', '.join(symbol.name for symbol in letters)}")
    return numbers


def told_of(
    value: object, letters: tuple[Symbol, ...], free: tuple[Symbol, ...], own: Letters
) -> tuple[dict[Term, int], tuple[Symbol, ...]]:
    """The numbers that a value tells of ``letters``, of which it must speak, and of ``free`` ones, of which it may; and the
    letters that stay open: an expression stands for them, or nothing. Raises :class:`SymnetError` for what is no solution."""
    every = (*letters, *free)
    if isinstance(value, Mapping):
        named = {letter_name(key, own): one for key, one in value.items()}
    else:
        found = list(value) if isinstance(value, tuple | list) else [value]
        if len(found) not in (len(letters), len(every)):
            raise SymnetError(f"a solution has a number for each of {', '.join(symbol.name for symbol in letters)}")
        named = {symbol.name: one for symbol, one in zip(every, found, strict=False)}
    if not {symbol.name for symbol in letters} <= named.keys() <= {symbol.name for symbol in every}:
        raise SymnetError(f"a solution speaks of {', '.join(symbol.name for symbol in every)}")
    numbers: dict[Term, int] = {}
    for symbol in every:
        one = named.get(symbol.name)
        if symbol.name not in named or getattr(one, "free_symbols", None):
            continue
        if not isinstance(one, SupportsIndex) or type(one).__name__ in ("bool", "bool_"):  # NumPy's is none, either
            raise SymnetError(f"{symbol.name} is an integer, got {one!r:.60}")
        numbers[symbol] = operator.index(one)
        if symbol.least is not None and numbers[symbol] < symbol.least:
            raise SymnetError("out of the domain")
    return numbers, tuple(symbol for symbol in every if symbol not in numbers)
