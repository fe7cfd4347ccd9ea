"""Pieces of the integers: progressions between two ends."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Ends", "Piece", "between", "ends", "inside", "refined"]

Ends = tuple[int | None, int | None]


class Piece(NamedTuple):
    """``x = modulus·t + residue`` for low ≤ t ≤ high; an end that is ``None`` is open."""

    modulus: int
    residue: int
    low: int | None
    high: int | None


def ends(piece: Piece) -> Ends:
    """The first and the last x of a piece."""
    modulus, residue, low, high = piece
    return None if low is None else modulus * low + residue, None if high is None else modulus * high + residue


def inside(piece: Piece, other: Piece) -> bool:
    """Whether all x of a piece are x of the other one."""
    if piece.modulus % other.modulus or (piece.residue - other.residue) % other.modulus:
        return False
    start, stop = ends(piece)
    first, last = ends(other)
    return (first is None or (start is not None and start >= first)) and (
        last is None or (stop is not None and stop <= last)
    )


def refined(piece: Piece, parts: int, j: int) -> Piece | None:
    """The piece at t = parts·t' + j."""
    modulus, residue, low, high = piece
    low = None if low is None else -((j - low) // parts)
    high = None if high is None else (high - j) // parts
    if low is not None and high is not None and low > high:
        return None
    return Piece(modulus * parts, residue + modulus * j, low, high)


def between(piece: Piece, low: int | None, high: int | None) -> Piece | None:
    """The part of a piece with low ≤ x ≤ high.

    >>> between(Piece(10, 3, 0, None), 20, 99)
    Piece(modulus=10, residue=3, low=2, high=9)
    """
    modulus, residue, first, last = piece
    if low is not None:
        start = -((residue - low) // modulus)
        first = start if first is None else max(first, start)
    if high is not None:
        stop = (high - residue) // modulus
        last = stop if last is None else min(last, stop)
    return None if first is not None and last is not None and first > last else Piece(modulus, residue, first, last)
