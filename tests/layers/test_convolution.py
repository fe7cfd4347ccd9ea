"""Convolution: axes, paddings, groups, depthwise, separable; parameters as Keras counts them."""

from __future__ import annotations

from itertools import product
from math import prod

import pytest

from symnet.layers.declaration.windows import windows
from symnet.layers.kinds.convolution import Conv
from symnet.layers.laws.padding import Padding
from symnet.terms.term import integer
from tests.layers.asking import output, parameters, refusal, sizes, work


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("(4*10) -> Conv|8|3", (8, 8)),
        ("(4*10*12) -> Conv|8|3*5|2*1|1*0", (8, 5, 8)),
        ("(1*8*9*10) -> Conv3D|2|1*2*3|1*2*3|0*1*2|dilation=1*2*1", (2, 8, 5, 4)),
        ("(3*5*5) -> Conv|8|3|1|(0, 1)", (8, 4, 4)),
        ("(3*5*6) -> Conv|8|3|1|(0, 1)*(2, 2)", (8, 4, 8)),
        ("(3*7*7) -> Conv|8|3|2|same", (8, 4, 4)),
        ("(3*7*7) -> Conv|8|3|2|same_lower", (8, 4, 4)),
        ("(3*7*7) -> Conv|8|3|2|valid", (8, 3, 3)),
        ("HWC:7x3 -> Conv1D|8|3|2|causal|dilation=4", (4, 8)),
        ("(3*7*7) -> Conv|8|3|padding=same|stride=3", (8, 3, 3)),
        ("HWC:28x28x1 -> Conv|32|5", (24, 24, 32)),
        ("(6*7*7) -> Conv|8|3|groups=2|bias=no", (8, 5, 5)),
        ("(6*7*7) -> DWConv|3|multiplier=2", (12, 5, 5)),
        ("(6*7*7) -> SeparableConv|4|3|2|same", (4, 4, 4)),
        ("(6*7*7) -> Conv|8|3|framework=tensorflow", (8, 5, 5)),
    ],
)
def test_sizes(network: str, expected: tuple[int, ...]) -> None:
    assert sizes(network) == expected


KERAS = [  # from keras/src/layers/convolutional/*_test.py and by counting the shapes that build() adds
    ("HWC:10x10x4 -> Conv2D|16|3", 3 * 3 * 4 * 16 + 16),
    ("HWC:10x10x4 -> Conv2D|16|3*2|groups=2", 3 * 2 * 2 * 16 + 16),
    ("HWC:10x4 -> Conv1D|6|5|use_bias=no", 5 * 4 * 6),
    ("HWC:6x6x6x4 -> Conv3D|2|3", 27 * 4 * 2 + 2),
    ("HWC:10x10x4 -> DepthwiseConv2D|3|depth_multiplier=3", 3 * 3 * 4 * 3 + 12),
    ("HWC:10x4 -> DepthwiseConv1D|3|use_bias=no", 3 * 4),
    ("HWC:10x10x4 -> SeparableConv2D|16|3|depth_multiplier=2", 3 * 3 * 4 * 2 + 8 * 16 + 16),
    ("HWC:10x4 -> SeparableConv1D|16|3|use_bias=no", 3 * 4 + 4 * 16),
]


@pytest.mark.parametrize(("network", "expected"), KERAS)
def test_parameters(network: str, expected: int) -> None:
    assert parameters(network) == expected


def multiply_adds(channels: int, filters: int, groups: int, kernel: tuple[int, ...], out: tuple[int, ...]) -> int:
    """Every product of an input entry and a weight, one by one."""
    share, total = channels // groups, 0
    for _ in product(range(filters), *map(range, out), range(share), *map(range, kernel)):
        total += 1
    return total


@pytest.mark.parametrize(
    ("network", "channels", "filters", "groups", "kernel"),
    [
        ("(3*6*6) -> Conv|4|3|2|1", 3, 4, 1, (3, 3)),
        ("(4*6*5) -> Conv|6|3*2|groups=2", 4, 6, 2, (3, 2)),
        ("(4*6*5) -> Depthwise|3", 4, 4, 4, (3, 3)),
        ("(4*6*5) -> Depthwise|3|multiplier=2", 4, 8, 4, (3, 3)),
    ],
)
def test_multiply_adds(network: str, channels: int, filters: int, groups: int, kernel: tuple[int, ...]) -> None:
    assert work(network) == multiply_adds(channels, filters, groups, kernel, sizes(network)[1:])


def test_separable_work_is_depthwise_and_pointwise() -> None:
    separable = "(4*6*6) -> SeparableConv|5|3|multiplier=2"
    assert work(separable) == work("(4*6*6) -> Depthwise|3|multiplier=2") + work("(8*4*4) -> Conv|5|1")
    first, second = "(4*6*6) -> Depthwise|3|multiplier=2|bias=no", "(8*4*4) -> Conv|5|1"
    assert parameters(separable) == parameters(first) + parameters(second)


def test_grouped_is_many_small_ones() -> None:
    assert parameters("(8*5*5) -> Conv|12|3|groups=4") == 4 * parameters("(2*5*5) -> Conv|3|3")
    assert parameters("(8*5*5) -> Conv|8|3|groups=8") == parameters("(8*5*5) -> Depthwise|3")


def test_symbols() -> None:
    assert output("(C*H*W) -> Conv|K|F|S|P") == ("K", "(H + 2*P - F + S)//S", "(W + 2*P - F + S)//S")
    assert output("(C*H*W) -> Depthwise|3|multiplier=m")[0] == "C*m"
    assert output("(C*W) -> Conv|K|F|S|same") == ("K", "(W + S - 1)//S")


BAD = [
    ("784 -> Conv|8|3", "needs channels and at least one axis, got a vector; reshape it before"),
    ("(1*2*3*4*5) -> Conv|8|1", "moves along at most 3 axes, got 4"),
    ("(3*5*5) -> Conv1D|8|3", "is for channels and 1 axis, got 2 axes"),
    ("(3*5) -> Conv2D|8|3", "is for channels and 2 axes, got 1 axis"),
    ("(3*5*5) -> Conv|8|3*3*3", "kernel has 3 sizes for 2 axes"),
    ("(3*5*5) -> Conv|8|3|1*1*1", "stride has 3 sizes for 2 axes"),
    ("(3*5*5*5) -> Conv|8|3|1|1*1", "padding has 2 amounts for 3 axes"),
    (
        "(3*5*5) -> Conv|8|9",
        "H and W: 9 ≤ 5 + 2·0 (= 5) does not hold; a kernel of at most 5 or padding of at least 2 or an ",
    ),
    (
        "(3*5*5) -> Conv|8|3|1|(0, 1)|dilation=4",
        "4·(3 − 1) + 1 ≤ 5 + 0 + 1 (= 6) does not hold; a kernel of at most 2 or an ",
    ),
    ("(3*5*5) -> Conv|0|3", "filters must be at least 1, got 0"),
    ("(3*5*5) -> Conv|8|0", "kernel must be at least 1, got 0"),
    ("(3*5*5) -> Conv|8|3|0", "stride must be at least 1, got 0"),
    ("(3*5*5) -> Conv|8|3|1|dilation=0", "dilation must be at least 1, got 0"),
    (
        "(3*5*5) -> Depthwise|3|1|causal",
        "padding 'causal' does not exist here; use a number or valid or same or same_lower",
    ),
    ("(3*5*5) -> Conv|8|3|groups=2", "2 groups cannot share 3 input channels evenly"),
    ("(4*5*5) -> Conv|7|3|groups=2", "2 groups cannot share 7 filters evenly"),
    ("(3*5*5) -> Conv|8|3|framework=jax", "framework must be one of keras, torch, tensorflow, onnx, got 'jax'"),
    (
        "(3*5*5) -> Conv|8|3|2|same|framework=torch",
        "padding='same' for stride 1 only; pad unevenly before it (ZeroPad): 2 = 1",
    ),
    ("(3*5*5) -> Conv|8|3|1|(0, 1)|framework=torch", "PyTorch has the same padding before and after only"),
    ("(3*5*5) -> Conv|8|3|1|same_lower|framework=torch", "PyTorch has no padding='same_lower'"),
    ("(3*5*5) -> Conv|8|3|1|1|framework=keras", "Keras has no amounts of padding; write ZeroPad before it"),
    ("(3*5*5) -> Conv|8|3|2|dilation=2|framework=keras", "Keras takes a stride or a dilation above 1, not both"),
    ("(3*5*5) -> Conv|8|3|1|causal|framework=keras", "Keras has padding='causal' for one axis only"),
    ("(3*5*5) -> Conv|8|3|1|causal|framework=onnx", "ONNX has no auto_pad for it; give pads"),
    ("(3*5*5) -> SeparableConv|8|3|framework=torch", "PyTorch has no such layer"),
]


@pytest.mark.parametrize(("network", "words"), BAD, ids=[network for network, _ in BAD])
def test_bad_arguments(network: str, words: str) -> None:
    assert words in refusal(network)


def test_windows_are_one_an_axis() -> None:
    one, two, three = map(integer, (1, 2, 3))
    found = windows(2, (three,), (one, two), Padding("explicit", ((one, two),)), (one,), None)
    assert [(w.kernel, w.stride, w.before, w.after) for w in found] == [(three, one, one, two), (three, two, one, two)]


def test_constructors_take_what_notation_takes() -> None:
    assert Conv(8, (3, 5), padding="same").notation == "Conv|8|3*5|padding=same"
    assert Conv(8, 3, padding=(1, 2)).notation == "Conv|8|3|padding=1*2"
    assert Conv(8, 3, padding=[(0, 1), (2, 2)]).notation == "Conv|8|3|padding=(0, 1)*(2, 2)"


def test_every_weight_is_counted_once() -> None:
    """The shapes of the arrays against a triple loop."""
    for channels, filters, kernel in product((1, 2, 3), (1, 4), ((1, 1), (3, 2))):
        entries = sum(1 for _ in product(range(filters), range(channels), *map(range, kernel))) + filters
        text = f"({channels}*5*5) -> Conv|{filters}|{kernel[0]}*{kernel[1]}"
        assert parameters(text) == entries == prod(kernel) * channels * filters + filters
