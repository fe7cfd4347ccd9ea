"""Where interval arithmetic leaves room for an unknown: found by bisection."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from symnet.kernel.intervals import Interval, must_be_false, must_be_true
from symnet.terms.node import Node
from symnet.terms.propositions import Proposition
from symnet.terms.term import Symbol

__all__ = ["narrowed", "turning"]

#: A place further away than this is not looked for.
FAR = 1 << 62


def narrowed(proposition: Proposition, box: Mapping[Node, Interval], symbol: Symbol) -> range:
    """The values of a symbol between the ends of the box, without those at either end where intervals show that the
    proposition fails.

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
        failing, start = (high + 1, low) if upper else (low - 1, high)  # beyond `failing` it fails, `start` may not
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
    """Where a comparison is true, if intervals show that it is up to some place and no further, or only from there on.

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
        while step and step <= FAR:  # reach is shown, reach + step is tried: doubling, then halving
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
