"""Integer polynomials of one letter, and two ways to see that one is at least 0 between two ends.

A polynomial is the tuple of its coefficients, constant first, without a trailing 0 (the constant 0 is ``(0,)``).
"""

from __future__ import annotations

from itertools import zip_longest

from symnet.errors import KernelError

__all__ = ["Coefficients", "Range", "add", "at", "compose", "multiply", "scale", "shown_nonnegative"]

Coefficients = tuple[int, ...]
#: From the first to the last, both belonging to it; ``None`` is no end.
Range = tuple[int | None, int | None]

#: Past this degree the answer is out of reach.
DEGREE = 12


def _trimmed(coefficients: list[int]) -> Coefficients:
    while len(coefficients) > 1 and coefficients[-1] == 0:
        coefficients.pop()
    return tuple(coefficients)


def add(p: Coefficients, q: Coefficients) -> Coefficients:
    """``p + q``."""
    if len(p) == 1:
        return (p[0] + q[0], *q[1:])
    if len(q) == 1:
        return (p[0] + q[0], *p[1:])
    return _trimmed([a + b for a, b in zip_longest(p, q, fillvalue=0)])


def scale(p: Coefficients, by: int) -> Coefficients:
    """``by · p``."""
    return tuple([by * a for a in p]) if by else (0,)


def multiply(p: Coefficients, q: Coefficients) -> Coefficients:
    """``p · q``."""
    if len(p) == 1:
        return scale(q, p[0])
    if len(q) == 1:
        return scale(p, q[0])
    if len(p) + len(q) > DEGREE + 2:
        raise KernelError(f"a polynomial of degree {len(p) + len(q) - 2} is out of reach (at most {DEGREE})")
    total = [0] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            total[i + j] += a * b
    return _trimmed(total)


def at(p: Coefficients, t: int) -> int:
    """The value of ``p`` at ``t``."""
    total = 0
    for coefficient in reversed(p):
        total = total * t + coefficient
    return total


def compose(p: Coefficients, inner: Coefficients) -> Coefficients:
    """``p`` with ``inner`` for its letter."""
    total: Coefficients = (0,)
    for coefficient in reversed(p):
        total = add(multiply(total, inner), (coefficient,))
    return total


def shown_nonnegative(p: Coefficients, low: int | None, high: int | None) -> bool | None:
    """Whether ``p`` is at least 0 on all of ``low..high`` (true) or on none of it (false), where that is plain to see from one
    end or the other; ``None`` where it is not.

    >>> shown_nonnegative((-8, 0, 1), 3, None), shown_nonnegative((-8, 0, 1), 0, 2), shown_nonnegative((-8, 0, 1), 0, 9)
    (True, False, None)
    """
    if len(p) == 1:
        return p[0] >= 0
    if len(p) == 2:  # a line is least at one end and greatest at the other
        constant, slope = p
        ends = [None if end is None else constant + slope * end for end in (low, high)]
        least, most = ends if slope > 0 else reversed(ends)
        return True if least is not None and least >= 0 else False if most is not None and most < 0 else None
    shown = None if low is None else _seen_from(p, low, high)
    if shown is None and high is not None:
        mirrored = tuple([-a if power % 2 else a for power, a in enumerate(p)])
        shown = _seen_from(mirrored, -high, None if low is None else -low)
    return shown


def _seen_from(p: Coefficients, low: int, high: int | None) -> bool | None:
    """The same from the lower end, t = low + u: the positive coefficients only add to the constant and the negative ones only
    take from it, the more, the larger u is.
    """
    constant, *rest = p if low == 0 else compose(p, (low, 1))
    adds, takes = [max(a, 0) for a in rest], [min(a, 0) for a in rest]
    if high is None:
        return True if constant >= 0 and not any(takes) else False if constant < 0 and not any(adds) else None
    length = high - low
    if constant + length * at(tuple(takes), length) >= 0:
        return True
    return False if constant + length * at(tuple(adds), length) < 0 else None
