"""Every example of the manual runs and gives what is shown there."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from symnet.embed.request import BLOCKS, INLINE
from tests.notebooks import outputs
from tests.readme import MANUAL, README, Example, blocks, examples, printed, shown

ROOT = README.parent
PAGES = ROOT / "examples" / "docs" / "docs"

COMMANDS = [
    pytest.param(
        example,
        id=f"{page.stem}: {example.command}",
        marks=[pytest.mark.frameworks] if example.needs_framework else [],
    )
    for page in MANUAL
    for example in examples(page)
]
PYTHON = [pytest.param(page, id=page.stem) for page in MANUAL if blocks("python", page)]


@pytest.mark.parametrize("example", COMMANDS)
def test_a_command_prints_what_is_shown(
    example: Example, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    output = printed(example, capsys)
    assert shown(example.output, output), output


@pytest.mark.parametrize("page", PYTHON)
def test_python_gives_what_is_shown(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    source = "".join(blocks("python", page))
    test = doctest.DocTestParser().get_doctest(source, {}, page.name, str(page), 0)
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed == 0
    assert test.examples


def test_every_fence_is_of_a_known_language() -> None:
    for page in MANUAL:
        text = re.sub(r"^````.*?^````$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        for language in re.findall(r"^```(\S+)", text, flags=re.MULTILINE):
            assert language in ("console", "python", "yaml", "rst", "symnet"), page


def test_every_kind_of_block_is_shown() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in MANUAL)
    assert [kind for kind in BLOCKS if f"```symnet {kind}" not in text] == []
    assert [kind for kind in INLINE if f"{{symnet {kind}" not in text and kind not in ("trainable", "formula")] == []


def test_every_page_is_in_the_menu() -> None:
    menu = (ROOT / "examples" / "docs" / "mkdocs.yml").read_text(encoding="utf-8")
    for page in MANUAL:
        assert f": {page.relative_to(PAGES).as_posix()}\n" in menu


def test_the_cells_of_the_quarto_document_show_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quarto runs them with Jupyter, and sets what they show."""
    monkeypatch.chdir(ROOT / "examples" / "docs" / "networks")
    page = (PAGES / "howto" / "documents.md").read_text(encoding="utf-8")
    document = page[page.index("title: Digits") :]
    cells = re.findall(r"^```\{python\}\n(.*?)^```$", document, flags=re.DOTALL | re.MULTILINE)
    sources = [{"cell_type": "code", "source": [cell]} for cell in cells]
    sources += [{"cell_type": "code", "source": [inline]} for inline in re.findall(r"`\{python\} ([^`]*)`", document)]
    table, drawing, number = ([*shown[0]["data"]] for shown in outputs(sources))
    assert "text/markdown" in table
    assert "image/svg+xml" in drawing
    assert "text/latex" in number
