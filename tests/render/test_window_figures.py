"""Windows in two dimensions and transposed convolutions as figures, against counting by brute force."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet import Network, SymnetError
from symnet.errors import LayerError
from symnet.render.figures.kinds import figure
from symnet.render.figures.plane import CELL, WHOLE
from tests.render.figures_read import areas_of_text, overlaps, rectangles

SMALL = st.integers(1, 4)


def _sound(svg: str, width: int, height: int) -> None:
    texts = areas_of_text(svg)
    assert overlaps(texts) == []
    for area in texts:
        assert min(area.left, area.top, width - area.right, height - area.bottom) >= 0, area


@given(st.integers(1, 17), st.integers(1, 17), SMALL, SMALL, SMALL, st.integers(0, 3), st.integers(1, 2))
def test_cells_are_what_counting_says(
    high: int, wide: int, kernel: int, stride: int, step: int, pad: int, dilation: int
) -> None:
    extent = dilation * (kernel - 1) + 1
    if high + 2 * pad > WHOLE or wide + 2 * pad > WHOLE or min(high, wide) + 2 * pad < extent:
        return
    text = f"(1*{high}*{wide}) -> Conv|2|{kernel}|{stride}*{step}|{pad}|dilation={dilation}"
    drawn = figure(Network.parse(text), "windows")
    _sound(drawn.svg, drawn.width, drawn.height)
    reached = []
    for size, by in ((high, stride), (wide, step)):
        starts = [start for start in range(0, size + 2 * pad, by) if start + extent <= size + 2 * pad]
        reached.append(starts[-1] + extent)
    lost_rows, lost_columns = high + 2 * pad - reached[0], wide + 2 * pad - reached[1]
    crossed = lost_rows * (wide + 2 * pad) + lost_columns * reached[0]
    legend = bool(lost_rows or lost_columns)
    assert len([box for box in rectangles(drawn.svg, "red") if box.right - box.left == CELL]) == crossed
    assert any(f"dropped: {lost_rows} row" in area.text for area in areas_of_text(drawn.svg)) == legend


@given(st.integers(1, 6), SMALL, SMALL, st.integers(0, 3), st.integers(0, 3), st.integers(1, 2))
def test_both_views_of_a_transposed_convolution_agree(
    size: int, kernel: int, stride: int, pad: int, added: int, dilation: int
) -> None:
    text = f"(1*{size}) -> Deconv|1|{kernel}|{stride}|{pad}|output_padding={added}|dilation={dilation}"
    try:
        net = Network.parse(text)
    except LayerError:
        return
    drawn = figure(net, "transposed")
    _sound(drawn.svg, drawn.width, drawn.height)
    output = (size - 1) * stride + dilation * (kernel - 1) + 1 - 2 * pad + added
    texts = [area.text for area in areas_of_text(drawn.svg)]
    zeros = next((text for text in texts if text.startswith("As a convolution")), None)
    cells = [box for box in rectangles(drawn.svg, "orange") if box.bottom - box.top == 24]
    assert len(cells) == output * (1 + (zeros is not None))
    if zeros is not None:
        between, before, after = map(int, re.findall("[0-9]+", zeros)[1:])
        length = before + size + (size - 1) * between + after
        assert length - dilation * (kernel - 1) == output
        assert before == dilation * (kernel - 1) - pad


def test_a_layer_is_asked_for_by_its_name() -> None:
    net = Network.parse("(1*9*9) -> Conv|2|3|name=stem -> Maxpool|2")
    assert figure(net, "windows", "stem").title == figure(net, "windows", "1").title == "The windows of stem along W"
    assert net.figure("windows", "maxpool1").title == "The windows of maxpool1 along W"
    with pytest.raises(SymnetError, match=r"no layer called sten; did you mean stem\?"):
        figure(net, "windows", "sten")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(1*4*4) -> Conv|2|3", "no layer that is a transposed convolution"),
        ("(1*64*64) -> Deconv|2|3|2", "129 entries: a figure shows at most 48"),
        ("(1*W*W) -> Deconv|2|3|2", "give the symbols values"),
    ],
)
def test_refusals_of_transposed(text: str, message: str) -> None:
    with pytest.raises(SymnetError, match=re.escape(message)):
        figure(Network.parse(text), "transposed")


def test_the_report_of_a_small_network_shows_windows_beside_the_law() -> None:
    page = Network.parse("(1*9*9) -> Conv|2|3 -> Maxpool|2 -> Deconv|1|3|2").report("html")
    for number, title in ((1, "The windows of conv1"), (2, "The windows of maxpool1"), (3, "deconv1 as a transposed")):
        assert page.index(f'id="layer-{number}"') < page.index(title)
