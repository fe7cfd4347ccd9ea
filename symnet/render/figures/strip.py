"""The network as a strip: every tensor a box with its size, every layer an arrow with its name; repeats folded."""

from __future__ import annotations

from math import log2
from typing import NamedTuple

from symnet.layers.shape import Shape
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.printing.text import unicode_text
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, width_of
from symnet.render.folding import Fold, folded
from symnet.terms.term import Term

__all__ = ["strip", "written_shape"]

#: The strip is broken into rows of this width; more cells than this many are left out in the middle.
WIDTH, CELLS, LABEL = 940, 56, 104
TALL, ROW = 56, 148


class _Cell(NamedTuple):
    """A layer and the tensor it gives; what stands over it where a stretch of ``times`` repeats begins or ends."""

    place: Placed | None
    begins: int = 0
    ends: int = 0
    left_out: int = 0


def strip(network: Network) -> Drawing:
    """The network from left to right."""
    canvas = Canvas()
    cells = _cells(network)
    x, row, opened = 14.0, 0, None
    for cell in cells:
        width = _width(cell)
        if x + width > WIDTH and x > 14:
            if opened is not None:
                _bracket(canvas, opened, x - 10, row)
                opened = 14.0
            x, row = 14.0, row + 1
        if cell.place is None and opened is not None:  # a stretch that is not shown to its end
            _bracket(canvas, opened, x, row)
            opened = None
        if cell.begins:
            opened = x
            canvas.text(x + 4, _top(row) - 2, f"{cell.begins} ×", "strong", size=SMALL)
        _draw(canvas, cell, x, _top(row), width)
        x += width
        if cell.ends and opened is not None:
            _bracket(canvas, opened, x - 10, row)
            opened = None
    steps = [f"{place.name} gives {written_shape(place.output)}" for place in network.placed[1:13]]
    more = len(network.placed) - 1 - len(steps)
    tail = f"; and {more} more layers" if more > 0 else ""
    described = f"Input {written_shape(network.placed[0].output)}; {'; '.join(steps)}{tail}."
    return canvas.finish("The network, layer by layer", described)


def _top(row: int) -> float:
    return 24.0 + row * ROW


def written_shape(shape: Shape) -> str:
    """``32 × 24 × 24``."""
    return " × ".join(map(unicode_text, shape.dims))


def _key(place: Placed) -> tuple[object, ...]:
    """Layers of equal keys look the same in the strip."""
    layer = place.layer
    notation = "" if layer is None else layer.notation.replace(layer.name or "\0", "")
    return notation, place.output.dims, tuple(place.index - source for source in place.sources)


def _cells(network: Network) -> list[_Cell]:
    layers = network.placed[1:]
    cells = [_Cell(network.placed[0])]
    for fold in folded([_key(place) for place in layers]):
        cells += _stretch(fold, layers)
    if len(cells) <= CELLS:
        return cells
    return [*cells[: CELLS - 12], _Cell(None, left_out=len(cells) - CELLS), *cells[-12:]]


def _stretch(fold: Fold, layers: tuple[Placed, ...]) -> list[_Cell]:
    cells = [_Cell(place) for place in layers[fold.start : fold.start + fold.length]]
    if fold.times > 1:
        cells[0] = cells[0]._replace(begins=fold.times)
        cells[-1] = cells[-1]._replace(ends=fold.times)
    return cells


def _width(cell: _Cell) -> float:
    if cell.place is None:
        return 110.0
    labels = [cell.place.name, _joined(cell.place), written_shape(cell.place.output)]
    arrow = 0 if cell.place.layer is None else 26
    return arrow + max(46.0, *(min(width_of(label, SMALL), LABEL) for label in labels)) + 12


def _joined(place: Placed) -> str:
    """What else a join reads."""
    others = [source for source in place.sources if source != place.index - 1]
    return f"+ layer {others[0]}" if others and place.index > 0 else ""


def _draw(canvas: Canvas, cell: _Cell, x: float, top: float, width: float) -> None:
    place = cell.place
    middle_y = top + 12 + TALL / 2
    if place is None:
        canvas.text(x + width / 2, middle_y + 4, f"… {cell.left_out} more …", "soft", size=SMALL, anchor="middle")
        return
    arrow = 0 if place.layer is None else 26
    if arrow:
        canvas.arrow((x, middle_y), (x + arrow - 4, middle_y))
    left, room = x + arrow, width - arrow - 10
    height, breadth = _extent(place.output, room)
    middle_x = left + room / 2
    style = "grey" if place.layer is None else "blue" if place.applied.weights else "orange" if place.applied.maps else "green"
    notation = place.layer.notation if place.layer else "input"
    tooltip = f"{place.index}. {place.name}: {notation}, {written_shape(place.output)}"
    canvas.box(middle_x - breadth / 2, middle_y - height / 2, breadth, height, f"{style} edge", rounded=2, tooltip=tooltip)
    below = middle_y + TALL / 2 + 17
    canvas.text(middle_x, below, place.name, "strong", size=SMALL, anchor="middle", width=LABEL)
    canvas.text(middle_x, below + 15, written_shape(place.output), "soft", size=SMALL, anchor="middle", width=LABEL)
    if _joined(place):
        canvas.text(middle_x, below + 29, _joined(place), "soft", size=SMALL, anchor="middle", width=LABEL)


def _extent(shape: Shape, room: float) -> tuple[float, float]:
    """Height for the axes, breadth for the channels, both on a logarithmic scale."""
    axes = [size.constant for size in shape.axes]
    tall = max((size for size in axes if size is not None), default=0)
    height = 10.0 if not shape.axes else TALL * 0.7 if not tall else min(TALL, 8 + 6 * log2(tall + 1))
    return height, min(room, 8 + 4 * log2(_number(shape.channels) + 1))


def _number(term: Term) -> int:
    return 32 if term.constant is None else max(term.constant, 0)


def _bracket(canvas: Canvas, left: float, right: float, row: int) -> None:
    y = _top(row) + 4
    canvas.line(((left + 2, y + 5), (left + 2, y), (right, y), (right, y + 5)))
