"""Finite answers in words: sets, lists of solutions, and what each solution drops."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from symnet.printing.names import group_digits
from symnet.printing.sets import membership
from symnet.solving.boxes import Boxes, boxes_of
from symnet.solving.chain import Answer, Listed
from symnet.solving.slopes import slanted
from symnet.terms.integer_sets import IntegerSet

__all__ = ["WHOLE", "Mark", "Told", "boxes_in", "cases_in", "listing", "values"]

#: Of more solutions, or more cases, than this the first ones are written.
WHOLE = 24
#: Cases are told where they are so many times fewer than the solutions.
SHORTER = 3
#: With more solutions than this those of equal parameters are not collected.
COLLECTED = 10_000

Mark = Callable[[Mapping[str, int]], str]


class Told(Protocol):
    """What a list of solutions needs to know of an answer."""

    @property
    def answer(self) -> Answer:
        """The answer as it was found."""

    @property
    def count(self) -> int | None:
        """How many solutions; ``None`` for no number of them."""

    @property
    def unknowns(self) -> tuple[str, ...]:
        """What is asked for."""

    @property
    def told(self) -> tuple[str, ...]:
        """The parameters whose numbers each solution tells."""

    @property
    def stride(self) -> str | None:
        """The one unknown that is the stride of windows."""

    def numeric(self) -> Iterator[dict[str, int]]:
        """The solutions in numeric order."""

    def rank(self, solution: Mapping[str, int]) -> tuple[int, ...]:
        """How unusual a solution is."""

    def usual(self, most: int) -> list[dict[str, int]]:
        """The most usual solutions."""


def values(solution: Mapping[str, int], told: tuple[str, ...] = ()) -> str:
    """``S = 2, P = 0``; the numbers of parameters are told as the condition that they are."""
    shown = [(name, f"{name} = {group_digits(value)}") for name, value in solution.items()]
    given = ", ".join(text for name, text in shown if name in told)
    return ", ".join(text for name, text in shown if name not in told) + (f", if {given}" if given else "")


def listing(found: Told, mark: Mark | None = None, *, whole: bool = False) -> str:
    """The solutions, the most usual first, each with its mark; sets where there is one unknown, or few cases with many
    values. The ``whole`` of several unknowns stands in numeric order.
    """
    listed = found.answer.found
    if not isinstance(listed, Listed):
        raise TypeError("a family is told by its conditions")
    if len(listed.unknowns) == 1:
        return membership(listed.unknowns[0].name, listed.rows[0][1])
    count = found.count
    if count == 0:
        names = ", ".join(found.unknowns)
        return f"({names}) ∈ ∅" if len(found.unknowns) > 1 else f"{names} ∈ ∅"
    if whole and count is not None:
        every = list(found.numeric())
        written = "; ".join(values(one, found.told) + (mark(one) if mark else "") for one in every)
        return f"{written}; … ({count:,} in all)" if len(every) < count else written
    several = cases_in(found)
    if several:
        return "; ".join(several[:WHOLE]) + (f"; … ({len(several):,} cases in all)" if len(several) > WHOLE else "")
    if found.told and mark is None and len(found.unknowns) == 1 and (count or 0) <= COLLECTED:
        shown = _collected(found)
    else:
        first = found.usual(WHOLE + 1)
        shown = [values(one, found.told) + (mark(one) if mark else "") for one in first]
    written = "; ".join(shown[:WHOLE])
    return f"{written}; … ({count:,} in all)" if len(shown) > WHOLE else written


def cases_in(found: Told) -> list[str]:
    """The answer case by case, the most usual first, where that is shorter than solution by solution: by what unknowns that move
    together do, or by each unknown's own values."""
    boxes = boxes_in(found)
    count = found.count
    told = [] if boxes is None else [_box(tuple(symbol.name for symbol in boxes.symbols), box) for box in boxes.boxes]
    if count is None or found.told or count > COLLECTED or len(told) == 1 or (not told and count <= WHOLE):
        return told
    fewer = [one.words for one in slanted(list(found.numeric()), found.stride, found.rank)]
    return fewer if fewer and (len(fewer) < len(told) or not told) else told


def boxes_in(found: Told) -> Boxes | None:
    """The answer case by case, the most usual case first, where that is shorter than solution by solution, or there is no end of
    them; every case gives each unknown its own values."""
    listed, count = found.answer.found, found.count
    if not isinstance(listed, Listed) or len(listed.unknowns) < 2 or found.told or count == 0:
        return None
    boxes = boxes_of(listed.unknowns, listed.rows)
    many = len(boxes.boxes)
    if count is not None and not (many <= WHOLE and (SHORTER * many <= count or count > WHOLE)):
        return None
    names = [symbol.name for symbol in listed.unknowns]
    places = [names.index(name) for name in (names if count is None else found.unknowns)]
    ordered = [tuple(box[place] for place in places) for box in boxes.boxes]

    def rank(box: tuple[IntegerSet, ...]) -> tuple[object, ...]:
        first = [next(iter(members)) for members in box]
        return *found.rank({names[place]: value for place, value in zip(places, first, strict=True)})[:2], first

    return Boxes(tuple(listed.unknowns[place] for place in places), tuple(sorted(ordered, key=rank)))


def _box(names: tuple[str, ...], box: tuple[IntegerSet, ...]) -> str:
    shown = []
    for name, members in zip(names, box, strict=True):
        alone = next(iter(members)) if members.size == 1 else None
        shown.append(membership(name, members) if alone is None else f"{name} = {group_digits(alone)}")
    return ", ".join(shown)


def _collected(found: Told) -> list[str]:
    """The values of the one unknown for each choice of the parameters."""
    [name] = found.unknowns
    collected: dict[tuple[int, ...], list[int]] = {}
    for one in found.numeric():
        collected.setdefault(tuple(one[letter] for letter in found.told), []).append(one[name])
    shown = []
    for chosen, members in sorted(collected.items()):
        given = ", ".join(f"{letter} = {group_digits(value)}" for letter, value in zip(found.told, chosen, strict=True))
        alone = len(members) == 1
        shown.append(
            f"{values({name: members[0]}) if alone else membership(name, IntegerSet.of(*members))}, if {given}"
        )
    return shown
