"""Interval arithmetic with integers: between which ends a result must lie when its arguments lie between theirs.

An interval is a pair of ends that belong to it; ``None`` is no end. Every result encloses all values, not tightly; of numbers it is
the number, or has no end where there is none (a division by 0) or none that is worked out.
"""

from __future__ import annotations

__all__ = [
    "ANY", "BITS", "Interval", "add", "ceiling", "floor", "maximum", "minimum", "multiply", "narrower", "negative", "power",
    "remainder", "windows",
]  # fmt: skip

Interval = tuple[int | None, int | None]
ANY: Interval = (None, None)

#: No integer grows past this many bits: a huge power is refused in words, never computed.
BITS = 4096


def add(one: Interval, two: Interval) -> Interval:
    """x + y."""
    low = None if one[0] is None or two[0] is None else one[0] + two[0]
    high = None if one[1] is None or two[1] is None else one[1] + two[1]
    return low, high


def narrower(one: Interval, two: Interval) -> Interval:
    """What lies in both."""
    low = one[0] if two[0] is None else two[0] if one[0] is None else max(one[0], two[0])
    high = one[1] if two[1] is None else two[1] if one[1] is None else min(one[1], two[1])
    return low, high


def negative(one: Interval) -> Interval:
    """−x."""
    return None if one[1] is None else -one[1], None if one[0] is None else -one[0]


def multiply(one: Interval, two: Interval) -> Interval:
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
            low, high = [None if end is None else end * left[0] for end in right]
            return (low, high) if left[0] > 0 else (high, low)
    return ANY


def floor(numerator: Interval, divisor: Interval) -> Interval:
    """⌊x/d⌋."""
    if divisor[0] and divisor[0] == divisor[1] and numerator[0] is not None and numerator[0] == numerator[1]:
        return numerator[0] // divisor[0], numerator[0] // divisor[0]
    if divisor[0] is None or divisor[0] < 1:
        return ANY
    (a, b), c, d = numerator, divisor[0], divisor[1]
    # a numerator of one sign is made smaller by the larger divisor; without a largest one, ⌊x/d⌋ comes to 0 or −1
    low = None if a is None else a // c if a < 0 else 0 if d is None else a // d
    high = None if b is None else b // c if b >= 0 else -1 if d is None else b // d
    return low, high


def ceiling(numerator: Interval, divisor: Interval) -> Interval:
    """⌈x/d⌉."""
    return negative(floor(negative(numerator), divisor))


def remainder(numerator: Interval, divisor: Interval) -> Interval:
    """x mod d."""
    (low, high), (least, most) = numerator, divisor
    if low is not None and high is not None and least and least == most and low // least == high // least:
        return low % least, high % least
    if least is None or least < 1:
        return ANY
    most = None if most is None else most - 1
    if low is None or high is None or low < 0:
        return 0, most
    return numerator if high < least else (0, high if most is None else min(high, most))


def minimum(one: Interval, two: Interval) -> Interval:
    """The smaller one."""
    low = None if one[0] is None or two[0] is None else min(one[0], two[0])
    high = one[1] if two[1] is None else two[1] if one[1] is None else min(one[1], two[1])
    return low, high


def maximum(one: Interval, two: Interval) -> Interval:
    """The larger one."""
    return negative(minimum(negative(one), negative(two)))


def windows(length: Interval, kernel: Interval, dilation: Interval, stride: Interval) -> Interval:
    """⌊(L − D·(F − 1) − 1)/S⌋ + 1 where that is not negative, else none; for F, D, S ≥ 1."""
    if any(low is None or low < 1 for low, _ in (kernel, dilation, stride)):
        return 0, None
    reach = add(multiply(dilation, add(kernel, (-1, -1))), (1, 1))
    return maximum((0, 0), add(floor(add(length, negative(reach)), stride), (1, 1)))


def power(base: Interval, exponent: int) -> Interval:
    """xⁿ; what would be too large to be worked out has no end."""
    low, high = base
    if max([end.bit_length() for end in base if end is not None], default=0) * exponent > BITS:
        high, low = None, None if low is None or low < 0 else min(low, 1)
    if low is not None and (low >= 0 or low == high):
        return low**exponent, None if high is None else high**exponent
    return (1, 1) if exponent == 0 else ((0, None) if exponent % 2 == 0 else ANY)
