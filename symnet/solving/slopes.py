"""Many solutions in which two unknowns move together, as kernel and padding do: S = 4: F − 2·P ∈ 1..4, P ∈ 0..3.

Solution by solution these are sixteen, and box by box four. They are read off the list, and it is made sure that they are the list:
all that the words allow is counted out and must be what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from symnet.printing.names import group_digits
from symnet.printing.sets import membership
from symnet.terms.integer_sets import IntegerSet

__all__ = ["Slanted", "slanted"]

#: How the two unknowns move: F − 2·P is the same, or another difference.
SLOPES = (2, 1, -1, -2)

#: A solution of several unknowns, by the names of these.
Point = Mapping[str, int]


@dataclass(frozen=True)
class Slanted:
    """All solutions with the same values of the other unknowns, in words; ``first`` is the most usual one's rank."""

    words: str
    first: tuple[object, ...]


def slanted(
    points: list[dict[str, int]], leading: str | None, rank: Callable[[Point], tuple[int, ...]]
) -> list[Slanted]:
    """The solutions of two unknowns, or of three with a stride that leads, each group in words, the most usual first; nothing where
    some group is not like this.

    >>> points = [{"F": 2 * p + u, "S": 2, "P": p} for p in range(4) for u in (1, 2)]
    >>> [one.words for one in slanted(points, "S", lambda point: (point["P"],))]
    ['S = 2: F − 2·P ∈ {1, 2}, P ∈ 0..3']
    """
    groups: dict[int | None, list[dict[str, int]]] = {}
    for point in points:
        groups.setdefault(None if leading is None else point[leading], []).append(point)
    found: list[Slanted] = []
    for value, group in groups.items():
        names = [name for name in group[0] if name != leading]
        words = _moving(names, group) if len(names) == 2 else None
        if words is None:
            return []
        lead = f"{leading} = {group_digits(value)}: " if value is not None else ""
        best = min((*rank(point), *point.values()) for point in group)
        found.append(Slanted(lead + words, best))
    return sorted(found, key=lambda one: one.first)


def _moving(names: list[str], group: list[dict[str, int]]) -> str | None:
    """The words for one group: by a difference, or as sets of their own."""
    for one, two in (names, names[::-1]):
        pairs = {(point[one], point[two]) for point in group}
        apart = {first for first, _ in pairs}, {second for _, second in pairs}
        if len(pairs) == len(apart[0]) * len(apart[1]):
            return ", ".join(_values(name, members) for name, members in zip((one, two), apart, strict=True))
        for slope in SLOPES:
            words = _by_slope(one, two, slope, pairs)
            if words is not None:
                return words
    return None


def _by_slope(one: str, two: str, slope: int, pairs: set[tuple[int, int]]) -> str | None:
    differences = {first - slope * second for first, second in pairs}
    seconds = {second for _, second in pairs}
    low, high = min(first for first, _ in pairs), max(first for first, _ in pairs)
    if len(differences) * len(seconds) > 4 * len(pairs) + 16:
        return None
    every = {(gap + slope * second, second) for gap in differences for second in seconds}
    within = {pair for pair in every if low <= pair[0] <= high}
    if within != pairs or 2 * len(differences) > len(pairs):
        return None
    ends = [f"{one} ≥ {group_digits(low)}"] if any(first < low for first, _ in every) and low > 1 else []
    ends += [f"{one} ≤ {group_digits(high)}"] if any(first > high for first, _ in every) else []
    times = "" if abs(slope) == 1 else f"{abs(slope)}·"
    if len(differences) == 1:
        [gap] = differences
        shift = f" {'+' if gap > 0 else '−'} {group_digits(abs(gap))}" if gap else ""
        told = f"{one} = {'−' if slope < 0 else ''}{times}{two}{shift}"
    else:
        told = membership(f"{one} {'−' if slope > 0 else '+'} {times}{two}", IntegerSet.of(*differences))
    return ", ".join([told, _values(two, seconds), *ends])


def _values(name: str, members: Iterable[int]) -> str:
    several = sorted(members)
    return f"{name} = {group_digits(several[0])}" if len(several) == 1 else membership(name, IntegerSet.of(*several))
