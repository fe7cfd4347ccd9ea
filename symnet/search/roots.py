"""Where an integer polynomial of one letter is at least 0. Exact; no root is ever approximated."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.polynomials import Coefficients, Range, add, at, compose, scale

__all__ = ["nonnegative"]

#: Past this many bits of a bound, the answer is out of reach.
BITS = 4096


def nonnegative(p: Coefficients, low: int | None, high: int | None) -> list[Range]:
    """The runs of integers between the ends at which ``p`` is at least 0, in order.

    A line is divided. For a higher degree the runs of Δp = p(t + 1) − p(t), one degree less, say where p grows and
    where it falls; on each stretch the sign changes at most once, and bisection finds where.

    >>> nonnegative((-8, 0, 1), None, None)  # t² ≥ 8
    [(None, -3), (3, None)]
    """
    if low is not None and high is not None and low > high:
        return []
    if len(p) == 1:
        return [(low, high)] if p[0] >= 0 else []
    if len(p) == 2:
        constant, slope = p
        end = -(constant // slope) if slope > 0 else constant // -slope
        if slope > 0:
            low = end if low is None or low < end else low
        else:
            high = end if high is None or high > end else high
        return [] if low is not None and high is not None and low > high else [(low, high)]
    growth = add(compose(p, (1, 1)), scale(p, -1))
    runs: list[Range] = []
    for first, last, rising in _stretches(growth, low, high):
        found = _one_sided(p, first, last, rising)
        if found is None:
            continue
        if runs and runs[-1][1] is not None and found[0] is not None and runs[-1][1] + 1 >= found[0]:
            found = (runs.pop()[0], found[1])
        runs.append(found)
    return runs


def _stretches(growth: Coefficients, low: int | None, high: int | None) -> list[tuple[int | None, int | None, bool]]:
    """The stretches on which a polynomial with this growth rises, or falls, each step; they cover low..high
    without overlap.
    """
    rising = nonnegative(growth, low, None if high is None else high - 1)
    stretches: list[tuple[int | None, int | None, bool]] = []
    start, open_start = low, low is None
    for first, last in rising:
        if first is not None and (open_start or (start is not None and start < first)):
            stretches.append((None if open_start else start, first - 1, False))
        stop = None if last is None else last + 1
        stretches.append((first, stop, True))
        if stop is None:
            return stretches
        start, open_start = stop + 1, False
    if open_start or high is None or (start is not None and start <= high):
        stretches.append((None if open_start else start, high, False))
    return stretches


def _one_sided(p: Coefficients, low: int | None, high: int | None, rising: bool) -> Range | None:
    """The run at which ``p`` is at least 0 where it only rises (or only falls)."""
    if not rising:
        mirrored = tuple([-a if power % 2 else a for power, a in enumerate(p)])
        found = _one_sided(mirrored, None if high is None else -high, None if low is None else -low, True)
        return found and (None if found[1] is None else -found[1], None if found[0] is None else -found[0])
    top = high if high is not None else _far(p, low or 0, 1)
    if at(p, top) < 0:
        return None
    bottom = low if low is not None else _far(scale(p, -1), min(top, 0), -1)
    if at(p, bottom) >= 0:
        return (low, high)
    while top - bottom > 1:  # p(bottom) < 0 ≤ p(top)
        middle = (bottom + top) // 2
        bottom, top = (bottom, middle) if at(p, middle) >= 0 else (middle, top)
    return (top, high)


def _far(p: Coefficients, start: int, direction: int) -> int:
    """A place beyond ``start`` where ``p``, which is unbounded above in that direction, is at least 1."""
    step = 1
    while at(p, start + direction * step) < 1:
        step *= 2
        if step.bit_length() > BITS:
            raise KernelError(f"a bound of more than {BITS} bits is out of reach")
    return start + direction * step
