"""Pooling: max, average, Lp, global, adaptive; ceil_mode; what the frameworks take for granted and refuse."""

from __future__ import annotations

import pytest

from tests.layers.asking import output, parameters, refusal, sizes, work


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("(3*24*24) -> Maxpool|2*2", (3, 12, 12)),
        ("(3*24*25) -> Maxpool|2*3|2*1", (3, 12, 23)),
        ("(3*7) -> Maxpool|3", (3, 2)),
        ("(3*7*8*9) -> Avgpool|2|2|1*0*1", (3, 4, 4, 5)),
        ("(3*7*7) -> Avgpool|3|2|same", (3, 4, 4)),
        ("(3*7*7) -> Avgpool|3|2|same|ceil_mode=yes", (3, 4, 4)),
        ("(3*8*8) -> Maxpool|3|2|ceil_mode=yes", (3, 4, 4)),
        ("(3*8*8) -> Maxpool|2|2|1|ceil_mode=yes", (3, 5, 5)),
        ("(3*9*9) -> Maxpool|2|2|1|ceil_mode=yes", (3, 5, 5)),  # clamped
        ("(3*9*9) -> Maxpool|3|2|framework=onnx", (3, 4, 4)),
        ("(3*9*9) -> Maxpool|3|framework=onnx", (3, 7, 7)),  # its stride is 1 unless given
        ("(3*9*9) -> Maxpool|3|framework=torch", (3, 3, 3)),
        ("(3*9*9) -> Maxpool|3|framework=keras", (3, 3, 3)),
        ("(3*9*9) -> Avgpool|3|2|framework=tensorflow", (3, 4, 4)),
        ("(3*9*9) -> LpPool|3|2|norm=3|ceil_mode=yes", (3, 4, 4)),
        ("(3*9*9) -> GlobalAvgPool", (3,)),
        ("HWC:9x9x3 -> GlobalMaxPooling2D|keepdims=yes", (1, 1, 3)),
        ("(3*9*9) -> GAP|framework=onnx", (3, 1, 1)),
        ("(16, 8) -> LSTM|4|return_sequences=yes -> GlobalAvgPool", (4,)),
        ("(3*9*9) -> AdaptiveAvgPool|7", (3, 7, 7)),
        ("(3*9*9) -> AdaptiveAvgPool2d|1*2", (3, 1, 2)),
        ("(3*9*9) -> AdaptiveMaxPool|1", (3, 1, 1)),
    ],
)
def test_sizes(network: str, expected: tuple[int, ...]) -> None:
    assert sizes(network) == expected
    if "LSTM" not in network:
        assert parameters(network) == work(network) == 0


@pytest.mark.parametrize(
    ("network", "expected"),
    [  # ONNX backend node tests, as recorded
        ("(1*2) -> Maxpool|1|2|ceil_mode=yes|framework=onnx", 1),  # ceil_output_size_reduce_by_one
        ("(1*2) -> Maxpool|3|3|1|ceil_mode=yes|framework=onnx", 1),  # ceil_last_window_starts_on_pad
        ("(1*32) -> Avgpool|5|3|dilation=2|framework=onnx", 8),  # averagepool_3d_dilations_large
        ("(1*32) -> Avgpool|5|3|dilation=2|ceil_mode=yes|framework=onnx", 9),
    ],
)
def test_onnx_node_tests(network: str, expected: int) -> None:
    assert sizes(network) == (1, expected)


def test_stacks_that_never_clamp_collapse() -> None:
    assert output("(3*W*W) -> Maxpool|3|2|ceil_mode=yes -> Maxpool|2|ceil_mode=yes")[1] == "(W + 2)//4"
    assert output("(3*W*W) -> Maxpool|F|ceil_mode=yes")[1] == "(W + F - 1)//F"
    assert output("(3*W*W) -> Maxpool|2|2|1|ceil_mode=yes")[1].startswith("min(")


BAD = [
    ("784 -> Maxpool|2", "needs channels and at least one axis, got a vector; reshape it before"),
    ("(3*5*5) -> MaxPool1d|2", "is for channels and 1 axis, got 2 axes"),
    ("(3*5*5) -> Maxpool|2*2*2", "kernel has 3 sizes for 2 axes"),
    ("(3*5*5) -> Maxpool|0", "kernel must be at least 1, got 0"),
    ("(3*5*5) -> Maxpool|2|ceil_mode=maybe", "ceil_mode must be yes or no, got 'maybe'"),
    ("(3*5*5) -> Maxpool|6", "H and W: 6 ≤ 5 + 2·0 (= 5) does not hold"),
    ("(3*5*5) -> Maxpool|9|3|ceil_mode=yes", "H and W: 9 ≤ 5 + 2·0 + 3 − 1 (= 7) does not hold; a kernel of at most 7"),
    ("(3*5*5) -> LpPool|2|norm=big", "norm must be a number, got 'big'"),
    (
        "(3*5*5) -> Maxpool|2|1|2|framework=torch",
        "PyTorch pads a pool by at most half its kernel: 2 ≤ ⌊2/2⌋ (= 1) does not hold",
    ),
    ("(3*5*5) -> Maxpool|2|2|same|framework=torch", "PyTorch has no padding='same'; write ZeroPad before it"),
    ("(3*5*5) -> Maxpool|2|2|(0, 1)|framework=torch", "PyTorch has the same padding before and after only"),
    ("(3*5*5) -> Avgpool|2|dilation=2|framework=torch", "PyTorch has no dilation here"),
    ("(3*5*5) -> LpPool|2|2|1|framework=torch", "PyTorch has no amounts of padding"),
    ("(3*5*5) -> Maxpool|2|ceil_mode=yes|framework=keras", "Keras has no ceil_mode; pad unevenly before it (ZeroPad)"),
    ("(3*5*5) -> Maxpool|2|2|1|framework=keras", "Keras has no amounts of padding; write ZeroPad before it"),
    ("(3*5*5) -> Maxpool|2|dilation=2|framework=keras", "Keras has no dilation here"),
    ("(3*5*5) -> LpPool|2|framework=keras", "Keras has no such layer"),
    ("(3*5*5) -> GlobalAvgPool1D", "is for channels and 1 axis, got 2 axes"),
    ("12 -> GlobalAvgPool", "needs channels and at least one axis, got a vector"),
    ("(3*5*5) -> AdaptiveAvgPool|0", "output must be at least 1, got 0"),
    ("(3*5*5) -> AdaptiveAvgPool|1*2*3", "the output size has 3 sizes for 2 axes"),
    ("12 -> AdaptiveAvgPool|1", "needs channels and at least one axis, got a vector"),
    ("(3*5*5) -> AdaptiveAvgPool|7|framework=onnx", "ONNX has no such layer"),
]


@pytest.mark.parametrize(("network", "words"), BAD, ids=[network for network, _ in BAD])
def test_bad_arguments(network: str, words: str) -> None:
    assert words in refusal(network)
