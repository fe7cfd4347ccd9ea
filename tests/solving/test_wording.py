"""How answers and refusals are worded."""

from __future__ import annotations

import re
from typing import Any

import pytest

from symnet import LayerError, Network, SymnetError, solve
from symnet.notation.parse import parse_question
from symnet.render.answers import plain

HALVED = "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)"


def test_channels_that_are_not_those_asked_for() -> None:
    said = plain(solve("(1*W*W) -> Conv|64|3 = (1,_,_)")).splitlines()[0]
    assert said.startswith("No solution: the network gives 64 channels or units, and the question asks for 1.")


def test_conditions_that_always_hold_are_counted() -> None:
    layers = " -> ".join(["Conv|8|3|1|1"] * 15)
    said = plain(solve(f"(3*H*W) -> {layers} -> Maxpool|2 = (_,7,7)"))
    assert re.search(r"⌊W/2⌋ = 7.* \(\d+ other conditions always hold\)", said)
    assert "conditions)" not in said


def test_conditions_that_are_left_out_are_counted() -> None:
    layers = " -> ".join(["Conv|8|3 -> Maxpool|2"] * 12)
    said = plain(solve(parse_question(f"(3*H*W) -> {layers}"), for_="W", exact=True))
    assert re.search(r", … and \d+ more conditions", said)
    assert "more) (" not in said


def test_two_conditions_of_a_join_are_one_sentence() -> None:
    with pytest.raises(LayerError) as refused:
        Network.parse("(3*11*9) @a -> Maxpool|2 -> Upsample|2 -> Add|a")
    assert str(refused.value).endswith("an input with H ≡ 0 (mod 2), H ≥ 2 and W ≡ 0 (mod 2), W ≥ 2 would fit")


def test_sizes_have_names_and_their_conditions_stand_once() -> None:
    said = plain(solve("(1,W,W) -> Conv|8|5|4|0 -> Conv|8|1|1|0 = (_,10,10)")).splitlines()
    assert (
        said[1]
        == "  [1] W₁ = #{k ≥ 0 : k·4 + 5 ≤ W + 2·0} = ⌊(W − 5 + 2·0)/4⌋ + 1 = ⌊(W − 1)/4⌋   (conv1: window count)"
    )
    assert said[3] == "  [3] W ≥ 5, W₁ ≥ 1, W₂ = 10   (what is asked of these sizes)"
    assert not any("2·0" in line for line in said[3:])


def test_remainders_are_worked_out_layer_by_layer() -> None:
    """Every line is a theorem: what a layer asks, in the letter that is known so far."""
    with open("examples/unet.net", encoding="utf-8") as file:
        found = solve(parse_question(file.read()), for_="W", exact=True)
    said = plain(found).splitlines()
    assert said[1:7] == [
        "  [1] 2 ∣ W − 6 ⇔ W = 2·a   (maxpool1: no entry is dropped)",
        "  [2] 2 ∣ ⌊(W − 12)/2⌋ − 2 ⇔ 2 ∣ a − 8 ⇔ a = 2·b, so W = 4·b   (maxpool2: no entry is dropped)",
        "  [3] 2 ∣ ⌊(W − 28)/4⌋ − 2 ⇔ 2 ∣ b − 9 ⇔ b = 2·c + 1, so W = 8·c + 4   (maxpool3: no entry is dropped)",
        "  [4] 2 ∣ ⌊(W − 60)/8⌋ − 2 ⇔ 2 ∣ c − 9 ⇔ c = 2·d + 1, so W = 16·d + 12   (maxpool4: no entry is dropped)",
        "  [5] 4·⌊(W − 124)/16⌋ − 10 ≥ 3 ⇔ 4·(d − 7) − 10 ≥ 3 ⇔ d ≥ 11   (conv14: the kernel fits)",
        "  [6] ⇔ W ≡ 12 (mod 16), W ≥ 188   (these layers together; what the others ask follows)",
    ]
    for step in found.derivation:
        assert not step.theorem.hypotheses


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        (HALVED, {"exact": True}, "No solution that drops nothing: S = 2 would do, but conv1 drops 1."),
        (HALVED, {"where": "S>=3"}, "No solution: S ≥ 3 leaves none; without it S = 2 would do."),
        (
            "(1,W,W) -> Maxpool|2 -> Deconv|1|2|2 = input",
            {"where": "W%2=1"},
            "No solution: W mod 2 = 1 leaves none; without it W = 2 would do.",
        ),
        ("(1,W,W) -> Conv|8|4|1|P = (_,W,W)", {"every": "W"}, "No solution: nothing does for every size, as what is left at W = 1;"),
        ("(1,W,W) -> Conv|8|5 -> Maxpool|2 = (_,10,11)", {}, "No solution. The nearest"),
        ("(3,W,W) -> Conv|64|F|1|P = (64,W,W)", {"for_": "P"}, "P = (F − 1)/2, F odd; no P for even F."),
    ],
)  # fmt: skip
def test_what_leaves_no_solution_is_said(question: str, options: dict[str, Any], expected: str) -> None:
    assert plain(solve(question, **options)).startswith(expected)


@pytest.mark.parametrize(("target", "verdict"), [("112,112", "holds"), ("100,112", "does not hold")])
def test_a_question_without_unknowns_says_what_the_network_gives(target: str, verdict: str) -> None:
    with pytest.raises(SymnetError) as refused:
        solve(f"(3,224,224) -> Conv|64|7*7|2|3 = (64,{target})")
    assert f"it {verdict}: the network gives 64 × 112 × 112" in str(refused.value)


def test_usual_answers_come_first() -> None:
    found = solve("(3,224,224) -> Conv|64|3|S|P = (64,56,56)", where="P<=50")
    assert [one.named for one in found][:2] == [{"S": 4, "P": 0}, {"S": 4, "P": 1}]
    widths = solve("(3,8,8) -> Conv|K|3 -> Flatten = (1152)", where="K>=8", budget="parameters<=1M")
    assert str(widths) == "K ∈ {32}"


def test_every_letter_that_is_free_is_said_to_be() -> None:
    assert str(solve("(3,H,W) -> Conv|8|5|1|2 -> Conv|3|3|1|1 = input")) == "any H, W"
    assert str(solve("(3,W,W) -> Conv|8|5|1|2 = (8,_,_)")) == "W ≥ 1"
