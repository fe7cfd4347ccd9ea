"""The shapes of figures: rectangles, lines of text, lines, filled polygons and discs, in pixels from the upper left corner."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Box", "Dot", "Point", "Polygon", "Polyline", "Shape", "Text"]

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle; ``tooltip`` is further text about it."""

    x: float
    y: float
    width: float
    height: float
    style: str
    rounded: float = 0
    tooltip: str = ""


class Text(NamedTuple):
    """A line of text on the baseline ``y``; ``whole`` is the full text if ``text`` is shortened."""

    x: float
    y: float
    text: str
    style: str
    size: float
    anchor: str = "start"
    whole: str = ""


class Polyline(NamedTuple):
    """A line through points; ``edge`` are the numbers of the layers that it connects, or ``None``."""

    points: tuple[Point, ...]
    style: str = "line"
    width: float = 1
    dashed: bool = False
    edge: tuple[int, int] | None = None


class Polygon(NamedTuple):
    """A filled area between points, such as the head of an arrow."""

    points: tuple[Point, ...]
    style: str


class Dot(NamedTuple):
    """A disc."""

    x: float
    y: float
    radius: float
    style: str


Shape = Box | Text | Polyline | Polygon | Dot
