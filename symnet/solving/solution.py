"""One solution of a question: a number for each letter, by SymPy symbol and by name."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any, SupportsIndex

from symnet.errors import SymnetError
from symnet.network.assignment import letter_name
from symnet.solving.chain import Family
from symnet.terms.sympy_letters import Letters
from symnet.terms.term import Symbol, Term

__all__ = ["Numbers", "Solution", "is_decided", "numbers_of"]

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
    if isinstance(value, Mapping):
        named = {letter_name(key, own): one for key, one in value.items()}
        found = [named.get(symbol.name) for symbol in letters]
    else:
        found = list(value) if isinstance(value, tuple | list) else [value]
    numbers = [operator.index(one) for one in found if isinstance(one, SupportsIndex) and not isinstance(one, bool)]
    if len(numbers) != len(letters) or len(numbers) != len(found):
        raise SymnetError(f"a solution has a number for each of {', '.join(symbol.name for symbol in letters)}")
    if any(symbol.least is not None and one < symbol.least for symbol, one in zip(letters, numbers, strict=True)):
        raise SymnetError("out of the domain")
    return dict(zip(letters, numbers, strict=True))


def is_decided(
    value: object, found: object, letters: tuple[Symbol, ...], own: Letters, free: tuple[Symbol, ...]
) -> bool:
    """Whether numbers of the unknowns alone are a solution. Raises :class:`SymnetError` where that depends on ``free`` letters."""
    try:
        point = numbers_of(value, letters, own)
    except (SymnetError, TypeError):
        return False
    decided = found.decided(point) if isinstance(found, Family) else False
    if decided is None:
        names = ", ".join(symbol.name for symbol in free)
        raise SymnetError(
            f"undecided: whether {value!r:.60} is a solution depends on {names}; tell numbers of these, too"
        )
    return decided
