"""The integers at which an integer polynomial in one variable is at least 0. All computations are exact."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.polynomials import Coefficients, Range, add, at, compose, scale

__all__ = ["nonnegative"]

#: Bounds with more bits than this are refused.
BITS = 4096


def nonnegative(p: Coefficients, low: int | None, high: int | None) -> list[Range]:
    """The runs of integers from ``low`` to ``high`` (``None``: unbounded) on which ``p`` is at least 0, in order.

    A linear p is solved by division. For a higher degree the runs of Δp = p(t + 1) − p(t), of one degree less, show
    where p rises and where it falls; on each such stretch the sign changes at most once, and bisection finds where.

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
        run = _one_sided(p, first, last, rising)
        if run is None:
            continue
        if runs and runs[-1][1] is not None and run[0] is not None and runs[-1][1] + 1 >= run[0]:
            run = (runs.pop()[0], run[1])
        runs.append(run)
    return runs


def _stretches(growth: Coefficients, low: int | None, high: int | None) -> list[tuple[int | None, int | None, bool]]:
    """The stretches on which a polynomial with this growth only rises, or only falls; they cover low..high without
    overlap. The flag says whether it rises.
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
    """The run on which ``p`` is at least 0, on a stretch where it only rises (or only falls); ``None`` if there is
    none.
    """
    if not rising:
        mirrored = tuple([-a if power % 2 else a for power, a in enumerate(p)])
        run = _one_sided(mirrored, None if high is None else -high, None if low is None else -low, True)
        return run and (None if run[1] is None else -run[1], None if run[0] is None else -run[0])
    top = high if high is not None else _far(p, low or 0, 1)
    if at(p, top) < 0:
        return None
    bottom = low if low is not None else _far(scale(p, -1), min(top, 0), -1)
    if at(p, bottom) >= 0:
        return (low, high)
    while top - bottom > 1:  # invariant: p(bottom) < 0 ≤ p(top)
        middle = (bottom + top) // 2
        bottom, top = (bottom, middle) if at(p, middle) >= 0 else (middle, top)
    return (top, high)


def _far(p: Coefficients, start: int, direction: int) -> int:
    """A t beyond ``start`` at which ``p``, which is unbounded above in that direction, is at least 1. Raises
    :class:`KernelError` if it has too many bits.
    """
    step = 1
    while at(p, start + direction * step) < 1:
        step *= 2
        if step.bit_length() > BITS:
            raise KernelError(f"a bound of more than {BITS} bits is out of reach")
    return start + direction * step
