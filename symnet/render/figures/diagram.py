"""The figure of the network's graph: boxes for tensors, all edges, frames for modules and repeats, an encoder and decoder as a U."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.render.figures.arrangement import Block, Piece, Series, arranged, units_in
from symnet.render.figures.blocks import ROWS, copies_in, forks_closed, grouped, opened, overview
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, width_of
from symnet.render.figures.encoder_decoder import side_by_side
from symnet.render.figures.labels import DRAWN_AS, LINE, MOST, SHADOW, WIDE, Labels, shape_text
from symnet.render.figures.piece_layout import GAP, BoxPosition, PieceLayout
from symnet.render.figures.shapes import Point
from symnet.render.figures.units import Unit, shared_module, units_of
from symnet.terms.term import symbols_of
from symnet.terms.walks import has_more_parts

__all__ = ["Diagram", "Sheet", "network_figure"]

#: Sizes of more parts are not told in the description of a figure.
LONG = 100

#: In pixels: the margin; the width from which the inside of a block has shorter lines, and their length.
MARGIN, NARROW, SHORT_LINES = 14.0, 420, 112.0


class Sheet(NamedTuple):
    """What a figure is drawn for. In pixels: a higher figure is divided into columns, as many as fit into this width. ``rows`` is about
    how many boxes it is high before blocks are closed; without ``forks``, branches and their join are a block, too. ``text`` is the width
    of a line beside a box.
    """

    high: float = 860.0
    wide: float = 1140.0
    rows: int = ROWS
    forks: bool = True
    text: float = WIDE


def network_figure(network: Network) -> Drawing:
    """The whole network, with as many of its blocks open as can be read at once."""
    return Diagram(network).drawn()


@dataclass
class Diagram:
    """The figure of a network, and of parts of it."""

    network: Network
    sheet: Sheet = Sheet()
    labels: Labels = field(init=False)
    units: list[Unit] = field(init=False)
    piece: Piece = field(init=False)

    def __post_init__(self) -> None:
        self.labels = Labels(self.network, self.sheet.text)
        self.units = units_of(self.network)
        nested = side_by_side(arranged(self.units))
        blocks = opened(grouped(nested))
        self.copies = dict(copies_in(blocks))
        self.piece = overview(blocks if self.sheet.forks else forks_closed(blocks), self.sheet.rows)

    def drawn(self) -> Drawing:
        """The figure of the whole network."""
        placed = self.network.placed
        described = f"Input {shape_text(placed[0].output)}; {_described(self.network, placed[1:])}"
        return _Picture(self, self.piece, self.copies).drawn("The network", described, legend=True)

    def inside(self, block: Block) -> Piece:
        """What is inside a block, below a box for each tensor that it reads from outside."""
        drawn = {unit.number: unit for unit in units_in(block.inner)}
        inner = drawn | {copy: self.units[copy] for copy, _ in copies_in(block.inner)}
        read = sorted({source for unit in inner.values() for source in unit.sources} - inner.keys())
        outside = [replace(self.units[number], sources=(), edges=(), module=(), outside=True) for number in read]
        nested = side_by_side(arranged([*outside, *(inner[number] for number in sorted(inner))]))
        return overview(grouped(nested, block.module or shared_module(inner.values())), self.sheet.rows)

    def drawn_inside(self, piece: Piece, title: str) -> Drawing:
        """The figure of the inside of a block. Its colours are those of the figure of the network, which has the legend."""
        layers = [node for unit in units_in(piece) if not unit.outside for node in unit.layers]
        described = _described(self.network, layers)
        copies = dict(copies_in(piece))
        drawing = _Picture(self, piece, copies).drawn(f"Inside {title}", described, legend=False)
        if drawing.width <= NARROW:
            return drawing
        shorter_lines = replace(self.labels, wide=SHORT_LINES)
        return _Picture(self, piece, copies, shorter_lines).drawn(f"Inside {title}", described, legend=False)


class _Picture:
    def __init__(self, diagram: Diagram, piece: Piece, copies: dict[int, int], labels: Labels | None = None) -> None:
        self.diagram, self.labels, self.copies = diagram, labels or diagram.labels, copies
        self.canvas = Canvas()
        self.layout = PieceLayout(self.labels.label, self.labels.title, copies=copies)
        self.outside = {unit.number for unit in units_in(piece) if unit.outside}
        #: where edges from another column enter, by column: the x right of the column before, and the top of the axis
        self.entries: dict[int, tuple[float, Point]] = {}
        self.bottom = 0.0
        self._place(piece)

    # ---- columns

    def _place(self, piece: Piece) -> None:
        columns = self._columns(piece)
        x = MARGIN
        for number, column in enumerate(columns):
            extent = self.layout.extent(column)
            self.layout.column = number
            axis = x + extent.left
            top = MARGIN + (GAP if number else 0)
            self.layout.place(column, axis, top)
            self.entries[number] = (x - 16, (axis, MARGIN))
            self.bottom = max(self.bottom, top + extent.height)
            x = axis + extent.right + 36

    def _columns(self, piece: Piece) -> list[Piece]:
        height = self.layout.extent(piece).height
        sheet = self.diagram.sheet
        if not isinstance(piece, Series) or height <= sheet.high:
            return [piece]
        best: list[Piece] = [piece]
        for count in range(2, 6):
            columns = self._divided(piece.pieces, count)
            extents = [self.layout.extent(column) for column in columns]
            if sum(each.left + each.right + 36 for each in extents) > sheet.wide:
                break
            best = columns
            if max(each.height for each in extents) <= sheet.high:
                break
        return best

    def _divided(self, pieces: tuple[Piece, ...], count: int) -> list[Piece]:
        """The pieces in at most ``count`` columns, with the highest column as low as possible."""
        heights = [self.layout.extent(piece).height + GAP for piece in pieces]
        low, high = max(heights), sum(heights)
        while high - low > 1:
            middle = (low + high) / 2
            low, high = (low, middle) if len(_filled(heights, middle)) <= count else (middle, high)
        columns = []
        start = 0
        for length in _filled(heights, high):
            column = pieces[start : start + length]
            columns.append(Series(column) if len(column) > 1 else column[0])
            start += length
        return columns

    # ---- drawing

    def drawn(self, title: str, described: str, *, legend: bool) -> Drawing:
        for frame in self.layout.frames:
            self.canvas.box(frame.x, frame.y, frame.width, frame.height, "frame", rounded=6)
        for edge, ends in self._edges().items():
            self._edge(*edge, ends)
        for number, piece in self.layout.pieces.items():
            self._box(self.layout.boxes[number], piece)
        for frame in self.layout.frames:
            if frame.title:
                self.canvas.text(frame.title_x, frame.y + 15, frame.title, "strong", size=SMALL)
        if legend:
            self._legend(max(self.bottom, self.canvas.bottom) + 30)
        return self.canvas.finish(title, described)

    def _edges(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The edges between boxes, each once, with the numbers of the layers behind it."""
        edges: dict[tuple[int, int], tuple[int, int]] = {}
        boxes, shown = self.layout.boxes, self.layout.shown
        for unit in self.diagram.units:
            target = shown(unit.number)
            if target not in boxes or target in self.outside:
                continue
            again = unit.number in self.copies
            for source, ends in zip(unit.sources, unit.edges, strict=True):
                start = shown(source)
                if start < target and start in boxes and not (again and source in self.copies):
                    edges.setdefault((start, target), ends)
        return edges

    def _edge(self, source: int, target: int, ends: tuple[int, int]) -> None:
        points = self._route(source, target)
        self.canvas.line([*points[:-1], _before(points[-2], points[-1])], "line", width=1.2, edge=ends)
        self.canvas.head(points[-1], _direction(points[-2], points[-1]))

    def _route(self, source: int, target: int) -> list[Point]:
        start, end = self.layout.boxes[source], self.layout.boxes[target]
        (above, half), (below, half_end) = (self._half(source)[::-1], self._half(target)[::-1])
        edge = (source, target)
        if edge in self.layout.level:
            return [(start.x + half, start.y), (end.x - half_end, end.y)]
        if edge in self.layout.around:
            return [(start.x + half, start.y), (end.x, start.y), (end.x, end.y + below)]
        if edge in self.layout.upward:
            return [(start.x, start.y - above), (end.x, end.y + below)]
        begin: list[Point] = [(start.x, start.y + above)]
        x, out, into = start.x, start.y + start.height / 2, end.y - end.height / 2
        if start.column != end.column:
            beside, (x, out) = self.entries[end.column]
            begin += [(start.x, self.bottom + 10), (beside, self.bottom + 10), (beside, out), (x, out)]
        tip = (end.x, end.y - below)
        if edge in self.layout.lanes:
            lane = self.layout.lanes[edge]
            return [*begin, (x, out + 8), (lane, out + 8), (lane, into - 8), (end.x, into - 8), tip]
        if abs(x - end.x) < 0.5:
            return [*begin, tip]
        turn = into - 8 if edge in self.layout.turning_late else out + 14  # also for a branch in a frame
        return [*begin, (x, turn), (end.x, turn), tip]

    def _half(self, number: int) -> tuple[float, float]:
        """Half the width and half the height of a box."""
        width, height = self.labels.box(self.layout.pieces[number])
        return width / 2, height / 2

    def _box(self, spot: BoxPosition, piece: Unit | Block) -> None:
        width, height = self.labels.box(piece)
        x, y = spot.x - width / 2, spot.y - height / 2
        if isinstance(piece, Block):
            for shift in (SHADOW, SHADOW / 2):
                self.canvas.box(x + shift, y - shift, width, height, "grey edge", rounded=2)
        tooltip = _named(piece) if isinstance(piece, Block) else _tooltip(piece)
        self.canvas.box(x, y, width, height, f"{_style(piece)} edge", rounded=2, tooltip=tooltip)
        lines = self.labels.lines(piece)
        beside = self.labels.label(piece).box / 2 + 8
        text_x, anchor = (spot.x - beside, "end") if spot.mirrored else (spot.x + beside, "start")
        baseline = spot.y - LINE * len(lines) / 2 + SMALL - 0.5
        for line, (text, style) in enumerate(lines):
            self.canvas.text(text_x, baseline + LINE * line, text, style, size=SMALL, anchor=anchor)

    def _legend(self, y: float) -> None:
        x = MARGIN
        drawn = {_style(piece) for piece in self.layout.pieces.values()}
        if any(isinstance(piece, Block) for piece in self.layout.pieces.values()):
            drawn.add("grey")
        for style, label in _LEGEND.items():
            if style not in drawn:
                continue
            if x + 18 + width_of(label, SMALL) > 460 and x > MARGIN:
                x, y = MARGIN, y + 20
            self.canvas.box(x, y - 10, 12, 12, f"{style} edge", rounded=2)
            self.canvas.text(x + 18, y, label, "soft", size=SMALL)
            x += 36 + width_of(label, SMALL)
        letters = symbols_of(*self.diagram.network.graph.input.dims)
        as_if = f"; a size with letters is drawn as if they were {DRAWN_AS}" if letters else ""
        for line in (
            "a box is as wide as it has channels and as high as its axes are long,",
            f"both logarithmic{as_if}",
        ):
            y += 18
            self.canvas.text(MARGIN, y, line, "soft", size=SMALL)


def _filled(heights: Sequence[float], most: float) -> list[int]:
    """The number of pieces in each column if no column is higher than ``most``."""
    columns: list[int] = []
    filled = most
    for height in heights:
        if filled + height > most:
            columns.append(0)
            filled = 0.0
        columns[-1] += 1
        filled += height
    return columns


def _before(start: Point, end: Point) -> Point:
    """The point where the head of an arrow begins."""
    dx, dy = _direction(start, end)
    return end[0] - 6 * dx, end[1] - 6 * dy


def _direction(start: Point, end: Point) -> Point:
    length = max(abs(end[0] - start[0]) + abs(end[1] - start[1]), 1e-9)
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length


#: What the colours of boxes mean.
_LEGEND = {
    "paper": "input", "blue": "has parameters", "orange": "changes sizes only", "green": "neither",
    "grey": "a block, drawn as one box",
}  # fmt: skip


def _style(piece: Unit | Block) -> str:
    """The colour of a box."""
    if isinstance(piece, Block):
        return "blue" if any(node.applied.weights for unit in units_in(piece) for node in unit.layers) else "green"
    node = piece.first
    if node.layer is None or node.layer.kind == "Input" or piece.outside:
        return "paper"
    if node.applied.weights:
        return "blue"
    return "orange" if _moves(node) else "green"


def _moves(node: Placed) -> bool:
    """Whether the output may have another size than the input."""
    return any(node.applied.maps) or (bool(node.inputs) and node.inputs[0].dims != node.output.dims)


def _tooltip(unit: Unit) -> str:
    """The layers of a box, in words."""
    texts = [
        f"{node.index}. {node.name}: {node.layer.notation if node.layer else 'input'}" for node in unit.layers[:MOST]
    ]
    return "; ".join(texts + ["…"] * (len(unit.layers) > MOST))


def _named(block: Block) -> str:
    return f"{block.times} × {block.title}" if block.times > 1 else block.title


def _described(network: Network, layers: Sequence[Placed]) -> str:
    """What the first layers read and give, in words, and how many more there are."""
    placed = network.placed
    steps = []
    for node in layers[:12]:
        read = [placed[source].name for source in node.sources if placed[source].layer or len(node.sources) > 1]
        aside = node.sources != (node.index - 1,)
        of = f" of {' and '.join(read) or 'the input'}" if aside and node.sources else ""
        long = any(has_more_parts(size, LONG) for size in node.output.dims)
        steps.append(f"{node.name}{of} gives {'sizes with many letters' if long else shape_text(node.output)}")
    more = len(layers) - len(steps)
    tail = f"; and {more} more layer{'s' * (more > 1)}" if more > 0 else ""
    return f"{'; '.join(steps)}{tail}."
