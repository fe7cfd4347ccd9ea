"""Work is bounded, theorems have no hypotheses, nothing is divided by 0: against a count of windows one at a time."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from symnet.cli import main
from symnet.errors import LayerError
from symnet.render.answers import plain
from symnet.solving import solve
from tests.counting_calls import work_at_most
from tests.solving.test_examined import windows

#: Calls, those of built-in functions among them: about fifteen seconds.
SOON = 60_000_000


def transposed(size: int, kernel: int, stride: int, padding: int, output: int) -> bool:
    """Whether a transposed convolution may have this output: a convolution back gives the size it started from."""
    return windows(output + 2 * padding, kernel, stride, 1) == size


REPEATED: list[tuple[str, Callable[[int, int], int | None]]] = [
    # text, what becomes of a size (None: it does not fit), given X
    ("Upsample|2", lambda size, x: 2 * size),
    ("ZeroPad|1", lambda size, x: size + 2),
    ("Conv|2|3|1", lambda size, x: windows(size, 3, 1, 1) or None),
    ("Maxpool|2", lambda size, x: windows(size, 2, 2, 1) or None),
    ("Conv1DTranspose|2|2|2|2|output=11", lambda size, x: 11 if transposed(size, 2, 2, 2, 11) else None),
    ("Conv1DTranspose|2|1|1|2|output=X", lambda size, x: x if transposed(size, 1, 1, 2, x) else None),
    ("Conv1DTranspose|2|3|2|1|output=X", lambda size, x: x if transposed(size, 3, 2, 1, x) else None),
]  # fmt: skip


@pytest.mark.slow
def test_an_answer_with_repeats_has_no_hypotheses() -> None:
    chance, asked = random.Random(7), 0
    while asked < 60:
        inner, outer = (chance.choices(REPEATED, k=chance.randint(1, 2)) for _ in range(2))
        size, target = chance.randint(4, 14), chance.choice([None, chance.randint(2, 15)])
        written = [" -> ".join(text for text, _ in layers) for layers in (inner, outer)]
        question = f"(2,{size}) -> N * [M * [{written[0]}] -> {written[1]}]"
        question += "" if target is None else f" = (_,{target})"
        letter = "X" in question.replace("Maxpool", "")
        try:
            answer = solve(question, where="N<=3, M<=2, N*M<=4" + ", X<=15" * letter)
        except LayerError:  # numbers alone do not fit: that is said at once
            continue
        asked += 1
        assert answer.complete, (question, answer.reason)
        assert answer.theorem.hypotheses == frozenset(), question
        expected = set()
        for n, m, x in product(range(1, 4), range(1, 3), range(1, 16) if letter else [1]):
            now: int | None = size
            for _, step in [*[*inner * m, *outer] * n] if n * m <= 4 else []:
                now = None if now is None else step(now, x)
            if n * m <= 4 and now is not None and target in (None, now):
                expected.add((n, m, x) if letter else (n, m))
        assert {tuple(one[name] for name in ("N", "M", "X")[: 2 + letter]) for one in answer.numeric()} == expected, (
            question
        )


@pytest.mark.parametrize(
    ("question", "where", "expected"),
    [
        ("(2,12) -> N * [Upsample|2 -> Conv1DTranspose|4|2|2|2|output=11]", "N<=3", "N ∈ ∅"),
        (
            "(2,11) -> N * [M * [ZeroPad|1] -> Conv1DTranspose|4|1|1|2|output=X] = (_,11)",
            "N<=3, N*M<=6, M<3, X<=15",
            "N ∈ {1, 2, 3}, M = 2, X = 11",
        ),
    ],
)
def test_networks_share_no_condition(question: str, where: str, expected: str) -> None:
    answer = solve(question, where=where)
    assert str(answer) == expected
    assert answer.theorem.hypotheses == frozenset()
    assert plain(answer).splitlines()[-1].endswith("Assumed: every symbol is a positive integer, paddings may be 0.")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("(3,W,H) -> Conv|8|3|S|1 -> Conv|16|3|T|1 -> FC|K", {"where": "W<=64, H<=64, S<=3, T<=3", "budget": "parameters=10000"}),
        (
            "(3,W,W) -> Conv|8|F|S|P -> Maxpool|3|2|1 -> Conv|16|G|T|Q = (16,14,14)",
            {"where": "F<=7, P<=3, S<=4, W<=256, G<=5, T<=2, Q<=2"},
        ),
        ("(3,W,W) -> 40 * [Conv|8|F|S|P] = (8,7,7)", {"where": "F<=30, S<=20, P<=20, W<=1000"}),
        ("(3,W,W) -> Maxpool|S -> Maxpool|T -> Maxpool|U -> Maxpool|V = (3,7,7)", {"where": "S<=14, T<=14, U<=14, V<=14"}),
        ("(3,W,W) @x -> Maxpool|S -> Upsample|S @a -> From|x -> Maxpool|T -> Upsample|T -> Add|a", {"where": "S<=200, T<=200"}),
        ("(A,B,C) -> FC|D -> FC|E", {"where": "A<=40, B<=40, C<=30, D<=200", "budget": "parameters=100003"}),
    ],
)  # fmt: skip
def test_an_answer_or_a_reason_comes_soon(question: str, options: dict[str, Any]) -> None:
    with work_at_most(SOON):
        answer = solve(question, **options)
        assert answer.complete or "out of reach" in str(answer.reason)
        plain(answer)


CONDITIONS: list[tuple[str, Callable[[int, int, int, int], bool]]] = [
    ("F%S=1", lambda f, s, p, t: f % s == 1),
    ("S*T<=9", lambda f, s, p, t: s * t <= 9),
    ("T//S<=P+1", lambda f, s, p, t: t // s <= p + 1),
    ("F!=T", lambda f, s, p, t: f != t),
    ("P*S+F>=T", lambda f, s, p, t: p * s + f >= t),
    ("(S+T)%2=0", lambda f, s, p, t: (s + t) % 2 == 0),
    ("max(F,S)<=T+P", lambda f, s, p, t: max(f, s) <= t + p),
]


def test_what_is_worked_out_before_the_inner_unknowns_is_right() -> None:
    """Conditions and terms on some of the unknowns, in every order of these, also such that divide by 0 where another fails."""
    chance = random.Random(11)
    for _ in range(40):
        parts = chance.sample(CONDITIONS, chance.randint(1, 3))
        size = chance.randint(6, 20)
        answer = solve(
            f"(1,{size}) -> Conv|1|F|S|P -> Maxpool|2|T",
            where=", ".join(["F<=5, S<=4, P<=2, T<=5", *(text for text, _ in parts)]),
        )
        assert answer.complete, answer.reason
        assert {(one["F"], one["S"], one["P"], one["T"]) for one in answer.numeric()} == {
            (f, s, p, t)
            for f, s, p, t in product(range(1, 6), range(1, 5), range(3), range(1, 6))
            if windows(windows(size + 2 * p, f, s, 1), 2, t, 1) and all(holds(f, s, p, t) for _, holds in parts)
        }, (size, [text for text, _ in parts])


def test_a_condition_that_divides_by_0_matters_only_where_the_others_hold() -> None:
    answer = solve("(1,9) -> Conv|1|F|S|P", where="F<=3, S<=3, P<=2, P>=1, S%P=1")
    assert {(one["F"], one["S"], one["P"]) for one in answer.numeric()} == {
        (f, s, p) for f, s, p in product(range(1, 4), range(1, 4), (1, 2)) if s % p == 1 and windows(9 + 2 * p, f, s, 1)
    }


@pytest.mark.parametrize(
    ("where", "place"), [("1//0<=F", 3), ("F%0=1", 2), ("F<=3, F//(2-2)=1", 9), ("ceildiv(F, 0*3)<=3", 0)]
)
def test_dividing_by_0_is_refused_at_the_spot(where: str, place: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "(3,32,32) -> Conv|8|F|1 = (8,30,30)", "--where", where]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "symnet: division by 0: a divisor is at least 1", f"  {where}", " " * (2 + place) + "^",
    ]  # fmt: skip


@pytest.mark.parametrize("where", ["F%P=1", "F%P=1, F<=9, P<=4", "F//P<=2, F<=9", "F<=3, ceildiv(F, P)<=2"])
def test_what_may_be_0_is_named(where: str) -> None:
    question = "(3,32,32) -> Conv|8|F|1|P = (8,30,30)"
    reason = solve(question, where=where).reason
    assert reason == "P may be 0, and something is divided by it: add P>=1 with where"
    assert solve(question, where=f"{where}, P>=1, P<=9").complete
