"""Options that add up or are refused twice, numbers for letters, what is misspelt, errors as data, completion."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from symnet import solve
from symnet.cli import COMMANDS, main
from symnet.cli.completion import SHELLS
from symnet.errors import NotationError
from tests.command_line import ROOT, said

# ---- options ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("parameters <= 1M", "parameters <= 1M"), ("K>=4 and params<=1M", "parameters<=1M"),
        ("K>=4, Multiply_adds <= 4e9, K<9", "multiply_adds <= 4e9"), ("activations<=9", "activations<=9"),
    ],
)  # fmt: skip
def test_a_bound_on_a_quantity_is_a_budget(where: str, line: str) -> None:
    with pytest.raises(NotationError) as refused:
        solve("(3,32,32) -> Conv|K|3", where=where)
    assert f'a bound on what a network has is a budget: --budget "{line}"' in str(refused.value)
    assert solve("(3,32,32) -> Conv|K|3", budget=line).complete


@pytest.mark.parametrize(
    "options",
    [["--where", "W<=5", "--where", "W>=4"], ["--where", "W<=5,W>=4"], ["--where", "W<=7,W>=4", "--where", "W<6"]],
)
def test_repeated_conditions_add_up(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "solve", "(1,W,W) -> Conv|1|3", *options)[0].startswith("W ∈ {4, 5}.")


def test_every_option_that_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = said(
        capsys, "solve", "(1,W,W) -> Conv|K|3|S = (K, T, T)", "--for", "W", "--for", "K,T", "--at", "S=2", "--at=T=4",
        "--budget", "parameters<=40", "--budget", "parameters>=35", "--where", "W<=9", "--json", code=2,
    )  # fmt: skip
    assert "'T' is not in the question" in json.loads(out)["error"]["message"]
    out, _ = said(
        capsys, "solve", "(1,W,W) -> Conv|K|3|S = (K, T, T)", "--for", "W", "--for", "K", "--at", "S=2", "--at=T=4",
        "--budget", "parameters<=40", "--budget", "parameters>=35", "--where", "W<=9", "--json",
    )  # fmt: skip
    data = json.loads(out)
    assert data["solutions"] == [{"W": 9, "K": 4}]
    assert data["asked"]["at"] == "S=2, T=4"


def test_an_answer_with_numbers_for_letters_can_be_checked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(said(capsys, "solve", "(1,W,W) -> Conv|1|F = (1,T,T)", "--at", "F=3", "--at", "T=5", "--json")[0])
    assert "checked" in said(capsys, "check", str(path))[0]
    path.write_text(path.read_text().replace("T=5", "T=6"))
    assert said(capsys, "check", str(path), code=1)[0] == ""


def test_in_python_conditions_are_lists_as_well() -> None:
    found = solve("(1,W,W) -> Conv|K|3", for_=["W", "K"], where=["W<=5", "W>=4, K>3"], budget=["parameters<=40"])
    assert [tuple(one.values()) for one in found.numeric()] == [(4, 4), (5, 4)]


ONCE = [
    ["report", "784 -> FC|10", "--format", "html", "--format", "text"],
    ["report", "784 -> FC|10", "-o", "a.md", "--output", "b.md"],
    ["code", "784 -> FC|10", "--framework", "torch", "--framework=keras"],
    ["figure", "784 -> FC|10", "--kind", "network", "--kind", "network"],
    ["figure", "784 -> FC|10", "--layer", "1", "--layer", "2"],
    ["explain", "conv", "--format", "text", "--framework", "torch", "--framework", "keras"],
    ["coq", "784 -> FC|10", "--against", "a.v", "--against", "b.v"],
]


@pytest.mark.parametrize("arguments", ONCE)
def test_what_is_said_once_is_refused_twice(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "is given twice" in said(capsys, *arguments, code=2)[1]
    assert list(tmp_path.iterdir()) == []


NET = "(3*W*W) -> Conv|K|3|2|1 -> FC|10"
PUT = "(3*9*9) -> Conv|4|3|2|1 -> FC|10"
TAKING = [
    ["report"], ["report", "--json"], ["report", "--format", "html"], ["table"], ["table", "--json"], ["figure"],
    ["code", "--framework", "torch"], ["coq"], ["compare", PUT],
]  # fmt: skip


@pytest.mark.parametrize("arguments", TAKING, ids=" ".join)
def test_numbers_for_letters_on_every_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    command, *others = arguments
    with_numbers = said(capsys, command, *others, NET, "--at", "W=9", "--at", "K=4")[0]
    if arguments == ["table"]:  # it has the closed forms besides
        plain = said(capsys, *arguments, PUT)[0].splitlines()
        assert [line[: len(row)] for line, row in zip(with_numbers.splitlines(), plain, strict=True)] == plain
    elif command != "coq":  # it shows the question as it was written
        assert with_numbers == said(capsys, command, *others, PUT)[0]
    _, refused = said(capsys, command, *others, NET, "--at", "W=9,Z=1", "--at", "Y=2", code=2)
    assert "Z" in refused
    assert "Y" in refused
    for wrong in ("W", "W<3", "W=x", "W=0", "W=9,W=8", "K=-1"):
        assert said(capsys, command, *others, NET, "--at", wrong, code=2)[1].startswith("symnet: ")


def test_numbers_are_put_in_before_anything_is_worked_out(capsys: pytest.CaptureFixture[str]) -> None:
    text = "(C*4*4) -> Slice|1|4 -> Conv|(C-16)|3"
    assert "8 × 2 × 2" in said(capsys, "table", text, "--at", "C=24")[0]
    assert main(["table", "(1*W*W) -> Conv|1|9", "--at", "W=8"]) == 2
    assert "no letter Z" in said(capsys, "solve", "(1,W,W) -> Conv|1|F = (1,T,T)", "--at", "Z=8", code=2)[1]
    assert said(capsys, "solve", "(1,W,W) -> N * [Conv|1|3] = (1,4,4)", "--at", "N=3")[0].startswith("W = 10")


# ---- misspelt --------------------------------------------------------------------------------------------------------------


MISSPELT = [
    (["tabel", "784"], "did you mean 'table'?"), (["raport"], "did you mean 'report'?"),
    (["table", "784", "--jsno"], "did you mean '--json'?"), (["solve", "784", "--wher", "x"], "did you mean '--where'?"),
    (["report", "784 -> FC|1", "--formt=html"], "did you mean '--format'?"),
    (["report", "784 -> FC|1", "--format", "htlm"], "did you mean 'html'?"),
    (["code", "784 -> FC|1", "--framework", "troch"], "did you mean 'torch'?"),
    (["784 -> FC|10"], "symnet report '784 -> FC|10'"), (["mnist.net"], "symnet report 'mnist.net'"),
    (["784 -> FC|F = (10)"], "symnet solve '784 -> FC|F = (10)'"), (["3x224x224"], "is a network"),
    (["torchvision.models:resnet18"], "is a network"), (["-"], "is a network"), (["--jsn"], "before a command"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "hint"), MISSPELT)
def test_what_was_meant(arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = said(capsys, *arguments, code=2)
    assert out == ""
    assert hint in err
    assert err.count("\n") == 1


# ---- errors as data --------------------------------------------------------------------------------------------------------


def test_errors_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    def error(*arguments: str) -> dict[str, object]:
        out, err = said(capsys, *arguments, "--json", code=2)
        assert err.startswith("symnet: ")
        data: dict[str, object] = json.loads(out)["error"]
        assert set(data) == {"message", "layer", "where", "condition", "fits", "fixes"}
        return data

    found = error("table", '(1*5*5) -> Conv|32|9|name="stem"')
    assert (found["layer"], found["condition"]) == ("stem", "9 ≤ 5 + 2·0 (= 5)")
    assert "an input of at least 9" in str(found["fits"])
    assert error("report", "784\n -> Cov|3")["where"] == "line 2, column 5"
    assert error("check", "nothere.json")["where"] is None
    assert error("table")["message"]
    assert error("tabel", "x")["message"]
    assert error("solve", "(3,W) -> Conv|8|3 = (8")["where"]


# ---- completion ------------------------------------------------------------------------------------------------------------


COMPLETED = [
    (["re"], ["report"]), (["report", "--fo"], ["--format"]), (["report", "--format", ""], ["markdown", "html", "latex", "text", "json"]),
    (["code", "--framework", "k"], ["keras"]), (["completion", ""], ["bash", "zsh", "fish"]), (["explain", "ConvL"], ["ConvLSTM"]),
    (["table", "pyproj"], ["pyproject.toml"]), (["solve", "x", "--budg"], ["--budget"]),
]  # fmt: skip


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes(capsys: pytest.CaptureFixture[str]) -> None:
    script = said(capsys, "completion", "bash")[0]
    for words, _ in COMPLETED:
        quoted = " ".join(f"'{word}'" for word in ("symnet", *words))
        script += f'\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _symnet; echo "${{COMPREPLY[@]}}"'
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ended.stdout.splitlines() == [" ".join(expected) for _, expected in COMPLETED]
    assert "complete -o filenames -F _symnet symnet" in script


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts_name_every_command_and_option(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    script = said(capsys, "completion", shell)[0]
    assert script.isascii()
    for name in COMMANDS:
        assert name in script
    for option in ("where", "budget", "ascii", "framework", "against"):
        assert option in script
    program = shutil.which(shell)
    if program is not None and shell != "fish":
        subprocess.run([program, "-n"], input=script, text=True, check=True)
