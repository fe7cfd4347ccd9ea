"""The playground in a real browser, with Pyodide from a folder: everything is done as a person does it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from symnet.embed.html import playground_frame
from symnet.embed.request import Request
from symnet.playground.build import write_playground
from symnet.playground.server import server
from tests.browser.driving import Browser

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]

ANSWERS = "Number(document.getElementById('answer').dataset.count || 0)"
SHOWN = "document.getElementById('answer').textContent"
TOLD = "document.getElementById('message').textContent"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page is served."""
    pyodide = os.environ.get("SYMNET_PYODIDE")
    if not pyodide:
        pytest.fail("npm install pyodide, and say where it is: SYMNET_PYODIDE=node_modules/pyodide")
    folder = tmp_path_factory.mktemp("site")
    write_playground(str(folder), pyodide)
    frame = playground_frame(Request("table", "784 -> FC|10"), "index.html")
    head = '<!DOCTYPE html><title>A page</title><link rel="icon" href="data:,">'
    (folder / "manual.html").write_text(head + frame, encoding="utf-8")
    with server(folder) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


@pytest.fixture(scope="module")
def page(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The page after its first answer."""
    with Browser(tmp_path_factory.mktemp("browser")) as browser:
        browser.open(address)
        browser.wait(f"{ANSWERS} > 0")
        yield browser
        assert browser.console == []
        assert all(request.startswith((address, "data:", "about:")) for request in browser.requests)


def _type(page: Browser, text: str) -> None:
    """Select what is there, and type over it."""
    page.value("document.getElementById('text').focus(); document.getElementById('text').select()")
    page.type(text)


def test_it_begins_with_an_example(page: Browser) -> None:
    assert "217,706" in page.value(SHOWN)
    print("\n" + page.value("document.getElementById('time').textContent"))  # noqa: T201  # how long it took


def test_what_is_typed_is_answered(page: Browser) -> None:
    _type(page, "(3*W*W) -> Conv|K|7|2|3")
    page.wait(f"{SHOWN}.includes('conv1') && !document.getElementById('letters').hidden")
    assert page.value("[...document.querySelectorAll('#letters label')].map(label => label.textContent)") == ["W", "K"]
    assert page.value("document.getElementById('text').getAttribute('aria-invalid')") == "false"


def test_a_slider_puts_a_number_in(page: Browser) -> None:
    _type(page, "(3*W*W) -> Conv|K|7|2|3")
    page.wait("document.getElementById('letter-W')")
    page.value("document.getElementById('letter-W').focus()")
    page.press("End")
    page.wait(f"{SHOWN}.includes('256 × 256')")
    assert "at.W=512" in page.value("location.hash")
    page.value("document.querySelector('#letters button').click()")
    page.wait(f"!{SHOWN}.includes('256 × 256') && !location.hash.includes('at.W')")


def test_an_error_is_told_while_it_is_typed(page: Browser) -> None:
    _type(page, "(1*5*5) -> Conv|32|9*9")
    page.wait(f"{TOLD}.includes('a kernel of at most 5')")
    assert page.value("document.getElementById('text').getAttribute('aria-invalid')") == "true"
    _type(page, "(1*5*5) -> Conv|32|3*3")
    page.wait(f"!{TOLD} && {SHOWN}.includes('32 × 3 × 3')")


def test_a_question_is_answered(page: Browser) -> None:
    _type(page, "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)")
    page.wait(f"{SHOWN}.includes('and no other')")
    assert page.value("document.getElementById('tabs').hidden")


def test_kinds_are_completed_with_keys(page: Browser) -> None:
    _type(page, "(3*9*9) -> Maxp")
    page.wait("!document.getElementById('kinds').hidden")
    page.press("ArrowDown")
    assert page.value("document.getElementById('text').getAttribute('aria-activedescendant')") == "kind-0"
    page.press("Enter")
    assert page.value("document.getElementById('text').value").startswith("(3*9*9) -> Maxpool")
    _type(page, "(3*9*9) -> Con")
    page.wait("!document.getElementById('kinds').hidden")
    page.press("Escape")
    assert page.value("document.getElementById('kinds').hidden")


def test_figures_are_reached_with_keys(page: Browser) -> None:
    _type(page, "(3*12*12) -> Conv|8|3|3|1")
    page.wait(f"{SHOWN}.includes('8 × 4 × 4')")
    page.value("document.getElementById('tab-table').focus()")
    page.press("ArrowRight")
    page.wait("document.querySelector('#answer svg')")
    assert page.value("document.activeElement.id") == "tab-network"
    page.press("ArrowRight")
    page.wait("document.querySelector('#answer details')")
    page.press("Home")
    page.wait("document.querySelector('#answer table')")


def test_a_file_is_read_in_the_page(page: Browser) -> None:
    before = len(page.requests)
    page.choose_file("#file", ROOT / "examples" / "digits.keras")
    page.wait(f"{SHOWN}.includes('338')")
    assert "HWC:" in page.value("document.getElementById('text').value")
    assert not [request for request in page.requests[before:] if "sympy" not in request]


def test_an_onnx_file_is_told_what_to_do(page: Browser, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"\x08\x07")
    page.choose_file("#file", tmp_path / "model.onnx")
    page.wait(f"{TOLD}.includes('symnet report model.onnx')")


def test_nothing_that_is_typed_is_markup(page: Browser) -> None:
    for text in ('(1*9*9) -> Conv|8|3|name="<img src=x onerror=alert(1)>"', "<script>alert(1)</script>"):
        _type(page, text)
        page.wait(f"{SHOWN}.includes('onerror') || {TOLD}.includes('script')")
        assert page.value("document.querySelectorAll('#answer img, #answer script, #message *').length") == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_a_shared_address_at_a_width(width: int, address: str, tmp_path: Path) -> None:
    with Browser(tmp_path, width) as browser:
        browser.open(f"{address}#n=(3*W*W)+-%3E+Conv%7C8%7C3&at.W=12&show=derivation")
        browser.wait(f"{ANSWERS} > 0")
        assert "(3*12*12)" in browser.value(SHOWN)
        assert browser.value("document.getElementById('letter-W').value") == "12"
        assert browser.value("document.documentElement.scrollWidth") <= width
        assert browser.console == []


def test_a_page_of_the_manual_unfolds_to_it(address: str, tmp_path: Path) -> None:
    inside = "document.querySelector('iframe').contentDocument"
    with Browser(tmp_path) as browser:
        browser.open(f"{address}manual.html")
        browser.wait("document.querySelector('summary')")
        assert not [request for request in browser.requests if "page.js" in request]  # loaded when it is unfolded
        browser.value("document.querySelector('summary').click()")
        browser.wait(f"Number({inside}.getElementById('answer').dataset.count || 0) > 0")
        assert "7,850" in browser.value(f"{inside}.getElementById('answer').textContent")
        assert browser.console == []
