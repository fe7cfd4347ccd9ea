"""Folding repeats: a stretch of items that occurs several times in a row is shown once, with how often."""

from __future__ import annotations

from collections.abc import Container, Hashable, Sequence
from typing import NamedTuple

__all__ = ["Fold", "folded"]

#: The longest stretch that is looked for.
PERIOD = 64


class Fold(NamedTuple):
    """Items ``start`` up to ``start + length``, ``times`` times in a row."""

    start: int
    length: int
    times: int


def folded(keys: Sequence[Hashable], period: int = PERIOD, least: int = 1, begins: Container[int] = ()) -> list[Fold]:
    """The items in order, repeats folded: at each place the stretch that saves most, and at least so many items. Where it
    could as well begin a little later, it begins at one of ``begins``.

    >>> folded("xababababy")
    [Fold(start=0, length=1, times=1), Fold(start=1, length=2, times=4), Fold(start=9, length=1, times=1)]
    >>> folded("abababa", begins={1})
    [Fold(start=0, length=1, times=1), Fold(start=1, length=2, times=3)]
    """
    numbers: dict[Hashable, int] = {}
    codes = [numbers.setdefault(key, len(numbers)) for key in keys]
    found: list[Fold] = []
    place = 0
    while place < len(codes):
        best, end = Fold(place, 1, 1), place + 1
        for length in range(1, min(period, (len(codes) - place) // 2) + 1):
            until = _until(codes, place, length)
            saved = length * ((until - place) // length - 1)
            if saved >= least and saved > best.length * (best.times - 1):
                best, end = Fold(place, length, (until - place) // length), until
        spare = end - place - best.length * best.times
        later = next((shift for shift in range(spare + 1) if place + shift in begins), 0)
        found += [Fold(place + index, 1, 1) for index in range(later)]
        found.append(best._replace(start=place + later))
        place += later + best.length * best.times
    return found


def _until(codes: list[int], start: int, length: int) -> int:
    """How far the stretch goes on repeating."""
    end = start + length
    while end < len(codes) and codes[end] == codes[end - length]:
        end += 1
    return end
