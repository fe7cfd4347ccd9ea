"""What NET may be: a model's file, module:factory, and questions about them. The models here need no framework."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from symnet.cli import main
from symnet.errors import ModelError
from symnet.frontends.source import input_sizes, load, source
from symnet.public import Network

ROOT = Path(__file__).parent.parent.parent
DIGITS = str(ROOT / "examples" / "digits.keras")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_a_file_stands_for_its_network() -> None:
    assert Network.parse(source(DIGITS)).graph == load(DIGITS).graph
    assert [size.constant for size in load(DIGITS, input="28*28*1").input] == [28, 28, 1]


def test_questions_about_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, "solve", DIGITS, "--input", "W*W*1", "--for", "W", "--valid")
    assert code == 0
    assert text.startswith("W ≥ 3.")


@pytest.mark.parametrize("command", ["report", "table", "figure", "code"])
def test_every_command_reads_a_model(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["--framework", "keras"] if command == "code" else []
    code, text = said(capsys, command, DIGITS, *more)
    assert code == 0
    assert "stem" in text


def test_two_models_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, "compare", DIGITS, DIGITS)
    assert code == 0
    assert "proven equal" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["table", "json:loads"], "add --import"),
        (["solve", "json:loads = (1,_)"], "add --import"),
        (["table", "no_such_module:f", "--import"], "cannot import no_such_module"),
        (["table", "json:no_such", "--import"], "json has no no_such"),
        (["table", "json:loads", "--import"], "json:loads() raised TypeError"),
        (["table", "json:__name__", "--import"], "is no model and makes none"),
        (["table", "collections:OrderedDict", "--import"], "made a OrderedDict, which is no model"),
        (["table", "missing.keras"], "missing.keras"),
        (["table", "(3*8*8) -> ReLU", "--input", "3*9*9"], "notation says its input itself"),
        (["table", DIGITS, "--input", "28*"], "write it as in --input 3*224*224"),
    ],
)
def test_refusals_are_one_line(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, *arguments)
    assert code == 2
    assert words in text
    assert len(text.strip().splitlines()) == 1


def test_a_module_that_breaks_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_module.py").write_text("raise ZeroDivisionError('at import')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [path for path in sys.path if path])
    with pytest.raises(ModelError, match="ZeroDivisionError: at import"):
        load("broken_module:model", run=True)


def test_sizes() -> None:
    assert [size.constant for size in input_sizes("(3, 224, 224)")] == [3, 224, 224]
