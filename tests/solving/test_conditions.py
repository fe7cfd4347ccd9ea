"""What is left out of an answer's conditions, what is worked out in them, and questions at the edge of what is in reach."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet.printing.text import unicode_text
from symnet.solving import solve
from symnet.solving.evaluation import evaluated
from symnet.solving.redundant import implied, without_redundant
from symnet.terms.evaluation import holds
from symnet.terms.propositions import And, Eq, Le, Lt, Or, Proposition
from symnet.terms.term import FloorDiv, Product, Sum, Symbol, Term, integer
from tests.counting_calls import work_at_most

W, S, P = Symbol("W"), Symbol("S"), Symbol("P", 0)


@st.composite
def sums(draw: Any) -> Term:
    terms = draw(st.lists(st.sampled_from([W, S, P, W * S, S * P, 2 * P, 0 * integer(2)]), min_size=1, max_size=3))
    total = Sum(*terms, integer(draw(st.integers(-9, 9))))
    return FloorDiv(total, integer(draw(st.integers(2, 3)))) if draw(st.integers(0, 4)) == 0 else total


@st.composite
def conditions(draw: Any, depth: int = 2) -> Proposition:
    kind = draw(st.sampled_from([Le, Le, Lt, Eq] if depth == 0 else [Le, Le, Lt, Eq, And, Or]))
    if kind in (And, Or):
        return kind(*draw(st.lists(conditions(depth=depth - 1), min_size=1, max_size=4)))  # type: ignore[no-any-return]
    return kind(draw(sums() | st.sampled_from([W, S, P])), draw(sums()))  # type: ignore[no-any-return]


POINTS = [{W: w, S: s, P: p} for w in (1, 2, 5, 9) for s in (1, 2, 4) for p in (0, 1, 3)]


@given(st.lists(conditions(), min_size=1, max_size=5))
def test_what_follows_is_left_out_and_nothing_else(parts: list[Proposition]) -> None:
    theorem = without_redundant(And(*parts))
    left, right = theorem.conclusion.args
    assert not theorem.hypotheses
    assert all(holds(left, point) is holds(right, point) for point in POINTS)
    kept = [part for part in right.args if isinstance(part, Le | Lt)]
    assert not [part for part in kept if implied(part, [one for one in kept if one is not part])]


@given(conditions())
def test_working_out_changes_no_value(condition: Proposition) -> None:
    theorem = evaluated(condition)
    left, right = theorem.conclusion.args
    assert not theorem.hypotheses
    assert left is condition
    assert all(holds(left, point) is holds(right, point) for point in POINTS)


def test_products_are_compared_by_their_factors() -> None:
    proof = implied(Le(S, W), [Le(Product(S, P) + S, W)])
    assert proof is not None
    assert implied(Le(Product(S, P), W), [Le(S, W)]) is None
    assert implied(Le(W, W * S), []) is not None
    negative = FloorDiv(integer(-1), S)
    assert implied(Le(negative, W * negative), []) is None


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        (
            "(1,W,W) -> Conv|8|3|S = (8,o,o)",
            {"for_": "S", "where": "o>=1, o>=2, W>=10"},
            "⌊(W − 3)/o⌋ + 1 ≤ S ≤ ⌊(W − 3)/(o − 1)⌋, if o ≥ 2, W ≥ 10",
        ),
        ("(3,224,224) -> Conv|64|F|S|P = (64,112,112)", {}, "2·P − 112·S + 225 ≤ F ≤ 2·P − 111·S + 224"),
        ("(1,W,W) -> Conv|8|F|S -> Conv|8|G|T = (8,o,o)", {"for_": "W"}, "T·S·o − T·S + S·G + F − S ≤ W ≤ T·S·o + S·G + F − S − 1"),
        (
            "(1,W,W) -> Conv|8|3|S -> Conv|8|3|T = (8,4,4)",
            {"for_": "W", "exact": True},
            "3·T·S + 2·S + 3 ≤ W ≤ 4·T·S + 2·S + 2, S ∣ W − 3, T ∣ ⌊(W − 3)/S⌋ − 2",
        ),
        ("(3,32,32) -> Conv|K|F|1|P = (64,32,32)", {}, "K = 64, F = 2·P + 1"),
        ("(3,W,W) -> Conv|64|F|S|P = (64,56,56)", {"where": "W=224"}, "W = 224, 2·P − 56·S + 225 ≤ F ≤ 2·P − 55·S + 224"),
        ("(3,W,W) -> Conv|8|3|1 @a -> Conv|8|3|1 -> Conv|8|F|1|P -> Add|a", {}, "W ≥ 5, F = 2·P − 1"),
        ("(1,28,28) -> Conv|8|F|1|P|dilation=D = (8,28,28)", {}, "P = (F·D − D)/2, where 2 ∣ F·D − D"),
        ("(1,24,24) -> Conv|1|F|S|P = (1,12,12)", {"where": "S=2"}, "2·P + 1 ≤ F ≤ 2·P + 2, S = 2"),
        ("(3,W,W) -> N * [Conv|8|3|1|1]", {"where": "layers<=10"}, "N ∈ 1..10, W ≥ 1"),
        ("(3,W,W) -> N * [Conv|8|3 -> ReLU]", {"where": "layers<=7"}, "N = 1, W ≥ 3; N = 2, W ≥ 5; N = 3, W ≥ 7"),
        (
            "(3,W,W) -> Conv|8|3|S|1 -> Conv|8|3|T|1", {"where": "total_stride==8"},
            "S = 2, T = 4; S = 4, T = 2; S = 1, T = 8; S = 8, T = 1; each with W ≥ 1",
        ),
        ("(1,W,W) -> Conv|8|3|1000 -> FC|10", {"budget": "multiply_adds<=10**12"}, "W ∈ 3..81,110,002"),
        ("(1,W,W) -> Conv|8|3|997 -> Conv|8|3|1009 -> FC|10", {"budget": "activations>=10**8"}, "W ≥ 3,524,398"),
    ],
)  # fmt: skip
def test_answers_are_simple(question: str, options: dict[str, Any], expected: str) -> None:
    answer = solve(question, **options)
    assert answer.complete, answer.reason
    assert not answer.theorem.hypotheses
    assert str(answer) == expected


def test_sizes_that_do_not_depend_on_each_other_are_solved_side_by_side() -> None:
    answer = solve("(3,H,W) -> Conv|8|3|2|1 -> Maxpool|2 = (8,16,8)")
    steps = [unicode_text(step.theorem.conclusion.args[1]) for step in answer.answer.steps()]
    assert "2·2 ≤ H + 1 ∧ 2·2 ≤ W + 1 ∧ (4·16 ≤ H + 1 ∧ H + 1 < 4·16 + 4) ∧ (4·8 ≤ W + 1 ∧ W + 1 < 4·8 + 4)" in steps
    assert steps[-1] == "H ∈ 63..66 ∧ W ∈ 31..34"


def test_a_budget_past_a_large_stride() -> None:
    """The end of the set is where the count of multiply-adds says."""

    def work(size: int) -> int:
        side = (size - 3) // 1000 + 1
        return 8 * side * side * (9 + 10)

    last = solve("(1,W,W) -> Conv|8|3|1000 -> FC|10", budget="multiply_adds<=10**12").members.parts[-1].maximum
    assert last is not None
    assert work(last) <= 10**12 < work(last + 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("(1,W) @x -> Maxpool|1000 -> Upsample|1000 @a -> From|x -> Maxpool|999 -> Upsample|999 -> Add|a", {}),
        ("(1,W,H) -> Conv|8|F|S|P = (8,W,H)", {"where": "W<=10**6,H<=10**6,F<=10**6,S<=10**6,P<=10**6", "exact": True}),
        ("(1*W) -> 12 * [Maxpool|3|S|0|ceil_mode=yes] = (_,o)", {"for_": "W"}),
        ("(1,W) @x -> Conv|8|3|1000003 @a -> From|x -> Conv|8|5|999983 -> Add|a", {}),
    ],
)  # fmt: skip
def test_what_is_out_of_reach_is_said_soon(question: str, options: dict[str, Any]) -> None:
    with work_at_most(8_000_000):
        answer = solve(question, **options)
    assert answer.complete or answer.reason


@pytest.mark.slow
def test_a_box_of_a_billion() -> None:
    answer = solve("(3,224,224) -> Conv|64|F|S|P = (64,112,112)", where="F<=1000, S<=1000, P<=1000")
    assert answer.complete
    pairs = [(f, p) for f in range(1, 1001) for p in range(1001) if f <= 224 + 2 * p]
    expected = 0
    for f, p in pairs:
        gap = 224 - f + 2 * p
        expected += len(range(gap // 112 + 1, min(1000, gap // 111) + 1))
    assert len(answer) == expected
