"""Remarks on biases: which axis a bias runs along after layers that change the number of axes."""

from __future__ import annotations

import pytest

from symnet import Network


@pytest.mark.parametrize(
    ("layers", "redundant"),
    [
        ("BN", True),
        ("RepeatVector|3 -> BN", True),
        ("RepeatVector|3 -> LayerNorm", False),
        (
            "Reshape|4*16 -> LayerNorm",
            False,
        ),  # another number in each entry of a row, from which the mean is taken away
        ("Reshape|4*4*4 -> BN", False),
        ("ExpandDims|1 -> BN", False),
    ],
)
def test_a_bias_before_a_layer_that_changes_the_number_of_axes(layers: str, redundant: bool) -> None:
    said = Network.parse(f"8 -> FC|64 -> {layers}").report("text")
    assert ("this bias is redundant" in said) is redundant
