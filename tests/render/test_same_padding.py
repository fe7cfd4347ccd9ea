"""What reports, JSON and figures say of SAME's padding, of transposed work and of what one entry sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from symnet import Network
from symnet.notation.parse import parse_question
from symnet.render.figures.kinds import figure
from symnet.render.json import table_data
from tests.render.printed import grammar_value


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("kernel", "stride", "size"), [(8, 4, 224), (7, 2, 224), (3, 2, 17), (2, 3, 20), (5, 1, 9)])
def test_a_number_is_padded_as_tensorflow_does(kernel: int, stride: int, size: int) -> None:
    around = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    before, after = around // 2, around - around // 2
    said = one_line(Network.parse(f"(3*{size}*{size}) -> Conv|8|{kernel}|{stride}|same").report("text"))
    if stride > 1:
        assert (
            f"SAME pads an input of {size} with {before} before the start and {after} after the end, {around} in all."
            in said
        )
        assert "padding" not in said.partition("The whole network")[2]
    else:
        assert f"stride 1, padding {around} in all" in said


@pytest.mark.parametrize("layers", [2, pytest.param(3, marks=pytest.mark.slow)])
@pytest.mark.parametrize("mode", ["same", pytest.param("same_lower", marks=pytest.mark.slow)])
def test_a_symbol_has_the_padding_of_every_size(layers: int, mode: str) -> None:
    stack = " -> ".join(["(3*{size}*{size})", *[f"Conv|1|3|2|{mode}"] * layers])
    (padding, _) = table_data(Network.parse(stack.format(size="W")))["receptive_field"]["padding"]
    for size in range(1, 70):
        (number, _) = table_data(Network.parse(stack.format(size=size)))["receptive_field"]["padding"]
        assert grammar_value(padding, {"W": size}) == number


def test_where_branches_join_the_condition_stands_beside_it() -> None:
    field = table_data(Network.parse("(3*W*W) -> Conv|1|3|2|same @a -> Conv|1|3|1|same -> Add|a"))["receptive_field"]
    assert field == {"size": [7, 7], "stride": [2, 2], "padding": [2, 2], "where": ["W % 2 == 0 and W >= 2"]}


def test_transposed_work_is_by_input_positions() -> None:
    said = one_line(Network.parse("(3*8*8) -> Deconv|4|3|2").report("text"))
    assert "6,912 multiply-adds — one for each input entry, filter and tap of the kernel, by input positions" in said


def test_the_figure_of_what_no_window_bounds() -> None:
    text = (Path(__file__).parents[2] / "examples" / "unet.net").read_text(encoding="utf-8")
    net = Network.of(parse_question(text).graph)
    assert net.proof.fields[net.proof.feature_map][-1] is None
    said = figure(net, "receptive-field").description
    assert said.startswith("no window bounds what one entry sees in the end: ")


@pytest.mark.parametrize(
    "text", ["(3*32*32) -> Conv|8|3 -> GlobalAvgPool|keepdims=yes", "(3*W*W) -> Conv|8|3|2 -> Conv|8|5"]
)
def test_the_figure_says_what_the_report_says(text: str) -> None:
    net = Network.parse(text)
    field = net.proof.fields[net.proof.feature_map][-1]
    assert field is not None
    assert (
        f"One unit{'' if 'Pool' not in text else ' there'} sees {field.size.constant} × {field.size.constant} inputs"
        in one_line(net.report("text"))
    )
    where = "in the end" if "Pool" not in text else "after conv1"
    assert figure(net, "receptive-field").description.startswith(
        f"{where} one entry sees {field.size.constant} × {field.size.constant} inputs, "
    )
