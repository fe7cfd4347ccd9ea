"""Pieces of the integers that a certificate speaks of, and what an answer has of them."""

from __future__ import annotations

from typing import NamedTuple

from symnet.terms.integer_sets import Progression, met, progression

__all__ = ["Members", "Piece", "dealt_by_remainder", "meeting"]

#: Progressions that together are what the answer has of a piece.
Members = tuple[Progression, ...]


class Piece(NamedTuple):
    """``x = modulus·t + residue`` for low ≤ t ≤ high; an end that is ``None`` is open."""

    modulus: int
    residue: int
    low: int | None
    high: int | None

    def of_class(self, k: int, j: int) -> Piece:
        """What has t = k·t′ + j."""
        low = None if self.low is None else -((j - self.low) // k)
        return Piece(
            self.modulus * k, self.residue + self.modulus * j, low, None if self.high is None else (self.high - j) // k
        )

    def members(self) -> Progression | None:
        """All its x; ``None`` where there are none."""
        modulus, residue, low, high = self
        first, last = [None if end is None else modulus * end + residue for end in (low, high)]
        return progression(residue, modulus, first, last)


def dealt_by_remainder(members: Members, modulus: int) -> dict[int | None, list[Progression]]:
    """Claimed progressions by the only remainder that they can have; ``None`` where it may be any."""
    dealt: dict[int | None, list[Progression]] = {}
    for part in members:
        alike = part.modulus % modulus == 0
        dealt.setdefault(part.residue % modulus if alike else None, []).append(part)
    return dealt


def meeting(members: Members, piece: Progression | None) -> Members:
    """What the claimed progressions have in a piece."""
    return tuple([common for part in members if piece is not None and (common := met(part, piece)) is not None])
