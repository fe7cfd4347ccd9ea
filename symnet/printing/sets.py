"""How a set of integers is read: runs listed with dots, residue classes described, the rest a union of both.

Shared by the notations that have braces; plain text uses ``str`` of the set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from symnet.terms.integer_sets import IntegerSet, Progression

__all__ = ["Braces", "write_set"]

#: A finite residue class of at most this many members is listed.
LISTED = 8


class Braces(NamedTuple):
    """The signs of one notation."""

    numeral: Callable[[int], str]
    listed: Callable[[str], str]  # the members in braces
    such_that: Callable[[list[str]], str]  # {x : conditions}
    congruent: Callable[[str, str], str]  # x ≡ residue (mod modulus)
    at_least: Callable[[str], str]
    at_most: Callable[[str], str]
    comma: str
    dots: str
    union: str
    empty: str
    integers: str


def write_set(members: IntegerSet, braces: Braces) -> str:
    """A set of integers in one notation."""
    numbers: list[str] = []
    described: list[str] = []
    for part in members.parts:
        listing = _listing(part, braces)
        if listing:
            numbers += listing
        else:
            described.append(_description(part, braces))
    alternatives = [braces.listed(braces.comma.join(numbers))] * bool(numbers) + described
    return braces.union.join(alternatives) or braces.empty


def _listing(part: Progression, braces: Braces) -> list[str]:
    """The members as far as it takes to see them all, or nothing."""
    size, (_, modulus, first, last) = part.size, part
    if size is None or first is None or last is None or (modulus > 1 and size > LISTED):
        return []
    if modulus == 1 and size > 3:
        return [braces.numeral(first), braces.dots, braces.numeral(last)]
    return [braces.numeral(member) for member in range(first, last + 1, modulus)]


def _description(part: Progression, braces: Braces) -> str:
    residue, modulus, first, last = part
    conditions: list[str] = []
    if modulus > 1:
        conditions.append(braces.congruent(braces.numeral(residue), braces.numeral(modulus)))
    if first is not None:
        conditions.append(braces.at_least(braces.numeral(first)))
    if last is not None:
        conditions.append(braces.at_most(braces.numeral(last)))
    return braces.such_that(conditions) if conditions else braces.integers
