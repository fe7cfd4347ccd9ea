"""Numbers and sets as they are written in constraints: 1M, 4e9, F in {3, 5, 7}."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet import solve
from symnet.errors import NotationError, SymnetError
from symnet.terms.parse import parse_constraints
from symnet.terms.term import Symbol, Term

UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def only(name: str) -> Term:
    """A symbol W, and no other."""
    if name != "W":
        raise SymnetError(f"no {name}")
    return Symbol(name)


def bound(text: str) -> int | None:
    (constraint,) = parse_constraints(f"W <= {text}", lambda name: Symbol(name), units=True)
    return constraint.right.constant


@given(st.integers(0, 10**6), st.sampled_from([*UNITS]))
def test_units(number: int, unit: str) -> None:
    assert bound(f"{number}{unit}") == number * UNITS[unit]
    assert bound(f"{number:_}{unit}") == number * UNITS[unit]


@given(st.integers(0, 10**4), st.integers(0, 999), st.sampled_from(["K", "M", "G", "T", "e3", "e9", "E+4"]))
def test_fractions_of_a_unit(number: int, thousandths: int, unit: str) -> None:
    scale = UNITS.get(unit) or 10 ** int(unit[-1])
    assert bound(f"{number}.{thousandths:03}{unit}") == (1000 * number + thousandths) * scale // 1000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.5", "all numbers here are integers, and 1.5 is none"),
        ("1.0001K", "all numbers here are integers, and 1.0001K is none"),
        ("7B", "B stands for bytes, and nothing here is counted in bytes: 10⁹ is written 1G or 1e9"),
        ("4MB", "B stands for bytes, and nothing here is counted in bytes: 10⁹ is written 1G or 1e9"),
        ("1e9999", "a number of more than 1000 digits is out of reach"),
        ("1k", "unexpected 'k': expected * between factors: 1*k"),
    ],
)
def test_what_is_no_number(text: str, message: str) -> None:
    with pytest.raises(NotationError) as refused:
        parse_constraints(f"W <= {text}")
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("bytes_", "plain"),
    [
        ("4096B", "4096"),
        ("1KB", "1000"),
        ("2KiB", "2Ki"),
        ("1.5MB", "1500K"),
        ("1e6B", "1000000"),
        ("8GiB", "8*2**30"),
        ("1TB", "1T"),
    ],
)
def test_bytes_have_a_unit_of_their_own(bytes_: str, plain: str) -> None:
    for quantity in ("bytes", "memory"):
        assert str(solve("784 -> FC|K", budget=f"{quantity} <= {bytes_}")) == str(
            solve("784 -> FC|K", budget=f"{quantity} <= {plain}")
        )
    with pytest.raises(NotationError) as refused:
        solve("784 -> FC|K", budget=f"bytes <= 1M, parameters <= {bytes_}")
    assert "only bytes and memory are counted in bytes: 10⁹ is written 1G or 1e9" in refused.value.message


def test_a_unit_that_is_a_symbol_is_asked_about() -> None:
    with pytest.raises(NotationError, match="K is a symbol here"):
        solve("(3,W,W) -> Conv|K|3", where="K <= 2K")
    assert solve("(3,8,8) -> Conv|K|3", budget="parameters <= 1K").count == 35


QUESTION = "(3,W,W) -> Conv|8|F|2 = (8,112,112)"


@pytest.mark.parametrize("where", ["F in {3,5,7}", "F in [3, 5, 7]", "F in (3,5,7)", "F ∈ {3, 5, 7}, W >= 1"])
def test_sets(where: str) -> None:
    assert {solution["F"] for solution in solve(QUESTION, where=where)} == {3, 5, 7}


@pytest.mark.parametrize("where", ["3 <= F <= 5", "F >= 3 and F <= 5", "F >= 3, F <= 5", "3 <= F and F < 6 and W >= 1"])
def test_all_hold(where: str) -> None:
    assert {solution["F"] for solution in solve(QUESTION, where=where)} == {3, 4, 5}


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("F in 3", "a set is missing after 'in', such as {3, 5, 7}"),
        ("F in", "a set is missing after 'in', such as {3, 5, 7}"),
        ("F in {}", "unexpected '}': expected an integer, a symbol or ("),
        ("F in {3, 5", "the expression ends too early: expected , or }"),
        ("F < 3 or F > 5", "unexpected 'or': expected a comma or and: all constraints hold"),
        ("F < 3 and", "the expression ends too early: expected an integer, a symbol or ("),
        ("{F} < 3", "unexpected '{': expected an integer, a symbol or ("),
    ],
)
def test_what_is_no_constraint(where: str, message: str) -> None:
    with pytest.raises(NotationError) as refused:
        solve(QUESTION, where=where)
    assert refused.value.message == message
