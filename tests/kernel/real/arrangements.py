"""Points at which the conditions of the facts hold: arrays that obey what a fact says of them."""

from __future__ import annotations

from typing import Any

from mpmath import mpf

from symnet.kernel.real.expressions import Variable
from symnet.terms.term import Symbol
from tests.kernel.real.meaning import Point


def points(name: str, seed: int) -> list[Point]:
    """Points for a fact: general ones, and those where its conditions hold."""
    general = [Point(seed), Point(seed, open=mpf(-3)), Point(seed, positive=True)]
    arranged = ARRANGED.get(name)
    return general + (arranged(seed) if arranged else [])


def _recurrence(seed: int, constant: bool) -> list[Point]:
    base = Point(seed)
    mu, c = base.variable(Variable("mu")), base.variable(Variable("c"))

    def m(n: int) -> Any:
        value = base.entry("m", (0,))
        for k in range(n):
            value = mu * value + (1 - mu) * (c if constant else base.entry("b", (k + 1,)))
        return value

    return [Point(seed, arrays={"m": m}, symbols={Symbol("n", 0): n}) for n in (0, 1, 2, 5)]


def _shares(seed: int) -> list[Point]:
    base, count = Point(seed, positive=True), 4
    found = []
    for k in (0, 3):
        arrays = {}
        for name in "yp":
            total = sum(base.entry(name, (place,)) for place in range(count))
            arrays[name] = lambda place, name=name, total=total: base.entry(name, (place,)) / total
        found.append(Point(seed, arrays=arrays, symbols={Symbol("N"): count, Symbol("k", 0): k, Symbol("j", 0): 1}))
    # labels of one class, inputs of any sign
    hot = {"y": lambda place: mpf(place == 2)}
    return [*found, Point(seed, arrays=hot, symbols={Symbol("N"): count, Symbol("k", 0): 2})]


def _two_classes(seed: int) -> list[Point]:
    base = Point(seed, positive=True)
    arrays = {
        name: lambda place, name=name: base.entry(name, (1,)) if place else 1 - base.entry(name, (1,)) for name in "yp"
    }
    return [Point(seed, arrays=arrays)]


def _concatenated(seed: int) -> list[Point]:
    base = Point(seed)
    return [Point(seed, arrays={"c": lambda i, j, k: mpf(1) if k else base.entry("x", (i, j))})]


def _flattened(seed: int) -> list[Point]:
    base, columns = Point(seed), 3
    symbols = {Symbol("m"): 4, Symbol("n"): columns}
    return [
        Point(
            seed,
            symbols=symbols,
            # beyond a row the array goes on: f_{i·n+j} = x_{i,j} for all j asks for x to agree
            arrays={
                "f": lambda k: base.entry("f", (k,)),
                "x": lambda i, j: base.entry("f", (i * columns + j,)),
            },
        )
    ]


def _inside(seed: int) -> list[Point]:
    return [Point(seed, positive=True, symbols={Symbol("n"): 4, Symbol("k", 0): k}) for k in (0, 3)]


ARRANGED: dict[str, Any] = {
    "moving-average": lambda seed: _recurrence(seed, constant=False),
    "moving-average-constant": lambda seed: _recurrence(seed, constant=True),
    "categorical-crossentropy-gradient": _shares,
    "categorical-crossentropy-minimum": _shares,
    "binary-is-categorical": _two_classes,
    "clip-by-minimum": _concatenated,
    "max-of-flatten": _flattened,
    "l2-gradient": _inside,
    "l1-gradient": _inside,
}
