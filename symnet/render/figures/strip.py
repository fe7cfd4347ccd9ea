"""The network as a strip: every tensor a box with its size; repeats folded. An arrow comes from the box before where the layer
reads that one; what else it reads is named under the box, as the boxes are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from math import log2
from typing import NamedTuple

from symnet.layers.joins import Crop
from symnet.layers.shape import Shape
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.printing.structure import Names
from symnet.printing.text import unicode_text
from symnet.render import document
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, width_of
from symnet.render.folding import Fold, folded
from symnet.render.names import size_names
from symnet.render.table import by_name
from symnet.terms.term import Term, symbols_of

__all__ = ["strip", "written_shape"]

#: The strip is broken into rows of this width; more cells than this many are left out in the middle.
WIDTH, CELLS, LABEL, SIZE = 940, 56, 124, 136
#: How high a box may be, a row without notes, a note; of more boxes that a layer reads the rest is counted.
TALL, ROW, NOTE, READ = 56, 128, 14, 4


class _Cell(NamedTuple):
    """A layer with those that follow on the same tensor; ``begins`` and ``ends`` say how often a stretch repeats. ``joined``
    says whether it reads the box before, ``reads`` are the names of the other boxes that it reads."""

    place: Placed | None
    then: tuple[Placed, ...] = ()
    begins: int = 0
    ends: int = 0
    left_out: int = 0
    joined: bool = True
    reads: tuple[str, ...] = ()

    @property
    def notes(self) -> list[str]:
        """Small lines under the size: what else the layer reads, which layers follow."""
        shown = list(self.reads if len(self.reads) <= READ else self.reads[: READ - 1])
        if len(shown) < len(self.reads):
            shown.append(f"{len(self.reads) - len(shown)} more")
        notes = [f"{'+' if self.joined or place else 'from'} {name}" for place, name in enumerate(shown)]
        kinds = [_kind(place) for place in self.then[:READ]]
        if len(self.then) > READ:
            kinds.append(f"{len(self.then) - READ:,} more")
        return notes + ([", ".join(kinds)] if kinds else [])

    @property
    def key(self) -> tuple[object, ...]:
        """Cells of equal keys look the same."""
        return tuple(_key(place) for place in (self.place, *self.then) if place is not None)


def _kind(place: Placed) -> str:
    return place.layer.notation.partition("|")[0] if place.layer else "input"


def strip(network: Network) -> Drawing:
    """The network from left to right."""
    canvas = Canvas()
    cells = _cells(network)
    sizes = _sizes(network)
    top, opened = 16.0, None
    for _, placed in groupby(_rows(cells, sizes), key=lambda found: found[0]):
        row = list(placed)
        for _, x, cell in row:
            if cell.place is None and opened is not None:  # a stretch that is not shown to its end
                _bracket(canvas, opened, x, top)
                opened = None
            if cell.begins:
                opened = x
                canvas.text(x + 4, top - 2, f"{cell.begins} ×", "strong", size=SMALL)
            width = _width(cell, sizes)
            _draw(canvas, cell, x, top, width, sizes)
            if cell.ends and opened is not None:
                _bracket(canvas, opened, x + width - 10, top)
                opened = None
        if opened is not None:  # it goes on in the next row
            _bracket(canvas, opened, row[-1][1] + _width(row[-1][2], sizes) - 10, top)
            opened = 14.0
        top += ROW + NOTE * max(len(cell.notes) for _, _, cell in row)
    _legend(canvas, top + 4)
    return canvas.finish("The network, layer by layer", _described(network))


def _rows(cells: list[_Cell], sizes: list[str]) -> Iterator[tuple[int, float, _Cell]]:
    """Every cell with its row and its left side."""
    x, row = 14.0, 0
    for cell in cells:
        width = _width(cell, sizes)
        if x + width > WIDTH and x > 14:
            x, row = 14.0, row + 1
        yield row, x, cell
        x += width


def _described(network: Network) -> str:
    placed = network.placed
    steps = []
    for place in placed[1:13]:
        read = [placed[source].name for source in place.sources if placed[source].layer or len(place.sources) > 1]
        aside = place.sources != (place.index - 1,)
        of = f" of {' and '.join(read) or 'the input'}" if aside and place.sources else ""
        steps.append(f"{place.name}{of} gives {written_shape(place.output)}")
    more = len(placed) - 1 - len(steps)
    tail = f"; and {more} more layer{'s' * (more > 1)}" if more > 0 else ""
    return f"Input {written_shape(placed[0].output)}; {'; '.join(steps)}{tail}."


def written_shape(shape: Shape) -> str:
    """``32 × 24 × 24``, ``8 × (W − 2)``."""
    return _times(shape.dims, {})


def _times(sizes: tuple[Term, ...], names: Names) -> str:
    return document.Shape(sizes).joined(lambda size: unicode_text(size, names))


def _sizes(network: Network) -> list[str]:
    """The size of every tensor; sizes that are not numbers by their names, as in the table."""
    if not symbols_of(*network.input):
        return [written_shape(place.output) for place in network.placed]
    names = size_names(network.proof)
    return [_times(by_name(layer, layer.placed.output.dims), names) for layer in network.proof.layers]


def _key(place: Placed) -> tuple[object, ...]:
    """Layers of equal keys look the same in the strip."""
    return (
        place.layer and place.layer.unnamed,
        place.output.dims,
        tuple(place.index - source for source in place.sources),
    )


def _cells(network: Network) -> list[_Cell]:
    readers = Counter(source for place in network.placed for source in place.sources)
    runs: list[list[Placed]] = []
    for place in network.placed[1:]:
        before = network.placed[place.index - 1]
        alone = readers[before.index] == 1  # what others read has a box of its own
        if runs and alone and _follows(place, before):
            runs[-1].append(place)
        else:
            runs.append([place])
    units = [_Cell(first, tuple(then)) for first, *then in runs]
    folds = folded([unit.key for unit in units])
    units = _joined(units, folds)
    cells = [_Cell(network.placed[0])]
    for fold in folds:
        stretch = units[fold.start : fold.start + fold.length]
        if fold.times > 1:
            stretch[0] = stretch[0]._replace(begins=fold.times)
            stretch[-1] = stretch[-1]._replace(ends=fold.times)
        cells += stretch
    if len(cells) <= CELLS:
        return cells
    return [*cells[: CELLS - 12], _Cell(None, left_out=len(cells) - CELLS), *cells[-12:]]


def _joined(units: list[_Cell], folds: list[Fold]) -> list[_Cell]:
    """The cells with what they read; of a stretch that repeats the box that is shown stands for all."""
    shown = {fold.start + k: fold.start + k % fold.length for fold in folds for k in range(fold.length * fold.times)}
    names = {0: "input"}
    for number, unit in enumerate(units):
        standing = units[shown[number]].place
        for place in (unit.place, *unit.then):
            if place is not None and standing is not None:
                names[place.index] = standing.name
    found: list[_Cell] = []
    for unit in units:
        sources = unit.place.sources if unit.place else ()
        before = unit.place.index - 1 if unit.place else 0
        if unit.place is not None and isinstance(unit.place.layer, Crop):  # the second tensor gives its size only
            reads = [f"{names[sources[0]]}", f"size of {names[sources[1]]}"]
            found.append(unit._replace(joined=before == sources[0], reads=tuple(reads[before == sources[0] :])))
            continue
        counted = Counter(names[source] for source in dict.fromkeys(sources) if source != before)
        others = tuple(name if count == 1 else f"{count} × {name}" for name, count in counted.items())
        found.append(unit._replace(joined=before in sources, reads=others))
    return found


def _follows(place: Placed, before: Placed) -> bool:
    """Whether a layer only works on the entries of the tensor before it: activations, normalization, dropout."""
    alone = place.sources == (before.index,) and place.output == before.output
    return alone and not any(place.applied.maps) and all(len(weight.shape) <= 1 for weight in place.applied.weights)


def _width(cell: _Cell, sizes: list[str]) -> float:
    if cell.place is None:
        return 110.0
    labels = [cell.place.name, sizes[cell.place.index]]
    arrow = 0 if cell.place.layer is None else 26
    widths = [min(width_of(label, SMALL), LABEL) for label in labels]
    return arrow + max(46.0, *widths, *(min(width_of(note, SMALL), SIZE) for note in cell.notes)) + 12


def _draw(canvas: Canvas, cell: _Cell, x: float, top: float, width: float, sizes: list[str]) -> None:
    place = cell.place
    middle_y = top + 12 + TALL / 2
    if place is None:
        canvas.text(x + width / 2, middle_y + 4, f"… {cell.left_out} more …", "soft", size=SMALL, anchor="middle")
        return
    size = sizes[place.index]
    arrow = 0 if place.layer is None else 26
    if arrow and cell.joined:
        canvas.arrow((x, middle_y), (x + arrow - 4, middle_y))
    left, room = x + arrow, width - arrow - 10
    height, breadth = _extent(place.output, room)
    middle_x = left + room / 2
    style = (
        "grey" if place.layer is None else "blue" if place.applied.weights else "orange" if _moves(place) else "green"
    )
    notation = place.layer.notation if place.layer else "input"
    tooltip = f"{place.index}. {place.name}: {notation}, {written_shape(place.output)}"
    canvas.box(
        middle_x - breadth / 2, middle_y - height / 2, breadth, height, f"{style} edge", rounded=2, tooltip=tooltip
    )
    below = middle_y + TALL / 2 + 17
    canvas.text(middle_x, below, place.name, "strong", size=SMALL, anchor="middle", width=LABEL)
    canvas.text(middle_x, below + 15, size, "soft", size=SMALL, anchor="middle", width=SIZE)
    for line, note in enumerate(cell.notes):
        canvas.text(middle_x, below + 29 + NOTE * line, note, "soft", size=SMALL, anchor="middle", width=SIZE)


def _moves(place: Placed) -> bool:
    """Whether the size that comes out may be another than the one that comes in."""
    return any(place.applied.maps) or (bool(place.inputs) and place.inputs[0].dims != place.output.dims)


def _extent(shape: Shape, room: float) -> tuple[float, float]:
    """Height for the axes, breadth for the channels, both on a logarithmic scale."""
    axes = [size.constant for size in shape.axes]
    tall = max((size for size in axes if size is not None), default=0)
    height = 10.0 if not shape.axes else TALL * 0.7 if not tall else min(TALL, 8 + 6 * log2(tall + 1))
    return height, min(room - 8, 8 + 4 * log2((_number(shape.channels) if shape.dims else 1) + 1))


def _number(term: Term) -> int:
    return 32 if term.constant is None else max(term.constant, 0)


def _legend(canvas: Canvas, y: float) -> None:
    x = 14.0
    for style, label in (
        ("blue edge", "has parameters"),
        ("orange edge", "changes sizes only"),
        ("green edge", "neither"),
    ):
        canvas.box(x, y - 10, 12, 12, style, rounded=2)
        canvas.text(x + 18, y, label, "soft", size=SMALL)
        x += 36 + width_of(label, SMALL)


def _bracket(canvas: Canvas, left: float, right: float, top: float) -> None:
    y = top + 4
    canvas.line(((left + 2, y + 5), (left + 2, y), (right, y), (right, y + 5)))
