r"""Figures as LaTeX's ``picture``, which needs only the packages graphicx and xcolor; text is in the document's sans serif font."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from symnet.render.figures.shapes import Box, Dot, Point, Polygon, Polyline, Shape, Text

__all__ = ["COLOURS", "picture"]

#: The colours of figures on white paper.
_FILLS = {
    "blue": "56B4E9", "green": "009E73", "orange": "E69F00", "grey": "D0D7DE", "red": "D55E00", "frame": "F3F4F5",
    "head": "57606A", "paper": "FFFFFF",
}  # fmt: skip
_LINES = {
    "line": "57606A", "faint": "D0D7DE", "edge": "1B1F24", "blue-line": "0072B2", "red-line": "D55E00", "frame": "8C959F", "cell": "FFFFFF",
}  # fmt: skip
_INKS = {"soft": "57606A"}

COLOURS = "\n".join(
    rf"\definecolor{{symnet-{colour}}}{{HTML}}{{{colour}}}"
    for colour in dict.fromkeys([*_FILLS.values(), *_LINES.values(), *_INKS.values()])
)

#: The size of a pixel in points before scaling, so that fonts have usual sizes; the largest width of a picture in points; and the largest
#: scale.
_PIXEL, _WIDE, _SCALE = 0.7, 455.0, 0.75


def picture(width: int, height: int, shapes: Iterable[Shape], escaped: Callable[[str], str], high: float) -> str:
    """The ``picture`` environment, scaled to the width of a page and to at most ``high`` points; ``escaped`` must return text without
    LaTeX commands.
    """
    scale = min(_SCALE, _WIDE / width / _PIXEL, high / height / _PIXEL)
    drawn = "%\n".join(_Writer(height, _PIXEL, escaped).latex(shape) for shape in shapes)
    return (
        f"\\scalebox{{{scale:.3f}}}{{\\setlength{{\\unitlength}}{{{_n(_PIXEL)}pt}}\\setlength{{\\fboxsep}}{{0pt}}\\sffamily%\n"
        f"\\begin{{picture}}({width},{height})%\n{drawn}%\n\\end{{picture}}}}"
    )


class _Writer:
    def __init__(self, height: int, pixel: float, escaped: Callable[[str], str]) -> None:
        self.height, self.pixel, self.escaped = height, pixel, escaped

    def latex(self, shape: Shape) -> str:
        match shape:
            case Box(x, y, width, height, style):
                return self._box(x, y + height, width, height, style)
            case Text(x, y, text, style, size, anchor):
                return self._text(x, y, text, style, size, anchor)
            case Polyline(points, style, width):
                colour = _colour(style, _LINES)
                segments = "".join(self._segment(start, end) for start, end in pairwise(points))
                thick = _n(0.5 * width)
                return f"{{\\color{{{colour}}}\\linethickness{{{thick}pt}}{segments}}}" if colour else ""
            case Polygon(points, style):
                return self._head(points, style)
            case Dot(x, y, radius, style):
                fill, line = _colour(style, _FILLS), _colour(style, _LINES)
                disc = f"{{\\color{{{fill}}}{self._put(x, y)}{{\\circle*{{{_n(2 * radius)}}}}}}}" if fill else ""
                return disc + (
                    f"{{\\color{{{line}}}{self._put(x, y)}{{\\circle{{{_n(2 * radius)}}}}}}}" if line else ""
                )

    def _put(self, x: float, y: float) -> str:
        return f"\\put({_n(x)},{_n(self.height - y)})"

    def _box(self, x: float, bottom: float, width: float, height: float, style: str) -> str:
        fill, line = _colour(style, _FILLS), _colour(style, _LINES)
        size = f"{{{_n(width * self.pixel)}pt}}{{{_n(height * self.pixel)}pt}}"
        filled = f"{{\\color{{{fill}}}{self._put(x, bottom)}{{\\rule{size}}}}}" if fill else ""
        frame = f"{{\\framebox({_n(width)},{_n(height)}){{}}}}"
        return filled + (f"{{\\color{{{line}}}\\linethickness{{0.3pt}}{self._put(x, bottom)}{frame}}}" if line else "")

    def _segment(self, start: Point, end: Point) -> str:
        (x1, y1), (x2, y2) = start, end
        across, down = x2 - x1, y2 - y1
        if abs(across) < 0.05 and abs(down) < 0.05:
            return ""
        if abs(down) < 0.05:
            return f"{self._put(min(x1, x2), y1)}{{\\line(1,0){{{_n(abs(across))}}}}}"
        if abs(across) < 0.05:
            return f"{self._put(x1, max(y1, y2))}{{\\line(0,1){{{_n(abs(down))}}}}}"
        bend = ",".join((_n((x1 + x2) / 2), _n(self.height - (y1 + y2) / 2)))
        first, last = (f"({_n(x)},{_n(self.height - y)})" for x, y in (start, end))
        return f"\\qbezier{first}({bend}){last}"

    def _head(self, points: tuple[Point, ...], style: str) -> str:
        """The head of an arrow, made of rules that become narrower towards the tip."""
        (x, y), *base = points
        bx, by = sum(each[0] for each in base) / len(base), sum(each[1] for each in base) / len(base)
        colour = _colour(style, _FILLS) or _colour(style, _LINES)
        rules = []
        steps = 6
        for step in range(steps):
            part = (step + 0.5) / steps
            middle_x, middle_y = x + (bx - x) * part, y + (by - y) * part
            half = 3.5 * part
            wide, high = (2 * half, 7 / steps) if abs(by - y) >= abs(bx - x) else (7 / steps, 2 * half)
            rule = f"{{\\rule{{{_n(wide * self.pixel)}pt}}{{{_n(high * self.pixel)}pt}}}}"
            rules.append(f"{self._put(middle_x - wide / 2, middle_y + high / 2)}{rule}")
        return f"{{\\color{{{colour}}}{''.join(rules)}}}"

    def _text(self, x: float, y: float, text: str, style: str, size: float, anchor: str) -> str:
        names = style.split()
        colour = next((f"\\color{{symnet-{_INKS[name]}}}" for name in names if name in _INKS), "")
        bold = "\\bfseries" if "strong" in names else ""
        points = round(size * self.pixel)
        side = {"start": "l", "middle": "c", "end": "r"}[anchor]
        font = f"\\fontsize{{{_n(points)}}}{{{_n(points * 1.2)}}}\\selectfont"
        return f"{self._put(x, y)}{{\\makebox[0pt][{side}]{{{font}{bold}{colour} {self.escaped(text)}}}}}"


def _colour(style: str, colours: dict[str, str]) -> str:
    """The name of the colour of a style; '' if it has none."""
    return next((f"symnet-{colours[name]}" for name in style.split() if name in colours), "")


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
