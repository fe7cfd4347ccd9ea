"""Interval arithmetic with integers: between which ends a term must lie, and whether a proposition must be false.

An interval is a pair of ends that belong to it; ``None`` is no end. Every result encloses all values, not tightly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from symnet.terms.node import Node, children_first
from symnet.terms.propositions import And, Divides, Eq, In, Le, Lt, Or, Proposition
from symnet.terms.term import (
    BITS,
    CeilDiv,
    Entries,
    FloorDiv,
    Max,
    Min,
    Mod,
    Power,
    Product,
    Sum,
    Symbol,
    Term,
    Windows,
)

__all__ = ["Interval", "enclosure", "must_be_false", "must_be_true"]

Interval = tuple[int | None, int | None]
ANY: Interval = (None, None)


def _add(one: Interval, two: Interval) -> Interval:
    low = None if one[0] is None or two[0] is None else one[0] + two[0]
    high = None if one[1] is None or two[1] is None else one[1] + two[1]
    return low, high


def _negative(one: Interval) -> Interval:
    return None if one[1] is None else -one[1], None if one[0] is None else -one[0]


def _multiply(one: Interval, two: Interval) -> Interval:
    """The extreme products of ends. An open end times 0 is 0; times anything else it is open."""
    if (0, 0) in (one, two):
        return 0, 0
    if one[0] is not None and one[0] >= 0 and two[0] is not None and two[0] >= 0:
        return one[0] * two[0], None if one[1] is None or two[1] is None else one[1] * two[1]
    if None not in one and None not in two:
        products = [a * b for a in one for b in two]  # type: ignore[operator]
        return min(products), max(products)
    for left, right in ((one, two), (two, one)):
        if left[0] is not None and left[0] == left[1]:
            scaled = (
                None if right[0] is None else right[0] * left[0],
                None if right[1] is None else right[1] * left[0],
            )
            return scaled if left[0] > 0 else scaled[::-1]
    return ANY


def _floor(numerator: Interval, divisor: Interval) -> Interval:
    if divisor[0] is None or divisor[0] < 1:
        return ANY
    (a, b), c, d = numerator, divisor[0], divisor[1]
    # a numerator of one sign is made smaller by the larger divisor; without a largest one, ⌊x/d⌋ comes to 0 or −1
    low = None if a is None else a // c if a < 0 else 0 if d is None else a // d
    high = None if b is None else b // c if b >= 0 else -1 if d is None else b // d
    return low, high


def _ceiling(numerator: Interval, divisor: Interval) -> Interval:
    return _negative(_floor(_negative(numerator), divisor))


def _remainder(numerator: Interval, divisor: Interval) -> Interval:
    if divisor[0] is None or divisor[0] < 1:
        return ANY
    most = None if divisor[1] is None else divisor[1] - 1
    low, high = numerator
    if low is None or low < 0 or high is None:
        return 0, most
    return numerator if high < divisor[0] else (0, high if most is None else min(high, most))


def _minimum(one: Interval, two: Interval) -> Interval:
    low = None if one[0] is None or two[0] is None else min(one[0], two[0])
    high = one[1] if two[1] is None else two[1] if one[1] is None else min(one[1], two[1])
    return low, high


def _maximum(one: Interval, two: Interval) -> Interval:
    return _negative(_minimum(_negative(one), _negative(two)))


def _windows(length: Interval, kernel: Interval, dilation: Interval, stride: Interval) -> Interval:
    """⌊(L − D·(F − 1) − 1)/S⌋ + 1 where that is not negative, else none; for F, D, S ≥ 1."""
    if any(low is None or low < 1 for low, _ in (kernel, dilation, stride)):
        return 0, None
    reach = _add(_multiply(dilation, _add(kernel, (-1, -1))), (1, 1))
    return _maximum((0, 0), _add(_floor(_add(length, _negative(reach)), stride), (1, 1)))


_STEPS: dict[type[Node], Callable[[Interval, Interval], Interval]] = {
    Sum: _add,
    Product: _multiply,
    FloorDiv: _floor,
    CeilDiv: _ceiling,
    Mod: _remainder,
    Min: _minimum,
    Max: _maximum,
}


def enclosure(term: Term, box: Mapping[Node, Interval]) -> Interval:
    """Ends for ``term`` when each symbol lies in its interval; a symbol that is not in the box is as large as it
    promises.

    >>> W, S = Symbol("W"), Symbol("S")
    >>> enclosure((W - 7) // S + 1, {W: (224, 224), S: (3, None)})
    (1, 73)
    """
    return _within(term, dict(box))


def _within(term: Term, known: dict[Node, Interval]) -> Interval:
    """The same, keeping what is found: the parts of a proposition share most of their terms."""
    constant = term.constant
    if constant is not None:
        return constant, constant
    if term not in known:
        for node in _order(term):
            if node not in known:
                known[node] = _enclosed(node, known)
    return known[term]


@lru_cache(maxsize=1024)
def _order(term: Term) -> list[Node]:
    return children_first(term)


def _enclosed(node: Node, known: dict[Node, Interval]) -> Interval:
    constant = node.constant  # type: ignore[attr-defined]
    if constant is not None:
        return constant, constant
    kind = type(node)
    if kind is Symbol:
        return node.args[1], None
    if kind is Power:
        base, total = known[node.args[0]], (1, 1)
        if base[0] is None or base[0] < 0:
            return (0, None) if node.args[1] % 2 == 0 else ANY
        if max(end.bit_length() for end in base if end is not None) * node.args[1] > BITS:
            return min(base[0], 1), None  # too large to be worked out
        for _ in range(node.args[1]):
            total = _multiply(total, base)  # type: ignore[assignment]
        return total
    if kind is Entries:
        total = (1, 1)
        for part in node.args:
            total = _multiply(total, _maximum((0, 0), known[part]))  # type: ignore[assignment]
        return total
    if kind is Windows:
        return _windows(*(known[part] for part in node.args))
    step = _STEPS.get(kind)
    if step is None:
        return node.least, None  # type: ignore[attr-defined]
    total = known[node.args[0]]  # type: ignore[assignment]
    for part in node.args[1:]:
        total = step(total, known[part])  # type: ignore[assignment]
    return total


def must_be_false(proposition: Proposition, box: Mapping[Node, Interval]) -> bool:
    """Whether interval arithmetic shows that the proposition fails everywhere in the box."""
    return _false(proposition, dict(box))


def _false(proposition: Proposition, known: dict[Node, Interval]) -> bool:
    kind = type(proposition)
    if kind is And:
        return any(_false(part, known) for part in proposition.args)
    if kind is Or:
        return all(_false(part, known) for part in proposition.args)
    if kind not in (Le, Lt, Eq, Divides, In):
        return False
    if kind is In:
        low, high = _within(proposition.args[0], known)
        return all(
            (high is not None and part.minimum is not None and high < part.minimum)
            or (low is not None and part.maximum is not None and low > part.maximum)
            for part in proposition.args[1].parts
        )
    (a, b), (c, d) = [_within(term, known) for term in proposition.args]
    over = a is not None and d is not None and a > d  # the left side is always greater
    if kind is Le:
        return over
    if kind is Lt:
        return a is not None and d is not None and a >= d
    if kind is Eq:
        return over or (b is not None and c is not None and b < c)
    return over and c is not None and c >= 1  # a divisor greater than a positive number


def must_be_true(proposition: Proposition, box: Mapping[Node, Interval]) -> bool:
    """Whether interval arithmetic shows that a comparison holds everywhere in the box."""
    if type(proposition) not in (Le, Lt):
        return False
    left, right = proposition.args
    most, least = enclosure(left, box)[1], enclosure(right, box)[0]
    return most is not None and least is not None and most + (type(proposition) is Lt) <= least
