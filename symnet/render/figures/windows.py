"""The figure of the windows of a layer over its padded input, along one axis; entries that no window reaches are marked."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.printing.names import group_digits
from symnet.render.figures.attention_windows import attention_windows
from symnet.render.figures.axis import WindowAxis, chosen, window_axis
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, width_of
from symnet.render.figures.plane import draw_plane

__all__ = ["WINDOWED", "windows"]

WINDOWED = ("Conv", "Depthwise", "SeparableConv", "Maxpool", "Avgpool", "LpPool")

#: Up to WHOLE entries are all drawn; of more, as many at both ends as two windows need, from FEWEST to MOST.
WHOLE, FEWEST, MOST = 24, 10, 26
WIDTH, LEFT, BAR = 456.0, 14.0, 16.0
#: How many rows of windows are drawn.
ROWS = 12


def windows(network: Network, layer: int | str | None = None) -> Drawing:
    """Draws the windows of layer ``layer``, or of the first layer that has any."""
    node = chosen(network, layer, (*WINDOWED, "WindowAttention"), "a convolution, a pooling or window attention")
    if node.layer is not None and node.layer.kind == "WindowAttention":
        return attention_windows(node)
    axis = window_axis(network, node)
    return _Windows(axis, node.name, node.layer.notation if node.layer else "").drawn(_plane(network, node))


def _plane(network: Network, node: Placed) -> tuple[WindowAxis, WindowAxis] | None:
    """The two axes of a layer that has two, else ``None``."""
    if len(node.axes) != 2:
        return None
    return window_axis(network, node, 0), window_axis(network, node, 1)


class _Windows:
    def __init__(self, axis: WindowAxis, name: str, notation: str) -> None:
        self.axis, self.name, self.notation = axis, name, notation
        self.canvas = Canvas()
        length = axis.length
        self.ends = min(MOST, max(FEWEST, axis.extent + axis.stride))
        self.whole = length <= max(WHOLE, 2 * self.ends + 3)
        cells = length if self.whole else 2 * self.ends + 3
        self.cell = min(24.0, WIDTH / cells)

    def drawn(self, plane: tuple[WindowAxis, WindowAxis] | None) -> Drawing:
        axis, canvas = self.axis, self.canvas
        top = 64 + canvas.paragraph(LEFT, 26, f"{self.name}: {self.notation}", "strong", width=WIDTH)
        top += canvas.paragraph(LEFT, top - 19, self._summary(), "soft", size=SMALL, width=WIDTH)
        ends = chain(range(self.ends), range(axis.length - self.ends, axis.length))
        for position in range(axis.length) if self.whole else ends:
            self._entry(position, top)
        if not self.whole:
            canvas.text(self._x(self.ends) + self.cell * 1.5, top + 16, "…", "soft", anchor="middle")
        bottom = self._bars(top + 36)
        bottom = self._legend(bottom + 26)
        if plane is not None:
            draw_plane(canvas, LEFT, bottom + 30, *plane)
        return canvas.finish(f"The windows of {self.name} along {axis.letter}", self._described())

    def _summary(self) -> str:
        axis = self.axis
        last, around = axis.stride * (axis.count - 1), axis.before + axis.size + axis.after
        padded = f"{axis.before} + {axis.size} + {axis.after} = {around}" if around > axis.size else str(axis.size)
        return (
            f"{axis.letter}: {padded} entries, {axis.count:,} windows of {axis.taps}"
            f"{f', taps {axis.dilation} apart' if axis.dilation > 1 else ''}, {axis.stride} apart; "
            f"the last spans {self._number(last)} to {self._number(axis.reached - 1)}"
        )

    def _number(self, position: int) -> str:
        """The number of an entry: the input's entries count from 1, padding before them is 0, −1, …"""
        return group_digits(position - self.axis.before + 1).replace("-", "−")

    def _described(self) -> str:
        dropped = self.axis.dropped
        return f"{self._summary()}. " + (
            f"{dropped} entries at the end are dropped." if dropped else "No entry is dropped."
        )

    def _visible(self, position: int) -> bool:
        return self.whole or position < self.ends or position >= self.axis.length - self.ends

    def _x(self, position: int) -> float:
        if not self.whole and position >= self.axis.length - self.ends:
            position -= self.axis.length - 2 * self.ends - 3
        return LEFT + position * self.cell

    def _entry(self, position: int, y: float) -> None:
        axis, cell = self.axis, self.cell
        padded = not axis.before <= position < axis.before + axis.size
        dropped = axis.reached <= position < axis.reached + axis.dropped
        beyond = position >= axis.before + axis.size + axis.after  # only where sizes are rounded up
        style = "red edge" if dropped else "grey line" if beyond else "paper line" if padded else "blue edge"
        x = self._x(position)
        self.canvas.box(x, y, cell, 24, style)
        if dropped:  # a cross shows it without colour
            self.canvas.line(((x + 3, y + 3), (x + cell - 3, y + 21)), "edge")
            self.canvas.line(((x + 3, y + 21), (x + cell - 3, y + 3)), "edge")
        elif cell >= 18 and not beyond:
            label = self._number(position)
            if width_of(label, SMALL) <= cell - 2:
                self.canvas.text(
                    x + cell / 2, y + 16, label, "soft" if padded else "on-colour", size=SMALL, anchor="middle"
                )

    def _windows(self) -> Iterable[int]:
        """The windows that may be drawn in full: all, or those that begin near an end."""
        axis = self.axis
        if self.whole:
            return range(axis.count)
        first = min(axis.count, self.ends // axis.stride + 1)
        return chain(range(first), range(max(first, (axis.length - self.ends) // axis.stride), axis.count))

    def _bars(self, y: float) -> float:
        """Draws each window as a bar with its taps; overlapping windows are in different rows. Returns the lowest y."""
        axis = self.axis
        rows = -(-axis.extent // axis.stride)
        bottom = y
        for window in self._windows():
            row = window % rows
            start = window * axis.stride
            end = start + axis.extent - 1
            if row >= ROWS or not (self._visible(start) and self._visible(end)):
                continue
            if not self.whole and start < self.ends <= end:
                continue
            self._bar(window, start, y + row * (BAR + 4))
            bottom = max(bottom, y + row * (BAR + 4) + BAR)
        if rows > ROWS:
            self.canvas.text(LEFT, bottom + 18, "… the windows between them are left out", "soft", size=SMALL)
            bottom += 18
        return bottom

    def _bar(self, window: int, start: int, y: float) -> None:
        axis, cell = self.axis, self.cell
        left, right = self._x(start), self._x(start + axis.extent - 1) + cell
        tooltip = f"window {window + 1}: from {self._number(start)} to {self._number(start + axis.extent - 1)}"
        if axis.dilation == 1:
            self.canvas.box(left + 1.5, y, right - left - 3, BAR, "green", rounded=3, tooltip=tooltip)
            if right - left > width_of(str(window + 1), SMALL) + 6:
                self.canvas.text((left + right) / 2, y + 12, str(window + 1), "on-colour", size=SMALL, anchor="middle")
            return
        self.canvas.box(left + 1.5, y + BAR / 2 - 1.5, right - left - 3, 3, "green", tooltip=tooltip)
        for tap in range(axis.taps):
            x = self._x(start + tap * axis.dilation)
            self.canvas.box(x + 1.5, y, cell - 3, BAR, "green", rounded=3)

    def _legend(self, y: float) -> float:
        """Draws the meaning of the colours from the baseline ``y`` on; returns that of its last line."""
        entries = [("blue edge", "input"), ("green", "window")]
        if self.axis.before or self.axis.after:
            entries.insert(1, ("paper line", "padding"))
        if self.axis.reached > self.axis.before + self.axis.size + self.axis.after:
            entries.append(("grey line", "beyond the end: sizes are rounded up"))
        if self.axis.dropped:
            entries.append(("red edge", f"dropped ({self.axis.dropped}): no window reaches it"))
        x = LEFT
        for style, label in entries:
            if x > LEFT and x + 18 + width_of(label, SMALL) > LEFT + WIDTH:
                x, y = LEFT, y + 20
            self.canvas.box(x, y - 10, 12, 12, style)
            self.canvas.text(x + 18, y, label, size=SMALL)
            x += 18 + width_of(label, SMALL) + 22
        return y
