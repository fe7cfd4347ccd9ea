"""What a figure consists of: rectangles, lines of text, lines, filled corners, discs, in pixels from the upper left."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Box", "Dot", "Point", "Polygon", "Polyline", "Shape", "Text"]

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle; ``tooltip`` says more of it."""

    x: float
    y: float
    width: float
    height: float
    style: str
    rounded: float = 0
    tooltip: str = ""


class Text(NamedTuple):
    """A line of text on the baseline ``y``; ``whole`` is the text where it is shortened."""

    x: float
    y: float
    text: str
    style: str
    size: float
    anchor: str = "start"
    whole: str = ""


class Polyline(NamedTuple):
    """A line through points; ``edge`` names the two layers that it connects, where it does."""

    points: tuple[Point, ...]
    style: str = "line"
    width: float = 1
    dashed: bool = False
    edge: tuple[int, int] | None = None


class Polygon(NamedTuple):
    """A filled area between points: the head of an arrow."""

    points: tuple[Point, ...]
    style: str


class Dot(NamedTuple):
    """A disc."""

    x: float
    y: float
    radius: float
    style: str


Shape = Box | Text | Polyline | Polygon | Dot
