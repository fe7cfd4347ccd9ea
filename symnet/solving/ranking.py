"""What a solution is worth to a person: whether it divides exactly, what it drops, and how usual it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from symnet.layers.laws.exactness import drops
from symnet.layers.laws.law import AxisMap
from symnet.solving.question import Problem
from symnet.solving.statement import Statement
from symnet.terms.propositions import Divides, Le
from symnet.terms.term import Symbol, Term, evaluate, symbols_of

__all__ = ["Dropped", "Judge", "Judges", "Rank", "judge"]

#: How unusual a solution is, what counts most first.
Rank = tuple[int, bool, int, int, int]


@dataclass(frozen=True)
class Dropped:
    """How many entries at the end of an axis no window of a layer reaches."""

    layer: int
    name: str
    entries: int


@dataclass(frozen=True)
class _Window:
    """Kernel, stride, padding and dilation of one axis of a layer, where an unknown is among them."""

    kernel: Term | None
    stride: Term | None
    padding: Term | None
    dilation: Term | None

    def cost(self, values: Mapping[Term, int]) -> int:
        """How unusual the window is: 0 for an odd kernel with stride 1 or 2 and no padding, or that which keeps the size, and for
        one that divides its input into tiles."""
        kernel, stride, padding, dilation = (
            1 if term is None else evaluate(term, values)
            for term in (self.kernel, self.stride, self.padding, self.dilation)
        )
        padding = 0 if self.padding is None else padding
        reach = dilation * (kernel - 1) + 1
        tiles = kernel == stride > 1 and padding == 0
        found = 0 if stride <= 2 or tiles else 1 if stride & (stride - 1) == 0 else 2
        found += 2 * (kernel % 2 == 0 and not tiles)
        found += 3 * (reach < stride)  # some inputs are never seen
        found += 0 if padding == 0 else 1 if 2 * padding < reach - 1 else 0 if 2 * padding == reach - 1 else 3
        return found + (dilation > 1 and dilation & (dilation - 1) != 0)


class Judge:
    """Judges solutions of one question."""

    def __init__(self, statement: Statement, every: Collection[Symbol] = ()) -> None:
        """``every`` symbols have no values: nothing is judged by what speaks of them."""
        self._drops: dict[tuple[int, str, Term], None] = {}
        self._windows: dict[_Window, None] = {}
        self._widths: dict[Term, None] = {}
        sides = statement.tensors[0].shape.axes if statement.tensors else ()
        self._sides = [size for size in sides if symbols_of(size) and not set(symbols_of(size)) & set(every)]
        for tensor in statement.tensors:
            for part in tensor.exact:
                written = statement.written(part.proposition)
                if isinstance(written, Divides | Le) and not set(symbols_of(written)) & set(every):
                    self._drops[tensor.index, tensor.name, drops(written)] = None
            for map_ in tensor.applied.maps:
                if map_ is not None and symbols_of(*map_.values) and not set(symbols_of(*map_.values)) & set(every):
                    self._windows[_window(map_)] = None
            channels = tensor.shape.channels
            own = () if tensor.layer is None else tensor.layer.symbols
            if isinstance(channels, Symbol) and channels in own and channels not in every:
                self._widths[channels] = None

    def dropped(self, values: Mapping[Term, int]) -> tuple[Dropped, ...]:
        """What each layer drops; nothing where every layer divides exactly."""
        found: dict[tuple[int, str], int] = {}
        for index, name, entries in self._drops:
            found[index, name] = max(evaluate(entries, values), found.get((index, name), 0))
        return tuple(Dropped(index, name, left) for (index, name), left in found.items() if left)

    def exact(self, values: Mapping[Term, int]) -> bool:
        """Whether every layer divides without dropping an entry."""
        return all(evaluate(entries, values) == 0 for _, _, entries in self._drops)

    def rank(self, values: Mapping[Term, int]) -> Rank:
        """Smaller is more usual: usual windows with nothing dropped, then square inputs, then widths that are powers of two, then
        small paddings and kernels.
        """
        cost = sum(window.cost(values) for window in self._windows) + (not self.exact(values))
        sides = {evaluate(size, values) for size in self._sides}
        widths = [evaluate(width, values) for width in self._widths]
        paddings = sum(evaluate(one.padding, values) for one in self._windows if one.padding is not None)
        kernels = sum(evaluate(one.kernel, values) for one in self._windows if one.kernel is not None)
        return cost, len(sides) > 1, sum(map(_unusual_width, widths)), paddings, kernels


def _unusual_width(width: int) -> int:
    """0 for a power of two, then multiples of 16 and of 8, then the others."""
    if width & (width - 1) == 0:
        return 0
    return next((place for place, number in enumerate((16, 8, 2), start=1) if width % number == 0), 4)


class Judges:
    """A judge for each choice of repeat counts, called when there is a solution of its own."""

    def __init__(self, problem: Problem) -> None:
        self._cases = {case.counts: case.problem.statement for case in problem.cases}
        self._counts = problem.counts
        self._judges: dict[tuple[int, ...], Judge] = {}

    def _judge(self, values: Mapping[Term, int]) -> Judge:
        numbers = tuple(values[symbol] for symbol in self._counts)
        found = self._judges.get(numbers)
        if found is None:
            statement = self._cases[tuple(zip(self._counts, numbers, strict=True))]
            found = self._judges[numbers] = Judge(statement)
        return found

    def dropped(self, values: Mapping[Term, int]) -> tuple[Dropped, ...]:
        """As one judge says."""
        return self._judge(values).dropped(values)

    def exact(self, values: Mapping[Term, int]) -> bool:
        """As one judge says."""
        return self._judge(values).exact(values)

    def rank(self, values: Mapping[Term, int]) -> Rank:
        """As one judge says."""
        return self._judge(values).rank(values)


def judge(problem: Problem, unknown: Collection[Symbol] = ()) -> Judge | Judges:
    """Who judges the solutions of a question, by the letters that have values: parameters that are ``unknown`` have none."""
    return Judges(problem) if problem.counts else Judge(problem.statement, {*problem.every, *unknown})


def _window(map_: AxisMap) -> _Window:
    letters: dict[str, Term] = {
        symbol.name: value
        for symbol, value in zip(map_.law.symbols[1:], map_.values, strict=True)
        if isinstance(symbol, Symbol)
    }
    return _Window(*(letters.get(name) for name in "FSPD"))
