"""Figures with the insides of blocks: an overview of the network for a page on a screen or on paper, then its closed blocks one by one."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from symnet.network.network import Network
from symnet.printing.letters import one_line
from symnet.render.figures.arrangement import Block, Branches, Columns, Piece, Rows, Series, key_of
from symnet.render.figures.blocks import span
from symnet.render.figures.canvas import Drawing
from symnet.render.figures.diagram import Diagram, Sheet
from symnet.render.figures.labels import WIDE

__all__ = ["block_figures", "insides", "narrow_figure", "page_figures", "printed_figures"]

#: The largest number of closed blocks with a figure of their own.
DETAILS = 24

#: The height from which a page has an overview instead, in pixels.
TALL = 2000

#: A telephone: no columns side by side; and the height from which forks are blocks, in pixels.
NARROW, HIGHEST = Sheet(wide=0.0), 6000

#: A page in print, on which letters can be read: the width and height, the length of lines in a figure that is wide and low, and
#: what is tried in turn until a figure is no larger.
PAPER_WIDE, PAPER_HIGH, LONG_LINES = 1000.0, 1110.0, 340.0
PAPER = tuple(
    Sheet(860.0, PAPER_WIDE, rows, forks, text)
    for rows, forks, text in (
        (56, True, WIDE), (56, True, LONG_LINES), (36, True, WIDE), (56, False, WIDE), (36, False, WIDE), (20, False, WIDE)
    )
)  # fmt: skip


def block_figures(network: Network) -> list[tuple[str, Drawing]]:
    """Figures of the insides of blocks that the network's figure shows as one box, with their titles; equal blocks have one figure."""
    return insides(Diagram(network))


def page_figures(network: Network) -> tuple[Drawing, list[tuple[str, Drawing]]]:
    """The network's figure for a page on a screen, and those of the insides of blocks with their titles. Where the figure would be
    higher than :data:`TALL` pixels it is an overview, in which forks are blocks, too.
    """
    diagram = Diagram(network)
    drawing = diagram.drawn()
    if drawing.height > TALL:
        overviewed = Diagram(network, Sheet(forks=False))
        shorter = overviewed.drawn()
        if shorter.height < drawing.height:
            diagram, drawing = overviewed, shorter
    return drawing, insides(diagram)


def narrow_figure(network: Network) -> Drawing:
    """The network's figure in one column, for a telephone; where even that would be higher than :data:`HIGHEST`, an overview."""
    drawing = Diagram(network, NARROW).drawn()
    return drawing if drawing.height <= HIGHEST else Diagram(network, NARROW._replace(forks=False)).drawn()


def printed_figures(network: Network) -> list[Drawing]:
    """The network's figure with so many blocks closed that it is legible on a page, and then those of the insides of blocks."""
    smallest: tuple[float, Diagram, Drawing] | None = None
    for sheet in PAPER:
        diagram = Diagram(network, sheet)
        drawing = diagram.drawn()
        too_large = max(drawing.width / PAPER_WIDE, drawing.height / PAPER_HIGH)
        if smallest is None or too_large < smallest[0]:
            smallest = too_large, diagram, drawing
        if too_large <= 1:
            break
    if smallest is None:
        return []
    _, diagram, drawing = smallest
    return [drawing, *(inside for _, inside in insides(diagram))]


def insides(diagram: Diagram) -> list[tuple[str, Drawing]]:
    """Figures of the insides of closed blocks, and of the closed blocks in these."""
    waiting: list[Piece] = [diagram.piece]
    figures: list[tuple[str, Drawing]] = []
    drawn_keys: set[Hashable] = set()
    while waiting and len(figures) < DETAILS:
        for block in _closed_in(waiting.pop(0)):
            key = key_of(block.inner)
            if key in drawn_keys or len(figures) == DETAILS:
                continue
            drawn_keys.add(key)
            inside = diagram.inside(block)
            title = block.title or span([block])
            figures.append((one_line(title), diagram.drawn_inside(inside, title)))
            waiting.append(inside)
    return figures


def _closed_in(piece: Piece) -> Iterator[Block]:
    """The blocks that are drawn as one box."""
    stack = [piece]
    while stack:
        match stack.pop():
            case Block(closed=True) as block:
                yield block
            case Block(inner=inner):
                stack.append(inner)
            case Series(pieces):
                stack += reversed(pieces)
            case Columns(levels):
                stack += [each for level in reversed(levels) for each in (*level.up, *level.down)]
            case Branches(branches=branches):
                stack += reversed(branches)
            case Rows(units):
                stack += reversed(units)
