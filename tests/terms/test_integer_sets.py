from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet.errors import TermError
from symnet.terms.integer_sets import IntegerSet
from tests.strategies import integer_sets

#: Wider than any finite set the strategies draw.
WINDOW = range(-200, 201)


@given(st.lists(st.integers(-50, 50)))
def test_a_finite_set_has_its_members(members: list[int]) -> None:
    found = IntegerSet.of(*members)
    assert list(found) == sorted(set(members))
    assert found.size == len(set(members))
    assert [x for x in WINDOW if x in found] == list(found)
    assert IntegerSet.of(*reversed(members)) == found


@given(st.integers(-40, 40), st.integers(1, 12), st.none() | st.integers(-50, 50), st.none() | st.integers(-50, 50))
def test_a_residue_class_is_its_definition(residue: int, modulus: int, low: int | None, high: int | None) -> None:
    found = IntegerSet.residue_class(residue, modulus, low, high)
    expected = [
        x for x in WINDOW if (x - residue) % modulus == 0 and (low is None or low <= x) and (high is None or x <= high)
    ]
    assert [x for x in WINDOW if x in found] == expected
    if low is not None and high is not None:
        assert (found.size, list(found)) == (len(expected), expected)
    elif high is None and low is not None:
        assert (found.size, list(islice(found, 5))) == (None, expected[:5])


@given(integer_sets(), integer_sets())
def test_equal_single_progressions_are_equal_objects(one: IntegerSet, two: IntegerSet) -> None:
    """Canonical ends and residues: two classes with the same members are the same data."""
    if len(one.parts) == len(two.parts) == 1:
        same = one.size == two.size and all((x in one) == (x in two) for x in range(-500, 501))
        assert (one == two) is same


def test_printed() -> None:
    assert str(IntegerSet.of()) == "∅"
    assert str(IntegerSet.of(4, 3)) == "{3, 4}"
    assert str(IntegerSet.interval(None, None)) == "ℤ"
    assert str(IntegerSet.interval(1, 100)) == "1..100"
    assert str(IntegerSet.residue_class(-4, 16, 188)) == "{… ≡ 12 (mod 16), ≥ 188}"


def test_refusals() -> None:
    with pytest.raises(TermError, match="at least 1"):
        IntegerSet.residue_class(1, 0)
    with pytest.raises(TermError, match="smallest member"):
        iter(IntegerSet.interval(None, 3))


@pytest.mark.parametrize("value", [2.5, "3", None])
def test_only_integers_are_members(value: object) -> None:
    assert value not in IntegerSet.interval(None, None)
