"""Answers about stride, kernel and padding, told case by case as a person tries them: against trying every setting."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.kernel.replay import check_proof
from symnet.kernel.writing import write_proof
from symnet.render.answers import headline, markdown, plain
from symnet.solving import solve
from symnet.solving.by_stride import sets_of_differences
from symnet.solving.linear_relations import slanted
from symnet.terms.evaluation import holds
from symnet.terms.propositions import And, Divides, Eq, In, Le, Proposition
from symnet.terms.term import Symbol, integer
from tests.parts import examples

F, S, P = Symbol("F"), Symbol("S"), Symbol("P", 0)


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        (
            "(3,224,224) -> Conv|64|F|S|P = (64,112,112)",
            {},
            "S = 2: F − 2·P ∈ {1, 2}. In general 2·P − 112·S + 225 ≤ F ≤ 2·P − 111·S + 224.",
        ),
        (
            "(3,224,224) -> Conv|64|F|S|P = (64,112,112)",
            {"exact": True},
            "S = 2: F = 2·P + 2. "
            "In general 2·P − 112·S + 225 ≤ F ≤ 2·P − 111·S + 224, S ∣ 224 − F + 2·P.",
        ),
        (
            "(3,224,224) -> Conv|64|3|S|P = (64,56,56)",
            {},
            "S = 4: P ∈ {0, 1}. In general ⌊(2·P + 221)/56⌋ + 1 ≤ S ≤ ⌊(2·P + 221)/55⌋.",
        ),
        (
            "(3,224,224) -> Conv|64|F|S|P = (64,56,56)",
            {"where": "F<=11, P<=3, S<=8"},
            "S = 4: F − 2·P ∈ 1..4, P ∈ 0..3. (Every layer divides exactly where F = 4, S = 4, P = 0; F = 6, S = 4, P = 1; "
            "F = 8, S = 4, P = 2; F = 10, S = 4, P = 3.)",
        ),
    ],
)  # fmt: skip
def test_settings_are_told_stride_by_stride(question: str, options: dict[str, object], expected: str) -> None:
    found = solve(question, **options)  # type: ignore[arg-type]
    assert headline(found) == expected
    assert plain(found).startswith(expected)
    for one in found.by_stride:
        assert not one.theorem.hypotheses
        assert check_proof(write_proof(one.theorem))


@settings(max_examples=examples(30), deadline=None)
@given(st.integers(5, 40), st.integers(1, 12), st.booleans())
def test_a_stride_by_itself_against_trying(size: int, wanted: int, exact: bool) -> None:
    found = solve(f"(1,{size}) -> Conv|1|F|S|P = (1,{wanted})", exact=exact)
    for one in found.by_stride:
        for kernel, padding in product(range(1, 30), range(8)):
            left = size - kernel + 2 * padding
            fits = left >= 0 and left // one.value + 1 == wanted and (not exact or left % one.value == 0)
            assert holds(one.conditions, {F: kernel, P: padding}) is fits


@st.composite
def _conditions(draw: st.DrawFn) -> Proposition:
    """Conditions on F − 2·P and others of its kind, with or without a floor, and on one letter alone."""
    slope, one = draw(st.sampled_from([2, 1, -1, -2])), draw(st.integers(-9, 9))
    difference = F - slope * P
    parts: list[Proposition] = [Le(integer(one), difference), Le(difference, integer(one + draw(st.integers(0, 9))))]
    divisor = draw(st.integers(1, 3))
    parts += draw(
        st.sampled_from(
            [[], [Divides(integer(divisor), 20 - difference)], [Le((9 - difference) // divisor, integer(3))]]
        )
    )
    parts += draw(st.sampled_from([[], [Le(P, integer(3))], [Le(integer(2), F)]]))
    return And(*parts)


@settings(max_examples=examples(60), deadline=None)
@given(_conditions())
def test_a_difference_stands_for_both_unknowns(conditions: Proposition) -> None:
    theorem = sets_of_differences(conditions, (F, P))
    left, right = theorem.conclusion.args
    assert left is conditions
    assert not theorem.hypotheses
    assert not [part for part in right.args if not isinstance(part, In | Eq | Le)]
    for kernel, padding in product(range(1, 16), range(8)):
        values = {F: kernel, P: padding}
        assert holds(left, values) is holds(right, values)


@settings(max_examples=examples(60), deadline=None)
@given(st.sets(st.tuples(st.integers(1, 2), st.integers(1, 6), st.integers(0, 3)), min_size=1))
def test_what_moves_together_is_all_there_is(chosen: set[tuple[int, int, int]]) -> None:
    """Any set of solutions: in words only where the words mean that very set. ``_read`` reads them as a person does."""
    points = [dict(zip("SFP", point, strict=True)) for point in sorted(chosen)]
    told = slanted(points, "S", lambda point: (point["P"],))
    if told:
        everything = {
            point
            for point in product(range(1, 3), range(1, 30), range(30))
            if any(_read(one.words, point) for one in told)
        }
        assert everything == chosen


def _read(words: str, point: tuple[int, int, int]) -> bool:
    letters = dict(zip("SFP", point, strict=True))
    lead, rest = words.split(": ", 1)
    if letters["S"] != int(lead.removeprefix("S = ")):
        return False
    clauses = rest.replace("{", "").replace("}", "").split(", ")
    joined: list[str] = []
    for clause in clauses:
        if clause.lstrip("-−").isdigit():
            joined[-1] += f" {clause}"
        else:
            joined.append(clause)
    return all(_holds(clause, letters) for clause in joined)


def _holds(clause: str, letters: dict[str, int]) -> bool:
    sign = next(sign for sign in (" ∈ ", " ≤ ", " ≥ ", " = ") if sign in clause)
    left, right = clause.split(sign)
    value = _value(left, letters)
    if sign == " ∈ " and ".." in right:
        low, high = right.split("..")
        return int(low) <= value <= int(high)
    if sign == " ∈ ":
        return value in map(int, right.split())
    other = _value(right, letters)
    return value <= other if sign == " ≤ " else value >= other if sign == " ≥ " else value == other


def _value(text: str, letters: dict[str, int]) -> int:
    total, sign = 0, 1
    for word in text.replace("−", " − ").split():
        if word in "+−":
            sign = -1 if word == "−" else 1
            continue
        number, _, letter = word.rpartition("·")
        total += sign * ((int(number) if number else 1) * letters[letter] if letter in letters else int(word))
        sign = 1
    return total


MANY = "(3,H,W) -> Conv|16|3|1|1 -> Maxpool|2 -> Maxpool|2 -> Flatten = (1024)"


def test_more_than_five_cases_are_a_table() -> None:
    found = solve(MANY)
    text = plain(found).splitlines()
    assert text[0] == "7 cases with 112 solutions, the most usual first:"
    assert text[1].split() == ["H", "W", "nothing", "dropped"]
    assert text[3].split()[:2] == ["32..35"] * 2
    assert "| 4..7 | 256..259 | H = 4, W = 256 |" in markdown(found)
