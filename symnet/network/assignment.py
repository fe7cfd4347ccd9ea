"""What is put in the place of a network's letters: numbers or expressions, by name or by SymPy symbol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from symnet.errors import LayerError, NotationError, TermError
from symnet.graph import Graph
from symnet.layers.fields import FieldSpec
from symnet.network.putting import graph_symbols
from symnet.terms.sympy_letters import Letters, letters_of, merged
from symnet.terms.term import Symbol, Term

__all__ = ["Assignment", "assigned", "letter", "letter_name"]


class Assignment(NamedTuple):
    """A term for each letter, the names of these letters, and the person's own symbols in the terms."""

    terms: dict[Term, Term]
    names: frozenset[str]
    letters: Letters


def letter_name(key: Any, letters: Letters) -> str:
    """The name of the letter that a key stands for: text, or a SymPy symbol. A symbol that only has the name of another
    symbol, which the network was given, is refused."""
    if isinstance(key, str):
        return key
    name = getattr(key, "name", None)
    if not isinstance(name, str) or not hasattr(key, "free_symbols"):
        raise TermError(f"a letter is named by text or by a SymPy symbol, got {key!r:.60}")
    own = letters.get(name)
    if key.is_Dummy and own != key:
        raise TermError(f"{name} is another symbol than the network's {name}")
    return name


def letter(graph: Graph, letters: Letters, key: Any) -> Symbol:
    """The letter of the network that a key stands for."""
    name = letter_name(key, letters)
    known = {symbol.name: symbol for symbol in graph_symbols(graph)}
    if name not in known:
        raise TermError(f"the network has no symbol {name!r}; it has {', '.join(sorted(known)) or 'none'}")
    return known[name]


def assigned(graph: Graph, letters: Letters, values: Mapping[Any, Any]) -> Assignment:
    """What is put in. Raises :class:`TermError` for a name that is no letter of the network, and for no size."""
    chosen: dict[Term, Term] = {}
    found: list[Letters] = []
    for key, value in values.items():
        symbol = letter(graph, letters, key)
        chosen[symbol] = _size(symbol, value)
        found.append(letters_of(value))
    return Assignment(chosen, frozenset(symbol.name for symbol in chosen if isinstance(symbol, Symbol)), merged(found))


def _size(symbol: Symbol, value: Any) -> Term:
    least = 1 if symbol.least is None else symbol.least
    try:
        return FieldSpec("count", "a size", name=symbol.name, least=least).coerce(value)  # type: ignore[no-any-return]
    except (LayerError, NotationError) as refused:
        words = f"{symbol.name} must be an integer of at least {least}, got {value!r:.60}"
        raise TermError(
            words if isinstance(value, int | float) else f"{words} ({str(refused).splitlines()[0]})"
        ) from None
