"""One solution of a question: a number for each letter, by SymPy symbol or by name."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any, SupportsIndex

from symnet.errors import SymnetError
from symnet.network.assignment import letter_name
from symnet.terms.sympy_letters import Letters
from symnet.terms.term import Symbol, Term

__all__ = ["Numbers", "Solution", "assignment_of", "numbers_of"]

#: A solution, by the names of its letters.
Numbers = dict[str, int]


class Solution(dict[Any, int]):
    """The values of a solution by SymPy symbol; a name may be used instead of the symbol."""

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
    """The number of each letter in ``value``: a single number, one number per letter in order, or a mapping by symbol
    or name. Raises :class:`SymnetError` unless all are integers in the letters' domains.
    """
    numbers, open_ = assignment_of(value, letters, (), own)
    if open_:
        raise SymnetError(f"a solution has a number for each of {', '.join(symbol.name for symbol in letters)}")
    return numbers


def assignment_of(
    value: object, letters: tuple[Symbol, ...], free: tuple[Symbol, ...], own: Letters
) -> tuple[dict[Term, int], tuple[Symbol, ...]]:
    """The numbers in ``value`` for ``letters``, all of which it must mention, and for ``free`` letters, which it may;
    and the letters without a number (an expression, or not mentioned). Raises :class:`SymnetError` if it is not of
    this form.
    """
    every = (*letters, *free)
    if isinstance(value, Mapping):
        by_name = {letter_name(key, own): one for key, one in value.items()}
    else:
        listed_values = list(value) if isinstance(value, tuple | list) else [value]
        if len(listed_values) not in (len(letters), len(every)):
            raise SymnetError(f"a solution has a number for each of {', '.join(symbol.name for symbol in letters)}")
        by_name = {symbol.name: one for symbol, one in zip(every, listed_values, strict=False)}
    if not {symbol.name for symbol in letters} <= by_name.keys() <= {symbol.name for symbol in every}:
        raise SymnetError(f"a solution speaks of {', '.join(symbol.name for symbol in every)}")
    numbers: dict[Term, int] = {}
    for symbol in every:
        one = by_name.get(symbol.name)
        if symbol.name not in by_name or getattr(one, "free_symbols", None):
            continue
        # NumPy's booleans are not integers either
        if not isinstance(one, SupportsIndex) or type(one).__name__ in ("bool", "bool_"):
            raise SymnetError(f"{symbol.name} is an integer, got {one!r:.60}")
        numbers[symbol] = operator.index(one)
        if symbol.least is not None and numbers[symbol] < symbol.least:
            raise SymnetError("out of the domain")
    return numbers, tuple(symbol for symbol in every if symbol not in numbers)
