"""Pieces of the integers: arithmetic progressions with bounds."""

from __future__ import annotations

from math import gcd
from typing import NamedTuple

from symnet.terms.integer_sets import Progression

__all__ = ["Ends", "Piece", "between", "common", "ends", "inside", "refined"]

Ends = tuple[int | None, int | None]


class Piece(NamedTuple):
    """``x = modulus·t + residue`` for low ≤ t ≤ high; ``None`` means unbounded."""

    modulus: int
    residue: int
    low: int | None
    high: int | None


def ends(piece: Piece) -> Ends:
    """The first and the last x of a piece."""
    modulus, residue, low, high = piece
    return None if low is None else modulus * low + residue, None if high is None else modulus * high + residue


def inside(piece: Piece, residue: int, modulus: int, first: int | None, last: int | None) -> bool:
    """Whether all x of a piece are ``residue`` modulo ``modulus`` and lie between the ends."""
    start, stop = ends(piece)
    if piece.modulus % modulus and (start is None or start != stop):
        return False
    if ((piece.residue if start is None else start) - residue) % modulus:
        return False
    return (first is None or (start is not None and start >= first)) and (
        last is None or (stop is not None and stop <= last)
    )


def refined(piece: Piece, parts: int, j: int) -> Piece | None:
    """The part of the piece with t = parts·t' + j; ``None`` if it is empty."""
    modulus, residue, low, high = piece
    low = None if low is None else -((j - low) // parts)
    high = None if high is None else (high - j) // parts
    if low is not None and high is not None and low > high:
        return None
    return Piece(modulus * parts, residue + modulus * j, low, high)


def between(piece: Piece, low: int | None, high: int | None) -> Piece | None:
    """The part of a piece with low ≤ x ≤ high; ``None`` if it is empty.

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


def common(piece: Piece, part: Progression) -> Piece | None:
    """The part of a piece that lies in a progression; ``None`` if it is empty.

    >>> common(Piece(6, 1, 0, None), Progression(3, 4, 95, 99))
    >>> common(Piece(6, 1, 0, None), Progression(3, 4, 0, None))
    Piece(modulus=12, residue=7, low=0, high=None)
    """
    shared = gcd(piece.modulus, part.modulus)
    if (part.residue - piece.residue) % shared:
        return None
    cut = between(piece, part.minimum, part.maximum)
    period = part.modulus // shared
    if cut is None or period == 1:
        return cut
    j = (part.residue - piece.residue) // shared * pow(piece.modulus // shared, -1, period) % period
    return refined(cut, period, j)
