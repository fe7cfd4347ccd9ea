"""Files and streams when the world outside is not whole: protected, linked, ended by signals, full, closed."""

from __future__ import annotations

import gc
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from symnet.errors import SymnetError
from symnet.files import write_text
from symnet.temporary import Stopped, stopped_by_signals, temporary_folder, temporary_path
from tests.command_line import PRINTING, ROOT, run, said

# ---- files -----------------------------------------------------------------------------------------------------------------


def test_a_protected_file_is_refused_in_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("mine")
    path.chmod(0o444)
    _, err = said(capsys, "report", "784 -> FC|10", "-o", str(path), code=2)
    assert "protected against writing" in err
    assert path.read_text() == "mine"
    link = tmp_path / "link.md"
    link.symlink_to(path)
    assert "protected" in said(capsys, "report", "784 -> FC|10", "-o", str(link), code=2)[1]
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, path]


def test_modes_links_and_the_umask_are_kept(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_text(str(tmp_path / "new"), "x")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    (tmp_path / "new").chmod(0o751)
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("new")
    write_text(str(tmp_path / "one"), "half \ud800")
    assert (tmp_path / "one").is_symlink()
    assert (tmp_path / "two").is_symlink()
    assert (tmp_path / "new").read_text() == "half \\ud800"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o751
    assert len(list(tmp_path.iterdir())) == 3
    with pytest.raises(SymnetError, match="cannot write"):
        write_text(str(tmp_path / "a\0b"), "x")
    with pytest.raises(SymnetError, match="cannot write"):
        write_text(str(tmp_path), "x")


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "number", [signal.SIGTERM, *(pytest.param(one, marks=pytest.mark.slow) for one in (signal.SIGINT, signal.SIGHUP))]
)
def test_a_signal_at_any_moment_leaves_nothing_behind(number: signal.Signals, tmp_path: Path) -> None:
    """The signal comes before each line that Python runs while a file is written."""
    lines, at = 0, 0
    signal.signal(number, signal.default_int_handler)  # a shell may start the tests with signals ignored

    def trace(frame: object, event: str, argument: object) -> object:
        nonlocal lines
        lines += 1
        if lines == at:
            signal.raise_signal(number)
        return trace

    target = tmp_path / "x.md"
    ends: list[bool] = []
    for at in range(1, 6000, 7):  # noqa: B007  # the trace reads it
        lines = 0
        try:
            with stopped_by_signals():
                sys.settrace(trace)  # type: ignore[arg-type]
                try:
                    write_text(str(target), "text")
                    with temporary_folder(str(tmp_path)) as folder:
                        (Path(folder) / "inside").write_text("x")
                finally:
                    sys.settrace(None)
            ends.append(True)
        except Stopped as stopped:
            assert stopped.number == number
            ends.append(False)
        assert {path.name for path in tmp_path.iterdir()} <= {"x.md"}
        assert not target.exists() or target.read_text() == "text"
        if ends[-1]:
            break
    gc.collect()  # what was open when the signal came is closed here
    assert ends.count(False) > 10
    assert ends[-1]


def test_what_is_temporary_is_gone_after_an_error(tmp_path: Path) -> None:
    def fail() -> None:
        with temporary_path(str(tmp_path)) as path:
            (Path(path) / "deeper").mkdir(parents=True)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_program_that_is_ended_leaves_nothing_behind(number: signal.Signals, tmp_path: Path) -> None:
    for wait in (0.15, 0.3, 0.5, 0.8, 1.2):
        command = [
            sys.executable,
            "-m",
            "symnet",
            "report",
            "(1*999*999) -> 300 * [Conv|8|3|1|1]",
            "-o",
            str(tmp_path / "x.html"),
        ]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as program:
            time.sleep(wait)
            program.send_signal(number)
            _, err = program.communicate(timeout=60)
        assert b"/symnet/c" not in err  # Python itself may not have begun when it was ended
        assert {path.name for path in tmp_path.iterdir()} <= {"x.html"}


# ---- streams that are closed or full ---------------------------------------------------------------------------------------


FULL = pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="this system has no /dev/full")


def closed(descriptor: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    quoted = " ".join(f"'{argument}'" for argument in arguments)
    script = f"exec '{sys.executable}' -m symnet {quoted} {descriptor}"
    return subprocess.run(["sh", "-c", script], capture_output=True, timeout=60, cwd=ROOT, check=False)


@FULL
@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["--help"], ["table", "--help"], [], *([name, *rest] for name, *rest in PRINTING[:1] + PRINTING[5:8] + PRINTING[13:15]),
     ["check", "nothere.json", "--json"], ["completion", "bash"], ["table", "784 -> FC|10", "--json"]],
)  # fmt: skip
def test_every_command_says_that_the_device_is_full(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        ended = run(*arguments, stdout=full)
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"symnet: ")
    assert ended.stderr.count(b"\n") == 1


@pytest.mark.slow
def test_streams_that_are_closed() -> None:
    ended = closed("<&-", "table", "-")
    assert (ended.returncode, ended.stderr) == (2, b"symnet: cannot read standard input: it is closed\n")
    ended = closed(">&-", "--version")
    assert (ended.returncode, ended.stderr) == (2, b"symnet: cannot write to standard output: it is closed\n")
    ended = closed("2>&-", "table", "784 -> FC")
    assert (ended.returncode, ended.stdout) == (2, b"")
    ended = closed("<&-", "table", "784 -> FC|10")
    assert ended.returncode == 0
