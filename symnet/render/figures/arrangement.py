"""The graph of boxes as nested pieces: series of boxes, branches between a fork and a join, and blocks.

Networks are nearly series-parallel: between two boxes that everything goes through there are branches, and in each branch the same
again. Where a part is not, its boxes are drawn one below the other, with edges that skip boxes beside them. Every level of nesting
is found in one pass over the boxes, down to :data:`DEPTH` levels.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from symnet.render.figures.units import Unit

__all__ = ["Block", "Branches", "Columns", "Level", "Piece", "Rows", "Series", "arranged", "key_of", "units_in"]

#: How many levels of branches within branches are found.
DEPTH = 12


@dataclass(frozen=True)
class Series:
    """Pieces one after the other."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Branches:
    """Pieces side by side between the box ``fork`` above them and the box ``join`` below; ``end`` is the number of the box that they lead
    to, which may be outside. With ``skips`` an edge goes straight from the fork to that box.
    """

    fork: int | None
    branches: tuple[Piece, ...]
    join: Unit | None
    end: int | None = None
    skips: bool = False


@dataclass(frozen=True)
class Rows:
    """Boxes one below the other with any edges between them, which read the box ``fork``; the box ``end`` reads those in ``ends``."""

    units: tuple[Unit | Block, ...]
    fork: int | None = None
    end: int | None = None
    ends: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Level:
    """One level of a U: the boxes before its fork, and those from its join on. The lowest level has no join."""

    down: tuple[Unit | Block, ...]
    up: tuple[Unit | Block, ...]


@dataclass(frozen=True)
class Columns:
    """An encoder and its decoder side by side, from the top level to the lowest: a U."""

    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Block:
    """A piece in a frame: a module of the model, or a part that repeats ``times`` times. ``hidden`` are the boxes of the further copies,
    each with the box that is drawn for it. A ``closed`` block is drawn as one box.
    """

    title: str
    inner: Piece
    times: int = 1
    hidden: tuple[tuple[int, int], ...] = field(default=(), compare=False)
    module: tuple[str, ...] = ()
    closed: bool = False


Piece = Unit | Series | Branches | Rows | Block | Columns


def arranged(units: Sequence[Unit]) -> Series:
    """The boxes of a network, or of a part of it, as nested pieces; sources outside of the part are ignored."""
    by_number = {unit.number: unit for unit in units}
    readers: dict[int, list[int]] = {number: [] for number in by_number}
    for unit in units:
        for source in unit.sources:
            if source in readers:
                readers[source].append(unit.number)
    return _Nesting(by_number, readers).series(list(by_number), None, None, DEPTH)


class _Nesting:
    def __init__(self, units: Mapping[int, Unit], readers: Mapping[int, list[int]]) -> None:
        self.units, self.readers = units, readers

    def series(self, numbers: list[int], fork: int | None, end: int | None, depth: int) -> Series:
        """The boxes with these numbers; they read only each other and ``fork``, and only ``end`` reads them from outside."""
        rows = {number: row for row, number in enumerate(numbers)}
        cuts = self._cuts(numbers, rows, fork, end)
        if not cuts and (len(numbers) > 1 and depth <= 0):
            return Series((self._rows(numbers, fork, end),))
        pieces: list[Piece] = []
        start, before = 0, fork
        for cut in cuts:
            unit = self.units[numbers[cut]]
            inner = numbers[start:cut]
            if inner:
                pieces.append(self._branches(inner, before, unit, unit.number, depth, len(numbers)))
            else:
                pieces.append(unit)
            start, before = cut + 1, unit.number
        if start < len(numbers):
            pieces.append(self._branches(numbers[start:], before, None, end, depth, len(numbers)))
        return Series(tuple(pieces))

    def _cuts(self, numbers: list[int], rows: dict[int, int], fork: int | None, end: int | None) -> list[int]:
        """The rows of boxes that everything goes through: no later box reads an earlier one."""
        behind = len(numbers)
        farthest = max((row for number, row in rows.items() if fork in self.units[number].sources), default=-1)
        cuts = []
        for row, number in enumerate(numbers):
            if farthest <= row:
                cuts.append(row)
            for reader in self.readers[number]:
                farthest = max(farthest, behind if reader == end else rows.get(reader, -1))
        return cuts

    def _branches(
        self, inner: list[int], fork: int | None, join: Unit | None, end: int | None, depth: int, whole: int
    ) -> Piece:
        groups = self._connected(inner)
        branches: list[Piece] = []
        for group in groups:
            if len(group) == whole or (depth <= 0 and len(group) > 1):
                branches.append(self._rows(group, fork, end))
            else:
                inside = self.series(group, fork, end, depth - 1)
                branches.append(inside.pieces[0] if len(inside.pieces) == 1 else inside)
        skips = fork is not None and end is not None and fork in self.units[end].sources
        return Branches(fork, tuple(branches), join, end, skips)

    def _rows(self, numbers: list[int], fork: int | None, end: int | None) -> Rows:
        ends = frozenset(number for number in numbers if end in self.readers[number])
        return Rows(tuple(self.units[number] for number in numbers), fork, end, ends)

    def _connected(self, inner: list[int]) -> list[list[int]]:
        """The boxes in groups without edges between them, each in order."""
        parent = {number: number for number in inner}

        def root(number: int) -> int:
            while parent[number] != number:
                parent[number] = parent[parent[number]]
                number = parent[number]
            return number

        for number in inner:
            for source in self.units[number].sources:
                if source in parent:
                    parent[root(number)] = root(source)
        groups: dict[int, list[int]] = {}
        for number in inner:
            groups.setdefault(root(number), []).append(number)
        return list(groups.values())


def units_in(piece: Piece) -> Iterator[Unit]:
    """The boxes of a piece, only one copy of a repeat."""
    stack: list[Piece] = [piece]
    while stack:
        match stack.pop():
            case Unit() as unit:
                yield unit
            case Series(pieces):
                stack += reversed(pieces)
            case Branches(_, branches, join):
                stack += [join] if join else []
                stack += reversed(branches)
            case Rows(units):
                stack += reversed(units)
            case Columns(levels):
                stack += [piece for level in levels for piece in (*level.down, *level.up)]
            case Block(inner=inner):
                stack.append(inner)


def key_of(piece: Piece) -> Hashable:
    """A key that is equal for pieces that look the same."""
    match piece:
        case Unit():
            return piece.key
        case Series(pieces):
            return "series", tuple(map(key_of, pieces))
        case Branches(_, branches, join, end, skips):
            return "branches", tuple(map(key_of, branches)), join and join.key, skips, end is None
        case Rows():
            every = list(units_in(piece))
            first = every[0].number
            return "rows", tuple((unit.key, tuple(source - first for source in unit.sources)) for unit in every)
        case Block(_, inner, times):
            return "block", key_of(inner), times
        case Columns(levels):
            return "columns", tuple(tuple(map(key_of, (*level.down, *level.up))) for level in levels)
