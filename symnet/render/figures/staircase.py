"""The staircase: the size of the last feature map against that of the input, where the network is defined; sizes that lose
nothing are marked."""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

from symnet.layers.laws.exactness import drops
from symnet.network.domain import domain
from symnet.network.forms import Form
from symnet.network.network import Network
from symnet.printing.sets import membership
from symnet.printing.text import unicode_text
from symnet.render.figures.axis import FigureError, LettersLeft, number
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, cut
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import Symbol, Term, evaluate, symbols_of

__all__ = ["staircase"]

#: At most this many input sizes, and of more than DOTS only those that are exact get a dot.
SIZES, DOTS = 192, 64
LEFT, TOP, WIDTH, HEIGHT = 64.0, 66.0, 640.0, 300.0


class _Affine(NamedTuple):
    """A closed form in whole numbers."""

    factor: int
    offset: int
    divisor: int
    scale: int
    shift: int

    def at(self, size: int) -> int:
        return self.scale * ((self.factor * size + self.offset) // self.divisor) + self.shift


class _Loss(NamedTuple):
    """What a layer drops of an input of size ``hole``, and its size before."""

    before: _Affine
    hole: Symbol
    drops: Term

    def none_at(self, size: int) -> bool:
        """Whether nothing is dropped here where the network's input is of this size."""
        return evaluate(self.drops, {self.hole: self.before.at(size)}) == 0


def staircase(network: Network) -> Drawing:
    """For the last axis of the last tensor with axes."""
    last = network.last
    if not last.axes or not last.index:
        raise FigureError("the network has no axis whose size could be drawn")
    axis, letter = last.axes[-1], last.output.axis_names[-1]
    base = axis.form.base
    if not isinstance(base, Symbol):
        raise FigureError(f"the size of {last.name} does not depend on the size of the input")
    form = _affine(axis.form)
    losses = _losses(network, base)
    rise = max(1, form.scale * form.factor)
    step = max(1, form.divisor // rise)
    allowed = domain(network.proof.hypotheses).of(base)
    sizes = _shown(allowed, 4 * step + 2)
    exact = [size for size in sizes if all(loss.none_at(size) for loss in losses)]
    canvas = Canvas()
    formula = unicode_text(axis.form.term)
    canvas.text(
        14, 26, f"{letter} of {cut(last.name, 260)} against {unicode_text(base)} of the input", "strong", width=620
    )
    said = _said(exact, len(sizes), losses)
    where = membership(unicode_text(base), allowed)
    canvas.text(14, 46, f"{formula}, for {where}; {said}", "soft", size=SMALL, width=700)
    _plot(canvas, form, sizes, exact, unicode_text(base))
    only = f" and {where}" if len(sizes) < sizes[-1] - sizes[0] + 1 else ""
    return canvas.finish(
        f"Output size against {unicode_text(base)}",
        f"{formula} for {unicode_text(base)} from {sizes[0]} to {sizes[-1]}{only}. {said}.",
    )


def _shown(allowed: IntegerSet, wide: int) -> list[int]:
    """The sizes to draw: from the smallest on, as far as it takes to see the steps and the gaps."""
    widest = max((part.modulus for part in allowed.parts), default=1)
    first = next(iter(allowed), None)
    if first is None:
        raise FigureError("no size of the input fits the network")
    beyond = first + min(SIZES, max(16, wide, 4 * widest + 2))
    return list(takewhile(lambda size: size < beyond, allowed))


def _affine(form: Form) -> _Affine:
    parts = (form.factor, form.offset, form.divisor, form.scale, form.shift)
    return _Affine(*(number(part, "a layer's value") for part in parts))


def _losses(network: Network, base: Symbol) -> set[_Loss]:
    """Where entries may be dropped on the way of this axis."""
    found: set[_Loss] = set()
    for place in network.placed:
        if not place.sources:
            continue
        before = network.placed[place.sources[0]]
        for map_, axis in zip(place.applied.maps, before.axes, strict=False):
            if map_ is None or axis.form.base is not base:
                continue
            hole = map_.law.symbols[0]
            exact = map_.exact(hole)
            if exact is None:
                continue
            if symbols_of(exact) != [hole]:
                raise LettersLeft(f"{place.title} has symbols: a figure needs numbers, so give the symbols values")
            found.add(_Loss(_affine(axis.form), hole, drops(exact)))
    return found


def _said(exact: list[int], count: int, losses: set[_Loss]) -> str:
    if not losses or len(exact) == count:
        return "no size drops any input"
    if not exact:
        return "every size shown drops some input"
    listed = ", ".join(map(str, exact[:6])) + (", …" if len(exact) > 6 else "")
    return f"nothing is dropped at {listed}"


def _plot(canvas: Canvas, form: _Affine, sizes: list[int], exact: list[int], base: str) -> None:
    low, high = form.at(sizes[0]), form.at(sizes[-1])
    across = WIDTH / (sizes[-1] - sizes[0] + 1)
    up = HEIGHT / max(1, high - low + 1)

    def x(size: float) -> float:
        return LEFT + (size - sizes[0] + 0.5) * across

    def y(value: float) -> float:
        return TOP + HEIGHT - (value - low + 0.5) * up

    for value in _ticks(low, high, 12):
        canvas.line(((LEFT, y(value)), (LEFT + WIDTH, y(value))), "faint")
        canvas.text(LEFT - 8, y(value) + 4, str(value), "soft", size=SMALL, anchor="end")
    for size in _ticks(sizes[0], sizes[-1], 14):
        canvas.line(((x(size), TOP + HEIGHT), (x(size), TOP + HEIGHT + 5)))
        canvas.text(x(size), TOP + HEIGHT + 19, str(size), "soft", size=SMALL, anchor="middle")
    canvas.line(((LEFT, TOP), (LEFT, TOP + HEIGHT), (LEFT + WIDTH, TOP + HEIGHT)))
    points: list[tuple[float, float]] = []
    for before, size in zip((sizes[0] - 1, *sizes), sizes, strict=False):
        if size > before + 1:  # the sizes between do not fit
            canvas.line(points, "blue-line", width=2)
            points = []
        points += [(x(size - 0.5), y(form.at(size))), (x(size + 0.5), y(form.at(size)))]
    canvas.line(points, "blue-line", width=2)
    marked = set(exact)
    for size in sizes:
        if size in marked:
            canvas.dot(x(size), y(form.at(size)), 5, "orange edge")
        elif len(sizes) <= DOTS:
            canvas.dot(x(size), y(form.at(size)), 2.5, "paper blue-line")
    bottom = TOP + HEIGHT + 42
    canvas.text(LEFT + WIDTH, bottom, f"input {base}", "soft", size=SMALL, anchor="end")
    canvas.dot(LEFT + 6, bottom - 4, 5, "orange edge")
    canvas.text(LEFT + 18, bottom, "exact: no input entry is dropped", size=SMALL)


def _ticks(low: int, high: int, most: int) -> range:
    """Round numbers from ``low`` to ``high``, at most ``most``."""
    span = max(1, high - low)
    steps = (unit * 10**power for power in range(12) for unit in (1, 2, 5))
    step = next(step for step in steps if span // step < most)
    return range(-(-low // step) * step, high + 1, step)
