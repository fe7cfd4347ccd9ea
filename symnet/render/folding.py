"""Folding repeats: a stretch of items that occurs several times in a row is shown once, with how often."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

__all__ = ["Fold", "folded"]

#: The longest stretch that is looked for.
PERIOD = 24


class Fold(NamedTuple):
    """Items ``start`` up to ``start + length``, ``times`` times in a row."""

    start: int
    length: int
    times: int


def folded(keys: Sequence[Hashable], period: int = PERIOD) -> list[Fold]:
    """The items in order, repeats folded: at each place the stretch that saves most.

    >>> folded("xababababy")
    [Fold(start=0, length=1, times=1), Fold(start=1, length=2, times=4), Fold(start=9, length=1, times=1)]
    """
    numbers: dict[Hashable, int] = {}
    codes = [numbers.setdefault(key, len(numbers)) for key in keys]
    found: list[Fold] = []
    place = 0
    while place < len(codes):
        best = Fold(place, 1, 1)
        for length in range(1, min(period, (len(codes) - place) // 2) + 1):
            times = _times(codes, place, length)
            if times > 1 and length * (times - 1) > best.length * (best.times - 1):
                best = Fold(place, length, times)
        found.append(best)
        place += best.length * best.times
    return found


def _times(codes: list[int], start: int, length: int) -> int:
    """How often the stretch occurs in a row."""
    end = start + length
    while end < len(codes) and codes[end] == codes[end - length]:
        end += 1
    return (end - start) // length
