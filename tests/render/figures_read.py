"""A figure read back from its SVG: where its lines of text stand, its boxes, and the edges of the network that it draws."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree import ElementTree

from symnet.render.figures.canvas import width_of

__all__ = ["Area", "areas_of_text", "edges", "overlaps", "rectangles", "tree"]

SVG = "{http://www.w3.org/2000/svg}"


class Area(NamedTuple):
    """A rectangle, and what stands in it."""

    left: float
    top: float
    right: float
    bottom: float
    text: str = ""


def tree(svg: str) -> ElementTree.Element:
    """The SVG as a tree."""
    return ElementTree.fromstring(svg.encode())


def areas_of_text(svg: str) -> list[Area]:
    """Where every line of text stands at most."""
    found = []
    for element in tree(svg).iter(f"{SVG}text"):
        text, size = element.text or "", float(element.get("font-size", "13"))
        width, x, y = width_of(text, size), float(element.get("x", "0")), float(element.get("y", "0"))
        left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[element.get("text-anchor", "start")]
        found.append(Area(left, y - 0.72 * size, left + width, y, text))
    return found


def rectangles(svg: str, style: str) -> list[Area]:
    """The rectangles of a style."""
    found = []
    for element in tree(svg).iter(f"{SVG}rect"):
        if style in (element.get("class") or "").split():
            x, y, width, height = (float(element.get(name, "0")) for name in ("x", "y", "width", "height"))
            found.append(Area(x, y, x + width, y + height, "".join(element.itertext())))
    return found


def edges(svg: str) -> dict[tuple[int, int], list[tuple[float, float]]]:
    """The edges drawn, by the numbers of their layers, each with its points; one that is drawn twice is an error."""
    found: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for element in tree(svg).iter(f"{SVG}polyline"):
        if ends := element.get("data-edge"):
            start, end = map(int, ends.split("-"))
            assert (start, end) not in found, f"{start} to {end} is drawn twice"
            pairs = (pair.split(",") for pair in element.get("points", "").split())
            found[start, end] = [(float(x), float(y)) for x, y in pairs]
    return found


def overlaps(areas: list[Area], by: float = 2.0) -> list[tuple[str, str]]:
    """The pairs of areas that stand on each other by more than so many pixels; found from left to right."""
    found = []
    active: list[Area] = []
    for area in sorted(areas):
        active = [other for other in active if other.right > area.left + by]
        found += [
            (other.text, area.text) for other in active if min(area.bottom, other.bottom) > max(area.top, other.top)
        ]
        active.append(area)
    return found
