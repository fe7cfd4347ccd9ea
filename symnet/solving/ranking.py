"""What a solution is worth to a person: whether it divides exactly, what it drops, and how usual it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symnet.layers.exactness import drops
from symnet.layers.law import AxisMap
from symnet.solving.question import Problem
from symnet.solving.statement import Statement
from symnet.terms.propositions import Divides, Le
from symnet.terms.term import Symbol, Term, evaluate, symbols_of

__all__ = ["Dropped", "Judge", "Judges", "judge"]


@dataclass(frozen=True)
class Dropped:
    """How many entries at the end of an axis no window of a layer reaches."""

    layer: int
    name: str
    entries: int


@dataclass(frozen=True)
class _Window:
    """Kernel, padding and dilation of one axis of a layer, where an unknown is among them."""

    kernel: Term | None
    padding: Term | None
    dilation: Term | None


class Judge:
    """Judges solutions of one question."""

    def __init__(self, statement: Statement) -> None:
        self._drops: dict[tuple[int, str, Term], None] = {}
        self._windows: dict[_Window, None] = {}
        for tensor in statement.tensors:
            for part in tensor.exact:
                written = statement.written(part.proposition)
                if isinstance(written, Divides | Le):
                    self._drops[tensor.index, tensor.name, drops(written)] = None
            for map_ in tensor.applied.maps:
                if map_ is not None and symbols_of(*map_.values):
                    self._windows[_window(map_)] = None

    def dropped(self, values: Mapping[Term, int]) -> tuple[Dropped, ...]:
        """What each layer drops; nothing where every layer divides exactly."""
        found: dict[tuple[int, str], int] = {}
        for index, name, entries in self._drops:
            found[index, name] = max(evaluate(entries, values), found.get((index, name), 0))
        return tuple(Dropped(index, name, left) for (index, name), left in found.items() if left)

    def exact(self, values: Mapping[Term, int]) -> bool:
        """Whether every layer divides without dropping an entry."""
        return all(evaluate(entries, values) == 0 for _, _, entries in self._drops)

    def rank(self, values: Mapping[Term, int]) -> tuple[bool, int, int]:
        """Smaller is more usual: exact first, then odd kernels, then padding that keeps the size at stride 1."""
        even = unlike = 0
        for window in self._windows:
            kernel = None if window.kernel is None else evaluate(window.kernel, values)
            if kernel is None:
                continue
            even += kernel % 2 == 0
            if window.padding is not None:
                dilation = 1 if window.dilation is None else evaluate(window.dilation, values)
                unlike += abs(dilation * (kernel - 1) - 2 * evaluate(window.padding, values))
        return not self.exact(values), even, unlike


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

    def rank(self, values: Mapping[Term, int]) -> tuple[bool, int, int]:
        """As one judge says."""
        return self._judge(values).rank(values)


def judge(problem: Problem) -> Judge | Judges:
    """Who judges the solutions of a question."""
    return Judges(problem) if problem.counts else Judge(problem.statement)


def _window(map_: AxisMap) -> _Window:
    letters: dict[str, Term] = {
        symbol.name: value
        for symbol, value in zip(map_.law.symbols[1:], map_.values, strict=True)
        if isinstance(symbol, Symbol)
    }
    return _Window(letters.get("F"), letters.get("P"), letters.get("D"))
