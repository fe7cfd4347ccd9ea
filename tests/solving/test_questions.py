"""Every question of the issue, with its answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from symnet.cli import main
from symnet.errors import SymnetError
from symnet.kernel.replay import check_proof
from symnet.solving import Solutions, solve
from tests.counting_calls import work_at_most

ROOT = Path(__file__).parent.parent.parent
FSP = "(3,224,224) -> Conv|64|F|S|P = (64,112,112)"


def net(name: str) -> str:
    return (ROOT / "examples" / name).read_text(encoding="utf-8")


def stated(answer: Solutions) -> str:
    assert answer.complete
    assert not answer.theorem.hypotheses
    return str(answer)


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)", {}, "S ∈ {2}"),
        ("(1,W,W) -> Conv|8|5|4|0 = (_,10,10)", {}, "W ∈ 41..44"),
        ("(1,2,2) -> Deconv|1|3|2|same|output=O = (1,O,O)", {"for_": "O"}, "O ∈ {3, 4}"),
        (net("unet.net"), {"for_": "W", "exact": True}, "W ≡ 12 (mod 16), W ≥ 188"),
        (net("vgg16.net"), {"for_": "W", "exact": True}, "W ≡ 0 (mod 32), W ≥ 32"),
        (net("vgg16.net"), {"for_": "W"}, "W ≥ 32"),
        (net("autoencoder.net"), {"for_": "W"}, "W ≡ 0 (mod 8), W ≥ 8"),
        (net("mlp.net"), {"for_": "K", "budget": "parameters<=1000000"}, "K ∈ 1..678"),
        ("(3,224,224) -> Conv|64|3|1|1 -> Conv|64|3|S|1 -> Maxpool|2 = (64,56,56)", {}, "S ∈ {2}"),
        ("(3,32,32) -> Conv|16|F|1|2 = input", {"where": "F >= 2", "valid": True}, "F ∈ 2..36"),
        ("(1,W,W) -> Conv|8|3|dilation=D = (8,20,20)", {"for_": "D", "where": "W=28"}, "D = 4, if W = 28"),
        ("(g*k, 9, 9) -> Conv|(2*g)|3|groups=4", {"where": "g<=4, k<=2"}, "g = 2, k = 2; g = 4, k = 1; g = 4, k = 2"),
        ("(1,7,7) -> Deconv|1|3|2|1|output_padding=A = (1,14,14)", {}, "A ∈ {1}"),
        ("(3,224,224) -> Conv|64|7*7|S|3 = (64,111,111)", {}, "S ∈ ∅"),
    ],
)
def test_answers(question: str, options: dict[str, Any], expected: str) -> None:
    assert stated(solve(question, **options)) == expected


def test_resnet50_gives_7() -> None:
    path = ROOT / "examples" / "resnet50.net"
    assert stated(solve(f"{path} = (_,7,7)", for_="W")) == "W ∈ 193..224"


def test_all_eleven_and_which_divide_exactly() -> None:
    answer = solve(FSP, where="F<=11, S<=5, P<=5")
    assert len(answer) == 11
    tiles, odd, even, without = (True,), (False,) * 5, (True,) * 4, (False,)
    assert answer.exact == tiles + odd + even + without  # a kernel of 1 with stride 2 sees a quarter of the image
    assert [one["F"] for one in answer] == [2, 3, 5, 7, 9, 11, 4, 6, 8, 10, 1]
    assert {"F": 7, "S": 2, "P": 3} in answer
    assert (8, 2, 3) in answer
    assert {"F": 7, "S": 1, "P": 3} not in answer
    assert answer.dropped({"F": 7, "S": 2, "P": 3})[0].entries == 1
    assert answer.smallest == {"F": 1, "S": 2, "P": 0}
    assert stated(solve(FSP, where="F<=11, S<=5, P<=5", exact=True)).count("F = ") == 5


def test_symbolic_stride() -> None:
    answer = solve("(1,N,N) -> Conv|1|F|S|P = (1,o,o)", for_="S")
    first, second = answer.classes
    assert (first["minimum"], first["maximum"]) == ("(N - F + 2*P)//o + 1", "(N - F + 2*P)//(o - 1)")
    assert first["conditions"] == ["F <= N + 2*P", "2 <= o"]
    assert (second["minimum"], second["maximum"]) == ("(N - F + 2*P)//o + 1", None)
    values = {"N": 224, "F": 7, "P": 3, "o": 112}
    assert [stride for stride in range(1, 9) if {"S": stride, **values} in answer] == [2]


@pytest.mark.parametrize("unknown", ["N", "F", "P", "o"])
def test_every_other_letter_alone(unknown: str) -> None:
    answer = solve("(1,N,N) -> Conv|1|F|S|P = (1,o,o)", for_=unknown)
    for size in (5, 8, 13):
        for stride in (1, 2, 3):
            values = {"N": size, "F": 3, "S": stride, "P": 1, "o": (size - 1) // stride + 1}
            for value in range(30):
                point = {**values, unknown: value}
                if min(point["N"], point["F"], point["o"]) < 1:
                    continue
                gap = point["N"] - point["F"] + 2 * point["P"]
                assert (point in answer) is (gap >= 0 and gap // point["S"] + 1 == point["o"])


def test_budgets_together() -> None:
    question = "(3,64,64) -> Conv|K|3|2|1 -> Conv|(2*K)|3|2|1 -> FC|10"
    answer = solve(question, budget="parameters<=100000, multiply_adds<=10**7, activations<=60000")
    largest = max(answer)

    def fits(k: int) -> bool:
        parameters = (27 + 1) * k + (9 * k + 1) * 2 * k + (2 * k * 256 + 1) * 10
        work = 27 * k * 1024 + 9 * k * 2 * k * 256 + 2 * k * 256 * 10
        return parameters <= 100_000 and work <= 10**7 and 1024 * k + 2 * k * 256 + 10 <= 60_000

    assert [k for k in range(1, 100) if fits(k)] == sorted(answer) == list(range(1, largest + 1))


def test_two_widths_under_one_budget() -> None:
    answer = solve("784 -> FC|A -> FC|B -> FC|10", budget="parameters<=4000")
    pairs = {(a, b) for a in range(1, 10) for b in range(1, 500) if 785 * a + (a + 1) * b + 10 * (b + 1) <= 4000}
    assert {tuple(one.values()) for one in answer.numeric()} == pairs
    assert len(answer) == len(pairs)


def test_branches_with_unknown_paddings() -> None:
    answer = solve("(1,W,W) @x -> Conv|8|3|2|P @a -> From|x -> Conv|8|5|2|Q -> Add|a", where="W<=12, P<=3, Q<=3")
    expected = {
        (w, p, q)
        for w in range(1, 13) for p in range(4) for q in range(4)
        if w + 2 * p >= 3 and w + 2 * q >= 5 and (w - 3 + 2 * p) // 2 == (w - 5 + 2 * q) // 2
    }  # fmt: skip
    assert {(one["W"], one["P"], one["Q"]) for one in answer.numeric()} == expected


def test_padding_that_equals_same() -> None:
    question = "(1,{0},{0}) @x -> Conv|8|7|2|P @a -> From|x -> Conv|8|7|2|padding=same -> Add|a"
    assert stated(solve(question.format(224))) == "P ∈ {3}"
    assert stated(solve(question.format(225))) == "P ∈ {3}"
    always = solve(question.format("W"), where="P = 3")
    assert [size for size in range(1, 60) if (size, 3) in always] == list(range(1, 60))


def test_strides_that_multiply() -> None:
    answer = solve("(1,224,224) -> Conv|8|3|S|1 -> Conv|8|3|T|1 = (8,56,56)")
    assert {tuple(one.values()) for one in answer} == {(1, 4), (2, 2), (4, 1)}


def test_no_solution_says_what_is_near() -> None:
    answer = solve("(3,224,224) -> Conv|64|7*7|S|3 = (64,111,111)")
    assert len(answer) == 0
    assert not answer
    assert [(near.size, near.example) for near in answer.nearest] == [(75, {"S": 3}), (112, {"S": 2})]


def test_out_of_reach_is_said_at_once() -> None:
    answer = solve("(1,W,W) -> Conv|8|3|S -> Conv|8|3|S|1 = (8,4,4)", exact=True)
    if not answer.complete:
        assert answer.reason
        assert answer.to_json()["complete"] is False
        with pytest.raises(SymnetError, match="not known"):
            len(answer)


def test_json_is_as_promised() -> None:
    data = solve("(1,W,W) -> Conv|8|5|4|0 = (_,10,10)").to_json()
    (theorem,) = check_proof(data.pop("proof"))
    assert not theorem.hypotheses
    steps = data.pop("steps")
    assert steps >= 1
    assert data == {
        "unknowns": ["W"],
        "finite": True,
        "solutions": [{"W": 41}, {"W": 42}, {"W": 43}, {"W": 44}],
        "set": "W ∈ 41..44",
        "classes": [],
        "count": 4,
        "complete": True,
        "exact": [True, False, False, False],
        "checked": True,
        "reason": None,
    }
    data = solve(net("unet.net"), for_="W", exact=True).to_json()
    assert data["classes"] == [{"symbol": "W", "residue": 12, "modulus": 16, "minimum": 188, "maximum": None}]
    assert (data["finite"], data["solutions"], data["count"], data["exact"]) == (False, [], None, [True])


def test_the_name_of_the_package_is_the_function() -> None:
    import symnet
    import symnet.solving

    assert symnet.solve("(1,W,W) -> Conv|8|5|4|0 = (_,10,10)").smallest == 41  # type: ignore[operator]


def test_wrong_input_is_refused_in_words() -> None:
    with pytest.raises(SymnetError, match="did you mean 'S'"):
        solve("(3,9,9) -> Conv|64|3|S = (64,4,4)", for_="s")
    with pytest.raises(SymnetError, match="'T' is not in the question"):
        solve("(3,9,9) -> Conv|64|3|S = (64,4,4)", where="T<=4")
    with pytest.raises(SymnetError, match="did you mean 'parameters'"):
        solve("(3,9,9) -> Conv|64|3|S", budget="parametres<=4")
    with pytest.raises(SymnetError, match="target has 2 sizes"):
        solve("(3,9,9) -> Conv|64|3|S = (4,4)")
    with pytest.raises(SymnetError, match="no unknown"):
        solve("(3,9,9) -> Conv|64|3|2 = (64,4,4)")


@pytest.mark.parametrize(
    ("asked", "holds"), [("", True), (" = (64,112,112)", True), (" = (64,111,111)", False), (" = (_,112,_)", True)]
)
def test_a_question_without_unknowns_says_what_the_network_gives(
    asked: str, holds: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solve", f"(3,224,224) -> Conv|64|7|2|3{asked}"]) == (0 if holds else 1)
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith(
        f"64 × 112 × 112. There is no unknown, and the question {'holds' if holds else 'does not hold'}"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "(3*W*W) -> 40 * [Conv|K|3|S|P] = (K, 7, 7)",
        "(1*W*W) -> 100 * [Conv|1|F|1|P] = (1, 7, 7)",
        "(1*W) -> 90 * [Deconv|1|F|S|P] = (1, 7)",
    ],
)
def test_many_layers_with_the_same_letters_are_refused_soon(text: str) -> None:
    with work_at_most(12_000_000):
        answer = solve(text)
    assert not answer.complete
