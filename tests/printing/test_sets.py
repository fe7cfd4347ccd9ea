"""Membership in words."""

from __future__ import annotations

import pytest

from symnet.printing.sets import membership
from symnet.printing.text import unicode_text
from symnet.render.json import condition
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import In
from symnet.terms.term import Symbol

W = Symbol("W")
SETS = {
    "W ∈ ∅": (IntegerSet(()), None),
    "W ∈ {1}": (IntegerSet.of(1), "W == 1"),
    "W ∈ {3, 5, 10,000}": (IntegerSet.of(3, 5, 10_000), "W == 3 or W == 5 or W == 10000"),
    "W ∈ {41, 42}": (IntegerSet.interval(41, 42), "W >= 41 and W <= 42"),
    "W ∈ 9..12,000": (IntegerSet.interval(9, 12_000), "W >= 9 and W <= 12000"),
    "W ≥ 5": (IntegerSet.interval(5, None), "W >= 5"),
    "W ≤ 5": (IntegerSet.interval(None, 5), "W <= 5"),
    "W ≡ 0 (mod 2), W ≥ 2": (IntegerSet.residue_class(0, 2, 2), "W % 2 == 0 and W >= 2"),
    "W ≡ 1 (mod 2)": (IntegerSet.residue_class(1, 2), "W % 2 == 1"),
    "W ∈ {2} or W ≡ 0 (mod 4), W ≥ 8": (
        IntegerSet((*IntegerSet.of(2).parts, *IntegerSet.residue_class(0, 4, 8).parts)),
        "W == 2 or (W % 4 == 0 and W >= 8)",
    ),
    "W ≥ 100,000,000,000,000,000,000": (IntegerSet.interval(10**20, None), f"W >= {10**20}"),
    "W ∈ 1..100,000,000,000,000,000,000": (IntegerSet.interval(1, 10**20), f"W >= 1 and W <= {10**20}"),
}


@pytest.mark.parametrize(("said", "members", "written"), [(said, *rest) for said, rest in SETS.items()], ids=str)
def test_a_set_is_said_with_the_name(said: str, members: IntegerSet, written: str | None) -> None:
    assert membership("W", members) == said
    assert unicode_text(In(W, members)) == said
    if written is not None:
        assert condition(In(W, members), {}) == written


def test_of_a_long_term_the_set_is_written_once() -> None:
    long = (W + 1) // 2 + Symbol("K") + Symbol("F")
    assert unicode_text(In(long, IntegerSet.residue_class(0, 2, 2))) == "⌊(W + 1)/2⌋ + K + F ∈ {… ≡ 0 (mod 2), ≥ 2}"
