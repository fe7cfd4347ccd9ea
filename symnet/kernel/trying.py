"""Trying values of several unknowns, one inside the other, and deciding the set of the last one each time.

What speaks of the first few unknowns only is worked out as soon as these have their values, before those inside are tried:
a condition that fails there rules out everything inside, and a term is a number from there on. Numbers found are kept for
the same values of the same unknowns. Whatever fails to be worked out early is left to the end, where it may not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from symnet.errors import KernelError
from symnet.kernel.deciding import PIECES, Deciding
from symnet.kernel.floored import Floor
from symnet.kernel.intervals import Interval, narrowed
from symnet.kernel.valued import OutOfReach
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import And, Proposition
from symnet.terms.term import Symbol, Term

__all__ = ["tried"]

Point = tuple[int, ...]


class _Early(NamedTuple):
    """A condition or a term of the unknowns at these places, and what it has come to for their values."""

    node: Node
    places: tuple[int, ...]
    known: dict[Point, Floor | bool | None]


class _Level(NamedTuple):
    """One of the outer unknowns: what can be worked out once it has a value, and not before; and what is still asked
    before it has one, of how many nodes in all.
    """

    unknown: Symbol
    conditions: list[_Early]
    terms: list[_Early]
    asked: Proposition
    size: int


def tried(
    parts: Sequence[Proposition], outer: Sequence[Symbol], last: Symbol, box: Mapping[Node, Interval]
) -> Iterator[tuple[Point, IntegerSet]]:
    """The values of the outer unknowns within the box, in order, at which all parts hold for some value of the last one,
    and the set of these.

    >>> from symnet.terms.propositions import Eq
    >>> from symnet.terms.term import integer
    >>> x, y = Symbol("x"), Symbol("y")
    >>> [(point, str(members)) for point, members in tried([Eq(x * y, integer(6))], [x], y, {x: (1, 4), y: (1, None)})]
    [((1,), '{6}'), ((2,), '{3}'), ((3,), '{2}')]
    """
    deciding = Deciding(last)
    levels = _levels(parts, outer)
    early = {one.node for level in levels for one in level.conditions}
    inside = tuple(part for part in parts if part not in early)
    undefined: dict[Proposition, None] = {}  # conditions that would be early, but divide by 0 here
    left = PIECES
    stack: list[Point] = [()]
    while stack:
        values = stack.pop()
        if values:  # those before the last one are in force
            level = levels[len(values) - 1]
            deciding.fixed[level.unknown] = Floor((values[-1],), 1)
            if not _possible(deciding, level, values, undefined):
                continue
        if len(values) == len(outer):
            members = deciding.decide((*inside, *undefined), *box[last])
            if members.parts:
                yield values, members
            continue
        level = levels[len(values)]
        here = dict(box)
        here.update((symbol, (value, value)) for symbol, value in zip(outer, values, strict=False))
        following = narrowed(level.asked, here, level.unknown)
        deciding.step(level.size)
        left -= following.stop - following.start
        if left < 0:
            raise KernelError(f"cases: more than {PIECES:,} cases are out of reach")
        stack.extend((*values, value) for value in reversed(following))


def _levels(parts: Sequence[Proposition], outer: Sequence[Symbol]) -> list[_Level]:
    """What can be worked out when: parts of the conjunction, and the largest terms in the others that leave out an unknown."""
    bits: dict[Node, int] = {symbol: 1 << index for index, symbol in enumerate(outer)}
    every = (1 << len(outer)) - 1
    for node in children_first(*parts):  # which unknowns stand in it; the bit past the outer ones: the last one
        if node not in bits:
            bits[node] = every + 1 if isinstance(node, Symbol) else 0
            for child in node.children:
                bits[node] |= bits[child]
    conditions: list[list[_Early]] = [[] for _ in outer]
    terms: list[list[_Early]] = [[] for _ in outer]
    stack: list[Node] = []
    for part in parts:
        if bits[part] <= every:
            _place(part, bits[part], conditions)
        else:
            stack.append(part)
    seen: set[Node] = set()
    while stack:
        node = stack.pop()
        if node in seen or isinstance(node, Symbol):
            continue
        seen.add(node)
        if isinstance(node, Term) and bits[node] < every:
            _place(node, bits[node], terms)
        elif bits[node]:
            stack.extend(node.children)
    levels = []
    for index, symbol in enumerate(outer):
        still = [part for part in parts if bits[part] >> index]
        size = sum(len(children_first(part)) for part in still)  # intervals look at each part by itself
        levels.append(_Level(symbol, conditions[index], terms[index], And(*still), size))
    return levels


def _place(node: Node, bits: int, found: list[list[_Early]]) -> None:
    """Put a node to the innermost of its unknowns; what has none is found at the end."""
    places = tuple(index for index in range(bits.bit_length()) if bits >> index & 1)
    if places:
        found[places[-1]].append(_Early(node, places, {}))


def _possible(deciding: Deciding, level: _Level, values: Point, undefined: dict[Proposition, None]) -> bool:
    """Work out what these values settle; whether no condition fails."""
    for term, _, _ in level.terms:  # what they were for the value before
        deciding.fixed.pop(term, None)
    for part, places, known in level.conditions:
        at = tuple([values[place] for place in places])
        if at not in known:
            known[at] = _worked_out(deciding, part)
        if known[at] is False:
            return False
        if known[at] is None:
            undefined[part] = None  # type: ignore[index]
        else:
            undefined.pop(part, None)  # type: ignore[call-overload]
    for term, places, known in level.terms:
        at = tuple([values[place] for place in places])
        if at not in known:
            known[at] = _worked_out(deciding, term)
        number = known[at]
        if isinstance(number, Floor):
            deciding.fixed[term] = number
    return True


def _worked_out(deciding: Deciding, node: Node) -> Floor | bool | None:
    try:
        return deciding.number(node) if isinstance(node, Term) else deciding.holds(node)  # type: ignore[arg-type]
    except OutOfReach:
        raise
    except KernelError:  # it divides by 0, perhaps where another condition fails
        return None
