"""Bounds of the unknowns, found by bisection and proven by interval arithmetic: beyond them the question fails."""

from __future__ import annotations

from math import prod

from symnet.kernel.rules import interval_bound
from symnet.kernel.theorem import Theorem
from symnet.search.narrowing import must_be_false, narrowed
from symnet.solving.linear_bounds import upper_bound
from symnet.terms.intervals import Interval
from symnet.terms.node import Node
from symnet.terms.propositions import And, Le, Proposition
from symnet.terms.term import Int, Symbol, integer

__all__ = ["Bounds", "count_cases", "find_bounds"]

#: An unknown without a bound up to this number counts as unbounded.
FAR = 1 << 62
ROUNDS = 6
#: Boxes with at most this many points are not narrowed any further.
SMALL = 2_000
#: At most so many choices of values are examined to count the cases.
LOOKS = 200


class Bounds:
    """Proven bounds of the unknowns of a proposition: ``ends`` and the ``theorems`` that prove them."""

    def __init__(self, proposition: Proposition, unknowns: tuple[Symbol, ...]) -> None:
        self.proposition = proposition
        self.ends: dict[Node, Interval] = {symbol: (symbol.least, None) for symbol in unknowns}
        self.theorems: list[Theorem] = []
        for part in proposition.args if isinstance(proposition, And) else ():
            match part:
                case Le(args=(Symbol() as unknown, Int(args=(most,)))) if unknown in self.ends:
                    low, high = self.ends[unknown]
                    if high is None or most < high:  # an upper bound stated in the question itself
                        self._keep(unknown, part, (low, most))

    def span(self, unknown: Symbol) -> int | None:
        """The number of values left for an unknown; ``None`` for infinitely many."""
        low, high = self.ends[unknown]
        return None if low is None or high is None else max(0, high - low + 1)

    @property
    def empty(self) -> bool:
        """Whether no value is left for some unknown."""
        return any(low is not None and high is not None and low > high for low, high in self.ends.values())

    @property
    def small(self) -> bool:
        """Whether so few points are left that they need not be narrowed."""
        spans = [None if high is None or low is None else high - low + 1 for low, high in self.ends.values()]
        return None not in spans and prod(span or 0 for span in spans) <= SMALL

    def _fails(self, unknown: Symbol, low: int | None, high: int | None) -> bool:
        return must_be_false(self.proposition, {**self.ends, unknown: (low, high)})

    def narrow(self, unknown: Symbol) -> bool:
        """Lowers the upper end and raises the lower end of an unknown as far as intervals show; returns whether
        anything changed.
        """
        before = low, high = self.ends[unknown]
        if self.empty:
            return False
        if high is None:
            high = self._upper(unknown, low if low is not None else 0)
            if high is None:
                return low is not None and self._raise(unknown, low)
            self._keep(unknown, Le(unknown, integer(high)), (low, high))
        if low is None or low > high:
            return before != self.ends[unknown]
        left = narrowed(self.proposition, self.ends, unknown)
        last = left[-1] if left else low - 1
        if last < high:
            self._keep(unknown, Le(unknown, integer(last)), (low, last))
        if left and left[0] > low:
            self._keep(unknown, Le(integer(left[0]), unknown), (left[0], last))
        return before != self.ends[unknown]

    def _upper(self, unknown: Symbol, start: int) -> int | None:
        """An end beyond which the question fails, found by doubling the distance; ``None`` if there is none up to
        ``FAR``.
        """
        step = 0
        while not self._fails(unknown, start + step + 1, None):
            step = 2 * step + 1
            if step > FAR:
                return None
        return start + step

    def _raise(self, unknown: Symbol, low: int) -> bool:
        """Raises the lower end of an unknown without an upper end, which may then bound the other factor of a product."""
        if not self._fails(unknown, low, low):
            return False
        failing, step = low, 1
        while self._fails(unknown, low, failing + step):
            failing, step = failing + step, 2 * step
            if step > FAR:
                return False  # it fails everywhere, which an upper end will show as well
        while step > 1:
            step //= 2
            if self._fails(unknown, low, failing + step):
                failing += step
        self._keep(unknown, Le(integer(failing + 1), unknown), (failing + 1, None))
        return True

    def together(self) -> bool:
        """Bounds the unknowns without an upper end by linear combinations of several conditions; returns whether all
        have one now.
        """
        found: list[Theorem] = []
        for unknown, (_, high) in self.ends.items():
            theorem = upper_bound(self.proposition, unknown) if high is None and isinstance(unknown, Symbol) else None
            if theorem is not None:
                found.append(theorem)
            elif high is None:
                return False
        for theorem in found:
            unknown, most = theorem.conclusion.args
            self.ends[unknown] = (self.ends[unknown][0], most.value)
        self.theorems += found
        return bool(found)

    def close(self) -> None:
        """Adds arbitrary upper ends for the other unknowns if one has no value left."""
        for unknown, (low, high) in list(self.ends.items()):
            if isinstance(unknown, Symbol) and high is None:
                self._keep(unknown, Le(unknown, integer(low or 0)), (low, low or 0))

    def _keep(self, unknown: Symbol, claim: Le, ends: Interval) -> None:
        self.theorems.append(interval_bound(claim, self.proposition, tuple(self.theorems)))
        self.ends[unknown] = ends


def find_bounds(proposition: Proposition, unknowns: tuple[Symbol, ...]) -> Bounds:
    """Narrows every unknown in turn until nothing changes or few points are left."""
    bounds = Bounds(proposition, unknowns)
    for _ in range(ROUNDS):
        if bounds.empty or bounds.small:
            break
        changed = [bounds.narrow(unknown) for unknown in unknowns]
        if not any(changed) and not bounds.together():
            break
    if bounds.empty:
        bounds.close()
    return bounds


def count_cases(bounds: Bounds, outer: list[Symbol], most: int) -> int | None:
    """The number of values of the outer unknowns to be enumerated, without those that intervals rule out; ``None`` if
    it exceeds ``most`` or is expensive to count.
    """
    amount = looks = 0
    stack: list[tuple[int, ...]] = [()]
    while stack:
        values = stack.pop()
        here = bounds.ends | {symbol: (value, value) for symbol, value in zip(outer, values, strict=False)}
        following = narrowed(bounds.proposition, here, outer[len(values)])
        many = following.stop - following.start  # ``len`` of a range fails for numbers beyond the machine word
        looks += many != 1
        if len(values) + 1 == len(outer):
            amount += many
        elif looks + len(stack) + many <= LOOKS:
            stack.extend((*values, value) for value in following)
        else:
            return None
        if amount > most:
            return None
    return amount
