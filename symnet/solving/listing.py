"""Finite answers as text: sets, lists of solutions, cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from symnet.printing.names import group_digits
from symnet.printing.sets import membership
from symnet.solving.boxes import Boxes, boxes_of
from symnet.solving.chain import Answer, Listed
from symnet.solving.linear_relations import slanted
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import Symbol

__all__ = ["WHOLE", "FiniteAnswer", "Mark", "boxes_in", "cases_in", "listing", "values"]

#: At most so many solutions, or cases, are written out.
WHOLE = 24
#: Cases are listed instead of solutions if there are so many times fewer of them.
SHORTER = 3
#: With more solutions than this, those with equal parameters are not grouped.
COLLECTED = 10_000

Mark = Callable[[Mapping[str, int]], str]


class FiniteAnswer(Protocol):
    """The properties of an answer that a listing uses."""

    @property
    def answer(self) -> Answer:
        """The answer as data."""

    @property
    def count(self) -> int | None:
        """The number of solutions; ``None`` if it is not finite."""

    @property
    def unknowns(self) -> tuple[str, ...]:
        """The names of the unknowns."""

    @property
    def listed_parameters(self) -> tuple[str, ...]:
        """The parameters whose values are part of each listed solution."""

    @property
    def stride(self) -> str | None:
        """The unknown that is the stride of a window, if exactly one is."""

    def numeric(self) -> Iterator[dict[str, int]]:
        """The solutions in numeric order."""

    def rank(self, solution: Mapping[str, int]) -> tuple[int, ...]:
        """How unusual a solution is; smaller is more usual."""

    def usual(self, most: int) -> list[dict[str, int]]:
        """The most usual solutions."""


def values(solution: Mapping[str, int], parameters: tuple[str, ...] = ()) -> str:
    """A solution in words: ``S = 2, P = 0``, and the values of ``parameters`` as conditions: ``…, if C = 3``."""
    equations = [(name, f"{name} = {group_digits(value)}") for name, value in solution.items()]
    conditions = ", ".join(text for name, text in equations if name in parameters)
    return ", ".join(text for name, text in equations if name not in parameters) + (
        f", if {conditions}" if conditions else ""
    )


def listing(answer: FiniteAnswer, mark: Mark | None = None, *, whole: bool = False) -> str:
    """The solutions in words, the most usual first, each followed by ``mark(solution)``; as sets for a single unknown,
    or if there are few cases with many values. With ``whole``, solutions of several unknowns are listed in numeric
    order.
    """
    solutions = answer.answer.solution_set
    if not isinstance(solutions, Listed):
        raise TypeError("a family is told by its conditions")
    if len(solutions.unknowns) == 1:
        return membership(solutions.unknowns[0].name, solutions.rows[0][1])
    count = answer.count
    if count == 0:
        names = ", ".join(answer.unknowns)
        return f"({names}) ∈ ∅" if len(answer.unknowns) > 1 else f"{names} ∈ ∅"
    if whole and count is not None:
        every = list(answer.numeric())
        written = "; ".join(values(one, answer.listed_parameters) + (mark(one) if mark else "") for one in every)
        return f"{written}; … ({count:,} in all)" if len(every) < count else written
    several = cases_in(answer)
    if several:
        shared = _same_in_all(boxes_in(answer)) if len(several) > 1 else ""
        more = f"; … ({len(several):,} cases in all)" if len(several) > WHOLE else ""
        return "; ".join(several[:WHOLE]) + more + (f"; each with {shared}" if shared else "")
    if answer.listed_parameters and mark is None and len(answer.unknowns) == 1 and (count or 0) <= COLLECTED:
        shown = _collected(answer)
    else:
        first = answer.usual(WHOLE + 1)
        shown = [values(one, answer.listed_parameters) + (mark(one) if mark else "") for one in first]
    written = "; ".join(shown[:WHOLE])
    return f"{written}; … ({count:,} in all)" if len(shown) > WHOLE else written


def cases_in(answer: FiniteAnswer) -> list[str]:
    """The answer case by case, the most usual first, if that is shorter than listing solutions: by a linear relation
    between two unknowns, or by a set for each unknown. Empty if it is not shorter.
    """
    boxes = boxes_in(answer)
    count = answer.count
    lines = [] if boxes is None else [_box(_differing(boxes), boxes.symbols, box) for box in boxes.boxes]
    if (
        count is None
        or answer.listed_parameters
        or count > COLLECTED
        or len(lines) == 1
        or (not lines and count <= WHOLE)
    ):
        return lines
    fewer = [one.words for one in slanted(list(answer.numeric()), answer.stride, answer.rank)]
    return fewer if fewer and (len(fewer) < len(lines) or not lines) else lines


def boxes_in(answer: FiniteAnswer) -> Boxes | None:
    """The answer as boxes, the most usual first, if that is shorter than listing solutions or there are infinitely
    many; else ``None``.
    """
    solutions, count = answer.answer.solution_set, answer.count
    if not isinstance(solutions, Listed) or len(solutions.unknowns) < 2 or answer.listed_parameters or count == 0:
        return None
    boxes = boxes_of(solutions.unknowns, solutions.rows)
    many = len(boxes.boxes)
    if count is not None and not (many <= WHOLE and (SHORTER * many <= count or count > WHOLE)):
        return None
    names = [symbol.name for symbol in solutions.unknowns]
    told = names
    if {*names} == {*answer.unknowns}:  # what has infinitely many values last
        infinite = {
            name for box in boxes.boxes for name, members in zip(names, box, strict=True) if members.size is None
        }
        told = sorted(answer.unknowns, key=lambda name: name in infinite)
    indices = [names.index(name) for name in told]
    ordered = [tuple(box[index] for index in indices) for box in boxes.boxes]

    def rank(box: tuple[IntegerSet, ...]) -> tuple[object, ...]:
        first = [next(iter(members)) for members in box]
        return *answer.rank({names[index]: value for index, value in zip(indices, first, strict=True)}), first

    return Boxes(tuple(solutions.unknowns[index] for index in indices), tuple(sorted(ordered, key=rank)))


def _differing(boxes: Boxes) -> list[Symbol]:
    """The symbols whose set is not the same in every box; all of them if there is one box only."""
    alone = len(boxes.boxes) == 1
    return [
        symbol
        for symbol, sets in zip(boxes.symbols, zip(*boxes.boxes, strict=True), strict=True)
        if alone or len(set(sets)) > 1
    ]


def _same_in_all(boxes: Boxes | None) -> str:
    """The sets that are the same in every box, which are told once."""
    if boxes is None:
        return ""
    differing = _differing(boxes)
    return _box([symbol for symbol in boxes.symbols if symbol not in differing], boxes.symbols, boxes.boxes[0])


def _box(told: list[Symbol], symbols: tuple[Symbol, ...], box: tuple[IntegerSet, ...]) -> str:
    shown = []
    for name, members in [(one.name, members) for one, members in zip(symbols, box, strict=True) if one in told]:
        alone = next(iter(members)) if members.size == 1 else None
        shown.append(membership(name, members) if alone is None else f"{name} = {group_digits(alone)}")
    return ", ".join(shown)


def _collected(answer: FiniteAnswer) -> list[str]:
    """The values of the one unknown for each choice of the parameters."""
    [name] = answer.unknowns
    collected: dict[tuple[int, ...], list[int]] = {}
    for one in answer.numeric():
        collected.setdefault(tuple(one[letter] for letter in answer.listed_parameters), []).append(one[name])
    shown = []
    for chosen, members in sorted(collected.items()):
        conditions = ", ".join(
            f"{letter} = {group_digits(value)}" for letter, value in zip(answer.listed_parameters, chosen, strict=True)
        )
        alone = len(members) == 1
        shown.append(
            f"{values({name: members[0]}) if alone else membership(name, IntegerSet.of(*members))}, if {conditions}"
        )
    return shown
