"""No figure of any kind has text on text or outside of it, whatever the network looks like; its colours can be told from the paper."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet import Network, SymnetError
from symnet.files import read_source
from symnet.render.figures.kinds import FIGURES, OF_A_LAYER, figure
from symnet.render.figures.svg import STYLE
from tests.render.figures_read import areas_of_text, overlaps

#: A network of many kinds of layers after one another, with names of any length, on one axis or two.
KINDS = (
    "Conv|3|3|1|1", "Conv|16|5|2|2", "Depthwise|3|2|1", "Maxpool|2", "Deconv|4|4|2|1", "BN", "ReLU", "Upsample|2", "Dropout|0.1",
)  # fmt: skip
LAYERS = st.lists(st.sampled_from(KINDS), min_size=1, max_size=14)
NAMES = st.sampled_from(
    ("", "stem", "a_name_of_a_layer_that_is_rather_long", "backbone.stages.3.blocks.17.attention.projection")
)
SIZES = st.integers(8, 700)


def sound(network: Network, kind: str, layer: int | None = None, *, whole: bool = False) -> bool:
    """Returns whether the figure of this kind can be drawn; if it can, it must be legible, and with ``whole`` nothing may be cut."""
    with suppress(SymnetError):
        drawing = figure(network, kind, layer)
        areas = areas_of_text(drawing.svg)
        for area in areas:
            assert min(area.left, area.top, drawing.width - area.right, drawing.height - area.bottom) >= 0, area
        assert overlaps(areas) == []
        assert not whole or not [area.text for area in areas if re.search(r"\w…", area.text)]
        return True
    return False


@given(LAYERS, NAMES, SIZES, SIZES)
def test_every_kind_of_figure_of_drawn_networks_is_legible(layers: list[str], name: str, high: int, wide: int) -> None:
    named = [f"{layer}|name={name}" if name and number == 0 else layer for number, layer in enumerate(layers)]
    with suppress(SymnetError):
        network = Network.parse(f"(3*{high}*{wide}) -> " + " -> ".join(named))
        for kind in FIGURES:
            sound(network, kind)
        sound(network, "windows", len(layers))
        sound(network, "transposed", len(layers))


@pytest.mark.parametrize("name", ["mnist", "vae", "googlenet", "vit_b_16", "lstm_language_model", "mobilenet_v2"])
def test_every_kind_of_figure_of_the_examples_is_legible(name: str) -> None:
    network = Network.parse(read_source(f"examples/{name}.net"))
    drawn = [kind for kind in FIGURES if sound(network, kind, whole=True)]
    assert {"network", "parameters", "costs", "roofline"} <= set(drawn)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "size"),
    [("examples/resnet18", 224), ("examples/resnet50", 224), ("examples/unet", 572), ("tests/fixtures/yolov8n", 0)],
)
def test_every_kind_of_figure_of_larger_examples_is_legible(name: str, size: int) -> None:
    network = Network.parse(read_source(f"{name}.net"))
    network = network.at(W=size) if size else network
    drawn = [kind for kind in FIGURES if sound(network, kind, whole=True)]
    assert {"network", "parameters", "costs", "roofline", "windows"} <= set(drawn)
    for node in network.placed[1:]:
        for kind in OF_A_LAYER:
            if node.index % 7 == 0:
                sound(network, kind, node.index)


def _colours(style: str) -> dict[str, str]:
    """The colour of each class, the fill before the stroke."""
    found: dict[str, str] = {}
    for names, rules in re.findall(r"(\.sn[^{}]*)\{([^{}]*)\}", style):
        colour = re.search(r"(?:fill|stroke): (#[0-9a-f]{6})", rules)
        for name in names.split(","):
            if colour:
                found[name.strip().removeprefix(".sn ").removeprefix(".")] = colour[1]
    return found


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light = sorted((_light(one), _light(other)))
    return (light[1] + 0.05) / (light[0] + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_written_and_drawn_stands_out_from_the_paper(dark: bool) -> None:
    """By WCAG: 4.5 for text, on paper and on the colours of boxes; 3 for lines and the edges of boxes."""
    light, _, night = STYLE.partition("@media")
    colours = _colours(light) | (_colours(night.partition("{")[2]) if dark else {})
    for ink in ("text", "soft"):
        assert _contrast(colours[ink], colours["paper"]) >= 4.5
    for fill in ("blue", "green", "orange", "red"):
        assert _contrast(colours["on-colour"], colours[fill]) >= 4.5, fill
    for line in ("line", "edge", "blue-line", "red-line", "head"):
        assert _contrast(colours[line], colours["paper"]) >= 3, line
