"""Which layers of a network repeat: in a row, or like others but for their numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from symnet.frameworks.calls import Call
from symnet.graph import Graph
from symnet.render.code.statement import Statement
from symnet.render.folding import PERIOD, folded

__all__ = ["NUMBER", "Repeat", "alike", "outline", "readers"]

#: A whole number in code; not one in a name or a string.
NUMBER = re.compile(r"(?<![\w.\"])\d+(?![\w.\"])")

#: Shorter parts are written out, even if there are others like them.
LEAST = 5

#: Repeats that save fewer layers are written out.
WORTH = 6


@dataclass(frozen=True)
class Repeat:
    """Layers ``start`` up to ``start + length`` (places, from 1), ``times`` times in a row; each reads the one before."""

    start: int
    length: int
    times: int

    @property
    def last(self) -> int:
        """The place of the last output."""
        return self.start + self.length * self.times - 1


def readers(graph: Graph) -> dict[int, set[int]]:
    """By place: the places that read it; the network's outputs are read by −1."""
    found: dict[int, set[int]] = {place: set() for place in range(len(graph.nodes) + 1)}
    for place, node in enumerate(graph.nodes, 1):
        for source in node.sources:
            found[source].add(place)
    for place in graph.ends():
        found[place].add(-1)
    return found


def outline(graph: Graph, statements: Mapping[int, Statement]) -> list[int | Repeat]:
    """The layers in order, what repeats as one :class:`Repeat`."""
    count = len(graph.nodes)
    read = readers(graph)
    keys = _keys(graph, statements, lambda statement: statement)
    found: list[int | Repeat] = []
    place = 1
    for fold in folded(keys):
        if fold.start + 1 < place:  # a repeat before it was moved into this one
            continue
        best = None
        if fold.times > 1:
            end = fold.start + fold.length
            while end < count and keys[end] == keys[end - fold.length]:
                end += 1
            choices = [
                Repeat(fold.start + 1 + shift, fold.length, (end - fold.start - shift) // fold.length)
                for shift in range(fold.length)
            ]
            allowed = [choice for choice in choices if choice.times > 1 and _closed(choice, graph, read)]
            best = max(
                allowed, key=lambda choice: (choice.times, len(read[choice.start - 1]) > 1, choice.start), default=None
            )
        if best is not None and best.length * (best.times - 1) >= WORTH:
            found += [*range(place, best.start), best]
            place = best.last + 1
        else:
            stop = fold.start + fold.length * fold.times + 1
            found += range(place, stop)
            place = max(place, stop)
    return [*found, *range(place, count + 1)]


def _keys(graph: Graph, statements: Mapping[int, Statement], what: Callable[[Statement], object]) -> list[object]:
    """Equal for layers that say the same, as far as ``what`` looks, and read outputs as far back."""
    shared = {node.layer.shares for node in graph.nodes if node.layer.shares}
    keys: list[object] = []
    for place, (node, name) in enumerate(zip(graph.nodes, graph.names(), strict=True), 1):
        statement = statements.get(place)
        alone = statement is None or node.layer.shares is not None or name in shared
        apart = tuple(place - source for source in node.sources)
        keys.append(
            place if alone or statement is None else (what(statement), node.layer.frozen, node.layer.freezes, apart)
        )
    return keys


def alike(
    pieces: Sequence[int | Repeat], graph: Graph, statements: Mapping[int, Statement], show: Callable[[Call], str]
) -> list[int | Repeat]:
    """The pieces with every part between a branch and its end that is like another one but for its numbers as a
    :class:`Repeat` of one time.
    """
    keys = _keys(
        graph,
        statements,
        lambda statement: (
            tuple(NUMBER.sub("#", show(make)) for _, make in statement.makes),
            statement.do,
            statement.notes,
        ),
    )
    read = readers(graph)
    singles = {piece for piece in pieces if isinstance(piece, int)}
    found: dict[tuple[object, ...], list[Repeat]] = {}
    for start in sorted(singles):
        if len(read[start - 1]) < 2:
            continue
        for length in range(LEAST, PERIOD + 1):
            if start + length - 1 not in singles:
                break
            if _closed(one := Repeat(start, length, 1), graph, read):
                found.setdefault(tuple(keys[start - 1 : start + length - 1]), []).append(one)
    known = {
        tuple(keys[piece.start - 1 : piece.start - 1 + piece.length]) for piece in pieces if isinstance(piece, Repeat)
    }
    chosen: dict[int, Repeat] = {}
    taken: set[int] = set()
    for key, ones in sorted(found.items(), key=lambda item: -len(item[0]) * (len(item[1]) - 1 + (item[0] in known))):
        apart: list[Repeat] = []
        for one in ones:
            if not taken & set(range(one.start, one.last + 1)) and (not apart or apart[-1].last < one.start):
                apart.append(one)
        if len(apart) + (key in known) > 1:
            chosen |= {one.start: one for one in apart}
            taken.update(place for one in apart for place in range(one.start, one.last + 1))
    return [
        chosen.get(piece, piece) if isinstance(piece, int) else piece
        for piece in pieces
        if piece in chosen or piece not in taken
    ]


def _closed(repeat: Repeat, graph: Graph, read: Mapping[int, set[int]]) -> bool:
    """Whether each repetition reads only itself and what the one before gives, and gives only its last output."""
    if not repeat.times:
        return False
    for start in range(repeat.start, repeat.last + 1, repeat.length):
        inside = range(start, start + repeat.length)
        for place in inside:
            if any(source != start - 1 and source not in inside for source in graph.nodes[place - 1].sources):
                return False
            if place != inside[-1] and not read[place] <= set(inside):
                return False
        beyond = set(range(inside[-1] + 1, inside[-1] + 1 + repeat.length))
        if inside[-1] != repeat.last and not read[inside[-1]] <= beyond:
            return False
    return True
