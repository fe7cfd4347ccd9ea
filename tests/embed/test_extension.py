from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import markdown
import pytest

from symnet.embed import html as embed_html
from symnet.embed.content import content
from symnet.embed.markdown_extension import SymnetExtension
from symnet.embed.request import OptionError
from symnet.errors import SymnetError
from tests.hostile import HOSTILE
from tests.render.pages import Page

NET = "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2"


def _html(text: str, *others: Any, **options: Any) -> str:
    return markdown.markdown(
        text, extensions=["tables", "fenced_code", "attr_list", *others, SymnetExtension(**options)]
    )


def _block(header: str, source: str, **options: Any) -> str:
    return _html(f"before\n\n```symnet {header}\n{source}\n```\n\nafter", **options)


@pytest.mark.parametrize(
    ("header", "source", "expected"),
    [
        ("table", NET, '<td data-label="parameters">0</td>'),
        ("report", NET, "Checked."),
        ("", NET, "Checked."),
        ("derivation level=3", NET, "<h3"),
        ("formula axis=W", NET, '<math display="block"'),
        ("formula", "(W - F + 2*P)//S + 1", '<math display="block"'),
        ("figure kind=windows layer=2", NET, "The windows of maxpool1"),
        ("solve", "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)", 'alttext="S = 2"'),
        ('solve for="S" where="S<=4"', "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)", 'alttext="S = 2"'),
        ("explain", "Maxpool", "<strong>Maxpool</strong>: Max pooling"),
        ("explain framework=keras", "Conv", "keras.layers.Conv2D"),
        ("explain", "weight-decay-sgd", "Checked."),
        ("facts", "", "Batch normalization"),
        ("facts", "losses dropout", "what is proven"),
        ("compare", f"{NET}\n  with\n{NET}", "proven equal"),
        ("code framework=torch", NET, '<code class="language-python"># (1*28*28) -&gt; Conv'),
        ("figure kind=windows layer=maxpool1", NET, "The windows of maxpool1"),
        ("table at='W=28'", NET.replace("28*28", "W*W"), "32 × 24 × 24"),
    ],
)
def test_blocks(header: str, source: str, expected: str) -> None:
    html = _block(header, source)
    assert expected in html
    assert "symnet-error" not in html.replace("div.symnet-error", "").replace("span.symnet-error", "")
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert page.text.strip().startswith("before")
    assert page.text.strip().endswith("after")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{symnet: (W - 1)//2}", 'alttext="⌊(W − 1)/2⌋"'),
        ("{symnet: 3 <= W}", "W"),
        ("{symnet: W % 4 = 0}", "∣"),
        ("{symnet: 784 -> FC|10}", '<span class="shape">10</span>'),
        ("{symnet parameters: 784 -> FC|10}", "7,850"),
        ("{symnet trainable: 784 -> FC|10}", "7,850"),
        ("{symnet multiply_adds: 784 -> FC|10}", "7,840"),
        ("{symnet memory dtype=float16: 784 -> FC|10}", "15,700 bytes of parameters and 20 of activations"),
        ("{symnet receptive_field: (1*28*28) -> Conv|32|5 -> Maxpool|2}", "6 × 6"),
        ("{symnet solve: (3,9,9) -> Conv|8|3|S = (8,4,4)}", 'alttext="S = 2"'),
        ("{symnet solve: (3,9,9) -> Conv|8|3|S = (8,5,5)}", "no solution"),
        ("{symnet formula axis=W: (3*W*W) -> Conv|8|3}", 'alttext="W − 2"'),
    ],
)
def test_in_a_line(written: str, expected: str) -> None:
    assert expected in _html(f"It is {written}.")


def test_code_and_other_fences_are_left_alone() -> None:
    html = _html("`{symnet: W}`\n\n````md\n```symnet table\n784 -> FC|10\n```\n````\n\n    ```symnet table\n    x\n")
    assert "<code>{symnet: W}</code>" in html
    assert "```symnet table" in html
    assert "<table" not in html


def test_in_tables_lists_and_headings() -> None:
    table = "| a |\n|---|\n| {symnet: (1*9*9) -> Conv\\|8\\|3} |"
    listed = "- i\n\n    ```symnet table\n    784 -> FC|10\n    ```"
    html = _html("# {symnet: W // 2} {#x}\n\n" + f"{table}\n\n{listed}\n")
    assert "8 × 7 × 7" in html
    assert '<h1 id="x"><math' in html
    assert "<li>" in html.partition("<table>")[2]


def test_ids_differ_between_blocks_of_one_page() -> None:
    html = _html("\n\n".join([f"```symnet report\n{NET}\n```"] * 3))
    page = Page(html)
    assert len(page.ids) == len(set(page.ids)) > 6
    assert {link["href"][1:] for link in page.all("a")} <= set(page.ids)


def test_repeated_blocks_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []

    def counted(request: Any) -> Any:
        calls.append(request)
        return content(request)

    embed_html._block.cache_clear()
    monkeypatch.setattr(embed_html, "content", counted)
    for _ in range(3):
        _html("\n\n".join([f"```symnet table\n{NET}\n```"] * 4))
    assert len(calls) == 1


@pytest.mark.parametrize("output", ["arithmatex", "mathjax", "katex"])
def test_for_scripts_that_set_formulas(output: str) -> None:
    html = _html("{symnet: W//2}\n\n```symnet formula\nW//2\n```\n", output=output)
    assert r'<span class="arithmatex">\(\left\lfloor\frac{W}{2}\right\rfloor\)</span>' in html
    assert r'<div class="arithmatex">\[\left\lfloor\frac{W}{2}\right\rfloor\]</div>' in html
    assert "<math" not in html


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```symnet tabel\n784\n```", "unknown kind 'tabel'; did you mean 'table'?"),
        ("```symnet figure kind=windwos\nx\n```", "kind is one of network, windows"),
        (
            "```symnet figure kind=windows layer=two\n(1*9*9) -> Conv|1|3\n```",
            "the network has no layer called two: it has",
        ),
        ("```symnet code\n784 -> FC|1\n```", "code needs a framework: framework=keras or framework=torch"),
        ("```symnet code framework=tensorflow\n784 -> FC|1\n```", "framework is one of keras, torch"),
        ("```symnet explain\nCov\n```", "unknown layer kind 'Cov'; did you mean 'Conv'?"),
        ("```symnet facts\nlosse\n```", "unknown topic 'losse': there are batch-norm"),
        ("```symnet compare\n784 -> FC|1\n```", "two networks with the word “with” between them"),
        ("{symnet memory dtype=float: 784 -> FC|1}", "dtype is one of float16"),
        ("{symnet receptive_field: (7*8) -> MultiHeadAttention|2}", "no window bounds what one unit sees"),
        ("```symnet table exact=perhaps\n784 -> FC|1\n```", "exact is yes or no, not 'perhaps'"),
        ("```symnet table colour=red\n784 -> FC|1\n```", "unknown option of table 'colour'"),
        ("```symnet table at=\n784 -> FC|1\n```", "an option is written name=value"),
        ("```symnet figure kind\n784 -> FC|1\n```", "kind needs a value: kind=network"),
        ("```symnet table\n\n```", "nothing to write about"),
        ("```symnet table\n784 -> FD|10\n```", "unknown layer kind"),
        ("```symnet table\nnowhere.net\n```", "cannot read"),
        ("```symnet formula\n784 -> FC|10\n```", "no closed form"),
        ("```symnet formula axis=Q\n(3*W*W) -> ReLU\n```", "axis is one of H, W"),
        ("{symnet: W +}", "ends too early"),
        ("{symnet table: 784 -> FC|10}", "a table takes a block of its own"),
        ("{symnet parameters at='W=1': 784 -> FC|10}", "the network has no symbol 'W'"),
        ("{symnet parameters at='W<2': (3*W*W) -> FC|10}", "numbers for letters are written W=224,K=32"),
    ],
)
def test_errors_stand_in_the_page_and_stop_a_strict_build(
    text: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        html = _html(f"before\n\n{text}\n\nafter")
    page = Page(html)
    assert message in " ".join(page.text.split())
    assert any("symnet-error" in attributes.get("class", "") for _, attributes in page.tags)
    assert "before" in page.text
    assert "after" in page.text
    assert [record.name for record in caplog.records] == ["mkdocs.symnet"]
    with pytest.raises(SymnetError):
        _html(text, strict=True)


def test_an_unknown_output_is_refused() -> None:
    with pytest.raises(OptionError, match="output is mathml, arithmatex"):
        _html("x", output="png")


@pytest.mark.parametrize("name", HOSTILE)
def test_sources_are_never_markup(name: str) -> None:
    # a carriage return ends a line of Markdown: what follows is the author's own
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    html = _html(f'```symnet table\n(1*9*9) -> Conv|8|3|name="{quoted}"\n```\n\n{{symnet: {quoted}}}')
    page = Page(html)
    assert not {"script", "img", "b", "iframe"} & set(page.names)
    assert not any(key.startswith("on") for _, attributes in page.tags for key in attributes)


def test_style_comes_once() -> None:
    assert _html("\n\n".join(["```symnet table\n784 -> FC|10\n```"] * 2)).count("<style>") == 1
    assert "<style>" not in _html("```symnet table\n784 -> FC|10\n```", css=False)


def test_a_converter_can_be_used_again() -> None:
    converter = markdown.Markdown(extensions=[SymnetExtension()])
    text = f"```symnet report\n{NET}\n```"
    first = converter.convert(text)
    assert converter.reset().convert(text) == first


def test_a_file_is_named_and_not_printed_whole(tmp_path: Path) -> None:
    (tmp_path / "digits.net").write_text("# our network\n(1*28*28) -> Conv|32|F\n")
    html = _block("report", "digits.net", base_path=str(tmp_path))
    assert "<code>digits.net</code>" in html
    assert "our network" not in html
    asked = _block("solve", "digits.net = (_, 24, 24)", base_path=str(tmp_path))
    assert "<code>digits.net = (_, 24, 24)</code>" in asked
    compared = _block("compare", "digits.net with (1*28*28) -> Conv|32|F", base_path=str(tmp_path))
    assert "proven equal" in compared


@pytest.mark.slow
def test_a_keras_file_is_a_network() -> None:
    examples = Path(__file__).parents[2] / "examples"
    assert ">338<" in _block("table", "digits.keras", base_path=str(examples)).replace("<strong>338</strong>", ">338<")
    assert "338" in _html("{symnet parameters: digits.keras}", base_path=str(examples))


def test_warnings_name_the_line(caplog: pytest.LogCaptureFixture) -> None:
    text = (
        "# A\n\n{symnet: W +} and {symnet: W +}\n\n    {symnet: W +}\n\n{symnet: W +}\n\n"
        "```symnet table\n(1*9*9)\n  -> Conv|8|3\n  -> FD|10\n```\n\n```symnet tabel\n784\n```\n"
    )
    with caplog.at_level(logging.WARNING):
        _html(text)
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "line 12", "line 15", "line 3", "line 3", "line 7",
    ]  # fmt: skip
    with pytest.raises(SymnetError, match=r"^line 12: symnet table: unknown layer kind"):
        _html(text, strict=True)


def test_blocks_lead_into_the_playground() -> None:
    html = _block("figure kind=windows", "(1*9*9) -> Conv|8|3", playground="https://example.org/play/")
    assert 'href="https://example.org/play/#n=%281%2A9%2A9%29+-%3E+Conv%7C8%7C3&amp;show=windows"' in html
    assert "Try it" not in _block("explain", "Maxpool", playground="play/")
    assert "Try it" not in _block("table", NET)
