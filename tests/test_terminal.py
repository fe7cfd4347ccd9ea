"""What is printed where: ASCII and encodings, terminals and pipes, and the same without docstrings."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from symnet.cli import COMMANDS, main
from symnet.cli.commands import print_out
from tests.command_line import PRINTING, ROOT, SYMBOLIC, run, said

# ---- ASCII and encodings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", PRINTING, ids=lambda arguments: " ".join(arguments[::2])[:40].encode("ascii", "replace").decode()
)
def test_ascii_of_every_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = said(capsys, *arguments, "--ascii")
    assert out.isascii()
    assert not re.search(r"(?<![`\w])\?(?!\w)", out) or "?" in said(capsys, *arguments)[0]
    if arguments[0] == "code":
        compile(out, "code.py", "exec")


def test_a_table_in_ascii_stays_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "table", SYMBOLIC, "--ascii")[0].splitlines()
    assert set(lines[1]) == {"-", " "}
    assert "floor((H - F + 2*P)/S) + 1" in lines[3]
    starts = [match.start() for match in re.finditer("-+", lines[1])]
    assert all(line[start - 1 : start] in ("", " ") for line in lines[:6] for start in starts)


def test_a_file_in_ascii(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in ("x.md", "x.html", "x.tex", "x.txt", "x.json"):
        said(capsys, "report", SYMBOLIC, "--ascii", "-o", str(tmp_path / name))
        assert (tmp_path / name).read_bytes().isascii()


def test_a_caret_stays_under_its_letter(capsys: pytest.CaptureFixture[str]) -> None:
    _, err = said(capsys, "table", "(1*5*5) → Conv|1|3 → Cov|3", "--ascii", code=2)
    assert err.isascii()
    _, line, caret = err.splitlines()
    assert line[caret.index("^") :].startswith("Cov")


@pytest.mark.slow
@pytest.mark.parametrize(
    "encoding", ["cp1252", "gbk", "ascii", "latin-1", "ascii:replace", "cp437:strict", "utf-8", "utf-16"]
)
def test_every_encoding_is_right_or_ascii(encoding: str) -> None:
    expected = run("table", SYMBOLIC, env={"PYTHONIOENCODING": "utf-8"}).stdout.decode()
    ascii_only = run("table", SYMBOLIC, "--ascii").stdout.decode()
    ended = run("table", SYMBOLIC, env={"PYTHONIOENCODING": encoding})
    assert ended.returncode == 0
    assert ended.stdout.decode(encoding.partition(":")[0]) in (expected, ascii_only)
    refused = run("table", "(1*5*5) -> Conv|32|9*9", env={"PYTHONIOENCODING": encoding})
    assert b"?" not in refused.stderr
    assert b"Traceback" not in refused.stderr


@pytest.mark.slow
def test_a_locale_without_letters() -> None:
    env = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    ended = run("table", "(3*H*W) → Conv|8|3 = (8, _, _)", env=env, python=["-X", "utf8=0"])
    assert ended.returncode == 0
    assert ended.stdout.isascii()
    assert b"floor(" in ended.stdout
    assert b"left aside" in ended.stderr


# ---- terminals -------------------------------------------------------------------------------------------------------------


def on_terminal(columns: int, *arguments: str, env: dict[str, str] | None = None) -> str:
    """What a terminal of so many columns is sent."""
    ours, theirs = pty.openpty()
    settings = {**os.environ, "TERM": "xterm", **(env or {})}
    for name in ("COLUMNS", "NO_COLOR"):
        if name not in (env or {}):
            settings.pop(name, None)
    import fcntl
    import struct
    import termios

    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [sys.executable, "-m", "symnet", *arguments]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=settings, cwd=ROOT) as program:
        os.close(theirs)
        read = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                more = os.read(ours, 65536)
            except OSError:
                break
            if not more:
                break
            read += more
        program.wait(60)
    os.close(ours)
    return read.decode().replace("\r\n", "\n")


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_table_is_as_wide_as_the_terminal(columns: int) -> None:
    seen = on_terminal(columns, "table", "(3*224*224) -> Conv|64|7|2|3 -> Maxpool|3|2|1 -> Conv|64|3|1|1 -> FC|10")
    lines = [line.rpartition("\r")[2] for line in re.sub(r"\x1b\[[0-9;]*m", "", seen).split("\n")]
    assert max(map(len, lines)) <= columns
    assert "\x1b[1m" in seen


@pytest.mark.slow
def test_colours_are_left_out_where_they_are_not_wanted() -> None:
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert "\x1b" not in on_terminal(80, "table", "784 -> FC|10", env=env)
    assert "\x1b[1;31msymnet:\x1b[0m" in on_terminal(80, "table", "784 -> FC")


def test_a_sign_of_life_is_for_terminals(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(options: object) -> int:
        time.sleep(0.05)
        return 0

    monkeypatch.setattr("symnet.cli.streams.PATIENCE", 0.01)
    monkeypatch.setitem(COMMANDS, "layers", COMMANDS["layers"]._replace(run=slow))
    assert said(capsys, "layers") == ("", "")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    _, err = said(capsys, "layers")
    assert "symnet: working, 0 s" in err

    def printing(options: object) -> int:
        time.sleep(0.05)
        print_out("done")
        return 0

    monkeypatch.setattr(sys, "stdout", sys.stderr)
    monkeypatch.setitem(COMMANDS, "layers", COMMANDS["layers"]._replace(run=printing))
    assert re.search(r"s\r +\rdone\n$", said(capsys, "layers")[1])
    assert re.search(r"\r +\r$", err)


def test_names_do_not_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    name = "\x1b[31mred\x07\x9b2J\r\n\u2028\ud800"
    for command in (["table"], ["solve"], ["report", "--format", "text"], ["compare", "(1*9*9) -> Conv|1|3"]):
        for kernel in ("3", "99"):
            main(
                [
                    command[0],
                    *command[1:],
                    f'(1*9*9) -> Conv|8|{kernel}|2|name="{name}"',
                    "--exact"[: 7 * (command[0] != "compare")],
                ]
            )
            captured = capsys.readouterr()
            assert all(line.isprintable() for text in captured for line in text.split("\n"))


# ---- python -OO ------------------------------------------------------------------------------------------------------------


EVERYTHING = """
from symnet.layers.declaration.registry import KINDS
from symnet.facts.catalogue import fact_names
from symnet.render.catalogue import explain, layers
from symnet.render.facts import facts
names = [kind.kind for kind in KINDS][::STEP] + list(fact_names())[::STEP]
for format in ("text", "json", "markdown"):
    print(layers(format), facts(format))
    for name in names:
        print(explain(name, format))
for name in [kind.kind for kind in KINDS][::STEP]:
    for framework in ("keras", "torch"):
        try:
            print(explain(name, "text", framework))
        except Exception as refused:
            print(refused)
"""


def explained(step: int, *flags: str) -> bytes:
    command = [sys.executable, *flags, "-c", EVERYTHING.replace("STEP", str(step))]
    return subprocess.run(command, capture_output=True, check=True, cwd=ROOT, timeout=400).stdout


@pytest.mark.slow
def test_python_without_docstrings_says_the_same() -> None:
    plain = explained(1)
    assert len(plain) > 100_000
    assert explained(1, "-OO") == plain
