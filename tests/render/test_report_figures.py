"""Figures in reports: where they stand in pages and in LaTeX, the menu, what is inside closed blocks."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from symnet import Network
from symnet.files import read_source
from symnet.render.figures.diagram import Diagram
from symnet.render.figures.inside_blocks import narrow_figure, page_figures, printed_figures
from symnet.render.figures.kinds import figure
from symnet.render.figures.latex_picture import picture
from symnet.render.figures.shapes import Text
from symnet.render.latex import FIRST, PAGE, escaped
from tests.hostile import HOSTILE, named
from tests.render.pages import Page

MNIST = "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10"


def test_the_figure_comes_before_the_table() -> None:
    page = Network.parse(MNIST).report("html")
    assert page.index("<svg") < page.index("<table")


def test_the_menu_leads_to_every_section_and_layer() -> None:
    page = Network.parse(MNIST).report("html")
    menu = page[page.index("<nav") : page.index("</nav>")]
    targets = re.findall(r'href="#([^"]+)"', menu)
    assert [target for target in targets if target.startswith("layer-")] == [
        f"layer-{number}" for number in range(1, 7)
    ]
    assert all(f'id="{target}"' in page for target in targets)


def test_closed_blocks_unfold_in_the_page() -> None:
    text = "(3*64*64)" + "".join(f" -> Conv|{2 + place * place % 97}|3|1|1" for place in range(160))
    page = Network.parse(text).report("html")
    assert "<summary>Inside conv" in page
    assert len(Page(page).all("svg")) > 10


@pytest.mark.parametrize("kind", ["network", "windows", "staircase", "receptive-field", "parameters"])
def test_a_picture_holds_every_text_of_the_figure(kind: str) -> None:
    drawing = figure(Network.parse(MNIST), kind)
    written = picture(drawing.width, drawing.height, drawing.shapes, escaped, PAGE)
    texts = [shape.text for shape in drawing.shapes if type(shape).__name__ == "Text"]
    assert texts
    assert all(escaped(text) in written for text in texts)
    assert written.count("{") == written.count("}")


@pytest.mark.parametrize("name", ["mnist", "googlenet", "resnet50", "mobilenet_v2", "unet", "vit_b_16"])
def test_printed_figures_are_legible_and_hold_every_box(name: str) -> None:
    """The smallest text is at least 5.3 points on paper, also below the result, and no box is lost in a closed block."""
    network = Network.parse(read_source(str(Path(__file__).parents[2] / "examples" / f"{name}.net")))
    drawings = printed_figures(network)
    texts = "\n".join(shape.text for drawing in drawings for shape in drawing.shapes if isinstance(shape, Text))
    copies = Diagram(network).copies
    names = {unit.first.name for unit in Diagram(network).units if unit.number not in copies and unit.first.layer}
    assert [one for one in names if one not in texts] == []
    for drawing in drawings:
        high = FIRST if drawing is drawings[0] else PAGE
        written = picture(drawing.width, drawing.height, drawing.shapes, escaped, high)
        scale = re.match(r"\\scalebox\{([\d.]+)\}", written)
        smallest = min(shape.size for shape in drawing.shapes if isinstance(shape, Text))
        assert scale
        assert float(scale[1]) * 0.7 * smallest >= 5.3


def test_a_page_begins_with_an_overview_where_the_figure_would_be_high() -> None:
    network = Network.parse(read_source(str(Path(__file__).parents[2] / "examples" / "googlenet.net")))
    drawing, insides = page_figures(network)
    assert drawing.height < 1000 < figure(network).height
    assert "4 branches to concat1" in drawing.svg
    assert [title for title, _ in insides][:2] == ["4 branches to concat1", "4 branches to concat2"]
    assert "conv 3×3, 128" in insides[0][1].svg
    small = Network.parse(MNIST)
    assert page_figures(small) == (figure(small), [])


def test_latex_reports_have_figures() -> None:
    written = Network.parse(MNIST).report("latex")
    assert written.count(r"\begin{picture}") == 5  # the network, three windows, the staircase
    assert written.index(r"\begin{picture}") < written.index(r"\begin{longtable}")
    assert "[U+" not in written


@pytest.mark.parametrize("name", ["mnist", "resnet18", "unet", "googlenet", "vit_b_16", "lstm_language_model"])
def test_no_sign_of_a_report_is_unknown_to_latex(name: str) -> None:
    assert "[U+" not in Network.parse(read_source(f"examples/{name}.net")).report("latex")


@pytest.mark.browser
@pytest.mark.parametrize("which", ["mnist.net", "unet.net", "googlenet.net", "hostile"])
def test_latex_with_figures_compiles(which: str, tmp_path: Path) -> None:
    assert shutil.which("pdflatex")
    net = named(HOSTILE[0]) if which == "hostile" else Network.parse(read_source(f"examples/{which}"))
    (tmp_path / "report.tex").write_text(net.report("latex"), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "report.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull \\hbox" not in done.stdout


def test_a_telephone_has_the_figure_in_one_column() -> None:
    """A figure that is wider than a telephone stands twice in a page, whose style shows one of them."""
    network = Network.parse(read_source(str(Path(__file__).parents[2] / "examples" / "resnet18.net")))
    page = Page(network.report("html"))
    wide, narrow = (int(svg["width"]) for svg in page.all("svg")[:2])
    assert wide > 560 > narrow
    assert narrow_figure(network).width == narrow
    small = Page(Network.parse("(1*28*28) -> Conv|32|5*5|1 -> FC|10").report("html"))
    assert "telephone" not in [each.get("class") for each in small.all("div")]
