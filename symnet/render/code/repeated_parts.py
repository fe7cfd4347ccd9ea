"""Finds repeated parts of a network: repeated in a row, or equal to others except for their numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from symnet.frameworks.calls import Call
from symnet.graph import Graph
from symnet.render.code.statement import Statement
from symnet.render.folding import PERIOD, folded

__all__ = ["NUMBER", "Repeat", "outline", "readers", "with_similar_parts"]

#: An integer in code, outside of names and strings.
NUMBER = re.compile(r"(?<![\w.\"])\d+(?![\w.\"])")

#: The fewest layers of a part that becomes a block because others are like it.
LEAST = 5

#: The fewest layers that a loop must save.
WORTH = 6


@dataclass(frozen=True)
class Repeat:
    """The layers ``start`` up to ``start + length`` (indices from 1), repeated ``times`` times in a row, each reading only the
    one before.
    """

    start: int
    length: int
    times: int

    @property
    def last(self) -> int:
        """Returns the index of the last layer."""
        return self.start + self.length * self.times - 1


def readers(graph: Graph) -> dict[int, set[int]]:
    """Returns the readers of each layer's output by layer index; −1 stands for the network's output."""
    readers_of: dict[int, set[int]] = {index: set() for index in range(len(graph.nodes) + 1)}
    for index, node in enumerate(graph.nodes, 1):
        for source in node.sources:
            readers_of[source].add(index)
    for index in graph.ends():
        readers_of[index].add(-1)
    return readers_of


def outline(graph: Graph, statements: Mapping[int, Statement]) -> list[int | Repeat]:
    """Returns the layer indices in order, with repeated parts as one :class:`Repeat` each."""
    count = len(graph.nodes)
    readers_of = readers(graph)
    keys = _keys(graph, statements, lambda statement: statement)
    pieces: list[int | Repeat] = []
    next_index = 1
    for fold in folded(keys):
        if fold.start + 1 < next_index:  # the part already lies in the repeat before
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
            allowed = [choice for choice in choices if choice.times > 1 and _closed(choice, graph, readers_of)]
            best = max(
                allowed,
                key=lambda choice: (choice.times, len(readers_of[choice.start - 1]) > 1, choice.start),
                default=None,
            )
        if best is not None and best.length * (best.times - 1) >= WORTH:
            pieces += [*range(next_index, best.start), best]
            next_index = best.last + 1
        else:
            stop = fold.start + fold.length * fold.times + 1
            pieces += range(next_index, stop)
            next_index = max(next_index, stop)
    return [*pieces, *range(next_index, count + 1)]


def _keys(graph: Graph, statements: Mapping[int, Statement], what: Callable[[Statement], object]) -> list[object]:
    """Returns a key for each layer, equal for layers with equal ``what(statement)`` and sources equally far back."""
    shared = {node.layer.shares for node in graph.nodes if node.layer.shares}
    keys: list[object] = []
    for index, (node, name) in enumerate(zip(graph.nodes, graph.names(), strict=True), 1):
        statement = statements.get(index)
        alone = statement is None or node.layer.shares is not None or name in shared
        distances = tuple(index - source for source in node.sources)
        keys.append(
            index if alone or statement is None else (what(statement), node.layer.frozen, node.layer.freezes, distances)
        )
    return keys


def with_similar_parts(
    pieces: Sequence[int | Repeat], graph: Graph, statements: Mapping[int, Statement], show: Callable[[Call], str]
) -> list[int | Repeat]:
    """Returns the pieces, where parts that equal another one except for their numbers become a :class:`Repeat` of one time. A
    part starts where the network branches; ``show`` returns a call as text.
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
    readers_of = readers(graph)
    singles = {piece for piece in pieces if isinstance(piece, int)}
    parts: dict[tuple[object, ...], list[Repeat]] = {}
    for start in sorted(singles):
        if len(readers_of[start - 1]) < 2:
            continue
        for length in range(LEAST, PERIOD + 1):
            if start + length - 1 not in singles:
                break
            if _closed(part := Repeat(start, length, 1), graph, readers_of):
                parts.setdefault(tuple(keys[start - 1 : start + length - 1]), []).append(part)
    repeated_keys = {
        tuple(keys[piece.start - 1 : piece.start - 1 + piece.length]) for piece in pieces if isinstance(piece, Repeat)
    }
    chosen: dict[int, Repeat] = {}
    taken: set[int] = set()
    for key, candidates in sorted(
        parts.items(), key=lambda item: -len(item[0]) * (len(item[1]) - 1 + (item[0] in repeated_keys))
    ):
        disjoint: list[Repeat] = []
        for part in candidates:
            if not taken & set(range(part.start, part.last + 1)) and (not disjoint or disjoint[-1].last < part.start):
                disjoint.append(part)
        if len(disjoint) + (key in repeated_keys) > 1:
            chosen |= {part.start: part for part in disjoint}
            taken.update(index for part in disjoint for index in range(part.start, part.last + 1))
    return [
        chosen.get(piece, piece) if isinstance(piece, int) else piece
        for piece in pieces
        if piece in chosen or piece not in taken
    ]


def _closed(repeat: Repeat, graph: Graph, readers_of: Mapping[int, set[int]]) -> bool:
    """Returns whether each repetition reads only itself and the output before it, and only its last output is read outside."""
    if not repeat.times:
        return False
    for start in range(repeat.start, repeat.last + 1, repeat.length):
        inside = range(start, start + repeat.length)
        for index in inside:
            if any(source != start - 1 and source not in inside for source in graph.nodes[index - 1].sources):
                return False
            if index != inside[-1] and not readers_of[index] <= set(inside):
                return False
        beyond = set(range(inside[-1] + 1, inside[-1] + 1 + repeat.length))
        if inside[-1] != repeat.last and not readers_of[inside[-1]] <= beyond:
            return False
    return True
