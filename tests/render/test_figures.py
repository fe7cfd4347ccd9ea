from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from symnet import Network, SymnetError
from symnet.network.at_numbers import numbers
from symnet.render.document import Shape
from symnet.render.figures.canvas import Canvas, cut, width_of
from symnet.render.figures.kinds import FIGURES, figure
from symnet.render.folding import Fold, folded
from symnet.render.html import plain_line
from tests.hostile import HOSTILE, named

MNIST = "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10"
SVG = "{http://www.w3.org/2000/svg}"

NETWORKS = {
    "network": MNIST,
    "windows": "(3*12*12) -> Conv|8|3|3|1",
    "transposed": "(1*4*4) -> Deconv|1|3|2|1|output_padding=1",
    "fibre": "(1*2*2) -> Deconv|1|3|2|same",
    "staircase": MNIST,
    "receptive-field": MNIST,
    "parameters": MNIST,
    "costs": MNIST,
    "roofline": MNIST,
}


def _tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.encode())


def _texts(svg: str) -> list[str]:
    return [element.text or "" for element in _tree(svg).iter(f"{SVG}text")]


def _boxes(tree: ElementTree.Element) -> list[tuple[float, float, float, float, str]]:
    """Where every line of text stands at most."""
    found = []
    for element in tree.iter(f"{SVG}text"):
        text, size = element.text or "", float(element.get("font-size", "13"))
        width, x, y = width_of(text, size), float(element.get("x", "0")), float(element.get("y", "0"))
        left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[element.get("text-anchor", "start")]
        found.append((left, y - 0.72 * size, left + width, y, text))
    return found


@pytest.mark.parametrize("kind", FIGURES)
def test_pictures_are_whole_named_and_legible(kind: str) -> None:
    drawing = figure(Network.parse(NETWORKS[kind]), kind)
    tree = _tree(drawing.svg)
    assert tree.tag == f"{SVG}svg"
    assert tree.get("role") == "img"
    assert [child.tag for child in tree[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert all(child.text for child in tree[:2])
    assert min(float(text.get("font-size", "0")) for text in tree.iter(f"{SVG}text")) >= 11
    assert "script" not in drawing.svg
    assert drawing.width <= 1000


@pytest.mark.parametrize("kind", FIGURES)
def test_no_text_stands_on_other_text_or_outside(kind: str) -> None:
    drawing = figure(Network.parse(NETWORKS[kind]), kind)
    _apart(drawing.svg, drawing.width, drawing.height)


def _apart(svg: str, width: int, height: int) -> None:
    boxes = _boxes(_tree(svg))
    for left, top, right, bottom, text in boxes:
        assert left >= 0, text
        assert top >= 0, text
        assert right <= width, text
        assert bottom <= height, text
    for place, (left, top, right, bottom, text) in enumerate(boxes):
        for left2, top2, right2, bottom2, text2 in boxes[place + 1 :]:
            over = min(right, right2) - max(left, left2)
            assert over <= 2 or min(bottom, bottom2) <= max(top, top2), f"{text!r} stands on {text2!r}"


@pytest.mark.parametrize("kind", FIGURES)
@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_never_markup(kind: str, name: str) -> None:
    drawing = figure(named(name), kind)
    tree = _tree(drawing.svg)
    assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= {
        "svg", "title", "desc", "style", "rect", "text", "polyline", "polygon", "circle",
    }  # fmt: skip
    assert not any(key.startswith("on") or key == "href" for element in tree.iter() for key in element.attrib)
    _apart(drawing.svg, drawing.width, drawing.height)


@pytest.mark.parametrize(
    "kind",
    ["network", *(pytest.param(k, marks=pytest.mark.slow) for k in ("parameters", "staircase", "receptive-field"))],
)
def test_a_thousand_layers_stay_a_picture(kind: str) -> None:
    layers = "".join(f" -> Conv|{2 + place * place % 97}|3|1|1" for place in range(1000))
    drawing = figure(Network.parse(f"(3*64*64){layers}"), kind)
    assert drawing.height < 3000
    assert drawing.width <= 1000
    assert len(drawing.svg) < 200_000
    _apart(drawing.svg, drawing.width, drawing.height)


def test_windows_mark_what_is_dropped() -> None:
    drawing = figure(Network.parse("(3*12*12) -> Conv|8|3|3|1"), "windows")
    assert "dropped (2): no window reaches it" in _texts(drawing.svg)
    assert "W: 1 + 12 + 1 = 14 entries, 4 windows of 3, 3 apart; the last spans 9 to 11" in " ".join(
        _texts(drawing.svg)
    )
    assert drawing.svg.count('class="red edge"') == 2 + 1  # and the legend
    assert drawing.svg.count('class="red cell"') == 2 * 14 + 2 * 12 + 1


@pytest.mark.parametrize(
    ("layer", "padded", "last"),
    [
        ("Conv|8|3|2|same", "0 + 12 + 1 = 13", "11 to 13"),
        ("Conv|8|3|2|same_lower", "1 + 12 + 0 = 13", "10 to 12"),
        ("Conv|8|3|1|causal|dilation=2", "4 + 12 + 0 = 16", "8 to 12"),
        ("Conv|8|4|2|(0, 1)", "0 + 12 + 1 = 13", "9 to 12"),
        ("Maxpool|5|5|ceil_mode=true", "12", "11 to 15"),
    ],
)
def test_windows_of_every_padding(layer: str, padded: str, last: str) -> None:
    text = " ".join(_texts(figure(Network.parse(f"(3*12*12) -> {layer}"), "windows").svg))
    assert f"W: {padded} entries" in text
    assert f"the last spans {last}" in text


def test_windows_count_entries_as_the_cells_are_labelled() -> None:
    svg = figure(Network.parse("(1*12) -> Conv|4|3|1|causal|dilation=2"), "windows").svg
    cells = ["−3", "−2", "−1", "0", *map(str, range(1, 13))]
    assert [text for text in _texts(svg) if text in cells] == cells
    assert "window 1: from −3 to 1" in svg
    assert "window 12: from 8 to 12" in svg


@pytest.mark.parametrize("values", ["3|2|1", "9999999999", "9999999999|1|dilation=3"])
def test_windows_of_a_long_input_take_no_longer(values: str) -> None:
    drawing = figure(Network.parse(f"(1*99999999999) -> Conv|1|{values}"), "windows")
    assert len(drawing.svg) < 50_000


def test_the_fibre_of_two_is_three_and_four() -> None:
    drawing = figure(Network.parse("(1*2*2) -> Deconv|1|3|2|same"), "fibre")
    assert "Sizes that the convolution takes to 2: 3 and 4. The layer gives 4." in _texts(drawing.svg)


@pytest.mark.parametrize("size", range(1, 40))
@pytest.mark.parametrize("values", ["3|2|1", "4|3|1", "5|4|0", "2|2|0", "7|2|3"])
def test_the_fibre_is_what_counting_says(size: int, values: str) -> None:
    kernel, stride, padding = map(int, values.split("|"))
    count = sum(1 for start in range(0, size + 2 * padding, stride) if start + kernel <= size + 2 * padding)
    if count == 0:
        return
    fits = [other for other in range(1, 200) if (other + 2 * padding - kernel) // stride + 1 == count]
    description = figure(Network.parse(f"(1*{size}*{size}) -> Conv|1|{values}"), "fibre").description
    named = [int(number) for number in re.findall(r"[0-9]+", description.partition(":")[2].partition(".")[0])]
    assert (named[0], named[-1]) == (fits[0], fits[-1])


def test_the_staircase_marks_exact_sizes() -> None:
    drawing = figure(Network.parse(MNIST), "staircase")
    assert "nothing is dropped at 12, 16, 20, 24, 28" in drawing.description
    for size in (12, 16, 20):
        Network.parse(MNIST.replace("28", str(size))).require_exact()
    with pytest.raises(SymnetError):
        Network.parse(MNIST.replace("28", "13")).require_exact()


@pytest.mark.parametrize(
    ("network", "said", "sizes"),
    [
        ("(1*W) -> Conv|1|1 @a -> Maxpool|2 -> Upsample|2 -> Add|a", "W ≡ 0 (mod 2), W ≥ 2", range(2, 17, 2)),
        ("(1*W) -> Maxpool|1 @a -> Maxpool|1|2 @b -> From|a -> Add|b", "W ∈ {1}", [1]),
        ("(1*W) -> Conv|1|9", "W ≥ 9", range(9, 25)),
    ],
)
def test_the_staircase_has_only_sizes_that_fit(network: str, said: str, sizes: list[int]) -> None:
    drawing = figure(Network.parse(network), "staircase")
    assert any(f", for {said};" in text for text in _texts(drawing.svg))
    assert drawing.svg.count("<circle") == len(sizes) + 1  # and the legend's
    assert f"from {sizes[0]} to {sizes[-1]}" in drawing.description


def test_shares_are_rounded_to_the_nearest() -> None:
    """16 of 68 are 23.5 %, which is nearer to 24; 5 of 8 are 62.5 %, and halves go up."""
    assert "dense1: 16 (24 %); dense2: 52 (76 %)" in _bars("15 -> FC|1 -> FC|26")
    assert "dense1: 5 (63 %)" in _bars("4 -> FC|1 -> FC|1 -> FC|1|bias=no")


def _bars(text: str) -> str:
    return figure(Network.parse(text), "parameters").description


@pytest.mark.parametrize("kind", ["windows", "fibre", "receptive-field", "parameters"])
@pytest.mark.parametrize(
    "text", ["(3*W*W) -> Conv|K|F|S|P", "(1*W) -> Conv|K|9", "(C,W) -> Conv|8|(F-G)|(S-T)|same", "(1,W) -> Conv|K|65|S"]
)
def test_the_values_that_are_advised_draw_it(kind: str, text: str) -> None:
    network = Network.parse(text)
    try:
        figure(network, kind)
    except SymnetError as refused:
        advised = re.search(r"\(--at (.*)\)$", str(refused))
        assert advised, str(refused)
        assert figure(network.at(**numbers([advised[1]])), kind).svg


def test_symbols_need_values() -> None:
    network = Network.parse("(3*W*W) -> Conv|K|F|2")
    with pytest.raises(SymnetError, match=r"give the symbols values \(--at W=8,K=8,F=8\)"):
        figure(network, "windows")
    assert figure(network.at(W=9, K=4, F=3), "windows").title == "The windows of conv1 along W"


@pytest.mark.parametrize(
    ("network", "kind", "layer", "message"),
    [
        (MNIST, "pie", None, "unknown figure 'pie': use network, windows"),
        (MNIST, "windows", 9, "there is no layer 9: the network has layers 1 to 6"),
        (MNIST, "windows", 5, "is not a convolution, a pooling or window attention"),
        (MNIST, "network", 1, "of the whole network"),
        ("784 -> FC|10", "windows", None, "has no layer that is a convolution, a pooling or window attention"),
        ("784 -> FC|10", "staircase", None, "no axis"),
        ("784 -> ReLU", "parameters", None, "no parameters"),
    ],
)
def test_refusals_say_why(network: str, kind: str, layer: int | None, message: str) -> None:
    with pytest.raises(SymnetError, match=re.escape(message)):
        figure(Network.parse(network), kind, layer)


def test_cut_fits() -> None:
    for width in (30, 80, 200):
        assert width_of(cut("block_conv_with_a_very_long_name_indeed", width)) <= width


def test_text_that_is_cut_has_a_tooltip() -> None:
    canvas = Canvas()
    canvas.text(0, 10, "a" * 50, width=60)
    assert f"<title>{'a' * 50}</title>" in canvas.elements[0]


def test_folding_is_a_way_to_write_the_same() -> None:
    for keys in ("", "a", "aaaa", "abcabcabd", "xyxyzxyxyz", "aabaabaab"):
        folds = folded(keys)
        assert "".join(keys[fold.start : fold.start + fold.length] * fold.times for fold in folds) == keys
    assert folded("aaaa") == [Fold(0, 1, 4)]


@pytest.mark.parametrize("text", ["8 -> Max", "8 -> Sum", "(3*4*4) -> Max", "16 -> ArgMax|1", "8 -> Mean"])
def test_a_network_that_gives_a_single_number_has_its_figure_and_its_page(text: str) -> None:
    network = Network.parse(text)
    assert figure(network).svg.count("<rect") > 2
    assert "<svg" in network.report("html")


SUMS = [
    "(3*W*W) -> Conv|8|3",
    "(3*W*H) -> ZeroPad|(1, 0) -> Conv|8|3|2",
    "((C+1)*W) -> Conv|(K-1)|3",
    "((W%4)*H*W) -> ReLU",
]


@pytest.mark.parametrize("text", SUMS)
def test_sums_between_times_stand_in_parentheses(text: str) -> None:
    shown = figure(Network.parse(text), "network").svg
    sizes = [size for shape in re.findall(r"[^;:,<>]+ × [^;:,<>.]+", shown) for size in shape.split(" × ")[1:]]
    assert len(sizes) >= 3
    for size in sizes:
        assert re.fullmatch(r"\(.*\)", size) or not re.search(r" [−+] | mod ", size), size


def test_a_size_of_a_sum_is_as_the_report_has_it() -> None:
    assert "conv1 gives 8 × (W − 2) × (W − 2)." in figure(Network.parse("(3*W*W) -> Conv|8|3"), "network").svg
    numbers = figure(Network.parse("(3*W*W) -> Conv|8|F").at(W=9), "network").svg
    assert "8 × (9 − F + 1) × (9 − F + 1)" in numbers
    conv = Network.parse("(3*W*W) -> Conv|8|3").placed[1]
    assert plain_line((Shape(conv.output.dims),)) == "8 × (W − 2) × (W − 2)"
