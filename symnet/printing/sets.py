"""Writes sets of integers: runs are listed with dots, residue classes described, and the rest is a union of both.

:func:`write_set` serves the notations with braces, :func:`write_relation` and :func:`membership` write that something is a member.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from symnet.printing.names import group_digits
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.listed_sets import count_of

__all__ = ["Braces", "membership", "write_relation", "write_set"]

#: A finite residue class of at most this many members is listed.
LISTED = 8

#: A finite set of at most this many scattered members is listed in full.
SCATTERED = 24


class Braces(NamedTuple):
    """The table of how one notation writes the parts of a set; functions get written parts."""

    numeral: Callable[[int], str]
    listed: Callable[[str], str]  # the members in braces
    such_that: Callable[[list[str]], str]  # {x : conditions}
    letter: str  # x
    congruent: Callable[[str, str, str], str]  # name ≡ residue (mod modulus)
    at_least: Callable[[str, str], str]  # name ≥ bound
    at_most: Callable[[str, str], str]
    comma: str
    between: str  # two conditions
    dots: str
    union: str
    empty: str
    integers: str


def write_set(members: IntegerSet, braces: Braces) -> str:
    """A set of integers in the notation of ``braces``."""
    numbers: list[str] = []
    described: list[str] = []
    for part in members.parts:
        listing = _listing(part, braces)
        if listing:
            numbers += listing
        else:
            conditions = _conditions(braces.letter, part, braces)
            described.append(braces.such_that(conditions) if conditions else braces.integers)
    alternatives = [braces.listed(braces.comma.join(numbers))] * bool(numbers) + described
    return braces.union.join(alternatives) or braces.empty


def _listing(part: Progression, braces: Braces) -> list[str]:
    """The members, with dots for a run; empty if the part is better described than listed."""
    size, (_, modulus, first, last) = count_of(part), part
    if size is None or first is None or last is None or (modulus > 1 and size > LISTED):
        return []
    if modulus == 1 and size > 3:
        return [braces.numeral(first), braces.dots, braces.numeral(last)]
    return [braces.numeral(member) for member in range(first, last + 1, modulus)]


def write_relation(name: str, members: IntegerSet, braces: Braces, *, short: bool) -> str | None:
    """``W ≡ 12 (mod 16) ∧ W ≥ 188`` for an infinite set of one part; ``None`` for others, and where a name that is not short would
    be written twice.
    """
    if members.size is not None or len(members.parts) != 1:
        return None
    conditions = _conditions(name, members.parts[0], braces)
    return braces.between.join(conditions) if len(conditions) == 1 or (conditions and short) else None


def _conditions(name: str, part: Progression, braces: Braces) -> list[str]:
    residue, modulus, first, last = part
    conditions: list[str] = []
    if modulus > 1:
        conditions.append(braces.congruent(name, braces.numeral(residue), braces.numeral(modulus)))
    if first is not None:
        conditions.append(braces.at_least(name, braces.numeral(first)))
    if last is not None:
        conditions.append(braces.at_most(name, braces.numeral(last)))
    return conditions


def membership(name: str, members: IntegerSet) -> str:
    """States that ``name`` is in a set.

    >>> membership("W", IntegerSet.residue_class(12, 16, 18800)), membership("W", IntegerSet.interval(41, 44))
    ('W ≡ 12 (mod 16), W ≥ 18,812', 'W ∈ 41..44')
    >>> membership("W", IntegerSet((*IntegerSet.of(2, 5).parts, *IntegerSet.interval(9, None).parts)))
    'W ∈ {2, 5} or W ≥ 9'
    """
    size = members.size
    if size is not None and size <= SCATTERED and len(members.parts) != 1:
        return _listed(name, list(members))
    alone = [part.minimum for part in members.parts if part.minimum is not None and part.minimum == part.maximum]
    parts = [_member_of(name, part) for part in members.parts if count_of(part) != 1]
    return " or ".join([_listed(name, alone)] * bool(alone) + parts)


def _listed(name: str, values: list[int]) -> str:
    return f"{name} ∈ {{{', '.join(map(group_digits, values))}}}" if values else f"{name} ∈ ∅"


def _member_of(name: str, part: Progression) -> str:
    residue, modulus, first, last = part
    if first is not None and last is not None:
        if (last - first) // modulus < 3:
            return _listed(name, list(range(first, last + 1, modulus)))
        if modulus == 1:
            return f"{name} ∈ {group_digits(first)}..{group_digits(last)}"
    conditions = [f"{name} ≡ {group_digits(residue)} (mod {group_digits(modulus)})"] if modulus > 1 else []
    conditions += [f"{name} ≥ {group_digits(first)}"] if first is not None else []
    conditions += [f"{name} ≤ {group_digits(last)}"] if last is not None else []
    return ", ".join(conditions) or f"{name} is any integer"
