"""Bounds on one symbol from interval arithmetic, by bisection."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from symnet.kernel.verdicts import by_intervals
from symnet.terms.intervals import Interval
from symnet.terms.node import Node
from symnet.terms.propositions import Proposition
from symnet.terms.term import Symbol

__all__ = ["must_be_false", "must_be_true", "narrowed", "turning"]

#: The largest distance at which a bound is searched for.
FAR = 1 << 62


def must_be_false(proposition: Proposition, box: Mapping[Node, Interval]) -> bool:
    """Whether interval arithmetic shows that the proposition fails everywhere in the box."""
    return by_intervals(proposition, box) is False


def must_be_true(proposition: Proposition, box: Mapping[Node, Interval]) -> bool:
    """Whether interval arithmetic shows that the proposition holds everywhere in the box."""
    return by_intervals(proposition, box) is True


def narrowed(proposition: Proposition, box: Mapping[Node, Interval], symbol: Symbol) -> range:
    """The values of a symbol within the box, without those at either end for which intervals show that the proposition
    fails.

    >>> from symnet.terms.propositions import Le
    >>> from symnet.terms.term import integer
    >>> W = Symbol("W")
    >>> narrowed(Le(W + W, integer(10)), {W: (1, 100)}, W)
    range(1, 6)
    """
    low, high = box[symbol]
    if low is None or high is None or low > high:
        return range(0)
    here = dict(box)

    def fails(first: int, last: int) -> bool:
        here[symbol] = first, last
        return must_be_false(proposition, here)

    if fails(low, high):
        return range(0)
    for upper in (True, False):
        # it fails beyond ``failing``; nothing is known at ``start``
        failing, start = (high + 1, low) if upper else (low - 1, high)
        if not (fails(high, high) if upper else fails(low, low)):
            continue
        while abs(failing - start) > 1:
            middle = (failing + start) // 2
            if fails(middle, high) if upper else fails(low, middle):
                failing = middle
            else:
                start = middle
        low, high = (low, failing - 1) if upper else (failing + 1, high)
    return range(low, high + 1)


def turning(comparison: Proposition, box: Mapping[Node, Interval], symbol: Symbol) -> list[Interval] | None:
    """The interval on which a comparison is true, if intervals show that it is true exactly up to some value or
    exactly from some value on; as a list with this interval, empty if it is false everywhere. ``None`` if intervals do
    not show it.

    >>> from symnet.terms.propositions import Le
    >>> from symnet.terms.term import integer
    >>> W = Symbol("W")
    >>> turning(Le((W // 10) * (W // 10), integer(50)), {W: (1, None)}, W)
    [(1, 79)]
    """
    low, high = box[symbol]
    here = dict(box)
    if low is None:
        return None
    for first, then in ((must_be_true, must_be_false), (must_be_false, must_be_true)):

        def shown(test: Callable[[Proposition, Mapping[Node, Interval]], bool], one: int, two: int | None) -> bool:
            here[symbol] = one, two
            return test(comparison, here)

        if shown(first, low, high):
            return [(low, high)] if first is must_be_true else []
        reach, step = low - 1, 1
        while step and step <= FAR:  # ``reach`` is shown, ``reach + step`` is tried: double the step, then halve it
            further = reach + step
            if (high is None or further <= high) and shown(first, low, further):
                reach, step = further, 2 * step
            else:
                break
        while step > 1:
            step //= 2
            if (high is None or reach + step <= high) and shown(first, low, reach + step):
                reach += step
        if reach >= low and shown(then, reach + 1, high):
            return [(low, reach)] if first is must_be_true else [(reach + 1, high)]
    return None
