"""The figure of the parameters of each layer as bars, and the bars that several figures share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from symnet.network.network import Network
from symnet.printing.names import group_digits
from symnet.render.figures.axis import FigureError, number
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, width_of
from symnet.render.folding import folded

__all__ = ["Bar", "draw_bars", "parameter_bars"]

#: How many rows are drawn; of more rows, those at both ends.
ROWS = 44
NAMES, WIDTH, ROW, TOP = 260.0, 280.0, 22.0, 66.0


class Bar(NamedTuple):
    """A row: its label, its length, and the text beside it."""

    label: str
    value: int
    text: str
    left_out: bool = False


def parameter_bars(network: Network) -> Drawing:
    """The parameters of each layer; layers without any are left out, and repeats are folded."""
    rows = [
        (
            node.name,
            number(layer.parameters[-1].conclusion.args[1], f"the number of parameters of {node.name}"),
            node,
        )
        for layer in network.proof.layers[1:]
        if layer.parameters and (node := layer.placed)
    ]
    if not rows:
        raise FigureError("the network has no parameters")
    total = number(network.counted(), "the number of parameters")
    bars: list[Bar] = []
    for fold in folded([(node.layer.unnamed if node.layer else None, count) for _, count, node in rows]):
        for name, count, _ in rows[fold.start : fold.start + fold.length]:
            times = f" × {fold.times}" if fold.times > 1 else ""
            share = (200 * count * fold.times + total) // max(1, 2 * total)  # rounded to the nearest percent, halves up
            bars.append(Bar(name, count * fold.times, f"{group_digits(count)}{times} ({share or '< 1'} %)"))
    summary = f"{group_digits(total)} parameters in all"
    canvas = Canvas()
    described = draw_bars(canvas, "Parameters a layer", summary, bars, centred=False)
    return canvas.finish("Parameters a layer", described)


def draw_bars(canvas: Canvas, title: str, summary: str, bars: Sequence[Bar], *, centred: bool) -> str:
    """Draws a title, a summary and bars, and returns a description; of many bars only those at both ends are drawn."""
    canvas.text(14, 26, title, "strong")
    top = TOP + canvas.paragraph(14, 46, summary, "soft", size=SMALL, width=480)
    shown = list(bars)
    if len(shown) > ROWS:
        rest = shown[ROWS - 8 : -8]
        between = Bar(f"… {len(rest)} more rows", 0 if centred else sum(bar.value for bar in rest), "", True)
        shown = [*shown[: ROWS - 8], between._replace(text="" if centred else group_digits(between.value)), *shown[-8:]]
    names = min(NAMES, max(width_of(bar.label, SMALL) for bar in shown))
    largest = max(bar.value for bar in shown)
    scale: Callable[[int], float] = lambda value: WIDTH * value / max(1, largest)  # noqa: E731
    left = 14 + names + 10
    for row, bar in enumerate(shown):
        y = top + row * ROW
        canvas.text(
            14 + names, y + 13, bar.label, "soft" if bar.left_out else "", size=SMALL, anchor="end", width=names
        )
        length = max(1.5, scale(bar.value))
        if bar.value:
            start = left + (WIDTH - length) / 2 if centred else left
            style = "grey" if bar.left_out else "blue edge" if centred else "orange edge"
            canvas.box(start, y, length, 16, style, tooltip=f"{bar.label}: {bar.text}")
        beside = left + WIDTH + 10 if centred else left + length + 8
        canvas.text(beside, y + 13, bar.text, size=SMALL)
    described = "; ".join(f"{bar.label}: {bar.text}" for bar in shown)
    return f"{summary}. {described}."
