"""Figures of costs, of the roofline, of receptive fields and of window attention say what the network has."""

from __future__ import annotations

from pathlib import Path

import pytest

from symnet import Network, SymnetError
from symnet.render.figures.costs import cost_rows
from symnet.render.figures.kinds import figure
from symnet.render.figures.roofline import BANDWIDTH, PEAK
from tests.render.figures_read import areas_of_text

EXAMPLES = Path(__file__).parents[2] / "examples"


def _texts(svg: str) -> list[str]:
    return [area.text for area in areas_of_text(svg)]


@pytest.mark.parametrize("name", ["mnist", "googlenet", "vae", "transformer_encoder", "vit_b_16"])
def test_the_outermost_rows_sum_to_the_totals(name: str) -> None:
    text = (EXAMPLES / f"{name}.net").read_text(encoding="utf-8")
    network = Network.parse(text)
    letters = {size.name: 20 for size in network.graph.input.dims if size.constant is None}  # type: ignore[attr-defined]
    network = network.at(**letters) if letters else network
    outermost = [row for row in cost_rows(network) if row.depth == 0]
    assert sum(row.parameters for row in outermost) == network.parameters
    assert sum(row.work for row in outermost) == network.multiply_adds


def test_the_roofline_is_operations_over_bytes() -> None:
    drawing = figure(Network.parse("(3*8*8) -> Conv|4|3|1|1 -> ReLU -> FC|10"), "roofline")
    moved = 4 * (3 * 64 + 4 * 64 + 3 * 3 * 3 * 4 + 4)
    intensity = 2 * 3 * 3 * 3 * 4 * 64 / moved
    bound = "arithmetic" if intensity * BANDWIDTH >= PEAK else "memory"
    assert f"conv1: {intensity:.3g} a byte: {bound}" in drawing.description
    assert "arithmetic bounds 0 of 2 layers" in drawing.description


def test_receptive_fields_have_two_dimensions_and_branches() -> None:
    text = "(3*64*96) -> Conv|8|7*3|2 @a -> Conv|8|3|1|1 @b -> From|a -> Conv|8|1 -> Concat|b -> Conv|8|3|2"
    said = figure(Network.parse(text), "receptive-field").description
    assert said.startswith("in the end one entry sees 15 × 11 inputs, 4 × 4 apart. conv1: 7 × 3, 2 × 2 apart; ")
    assert "conv3 ← conv1: 7 × 3, 2 × 2 apart" in said
    assert "One unit sees 15 × 11 inputs, 4 apart" in " ".join(str(Network.parse(text).report("text")).split())


def test_the_windows_of_attention() -> None:
    drawing = figure(Network.parse("HWC:56x58x96 -> WindowAttention|3|7"), "windows")
    assert "56 × 58 entries in 8 × 9 = 72 windows of 7 × 7" in drawing.description
    assert "0 rows and 5 columns are padding" in drawing.description
    assert "padding" in _texts(drawing.svg)
    with pytest.raises(SymnetError, match="no windows over two axes"):
        figure(Network.parse("8*16 -> LayerNorm -> MultiHeadAttention|2 -> WindowAttention|2|4"), "windows")
