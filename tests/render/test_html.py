from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from itertools import pairwise

import pytest

from symnet import Network
from symnet.render.document import (
    Bullets,
    Code,
    Document,
    Heading,
    Link,
    Math,
    Paragraph,
    Row,
    Shape,
    Step,
    Strong,
    Table,
)
from symnet.render.fragments import Style, fragment
from symnet.render.html import html
from symnet.terms.term import Symbol, integer
from tests.hostile import HOSTILE, named
from tests.render.pages import Page

MNIST = "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10"
W = Symbol("W")


@pytest.fixture(scope="module")
def source() -> str:
    return Network.parse(MNIST).report("html")


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


def test_nothing_comes_from_elsewhere(source: str, page: Page) -> None:
    assert not {"script", "link", "img", "iframe", "object"} & set(page.names)
    assert not any(name.startswith("on") or name == "style" for _, attributes in page.tags for name in attributes)
    assert all(attributes.get("href", "#").startswith("#") for _, attributes in page.tags)
    assert "url(" not in source
    assert "@import" not in source


def test_the_policy_allows_the_one_style(page: Page) -> None:
    (style,) = page.styles
    hashed = b64encode(sha256(style.encode()).digest()).decode()
    (policy,) = (meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy == f"default-src 'none'; style-src 'sha256-{hashed}'"


def test_language_title_and_headings_in_order(page: Page) -> None:
    assert page.all("html") == [{"lang": "en"}]
    levels = [int(name[1]) for name in page.names if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_links_arrive(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    targets = [link["href"][1:] for link in page.all("a")]
    assert targets
    assert set(targets) <= set(page.ids)


def test_every_layer_folds_and_the_table_leads_there(page: Page) -> None:
    assert len(page.all("details")) == len(page.all("summary")) == 6 + 1  # and the menu
    for number in range(1, 7):
        assert f"layer-{number}" in page.ids
        assert {"href": f"#layer-{number}"} in page.all("a")


def test_formulas_can_be_read_aloud(page: Page) -> None:
    formulas = page.all("math")
    assert len(formulas) > 30
    assert all(formula["alttext"].strip() for formula in formulas)
    assert not re.search(r"floor\(|\*\*|\\frac|//", " ".join(formula["alttext"] for formula in formulas))


def test_numbers_are_grouped_and_nothing_is_left_of_markdown(page: Page) -> None:
    assert "217,706" in page.text
    assert not re.search(r"[\ue000-\ue0ff\x02\x03]|\*\*|\\\[|\{#|\{:", page.text)


def test_figures_stand_in_the_page(page: Page) -> None:
    assert [figure["role"] for figure in page.all("svg")] == ["img"] * 5


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_never_markup(name: str) -> None:
    tame, wild = Page(named("abc").report("html")), Page(named(name).report("html"))

    def structure(page: Page) -> list[str]:
        # a cut name has a tooltip, a long one a line of its own
        kept = [tag for tag in page.names if tag not in ("title", "span", "text")]
        return kept[kept.index("main") : kept.index("footer")]

    more = structure(wild)[len(structure(tame)) :]
    assert structure(wild)[: len(structure(tame))] == structure(tame)
    assert more == (["h2", "p", "code"] if len(name) > 99 else [])  # a long notation stands at the end
    assert {key for _, attributes in wild.tags for key in attributes} == {
        key for _, attributes in tame.tags for key in attributes
    }
    assert not any(letter in wild.text for letter in "\u202e\u2066\u2069\u200f\x02\x03\x07\ue000\ue001\ue002")


def test_a_name_is_shown_as_it_is() -> None:
    assert Page(named("a|b <i> `c` $d$ &amp;").report("html")).text.count("a|b <i> `c` $d$ &amp;") >= 4


def test_every_block_and_inline() -> None:
    blocks = (
        Heading(2, ("1. A ", Math(W)), "closed-form-w"),
        Paragraph(
            (
                "3 < 4 & ",
                Strong("b"),
                " ",
                Strong(Math(integer(1234))),
                " ",
                Shape((integer(3), W)),
                " ",
                Link("up", "closed-form-w"),
            )
        ),
        Paragraph(("- no list",)),
        Bullets((("one",), (Code("t|wo"), " |"))),
        Table((("#",), ("x",)), (Row(((), ("a|b",))), Row((("2",), (Math(W // 2),)))), "rl"),
        Step(1, (Math(W),), ("because",)),
        Step(2, (Math(W),), ("from [1], not [7]",)),
    )
    written = fragment(blocks, {}, Style(prefix="p-"))
    page = Page(written)
    assert page.ids == ["p-closed-form-w", "p-step-1", "p-step-2"]
    assert [link["href"] for link in page.all("a")] == ["#p-closed-form-w", "#p-step-1"]
    assert "3 < 4 & b 1,234 3 × W up" in page.text
    assert page.names.count("ul") == 1
    assert page.names.count("td") == 4
    assert "<p>- no list</p>" in written
    assert "from [1], not [7]" in page.text


def test_for_mathjax_formulas_are_latex() -> None:
    written = fragment((Paragraph((Math(W // 2),)),), {}, Style("arithmatex"))
    assert written == r'<p><span class="arithmatex">\(\left\lfloor\frac{W}{2}\right\rfloor\)</span></p>'


def test_a_long_title_is_shortened() -> None:
    page = Page(html(Document((Code("x -> " * 100),), (Paragraph(("p",)),))))
    assert len(page.all("details")) == 1
    assert page.text.index("…") < 400


def test_long_reports_begin_folded() -> None:
    long = Page(Network.parse("(1*64*64)" + " -> Conv|2|3" * 14).report("html"))
    assert not any("open" in attributes for attributes in long.all("details"))


def test_the_formulas_of_a_step_stand_beside_it_as_latex() -> None:
    page = str(Network.parse("(1*W*W) -> Conv|8|5|2").report("html"))
    found = re.findall(r'<span class="tex"[^>]*>LaTeX<code>(.*?)</code></span>', page)
    assert any(r"\left\lfloor\frac{W-5+2\cdot0}{2}\right\rfloor+1" in unescape(each) for each in found)
    assert "<script" not in page
