"""Sizes that no theorem says are said to be so by definition, with the sum or product that they are."""

from __future__ import annotations

import pytest

from symnet import Network


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "(3,8,8) -> Conv|8|3|1|1 @a -> Conv|4|3|1|1 -> Concat|a -> Flatten -> FC|10",
            [
                "Gives 12 × 8 × 8, by definition (tensors one after another along one size, the channels unless axis says which); "
                "no parameters. 4 + 8 = 12.",
                "Gives 768, by definition (all numbers in one row: (C, H, W) becomes (C·H·W,)); no parameters. 12·8·8 = 768.",
                "Sizes that are so by definition of the layer: those of concat1, flatten1, dense1.",
            ],
        ),
        (
            "(3,H,W) -> AdaptiveAvgPool|7 -> BN -> ReLU",
            [
                "Gives 3 × 7 × 7, by definition (adaptive average pooling to a fixed size); no parameters.",
                "Gives 3 × 7 × 7.",
                "Sizes that are so by definition of the layer: those of adaptiveavgpool1.",
            ],
        ),
        ("4 -> FC|3 -> FC|2", ["Gives 3, by definition (a dense (fully connected) layer:", "Gives 2, by definition."]),
    ],
)
def test_what_is_so_by_definition_says_so(text: str, sentences: list[str]) -> None:
    report = " ".join(Network.parse(text).report("text").split())
    assert [sentence for sentence in sentences if sentence not in report] == []


def test_windows_are_theorems_and_not_definitions() -> None:
    assert "by definition of the layer" not in Network.parse("(3,8,8) -> Conv|8|3 -> Maxpool|2 -> BN").report("text")
