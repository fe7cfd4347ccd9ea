"""A canvas for figures: shapes, text that is measured and cut to fit, and the finished figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from unicodedata import combining, east_asian_width

from symnet.printing.letters import one_line
from symnet.render.figures.shapes import Box, Dot, Point, Polygon, Polyline, Shape, Text
from symnet.render.figures.svg import STYLE, element, elements

__all__ = ["SMALL", "TEXT", "Canvas", "Drawing", "cut", "lines_of", "width_of"]

#: Font sizes, in pixels.
TEXT, SMALL = 13.0, 11.5

#: The largest number of lines of a paragraph.
LINES = 6

_WIDE, _NARROW = set("mwMW@%—…⌊⌋→"), set("ijlftrI.,:;|!'()[]{} ·1")


def width_of(text: str, size: float = TEXT) -> float:
    """The greatest width of ``text`` in any usual font, in pixels.

    >>> width_of("ill") < width_of("abc") < width_of("WWW")
    True
    """
    return size * sum(map(_em, text))


def _em(letter: str) -> float:
    if combining(letter):
        return 0.0
    if letter in _WIDE or east_asian_width(letter) in "WF":
        return 1.0
    if letter in _NARROW:
        return 0.64 if letter == "1" else 0.44
    return 0.78 if letter.isupper() else 0.66


def cut(text: str, width: float, size: float = TEXT) -> str:
    """``text``, or as much of it as fits into ``width`` pixels, with an ellipsis.

    >>> cut("block3_conv1_with_a_long_name", 90)
    'block3_co…'
    """
    text = one_line(text)
    if width_of(text, size) <= width:  # the same sum as where a column is made as wide as its texts
        return text
    room = width - width_of("…", size)
    fitting, reached = 0, 0.0
    for letter in text:
        reached += size * _em(letter)
        if reached > room:
            break
        fitting += 1
    return text[:fitting].rstrip() + "…"


def lines_of(text: str, width: float, size: float = TEXT) -> list[str]:
    """``text`` in lines of at most ``width`` pixels, broken between words; longer words, and more than :data:`LINES` lines, are cut.

    >>> lines_of("no input is dropped", 90)
    ['no input is', 'dropped']
    """
    lines: list[str] = []
    for word in one_line(text).split(" "):
        if lines and width_of(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        elif len(lines) == LINES:
            lines[-1] = cut(f"{lines[-1]} {word} …", width, size)
            break
        else:
            lines.append(word)
    return [cut(line, width, size) for line in lines]


class Drawing(NamedTuple):
    """A finished figure, in pixels, which notebooks show; ``svg`` is its file."""

    title: str
    description: str
    width: int
    height: int
    shapes: tuple[Shape, ...]

    @property
    def element(self) -> str:
        """The ``<svg>`` element, for a page that has :data:`STYLE`."""
        return element(*self)

    @property
    def svg(self) -> str:
        """The figure as an SVG file."""
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{self._repr_svg_()}\n'

    def __repr__(self) -> str:
        return f"<{self.title}: {self.width} × {self.height} pixels>"

    def _repr_svg_(self) -> str:
        return element(*self, style=f"<style>{STYLE}</style>\n")


@dataclass
class Canvas:
    """Collects shapes, and the right and bottom ends of them."""

    shapes: list[Shape] = field(default_factory=list)
    right: float = 0.0
    bottom: float = 0.0

    @property
    def elements(self) -> list[str]:
        """The shapes as SVG elements."""
        return elements(self.shapes)

    def _reach(self, x: float, y: float) -> None:
        self.right, self.bottom = max(self.right, x), max(self.bottom, y)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        style: str = "",
        *,
        size: float = TEXT,
        anchor: str = "start",
        width: float | None = None,
    ) -> None:
        """Draws a line of text on the baseline ``y``, cut to ``width`` pixels; then a tooltip has all of it."""
        full = one_line(text)
        fitting = full if width is None else cut(full, width, size)
        self.shapes.append(Text(x, y, fitting, style, size, anchor, "" if fitting == full else full))
        reach = width_of(fitting, size) * {"start": 1.0, "middle": 0.5, "end": 0.0}[anchor]
        self._reach(x + reach, y + size * 0.3)

    def paragraph(self, x: float, y: float, text: str, style: str = "", *, size: float = TEXT, width: float) -> float:
        """Draws text in lines of at most ``width`` pixels from the baseline ``y`` on; returns the height of the lines after the first."""
        lines = lines_of(text, width, size)
        for number, line in enumerate(lines):
            self.text(x, y + 1.35 * size * number, line, style, size=size)
        return 1.35 * size * (len(lines) - 1)

    def box(
        self, x: float, y: float, width: float, height: float, style: str, *, rounded: float = 0, tooltip: str = ""
    ) -> None:
        """Draws a rectangle."""
        self.shapes.append(Box(x, y, width, height, style, rounded, one_line(tooltip)))
        self._reach(x + width, y + height)

    def line(
        self,
        points: Sequence[Point],
        style: str = "line",
        *,
        width: float = 1,
        dashed: bool = False,
        edge: tuple[int, int] | None = None,
    ) -> None:
        """Draws a line through points; ``edge`` are the numbers of the layers that it connects."""
        self.shapes.append(Polyline(tuple(points), style, width, dashed, edge))
        for x, y in points:
            self._reach(x, y)

    def arrow(
        self,
        start: Point,
        end: Point,
        style: str = "line",
        head: str = "head",
        width: float = 1,
    ) -> None:
        """Draws a straight arrow."""
        (x1, y1), (x2, y2) = start, end
        length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1.0)
        dx, dy = (x2 - x1) / length, (y2 - y1) / length
        self.line((start, (x2 - 7 * dx, y2 - 7 * dy)), style, width=width)
        self.head(end, (dx, dy), head)

    def head(self, tip: Point, direction: Point, style: str = "head") -> None:
        """Draws the head of an arrow in ``direction``, a vector of length 1."""
        (x, y), (dx, dy) = tip, direction
        bx, by = x - 7 * dx, y - 7 * dy
        corners = ((x, y), (bx - 3.5 * dy, by + 3.5 * dx), (bx + 3.5 * dy, by - 3.5 * dx))
        self.shapes.append(Polygon(corners, style))

    def dot(self, x: float, y: float, radius: float, style: str) -> None:
        """Draws a disc."""
        self.shapes.append(Dot(x, y, radius, style))
        self._reach(x + radius, y + radius)

    def finish(self, title: str, description: str, margin: float = 14) -> Drawing:
        """The figure with a margin around it."""
        width, height = round(self.right + margin + 0.5), round(self.bottom + margin + 0.5)
        return Drawing(one_line(title), one_line(description), width, height, tuple(self.shapes))
