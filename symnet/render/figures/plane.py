"""The windows of a layer in two dimensions, cell by cell: the padded input with the first and the last window, the kernel with its
taps, and the output with the cells of these two windows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from symnet.render.figures.axis import WindowAxis
from symnet.render.figures.canvas import SMALL, Canvas, width_of

__all__ = ["draw_plane"]

#: Up to WHOLE cells of a row are all drawn; of more, START and END at both ends with a gap. Then sizes of a cell and of gaps, in pixels.
WHOLE, START, END = 16, 9, 6
CELL, GAP, APART = 10.0, 14.0, 20.0

#: Where a line of the legend ends at most, in pixels.
LEGEND = 470.0


class _Run:
    """The cells along one axis that are drawn, with their positions."""

    def __init__(self, length: int) -> None:
        self.length = length
        whole = length <= WHOLE
        self.shown = [*range(length)] if whole else [*range(START), *range(length - END, length)]
        self.offset = {
            cell: number * CELL + GAP * (not whole and number >= START) for number, cell in enumerate(self.shown)
        }
        self.extent = len(self.shown) * CELL + GAP * (not whole)

    @property
    def gap(self) -> float | None:
        """The position where cells are left out, or ``None``."""
        return None if len(self.shown) == self.length else START * CELL


def draw_plane(canvas: Canvas, x: float, y: float, rows: WindowAxis, columns: WindowAxis) -> None:
    """Draw input, kernel and output side by side, from the upper left ``(x, y)``."""
    top = y + 38
    across, down = _Run(columns.length), _Run(rows.length)
    kernel = _Run(rows.extent), _Run(columns.extent)
    output = _Run(rows.count), _Run(columns.count)
    padded = (
        f"padded {_size(rows.length, columns.length)}"
        if rows.length > rows.size or columns.length > columns.size
        else ""
    )
    for title, below, (down_run, across_run), style in (
        (f"input {_size(rows.size, columns.size)}", padded, (down, across), partial(_kind, rows, columns)),
        (f"kernel {_size(rows.taps, columns.taps)}", _steps(rows, columns), kernel, partial(_tap, rows, columns)),
        (f"output {_size(rows.count, columns.count)}", "", output, partial(_out, rows, columns)),
    ):
        canvas.text(x, y + 10, title, "strong", size=SMALL)
        if below:
            canvas.text(x, y + 26, below, "soft", size=SMALL)
        _grid(canvas, x, top, down_run, across_run, style)
        x += max(across_run.extent, width_of(title, SMALL) * 1.08, width_of(below, SMALL)) + APART
    bottom = top + max(_Run(axis).extent for axis in (rows.length, rows.extent, rows.count))
    _legend(canvas, 14.0, bottom + 28, rows, columns)


def _size(rows: int, columns: int) -> str:
    return f"{rows:,} × {columns:,}"


def _steps(rows: WindowAxis, columns: WindowAxis) -> str:
    stride = f"step {rows.stride}" if rows.stride == columns.stride else f"step {rows.stride} × {columns.stride}"
    apart = (rows.dilation, columns.dilation)
    return stride + (
        "" if apart == (1, 1) else f", taps {apart[0] if apart[0] == apart[1] else f'{apart[0]} × {apart[1]}'} apart"
    )


def _grid(canvas: Canvas, x: float, y: float, down: _Run, across: _Run, kind: Callable[[int, int], str]) -> None:
    for row in down.shown:
        for column in across.shown:
            style = kind(row, column)
            if not style:
                continue
            left, top = x + across.offset[column], y + down.offset[row]
            canvas.box(left, top, CELL, CELL, style.removesuffix(" crossed"))
            if style.endswith(" crossed"):  # a cross shows it without colour
                canvas.line(((left + 2, top + 2), (left + CELL - 2, top + CELL - 2)), "edge")
                canvas.line(((left + 2, top + CELL - 2), (left + CELL - 2, top + 2)), "edge")
    if across.gap is not None:
        canvas.text(x + across.gap + GAP / 2, y + 9, "…", "soft", size=SMALL, anchor="middle")
    if down.gap is not None:
        canvas.text(x + 4, y + down.gap + GAP / 2 + 3, "…", "soft", size=SMALL)


def _kind(rows: WindowAxis, columns: WindowAxis, row: int, column: int) -> str:
    """The style of a cell of the padded input."""
    if _in_window(rows, 0, row) and _in_window(columns, 0, column):
        return "green edge"
    if _in_window(rows, rows.count - 1, row) and _in_window(columns, columns.count - 1, column):
        return "orange edge"
    if _beyond(rows, row) or _beyond(columns, column):
        return "grey line"
    if (
        rows.reached <= row < rows.reached + rows.dropped
        or columns.reached <= column < columns.reached + columns.dropped
    ):
        return "red cell crossed"
    inside = _inside(rows, row) and _inside(columns, column)
    return "blue cell" if inside else "paper line"


def _in_window(axis: WindowAxis, window: int, position: int) -> bool:
    """Whether a tap of the window is at this position."""
    shift = position - window * axis.stride
    return 0 <= shift < axis.extent and shift % axis.dilation == 0


def _inside(axis: WindowAxis, position: int) -> bool:
    return axis.before <= position < axis.before + axis.size


def _beyond(axis: WindowAxis, position: int) -> bool:
    return position >= axis.before + axis.size + axis.after


def _tap(rows: WindowAxis, columns: WindowAxis, row: int, column: int) -> str:
    return "green edge" if row % rows.dilation == 0 and column % columns.dilation == 0 else "paper line"


def _out(rows: WindowAxis, columns: WindowAxis, row: int, column: int) -> str:
    if (row, column) == (0, 0):
        return "green edge"
    return "orange edge" if (row, column) == (rows.count - 1, columns.count - 1) else "blue cell"


def _legend(canvas: Canvas, x: float, y: float, rows: WindowAxis, columns: WindowAxis) -> None:
    entries = [("green edge", "the first window and what it gives"), ("orange edge", "the last one")]
    padded = any(axis.before or axis.after for axis in (rows, columns))
    if padded:
        entries.append(
            ("paper line", f"padding: {_padding(rows)} along {rows.letter}, {_padding(columns)} along {columns.letter}")
        )
    if rows.dropped or columns.dropped:
        entries.append(("red cell", f"dropped: {_counted(rows.dropped, 'row')}, {_counted(columns.dropped, 'column')}"))
    left = x
    for style, label in entries:
        if x > left and x + 18 + width_of(label, SMALL) > LEGEND:
            x, y = left, y + 20
        canvas.box(x, y - 10, 12, 12, style)
        canvas.text(x + 18, y, label, size=SMALL)
        x += 36 + width_of(label, SMALL)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _padding(axis: WindowAxis) -> str:
    return f"{axis.before} before and {axis.after} after"
