"""What is known of the numbers in a tensor of integers that depend on sizes alone: positions, distances, masks of sizes.

Rows of a table are looked up by such numbers: ``table(arange(T))`` works as long as T − 1 is a row of the table. So they are
followed through what a model's code does with them, as bounds, and exactly where they count in equal steps along every dimension.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symnet.frontends.flow import tidy
from symnet.terms.bounds import never_above
from symnet.terms.term import FloorDiv, Max, Min, Term, integer

__all__ = ["WholeNumbers", "counting", "larger", "smaller", "together"]

ZERO = integer(0)


@dataclass(frozen=True)
class WholeNumbers:
    """Every number of a tensor is at least ``least`` and at most ``most``; ``exact``: the greatest one is ``most``, and the least one
    is ``least`` or greater than −1. Where they count in equal steps, ``steps`` has the step along each dimension, and ``first`` is
    the number at the start.

    >>> from symnet.terms.term import Symbol
    >>> positions = counting(integer(0), (1,), (Symbol("T"),))
    >>> positions.plus(integer(2)).least, positions.plus(integer(2)).most
    (<Int 2>, <Sum T + 1>)
    """

    least: Term
    most: Term
    exact: bool = False
    first: Term | None = None
    steps: tuple[int, ...] = ()

    @property
    def rearranged(self) -> WholeNumbers:
        """What is known of the same numbers in another arrangement."""
        return WholeNumbers(self.least, self.most, self.exact)

    @property
    def some(self) -> WholeNumbers:
        """What is known of some of the numbers."""
        return WholeNumbers(self.least, self.most)

    def within(self, first: Term, stop: Term) -> bool:
        """Whether all of them are at least ``first`` and less than ``stop``, whatever the sizes are."""
        return never_above(first, self.least) and never_above(self.most, tidy(stop - 1))

    def plus(self, number: Term) -> WholeNumbers:
        """The numbers, each with the same one added."""
        first = None if self.first is None else tidy(self.first + number)
        return WholeNumbers(tidy(self.least + number), tidy(self.most + number), self.exact, first, self.steps)

    def times(self, number: int) -> WholeNumbers:
        """The numbers, each multiplied by the same one."""
        ends = (tidy(self.least * number), tidy(self.most * number))
        least, most = ends if number >= 0 else ends[::-1]
        first = None if self.first is None else tidy(self.first * number)
        return WholeNumbers(least, most, self.exact, first, tuple(step * number for step in self.steps))

    def over(self, number: int) -> WholeNumbers:
        """The numbers, each divided by the same positive one and rounded down."""
        least, most = (tidy(FloorDiv(end, integer(number))) for end in (self.least, self.most))
        return WholeNumbers(least, most, self.exact)

    def between(self, least: Term | None, most: Term | None) -> WholeNumbers:
        """The numbers, each moved to the nearest one that is at least ``least`` and at most ``most``."""
        low, high = self.least, self.most
        if least is not None:
            low, high = larger(low, least), larger(high, least)
        if most is not None:
            low, high = smaller(low, most), smaller(high, most)
        return WholeNumbers(low, high, self.exact)

    def added(self, other: WholeNumbers, sizes: Sequence[Term]) -> WholeNumbers:
        """The sums with other numbers; both stretch to ``sizes``."""
        for one, two in ((self, other), (other, self)):
            if two.first is not None and not two.steps:
                return one.plus(two.first)
        if self.first is None or other.first is None:
            return WholeNumbers(tidy(self.least + other.least), tidy(self.most + other.most))
        rank = len(sizes)
        ours, theirs = ((0,) * (rank - len(part.steps)) + part.steps for part in (self, other))
        return counting(
            self.first + other.first, [left + right for left, right in zip(ours, theirs, strict=True)], sizes
        )

    def arranged(self, order: Sequence[int | None], sizes: Sequence[Term]) -> WholeNumbers:
        """The dimensions in another order, which have these sizes then; ``None`` is a new one along which nothing changes."""
        if self.first is None:
            return self.rearranged
        return counting(self.first, [0 if dim is None else self.steps[dim] for dim in order], sizes)


def counting(first: Term, steps: Sequence[int], sizes: Sequence[Term]) -> WholeNumbers:
    """Numbers that count from ``first`` in equal steps along every dimension of these sizes.

    >>> counting(integer(5), (-1, 2), (integer(3), integer(4)))
    WholeNumbers(least=<Int 3>, most=<Int 11>, exact=True, first=<Int 5>, steps=(-1, 2))
    """
    steps = tuple(0 if size.constant == 1 else step for step, size in zip(steps, sizes, strict=True))
    ends = [(step, tidy((size - 1) * step)) for step, size in zip(steps, sizes, strict=True)]
    least = sum((end for step, end in ends if step < 0), first)
    most = sum((end for step, end in ends if step > 0), first)
    return WholeNumbers(tidy(least), tidy(most), True, tidy(first), steps)


def together(*parts: WholeNumbers) -> WholeNumbers:
    """The bounds of all these numbers."""
    least, most = parts[0].least, parts[0].most
    for part in parts[1:]:
        least, most = smaller(least, part.least), larger(most, part.most)
    return WholeNumbers(least, most, all(part.exact for part in parts))


def smaller(one: Term, two: Term) -> Term:
    """The smaller one of two terms."""
    return one if never_above(one, two) else two if never_above(two, one) else Min(one, two)


def larger(one: Term, two: Term) -> Term:
    """The larger one of two terms."""
    return two if never_above(one, two) else one if never_above(two, one) else Max(one, two)
