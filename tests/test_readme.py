"""Every example of README.md runs and gives what is shown there."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from symnet import Network
from symnet.cli import COMMANDS, main
from tests.readme import README, Example, blocks, examples, printed, shown

ROOT = README.parent


EXAMPLES = [
    pytest.param(example, id=example.command, marks=[pytest.mark.frameworks] if example.needs_framework else [])
    for example in examples()
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_command_prints_what_is_shown(
    example: Example, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    output = printed(example, capsys)
    assert shown(example.output, output), output


def test_what_is_shown_is_compared() -> None:
    assert shown("a\n...\nd\n", "a\nb\nc\nd\n")
    assert shown("...\nd\n", "d\n")
    assert not shown("a\n...\nd\n", "a\nb\nc\nd\ne\n")
    assert not shown("b\n", "a\nb\n")


@pytest.mark.parametrize("block", blocks("python"))
def test_python_gives_what_is_shown(block: str) -> None:
    test = doctest.DocTestParser().get_doctest(block, {}, "README.md", str(README), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    assert runner.run(test).failed == 0
    assert test.examples


def test_notation_examples_are_networks() -> None:
    text = README.read_text(encoding="utf-8")
    indented = re.findall(r"^    (\(.*->.*)$", text, flags=re.MULTILINE)
    assert indented
    for network in indented:
        assert Network.parse(network).placed


def test_there_are_two_commands_that_set_up() -> None:
    """`.ci/run` runs them, in a clean copy."""
    first, second = "".join(blocks("sh")).splitlines()
    assert first.startswith("python3 -m venv .venv && ")
    assert second.startswith("python3 -m venv .venv && ")
    assert "symnet report" in first
    assert "pytest" in second
    assert "tests/readme.py" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_is_named() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`symnet {name}" not in text] == []


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target


def test_the_first_screen() -> None:
    """A picture, a person's own model, where it breaks, and a question: all before the first heading below the title."""
    first = README.read_text(encoding="utf-8").split("\n## ")[0]
    assert len(first.splitlines()) <= 70
    assert [first.count(f"$ symnet {command}") for command in ("table", "doctor", "solve")] == [1, 1, 1]
    assert first.index("![") < first.index("$ symnet table examples/mymodel.py:Net")


def test_the_picture_is_what_symnet_draws() -> None:
    drawn = Network.parse("(3*12*12) -> Conv|8|5|3").figure("windows").svg
    assert (ROOT / "examples" / "pictures" / "windows.svg").read_text(encoding="utf-8") == drawn


def test_the_house_names_every_room() -> None:
    """The table of folders in CONTRIBUTING.md has every folder of symnet, and none that does not exist."""
    rows = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n| to find |")[0]
    named: set[Path] = set()
    for cell in re.findall(r"^\| (`[^|]*) \|", rows, flags=re.MULTILINE):
        base = Path()
        for name in re.findall(r"`([^`]+)`", cell):
            base = Path(name).parent if "/" in name else base
            named.add(base / Path(name).name)
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "symnet").glob("*/__init__.py")}
    assert {path for path in named if path.parts[0] == "symnet"} == folders
    assert [path for path in named if not (ROOT / path).is_dir()] == []


def test_no_other_language_is_shown() -> None:
    languages = re.findall(r"^```(\w+)$", README.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(languages) <= {"console", "sh", "python"}


def test_what_symnet_wrote_into_it_is_fresh() -> None:
    """``symnet sync --check README.md`` is content."""
    assert main(["sync", "--check", str(README)]) == 0


def test_contributing_names_what_exists() -> None:
    """Files and folders that it sends a reader to; no test stands beside it for the sentences."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:symnet|tests)/[\w./]+)`", text):
        assert (ROOT / name).exists(), name
    for target in re.findall(r"\]\(([^)#:]+)", text):
        assert (ROOT / target).exists(), target
