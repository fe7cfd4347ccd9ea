"""Membership, construction from members, iteration and text of sets. Nothing here is trusted: the kernel looks at the progressions
of which an :class:`~symnet.terms.integer_sets.IntegerSet` is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import count
from typing import Protocol, TypeVar

from symnet.errors import TermError

__all__ = ["ListedSet", "count_of", "has"]

L = TypeVar("L", bound="ListedSet")


class _Part(Protocol):
    """The attributes of a progression."""

    @property
    def residue(self) -> int: ...
    @property
    def modulus(self) -> int: ...
    @property
    def minimum(self) -> int | None: ...
    @property
    def maximum(self) -> int | None: ...


def count_of(part: _Part) -> int | None:
    """The number of members of a progression; ``None`` if it is infinite."""
    if part.minimum is None or part.maximum is None:
        return None
    return max(0, (part.maximum - part.minimum) // part.modulus + 1)


def has(part: _Part, value: object) -> bool:
    """Whether a value is one of a progression."""
    return (
        isinstance(value, int)
        and (value - part.residue) % part.modulus == 0
        and (part.minimum is None or value >= part.minimum)
        and (part.maximum is None or value <= part.maximum)
    )


class ListedSet:
    """What a union of disjoint progressions offers besides membership."""

    parts: tuple[_Part, ...]

    def __init__(self, parts: tuple[_Part, ...]) -> None:
        raise NotImplementedError

    @classmethod
    def residue_class(
        cls: type[L], residue: int, modulus: int, minimum: int | None = None, maximum: int | None = None
    ) -> L:
        """``{x ≡ residue (mod modulus)}`` from ``minimum`` to ``maximum``."""
        raise NotImplementedError

    @classmethod
    def of(cls: type[L], *members: int) -> L:
        """A finite set. Runs of neighbours become intervals, so that equal sets are equal objects."""
        runs: list[tuple[int, int]] = []
        for value in sorted(set(members)):
            if runs and runs[-1][1] == value - 1:
                runs[-1] = runs[-1][0], value
            else:
                runs.append((value, value))
        return cls(tuple([part for first, last in runs for part in cls.interval(first, last).parts]))

    @classmethod
    def interval(cls: type[L], minimum: int | None, maximum: int | None) -> L:
        """All integers from ``minimum`` to ``maximum``."""
        return cls.residue_class(0, 1, minimum, maximum)

    @property
    def size(self) -> int | None:
        """The number of members; ``None`` if it is infinite."""
        sizes = [count_of(part) for part in self.parts]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    def __contains__(self, value: object) -> bool:
        return any(has(part, value) for part in self.parts)

    def __iter__(self) -> Iterator[int]:
        """The members in increasing order. Raises :class:`TermError` for a set without a least member."""
        if any(part.minimum is None for part in self.parts):
            raise TermError("a set without a smallest member cannot be listed")
        return merge(*(_members(part) for part in self.parts))

    def __str__(self) -> str:
        if not self.parts:
            return "∅"
        if self.size is not None and self.size <= 24:
            return "{" + ", ".join(map(str, self)) + "}"
        return " ∪ ".join(_describe(part) for part in self.parts)


def _members(part: _Part) -> Iterator[int]:
    if part.maximum is None:
        return count(part.minimum or 0, part.modulus)
    return iter(range(part.minimum or 0, part.maximum + 1, part.modulus))


def _describe(part: _Part) -> str:
    residue, modulus, minimum, maximum = part.residue, part.modulus, part.minimum, part.maximum
    if modulus == 1:
        if minimum is None:
            return "ℤ" if maximum is None else f"{{… ≤ {maximum}}}"
        return f"{{… ≥ {minimum}}}" if maximum is None else f"{minimum}..{maximum}"
    ends = [f"≥ {minimum}"] * (minimum is not None) + [f"≤ {maximum}"] * (maximum is not None)
    return "{" + ", ".join([f"… ≡ {residue} (mod {modulus})", *ends]) + "}"
