"""Concrete sets of integers: finite lists, intervals, half-lines, residue classes, and unions of those.

A set is a union of disjoint progressions ``{first, first + step, …, last}``; an end that is ``None`` is open.

>>> print(IntegerSet.of(3, 4))
{3, 4}
>>> print(IntegerSet.residue_class(12, 16, 188, None))
{… ≡ 12 (mod 16), ≥ 188}
>>> 204 in IntegerSet.residue_class(12, 16, 188, None)
True
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import NamedTuple

from symnet.errors import TermError
from symnet.terms.intervals import narrower
from symnet.terms.listed_sets import ListedSet

__all__ = ["IntegerSet", "Members", "Progression", "dealt_by_remainder", "meeting", "met", "progression"]


class Progression(NamedTuple):
    """``{x : x ≡ residue (mod modulus), minimum ≤ x ≤ maximum}``; an end that is ``None`` is open."""

    residue: int
    modulus: int
    minimum: int | None
    maximum: int | None


def progression(residue: int, modulus: int, minimum: int | None, maximum: int | None) -> Progression | None:
    """A progression in canonical form (ends are members, 0 ≤ residue < modulus, a single member has modulus 1);
    ``None`` if it is empty.
    """
    if modulus < 1:
        raise TermError(f"the modulus of a residue class must be at least 1, got {modulus}")
    residue %= modulus
    if minimum is not None:
        minimum += (residue - minimum) % modulus
    if maximum is not None:
        maximum -= (maximum - residue) % modulus
    if minimum is not None and maximum is not None:
        if minimum > maximum:
            return None
        if minimum == maximum:
            return Progression(0, 1, minimum, maximum)
    return Progression(residue, modulus, minimum, maximum)


def met(one: Progression, two: Progression) -> Progression | None:
    """The members of both progressions.

    >>> met(Progression(1, 6, 7, None), Progression(3, 4, 7, 99))
    Progression(residue=7, modulus=12, minimum=7, maximum=91)
    """
    low, high = narrower(one[2:], two[2:])
    shared = gcd(one.modulus, two.modulus)
    apart = two.residue - one.residue
    if (low is not None and high is not None and low > high) or apart % shared:
        return None
    period = two.modulus // shared
    steps = apart // shared * pow(one.modulus // shared, -1, period) % period
    return progression(one.residue + one.modulus * steps, one.modulus * period, low, high)


#: Progressions that together are a set.
Members = tuple[Progression, ...]


def dealt_by_remainder(members: Members, modulus: int) -> dict[int | None, list[Progression]]:
    """Progressions by the only remainder that they can have; ``None`` where it may be any."""
    dealt: dict[int | None, list[Progression]] = {}
    for part in members:
        alike = part.modulus % modulus == 0
        dealt.setdefault(part.residue % modulus if alike else None, []).append(part)
    return dealt


def meeting(members: Members, other: Progression | None) -> Members:
    """What these progressions have in another one; ``None`` is the empty one."""
    return tuple([common for part in members if other is not None and (common := met(part, other)) is not None])


def _canonical(part: object) -> bool:
    """Whether a part is a canonical progression of exactly these classes: a subclass could override membership."""
    return (
        type(part) is Progression
        and all(type(number) is int for number in part[:2])
        and all(end is None or type(end) is int for end in part[2:])
        and part.modulus >= 1
        and progression(*part) == part
    )


@dataclass(frozen=True)
class IntegerSet(ListedSet):
    """A union of disjoint progressions in canonical order. :class:`ListedSet` has membership, iteration and text."""

    parts: tuple[Progression, ...]

    def __post_init__(self) -> None:
        if type(self.parts) is not tuple or not all(map(_canonical, self.parts)):
            raise TermError(f"not progressions in canonical form: {self.parts!r:.80}")

    @classmethod
    def residue_class(
        cls, residue: int, modulus: int, minimum: int | None = None, maximum: int | None = None
    ) -> IntegerSet:
        """``{x ≡ residue (mod modulus)}`` between the ends."""
        part = progression(residue, modulus, minimum, maximum)
        return cls((part,) if part else ())
