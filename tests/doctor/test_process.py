"""A file of the user's runs in a process of its own: with a time limit, what it prints kept apart, and never with a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symnet.cli import main
from symnet.doctor.process import examined_apart
from symnet.errors import ModelError


def refusal(file: Path, text: str, limit: float = 60) -> str:
    file.write_text(text)
    with pytest.raises(ModelError) as refused:
        examined_apart(str(file), (), limit)
    return str(refused.value)


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    assert "has no model" in refusal(tmp_path / "net.py", "print('hello')\n")
    with pytest.raises(ModelError, match="cannot read"):
        examined_apart(str(tmp_path / "missing.py"), ())


def test_the_command_says_that_it_runs_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "net.py"
    file.write_text("print('hello')\n")
    assert main(["doctor", str(file), "--json"]) == 2
    captured = capsys.readouterr()
    assert f"runs {file} in a process of its own" in captured.err
    assert "hello" not in captured.err + captured.out
    assert "has no model" in json.loads(captured.out)["error"]["message"]


def test_the_command_exits_with_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "(1*28*28) -> Conv|8|5"]) == 0
    assert main(["doctor", "(1*28*28) -> Conv|8|50", "--json"]) == 1
    shown = capsys.readouterr().out
    data = json.loads(shown[shown.index('{\n "ok"') :])
    assert data["ok"] is False
    assert data["layer"] == "conv1"
    assert set(data) >= {"ok", "layer", "where", "why", "condition", "rows", "chain", "fixes", "fits"}
    assert set(data["fixes"][0]) >= {"change", "kind", "code", "proven", "tried"}
    assert main(["doctor", "(1*28*28) -> Cov|8"]) == 2
