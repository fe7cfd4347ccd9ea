"""The staircase: the size of the last feature map against that of the input, for each axis, where the network is defined; sizes without
loss are marked.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from symnet.layers.laws.exactness import drops
from symnet.network.closed_forms import ClosedForm
from symnet.network.domain import domain
from symnet.network.network import Network
from symnet.printing.sets import membership
from symnet.printing.text import unicode_text
from symnet.render.figures.axis import FigureError, LettersLeft, number
from symnet.render.figures.canvas import SMALL, Canvas, Drawing, cut
from symnet.solving.exactness import exact_sizes
from symnet.terms.evaluation import evaluate
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["staircase"]

#: How many input sizes are drawn; if there are more than DOTS, only exact ones get a dot.
SIZES, DOTS = 192, 64
LEFT, TOP, WIDTH, HEIGHT = 56.0, 66.0, 400.0, 230.0


class _Affine(NamedTuple):
    """A closed form in whole numbers."""

    factor: int
    offset: int
    divisor: int
    scale: int
    shift: int

    def at(self, size: int) -> int:
        """The output size for an input size."""
        return self.scale * ((self.factor * size + self.offset) // self.divisor) + self.shift


class _Loss(NamedTuple):
    """What a layer drops of an input of size ``hole``, and the closed form of its input size."""

    before: _Affine
    hole: Symbol
    drops: Term

    def none_at(self, size: int) -> bool:
        """Whether the layer drops nothing if the network's input has this size."""
        return evaluate(self.drops, {self.hole: self.before.at(size)}) == 0


def staircase(network: Network) -> Drawing:
    """Draws a plot for each axis of the last tensor with axes; axes with the same closed form share one."""
    last = network.last
    if not last.axes or not last.index:
        raise FigureError("the network has no axis whose size could be drawn")
    plots: dict[ClosedForm, tuple[Symbol, list[str]]] = {}
    square = len(set(network.graph.input.axes)) == 1
    for axis, letter in [*zip(last.axes, last.output.axis_names, strict=True)][::-1]:
        if isinstance(axis.form.base, Symbol):
            key = replace(axis.form, base=integer(0)) if square else axis.form
            plots.setdefault(key, (axis.form.base, []))[1].insert(0, letter)
    if not plots:
        raise FigureError(f"the size of {last.name} does not depend on the size of the input")
    canvas = Canvas()
    described = []
    top = 0.0
    for form, (base, letters) in [*plots.items()][::-1]:
        described.append(_drawn(canvas, network, replace(form, base=base), base, " and ".join(letters), top))
        top = canvas.bottom + 16
    bases = " and ".join(unicode_text(base) for base, _ in [*plots.values()][::-1])
    return canvas.finish(f"Output size against {bases}", " ".join(described))


def _drawn(canvas: Canvas, network: Network, axis: ClosedForm, base: Symbol, letters: str, top: float) -> str:
    """Draws one plot below ``top``; returns its description."""
    form = _affine(axis)
    step = max(1, form.divisor // max(1, form.factor))
    allowed = domain(network.proof.hypotheses).of(base)
    sizes = _shown(allowed, 4 * step + 2)
    exact, summary = _exact(network, base, sizes)
    formula, letter = unicode_text(axis.term), unicode_text(base)
    title = f"{letters} of {cut(network.last.name, 200)} against {letter} of the input"
    top += canvas.paragraph(14, top + 26, title, "strong", width=WIDTH + LEFT - 14)
    where = membership(letter, allowed)
    below = f"{formula}, for {where}; {summary}"
    top += canvas.paragraph(14, top + 46, below, "soft", size=SMALL, width=WIDTH + LEFT - 14)
    _plot(canvas, form, sizes, exact, letter, top)
    only = f" and {where}" if len(sizes) < sizes[-1] - sizes[0] + 1 else ""
    return f"{formula} for {letter} from {sizes[0]} to {sizes[-1]}{only}. {summary}."


def _exact(network: Network, base: Symbol, sizes: list[int]) -> tuple[list[int], str]:
    """The sizes for which no layer drops an entry, and a sentence on them: as solved for all sizes if that is possible."""
    proven = exact_sizes(network)
    if proven is None:
        losses = _losses(network, base)
        exact = [size for size in sizes if all(loss.none_at(size) for loss in losses)]
        return exact, _exact_text(exact, len(sizes))
    exact = [size for size in sizes if size in proven.members]
    summary = _exact_text(exact, len(sizes))
    return exact, f"{summary}: {proven}" if exact and len(exact) < len(sizes) else summary


def _shown(allowed: IntegerSet, wide: int) -> list[int]:
    """The sizes to draw: from the smallest one on, as many as show the steps and the gaps."""
    widest = max((part.modulus for part in allowed.parts), default=1)
    first = next(iter(allowed), None)
    if first is None:
        raise FigureError("no size of the input fits the network")
    beyond = first + min(SIZES, max(16, wide, 4 * widest + 2))
    return list(takewhile(lambda size: size < beyond, allowed))


def _affine(form: ClosedForm) -> _Affine:
    parts = (form.factor, form.offset, form.divisor, form.scale, form.shift)
    return _Affine(*(number(part, "a layer's value") for part in parts))


def _losses(network: Network, base: Symbol) -> set[_Loss]:
    """The layers along this axis that may drop entries."""
    losses: set[_Loss] = set()
    for node in network.placed:
        if not node.sources:
            continue
        before = network.placed[node.sources[0]]
        for map_, axis in zip(node.applied.maps, before.axes, strict=False):
            if map_ is None or axis.form.base is not base:
                continue
            hole = map_.law.symbols[0]
            exact = map_.exact(hole)
            if exact is None:
                continue
            if symbols_of(exact) != [hole]:
                raise LettersLeft(f"{node.title} has symbols: a figure needs numbers, so give the symbols values")
            losses.add(_Loss(_affine(axis.form), hole, drops(exact)))
    return losses


def _exact_text(exact: list[int], count: int) -> str:
    if len(exact) == count:
        return "no size drops any entry"
    if not exact:
        return "every size shown drops some entry"
    listed = ", ".join(map(str, exact[:6])) + (", …" if len(exact) > 6 else "")
    return f"nothing is dropped at {listed}"


def _plot(canvas: Canvas, form: _Affine, sizes: list[int], exact: list[int], base: str, above: float) -> None:
    top = above + TOP
    low, high = form.at(sizes[0]), form.at(sizes[-1])
    across = WIDTH / (sizes[-1] - sizes[0] + 1)
    up = HEIGHT / max(1, high - low + 1)

    def x(size: float) -> float:
        return LEFT + (size - sizes[0] + 0.5) * across

    def y(value: float) -> float:
        return top + HEIGHT - (value - low + 0.5) * up

    for value in _ticks(low, high, 12):
        canvas.line(((LEFT, y(value)), (LEFT + WIDTH, y(value))), "faint")
        canvas.text(LEFT - 8, y(value) + 4, str(value), "soft", size=SMALL, anchor="end")
    for size in _ticks(sizes[0], sizes[-1], 9):
        canvas.line(((x(size), top + HEIGHT), (x(size), top + HEIGHT + 5)))
        canvas.text(x(size), top + HEIGHT + 19, str(size), "soft", size=SMALL, anchor="middle")
    canvas.line(((LEFT, top), (LEFT, top + HEIGHT), (LEFT + WIDTH, top + HEIGHT)))
    points: list[tuple[float, float]] = []
    for before, size in zip((sizes[0] - 1, *sizes), sizes, strict=False):
        if size > before + 1:  # the sizes between them do not fit
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
    bottom = top + HEIGHT + 42
    canvas.text(LEFT + WIDTH, bottom, f"input {base}", "soft", size=SMALL, anchor="end")
    canvas.dot(LEFT + 6, bottom - 4, 5, "orange edge")
    canvas.text(LEFT + 18, bottom, "exact: nothing is dropped", size=SMALL)


def _ticks(low: int, high: int, most: int) -> range:
    """Round numbers from ``low`` to ``high``, at most ``most`` of them."""
    span = max(1, high - low)
    steps = (unit * 10**power for power in range(12) for unit in (1, 2, 5))
    step = next(step for step in steps if span // step < most)
    return range(-(-low // step) * step, high + 1, step)
