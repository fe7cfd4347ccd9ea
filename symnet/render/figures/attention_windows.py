"""The windows of window attention: how they cut an image, what is padded for them, and which entries attend to each other."""

from __future__ import annotations

from symnet.layers.kinds.window_attention import WindowAttention
from symnet.network.propagate import Placed
from symnet.render.figures.axis import FigureError, number
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, width_of

__all__ = ["attention_windows"]

#: Windows along an axis that are all drawn; of more those at both ends. Pixels of the whole at most, of a cell at most, of a gap.
WHOLE, START, END = 9, 6, 2
LARGEST, CELL, GAP, LEFT, TOP = 430.0, 22.0, 16.0, 14.0, 66.0


def attention_windows(place: Placed) -> Drawing:
    """The windows over the two axes of an image, with the entries of the first one."""
    layer = place.layer
    if not isinstance(layer, WindowAttention) or len(place.inputs[0].axes) != 2:
        raise FigureError(f"{place.title} has no windows over two axes, which alone are drawn")
    sizes = [number(size, f"a size of {place.name}") for size in place.inputs[0].axes]
    given = [number(size, f"a window of {place.name}") for size in (layer.window * 2)[:2]]
    extents = [min(window, size) if layer.clamped else window for window, size in zip(given, sizes, strict=True)]
    counts = [-(-size // window) for size, window in zip(sizes, extents, strict=True)]
    canvas = Canvas()
    drawn = [_shown(count) for count in counts]
    cell = min(CELL, *((LARGEST - GAP) / (len(shown) * window) for shown, window in zip(drawn, extents, strict=True)))
    canvas.text(LEFT, 26, f"The windows of {place.name}", "strong", width=600)
    windows, entries = counts[0] * counts[1], extents[0] * extents[1]
    said = (
        f"{sizes[0]} × {sizes[1]} entries in {counts[0]} × {counts[1]} = {windows:,} windows of "
        f"{extents[0]} × {extents[1]}: each entry attends to the {entries:,} of its own window"
    )
    canvas.text(LEFT, 46, said, "soft", size=SMALL)
    for row in drawn[0]:
        for column in drawn[1]:
            _window(canvas, (row, column), extents, sizes, drawn, cell)
    for axis in (0, 1):
        if len(drawn[axis]) < counts[axis]:
            at = START * extents[axis] * cell + GAP / 2
            x, y = (LEFT + 4, TOP + at + 4) if axis == 0 else (LEFT + at, TOP + 12)
            canvas.text(x, y, "…", "soft", size=SMALL, anchor="middle" if axis else "start")
    padding = [count * window - size for count, window, size in zip(counts, extents, sizes, strict=True)]
    _legend(canvas, canvas.bottom + 28, padding)
    tail = f" {padding[0]} rows and {padding[1]} columns are padding." if any(padding) else " Nothing is padded."
    return canvas.finish(f"The windows of {place.name}", f"{said}.{tail}")


def _shown(count: int) -> list[int]:
    return [*range(count)] if count <= WHOLE else [*range(START), *range(count - END, count)]


def _window(
    canvas: Canvas, window: tuple[int, int], extents: list[int], sizes: list[int], drawn: list[list[int]], cell: float
) -> None:
    """A window: what of it is input, what is padding; the first one with its entries."""
    place = [shown.index(number) for shown, number in zip(drawn, window, strict=True)]
    gaps = [GAP if len(shown) < shown[-1] + 1 and at >= START else 0.0 for shown, at in zip(drawn, place, strict=True)]
    top, left = (
        start + at * extent * cell + gap
        for start, at, extent, gap in zip((TOP, LEFT), place, extents, gaps, strict=True)
    )
    high, wide = extents[0] * cell, extents[1] * cell
    rows, columns = (
        min(extent, size - number * extent) for extent, size, number in zip(extents, sizes, window, strict=True)
    )
    if (rows, columns) != (extents[0], extents[1]):
        canvas.box(left, top, wide, high, "paper line")
    style = "green" if window == (0, 0) else "blue"
    canvas.box(left, top, columns * cell, rows * cell, f"{style} edge")
    if window == (0, 0):
        for line in range(1, columns):
            canvas.line(((left + line * cell, top), (left + line * cell, top + rows * cell)), "edge", width=0.5)
        for line in range(1, rows):
            canvas.line(((left, top + line * cell), (left + columns * cell, top + line * cell)), "edge", width=0.5)


def _legend(canvas: Canvas, y: float, padding: list[int]) -> None:
    entries = [("green edge", "one window and its entries"), ("blue edge", "the other windows")]
    if any(padding):
        entries.append(("paper line", "padding"))
    x = LEFT
    for style, label in entries:
        canvas.box(x, y - 10, 12, 12, style)
        canvas.text(x + 18, y, label, size=SMALL)
        x += 40 + width_of(label, SMALL)
