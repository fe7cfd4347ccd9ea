"""Shapes as SVG.

Colours are those of Okabe and Ito, which colour-blind people can tell apart; what a colour means, a mark or a word shows too.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from symnet.render.figures.shapes import Box, Dot, Point, Polygon, Polyline, Shape, Text

__all__ = ["STYLE", "element", "elements"]

STYLE = """
.sn { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
.sn text { fill: #1b1f24; } .sn .soft { fill: #57606a; } .sn .strong { font-weight: 600; }
.sn .paper { fill: #ffffff; } .sn .line { stroke: #57606a; fill: none; } .sn .faint { stroke: #d0d7de; fill: none; }
.sn .blue { fill: #56b4e9; } .sn .green { fill: #009e73; } .sn .orange { fill: #e69f00; } .sn .grey { fill: #d0d7de; }
.sn .red { fill: #d55e00; } .sn .edge { stroke: #1b1f24; } .sn .blue-line { stroke: #0072b2; fill: none; }
.sn .red-line { stroke: #d55e00; fill: none; } .sn .on-colour { fill: #101418; } .sn .head { fill: #57606a; }
.sn .cell { stroke: #ffffff; stroke-opacity: .6; }
.sn .frame { fill: #57606a; fill-opacity: .06; stroke: #8c959f; }
@media screen and (prefers-color-scheme: dark) {
.sn text { fill: #e4e7eb; } .sn .soft { fill: #a3adb8; } .sn .on-colour { fill: #101418; }
.sn .paper { fill: #14171b; } .sn .line { stroke: #a3adb8; }
.sn .faint { stroke: #3a414a; } .sn .grey { fill: #4a525c; }
.sn .edge { stroke: #e4e7eb; } .sn .blue-line { stroke: #56b4e9; } .sn .head { fill: #a3adb8; }
.sn .frame { fill: #a3adb8; fill-opacity: .08; stroke: #6b7480; }
}
"""


def element(title: str, description: str, width: int, height: int, shapes: Iterable[Shape], style: str = "") -> str:
    """The ``<svg>`` element, with a title and a description for screen readers; ``style`` is a ``<style>`` element, or '' if the page has
    one.
    """
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sn" role="img" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'aria-label="{escape(title)}">'
    )
    named = f"<title>{escape(title, quote=False)}</title>\n<desc>{escape(description, quote=False)}</desc>"
    paper = f'<rect class="paper" width="{width}" height="{height}"/>'
    return "\n".join([opening, named, style + paper, *elements(shapes), "</svg>"])


def elements(shapes: Iterable[Shape]) -> list[str]:
    """One SVG element for each shape."""
    return [_element(shape) for shape in shapes]


def _element(shape: Shape) -> str:
    match shape:
        case Box(x, y, width, height, style, rounded, tooltip):
            corner = f' rx="{_n(rounded)}"' if rounded else ""
            rect = f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"{corner} class="{style}"'
            return f"{rect}>{_title(tooltip)}</rect>" if tooltip else f"{rect}/>"
        case Text(x, y, text, style, size, anchor, whole):
            side = "" if anchor == "start" else f' text-anchor="{anchor}"'
            name = f' class="{style}"' if style else ""
            inside = escape(text, quote=False) + (_title(whole) if whole else "")
            return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{side}{name}>{inside}</text>'
        case Polyline(points, style, width, dashed, edge):
            dashes = ' stroke-dasharray="4 3"' if dashed else ""
            ends = f' data-edge="{edge[0]}-{edge[1]}"' if edge else ""
            return f'<polyline points="{_points(points)}" class="{style}" stroke-width="{_n(width)}"{dashes}{ends}/>'
        case Polygon(points, style):
            return f'<polygon points="{_points(points)}" class="{style}"/>'
        case Dot(x, y, radius, style):
            return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" class="{style}"/>'


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _title(text: str) -> str:
    return f"<title>{escape(text, quote=False)}</title>"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
