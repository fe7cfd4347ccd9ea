"""The figure of parameters and multiply-adds as bars along the blocks of the network figure: a row for each box, and one with the sum
for each block.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from symnet.network.network import Network
from symnet.printing.letters import one_line
from symnet.printing.names import group_digits
from symnet.render.figures.arrangement import Block, Branches, Columns, Piece, Rows, Series, units_in
from symnet.render.figures.axis import FigureError, number
from symnet.render.figures.blocks import copies_in
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, width_of
from symnet.render.figures.diagram import Diagram, Sheet
from symnet.render.figures.layer_words import layer_words
from symnet.render.figures.units import Unit

__all__ = ["Cost", "cost_rows", "costs"]

#: In pixels: the height of a row, the width of names, the longest bar, the indent in a block, and the top of the rows.
ROW, NAMES, BAR, STEP, TOP = 22.0, 300.0, 140.0, 16.0, 84.0

#: The largest number of rows with branches one by one.
MOST = 44


class Cost(NamedTuple):
    """A row: the number of blocks around it, its words, its parameters and its multiply-adds."""

    depth: int
    words: str
    parameters: int
    work: int
    block: bool = False


def cost_rows(network: Network) -> list[Cost]:
    """The rows in the order of the figure, without those that cost nothing; the rows outside of blocks sum to the totals. Of more than
    :data:`MOST` rows, branches and their join are one.
    """
    rows = _rows(Diagram(network))
    if len(rows) > MOST:
        fewer = _rows(Diagram(network, Sheet(forks=False)))
        rows = fewer if len(fewer) < len(rows) else rows
    return rows


def _rows(diagram: Diagram) -> list[Cost]:
    rows = _Counting(diagram.network, diagram.units).rows(diagram.piece, 0)
    return [row for row in rows if row.parameters or row.work]


def costs(network: Network) -> Drawing:
    """Draws two columns of bars, each to its own scale; boxes that cost nothing are left out."""
    rows = cost_rows(network)
    if not rows:
        raise FigureError("the network has neither parameters nor multiply-adds")
    totals = (
        number(network.counted(), "the number of parameters"),
        number(network.work, "the number of multiply-adds"),
    )
    canvas = Canvas()
    summary = f"{group_digits(totals[0])} parameters and {group_digits(totals[1])} multiply-adds in all"
    canvas.text(14, 26, "What each block costs", "strong")
    blocks = any(row.block for row in rows)
    note = "; the row of a block is the sum of its rows, times how often it stands there" if blocks else ""
    top = TOP + canvas.paragraph(14, 46, summary + note, "soft", size=SMALL, width=560)
    left = 14 + min(NAMES, max(STEP * row.depth + width_of(row.words, SMALL) * 1.08 for row in rows)) + 12
    beside = max(width_of(_share_text(value, totals[0]), SMALL) for value in (row.parameters for row in rows))
    columns = (left, left + BAR + beside + 34)
    for x, title in zip(columns, ("parameters", "multiply-adds"), strict=True):
        canvas.text(x, top - 10, title, "soft", size=SMALL)
    largest = max(row.parameters for row in rows), max(row.work for row in rows)
    for index, row in enumerate(rows):
        y = top + ROW * index
        x = 14 + STEP * row.depth
        canvas.text(x, y + 13, row.words, "strong" if row.block else "", size=SMALL, width=left - x - 8)
        for column, value in enumerate((row.parameters, row.work)):
            if not value:
                continue
            length = max(1.5, BAR * value / largest[column])
            style = "grey edge" if row.block else ("orange edge", "blue edge")[column]
            text = _share_text(value, totals[column])
            canvas.box(columns[column], y, length, 15, style, tooltip=f"{row.words}: {text}")
            canvas.text(columns[column] + length + 7, y + 12, text, size=SMALL)
    bottom = top + ROW * len(rows) + 18
    x = 14.0
    entries = [("orange edge", "parameters"), ("blue edge", "multiply-adds")]
    for style, label in [*entries, *([("grey edge", "a block")] if blocks else [])]:
        canvas.box(x, bottom - 10, 12, 12, style)
        canvas.text(x + 18, bottom, label, size=SMALL)
        x += 40 + width_of(label, SMALL)
    described = "; ".join(
        f"{row.words}: {_share_text(row.parameters, totals[0])} and {_share_text(row.work, totals[1])}" for row in rows
    )
    return canvas.finish("What each block costs", f"{summary}. {described}.")


def _share_text(value: int, total: int) -> str:
    """``9,248 (4 %)``, rounded to the nearest percent, halves up."""
    share = (200 * value + total) // max(1, 2 * total)
    return f"{group_digits(value)} ({share or ('< 1' if value else 0)} %)"


class _Counting:
    """The costs of the pieces of a network figure."""

    def __init__(self, network: Network, units: list[Unit]) -> None:
        self.layers, self.units = network.proof.layers, units

    def rows(self, piece: Piece, depth: int) -> Iterator[Cost]:
        """The rows of a piece, in the order of the figure."""
        match piece:
            case Unit():
                yield self._row([piece], depth, " + ".join(map(layer_words, piece.layers[:2])), False)
            case Series(pieces):
                for each in pieces:
                    yield from self.rows(each, depth)
            case Branches(_, branches, join):
                for each in (*branches, *([join] if join else [])):
                    yield from self.rows(each, depth)
            case Rows(units):
                for unit in units:
                    yield from self.rows(unit, depth)
            case Columns(levels):
                for each in [piece for level in levels for piece in level.down]:
                    yield from self.rows(each, depth)
                for each in [piece for level in reversed(levels) for piece in level.up]:
                    yield from self.rows(each, depth)
            case Block():
                yield from self._block(piece, depth)

    def _block(self, block: Block, depth: int) -> Iterator[Cost]:
        units = [*units_in(block), *(self.units[copy] for copy, _ in copies_in(block))]
        title = one_line(block.title)
        times = f"{block.times} × {title}" if title else f"{block.times} times"
        yield self._row(units, depth, times if block.times > 1 else title, True)
        if not block.closed:
            yield from self.rows(block.inner, depth + 1)

    def _row(self, units: list[Unit], depth: int, words: str, block: bool) -> Cost:
        parameters = work = 0
        for unit in units:
            for node in unit.layers:
                layer = self.layers[node.index]
                if layer.parameters:
                    count = layer.parameters[-1].conclusion.args[1]
                    parameters += number(count, f"the number of parameters of {node.name}")
                if layer.work:
                    count = layer.work[-1].conclusion.args[1]
                    work += number(count, f"the number of multiply-adds of {node.name}")
        return Cost(depth, words, parameters, work, block)
