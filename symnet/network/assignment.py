"""The values substituted for a network's letters: numbers or expressions, by name or by SymPy symbol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from symnet.errors import LayerError, NotationError, TermError
from symnet.graph import Graph
from symnet.layers.declaration.fields import FieldSpec
from symnet.network.substitution import graph_symbols
from symnet.terms.sympy_letters import Letters, against_declared, letters_of, merged
from symnet.terms.term import Symbol, Term

__all__ = ["Assignment", "assigned", "assignments", "letter", "letter_name"]


class Assignment(NamedTuple):
    """A term for each letter, the names of these letters, and the SymPy symbols of the user in the terms."""

    terms: dict[Term, Term]
    names: frozenset[str]
    letters: Letters


def assignments(values: Any) -> dict[Any, Any]:
    """The values by letter, from a mapping or from pairs as SymPy's ``subs`` takes them. Raises :class:`symnet.TermError`.

    >>> assignments([("W", 8), ("K", 3)])
    {'W': 8, 'K': 3}
    """
    if values is None:
        return {}
    if isinstance(values, Mapping):
        return dict(values)
    pairs = list(values) if isinstance(values, list | tuple | set | frozenset) else [values]
    if any(not isinstance(pair, tuple | list) or len(pair) != 2 for pair in pairs):
        raise TermError(
            f"sizes are put in by name as W=8, or as a mapping or pairs, {{'W': 8}} or [('W', 8)], got {values!r:.60}"
        )
    values_by_key: dict[Any, Any] = {}
    for key, value in pairs:
        if not isinstance(key, str) and not hasattr(key, "free_symbols"):
            raise TermError(f"a letter is named by text or by a SymPy symbol, got {key!r:.60}")
        if key in values_by_key:
            raise TermError(f"{key} is put in twice")
        values_by_key[key] = value
    return values_by_key


def letter_name(key: Any, letters: Letters) -> str:
    """The name of the letter that a key stands for, a text or a SymPy symbol. Raises :class:`symnet.TermError` for a SymPy symbol
    that only shares its name with one of the network's.
    """
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
    """The letter of the network that a key stands for; raises :class:`symnet.TermError` if there is none."""
    name = letter_name(key, letters)
    known = {symbol.name: symbol for symbol in graph_symbols(graph)}
    if name not in known:
        raise TermError(f"the network has no symbol {name!r}; it has {', '.join(sorted(known)) or 'none'}")
    return known[name]


def assigned(graph: Graph, letters: Letters, values: Mapping[Any, Any]) -> Assignment:
    """The substitution that ``values`` describe. Raises :class:`symnet.TermError` for an unknown letter or an impossible size."""
    chosen: dict[Term, Term] = {}
    letters_of_values: list[Letters] = []
    for key, value in values.items():
        symbol = letter(graph, letters, key)
        chosen[symbol] = _size(symbol, value)
        letters_of_values.append(letters_of(value))
        _check_declared(letters.get(symbol.name), chosen[symbol], letters_of_values[-1])
    return Assignment(
        chosen, frozenset(symbol.name for symbol in chosen if isinstance(symbol, Symbol)), merged(letters_of_values)
    )


def _size(symbol: Symbol, value: Any) -> Term:
    least = 1 if symbol.least is None else symbol.least
    try:
        return FieldSpec("count", "a size", name=symbol.name, least=least).coerce(value)  # type: ignore[no-any-return]
    except (LayerError, NotationError) as refused:
        words = f"{symbol.name} must be an integer of at least {least}, got {value!r:.60}"
        raise TermError(
            words if isinstance(value, int | float) else f"{words} ({str(refused).splitlines()[0]})"
        ) from None


def _check_declared(symbol: Any, term: Term, letters: Letters) -> None:
    """Raises :class:`symnet.TermError` if the term contradicts what the user's own SymPy symbol is declared to be."""
    if symbol is None:
        return
    from symnet.terms.sympy_bridge import to_sympy

    for expression in (
        to_sympy(term, letters),
        to_sympy(term),
    ):  # with the declared assumptions of its letters, and as integers
        if against := against_declared(symbol, expression):
            raise TermError(against)
