"""Boxes: answers about several unknowns in which each unknown has its own set of values, whatever the others are. The
single box ``H ∈ 16..19, W ∈ 112..115`` stands for sixteen solutions.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod

from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import Symbol

__all__ = ["Boxes", "Row", "boxes_of"]

#: Values of all symbols but the last, and the set of the last one.
Row = tuple[tuple[int, ...], IntegerSet]


@dataclass(frozen=True)
class Boxes:
    """Boxes without common solutions; ``boxes[i][j]`` is the set of symbol j in box i."""

    symbols: tuple[Symbol, ...]
    boxes: tuple[tuple[IntegerSet, ...], ...]

    def rows(self, order: tuple[Symbol, ...], most: int) -> tuple[Row, ...] | None:
        """The rows of all boxes, with the symbols in this order, sorted; ``None`` if there are more than ``most``, or
        infinitely many.

        >>> x, y = Symbol("x"), Symbol("y")
        >>> few, more = IntegerSet.of(1, 2), IntegerSet.of(7)
        >>> [(outer, str(last)) for outer, last in Boxes((x, y), ((few, more), (more, few))).rows((x, y), 10)]
        [((1,), '{7}'), ((2,), '{7}'), ((7,), '{1, 2}')]
        """
        indices = [self.symbols.index(symbol) for symbol in order]
        by_outer: dict[tuple[int, ...], IntegerSet] = {}
        for box in self.boxes:
            *outer, last = (box[index] for index in indices)
            sizes = [members.size for members in outer]
            if None in sizes or len(by_outer) + prod(size or 0 for size in sizes) > most:
                return None
            if last.parts:
                for values in product(*outer):
                    by_outer[values] = _joined(by_outer[values], last) if values in by_outer else last
        return tuple(sorted(by_outer.items(), key=lambda row: row[0]))


def _joined(one: IntegerSet, two: IntegerSet) -> IntegerSet:
    """The union of two disjoint sets."""
    if one.size is None or two.size is None:
        return IntegerSet((*one.parts, *two.parts))
    return IntegerSet.of(*one, *two)


def boxes_of(symbols: tuple[Symbol, ...], rows: tuple[Row, ...]) -> Boxes:
    """Rows as boxes: rows that differ in one symbol only are merged, for one symbol after the other from the last one.

    >>> x, y = Symbol("x"), Symbol("y")
    >>> few, more = IntegerSet.of(1, 2), IntegerSet.interval(7, None)
    >>> [[str(members) for members in box] for box in boxes_of((x, y), (((3,), few), ((4,), few), ((5,), more))).boxes]
    [['{3, 4}', '{1, 2}'], ['{5}', '{… ≥ 7}']]
    """
    boxes = [(*(IntegerSet.of(value) for value in outer), last) for outer, last in rows]
    for index in reversed(range(len(symbols) - 1)):
        merged: dict[tuple[IntegerSet, ...], list[int]] = {}
        for box in boxes:
            merged.setdefault((*box[:index], *box[index + 1 :]), []).extend(box[index])
        boxes = [(*rest[:index], IntegerSet.of(*values), *rest[index:]) for rest, values in merged.items()]
    return Boxes(symbols, tuple(boxes))
