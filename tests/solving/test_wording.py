"""How answers and refusals are worded."""

from __future__ import annotations

import re

import pytest

from symnet import LayerError, Network, solve
from symnet.notation.parse import parse_question
from symnet.render.answers import plain


def test_channels_that_are_not_those_asked_for() -> None:
    said = plain(solve("(1*W*W) -> Conv|64|3 = (1,_,_)")).splitlines()[0]
    assert said.startswith("No solution: the network gives 64 channels or units, and the question asks for 1.")


def test_conditions_that_always_hold_are_counted() -> None:
    layers = " -> ".join(["Conv|8|3|1|1"] * 15)
    said = plain(solve(f"(3*W*W) -> {layers} -> Maxpool|2 = (_,7,7)"))
    assert re.search(r"⌊W/2⌋ = 7.* \(\d+ other conditions always hold\)", said)
    assert "conditions)" not in said


def test_conditions_that_are_left_out_are_counted() -> None:
    layers = " -> ".join(["Conv|8|3 -> Maxpool|2"] * 12)
    said = plain(solve(parse_question(f"(3*W*W) -> {layers}"), for_="W", exact=True))
    assert re.search(r", … and \d+ more conditions", said)
    assert "more) (" not in said


def test_two_conditions_of_a_join_are_one_sentence() -> None:
    with pytest.raises(LayerError) as refused:
        Network.parse("(3*11*9) @a -> Maxpool|2 -> Upsample|2 -> Add|a")
    assert str(refused.value).endswith("an input with H ≡ 0 (mod 2), H ≥ 2 and W ≡ 0 (mod 2), W ≥ 2 would fit")
