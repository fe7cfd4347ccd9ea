"""Names, titles and file names that others chose, in every format: read back as Markdown, HTML, XML, JSON and text."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from symnet import Network
from symnet.coq.emit import emit
from symnet.printing.letters import OWN, ascii_text, encodable, one_line, visible
from symnet.printing.screen import Screen, written_for
from symnet.render.document import Bullets, Code, Document, Heading, Link, Paragraph, Row, Step, Strong, Table
from symnet.render.figures.kinds import figure
from symnet.render.formats import report
from symnet.render.html import html
from symnet.render.latex import latex_document
from symnet.render.markdown import markdown
from symnet.render.text import plain
from tests.hostile import HOSTILE, named
from tests.parts import examples
from tests.render.pages import Page

#: What Markdown makes of a report: no HTML of its own but the code of a cell, no link but to an anchor, no picture.
TAGS = {"h1", "h2", "h3", "p", "strong", "em", "code", "a", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}

LETTERS = st.text(
    st.sampled_from("a1 `\\|<>&;#*_[](){}$~!-+=.:\r\n\t\x00\x1b\x85\u2028\u202e\ud800\"'/x卷é"), max_size=12
)
NAMES = LETTERS.filter(lambda name: bool(one_line(name)))


def rendered(text: str) -> Page:
    return Page(MarkdownIt("commonmark").enable("table").render(text))


def document(name: str) -> Document:
    """One with the name wherever a name or a text can stand."""
    code = (Code(name),)
    head = (("#",), ("name",))
    blocks = (
        Heading(2, code, "a"),
        Paragraph((name,)),
        Paragraph(("It is ", Code(name), ", ", Strong(Code(name)), Link(name, "a"))),
        Bullets((code, (name,))),
        Table(head, (Row((code, (name,))), Row(((name,), code))), "ll"),
        Step(1, code, (name, " and ", Code(name))),
    )
    return Document(code, blocks)


def same(text: str) -> str:
    return "".join(visible(text).split())


def check_markdown(name: str) -> None:
    written = markdown(document(name))
    assert all(line.isprintable() for line in written.split("\n"))
    page = rendered(written)
    assert set(page.names) <= TAGS
    tame = rendered(markdown(document("name")))
    assert [tag for tag in page.names if tag != "strong"] == [tag for tag in tame.names if tag != "strong"]
    assert {key for _, attributes in page.tags for key in attributes} <= {"href", "style"}
    assert same(page.text).count(same(name)) >= 10 if same(name) else True


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_shows_the_name_and_nothing_else(name: str) -> None:
    check_markdown(name)


@settings(max_examples=examples(60))
@given(NAMES)
def test_markdown_shows_drawn_names(name: str) -> None:
    check_markdown(name)


@settings(max_examples=examples(40))
@given(NAMES)
def test_pages_latex_and_text_hold_drawn_names(name: str) -> None:
    made = document(name)
    page = Page(html(made))
    assert not {"script", "b", "img", "i"} & set(page.names)
    assert page.names == Page(html(document("name"))).names
    assert latex_document(made).isascii()
    assert all(line.isprintable() for text in (html(made), plain(made)) for line in text.split("\n"))
    with written_for(Screen(ascii=True)):
        assert plain(made).isascii()


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_every_writer_of_a_network_with_the_name(name: str) -> None:
    network = named(name)
    network.title = name
    for format_ in ("markdown", "html", "latex", "text"):
        written = report(network, format_)
        assert all(line.isprintable() for line in written.split("\n")), format_
        written.encode("utf-8")
    assert set(rendered(report(network, "markdown")).names) <= TAGS
    json.loads(report(network, "json"))
    ET.fromstring(figure(network).svg)  # written above
    ET.fromstring(figure(network, "parameters").svg)
    source = emit(*network.proof.goals, title=name)
    assert re.sub(r"\(\*.*?\*\)", "", source) == re.sub(r"\(\*.*?\*\)", "", emit(*network.proof.goals, title="name"))


def test_a_name_of_many_letters_is_cut_in_one_pass() -> None:
    sizes = []
    for length in (4_000, 8_000):
        network = Network.parse(f'(1*8*8) -> Conv|2|3|name="{"x" * length}"')
        sizes.append(len(figure(network).svg))
    assert sizes[1] <= 2 * sizes[0] + 100


@given(LETTERS)
def test_text_on_one_line_is_printable(text: str) -> None:
    assert one_line(text).isprintable()
    assert visible(text).isprintable()
    assert len(visible(text)) == len(text)
    assert ascii_text(visible(text)).isascii()


def test_signs_in_ascii_can_be_told_apart() -> None:
    written = {letter: ascii_text(letter) for letter in OWN}
    assert all(text.isascii() for text in written.values())
    told_apart = set("⌊⌈≤≥≠·×÷−∣∈∉∪∧⇔→↦⊢∂√²³₁₂λμσ")
    assert len({written[letter].strip() for letter in told_apart}) == len(told_apart)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("⌊(W₁₂ − 2·F + 1)/4⌋ + 1", "floor((W_12 - 2*F + 1)/4) + 1"),
        ("⌈H/2⌉·⌊W/2⌋ ≤ 12", "ceil(H/2)*floor(W/2) <= 12"),
        ("x₁² + y₋₁³ ≡ 1 (mod 8) ∧ 2 ∣ W", "x_1**2 + y_(-1)**3 == 1 (mod 8) and 2 divides W"),
        ("3×W×W, 3 × 4", "3 x W x W, 3 x 4"),
        ("λ·w² ∈ {1, …, 5} ∪ ∅", "lambda*w**2 in {1, ..., 5} union {}"),
        ("√x, √(x + 1), 2λw, β₁", "sqrt(x), sqrt(x + 1), 2lambda w, beta_1"),
    ],
)
def test_mathematics_in_ascii(text: str, expected: str) -> None:
    assert ascii_text(text) == expected


def test_which_encodings_have_all_signs() -> None:
    assert [encodable(name) for name in ("utf-8", "utf-16", "gb18030", "cp1252", "gbk", "ascii", "latin-1", "no such")] == [
        True, True, True, False, False, False, False, False,
    ]  # fmt: skip
