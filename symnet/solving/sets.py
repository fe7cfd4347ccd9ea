"""Sets of solutions in words: ``S ∈ {2}``, ``W ∈ 193..224``, ``W ≡ 12 (mod 16), W ≥ 188``."""

from __future__ import annotations

from symnet.terms.integer_sets import IntegerSet, Progression

__all__ = ["LISTED", "set_text"]

#: A finite set of at most this many scattered members is listed whole.
LISTED = 24


def set_text(name: str, members: IntegerSet) -> str:
    """The membership of ``name`` in a set.

    >>> set_text("W", IntegerSet.residue_class(12, 16, 188)), set_text("W", IntegerSet.interval(41, 44))
    ('W ≡ 12 (mod 16), W ≥ 188', 'W ∈ 41..44')
    """
    if not members.parts:
        return f"{name} ∈ ∅"
    if len(members.parts) == 1:
        return _part(name, members.parts[0])
    size = members.size
    if size is not None and size <= LISTED:
        return f"{name} ∈ {{{', '.join(map(str, members))}}}"
    return " or ".join(_part(name, part) for part in members.parts)


def _part(name: str, part: Progression) -> str:
    residue, modulus, minimum, maximum = part
    size = part.size
    if size is not None and minimum is not None and maximum is not None:
        if size <= 3:
            return f"{name} ∈ {{{', '.join(map(str, range(minimum, maximum + 1, modulus)))}}}"
        if modulus == 1:
            return f"{name} ∈ {minimum}..{maximum}"
    conditions = [f"{name} ≡ {residue} (mod {modulus})"] if modulus > 1 else []
    if minimum is not None:
        conditions.append(f"{name} ≥ {minimum}")
    if maximum is not None:
        conditions.append(f"{name} ≤ {maximum}")
    return ", ".join(conditions) or f"{name} is any integer"
