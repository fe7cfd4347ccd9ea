"""The figure of receptive fields: bars layer by layer, and in two dimensions one area within the other."""

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

#: The largest area in pixels, the number of areas that are drawn (the last ones), and the height of a line beside them.
LARGEST, AREAS, LINE = 300.0, 8, 19.0


class _FieldInNumbers(NamedTuple):
    """The receptive field of an entry after a layer, by axis."""

    name: str
    sizes: tuple[int, ...]
    strides: tuple[str, ...]

    @property
    def text(self) -> str:
        """``5 × 5, 2 × 2 apart``"""
        return f"{' × '.join(map(group_digits, self.sizes))}, {' × '.join(self.strides)} apart"


def receptive_field(network: Network) -> Drawing:
    """The receptive field layer by layer, without layers that have the same one as the layer before. A layer that does not read the one
    before it names what it reads.
    """
    fields = receptive_fields(network.placed)
    bars: list[Bar] = []
    areas: list[_FieldInNumbers] = []
    last_text = ""
    for node in network.placed[1:]:
        field = _field_in_numbers(node.name, fields[node.index])
        if field is None:
            continue
        aside = node.sources != (node.index - 1,) and len(node.sources) == 1
        if field.text != last_text or aside:
            read = f" ← {network.placed[node.sources[0]].name}" if aside and node.sources[0] else ""
            bars.append(Bar(f"{node.name}{read}", field.sizes[-1], field.text))
            areas.append(field)
        last_text = field.text
    if not bars:
        raise FigureError("no layer of the network has a receptive field")
    node = network.placed[network.proof.feature_map]  # the one that the report is about
    where = "in the end" if node.index == network.last.index else f"after {node.name}"
    at_last = _field_in_numbers(node.name, fields[node.index])
    if at_last is None:
        axis = next((axis for axis, field in enumerate(fields[node.index]) if field is None), 0)
        why = unbounded(network.placed, node.index, axis) or "there are no axes"
        summary = f"no window bounds what one entry sees {where}: {why}; {areas[-1].name} sees {areas[-1].text}"
    else:
        sizes = " × ".join(map(group_digits, at_last.sizes))
        summary = f"{where} one entry sees {sizes} inputs, {' × '.join(at_last.strides)} apart"
    canvas = Canvas()
    described = draw_bars(canvas, "The receptive field", summary, bars, centred=True)
    in_two = [area for area in areas if len(area.sizes) == 2]
    if in_two:
        _plane(canvas, in_two, canvas.bottom + 40)
    return canvas.finish("The receptive field", described)


def _field_in_numbers(name: str, fields: Sequence[Field | None]) -> _FieldInNumbers | None:
    """The fields of all axes in numbers; ``None`` if one of them has no field."""
    sizes, strides = [], []
    for field in fields:
        if field is None:
            return None
        sizes.append(number(field.size, "the receptive field"))
        per = "" if field.per.constant == 1 else f"/{field.per.constant}"
        strides.append(f"{group_digits(number(field.stride, 'the stride'))}{per}")
    return _FieldInNumbers(name, tuple(sizes), tuple(strides)) if sizes else None


def _plane(canvas: Canvas, areas: Sequence[_FieldInNumbers], top: float) -> None:
    """Draws the areas of the input that an entry sees around one centre, each with a line to its label."""
    unlike: dict[tuple[int, ...], _FieldInNumbers] = {}
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
