"""Answers with parameters: they speak of what is asked for, in words and as data, size by size where sizes stand alone."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet.kernel.theorem import Theorem
from symnet.render.answers import markdown, plain
from symnet.solving import solve
from symnet.solving.minimum import at_least, at_most
from symnet.terms.evaluation import holds
from symnet.terms.propositions import Iff
from symnet.terms.term import Min, Sum, Symbol, Term, integer
from tests.counting_calls import work_at_most

CEIL = "(1*W) -> Maxpool|b|e|0|ceil_mode=yes = (_,o)"
TWO_AXES = "(1*H*W) -> Conv|1|3|2|1 -> Conv|1|3|2|0"


@pytest.mark.parametrize(
    ("question", "for_", "expected"),
    [
        ("(1*W) -> Conv|1|F|1|P = input", None, "F = 2·P + 1, any W"),
        ("(1*W) -> Conv|1|F|1|P = input", "W", "any W, if F = 2·P + 1"),
        ("(1*W) -> Conv|1|3|padding=(A,B) = input", None, "any W, if A + B = 2"),
        ("(1*W) -> Deconv|1|2|S|P = (_,9)", "S", "⌊(2·P + 6)/(W − 1)⌋ + 1 ≤ S ≤ ⌊(2·P + 7)/(W − 1)⌋, if W ≥ 2"),
        ("(1*W) -> Deconv|1|S|S|P = (_,D)", "S", None),
        (CEIL, "W", "max(e·o + b − 2·e + 1, e·o − e + 1) ≤ W ≤ e·o + b − e; or e·o + b − e + 1 ≤ W ≤ e·o"),
        ("(1*25) -> Maxpool|a|4 -> Maxpool|5|b|1|ceil_mode=yes = (_,5)", "b", "b = 1, if a = 1"),
        ("(1*H*W) -> Conv|1|3|2|1 = (_,H//2,W)", "W", "W ∈ {1}, if H ≡ 0 (mod 2), H ≥ 2"),
        ("(1*H*W) -> Maxpool|2 = (_,H,9)", "W", "W ∈ ∅"),
    ],
)
def test_answers_speak_of_what_is_asked_for(question: str, for_: str | None, expected: str | None) -> None:
    answer = solve(question, for_=for_)
    assert answer.complete, answer.reason
    assert not answer.theorem.hypotheses
    if expected is not None:
        assert str(answer) == expected
    data = answer.to_json(proof=False)
    if for_ is not None:
        assert data["unknowns"] == [for_]
        assert {one["symbol"] for one in data["classes"]} <= {for_}
        assert all(for_ in one for one in data["solutions"])
    answer.to_sympy()


@pytest.mark.parametrize(
    ("question", "where", "for_", "expected"),
    [
        ("(8,W,W) -> N * [Maxpool|2]", "N<=2", "N", "N = 1, if W ≥ 2; or N = 2, if W ≥ 4"),
        ("(8,W,W) -> N * [Maxpool|2]", "N<=2", "W", "W ≥ 2, if N = 1; or W ≥ 4, if N = 2"),
        ("(8,W,W) -> N * [Conv|8|F] = (8,9,9)", "N<=2", "N", "N = 1, if W = F + 8; or N = 2, if W = 2·F + 7"),
        ("(8,W,W) -> N * [Conv|8|3] = (8,9,9)", "N<=2", "N", "N = 1, if W = 11; N = 2, if W = 13"),
    ],
)
def test_repeat_counts_and_parameters(question: str, where: str, for_: str, expected: str | None) -> None:
    answer = solve(question, for_=for_, where=where)
    assert answer.complete, answer.reason
    assert answer.unknowns == (for_,)
    assert {one["symbol"] for one in answer.classes} <= {for_}
    if expected is not None:
        assert str(answer) == expected


@pytest.mark.parametrize("unknown", ["H", "W"])
def test_axes_are_separate(unknown: str) -> None:
    other = {"H": "W", "W": "H"}[unknown]
    answer = solve(TWO_AXES, for_=unknown, exact=True)
    assert str(answer) == f"{unknown} ≡ 1 (mod 4), {unknown} ≥ 5, if {other} ≡ 1 (mod 4), {other} ≥ 5"
    data = answer.to_json()
    assert data["classes"] == [
        {"symbol": unknown, "residue": 1, "modulus": 4, "minimum": 5, "maximum": None,
         "conditions": [f"5 <= {other}", f"{other} % 4 == 1"]}
    ]  # fmt: skip
    assert "hypotheses" not in data
    sizes = range(1, 30)
    assert [(h, w) for h, w in product(sizes, sizes) if {"H": h, "W": w} in answer] == [
        (h, w) for h, w in product(sizes, sizes) if h % 4 == w % 4 == 1 and min(h, w) >= 5
    ]


def test_what_divides_is_in_the_grammar() -> None:
    [one] = solve("(1,W,W) -> Conv|8|3|S -> Conv|8|3|T = (8,4,4)", for_="W", exact=True).classes
    assert one["conditions"] == ["(W - 3) % S == 0", "((W - 3)//S - 2) % T == 0"]


@pytest.mark.slow
def test_a_finite_box_is_finite() -> None:
    question, box = "(1*1000000) -> Conv|1|F|S|P -> Maxpool|G|T = (_,{})", "F<=50,S<=50,P<=50,G<=50,T<=50"
    data = solve(question.format(777), where=box).to_json(proof=False)
    assert (data["finite"], data["count"], len(data["solutions"])) == (True, 264_736, 10_000)
    answer = solve(question.format("W"), where=box + ",W<=1000")
    assert not answer.complete
    assert "finitely many solutions, but" in str(answer.reason)


@pytest.mark.slow
def test_more_classes_than_can_be_had_are_foreseen() -> None:
    with work_at_most(8_000_000):
        answer = solve("(1*W) -> 12 * [ Maxpool|3|2 -> Maxpool|5|3|1|ceil_mode=yes ]", exact=True)
    assert not answer.complete
    fewer = solve("(1*W) -> 8 * [ Maxpool|3|2 -> Maxpool|5|3|1|ceil_mode=yes ]", exact=True)
    assert fewer.complete


def test_each_solution_of_a_list_says_what_it_drops() -> None:
    answer = solve("(3,224,224) -> Conv|64|F|S|P = (64,112,112)", where="F<=11, S<=5, P<=5")
    for shown in (plain(answer), markdown(answer)):
        head = shown.splitlines()[0]
        assert head.count("(exactly)") == 5
        assert head.count("(conv1 drops 1)") == 6
        assert "F = 2, S = 2, P = 0 (exactly); " in head
        assert "F = 7, S = 2, P = 3 (conv1 drops 1); " in head
    assert "exactly" not in str(answer)


def test_large_numbers_are_grouped_and_budgets_named() -> None:
    assert str(solve("(1,W,W) -> Conv|8|3|1000003 = (_,9,9)")) == "W ∈ 8,000,027..9,000,029"
    answer = solve("784 -> FC|K -> FC|10", budget="parameters<=1000000, multiply_adds<=900000")
    assert "K = 1,133 makes 899,602 multiply-adds; K = 1,134 makes 900,396, too many." in plain(answer)


X, Y, Z = Symbol("X"), Symbol("Y", 0), Symbol("Z")


@st.composite
def numbers(draw: Any) -> Term:
    terms = draw(st.lists(st.sampled_from([X, Y, Z, X * Y, Y // X]), min_size=1, max_size=2))
    return Sum(*terms, integer(draw(st.integers(-4, 4))))


@given(numbers(), numbers(), numbers())
def test_the_smaller_of_two(first: Term, second: Term, other: Term) -> None:
    for theorem in (at_least(other, Min(first, second)), at_most(Min(first, second), other)):
        assert isinstance(theorem, Theorem)
        assert not theorem.hypotheses
        assert isinstance(theorem.conclusion, Iff)
        for x, y, z in product((1, 2, 5), (0, 1, 4), (1, 3)):
            assert holds(theorem.conclusion, {X: x, Y: y, Z: z})
