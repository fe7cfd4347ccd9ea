"""Layers that only add, drop, repeat or rearrange entries."""

from __future__ import annotations

import pytest

from tests.layers.asking import output, parameters, refusal, sizes, work


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("(3*5*6) -> ZeroPad|1", (3, 7, 8)),
        ("(3*5*6) -> ZeroPad|(1, 2)", (3, 8, 9)),
        ("(3*5*6) -> ZeroPad|1*2", (3, 7, 10)),
        ("HWC:5x6x3 -> ZeroPadding2D|(0, 1)*(2, 3)", (6, 11, 3)),
        ("(3*5*6) -> ReflectionPad2d|4", (3, 13, 14)),
        ("(3*5) -> CircularPad|5", (3, 15)),
        ("(3*5*6) -> ReplicationPad|7", (3, 19, 20)),
        ("(3*5*6) -> Cropping|1", (3, 3, 4)),
        ("(3*5*6) -> Cropping2D|(0, 4)*(2, 3)", (3, 1, 1)),
        ("(3*5*6) -> Upsample|2", (3, 10, 12)),
        ("(3*5*6) -> UpSampling2D|2*3|interpolation=bilinear", (3, 10, 18)),
        ("(3*5*6) -> Resize|7", (3, 7, 7)),
        ("HWC:5x6x3 -> Resizing|7*8", (7, 8, 3)),
        ("(18*5*6) -> PixelShuffle|3", (2, 15, 18)),
        ("(3*6*9) -> PixelUnshuffle|3", (27, 2, 3)),
        ("HWC:6x9x3 -> SpaceToDepth|3", (2, 3, 27)),
        ("(8*5) -> PixelShuffle|2", (4, 10)),
    ],
)
def test_sizes(network: str, expected: tuple[int, ...]) -> None:
    assert sizes(network) == expected
    assert parameters(network) == work(network) == 0


def test_symbols() -> None:
    assert output("(C*H*W) -> ZeroPad|P") == ("C", "H + 2*P", "W + 2*P")
    assert output("(3*W) -> Cropping|2") == ("3", "W - 4")
    assert output("(C*W) -> Upsample|S") == ("C", "S*W")
    assert output("(8*W*W) -> PixelShuffle|2") == ("2", "2*W", "2*W")
    assert output("(C*W) -> PixelUnshuffle|r") == ("C*r", "W//r")


def test_there_and_back() -> None:
    assert output("(3*W*W) -> ZeroPad|(1, 2) -> Cropping|(1, 2)")[1] == "W"
    assert output("(12*W*W) -> PixelShuffle|2 -> PixelUnshuffle|2") == ("12", "W", "W")


BAD = [
    ("12 -> ZeroPad|1", "needs channels and at least one axis, got a vector"),
    ("(3*5*5) -> ZeroPad|same", "padding 'same' does not exist here; use a number"),
    ("(3*5*5) -> ZeroPad|1*1*1", "has 3 amounts for 2 axes"),
    ("(3*5*5) -> ReflectionPad2d|5", "padding with mode=reflect needs enough entries to copy: 5 < 5 does not hold"),
    ("(3*5*5) -> CircularPad|6", "padding with mode=circular needs enough entries to copy: 6 ≤ 5 does not hold"),
    (
        "(3*5*5) -> ZeroPad|1|mode=mirror",
        "mode must be one of zeros, constant, reflect, replicate, circular, got 'mirror'",
    ),
    ("(3*5*5) -> Cropping|3", "3 + 3 + 1 ≤ 5 does not hold; at most 4 of 5 entries can be dropped"),
    ("(3*5*5) -> ZeroPadding1D|1", "is for channels and 1 axis, got 2 axes"),
    ("(3*5*5) -> Upsample|0", "factor must be at least 1, got 0"),
    ("(3*5*5) -> Upsample|1*2*3", "factor has 3 sizes for 2 axes"),
    ("(3*5*5) -> Resize|1*2*3", "the output size has 3 sizes for 2 axes"),
    ("(6*5*5) -> PixelShuffle|2", "the channels must fill whole blocks: 2·2 ∣ 6 does not hold"),
    ("(6*5*5) -> PixelUnshuffle|2", "2 ∣ 5 does not hold"),
]


@pytest.mark.parametrize(("network", "words"), BAD, ids=[network for network, _ in BAD])
def test_bad_arguments(network: str, words: str) -> None:
    assert words in refusal(network)
