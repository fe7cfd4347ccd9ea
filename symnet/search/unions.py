"""Unions of progressions in readable form: disjoint, with as few parts as can be found cheaply."""

from __future__ import annotations

from collections.abc import Iterable
from math import lcm

from symnet.errors import KernelError
from symnet.search.pieces import Ends, Piece, ends
from symnet.terms.integer_sets import IntegerSet, Progression

__all__ = ["spread", "union"]

#: Finite parts with up to this many members are listed, and classes with different moduli are compared modulo numbers
#: up to this.
LISTED = 200_000


def spread(pieces: Iterable[Piece]) -> int:
    """The number of residue classes of a common modulus that the pieces make, up to ``LISTED``: the cost of their
    union.

    >>> spread([Piece(2, 0, 1, None), Piece(3, 1, 0, None)])
    5
    """
    moduli = [piece.modulus for piece in pieces]
    common = lcm(*moduli)
    return min(sum(common // modulus for modulus in moduli), LISTED)


def union(pieces: Iterable[Piece]) -> IntegerSet:
    """The members of all the pieces as one set. Raises :class:`KernelError` if the common modulus is out of reach.

    >>> print(union([Piece(2, 0, 1, None), Piece(2, 1, 0, None)]))
    {… ≥ 1}
    """
    listed: set[int] = set()
    classes: list[Piece] = []
    for piece in pieces:
        low, high = piece.low, piece.high
        if low is not None and low == high:
            listed.add(piece.modulus * low + piece.residue)
        else:
            classes.append(piece)
    common = lcm(*(piece.modulus for piece in classes))
    if len(classes) == 1 and not listed:
        (one,) = classes
        return IntegerSet.residue_class(one.residue, one.modulus, *ends(one))
    if sum(common // piece.modulus for piece in classes) > LISTED:
        raise KernelError(f"classes modulo {common} are out of reach (at most {LISTED:,})")
    runs: dict[int, list[Ends]] = {}
    for piece in classes:
        for residue in range(piece.residue % common, piece.residue % common + common, piece.modulus):
            runs.setdefault(residue % common, []).append(ends(piece))
    for value in sorted(listed):
        runs.setdefault(value % common, []).append((value, value))
    merged = {residue: _merged(found, residue, common) for residue, found in runs.items()}
    return _periodic({residue: found for residue, found in merged.items() if found}, common)


def _merged(found: list[Ends], residue: int, modulus: int) -> list[Ends]:
    """The runs of one residue class in order, with their ends made members and neighbours joined."""
    exact = [IntegerSet.residue_class(residue, modulus, *run).parts for run in found]
    ordered = sorted(((part[0].minimum, part[0].maximum) for part in exact if part), key=_start)
    joined: list[Ends] = []
    for low, high in ordered:
        if joined and (joined[-1][1] is None or low is None or low <= joined[-1][1] + modulus):
            before_low, before_high = joined.pop()
            high = None if before_high is None or high is None else max(before_high, high)
            low = before_low
        joined.append((low, high))
    return joined


def _start(run: Ends) -> tuple[bool, int]:
    return run[0] is not None, run[0] or 0


def _periodic(runs: dict[int, list[Ends]], modulus: int) -> IntegerSet:
    """Beyond some threshold the set is periodic: finds its least period there, and lists the members below the
    threshold.
    """
    if modulus == 1 or any(low is None for found in runs.values() for low, _ in found):
        return IntegerSet(
            tuple(
                part
                for residue, found in sorted(runs.items())
                for low, high in found
                for part in IntegerSet.residue_class(residue, modulus, low, high).parts
            )
        )
    endless = {residue: found[-1][0] for residue, found in runs.items() if found[-1][1] is None}
    finite = [(low, high, residue) for residue, found in runs.items() for low, high in found if high is not None]
    if sum((high - low) // modulus + 1 for low, high, _ in finite if low is not None and high is not None) > LISTED:
        return _swept(runs, modulus)
    members = {
        value
        for low, high, _ in finite
        if low is not None and high is not None
        for value in range(low, high + 1, modulus)
    }
    if not endless:
        return _listed(members)
    settled = max(low - modulus + 1 for low in endless.values() if low is not None)
    settled = max([settled, *(value + 1 for value in members)])
    if sum((settled - low) // modulus + 1 for low in endless.values() if low is not None) > LISTED:
        return _swept(runs, modulus)
    period = _period(set(endless), modulus)
    for low in endless.values():  # all members below the threshold
        if low is not None:
            members.update(range(low, settled, modulus))
    tails: list[Progression] = []
    for residue in sorted({residue % period for residue in endless}):
        start = settled + (residue - settled) % period
        while start - period in members:  # extend the class downwards as far as it has no gap
            start -= period
            members.remove(start)
        tails += IntegerSet.residue_class(residue, period, start, None).parts
    return IntegerSet((*_listed(members).parts, *tails))


def _swept(runs: dict[int, list[Ends]], modulus: int) -> IntegerSet:
    """The set by a sweep over all ends: between two of them the classes do not change. Short stretches are listed."""
    turns: dict[int, list[int]] = {}  # the classes that start or end at each number
    for residue, found in runs.items():
        for low, high in found:
            turns.setdefault(low or 0, []).append(residue)
            if high is not None:
                turns.setdefault(high + 1, []).append(residue)
    members: set[int] = set()
    longer: list[Progression] = []
    inside: set[int] = set()
    places = sorted(turns)
    for start, stop in zip(places, [*places[1:], None], strict=False):
        inside ^= set(turns[start])
        if len(members) + len(longer) + len(places) + len(inside) > LISTED:
            raise KernelError(f"a set of more than {LISTED:,} parts is out of reach")
        if stop is not None and stop - start <= 2 * modulus:
            members.update(x for r in inside for x in range(start + (r - start) % modulus, stop, modulus))
            continue
        period = _period(inside, modulus) if inside else 1
        for residue in sorted({residue % period for residue in inside}):
            first = start + (residue - start) % period
            last = None if stop is None else stop - 1 - (stop - 1 - residue) % period
            while first - period in members:
                first -= period
                members.remove(first)
            longer += IntegerSet.residue_class(residue, period, first, last).parts
    return IntegerSet(tuple(sorted((*_joined(longer, members), *(p for p in longer if p.modulus > 1)), key=_first)))


def _joined(longer: list[Progression], members: set[int]) -> list[Progression]:
    """Intervals and listed members together as intervals that do not touch."""
    pieces = [part for part in longer if part.modulus == 1]
    joined: list[Progression] = []
    for part in sorted((*pieces, *IntegerSet.of(*members).parts), key=_first):
        before = joined[-1] if joined else None
        if before is not None and before.maximum is not None and part.minimum == before.maximum + 1:
            joined[-1] = Progression(0, 1, before.minimum, part.maximum)
        else:
            joined.append(part)
    return joined


def _first(part: Progression) -> int:
    return part.minimum or 0


def _period(residues: set[int], modulus: int) -> int:
    """The least divisor of the modulus with which the residues repeat."""
    period, rest, prime = modulus, modulus, 2
    while rest > 1:
        if prime * prime > rest:
            prime = rest
        while rest % prime == 0:
            rest //= prime
            smaller = period // prime
            if len({residue % smaller for residue in residues}) * prime == len(
                {residue % period for residue in residues}
            ):
                period = smaller
        prime += 1
    return period


def _listed(members: set[int]) -> IntegerSet:
    """A finite set: a single progression if it is one with at least 4 members, else its runs."""
    ordered = sorted(members)
    if len(ordered) >= 4 and ordered[1] - ordered[0] > 1:
        step = ordered[1] - ordered[0]
        if ordered == list(range(ordered[0], ordered[-1] + 1, step)):
            return IntegerSet.residue_class(ordered[0], step, ordered[0], ordered[-1])
    return IntegerSet.of(*ordered)
