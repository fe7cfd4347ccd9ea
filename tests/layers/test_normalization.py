"""Normalization layers against the counts of Keras and PyTorch."""

from __future__ import annotations

import pytest

from tests.layers.asking import buffers, parameters, refusal, sizes, trainable

#: network: parameters, of them trained, buffers
COUNTS = {
    "(8*10*10) -> BN": (32, 16, 0),
    "(8*10*10) -> BN|framework=keras": (32, 16, 0),
    "(8*10*10) -> BN|framework=torch": (16, 16, 17),
    "(8*10*10) -> BN|statistics=none": (16, 16, 0),
    "(8*10*10) -> BN|framework=torch|statistics=none": (16, 16, 0),
    "(8*10*10) -> BN|scale=no": (24, 8, 0),
    "HWC:10x10x8 -> BN": (32, 16, 0),
    "HWC:10x12x8 -> BN|axis=1": (40, 20, 0),
    "64 -> BN": (256, 128, 0),
    "(5, 10) -> LayerNorm": (20, 20, 0),
    "(5*10*12) -> LayerNorm|1*2*3": (1200, 1200, 0),
    "(5*10*12) -> LayerNorm|center=no": (12, 12, 0),
    "(6*10*10) -> GroupNorm|3": (12, 12, 0),
    "(64*10*10) -> GroupNorm": (128, 128, 0),
    "HWC:10x10x6 -> GroupNorm|2|scale=no": (6, 6, 0),
    "(6*10*10) -> InstanceNorm": (0, 0, 0),
    "(6*10*10) -> InstanceNorm|affine=yes": (12, 12, 0),
    "(6*10*10) -> InstanceNorm|framework=onnx": (12, 12, 0),
    "(5, 10) -> RMSNorm": (10, 10, 0),
    "(5*10*12) -> RMSNorm|2*3": (120, 120, 0),
    "HWC:224x224x3 -> Normalization": (7, 0, 0),
    # the lecture notes: no bias before batch norm
    "784 -> FC|64|bias=no -> BN -> ReLU": (784 * 64 + 256, 784 * 64 + 128, 0),
    "(3*32*32) -> Conv|64|3|bias=no -> BN -> ReLU": (27 * 64 + 256, 27 * 64 + 128, 0),
}


@pytest.mark.parametrize(("network", "expected"), COUNTS.items(), ids=str)
def test_counts(network: str, expected: tuple[int, int, int]) -> None:
    assert (parameters(network), trainable(network), buffers(network)) == expected


@pytest.mark.parametrize("kind", ["BN", "LayerNorm", "GroupNorm|2", "InstanceNorm", "RMSNorm", "LRN", "Normalization"])
def test_sizes_stay(kind: str) -> None:
    assert sizes(f"(6*5*7) -> {kind}") == (6, 5, 7)
    assert sizes(f"HWC:5*7*6 -> {kind}") == (5, 7, 6)


REFUSED = {
    "(6*10*10) -> GroupNorm|4": "the groups share the channels evenly: 4 ∣ 6 does not hold",
    "(6*10*10) -> LayerNorm|4": "there is no axis 4: the sizes are 1 to 3, or −1 to −3 from the end",
    "(6*10*10) -> LayerNorm|0": "axis 0 is the batch, which is left out; the first size is 1",
    "(6*10*10) -> LayerNorm|1*1": "one of them twice",
    "(6*10*10) -> LayerNorm|A": "axis must be a number",
    "(6*10*10) -> BN|scale=2": "scale must be yes or no, got '2'",
    "(6*10*10) -> BN|momentum=high": "momentum must be a number, got 'high'",
    "(6*10*10) -> BN|statistics=moving": "statistics must be one of weights, buffers, none, got 'moving'",
    "(6*10*10) -> BN|axis=1|framework=torch": "PyTorch has the channels only",
    "(6*10*10) -> InstanceNorm|affine=no|framework=onnx": "ONNX has a scale and a bias always",
    "(6*10*10) -> GroupNorm|0": "groups must be at least 1, got 0",
    "(6*10*10) -> Max -> BN": "needs channels, got a single number",
}


@pytest.mark.parametrize(("network", "expected"), REFUSED.items(), ids=str)
def test_refusals(network: str, expected: str) -> None:
    assert expected in refusal(network)
