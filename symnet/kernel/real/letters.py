"""The primes on letters of an expression, so that different objects are never printed alike."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

from symnet.kernel.real.expressions import Delta, Entry, Exp, Node, Variable, is_node, is_term
from symnet.printing.names import GREEK, split_name
from symnet.terms.term import Symbol, symbols_of

__all__ = ["primes"]


class _Look(NamedTuple):
    """The printed form of an object: a letter, its fixed subscript, and the total number of its subscripts."""

    head: str
    fixed: str
    places: int

    def like(self, other: _Look) -> bool:
        """Whether the two could be printed alike."""
        if (self.head, self.places) != (other.head, other.places):
            return False
        return not (self.fixed and other.fixed) or self.fixed == other.fixed


def primes(nodes: Iterable[Node], taken: Iterable[str]) -> Mapping[Hashable, int]:
    """The number of primes for each variable, symbol and array (by its name). ``taken`` are words with another
    meaning.

    >>> from symnet.kernel.real.expressions import Whole
    >>> primes((Variable("N"), Whole(Symbol("N"))), ())[Variable("N")]
    1
    """
    looks: dict[Hashable, set[_Look]] = {}
    order: dict[Hashable, tuple[int, str, int]] = {}
    words = {_Look(word, "", 0) for word in taken}
    for node in _under(nodes):
        if isinstance(node, Variable):
            _note(looks, order, node, 1, node.args[0], 0)
        elif isinstance(node, Entry):
            _note(looks, order, node.args[0], 2, node.args[0], len(node.args) - 1)
        elif isinstance(node, Delta):
            words.add(_Look("δ", "", 2))
        elif isinstance(node, Exp):
            words |= {_Look("exp", "", 0)}
        for part in node.args:
            for symbol in symbols_of(part) if is_term(part) else ():
                _note(looks, order, symbol, 3 if symbol.least == 0 else 0, symbol.name, 0)
    found: dict[Hashable, int] = {}
    used: list[tuple[int, _Look]] = [(0, word) for word in words]
    for key in sorted(looks, key=order.__getitem__):
        marks = 0
        while any(marks == other and look.like(one) for look in looks[key] for other, one in used):
            marks += 1
        used += [(marks, look) for look in looks[key]]
        if marks:
            found[key] = marks
    return found


def _note(
    looks: dict[Hashable, set[_Look]],
    order: dict[Hashable, tuple[int, str, int]],
    key: Hashable,
    kind: int,
    name: str,
    more: int,
) -> None:
    head, fixed = split_name(name)
    looks.setdefault(key, set()).add(_Look(GREEK.get(head, head), fixed, bool(fixed) + more))
    least = key.least if isinstance(key, Symbol) else None
    order[key] = (kind, name, -1 if least is None else -2 if least == 1 else least)


def _under(nodes: Iterable[Node]) -> Iterable[Node]:
    """Every node, each once."""
    waiting, seen = list(nodes), set[Node]()
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            yield node
            waiting.extend(part for part in node.args if is_node(part))
