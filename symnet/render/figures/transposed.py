"""The figure of a transposed convolution along one axis in two ways: as windows of step 1 over the input with zeros between its entries,
and with every input entry spread over the output. Both give the same output.
"""

from __future__ import annotations

from symnet.layers.laws.law import Spread
from symnet.network.network import Network
from symnet.render.figures.axis import FigureError, chosen, number
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, width_of

__all__ = ["transposed"]

#: How many entries of the output are drawn.
MOST = 48
LEFT, CELL, BAR, WIDTH = 14.0, 22.0, 14.0, 900.0


def transposed(network: Network, layer: int | str | None = None) -> Drawing:
    """Draws transposed convolution ``layer``, or the first one, along its last axis."""
    node = chosen(network, layer, ("Deconv",), "a transposed convolution")
    spread = node.applied.maps[-1].spread if node.applied.maps and node.applied.maps[-1] else None
    if spread is None:
        raise FigureError(f"where the entries of {node.title} begin depends on the size of its output")
    size = number(network.placed[node.sources[0]].axes[-1].size, "the input size")
    output = number(node.axes[-1].size, "the output size")
    if output > MOST:
        raise FigureError(f"the output of {node.name} has {output:,} entries: a figure shows at most {MOST}")
    return _Transposed(node.name, node.layer.notation if node.layer else "", spread, size, output).drawn()


class _Transposed:
    def __init__(self, name: str, notation: str, spread: Spread, size: int, output: int) -> None:
        self.name, self.notation, self.size, self.output = name, notation, size, output
        self.kernel, self.stride = number(spread.taps, "the kernel"), number(spread.stride, "the stride")
        self.before, self.dilation = number(spread.padding, "what is cut off"), number(spread.apart, "the dilation")
        self.extent = self.dilation * (self.kernel - 1) + 1
        self.canvas = Canvas()

    def drawn(self) -> Drawing:
        canvas = self.canvas
        canvas.text(LEFT, 26, f"{self.name}: {self.notation}", "strong", width=WIDTH)
        come = "entry comes" if self.size == 1 else "entries come"
        summary = (
            f"{self.size} {come} in, {self.output} go out: step {self.stride}, kernel {self.kernel}"
            f"{f', taps {self.dilation} apart' * (self.dilation > 1)}, {self.before} cut off at the start"
        )
        canvas.text(LEFT, 45, summary, "soft", size=SMALL)
        y = self._zeros(74)
        y = self._spread(y + 40)
        return canvas.finish(f"{self.name} as a transposed convolution", summary + ".")

    # ---- zeros between the entries

    def _zeros(self, y: float) -> float:
        """Draws windows of step 1 over the entries with zeros between and around them; returns the y below."""
        before = self.extent - 1 - self.before
        spread = self.stride * (self.size - 1) + 1
        after = self.output + self.extent - 1 - before - spread
        words = f"{self.stride - 1} zero{'s' * (self.stride != 2)} between the entries, {before} before, {after} after"
        if before < 0 or after < 0:
            self.canvas.text(
                LEFT, y, "more is cut off than the kernel reaches: no padding with zeros gives it", "soft", size=SMALL
            )
            return y
        self.canvas.text(LEFT, y, f"As a convolution of step 1: {words}.", "strong", size=SMALL)
        y += 12
        for position in range(before + spread + after):
            entry, rest = divmod(position - before, self.stride)
            is_entry = rest == 0 and 0 <= entry < self.size
            style = "blue edge" if is_entry else "paper line"
            self._cell(position, y, style, str(entry + 1) if is_entry else "0", "on-colour" if is_entry else "soft")
        rows = min(self.extent, 6)
        for window in range(self.output):
            if window % self.extent < rows:
                top = y + 28 + (window % self.extent) * (BAR + 4)
                self._bar([window + tap * self.dilation for tap in range(self.kernel)], top, str(window + 1), "orange")
        y += 28 + rows * (BAR + 4)
        for position in range(self.output):
            self._cell(position, y + 6, "orange edge", str(position + 1), "on-colour")
        self.canvas.text(LEFT + self.output * CELL + 10, y + 22, "output", "soft", size=SMALL)
        return y + 30

    # ---- every entry spread over the output

    def _spread(self, y: float) -> float:
        """Draws every entry spread over the output; returns the y below."""
        full = max(self.stride * (self.size - 1) + self.extent, self.before + self.output)
        self.canvas.text(LEFT, y, "Every entry spread over the output, what overlaps added up:", "strong", size=SMALL)
        y += 12
        rows = min(-(-self.extent // self.stride), 6)
        for entry in range(self.size):
            if entry % (-(-self.extent // self.stride)) < rows:
                top = y + (entry % rows) * (BAR + 4)
                positions = [entry * self.stride + tap * self.dilation for tap in range(self.kernel)]
                self._bar(positions, top, str(entry + 1), "blue")
        y += rows * (BAR + 4) + 4
        cut_off = 0
        for position in range(full):
            inside = self.before <= position < self.before + self.output
            cut_off += not inside
            if inside:
                self._cell(position, y, "orange edge", str(position - self.before + 1), "on-colour")
            else:
                self._cell(position, y, "paper line", "", "soft")
                x = LEFT + position * CELL
                self.canvas.line(((x + 4, y + 4), (x + CELL - 4, y + 20)), "line")
                self.canvas.line(((x + 4, y + 20), (x + CELL - 4, y + 4)), "line")
        label = "output" + (f"; crossed: {cut_off} cut off" if cut_off else "")
        self.canvas.text(LEFT + full * CELL + 10, y + 16, label, "soft", size=SMALL)
        return y + 30

    # ---- cells and bars

    def _cell(self, position: int, y: float, style: str, label: str, ink: str) -> None:
        self.canvas.box(LEFT + position * CELL, y, CELL, 24, style)
        if label and width_of(label, SMALL) <= CELL - 2:
            self.canvas.text(LEFT + (position + 0.5) * CELL, y + 16, label, ink, size=SMALL, anchor="middle")

    def _bar(self, positions: list[int], y: float, label: str, style: str) -> None:
        """Draws a window, or the outputs of an entry: a bar, or with dilation its taps on a line."""
        left, right = LEFT + positions[0] * CELL, LEFT + (positions[-1] + 1) * CELL
        if len(positions) == positions[-1] - positions[0] + 1:
            self.canvas.box(left + 1.5, y, right - left - 3, BAR, style, rounded=3)
            if width_of(label, SMALL) + 4 <= right - left:
                self.canvas.text((left + right) / 2, y + 11, label, "on-colour", size=SMALL, anchor="middle")
            return
        self.canvas.box(left + 1.5, y + BAR / 2 - 1.5, right - left - 3, 3, style)
        for position in positions:
            self.canvas.box(LEFT + position * CELL + 1.5, y, CELL - 3, BAR, style, rounded=3)
