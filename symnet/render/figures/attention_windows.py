"""The figure of window attention: how windows divide an image, the padding that they need, and the entries that attend to each other."""

from __future__ import annotations

from symnet.layers.kinds.window_attention import WindowAttention
from symnet.network.propagate import Placed
from symnet.render.figures.axis import FigureError, number
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, width_of

__all__ = ["attention_windows"]

#: Up to WHOLE windows along an axis are all drawn; of more, START and END at both ends. Then pixels: of the image, a cell, a gap, margins.
WHOLE, START, END = 9, 6, 2
LARGEST, CELL, GAP, LEFT, TOP = 430.0, 22.0, 16.0, 14.0, 66.0


def attention_windows(node: Placed) -> Drawing:
    """The windows over the two axes of an image, with the entries of the first one."""
    layer = node.layer
    if not isinstance(layer, WindowAttention) or len(node.inputs[0].axes) != 2:
        raise FigureError(f"{node.title} has no windows over two axes, which alone are drawn")
    sizes = [number(size, f"a size of {node.name}") for size in node.inputs[0].axes]
    window_sizes = [number(size, f"a window of {node.name}") for size in (layer.window * 2)[:2]]
    extents = [min(window, size) if layer.clamped else window for window, size in zip(window_sizes, sizes, strict=True)]
    counts = [-(-size // window) for size, window in zip(sizes, extents, strict=True)]
    canvas = Canvas()
    drawn = [_shown(count) for count in counts]
    cell = min(CELL, *((LARGEST - GAP) / (len(shown) * window) for shown, window in zip(drawn, extents, strict=True)))
    canvas.text(LEFT, 26, f"The windows of {node.name}", "strong", width=600)
    windows, entries = counts[0] * counts[1], extents[0] * extents[1]
    summary = (
        f"{sizes[0]} × {sizes[1]} entries in {counts[0]} × {counts[1]} = {windows:,} windows of "
        f"{extents[0]} × {extents[1]}: each entry attends to the {entries:,} of its own window"
    )
    top = TOP + canvas.paragraph(LEFT, 46, summary, "soft", size=SMALL, width=LARGEST)
    for row in drawn[0]:
        for column in drawn[1]:
            _window(canvas, top, (row, column), extents, sizes, drawn, cell)
    for axis in (0, 1):
        if len(drawn[axis]) < counts[axis]:
            at = START * extents[axis] * cell + GAP / 2
            x, y = (LEFT + 4, top + at + 4) if axis == 0 else (LEFT + at, top + 12)
            canvas.text(x, y, "…", "soft", size=SMALL, anchor="middle" if axis else "start")
    padding = [count * window - size for count, window, size in zip(counts, extents, sizes, strict=True)]
    _legend(canvas, canvas.bottom + 28, padding)
    tail = f" {padding[0]} rows and {padding[1]} columns are padding." if any(padding) else " Nothing is padded."
    return canvas.finish(f"The windows of {node.name}", f"{summary}.{tail}")


def _shown(count: int) -> list[int]:
    return [*range(count)] if count <= WHOLE else [*range(START), *range(count - END, count)]


def _window(
    canvas: Canvas,
    above: float,
    window: tuple[int, int],
    extents: list[int],
    sizes: list[int],
    drawn: list[list[int]],
    cell: float,
) -> None:
    """Draws a window of the image whose top is ``above``: its part in the input, its padding, and for the first one its entries."""
    positions = [shown.index(number) for shown, number in zip(drawn, window, strict=True)]
    gaps = [
        GAP if len(shown) < shown[-1] + 1 and at >= START else 0.0 for shown, at in zip(drawn, positions, strict=True)
    ]
    top, left = (
        start + at * extent * cell + gap
        for start, at, extent, gap in zip((above, LEFT), positions, extents, gaps, strict=True)
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
