"""Receptive fields against the table of Araujo, Norris and Sim (RECEPTIVE_FIELD_TABLE.md of google-research/receptive_field).

The table is of TF-Slim's networks; those that notation can express are written here as Slim builds them, end-point by
end-point, on images of 224 and 321: what SAME pads depends on the image.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from symnet.network.network import Network
from symnet.network.receptive import receptive_fields

EXAMPLES = Path(__file__).parent.parent.parent / "examples"

ALEXNET = {"conv1": (11, 4, 0), "pool1": (19, 8, 0), "conv2": (51, 8, 16), "conv3": (99, 16, 32),
           "conv4": (131, 16, 48), "conv5": (163, 16, 64), "pool5": (195, 32, 64)}  # fmt: skip
VGG = {"conv1": (3, 1, 1), "maxpool1": (6, 2, 2), "conv3": (10, 2, 4), "maxpool2": (16, 4, 6), "conv5": (24, 4, 10),
       "conv6": (32, 4, 14), "maxpool3": (44, 8, 18), "conv8": (60, 8, 26), "conv9": (76, 8, 34),
       "maxpool4": (100, 16, 42), "conv11": (132, 16, 58), "conv12": (164, 16, 74), "maxpool5": (212, 32, 90)}  # fmt: skip
#: Conv2d_0, then Conv2d_1_pointwise, …: size and stride, padding at 224 and at 321.
MOBILENET = ((3, 2, 0, 1), (7, 2, 2, 3), (11, 4, 2, 5), (19, 4, 6, 9), (27, 8, 6, 13), (43, 8, 14, 21), (59, 16, 14, 29),
             (91, 16, 30, 45), (123, 16, 46, 61), (155, 16, 62, 77), (187, 16, 78, 93), (219, 16, 94, 109),
             (251, 32, 94, 125), (315, 32, 126, 157))  # fmt: skip
RESNET = {
    "block1": (35, 8, 15, 17),
    "block2": (99, 16, 47, 49),
    "block3": (291, 32, 143, 145),
    "block4": (483, 32, 239, 241),
}
INCEPTION = {"Conv2d_1a_3x3": (3, 2, 0), "Conv2d_2a_3x3": (7, 2, 0), "Conv2d_2b_3x3": (11, 2, 2), "MaxPool_3a_3x3": (15, 4, 2),
             "Conv2d_4a_3x3": (23, 4, 2), "MaxPool_5a_3x3": (31, 8, 2), "Mixed_5b": (63, 8, 18), "Mixed_5c": (95, 8, 34),
             "Mixed_5d": (127, 8, 50), "Mixed_6a": (159, 16, 58), "Mixed_6b": (351, 16, 154), "Mixed_6c": (543, 16, 250),
             "Mixed_6d": (735, 16, 346), "Mixed_6e": (927, 16, 442), "Mixed_7a": (1055, 32, 490), "Mixed_7b": (1183, 32, 554),
             "Mixed_7c": (1311, 32, 618)}  # fmt: skip


def fields(net: Network) -> dict[str, tuple[int, ...]]:
    """By layer: size, stride and padding, the same on both axes."""
    found: dict[str, tuple[int, ...]] = {}
    for place, seen in zip(net.placed, receptive_fields(net.placed), strict=True):
        numbers = {(f.size.constant, f.stride.constant, f.padding.constant) for f in seen if f is not None}
        if len(numbers) == 1:
            found[place.name] = numbers.pop()  # type: ignore[assignment]
    return found


def labelled(net: Network) -> dict[str, tuple[int, ...]]:
    names = dict(zip([place.name for place in net.placed[1:]], (node.label for node in net.graph.nodes), strict=True))
    return {names[name] or "": field for name, field in fields(net).items() if name in names}


def example(name: str) -> str:
    return (EXAMPLES / f"{name}.net").read_text(encoding="utf-8")


@cache
def slim_mobilenet(size: int) -> Network:
    """MobileNet with SAME wherever Keras pads by itself."""
    text = example("mobilenet_v1").replace("ZeroPad|(0, 1) -> Depthwise|3|2|", "Depthwise|3|2|same|")
    return Network.parse(re.sub(r"let W = \d+", f"let W = {size}", text))


def slim_resnet(size: int) -> Network:
    """resnet_v1_50: the last unit of a block halves the image; a strided 3x3 pads evenly, the first pool is SAME."""
    text = f"HWC:{size}x{size}x3 -> ZeroPad|3 -> Conv|64|7|2 -> Maxpool|3|2|same"
    for block, (filters, units) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3)), start=1):
        for unit in range(1, units + 1):
            stride = 2 if unit == units and block < 4 else 1
            name = f"x{block}u{unit}"
            middle = f"ZeroPad|1 -> Conv|{filters}|3|2" if stride == 2 else f"Conv|{filters}|3|1|same"
            shortcut = f"Conv|{4 * filters}|1|{stride}" if unit == 1 else f"Maxpool|1|{stride}"
            text += f" @{name} -> {shortcut} @s{name} -> From|{name} -> Conv|{filters}|1 -> {middle} -> Conv|{4 * filters}|1"
            text += f" -> Add|s{name} -> ReLU"
        text += f" @block{block}"
        text += " -> Identity"
    return Network.parse(text)


def inception_v3() -> Network:
    """inception_v3 as Slim builds it; only windows and joins matter here, so every convolution has one filter."""

    def module(label: str, *branches: str) -> str:
        text = f" -> Identity @in{label}"
        for index, branch in enumerate(branches[1:]):
            text += f" -> From|in{label} -> {branch} @{label}b{index}"
        joins = "|".join(f"{label}b{index}" for index in range(len(branches) - 1))
        return text + f" -> From|in{label} -> {branches[0]} -> Concat|{joins} @{label}"

    def conv(*sizes: str, stride: int = 1, padding: str = "same") -> str:
        return " -> ".join(f"Conv|1|{size}|{stride}|{padding}" for size in sizes)

    halved = conv("3", stride=2, padding="valid")
    text = (
        f"(3*299*299) -> {halved} @Conv2d_1a_3x3 -> {conv('3', padding='valid')} @Conv2d_2a_3x3 -> {conv('3')} @Conv2d_2b_3x3"
        f" -> Maxpool|3|2 @MaxPool_3a_3x3 -> {conv('1')} -> {conv('3', padding='valid')} @Conv2d_4a_3x3"
        " -> Maxpool|3|2 @MaxPool_5a_3x3"
    )
    pool = "Avgpool|3|1|same -> Conv|1|1"
    for label in ("Mixed_5b", "Mixed_5c", "Mixed_5d"):
        text += module(label, conv("1"), conv("1", "5"), conv("1", "3", "3"), pool)
    text += module("Mixed_6a", halved, conv("1", "3") + f" -> {halved}", "Maxpool|3|2")
    for label in ("Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"):
        long = conv("1", "7*1", "1*7", "7*1", "1*7")
        text += module(label, conv("1"), conv("1", "1*7", "7*1"), long, pool)
    text += module("Mixed_7a", f"{conv('1')} -> {halved}", conv("1", "1*7", "7*1") + f" -> {halved}", "Maxpool|3|2")
    for label in ("Mixed_7b", "Mixed_7c"):
        wide, tall = conv("1", "3", "1*3"), conv("1", "3", "3*1")
        text += module(label, conv("1"), conv("1", "1*3"), conv("1", "3*1"), wide, tall, pool)
    return Network.parse(text)


@pytest.mark.parametrize("size", [224, 321])
def test_alexnet_v2(size: int) -> None:
    found = fields(Network.parse(example("alexnet_v2")).at(W=size))
    assert {name: found[name] for name in ALEXNET} == ALEXNET


@pytest.mark.parametrize("size", [224, 321, None])
def test_vgg_16(size: int | None) -> None:
    net = Network.parse(example("vgg16"))
    found = fields(net.at(W=size) if size else net)
    assert {name: found[name] for name in VGG} == VGG


@pytest.mark.parametrize(("size", "column"), [(224, 2), (321, 3)])
def test_mobilenet_v1(size: int, column: int) -> None:
    found = fields(slim_mobilenet(size))
    assert [found[f"conv{index}"] for index in range(1, 15)] == [(row[0], row[1], row[column]) for row in MOBILENET]


def test_mobilenet_v1_as_keras_pads() -> None:
    assert fields(Network.parse(example("mobilenet_v1")))["conv14"] == (315, 32, 126)


@pytest.mark.parametrize(("size", "column"), [(224, 2), (321, 3)])
def test_resnet_v1_50(size: int, column: int) -> None:
    found = labelled(slim_resnet(size))
    assert {name: found[name] for name in RESNET} == {name: (*row[:2], row[column]) for name, row in RESNET.items()}


def test_inception_v3() -> None:
    found = labelled(inception_v3())
    assert {name: found[name] for name in INCEPTION} == INCEPTION
