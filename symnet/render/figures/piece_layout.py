"""The positions of the pieces of the network figure, and the routes of the edges between them.

The arrangement is a tree of pieces, and so is the figure. Every piece has a vertical axis, on which its first and its last box are
centred. The extent of a piece is the space that it needs left and right of its axis, and its height. Extents are computed once each,
from the boxes up to the whole; then pieces are placed from the whole down to the boxes, each with the x of its axis and the y of its top:

* A box is centred on the axis, with its text at its right.
* A series has one axis, with one piece below the other.
* Of branches the longest one that reaches the join continues below the fork, on its axis; the others are at its right. Branches
  that reach no join are outputs: all of them are at the right, and the edge from the fork to the join has the axis. The join is
  below all of them.
* Rows have one axis, in the network's order. Edges that skip rows run in lanes at the left, one lane for all edges from a box; lanes
  are used again when they are free.
* An open block is its inside with a frame around it and its title above. A closed block is a box.
* A U has two axes: the encoder goes down on one, with its text at the left, the decoder goes up on the other, so that each join is
  level with the fork that it reads.
  join is level with the fork that it reads.

An edge between boxes on one axis is a straight line. Other edges leave their source at the bottom, turn, and enter their target from
above. Exceptions are recorded while pieces are placed: edges in lanes, edges to a join, which turn just above it so that they meet
there, and the edges of a U. Of equal blocks one copy is drawn: :meth:`PieceLayout.shown` is the box drawn for another one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from symnet.render.figures.arrangement import Block, Branches, Columns, Piece, Rows, Series, units_in
from symnet.render.figures.units import Unit

__all__ = ["GAP", "LANE", "BoxPosition", "Extent", "Frame", "Label", "PieceLayout"]

#: In pixels: between boxes, around the inside of a frame, the width of a lane, the title of a frame, between branches, between the
#: columns of an encoder and a decoder, between a box and its text.
GAP, PAD, LANE, TITLE, APART, ACROSS, BESIDE = 26.0, 10.0, 14.0, 24.0, 24.0, 96.0, 8.0

#: Between boxes where many stand below one another: in a U, whose edges are straight, and in rows, with two turns of edges.
IN_U, IN_ROWS = 16.0, 22.0


class Label(NamedTuple):
    """The space that a box with its text needs: the width of the box and of the text beside it, and the height of both."""

    box: float
    text: float
    height: float


class Extent(NamedTuple):
    """The space that a piece needs left and right of its axis, and its height."""

    left: float
    right: float
    height: float


class BoxPosition(NamedTuple):
    """The position of a box: its centre and its height; the text of a ``mirrored`` box is at its left."""

    x: float
    y: float
    height: float
    mirrored: bool = False
    column: int = 0


class Frame(NamedTuple):
    """A frame around a block, with the position of its title."""

    x: float
    y: float
    width: float
    height: float
    title: str
    title_x: float


@dataclass
class PieceLayout:
    """Places pieces. ``label`` returns the space for a box or a closed block, ``title`` the title of an open block with its width."""

    label: Callable[[Unit | Block], Label]
    title: Callable[[Block], tuple[str, float]]
    boxes: dict[int, BoxPosition] = field(default_factory=dict)
    pieces: dict[int, Unit | Block] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)
    #: the x of the lane beside the boxes, for edges in lanes
    lanes: dict[tuple[int, int], float] = field(default_factory=dict)
    #: edges that turn just above their target; all others turn just below their source
    turning_late: set[tuple[int, int]] = field(default_factory=set)
    #: edges of a U: level ones from the encoder to the decoder, the one around the bottom, those going up in the decoder
    level: set[tuple[int, int]] = field(default_factory=set)
    around: set[tuple[int, int]] = field(default_factory=set)
    upward: set[tuple[int, int]] = field(default_factory=set)
    #: boxes that are not drawn with the copy that is; and the box drawn for each box
    copies: dict[int, int] = field(default_factory=dict)
    shown_as: dict[int, int] = field(default_factory=dict)
    column: int = 0
    _extents: dict[int, tuple[Piece, Extent]] = field(default_factory=dict)

    def shown(self, number: int) -> int:
        """The number of the box drawn for a box: of copies the first one, in a closed block that of the block."""
        while number in self.copies:
            number = self.copies[number]
        return self.shown_as.get(number, number)

    # ---- extents

    def extent(self, piece: Piece) -> Extent:
        """The extent of the piece."""
        cached = self._extents.get(id(piece))
        if cached is None:
            cached = self._extents[id(piece)] = (
                piece,
                self._measured(piece),
            )  # the cache keeps the piece, so that its id stays its own
        return cached[1]

    def _measured(self, piece: Piece) -> Extent:
        match piece:
            case Unit() | Block(closed=True):
                return self._box(piece)
            case Block(inner=inner):
                inside = self.extent(inner)
                width = self.title(piece)[1]
                return Extent(
                    inside.left + PAD, max(inside.right, BESIDE + width) + PAD, inside.height + TITLE + 2 * PAD
                )
            case Series(pieces):
                return _stacked([self.extent(each) for each in pieces])
            case Rows(units):
                inside = _stacked([self._box(unit) for unit in units], IN_ROWS)
                return inside._replace(left=inside.left + LANE * (1 + max(_tracks(piece).values(), default=-1)))
            case Branches():
                return self._beside(piece)
            case Columns(levels):
                boxes = [self.label(each) for level in levels for each in level.down]
                up = [self.label(each) for level in levels for each in level.up]
                left = max(each.box / 2 + BESIDE + each.text for each in boxes)
                right = max(each.box / 2 + BESIDE + each.text for each in up)
                return Extent(left, ACROSS + right, sum(self._heights(piece)) + IN_U * (len(levels) - 1))

    def _box(self, piece: Unit | Block) -> Extent:
        label = self.label(piece)
        return Extent(label.box / 2, label.box / 2 + BESIDE + label.text, label.height)

    def _beside(self, piece: Branches) -> Extent:
        on_axis, aside = self._on_axis_and_aside(piece)
        middle = Extent(0.0, 0.0, 0.0) if on_axis is None else self.extent(on_axis)
        others = [self.extent(each) for each in aside]
        left = middle.left + LANE * (piece.skips and on_axis is not None)
        right = middle.right + sum(APART + each.left + each.right for each in others)
        height = max(each.height for each in (middle, *others))
        if piece.join is not None:
            return _stacked([Extent(left, right, height), self._box(piece.join)])
        return Extent(left, right, height)

    def _on_axis_and_aside(self, piece: Branches) -> tuple[Piece | None, list[Piece]]:
        """The branch that continues below the fork (or ``None``), and those at its right, from left to right."""
        going = [each for each in piece.branches if piece.join and self._reaches(each, piece.join)]
        if not going and piece.join is not None and piece.skips:
            return None, list(piece.branches)
        longest = max(going or piece.branches, key=lambda each: self.extent(each).height)
        return longest, [each for each in piece.branches if each is not longest]

    def _reaches(self, branch: Piece, join: Unit) -> bool:
        sources = {self.shown(source) for source in join.sources}
        return any(self.shown(unit.number) in sources for unit in units_in(branch))

    def _heights(self, piece: Columns) -> list[float]:
        """The height of each level of a U."""
        columns = ((level.down, level.up) for level in piece.levels)
        return [max(_stacked([self._box(each) for each in column], IN_U).height for column in pair) for pair in columns]

    # ---- positions

    def place(self, piece: Piece, x: float, y: float) -> None:
        """Place the piece with its axis at ``x`` and its top at ``y``."""
        match piece:
            case Unit() | Block(closed=True):
                self._put(piece, x, y)
            case Block(inner=inner):
                extent = self.extent(piece)
                title = self.title(piece)[0]
                width = extent.left + extent.right
                self.frames.append(Frame(x - extent.left, y, width, extent.height, title, x + BESIDE))
                self.place(inner, x, y + PAD + TITLE)
            case Series(pieces):
                for each in pieces:
                    self.place(each, x, y)
                    y += self.extent(each).height + GAP
            case Rows():
                self._rows(piece, x, y)
            case Branches():
                self._side_by_side(piece, x, y)
            case Columns():
                self._columns(piece, x, y)

    def _put(self, piece: Unit | Block, x: float, y: float, mirrored: bool = False) -> int:
        """Place one box with its top at ``y``; it is drawn for all boxes of a closed block. Returns its number."""
        numbers = [unit.number for unit in units_in(piece)]
        for number in numbers:
            self.shown_as[number] = numbers[0]
        height = self.label(piece).height
        self.boxes[numbers[0]] = BoxPosition(x, y + height / 2, height, mirrored, self.column)
        self.pieces[numbers[0]] = piece
        return numbers[0]

    def _side_by_side(self, piece: Branches, x: float, y: float) -> None:
        on_axis, aside = self._on_axis_and_aside(piece)
        middle = Extent(0.0, 0.0, 0.0) if on_axis is None else self.extent(on_axis)
        if on_axis is not None:
            self.place(on_axis, x, y)
        right, height = x + middle.right, middle.height
        for branch in aside:
            extent = self.extent(branch)
            self.place(branch, right + APART + extent.left, y)
            right += APART + extent.left + extent.right
            height = max(height, extent.height)
        if piece.join is not None:
            self._put(piece.join, x, y + height + GAP)
        if piece.end is None:
            return
        end = self.shown(piece.end)
        if piece.skips and piece.fork is not None and on_axis is not None:
            self.lanes[self.shown(piece.fork), end] = x - middle.left - LANE + 4
        inside = {self.shown(unit.number) for branch in piece.branches for unit in units_in(branch)}
        self.turning_late |= {(number, end) for number in inside}

    def _rows(self, piece: Rows, x: float, y: float) -> None:
        left = max(self._box(unit).left for unit in piece.units)
        for unit in piece.units:
            self._put(unit, x, y)
            y += self._box(unit).height + IN_ROWS
        for (source, target), track in _tracks(piece).items():
            self.lanes[self.shown(source), self.shown(target)] = x - left - LANE * (track + 1) + 4

    def _columns(self, piece: Columns, x: float, y: float) -> None:
        forks: list[int] = []
        joins: list[int] = []
        numbers: list[int] = []
        rising: list[list[int]] = []
        for level, height in zip(piece.levels, self._heights(piece), strict=True):
            bottom = y + height
            top = bottom - _stacked([self._box(each) for each in level.down], IN_U).height
            for each in level.down:
                numbers.append(self._put(each, x, top, mirrored=True))
                top += self.label(each).height + IN_U
            forks.append(numbers[-1])
            if level.up:
                rising.append(self._rising(level.up, x + ACROSS, self.boxes[numbers[-1]].y, bottom))
                joins.append(rising[-1][0])
            y = bottom + IN_U
        for above, below in pairwise(rising):
            self.upward.add((below[-1], above[0]))
        if rising:
            self.around.add((numbers[-1], rising[-1][0]))
        for column in rising:
            self.upward |= set(pairwise(column))
        self.level |= set(zip(forks, joins, strict=False))

    def _rising(self, pieces: tuple[Unit | Block, ...], x: float, middle: float, bottom: float) -> list[int]:
        """Place boxes one above the other, the first level with the fork that it reads; returns their numbers."""
        y = middle + self.label(pieces[0]).height / 2
        numbers = []
        for each in pieces:
            y -= self.label(each).height
            numbers.append(self._put(each, x, y))
            y -= IN_U
        return numbers


def _stacked(extents: list[Extent], gap: float = GAP) -> Extent:
    """The extent of pieces one below the other, with ``gap`` pixels between them."""
    if not extents:
        return Extent(0.0, 0.0, 0.0)
    height = sum(each.height for each in extents) + gap * (len(extents) - 1)
    return Extent(max(each.left for each in extents), max(each.right for each in extents), height)


def _tracks(piece: Rows) -> dict[tuple[int, int], int]:
    """The number of the lane of every edge that skips boxes; edges share a lane if they have one source or do not overlap."""
    rows = {unit.number: row for row, box in enumerate(piece.units) for unit in units_in(box)}
    if piece.fork is not None:
        rows[piece.fork] = -1
    edges = [(source, unit.number) for box in piece.units for unit in units_in(box) for source in unit.sources]
    if piece.end is not None:
        rows[piece.end] = len(piece.units)
        edges += [(number, piece.end) for number in piece.ends]
    until: dict[int, int] = {}
    skipping = [edge for edge in edges if edge[0] in rows and rows[edge[1]] > rows[edge[0]] + 1]
    for source, target in skipping:
        until[rows[source]] = max(until.get(rows[source], 0), rows[target])
    free: list[int] = []
    lane: dict[int, int] = {}
    for row in sorted(until):
        track = next((number for number, end in enumerate(free) if end <= row), len(free))
        free[track : track + 1] = [until[row]]
        lane[row] = track
    return {(source, target): lane[rows[source]] for source, target in skipping}
