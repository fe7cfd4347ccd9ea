"""The columns of a table, and the line under it: what it assumes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from symnet.cli import main
from symnet.network.network import Network
from symnet.notation.parse import parse_network
from symnet.render.formats import table

SAID = {
    "(1*W) -> Conv|1|9": "Assumed: W ≥ 9.",
    "(3*W*W) @a -> Maxpool|2 -> Upsample|2 -> Add|a": "Assumed: W ≡ 0 (mod 2), W ≥ 2.",
    "(3*H*W) -> Conv|8|F": "Assumed: F ≤ H, F ≤ W.",
    "(3*H*28) -> Conv|8|5": "Assumed: H ≥ 5.",
    "(1*28*28) -> Opaque|output=8*7*7|parameters=100":
        "Assumed, not proven: opaque1 gives 8×7×7 and holds 100 parameters; its multiply-adds are not\ncounted.",
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), SAID.items(), ids=str)
def test_it_is_said_under_the_table(text: str, line: str) -> None:
    assert table(Network.parse(text), "text").endswith(f"\n\n{line}\n")
    assert table(Network.parse(text)).splitlines()[-2:][0] == ""


@pytest.mark.parametrize("text", ["784 -> FC|10", "(1*28*28) -> Conv|8|5", "(1*W) -> ReLU", "(1*W) -> Slice|2|(-5)"])
def test_nothing_is_said_where_nothing_is_assumed(text: str) -> None:
    assert "Assumed" not in table(Network.parse(text), "text")
    assert "Assumed" not in table(Network.parse(text))


def test_many_assumptions_are_counted() -> None:
    layers = " -> ".join(f"Opaque|output=8*7*7|parameters={place}" for place in range(1, 21))
    assert "and 12 more like these." in " ".join(table(Network.parse(f"(8*7*7) -> {layers}"), "text").split())


# ---- what has a column where there is something to say -----------------------------------------------------------------


def _rows(text: str) -> list[str]:
    return table(Network.parse(text), "text").splitlines()


def test_what_a_layer_reads_stands_where_it_is_not_the_row_above() -> None:
    head, _, *rows = _rows("(3*8*8) -> Conv|3|3|1|1 @a -> ReLU -> Conv|3|3|1|1 -> Add|a")
    start, end = head.index("from"), head.index("size")
    assert [row[start:end].strip() for row in rows[:5]] == ["", "", "", "", "3, 1"]
    assert "from" not in _rows("(3*8*8) -> Conv|3|3|1|1 -> ReLU")[0]


def test_sizes_stand_in_the_letters_of_the_input() -> None:
    head, _, *rows = _rows("(1*W*W) -> Conv|64|3 -> Maxpool|2 -> Conv|8|3|1|1 -> Conv|8|3")
    assert [row[head.index("closed form") :].strip() for row in rows[:5]] == [
        "",
        "W − 2",
        "⌊(W − 2)/2⌋",
        "",
        "⌊(W − 6)/2⌋",
    ]
    assert "closed form" not in _rows("(1*28*28) -> Conv|64|3")[0]
    assert "closed form" not in _rows("(1*W*W) -> Conv|K|F|S|P")[0]  # the step says it


@pytest.mark.parametrize("size", ["28", "W"])
def test_a_convolution_of_one_entry_has_no_formula(size: str) -> None:
    rows = _rows(f"(3*{size}*{size}) -> Conv|8|1 -> Conv|8|1|2 -> Conv|4|1|1|1")
    assert "⌊" not in rows[3]
    assert "⌊" in rows[4]
    assert "⌊" in rows[5]


def test_activations_are_called_by_their_names() -> None:
    rows = _rows('8 -> ReLU -> Sigmoid -> FC|3 -> Softmax|name="last"')
    assert [row.split("  ")[1].strip() for row in rows[3:5]] == ["activation1 ReLU", "activation2 Sigmoid"]
    assert rows[6].split("  ")[1].strip() == "last"


def test_the_layers_of_a_module_follow_its_name_and_its_sum() -> None:
    graph = parse_network("(3*8*8) -> Conv|4|3|1|1 -> BN -> Conv|4|3|1|1 -> FC|10")
    origins = ("block.0.conv (torch.nn.Conv2d)", "block.0.norm (torch.nn.BatchNorm2d)", "stem (torch.nn.Conv2d)", "")
    nodes = tuple(replace(node, origin=origin) for node, origin in zip(graph.nodes, origins, strict=True))
    lines = table(Network.of(replace(graph, nodes=nodes)), "text").splitlines()
    (at,) = (place for place, line in enumerate(lines) if "block.0 " in line)
    assert lines[at].split() == ["block.0", "128"]  # (3·3·3 + 1)·4 + 4·4
    assert lines[at + 1].split()[:2] == ["1", "conv1"]
    assert "stem" not in table(Network.of(replace(graph, nodes=nodes)), "text")


def test_closed_forms_stand_beside_the_numbers_that_are_put_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", "(3*W*W) -> Conv|8|3|2 -> Maxpool|2", "--at", "W=225"]) == 0
    said = capsys.readouterr().out
    assert "⌊(225 − 3 + 2·0)/2⌋ + 1 = 112, so 8 × 112 × 112" in said
    assert "⌊(W − 1)/2⌋" in said
    assert "⌊(W − 1)/4⌋" in said
