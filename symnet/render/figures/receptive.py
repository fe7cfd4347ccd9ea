"""What one entry of each tensor sees of the input: bars layer by layer, and in two dimensions one area within the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from symnet.layers.laws.law import Field
from symnet.network.network import Network
from symnet.network.receptive import receptive_fields, unbounded
from symnet.printing.names import group_digits
from symnet.render.figures.axis import FigureError, number
from symnet.render.figures.bars import Bar, draw_bars
from symnet.render.figures.canvas import SMALL, Canvas, Drawing

__all__ = ["receptive_field"]

#: The largest area is so many pixels wide or high; so many areas are drawn, the last ones; the height of a line beside them.
LARGEST, AREAS, LINE = 300.0, 8, 19.0


class _Seen(NamedTuple):
    """What an entry after a layer sees, along the axes that it has."""

    name: str
    sizes: tuple[int, ...]
    strides: tuple[str, ...]

    @property
    def told(self) -> str:
        """``5 × 5, 2 × 2 apart``"""
        return f"{' × '.join(map(group_digits, self.sizes))}, {' × '.join(self.strides)} apart"


def receptive_field(network: Network) -> Drawing:
    """What one entry sees of the input, layer by layer; layers that see as much as the one before are left out. A layer that does
    not read the one before it says what it reads."""
    fields = receptive_fields(network.placed)
    bars: list[Bar] = []
    areas: list[_Seen] = []
    last_told = ""
    for place in network.placed[1:]:
        seen = _seen(place.name, fields[place.index])
        if seen is None:
            continue
        aside = place.sources != (place.index - 1,) and len(place.sources) == 1
        if seen.told != last_told or aside:
            read = f" ← {network.placed[place.sources[0]].name}" if aside and place.sources[0] else ""
            bars.append(Bar(f"{place.name}{read}", seen.sizes[-1], seen.told))
            areas.append(seen)
        last_told = seen.told
    if not bars:
        raise FigureError("no layer of the network has a receptive field")
    place = network.placed[network.proof.feature_map]  # of which the report speaks
    where = "in the end" if place.index == network.last.index else f"after {place.name}"
    at_last = _seen(place.name, fields[place.index])
    if at_last is None:
        axis = next((axis for axis, field in enumerate(fields[place.index]) if field is None), 0)
        why = unbounded(network.placed, place.index, axis) or "there are no axes"
        said = f"no window bounds what one entry sees {where}: {why}; {areas[-1].name} sees {areas[-1].told}"
    else:
        sizes = " × ".join(map(group_digits, at_last.sizes))
        said = f"{where} one entry sees {sizes} inputs, {' × '.join(at_last.strides)} apart"
    canvas = Canvas()
    described = draw_bars(canvas, "The receptive field", said, bars, centred=True)
    in_two = [area for area in areas if len(area.sizes) == 2]
    if in_two:
        _plane(canvas, in_two, canvas.bottom + 40)
    return canvas.finish("The receptive field", described)


def _seen(name: str, fields: Sequence[Field | None]) -> _Seen | None:
    """The fields of all axes in numbers; nothing where one of them has none."""
    sizes, strides = [], []
    for field in fields:
        if field is None:
            return None
        sizes.append(number(field.size, "the receptive field"))
        per = "" if field.per.constant == 1 else f"/{field.per.constant}"
        strides.append(f"{group_digits(number(field.stride, 'the stride'))}{per}")
    return _Seen(name, tuple(sizes), tuple(strides)) if sizes else None


def _plane(canvas: Canvas, areas: Sequence[_Seen], top: float) -> None:
    """The areas of the input that an entry sees, around one middle, each with a line to its words."""
    unlike: dict[tuple[int, ...], _Seen] = {}
    for area in areas:
        unlike.setdefault(area.sizes, area)
    shown = sorted(unlike.values(), key=lambda area: area.sizes[0] * area.sizes[1])[-AREAS:]
    largest = max(max(area.sizes) for area in shown)
    high, wide = (LARGEST * max(area.sizes[axis] for area in shown) / largest for axis in (0, 1))
    middle_x, middle_y = 14 + wide / 2, top + 16 + high / 2
    canvas.text(14, top, "the part of the input that one entry sees, to scale", "soft", size=SMALL)
    beside = 14 + wide + 40
    for row, area in enumerate(reversed(shown)):
        height, width = (max(2.0, LARGEST * size / largest) for size in area.sizes)
        left, upper = middle_x - width / 2, middle_y - height / 2
        canvas.box(left, upper, width, height, "blue edge" if row % 2 == 0 else "paper edge")
        y = top + 22 + LINE * row
        canvas.line(((left + width, upper + 1), (beside - 6, y)), "line")
        size = " × ".join(map(group_digits, area.sizes))
        canvas.text(beside, y + 4, f"{area.name}: {size}", size=SMALL)
