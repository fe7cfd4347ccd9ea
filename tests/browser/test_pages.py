"""Reports as a browser draws them: formulas have size, nothing overflows, nothing is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from symnet import Network
from symnet.files import read_source
from tests.browser.chromium import CHROMIUM, console, measured
from tests.hostile import HOSTILE, named

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"),
]

EXAMPLES = Path(__file__).parents[2] / "examples"
SYMBOLIC = "(D*H*W) -> Conv|K|F|S|P -> Conv|(2*K)|3|2|same -> Maxpool|2 -> Deconv|8|4|2|1"


def _report(which: str) -> str:
    if which == "symbols":
        return Network.parse(SYMBOLIC).report("html")
    if which == "names":
        return named(HOSTILE[-1]).report("html")
    return Network.parse(read_source(str(EXAMPLES / which))).report("html")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    "which", ["mnist.net", "resnet50.net", "unet.net", "transformer_encoder.net", "symbols", "names"]
)
def test_reports_are_drawn(which: str, width: int, tmp_path: Path) -> None:
    seen = measured(_report(which), width, tmp_path)
    assert seen["scroll"] <= seen["width"] <= width
    assert seen["outside"] == []
    assert seen["clipped"] == []
    if which.endswith(".net"):  # lines are broken, and rows of tables are laid out below one another on a telephone
        assert seen["scrolling"] == []
    assert seen["formulas"] > 10
    assert seen["empty"] == 0
    assert seen["requests"] == []
    assert seen["targets"] == 0
    assert seen["console"] == []


@pytest.mark.parametrize("which", ["transformer_encoder.net", "vit_b_16.net"])
def test_a_transformer_needs_no_scrolling_and_no_narrow_columns(which: str, tmp_path: Path) -> None:
    seen = measured(_report(which), 1280, tmp_path)
    assert seen["scrolling"] == []
    assert seen["tallest"] < 90  # two lines, or a fraction


@pytest.mark.parametrize("dark", [False, True])
def test_light_and_dark_are_legible(dark: bool, tmp_path: Path) -> None:
    seen = measured(_report("mnist.net"), 1280, tmp_path, dark=dark)
    assert seen["dark"] == dark
    assert seen["contrast"] >= 4.5


def test_the_policy_finds_nothing_to_forbid(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(_report("mnist.net"), encoding="utf-8")
    assert console(page, tmp_path) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_names_run_nothing(name: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(named(name).report("html"), encoding="utf-8")
    assert console(page, tmp_path) == []


def test_the_measures_see_what_is_wrong(tmp_path: Path) -> None:
    wrong = "<!DOCTYPE html><html><head></head><body><div style='width:3000px'>wide</div><math></math></body></html>"
    seen = measured(wrong, 390, tmp_path)
    assert seen["outside"]
    assert seen["scroll"] > seen["width"]
    assert seen["empty"] == 1
    page = tmp_path / "blocked.html"
    page.write_text(_report("mnist.net").replace("<footer>", "<script>1</script><footer>"), encoding="utf-8")
    assert "Content Security Policy" in " ".join(console(page, tmp_path))
