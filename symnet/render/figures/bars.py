"""Bars, a row a layer: how the receptive field grows, and where the parameters are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from symnet.network.network import Network
from symnet.network.receptive import receptive_fields, unbounded
from symnet.printing.names import group_digits
from symnet.render.figures.axis import FigureError, number
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, width_of
from symnet.render.folding import folded

__all__ = ["parameter_bars", "receptive_field"]

#: Rows drawn; of more, those at both ends.
ROWS = 44
NAMES, WIDTH, ROW, TOP = 150.0, 520.0, 22.0, 66.0


class _Bar(NamedTuple):
    label: str
    value: int
    said: str
    left_out: bool = False


def parameter_bars(network: Network) -> Drawing:
    """Parameters a layer; layers without any are left out, repeats folded."""
    rows = [
        (
            place.name,
            number(layer.parameters[-1].conclusion.args[1], f"the number of parameters of {place.name}"),
            place,
        )
        for layer in network.proof.layers[1:]
        if layer.parameters and (place := layer.placed)
    ]
    if not rows:
        raise FigureError("the network has no parameters")
    total = number(network.counted(), "the number of parameters")
    bars: list[_Bar] = []
    for fold in folded([(place.layer.unnamed if place.layer else None, count) for _, count, place in rows]):
        for name, count, _ in rows[fold.start : fold.start + fold.length]:
            times = f" × {fold.times}" if fold.times > 1 else ""
            share = (200 * count * fold.times + total) // max(1, 2 * total)  # to the nearest, a half up
            bars.append(_Bar(name, count * fold.times, f"{group_digits(count)}{times} ({share or '< 1'} %)"))
    said = f"{group_digits(total)} parameters in all"
    return _drawn("Parameters a layer", said, bars, False)


def receptive_field(network: Network) -> Drawing:
    """What one entry sees of the input, layer by layer; layers that see as much as the one before are left out."""
    bars: list[_Bar] = []
    letter = ""
    for place, fields in zip(network.placed[1:], receptive_fields(network.placed)[1:], strict=True):
        if not fields or fields[-1] is None:
            continue
        field, letter = fields[-1], place.output.axis_names[-1]
        size, stride = number(field.size, "the receptive field"), group_digits(number(field.stride, "the stride"))
        if field.per.constant != 1:
            stride += f"/{field.per.constant}"
        if not bars or bars[-1][1:] != (size, _field_said(size, stride), False):
            bars.append(_Bar(place.name, size, _field_said(size, stride)))
    if not bars:
        raise FigureError("no layer of the network has a receptive field")
    place = network.placed[network.proof.feature_map]  # of which the report speaks
    axis = len(place.axes) - 1
    at_last = receptive_fields(network.placed)[place.index][axis] if place.axes else None
    where = "in the end" if place.index == network.last.index else f"after {place.name}"
    if at_last is None:
        why = unbounded(network.placed, place.index, axis) or "there are no axes"
        said = f"no window bounds what one entry sees {where}: {why}; {bars[-1].label} sees {bars[-1].value:,} inputs along {letter}"
    else:
        size = number(at_last.size, "the receptive field")
        said = f"{where} one entry sees {size:,} inputs along {place.output.axis_names[-1]}"
    return _drawn("The receptive field", said, bars, True)


def _field_said(size: int, stride: str) -> str:
    return f"{group_digits(size)}, {stride} apart"


def _drawn(title: str, said: str, bars: Sequence[_Bar], centred: bool) -> Drawing:
    canvas = Canvas()
    canvas.text(14, 26, title, "strong")
    canvas.text(14, 46, said, "soft", size=SMALL, width=NAMES + WIDTH)
    shown = list(bars)
    if len(shown) > ROWS:
        rest = shown[ROWS - 8 : -8]
        between = _Bar(f"… {len(rest)} more rows", 0 if centred else sum(bar.value for bar in rest), "", True)
        shown = [*shown[: ROWS - 8], between._replace(said="" if centred else group_digits(between.value)), *shown[-8:]]
    names = min(NAMES, max(width_of(bar.label, SMALL) for bar in shown))
    largest = max(bar.value for bar in shown)
    scale: Callable[[int], float] = lambda value: WIDTH * value / max(1, largest)  # noqa: E731
    left = 14 + names + 10
    for row, bar in enumerate(shown):
        y = TOP + row * ROW
        canvas.text(
            14 + names, y + 13, bar.label, "soft" if bar.left_out else "", size=SMALL, anchor="end", width=names
        )
        length = max(1.5, scale(bar.value))
        if bar.value:
            start = left + (WIDTH - length) / 2 if centred else left
            style = "grey" if bar.left_out else "blue edge" if centred else "orange edge"
            canvas.box(start, y, length, 16, style, tooltip=f"{bar.label}: {bar.said}")
        beside = left + WIDTH + 10 if centred else left + length + 8
        canvas.text(beside, y + 13, bar.said, size=SMALL)
    described = "; ".join(f"{bar.label}: {bar.said}" for bar in shown)
    return canvas.finish(title, f"{said}. {described}.")
