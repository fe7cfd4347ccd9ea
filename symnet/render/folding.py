"""Folds repeats: a run of items that occurs several times in a row is shown once, with the number of repetitions."""

from __future__ import annotations

from collections.abc import Container, Hashable, Sequence
from typing import NamedTuple

__all__ = ["Fold", "folded"]

#: The longest run that is searched, in items.
PERIOD = 64


class Fold(NamedTuple):
    """The items ``start`` to ``start + length``, which occur ``times`` times in a row."""

    start: int
    length: int
    times: int


def folded(keys: Sequence[Hashable], period: int = PERIOD, least: int = 1, begins: Container[int] = ()) -> list[Fold]:
    """The items in order with repeats folded: at each position the run that saves most, if it saves at least ``least`` items. A fold
    that could begin a little later begins at one of ``begins``. ``period`` is the length of the longest run.

    >>> folded("xababababy")
    [Fold(start=0, length=1, times=1), Fold(start=1, length=2, times=4), Fold(start=9, length=1, times=1)]
    >>> folded("abababa", begins={1})
    [Fold(start=0, length=1, times=1), Fold(start=1, length=2, times=3)]
    """
    numbers: dict[Hashable, int] = {}
    codes = [numbers.setdefault(key, len(numbers)) for key in keys]
    folds: list[Fold] = []
    position = 0
    while position < len(codes):
        best, end = Fold(position, 1, 1), position + 1
        for length in range(1, min(period, (len(codes) - position) // 2) + 1):
            if codes[position + length] != codes[position]:
                continue
            until = _until(codes, position, length)
            saved = length * ((until - position) // length - 1)
            if saved >= least and saved > best.length * (best.times - 1):
                best, end = Fold(position, length, (until - position) // length), until
        spare = end - position - best.length * best.times
        later = next((shift for shift in range(spare + 1) if position + shift in begins), 0)
        folds += [Fold(position + index, 1, 1) for index in range(later)]
        folds.append(best._replace(start=position + later))
        position += later + best.length * best.times
    return folds


def _until(codes: list[int], start: int, length: int) -> int:
    """The position where the run stops repeating."""
    end = start + length
    while end < len(codes) and codes[end] == codes[end - length]:
        end += 1
    return end
