"""A size 1 stretches in a join, also one that a layer has made."""

from __future__ import annotations

import pytest

from symnet import solve


@pytest.mark.parametrize(
    ("network", "answer"),
    [
        ("(16*W*W) @a -> Mean|2*3|keepdims=yes -> Conv|16|1 -> Multiply|a", "W ≥ 1"),
        ("(16*W*W) @a -> AdaptiveAvgPool|1 -> Conv|4|1 -> Conv|16|1 -> Multiply|a -> Conv|8|7", "W ≥ 7"),
        ("(16*W*W) @a -> AdaptiveAvgPool|3 -> Conv|16|3 -> Multiply|a", "W ≥ 1"),
        ("(3*H*W) @a -> Maxpool|H*W -> Multiply|a", "any H, W"),
        ("(16*W*W) @a -> Maxpool|W -> Multiply|a -> Conv|8|7", "W ≥ 7"),
        ("(16*W*W) @a -> Conv|16|W|F -> Conv|16|1 -> Multiply|a", "any W, F"),
        ("(16*W*W) @a -> AdaptiveAvgPool|3 -> Conv|16|2 -> Multiply|a", "W ∈ {2}"),
    ],
)
def test_squeeze_and_excitation_of_any_size(network: str, answer: str) -> None:
    assert str(solve(network, valid=True)) == answer
