"""Unknown repeat counts: every network by itself, against writing the repeats out and counting windows."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.errors import NotationError, SymnetError
from symnet.kernel.replay import check_proof
from symnet.network.network import Network
from symnet.notation.parse import parse_question
from symnet.render.answers import markdown, plain
from symnet.solving import solve
from tests.parts import examples
from tests.solving.counting import Spec, brute, notation

SHRINK = "(8,W,W) -> N * [Conv|8|3] = (8,10,10)"


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("(8,64,64) -> N * [Conv|8|3] = (8,10,10)", {"where": "N<=50"}, "N ∈ {27}"),
        ("(8,64,64) -> N * [Conv|8|3|2|1] = (8,10,10)", {"where": "N<=50"}, "N ∈ ∅"),
        ("(8,64,64) -> N * [Maxpool|2]", {"where": "N<=50"}, "N ∈ 1..6"),
        ("(8,W,W) -> N * [Maxpool|2]", {"where": "N<=3"}, "N = 1, W ≥ 2; N = 2, W ≥ 4; N = 3, W ≥ 8"),
        (
            "(8,W,W) -> N * [Conv|N|3] = (N,9,9)",
            {"where": "N<=4, N!=3", "for_": "N"},
            "N = 1, if W = 11; N = 2, if W = 13; N = 4, if W = 17",
        ),
        ("let M = 2*N\n(8,64,64) -> M * [Conv|8|3] = (_,56,56)", {"where": "3*N <= 40"}, "N ∈ {2}"),
        ("(8,64,64) -> N * [M * [Conv|8|3] -> Maxpool|2] = (_,13,13)", {"where": "N + M <= 6"}, "N = 2, M = 2"),
        ("784 -> N * [FC|256] -> FC|10", {"where": "N<=20", "budget": "parameters<=1000000"}, "N ∈ 1..13"),
        ("784 -> N * [FC|K] -> FC|10", {"where": "N<=2", "budget": "parameters<=100000"}, "N = 1, K ∈ 1..125; N = 2, K ∈ 1..110"),
        ("(8,9,9) -> N * [Conv|8|3] = (8,7,7)", {"where": "N<=5, N>=6"}, "N ∈ ∅"),
        ("(8,W,W) -> N * [Conv|8|3|1|P] = input", {"where": "N<=2, W<=9, P<=3"}, None),
    ],
)  # fmt: skip
def test_answers(question: str, options: dict[str, Any], expected: str | None) -> None:
    answer = solve(question, **options)
    assert answer.complete, answer.reason
    assert not answer.theorem.hypotheses
    if expected is None:
        assert {(one["W"], one["N"], one["P"]) for one in answer.numeric()} == {
            (w, n, 1) for w in range(1, 10) for n in (1, 2)
        }
    else:
        assert str(answer) == expected


def test_number_of_repetitions_and_size_together() -> None:
    answer = solve(SHRINK, where="N<=50, W<=64")
    assert [(one["W"], one["N"]) for one in answer.numeric()] == [(2 * n + 10, n) for n in range(1, 28)]
    assert {"W": 12, "N": 1} in answer
    assert {"W": 12, "N": 2} not in answer
    assert answer.exact == (True,) * 27
    data = answer.to_json()
    assert (data["count"], data["complete"], data["checked"], data["finite"]) == (27, True, True, True)
    (theorem,) = check_proof(data["proof"])
    assert theorem.conclusion is answer.theorem.conclusion


def test_it_reads_like_a_person() -> None:
    answer = solve(SHRINK, where="N<=50, W<=64")
    assert "N = 2: W ≤ 64 ∧ W + 2·0 ≥ 3 ∧ W − 2 + 2·0 ≥ 3 ∧ W − 4 = 10" in plain(answer)
    assert "(50 networks)" in plain(answer)
    assert "every network by itself" in markdown(answer)
    budget = solve("784 -> N * [FC|256] -> FC|10", where="N<=20", budget="parameters<=1000000")
    assert "N = 13 makes 993,034 parameters; N = 14 makes 1,058,826, too many." in plain(budget)


def test_no_number_of_repetitions_says_what_is_near() -> None:
    answer = solve("(8,64,64) -> N * [Conv|8|3] = (8,11,11)", where="N<=50")
    assert plain(answer).startswith("No solution. The nearest sizes that are reachable: 10 (N = 27) and 12 (N = 26).")
    answer = solve("(8,64,64) -> N * [Conv|8|3|S] = (8,51,51)", where="N<=5")
    assert [(near.size, near.example) for near in answer.nearest] == [(31, {"N": 1, "S": 2}), (54, {"N": 5, "S": 1})]
    assert not solve("(8,64,64) -> N * [Maxpool|2] = (9,9,9)", where="N<=50").nearest
    assert [near.size for near in solve("(8,9,9) -> N * [Conv|8|3] -> Flatten = 13", where="N<=9").nearest] == [8, 72]


@pytest.mark.parametrize(
    ("kernel", "asked", "most"),
    [
        (9, 61, 20),
        *(pytest.param(*case, 100, marks=pytest.mark.slow) for case in [(2, 30), (3, 65), (5, 61), (3, 64)]),
    ],
)
def test_no_number_of_repetitions_says_which_constraint_fails_by_the_least(kernel: int, asked: int, most: int) -> None:
    length = asked - 1  # windows fit as long as one unit sees at most all of it
    found = solve(f"(1,{length}) -> n * [Conv|1|{kernel}] = (1,_)", where=f"receptive_field>={asked}, n<={most}")
    last = (length - 1) // (kernel - 1)
    sees = last * (kernel - 1) + 1
    assert (
        plain(found).splitlines()[0] == f"No solution: n = {last} comes nearest, where {asked} ≤ {sees} does not hold."
    )


def test_parameters_of_the_answer() -> None:
    answer = solve("(8,W,W) -> N * [Conv|8|F|S] = (8,o,o)", where="N<=2", for_="W")
    assert [one["conditions"] for one in answer.classes] == [["N == 1"], ["N == 2"]]
    for n, w, f, s in [(1, 9, 3, 2), (1, 9, 2, 3), (2, 19, 3, 2), (2, 30, 4, 1), (2, 31, 2, 3)]:
        size = w
        for _ in range(n):
            size = (size - f) // s + 1
        for o in range(1, 30):
            assert ({"W": w, "N": n, "F": f, "S": s, "o": o} in answer) is (o == size)


@pytest.mark.parametrize(
    ("question", "where", "message"),
    [
        (SHRINK, None, 'N says how often a part is repeated and has no bound: add one, as in --where "N<=50"'),
        (SHRINK, "W<=64", "N says how often a part is repeated and has no bound"),
        (SHRINK, "N<=W, W<=64", "N says how often a part is repeated and has no bound"),
        (SHRINK, "N<=10**9", "1,000,000,000 networks are out of reach"),
        (SHRINK, "N<=900", "more than 10,000 layers"),
        ("(8,9,9) -> N * [Conv|8|3] -> Conv|9|3|groups=N", "N<=3", "with N = 2: layer 3"),
    ],
)
def test_refusals_in_words(question: str, where: str | None, message: str) -> None:
    with pytest.raises(SymnetError, match=message.replace("*", r"\*")):
        solve(question, where=where)


def test_a_network_has_no_unknown_counts() -> None:
    with pytest.raises(NotationError, match="a repeat needs a number, and 'N' has none"):
        Network.parse("(8,9,9) -> N * [Conv|8|3]")
    assert [symbol.name for symbol in parse_question("1 -> N * [M * [FC|1] -> FC|N]").counts] == ["N", "M"]


@st.composite
def bodies(draw: Any) -> list[Spec]:
    found: list[Spec] = []
    for _ in range(draw(st.integers(1, 2))):
        kind = draw(st.sampled_from(["conv", "same", "causal", "pool", "deconv"]))
        stride = draw(st.integers(1, 3) | st.just("S"))
        extra: tuple[object, ...] = (draw(st.integers(0, 2) | st.just("P")),) if kind in ("conv", "deconv") else ()
        found.append((kind, draw(st.integers(1, 4)), stride, *extra, *((1,) if kind == "conv" else ())))
    return found


@settings(max_examples=examples(150))
@given(
    st.integers(3, 24) | st.just("W"),
    bodies(),
    st.integers(1, 9) | st.sampled_from([None, "input"]),
    st.booleans(),
    st.booleans(),
)
def test_random_repeats(size: object, body: list[Spec], target: object, tail: bool, exact: bool) -> None:
    if target == "input" and size != "W":
        return
    most = 4
    bounds = {"W": (1, 15), "S": (1, 3), "P": (0, 2)}
    met = [size, *(value for layer in body for value in layer[1:])]
    box = {name: ends for name, ends in bounds.items() if name in met}
    asked = "" if target is None else " = input" if target == "input" else f" = (1, {target})"
    end: list[Spec] = [("pool", 2, 2)] if tail else []
    text = " -> ".join([f"(1, {size})", f"N * [{notation(body)}]", *([notation(end)] if tail else [])]) + asked
    where = ", ".join([f"N <= {most}", *(f"{name} <= {high}" for name, (_, high) in box.items())])
    answer = solve(text, where=where, exact=exact)
    assert answer.complete, answer.reason
    assert not answer.theorem.hypotheses
    expected = [
        {"N": count, **one}
        for count in range(1, most + 1)
        for one in brute(size, body * count + end, target, box, exact=exact)  # type: ignore[arg-type]
    ]
    names = ["N", *box]
    got = [{name: one[name] for name in names} for one in answer.numeric()]
    assert sorted(got, key=lambda one: [*one.values()]) == expected


@settings(max_examples=examples(60))
@given(bodies(), st.integers(1, 5) | st.none(), st.booleans(), st.data())
def test_random_repeats_with_parameters(body: list[Spec], target: object, exact: bool, data: Any) -> None:
    bounds = {"W": (1, 12), "S": (1, 3), "P": (0, 2)}
    box = {
        name: ends for name, ends in bounds.items() if name in ("W", *(value for layer in body for value in layer[1:]))
    }
    asked = "" if target is None else f" = (1, {target})"
    told = data.draw(st.lists(st.sampled_from(["N", *box]), min_size=1, max_size=len(box), unique=True))
    answer = solve(f"(1, W) -> N * [{notation(body)}]{asked}", for_=told, where="N <= 2", exact=exact)
    assert answer.unknowns == tuple(told)
    if not answer.complete:
        assert answer.reason
        return
    assert {one["symbol"] for one in answer.classes} <= set(told)
    solutions = [
        {"N": count, **one}
        for count in (1, 2)
        for one in brute("W", body * count, target, box, exact=exact)  # type: ignore[arg-type]
    ]
    for numbers in product(range(1, 4), *(range(low, high + 1) for low, high in box.values())):
        point = dict(zip(["N", *box], numbers, strict=True))
        assert (point in answer) is (point in solutions)
