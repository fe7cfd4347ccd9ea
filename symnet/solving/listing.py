"""Finite answers in words: sets, lists of solutions, and what each solution drops."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from symnet.printing.names import group_digits
from symnet.printing.sets import membership
from symnet.solving.chain import Answer, Listed
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import Symbol

__all__ = ["WHOLE", "Mark", "Told", "in_rows", "listing", "values"]

#: Of more solutions, or more cases, than this the first ones are written.
WHOLE = 24
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

    def numeric(self) -> Iterator[dict[str, int]]:
        """The solutions in numeric order."""

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
    if not found.told and in_rows(found):
        return "; ".join(_row(listed.unknowns, outer, members) for outer, members in listed.rows)
    if found.told and mark is None and len(found.unknowns) == 1 and (count or 0) <= COLLECTED:
        shown = _collected(found)
    else:
        first = found.usual(WHOLE + 1)
        shown = [values(one, found.told) + (mark(one) if mark else "") for one in first]
    written = "; ".join(shown[:WHOLE])
    return f"{written}; … ({count:,} in all)" if len(shown) > WHOLE else written


def in_rows(found: Told) -> bool:
    """Whether a finite answer is told case by case, or an infinite one."""
    listed = found.answer.found
    count = found.count
    return isinstance(listed, Listed) and (count is None or len(listed.rows) <= WHOLE < count)


def _row(symbols: tuple[Symbol, ...], outer: tuple[int, ...], members: IntegerSet) -> str:
    chosen = [f"{symbol.name} = {group_digits(value)}" for symbol, value in zip(symbols, outer, strict=False)]
    return ", ".join([*chosen, membership(symbols[-1].name, members)])


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
