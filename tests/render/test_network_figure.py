"""The figure of the network is its graph: every edge once, nothing on anything else, whatever the graph looks like."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet import Network
from symnet.files import read_source
from symnet.render.figures.diagram import Diagram, Sheet
from symnet.render.figures.inside_blocks import block_figures, insides
from symnet.render.figures.kinds import figure
from tests.counting_calls import grows_linearly
from tests.render.figures_read import Area, areas_of_text, edges, overlaps, rectangles

EXAMPLES = (
    "alexnet", "dqn", "googlenet", "lstm_language_model", "mlp", "mnist", "mobilenet_v1", "mobilenet_v2",
    "resnet18", "resnet50", "transformer_encoder", "unet", "vae", "vgg16", "vit_b_16", "yolov8n",
)  # fmt: skip


def network(name: str) -> Network:
    folder = "tests/fixtures" if name == "yolov8n" else "examples"
    return Network.parse(read_source(f"{folder}/{name}.net"))


def sound(svg: str, width: int, height: int) -> None:
    """No text on text, none outside; no edge runs through a box or a line of text."""
    texts = areas_of_text(svg)
    for area in texts:
        assert min(area.left, area.top, width - area.right, height - area.bottom) >= 0, area
    assert overlaps(texts) == []
    boxes = [box for style in ("blue", "green", "orange", "paper") for box in rectangles(svg, style) if box.text]
    assert overlaps(boxes, 0.0) == []
    for ends, points in edges(svg).items():
        for start, end in pairwise(points):
            line = Area(*map(min, start, end), *map(max, start, end))
            assert line.left == line.right or line.top == line.bottom, f"the edge {ends} is askew"
            for area in [*boxes, *texts]:
                inside = area.left + 1 < line.right and line.left < area.right - 1
                inside = inside and area.top + 1 < line.bottom and line.top < area.bottom - 1
                assert not inside, f"the edge {ends} runs through {area.text!r}"


def whole(net: Network) -> None:
    """Every edge between the boxes that are shown is drawn, and no other one."""
    diagram = Diagram(net)
    drawing = diagram.drawn()
    sound(drawing.svg, drawing.width, drawing.height)
    if diagram.copies or "a block, drawn as one box" in drawing.svg:
        return
    expected = {edge for unit in diagram.units for edge in unit.edges}
    assert set(edges(drawing.svg)) == expected


def inside_whole(diagram: Diagram) -> int:
    """Every edge to a box inside a block is drawn, those from outside of the block, too; returns the number of blocks without blocks."""
    unit_of = {node.index: unit for unit in diagram.units for node in unit.layers}
    plain = 0
    for _, inside in insides(diagram):
        sound(inside.svg, inside.width, inside.height)
        drawn = set(edges(inside.svg))
        boxes = [box.text for style in ("blue", "green", "orange") for box in rectangles(inside.svg, style) if box.text]
        if not all(re.match(r"[0-9]+\. ", text) for text in boxes):
            continue  # with closed blocks, of which tooltips have no numbers
        units = [unit_of[int(text.partition(".")[0])] for text in boxes]
        expected = {edge for unit in units for edge in unit.edges}
        assert drawn <= expected if "×</text>" in inside.svg else drawn == expected
        plain += 1
    return plain


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_drawn_soundly(name: str) -> None:
    net = network(name)
    drawing = figure(net)
    assert not re.search(
        r"\S…", drawing.svg
    )  # nothing is cut; between the names of the ends of a block it stands alone
    assert drawing.width <= 1400
    whole(net)
    inside_whole(Diagram(net))


def test_the_inside_of_a_residual_block_shows_what_the_sum_reads() -> None:
    assert inside_whole(Diagram(network("resnet50"), Sheet(rows=20, forks=False))) >= 4
    text = "(3*8*8) -> " + " -> ".join(f"Conv|{3 + k}|3|1|1 @x{k} -> Conv|{3 + k}|3|1|1 -> Add|x{k}" for k in range(30))
    diagram = Diagram(Network.parse(text), Sheet(rows=6, forks=False))
    assert inside_whole(diagram) >= 4
    for _, inside in insides(diagram):
        assert "from " in inside.svg


#: The steps of a drawn network: a layer, a fork that is read again later, an end that nobody reads.
STEPS = st.lists(
    st.tuples(st.sampled_from(("conv", "relu", "add", "concat", "from", "end")), st.integers(0, 30)), max_size=24
)


def _drawn(steps: list[tuple[str, int]]) -> str:
    """A network of one size, whose joins and jumps go to any earlier tensor."""
    text = "(2*8*8) @t0 -> ReLU @t1"
    for count, (kind, number) in enumerate(steps, 2):
        back = f"t{number % count}"
        layer = {
            "conv": "Conv|2|3|1|1", "relu": "ReLU", "add": f"Add|{back}",
            "concat": f"Concat|{back} -> Conv|2|1", "from": f"From|{back} -> Conv|2|1", "end": f"From|{back} -> ReLU",
        }[kind]  # fmt: skip
        text += f" -> {layer} @t{count}"
    return text


@given(STEPS)
def test_every_graph_is_drawn_with_each_edge_once(steps: list[tuple[str, int]]) -> None:
    net = Network.parse(_drawn(steps))
    whole(net)
    inside_whole(Diagram(net, Sheet(rows=5, forks=False)))


def test_the_blocks_of_a_transformer_are_counted_whole() -> None:
    """The normalization after the last sum is not a part of the last block, which would make it unlike the others."""
    svg = figure(network("vit_b_16")).svg
    assert "12 ×" in svg
    assert svg.count(">attention, 12 heads<") == 1
    assert "add + layer norm" in figure(network("transformer_encoder")).svg  # where every sum is normalized


def test_a_skip_connection_and_its_join_are_drawn() -> None:
    net = Network.parse("(3*8*8) -> Conv|3|3|1|1 @a -> ReLU -> Conv|3|3|1|1 -> Add|a")
    assert set(edges(figure(net).svg)) == {(0, 1), (1, 2), (2, 3), (3, 4), (1, 4)}


def test_branches_stand_side_by_side() -> None:
    text = "(3*8*8) @x -> Conv|4|1 @a -> From|x -> Conv|5|1 @b -> From|x -> Conv|6|1 -> Concat|a|b"
    boxes = {box.text.split(":")[0]: box for box in rectangles(figure(Network.parse(text)).svg, "blue") if box.text}
    tops = {round((box.top + box.bottom) / 2) for box in boxes.values()}
    assert len(boxes) == 3
    assert len(tops) == 1


def test_a_unet_is_a_u() -> None:
    drawn = figure(network("unet"))
    boxes = {name: box for style in ("blue", "orange") for box in rectangles(drawn.svg, style) for name in _names(box)}
    for fork, join in (("conv2", "concat4"), ("conv4", "concat3"), ("conv6", "concat2"), ("conv8", "concat1")):
        left, right = boxes[fork], boxes[join]
        assert left.right < right.left
        assert abs((left.top + left.bottom) - (right.top + right.bottom)) < 1
    heights = [boxes[f"maxpool{number}"].top for number in (1, 2, 3, 4)]
    assert heights == sorted(heights)


def _names(box: Area) -> list[str]:
    return re.findall(r"[0-9]+\. (\w+):", box.text)


def test_repeats_stand_once_with_their_number() -> None:
    drawn = figure(network("transformer_encoder"))
    texts = [area.text for area in areas_of_text(drawn.svg)]
    assert "6 ×" in texts
    assert sum(text.startswith("attention,") for text in texts) == 1


def test_words_are_the_layers_own() -> None:
    texts = [area.text for area in areas_of_text(figure(network("resnet18")).svg)]
    assert "conv 7×7 /2, 64 + BN + ReLU" in texts or "conv 7×7 /2, 64 + BN" in texts
    assert "max pool 3×3 /2" in texts
    assert any("⌊(W + 1)/2⌋" in text for text in texts)
    assert not any(re.search("[₀-₉]", text) for text in texts)


def test_outputs_are_marked() -> None:
    texts = " ".join(area.text for area in areas_of_text(figure(network("googlenet")).svg))
    assert texts.count("output") == 3


@pytest.mark.parametrize("layers", [160, pytest.param(1200, marks=pytest.mark.slow)])
def test_long_networks_are_blocks_with_their_insides(layers: int) -> None:
    text = "(3*64*64)" + "".join(f" -> Conv|{2 + place * place % 97}|3|1|1" for place in range(layers))
    net = Network.parse(text)
    drawing = figure(net)
    assert drawing.height < 1500
    whole(net)
    inside = block_figures(net)
    assert inside
    for _, part in inside:
        sound(part.svg, part.width, part.height)


LONG = {
    "convolutions": lambda count: "(3*64*64)" + "".join(f" -> Conv|{2 + k * k % 97}|3|1|1" for k in range(count)),
    "sums": lambda count: (
        "(2*8*8)" + "".join(f" @x{k} -> Conv|2|{1 + 2 * (k % 5)}|1|{k % 5} -> Add|x{k}" for k in range(count))
    ),
    "ends": lambda count: "(2*8*8) @x" + "".join(f" -> From|x -> Conv|{1 + k}|1" for k in range(count)),
    "nested sums": lambda count: (
        "(2*8*8)"
        + "".join(f" -> Conv|2|3|1|1 @x{k}" for k in range(count))
        + "".join(f" -> Add|x{k}" for k in reversed(range(count)))
    ),
    "sums of the first and the last": lambda count: (
        "(2*8*8) @x0" + "".join(f" -> Conv|2|3|1|1 @x{k} -> Add|x{k - 1}|x0" for k in range(1, count))
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("which", LONG)
def test_drawing_is_linear(which: str) -> None:
    def work(size: int) -> Callable[[], object]:
        made = Network.parse(LONG[which](size))
        return lambda: figure(made).svg

    assert grows_linearly(work, 120)
