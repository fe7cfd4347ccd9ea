"""Many solutions in which two unknowns are linearly related, such as kernel and padding: S = 4: F − 2·P ∈ 1..4, P ∈
0..3.

One by one these are sixteen solutions, as boxes four. The relation is read off the list of solutions and then checked:
the set it describes must be exactly the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from symnet.printing.names import group_digits
from symnet.printing.sets import membership
from symnet.terms.integer_sets import IntegerSet

__all__ = ["Slanted", "slanted"]

#: The slopes a of relations F − a·P ∈ set that are tried.
SLOPES = (2, 1, -1, -2)

#: A solution, by the names of its unknowns.
Point = Mapping[str, int]


@dataclass(frozen=True)
class Slanted:
    """All solutions with the same stride, in words; ``first`` is the rank of the most usual one."""

    words: str
    first: tuple[object, ...]


def slanted(
    points: list[dict[str, int]], leading: str | None, rank: Callable[[Point], tuple[int, ...]]
) -> list[Slanted]:
    """The solutions of two unknowns, or of three with the stride ``leading``, one line per stride, the most usual
    first; empty if a group has no such relation.

    >>> points = [{"F": 2 * p + u, "S": 2, "P": p} for p in range(4) for u in (1, 2)]
    >>> [one.words for one in slanted(points, "S", lambda point: (point["P"],))]
    ['S = 2: F − 2·P ∈ {1, 2}, P ∈ 0..3']
    """
    groups: dict[int | None, list[dict[str, int]]] = {}
    for point in points:
        groups.setdefault(None if leading is None else point[leading], []).append(point)
    lines: list[Slanted] = []
    for value, group in groups.items():
        names = [name for name in group[0] if name != leading]
        words = _group_text(names, group) if len(names) == 2 else None
        if words is None:
            return []
        lead = f"{leading} = {group_digits(value)}: " if value is not None else ""
        best = min((*rank(point), *point.values()) for point in group)
        lines.append(Slanted(lead + words, best))
    return sorted(lines, key=lambda one: one.first)


def _group_text(names: list[str], group: list[dict[str, int]]) -> str | None:
    """One group in words: as sets of the two unknowns, or by a linear relation; ``None`` if there is neither."""
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
        relation = f"{one} = {'−' if slope < 0 else ''}{times}{two}{shift}"
    else:
        relation = membership(f"{one} {'−' if slope > 0 else '+'} {times}{two}", IntegerSet.of(*differences))
    return ", ".join([relation, _values(two, seconds), *ends])


def _values(name: str, members: Iterable[int]) -> str:
    several = sorted(members)
    return f"{name} = {group_digits(several[0])}" if len(several) == 1 else membership(name, IntegerSet.of(*several))
