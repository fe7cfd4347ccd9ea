"""The roofline: how fast each layer can run at most, given how much it computes for each byte that it moves.

Williams, Waterman, Patterson 2009, "Roofline: An Insightful Visual Performance Model for Multicore Architectures". A multiply-add
is two operations; a layer moves its inputs, weights and output once each in float32, which is the least possible.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log2, prod
from typing import NamedTuple

from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.render.figures.axis import FigureError, number
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, width_of
from symnet.terms.term import Term

__all__ = ["roofline"]

#: The machine: NVIDIA A100 40 GB, by its data sheet 19.5 Tflop/s in float32 and 1,555 GB/s; in Gflop/s and GB/s.
MACHINE, PEAK, BANDWIDTH = "an A100 (19.5 Tflop/s in float32, 1,555 GB/s)", 19_500.0, 1_555.0

#: Bytes of a number; how many layers are listed, those that compute most; the plot in pixels.
BYTES, LISTED = 4, 16
LEFT, TOP, WIDTH, HEIGHT = 56.0, 74.0, 400.0, 260.0
#: The lowest speed of the plot is the peak divided by this.
DOWN = 1024.0


class _Point(NamedTuple):
    names: tuple[str, ...]
    operations: int
    moved: int

    @property
    def intensity(self) -> float:
        """Operations for each byte moved."""
        return self.operations / self.moved

    @property
    def reached(self) -> float:
        """The greatest speed that it can reach, in Gflop/s."""
        return min(PEAK, self.intensity * BANDWIDTH)

    @property
    def bound(self) -> str:
        """The limit of its speed: memory or arithmetic."""
        return "arithmetic" if self.intensity * BANDWIDTH >= PEAK else "memory"


def roofline(network: Network) -> Drawing:
    """Draws a dot for each layer with multiply-adds, on the roof of one machine; layers with the same numbers share a dot."""
    points = list(_points(network))
    if not points:
        raise FigureError("no layer of the network multiplies")
    points.sort(key=lambda point: -point.operations * len(point.names))
    canvas = Canvas()
    ridge = PEAK / BANDWIDTH
    layers = sum(len(point.names) for point in points)
    bound = sum(len(point.names) for point in points if point.bound == "arithmetic")
    summary = f"on {MACHINE} arithmetic bounds {bound} of {layers} layer{'s' * (layers != 1)}, memory the others"
    canvas.text(14, 26, "The roofline of one example, layer by layer", "strong")
    canvas.text(14, 46, summary, "soft", size=SMALL)
    _plot(canvas, points, ridge)
    _list(canvas, points)
    described = "; ".join(f"{_named(point)}: {_intensity_text(point)}" for point in points[:LISTED])
    return canvas.finish("The roofline", f"{summary}. {described}.")


def _points(network: Network) -> Iterator[_Point]:
    names_by_cost: dict[tuple[int, int], list[str]] = {}
    for layer in network.proof.layers[1:]:
        if not layer.work:
            continue
        node = layer.placed
        work = number(layer.work[-1].conclusion.args[1], f"the number of multiply-adds of {node.name}")
        if work:
            names_by_cost.setdefault((2 * work, BYTES * _entries(node)), []).append(node.name)
    for (operations, moved), names in names_by_cost.items():
        yield _Point(tuple(names), operations, moved)


def _entries(node: Placed) -> int:
    """The number of entries that a layer reads and writes, each once."""
    arrays: list[tuple[Term, ...]] = [shape.dims for shape in (*node.inputs, node.output)]
    arrays += [weight.shape for weight in node.applied.weights]
    return sum(prod(number(size, f"a size of {node.name}") for size in array) for array in arrays)


def _plot(canvas: Canvas, points: list[_Point], ridge: float) -> None:
    low = min(-3, *(int(log2(point.intensity)) - 1 for point in points))
    high = max(int(log2(ridge)) + 3, *(int(log2(point.intensity)) + 2 for point in points))

    def x(intensity: float) -> float:
        return LEFT + WIDTH * (log2(intensity) - low) / (high - low)

    def y(speed: float) -> float:
        return TOP + HEIGHT * min(1.0, log2(PEAK / speed) / log2(DOWN)) + 14

    bottom = TOP + HEIGHT + 14
    for power in range(low, high + 1, max(1, (high - low) // 8)):
        tick = f"{1 << power}" if power >= 0 else f"1/{1 << -power}"
        canvas.line(((x(2.0**power), bottom), (x(2.0**power), bottom + 5)))
        canvas.text(x(2.0**power), bottom + 19, tick, "soft", size=SMALL, anchor="middle")
    for part in (1, 4, 16, 64, 256):
        canvas.line(((LEFT, y(PEAK / part)), (LEFT + WIDTH, y(PEAK / part))), "faint")
        share = "peak" if part == 1 else f"1/{part}"
        canvas.text(LEFT - 8, y(PEAK / part) + 4, share, "soft", size=SMALL, anchor="end")
    canvas.line(((LEFT, TOP), (LEFT, bottom), (LEFT + WIDTH, bottom)))
    start = max(2.0**low, PEAK / DOWN / BANDWIDTH)
    canvas.line(((x(start), y(start * BANDWIDTH)), (x(ridge), y(PEAK)), (LEFT + WIDTH, y(PEAK))), "blue-line", width=2)
    label_positions: list[tuple[float, float]] = []
    for rank, point in enumerate(points, 1):
        at = x(point.intensity), y(max(point.reached, PEAK / DOWN))
        canvas.dot(*at, 5 if rank <= LISTED else 3, "orange edge")
        if rank > LISTED:
            continue
        label = at[1] + 20
        while any(abs(at[0] - other) < 16 and abs(label - height) < 13 for other, height in label_positions):
            label += 13
        if label < bottom - 3:
            label_positions.append((at[0], label))
            canvas.text(at[0], label, str(rank), size=SMALL, anchor="middle")
    canvas.text(LEFT + WIDTH, bottom + 38, "operations a byte moved", "soft", size=SMALL, anchor="end")
    canvas.text(LEFT, TOP - 6, "operations a second, of the machine's peak", "soft", size=SMALL)


def _list(canvas: Canvas, points: list[_Point]) -> None:
    """Draws the list of layers that the numbers in the plot stand for."""
    x, y = LEFT + WIDTH + 36, TOP + 4
    canvas.text(x, y - 10, "what computes most", "soft", size=SMALL)
    names = [f"{rank}. {_named(point)}" for rank, point in enumerate(points[:LISTED], 1)]
    details_x = x + max(width_of(name, SMALL) for name in names) + 14
    for row, (name, point) in enumerate(zip(names, points, strict=False)):
        canvas.text(x, y + 10 + 19 * row, name, size=SMALL)
        canvas.text(details_x, y + 10 + 19 * row, _intensity_text(point), "soft", size=SMALL)
    if len(points) > LISTED:
        canvas.text(x, y + 10 + 19 * LISTED, f"… and {len(points) - LISTED} more dots", "soft", size=SMALL)


def _named(point: _Point) -> str:
    name = point.names[0] if len(point.names[0]) <= 28 else f"{point.names[0][:14]}…{point.names[0][-13:]}"
    return name if len(point.names) == 1 else f"{name} and {len(point.names) - 1} like it"


def _intensity_text(point: _Point) -> str:
    return f"{point.intensity:.3g} a byte: {point.bound}"
