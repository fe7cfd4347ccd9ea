"""The command line: what it prints, what it refuses and how, and that it stays whole when the world outside does not."""

from __future__ import annotations

import json
import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from symnet.cli import COMMANDS, MNIST, main
from tests.command_line import ROOT, run


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command that succeeds prints."""
    assert main(arguments) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Puts bytes into standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text), encoding="utf-8"))


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 2) -> str:
    """What a command that fails says: one line, and perhaps the spot."""
    try:
        assert main(arguments) == code
    except SystemExit as ended:
        assert ended.code == code
    captured = capsys.readouterr()
    if "--json" in arguments:
        assert set(json.loads(captured.out)["error"]) == {"message", "layer", "where", "condition", "fits", "fixes"}
    else:
        assert captured.out == ""
    message, *spot = captured.err.splitlines()
    assert message.startswith("symnet")
    assert len(spot) in (0, 2)
    assert not spot or spot[1].strip() == "^"
    return message


# ---- help -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example_that_is_a_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    example = COMMANDS[name].example
    assert f"Example: {' '.join(example.split())}" in shown.replace("- >", "->")
    assert shlex.split(example)[:2] == ["symnet", name]
    assert "--json" in shown


#: Examples that need a file of yours, or programs that may be missing.
ELSEWHERE = {"check", "sync", "figure", "coq", "doctor", "annotate"}


#: The page of the playground holds the whole package: the slow tests write it.
HERE = [
    pytest.param(name, marks=pytest.mark.slow) if name == "playground" else name
    for name in COMMANDS
    if name not in ELSEWHERE
]


@pytest.mark.parametrize("name", HERE)
def test_the_example_in_help_runs(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    words = shlex.split(COMMANDS[name].example)[1:]
    arguments = [
        str(tmp_path / word) if before == "-o" else word for before, word in zip(["", *words], words, strict=False)
    ]
    assert printed(capsys, *arguments)
    json.loads(printed(capsys, *arguments, "--json"))


def test_help_comes_without_sympy() -> None:
    code = "import sys; from symnet.cli import main; code = main([]); sys.exit(code or 'sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "--version").startswith("symnet 0.")


# ---- JSON, as INTERFACE says --------------------------------------------------------------------------------------------------

TABLE: dict[str, Any] = {
    "input": list, "layers": list, "output": list, "parameters": int, "trainable": int, "non_trainable": int,
    "multiply_adds": int, "activations": int, "closed_form": dict, "receptive_field": dict, "hypotheses": list,
    "notes": list, "steps": int, "checked": bool, "by_definition": list,
}  # fmt: skip
LAYER: dict[str, Any] = {
    "index": int, "name": str, "kind": str, "output": list, "parameters": int, "trainable": int, "multiply_adds": int,
    "activations": int,
}  # fmt: skip


def types(data: dict[str, Any]) -> dict[str, type]:
    return {key: type(value) for key, value in data.items()}


def test_table_json(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(printed(capsys, "table", MNIST, "--json"))
    assert types(data) == TABLE
    assert [types(layer) for layer in data["layers"]] == [LAYER] * 6
    assert data["layers"][0] == {
        "index": 1, "name": "conv1", "kind": "Conv", "output": [32, 24, 24], "parameters": 832, "trainable": 832,
        "multiply_adds": 460_800,
        "activations": 32 * 24 * 24,
    }  # fmt: skip
    assert (data["input"], data["output"], data["parameters"]) == ([1, 28, 28], [10], 217_706)
    assert data["closed_form"] == {"H": "(H - 8)//4", "W": "(W - 8)//4"}
    assert data["receptive_field"] == {"size": [12, 12], "stride": [4, 4], "padding": [0, 0]}
    assert data["hypotheses"] == ["H >= 12", "W >= 12"]
    assert data["by_definition"] == ["dense1", "dense2"]
    assert data["checked"] is True


def test_table_json_with_symbols(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(printed(capsys, "table", "(3*W*W) -> Conv|K|3|2|1 -> BN", "--json"))
    assert data["input"] == [3, "W", "W"]
    assert data["output"] == ["K", "(W + 1)//2", "(W + 1)//2"]
    assert (data["parameters"], data["trainable"], data["non_trainable"]) == ("32*K", "30*K", "2*K")
    assert set(data) == set(TABLE)


def test_report_json_holds_its_proof(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    assert printed(capsys, "report", MNIST, "--json", "-o", str(path)) == ""
    data = json.loads(path.read_text())
    assert set(data) == {"network", "proof", "training", *TABLE}
    assert printed(capsys, "report", MNIST, "--format", "json") == path.read_text()
    checked = json.loads(printed(capsys, "check", str(path), "--json"))
    assert checked["checked"] is True
    assert checked["steps"] == data["steps"]
    assert "theorems" in printed(capsys, "check", str(path))


def test_a_changed_proof_fails_the_check(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    printed(capsys, "report", "784 -> FC|10", "--json", "-o", str(path))
    path.write_text(path.read_text().replace("7850", "7851"))
    assert refused(capsys, "check", str(path), code=1).startswith("symnet: not a proof: ")
    assert main(["check", str(path), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["checked"] is False
    assert data["reason"]


# ---- refusals -----------------------------------------------------------------------------------------------------------------

NO_FILE = (
    "this looks like the name of a file, and is no network: a file of notation ends in .net, and Network.parse takes the text of "
    "one, not its name"
)
REFUSED = [
    (["table", "(1*5*5) -> Conv|32|9*9"],
     "symnet: layer 1 (conv1, Conv|32|9*9): H and W: 9 ≤ 5 + 2·0 (= 5) does not hold; a kernel of at most 5 or padding of at least 2 "
     "or an input of at least 9 would fit"),
    (["table", "(1*28*28) -> Conv|32|5|0"], "symnet: stride must be at least 1, got 0"),
    (["table", "(1*28*28) -> Conv|32|2.5"], "symnet: unexpected '.': all numbers here are integers"),
    (["table", "(1*28*28) -> Cov|32|5"], "symnet: unknown layer kind 'Cov'; did you mean 'Conv'?"),
    (["report", "(1*29*29) -> Maxpool|2", "--exact"],
     "symnet: layer 1 (maxpool1, Maxpool|2): 29 − 2 + 2·0 = 27 is not divisible by the stride 2; 1 of the padded input would be "
     "dropped"),
    (["table", "nothere.txt"], "symnet: " + NO_FILE),
    (["table", "models/nothere"], "symnet: " + NO_FILE),
    (["table", "3x224x224"], "symnet: the network has no layers: they follow the input, as in 784 -> FC|10"),
    (["table", "(224,224,3) -> Conv|64|7|2|3 -> Maxpool|3|2"],
     "symnet: layer 2 (maxpool1, Maxpool|3|2): W: 3 ≤ 2 + 2·0 (= 2) does not hold; a kernel of at most 2 or padding of at least 1 "
     "or an input with W ≥ 5 would fit; (224, 224, 3) is read as 224 channels, which stand first; with channels last it is "
     "HWC:224x224x3"),
    (["table", "nothere.net"], "symnet: cannot read nothere.net: No such file or directory"),
    (["table", ""], "symnet: the network is empty: an input, then layers, as in 784 -> FC|10"),
    (["explain", "convv"], "symnet: unknown layer kind 'convv'; did you mean 'Conv'?"),
    (["check", "nothere.json"], "symnet: cannot read nothere.json: No such file or directory"),
    (["report", "784 -> FC|10", "-o", "nothere/x.md"], "symnet: cannot write nothere/x.md: No such file or directory"),
    (["table"], "symnet: the following arguments are required: NET; symnet table --help shows how"),
    (["table", "784 -> FC|10", "-o", "x"], "symnet: unrecognized arguments: -o x; symnet table --help shows how"),
    (
        ["table", "784", "-"],
        'symnet: unrecognized arguments: -; a network stands in quotes, as in "784 -> FC|10"; symnet table --help shows how',
    ),
    (["solve", "784 -> FC|10 = 10", "more"], "symnet: unrecognized arguments: more; symnet solve --help shows how"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_one_line_says_what_is_wrong(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, *arguments) == message


def test_what_is_read_otherwise_than_meant_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    note = "(224, 224, 3) is read as 224 channels, which stand first; with channels last it is HWC:224x224x3"
    text = "(224,224,3) -> Conv|64|7|2|3"
    question = f"{text.replace('|2|', '|S|')} = (64, 112, 2)"
    for arguments in (["table", text], ["report", text], ["solve", question], ["figure", text], ["coq", text]):
        assert main(arguments) == 0
        assert capsys.readouterr().err == f"symnet: note: {note}\n"
    assert main(["table", text, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == [note]
    assert printed(capsys, "table", "(3,224,224) -> Conv|64|7|2|3 -> FC|10")


@pytest.mark.parametrize("text", ["(3,2,2) -> Conv|64|7", "(512,4,4) -> Conv|64|7", "HWC:2x2x3 -> Conv|64|7"])
def test_channels_last_is_asked_only_of_what_looks_so(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "channels last" not in refused(capsys, "table", text)


@pytest.mark.parametrize(
    "arguments", [["tabel", "784"], ["report", "784 -> FC|1", "--format", "pdf"], ["table", "--all", "x"]]
)
def test_arguments_are_refused_in_one_line_too(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, *arguments).endswith("--help shows how")


HUGE = {
    "megabytes": b" " * (64 * 2**20 + 1),
    "parentheses": b"(" * 100_000,
    "digits": b"784 -> FC|" + b"9" * 6000,
    "repeats": b"784 -> 1000 * [1000 * [FC|10]]",
    "power": b"784 -> FC|W**100000000",
    "bytes": b"\xff\xfe\x00",
    "control": b"784 -> FC|10\x00",
}


@pytest.mark.parametrize("name", HUGE)
def test_what_is_too_large_or_no_text_is_refused(
    name: str, typed: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed(HUGE[name])
    assert main(["table", "-"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("symnet: ")
    assert len(printed.err) < 400


@pytest.mark.parametrize("proof", [b"", b"[" * 100_000, b"9" * 5000, b"nul", b"{} {}"])
def test_what_is_no_json_is_refused(
    proof: bytes, typed: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed(proof)
    assert main(["check", "-"]) == 2
    assert capsys.readouterr().err.startswith("symnet: - is not JSON")


@pytest.mark.parametrize("proof", [b"{}", b"[]", b"3", b'{"proof": null}', b'{"proof": {"format": "symnet proof 2"}}'])
def test_what_is_no_proof_fails_the_check(
    proof: bytes, typed: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed(proof)
    assert main(["check", "-"]) == 1
    assert capsys.readouterr().err.startswith("symnet: not a proof: ")


# ---- files and pipes ----------------------------------------------------------------------------------------------------------


def test_a_dash_reads_standard_input(capsys: pytest.CaptureFixture[str]) -> None:
    ended = run("table", "-", input="784 → FC|10 # a comment\n".encode())
    assert ended.returncode == 0
    assert ended.stdout.decode() == printed(capsys, "table", "784 -> FC|10")


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.net")), ids=lambda path: path.name)
def test_every_example_is_a_network_or_a_question(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from symnet.notation.parse import parse_question

    assert parse_question(path.read_text(encoding="utf-8")).graph.nodes


def test_a_net_file_stands_for_its_network(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "mnist.net"
    path.write_bytes(b"\xef\xbb\xbf# with a byte order mark\r\n" + MNIST.replace("->", "\r\n->").encode())
    assert printed(capsys, "table", str(path)) == printed(capsys, "table", MNIST)


def test_output_replaces_a_file_as_a_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("old")
    path.chmod(0o640)
    assert refused(capsys, "report", "(1*5*5) -> Conv|1|9", "-o", str(path))
    assert path.read_text() == "old"
    assert printed(capsys, "report", "784 -> FC|10", "-o", str(path)) == ""
    assert path.read_text().startswith("# `784 -> FC|10`\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


BEGINNINGS = {"x.md": "# ", "x.HTML": "<!DOCTYPE html>", "x.htm": "<!DOCTYPE", "x.tex": "\\documentclass", "x.json": "{",
              "x.txt": "784 -> FC|10\n═", "x": "# "}  # fmt: skip


@pytest.mark.parametrize(("name", "beginning"), BEGINNINGS.items())
def test_the_ending_says_the_format(
    name: str, beginning: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert printed(capsys, "report", "784 -> FC|10", "-o", str(tmp_path / name)) == ""
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(beginning)


def test_other_commands_write_json_by_the_ending(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    network = "(1*8*8) -> Conv|2|3"
    for arguments, key in ((["figure"], "svg"), (["code", "--framework", "torch"], "code"), (["coq"], "text")):
        assert printed(capsys, *arguments, network, "-o", str(path)) == ""
        assert key in json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report", "-o", "x.docx"], "x.docx: cannot write .docx files, only .md (markdown), .html (html), .tex (latex), .txt "
                                     "(text), .json (json)"),
        (["report", "-o", "x.pdf", "--format", "html"], "x.pdf: cannot write .pdf files, only .md (markdown), .html (html), .tex "
                                                        "(latex), .txt (text), .json (json)"),
        (["report", "--format", "html", "--json"], "--json and --format html: ask for one of them"),
        (["figure", "-o", "x.pdf"], "x.pdf: cannot write .pdf files, only .svg (svg), .png (png), .json (json)"),
        (["code", "--framework", "torch", "-o", "x.ipynb"], "x.ipynb: cannot write .ipynb files, only .py (Python), .json (json)"),
    ],
)  # fmt: skip
def test_an_ending_that_cannot_be_written_is_refused(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    command, *others = arguments
    assert refused(capsys, command, "(1*8*8) -> Conv|2|3", *others) == f"symnet: {message}"
    assert list(tmp_path.iterdir()) == []


def test_coq_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    network = "(1*8*8) -> Conv|2|3"
    data = json.loads(printed(capsys, "coq", network, "--json"))
    assert data["text"] == printed(capsys, "coq", network)
    assert list(data["goals"]) == [f"goal_{number}" for number in range(1, len(data["goals"]) + 1)]
    assert "x_4 + x_5 = 20" in data["goals"].values() or "20" in " ".join(data["goals"].values())
    for name, statement in data["goals"].items():
        assert f"Theorem {name} : {statement}." in data["text"]
    path = tmp_path / "x.v"
    assert json.loads(printed(capsys, "coq", network, "--json", "-o", str(path))) == data
    assert path.read_text(encoding="utf-8") == data["text"]


def test_output_follows_links_and_writes_to_pipes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    real, link = tmp_path / "real.md", tmp_path / "link.md"
    real.write_text("old")
    link.symlink_to(real)
    printed(capsys, "report", "784 -> FC|10", "-o", str(link))
    assert link.is_symlink()
    assert real.read_text().startswith("#")
    ended = run("report", "784 -> FC|10", "-o", "/dev/stdout")
    assert ended.stdout.decode() == real.read_text()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="this system has no /dev/full")
def test_a_full_device_is_an_error_of_one_line() -> None:
    with open("/dev/full", "wb") as full:
        ended = run("layers", stdout=full)
    assert ended.returncode == 2
    assert ended.stderr == b"symnet: cannot write to standard output: No space left on device\n"


def test_a_reader_that_leaves_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    ended = run("layers", stdout=write)
    os.close(write)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_terminal_without_the_signs_gets_others() -> None:
    ended = run("table", "784 -> FC|10", env={"PYTHONIOENCODING": "ascii"})
    assert ended.returncode == 0
    assert b"7,850" in ended.stdout
    assert ended.stdout.isascii()
