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

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import count
from typing import NamedTuple

from symnet.errors import TermError

__all__ = ["IntegerSet", "Progression"]


class Progression(NamedTuple):
    """``{x : x ≡ residue (mod modulus), minimum ≤ x ≤ maximum}``; the ends belong to it, ``None`` is no end."""

    residue: int
    modulus: int
    minimum: int | None
    maximum: int | None

    def __contains__(self, value: object) -> bool:
        return (
            isinstance(value, int)
            and (value - self.residue) % self.modulus == 0
            and (self.minimum is None or value >= self.minimum)
            and (self.maximum is None or value <= self.maximum)
        )

    @property
    def size(self) -> int | None:
        """How many members, ``None`` for infinitely many."""
        if self.minimum is None or self.maximum is None:
            return None
        return max(0, (self.maximum - self.minimum) // self.modulus + 1)


def _progression(residue: int, modulus: int, minimum: int | None, maximum: int | None) -> Progression | None:
    """In canonical form: ends are members, 0 ≤ residue < modulus; ``None`` when empty; a single member has modulus 1."""
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


def _canonical(part: object) -> bool:
    """These very classes: a subclass could contain anything."""
    return (
        type(part) is Progression
        and all(type(number) is int for number in part[:2])
        and all(end is None or type(end) is int for end in part[2:])
        and part.modulus >= 1
        and _progression(*part) == part
    )


@dataclass(frozen=True)
class IntegerSet:
    """A union of progressions that share no member, in canonical order."""

    parts: tuple[Progression, ...]

    def __post_init__(self) -> None:
        if type(self.parts) is not tuple or not all(map(_canonical, self.parts)):
            raise TermError(f"not progressions in canonical form: {self.parts!r:.80}")

    @classmethod
    def of(cls, *members: int) -> IntegerSet:
        """A finite set. Runs of neighbours become intervals, so equal sets are equal objects."""
        parts: list[Progression] = []
        for value in sorted(set(members)):
            if parts and parts[-1].maximum == value - 1:
                parts[-1] = Progression(0, 1, parts[-1].minimum, value)
            else:
                parts.append(Progression(0, 1, value, value))
        return cls(tuple(parts))

    @classmethod
    def interval(cls, minimum: int | None, maximum: int | None) -> IntegerSet:
        """All integers from ``minimum`` to ``maximum``."""
        return cls.residue_class(0, 1, minimum, maximum)

    @classmethod
    def residue_class(
        cls, residue: int, modulus: int, minimum: int | None = None, maximum: int | None = None
    ) -> IntegerSet:
        """``{x ≡ residue (mod modulus)}`` between the ends."""
        part = _progression(residue, modulus, minimum, maximum)
        return cls((part,) if part else ())

    def __contains__(self, value: object) -> bool:
        return any(value in part for part in self.parts)

    @property
    def size(self) -> int | None:
        """How many members, ``None`` for infinitely many."""
        sizes = [part.size for part in self.parts]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    def __iter__(self) -> Iterator[int]:
        """The members from the smallest up; infinite sets need a smallest member."""
        if any(part.minimum is None for part in self.parts):
            raise TermError("a set without a smallest member cannot be listed")
        return merge(*(_members(part) for part in self.parts))

    def __str__(self) -> str:
        if not self.parts:
            return "∅"
        if self.size is not None and self.size <= 24:
            return "{" + ", ".join(map(str, self)) + "}"
        return " ∪ ".join(_describe(part) for part in self.parts)


def _members(part: Progression) -> Iterator[int]:
    if part.maximum is None:
        return count(part.minimum or 0, part.modulus)
    return iter(range(part.minimum or 0, part.maximum + 1, part.modulus))


def _describe(part: Progression) -> str:
    residue, modulus, minimum, maximum = part
    if modulus == 1:
        if minimum is None:
            return "ℤ" if maximum is None else f"{{… ≤ {maximum}}}"
        return f"{{… ≥ {minimum}}}" if maximum is None else f"{minimum}..{maximum}"
    ends = [f"≥ {minimum}"] * (minimum is not None) + [f"≤ {maximum}"] * (maximum is not None)
    return "{" + ", ".join([f"… ≡ {residue} (mod {modulus})", *ends]) + "}"
