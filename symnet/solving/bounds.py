"""Bounds of the unknowns, found by trying and proven by interval arithmetic: beyond them the question fails for
sure.
"""

from __future__ import annotations

from symnet.kernel.intervals import Interval, must_be_false
from symnet.kernel.propositions import Le, Proposition
from symnet.kernel.rules import interval_bound
from symnet.kernel.theorem import Theorem
from symnet.terms.term import Node, Symbol, integer

__all__ = ["Bounds", "find_bounds"]

#: An unknown that no number up to this bounds counts as unbounded.
FAR = 1 << 62
ROUNDS = 6
#: Boxes of at most this many points are not narrowed any further.
SMALL = 2_000


class Bounds:
    """What is known of the unknowns of a proposition, with the proofs."""

    def __init__(self, proposition: Proposition, unknowns: tuple[Symbol, ...]) -> None:
        self.proposition = proposition
        self.ends: dict[Node, Interval] = {symbol: (symbol.least, None) for symbol in unknowns}
        self.theorems: list[Theorem] = []

    def span(self, unknown: Symbol) -> int | None:
        """How many values are left; ``None`` for infinitely many."""
        low, high = self.ends[unknown]
        return None if low is None or high is None else max(0, high - low + 1)

    @property
    def empty(self) -> bool:
        """Whether no value is left for some unknown."""
        return any(low is not None and high is not None and low > high for low, high in self.ends.values())

    def _fails(self, unknown: Symbol, low: int | None, high: int | None) -> bool:
        return must_be_false(self.proposition, {**self.ends, unknown: (low, high)})

    def narrow(self, unknown: Symbol) -> bool:
        """Lower the upper end, then raise the lower one, as far as intervals show; whether anything changed."""
        low, high = self.ends[unknown]
        start = low if low is not None else 0
        best, possible, step = high, start - 1, 0  # beyond `best` it fails, beyond `possible` it may not
        while step <= FAR and (best is None or start + step < best):
            if self._fails(unknown, start + step + 1, high):
                best = start + step
                break
            possible, step = start + step, 2 * step + 1
        if best is not None:
            while best - possible > 1:
                middle = (best + possible) // 2
                best, possible = (middle, possible) if self._fails(unknown, middle + 1, high) else (best, middle)
            if best != high:
                self._keep(unknown, Le(unknown, integer(best)), (low, best))
        changed = best != high
        low, high = self.ends[unknown]
        if low is None or high is None or low > high:
            return changed
        first = low
        if self._fails(unknown, low, low):
            bottom, top = low, high + 1  # up to `bottom` it fails, up to `top` it may not
            while top - bottom > 1:
                middle = (bottom + top) // 2
                bottom, top = (middle, top) if self._fails(unknown, low, middle) else (bottom, middle)
            first = bottom + 1
            self._keep(unknown, Le(integer(first), unknown), (first, high))
        return changed or first != low

    def close(self) -> None:
        """Where one unknown has no value left, any bound of the others holds."""
        for unknown, (low, high) in list(self.ends.items()):
            if isinstance(unknown, Symbol) and high is None:
                self._keep(unknown, Le(unknown, integer(low or 0)), (low, low or 0))

    def _keep(self, unknown: Symbol, claim: Le, ends: Interval) -> None:
        self.theorems.append(interval_bound(claim, self.proposition, tuple(self.theorems)))
        self.ends[unknown] = ends


def find_bounds(proposition: Proposition, unknowns: tuple[Symbol, ...]) -> Bounds:
    """Narrow every unknown in turn until nothing changes or the box is small."""
    bounds = Bounds(proposition, unknowns)
    for _ in range(ROUNDS):
        changed = False
        for unknown in unknowns:
            changed = bounds.narrow(unknown) or changed
            if bounds.empty:
                bounds.close()
                return bounds
        spans = [bounds.span(unknown) for unknown in unknowns]
        size = 1
        for span in spans:
            size = 0 if span is None else size * span
        if not changed or 0 < size <= SMALL:
            break
    return bounds
