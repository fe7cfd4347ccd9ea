"""Boxes: answers about several unknowns in which each unknown has its own set of values, whatever the others are.

Said once, ``H ∈ 16..19, W ∈ 112..115`` is sixteen solutions.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod

from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import Symbol

__all__ = ["Boxes", "Row", "boxes_of"]

#: Values of all symbols but the last one, and the set of the last.
Row = tuple[tuple[int, ...], IntegerSet]


@dataclass(frozen=True)
class Boxes:
    """Alternatives that share no solution, in each of which every symbol has its own set."""

    symbols: tuple[Symbol, ...]
    boxes: tuple[tuple[IntegerSet, ...], ...]

    def rows(self, order: tuple[Symbol, ...], most: int) -> tuple[Row, ...] | None:
        """All choices for the symbols but the last one in this order, each with the set of the last; ``None`` if there are
        more than ``most`` of them, or no end of them.

        >>> x, y = Symbol("x"), Symbol("y")
        >>> few, more = IntegerSet.of(1, 2), IntegerSet.of(7)
        >>> [(outer, str(last)) for outer, last in Boxes((x, y), ((few, more), (more, few))).rows((x, y), 10)]
        [((1,), '{7}'), ((2,), '{7}'), ((7,), '{1, 2}')]
        """
        places = [self.symbols.index(symbol) for symbol in order]
        found: dict[tuple[int, ...], IntegerSet] = {}
        for box in self.boxes:
            *outer, last = (box[place] for place in places)
            sizes = [members.size for members in outer]
            if None in sizes or len(found) + prod(size or 0 for size in sizes) > most:
                return None
            if last.parts:
                for values in product(*outer):
                    found[values] = _joined(found[values], last) if values in found else last
        return tuple(sorted(found.items(), key=lambda row: row[0]))


def _joined(one: IntegerSet, two: IntegerSet) -> IntegerSet:
    """The members of both, which share none."""
    if one.size is None or two.size is None:
        return IntegerSet((*one.parts, *two.parts))
    return IntegerSet.of(*one, *two)


def boxes_of(symbols: tuple[Symbol, ...], rows: tuple[Row, ...]) -> Boxes:
    """The rows together that differ in one symbol only, for one symbol after the other from the last one.

    >>> x, y = Symbol("x"), Symbol("y")
    >>> few, more = IntegerSet.of(1, 2), IntegerSet.interval(7, None)
    >>> [[str(members) for members in box] for box in boxes_of((x, y), (((3,), few), ((4,), few), ((5,), more))).boxes]
    [['{3, 4}', '{1, 2}'], ['{5}', '{… ≥ 7}']]
    """
    boxes = [(*(IntegerSet.of(value) for value in outer), last) for outer, last in rows]
    for place in reversed(range(len(symbols) - 1)):
        together: dict[tuple[IntegerSet, ...], list[int]] = {}
        for box in boxes:
            together.setdefault((*box[:place], *box[place + 1 :]), []).extend(box[place])
        boxes = [(*rest[:place], IntegerSet.of(*values), *rest[place:]) for rest, values in together.items()]
    return Boxes(symbols, tuple(boxes))
