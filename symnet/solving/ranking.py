"""Judging solutions: whether every layer divides exactly, what is dropped, and how usual the values are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from symnet.layers.laws.exactness import drops
from symnet.layers.laws.law import AxisMap
from symnet.solving.question import Problem
from symnet.solving.statement import Statement
from symnet.terms.evaluation import evaluate
from symnet.terms.propositions import Divides, Le
from symnet.terms.term import Symbol, Term, symbols_of

__all__ = ["Dropped", "Judge", "Judges", "Rank", "judge"]

#: How unusual a solution is, compared from left to right.
Rank = tuple[int, int, int, int, int, int]


@dataclass(frozen=True)
class Dropped:
    """The number of entries at the end of an axis that no window of a layer reaches."""

    layer: int
    name: str
    entries: int


@dataclass(frozen=True)
class _Window:
    """Kernel, stride, padding and dilation of one axis of a layer, at least one of which contains an unknown."""

    kernel: Term | None
    stride: Term | None
    padding: Term | None
    dilation: Term | None

    def cost(self, values: Mapping[Term, int]) -> int:
        """How unusual the window is: 0 for an odd kernel of at most 11 with stride 1 or 2 and either no padding or padding that
        keeps the size, and for windows that tile the input.
        """
        kernel, stride, padding, dilation = (
            1 if term is None else evaluate(term, values)
            for term in (self.kernel, self.stride, self.padding, self.dilation)
        )
        padding = 0 if self.padding is None else padding
        reach = dilation * (kernel - 1) + 1
        tiles = kernel == stride > 1 and padding == 0
        penalty = 0 if stride <= 2 or tiles else 1 if stride & (stride - 1) == 0 else 2
        penalty += 2 * (kernel % 2 == 0 and not tiles)
        penalty += 0 if kernel <= 11 or tiles else 3 if kernel <= 31 else 6
        penalty += 3 * (reach < stride)  # some inputs are in no window
        penalty += 0 if padding == 0 else 1 if 2 * padding < reach - 1 else 0 if 2 * padding == reach - 1 else 3
        return penalty + (dilation > 1 and dilation & (dilation - 1) != 0)


class Judge:
    """Judges solutions of one question."""

    def __init__(self, statement: Statement, every: Collection[Symbol] = ()) -> None:
        """``every`` are symbols without values: terms that contain them are not judged."""
        self._drops: dict[tuple[int, str, Term], None] = {}
        self._windows: dict[_Window, None] = {}
        self._widths: dict[Term, None] = {}
        sides = statement.tensors[0].shape.axes if statement.tensors else ()
        self._sides = [size for size in sides if symbols_of(size) and not set(symbols_of(size)) & set(every)]
        for tensor in statement.tensors:
            for part in tensor.exact:
                by_formula = statement.with_formulas(part.proposition)
                if isinstance(by_formula, Divides | Le) and not set(symbols_of(by_formula)) & set(every):
                    self._drops[tensor.index, tensor.name, drops(by_formula)] = None
            for map_ in tensor.applied.maps:
                if map_ is not None and symbols_of(*map_.values) and not set(symbols_of(*map_.values)) & set(every):
                    self._windows[_window(map_)] = None
            channels = tensor.shape.channels
            own = () if tensor.layer is None else tensor.layer.symbols
            if isinstance(channels, Symbol) and channels in own and channels not in every:
                self._widths[channels] = None

    def dropped(self, values: Mapping[Term, int]) -> tuple[Dropped, ...]:
        """The entries that each layer drops; empty if every layer divides exactly."""
        entries_by_layer: dict[tuple[int, str], int] = {}
        for index, name, entries in self._drops:
            entries_by_layer[index, name] = max(evaluate(entries, values), entries_by_layer.get((index, name), 0))
        return tuple(Dropped(index, name, left) for (index, name), left in entries_by_layer.items() if left)

    def exact(self, values: Mapping[Term, int]) -> bool:
        """Whether every layer divides without dropping an entry."""
        return all(evaluate(entries, values) == 0 for _, _, entries in self._drops)

    def rank(self, values: Mapping[Term, int]) -> Rank:
        """How unusual a solution is, smaller first: usual windows that drop nothing, then square inputs and those
        that are nearly so, then widths that are powers of two, then small paddings, kernels and strides.
        """
        cost = sum(window.cost(values) for window in self._windows) + (not self.exact(values))
        sides = {evaluate(size, values) for size in self._sides}
        widths = [evaluate(width, values) for width in self._widths]
        paddings = sum(evaluate(one.padding, values) for one in self._windows if one.padding is not None)
        kernels = sum(evaluate(one.kernel, values) for one in self._windows if one.kernel is not None)
        strides = sum(evaluate(one.stride, values) for one in self._windows if one.stride is not None)
        return (
            cost,
            max(sides, default=0) - min(sides, default=0),
            sum(map(_unusual_width, widths)),
            paddings,
            kernels,
            strides,
        )


def _unusual_width(width: int) -> int:
    """0 for a power of two, then multiples of 16 and of 8, then the others."""
    if width & (width - 1) == 0:
        return 0
    return next((penalty for penalty, number in enumerate((16, 8, 2), start=1) if width % number == 0), 4)


class Judges:
    """A judge for each choice of repeat counts, made when a solution has these counts."""

    def __init__(self, problem: Problem) -> None:
        self._cases = {case.counts: case.problem.statement for case in problem.cases}
        self._counts = problem.counts
        self._judges: dict[tuple[int, ...], Judge] = {}

    def _judge(self, values: Mapping[Term, int]) -> Judge:
        numbers = tuple(values[symbol] for symbol in self._counts)
        judge_ = self._judges.get(numbers)
        if judge_ is None:
            statement = self._cases[tuple(zip(self._counts, numbers, strict=True))]
            judge_ = self._judges[numbers] = Judge(statement)
        return judge_

    def dropped(self, values: Mapping[Term, int]) -> tuple[Dropped, ...]:
        """:meth:`Judge.dropped` of the network with these counts."""
        return self._judge(values).dropped(values)

    def exact(self, values: Mapping[Term, int]) -> bool:
        """:meth:`Judge.exact` of the network with these counts."""
        return self._judge(values).exact(values)

    def rank(self, values: Mapping[Term, int]) -> Rank:
        """:meth:`Judge.rank` of the network with these counts."""
        return self._judge(values).rank(values)


def judge(problem: Problem, unknown: Collection[Symbol] = ()) -> Judge | Judges:
    """The judge of a question's solutions. ``unknown`` are parameters without values."""
    return Judges(problem) if problem.counts else Judge(problem.statement, {*problem.every, *unknown})


def _window(map_: AxisMap) -> _Window:
    letters: dict[str, Term] = {
        symbol.name: value
        for symbol, value in zip(map_.law.symbols[1:], map_.values, strict=True)
        if isinstance(symbol, Symbol)
    }
    return _Window(*(letters.get(name) for name in "FSPD"))
