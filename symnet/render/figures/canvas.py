"""A small SVG canvas: shapes, text that is measured and cut to fit, a title and a description for those who do not see.

Colours are those of Okabe and Ito, told apart by colour-blind eyes; what a colour says, a mark or a word says too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple
from unicodedata import combining, east_asian_width

from symnet.printing.letters import one_line

__all__ = ["SMALL", "STYLE", "TEXT", "Canvas", "Drawing", "cut", "width_of"]

#: Sizes of text, in pixels.
TEXT, SMALL = 13.0, 11.5

STYLE = """
.sn { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
.sn text { fill: #1b1f24; } .sn .soft { fill: #57606a; } .sn .strong { font-weight: 600; }
.sn .paper { fill: #ffffff; } .sn .line { stroke: #57606a; fill: none; } .sn .faint { stroke: #d0d7de; fill: none; }
.sn .blue { fill: #56b4e9; } .sn .green { fill: #009e73; } .sn .orange { fill: #e69f00; } .sn .grey { fill: #d0d7de; }
.sn .red { fill: #d55e00; } .sn .edge { stroke: #1b1f24; } .sn .blue-line { stroke: #0072b2; fill: none; }
.sn .red-line { stroke: #d55e00; fill: none; } .sn .on-colour { fill: #101418; } .sn .head { fill: #57606a; }
@media screen and (prefers-color-scheme: dark) {
.sn text { fill: #e4e7eb; } .sn .soft { fill: #a3adb8; } .sn .on-colour { fill: #101418; }
.sn .paper { fill: #14171b; } .sn .line { stroke: #a3adb8; }
.sn .faint { stroke: #3a414a; } .sn .grey { fill: #4a525c; }
.sn .edge { stroke: #e4e7eb; } .sn .blue-line { stroke: #56b4e9; } .sn .head { fill: #a3adb8; }
}
"""

_WIDE, _NARROW = set("mwMW@%—…⌊⌋→"), set("ijlftrI.,:;|!'()[]{} ·1")


def width_of(text: str, size: float = TEXT) -> float:
    """How wide ``text`` is at most, in pixels.

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
    """``text``, or as much of it as fits with an ellipsis.

    >>> cut("block3_conv1_with_a_long_name", 90)
    'block3_co…'
    """
    text = one_line(text)
    room = width - width_of("…", size)
    fitting, reached = 0, 0.0
    for letter in text:
        reached += size * _em(letter)
        if reached > width:
            return text[:fitting].rstrip() + "…"
        fitting += reached <= room
    return text


class Drawing(NamedTuple):
    """A finished figure."""

    title: str
    description: str
    width: int
    height: int
    elements: tuple[str, ...]

    @property
    def element(self) -> str:
        """The ``<svg>`` element; the page that holds it gives :data:`STYLE`."""
        return self._svg("")

    @property
    def svg(self) -> str:
        """A file of its own."""
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + self._svg(f"<style>{STYLE}</style>\n") + "\n"

    def _repr_svg_(self) -> str:
        return self._svg(f"<style>{STYLE}</style>\n")

    def _svg(self, style: str) -> str:
        opening = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="sn" role="img" '
            f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}" '
            f'aria-label="{escape(self.title)}">'
        )
        named = (
            f"<title>{escape(self.title, quote=False)}</title>\n<desc>{escape(self.description, quote=False)}</desc>"
        )
        paper = f'<rect class="paper" width="{self.width}" height="{self.height}"/>'
        return "\n".join([opening, named, style + paper, *self.elements, "</svg>"])


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


@dataclass
class Canvas:
    """Collects elements, and how far they reach."""

    elements: list[str] = field(default_factory=list)
    right: float = 0.0
    bottom: float = 0.0

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
        """A line of text on the baseline ``y``; cut to ``width``, the whole of it then in a tooltip."""
        whole = one_line(text)
        fitting = whole if width is None else cut(whole, width, size)
        side = "" if anchor == "start" else f' text-anchor="{anchor}"'
        name = f' class="{style}"' if style else ""
        tooltip = "" if fitting == whole else f"<title>{escape(whole, quote=False)}</title>"
        inside = escape(fitting, quote=False) + tooltip
        self.elements.append(f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{side}{name}>{inside}</text>')
        reach = width_of(fitting, size) * {"start": 1.0, "middle": 0.5, "end": 0.0}[anchor]
        self._reach(x + reach, y + size * 0.3)

    def box(
        self, x: float, y: float, width: float, height: float, style: str, *, rounded: float = 0, tooltip: str = ""
    ) -> None:
        """A rectangle."""
        corner = f' rx="{_n(rounded)}"' if rounded else ""
        opening = f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"{corner} class="{style}"'
        self.elements.append(
            f"{opening}><title>{escape(one_line(tooltip), quote=False)}</title></rect>" if tooltip else f"{opening}/>"
        )
        self._reach(x + width, y + height)

    def line(
        self, points: Sequence[tuple[float, float]], style: str = "line", *, width: float = 1, dashed: bool = False
    ) -> None:
        """A line through points."""
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        dashes = ' stroke-dasharray="4 3"' if dashed else ""
        self.elements.append(f'<polyline points="{path}" class="{style}" stroke-width="{_n(width)}"{dashes}/>')
        for x, y in points:
            self._reach(x, y)

    def arrow(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        style: str = "line",
        head: str = "head",
        width: float = 1,
    ) -> None:
        """A straight arrow."""
        (x1, y1), (x2, y2) = start, end
        length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1.0)
        dx, dy = (x2 - x1) / length, (y2 - y1) / length
        bx, by = x2 - 7 * dx, y2 - 7 * dy
        self.line((start, (bx, by)), style, width=width)
        corners = f"{_n(x2)},{_n(y2)} {_n(bx - 3.5 * dy)},{_n(by + 3.5 * dx)} {_n(bx + 3.5 * dy)},{_n(by - 3.5 * dx)}"
        self.elements.append(f'<polygon points="{corners}" class="{head}"/>')

    def dot(self, x: float, y: float, radius: float, style: str) -> None:
        """A disc."""
        self.elements.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" class="{style}"/>')
        self._reach(x + radius, y + radius)

    def finish(self, title: str, description: str, margin: float = 14) -> Drawing:
        """The figure with room around it."""
        width, height = round(self.right + margin + 0.5), round(self.bottom + margin + 0.5)
        return Drawing(one_line(title), one_line(description), width, height, tuple(self.elements))
