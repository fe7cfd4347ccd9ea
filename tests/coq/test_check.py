"""coqc's answer is read, not only its exit code; long derivations stay linear."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from symnet.coq.check import LIBRARY, SUMS, CoqMissing, CoqUnanswered, check, compiled_library, find_coqc
from symnet.coq.emit import HEADER, emit
from tests.coq.derivations import numeric_stack


def test_without_coqc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CoqMissing, match="apt-get install coq"):
        find_coqc()


@pytest.mark.coq
@pytest.mark.parametrize(
    "body",
    [
        "Axiom a : False. Theorem goal_1 : 1 = 2. Proof. destruct a. Qed. Print Assumptions goal_1.",
        "Theorem goal_1 : 1 = 2. Admitted. Print Assumptions goal_1.",
        "Section s. Variable a : 1 = 2. Definition goal_1 : 1 = 2 := a. Print Assumptions goal_1. End s.",
    ],
)
def test_assumptions_are_found(body: str) -> None:
    result = check(f"{HEADER}\n{body}\n")
    assert not result.ok
    assert result.axioms


@pytest.mark.coq
@pytest.mark.parametrize(
    "body", ["Theorem goal_1 : 1 = 2. Proof. reflexivity. Qed.", "Theorem goal_1 : 1 = 1. reflexivity. Qed.", ""]
)
def test_no_answer_is_no_acceptance(body: str) -> None:
    assert not check(f"{HEADER}\n{body}\n").ok


@pytest.mark.coq
def test_too_slow_is_no_answer() -> None:
    with pytest.raises(CoqUnanswered, match="2 seconds"):
        check(f"{HEADER}\nEval vm_compute in (2 ^ (2 ^ 40)).", timeout=2)


@pytest.mark.coq
def test_the_library_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    source = emit(numeric_stack(2))
    assert check(source).ok
    first = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.vo")}
    assert check(source).ok
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.vo")} == first
    assert [path.name.startswith("coq-") for path in (tmp_path / "symnet").iterdir()] == [True]


@pytest.mark.coq
def test_what_nobody_uses_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for name, days in (("coq-8.0-old", 30), ("coq-8.0-new", 1)):
        (tmp_path / "symnet" / name).mkdir(parents=True)
        used = time.time() - days * 86_400
        os.utime(tmp_path / "symnet" / name, (used, used))
    compiled_library(find_coqc())
    left = {path.name for path in (tmp_path / "symnet").iterdir()}
    assert "coq-8.0-old" not in left
    assert "coq-8.0-new" in left
    assert len(left) == 2


@pytest.mark.coq
def test_without_a_home_a_good_proof_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    assert check(emit(numeric_stack(2))).ok


@pytest.mark.coq
@pytest.mark.parametrize("what", ["a file", "a broken link", "under a file", "nobody's home"])
def test_a_cache_that_cannot_be_used_is_done_without(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache / "deeper" if what == "under a file" else cache))
    if what == "a broken link":
        cache.symlink_to(tmp_path / "nowhere" / "else")
    elif what == "nobody's home":
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setattr(
            Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("Could not determine home directory."))
        )
    else:
        cache.write_text("no folder")
    assert check(emit(numeric_stack(2))).ok


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with a compiled library in it."""
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        compiled_library(find_coqc())
    return cache


@pytest.mark.coq
@pytest.mark.parametrize("damage", ["emptied", "cut", "altered", "missing", "no sums", "a file", "empty"])
def test_a_damaged_cache_is_compiled_anew(
    damage: str, compiled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    shutil.copytree(compiled / "symnet", tmp_path / "symnet")
    (folder,) = (tmp_path / "symnet").iterdir()
    file = folder / f"{LIBRARY[1]}.vo"
    if damage in ("emptied", "cut", "altered"):
        whole = file.read_bytes()
        file.write_bytes({"emptied": b"", "cut": whole[:-100], "altered": whole[:-9] + b"#" + whole[-8:]}[damage])
    elif damage in ("missing", "no sums"):
        (file if damage == "missing" else folder / SUMS).unlink()
    else:
        shutil.rmtree(folder)
        folder.touch() if damage == "a file" else folder.mkdir()
    assert check(emit(numeric_stack(2))).ok
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [SUMS, *(f"{name}{suffix}" for name in LIBRARY for suffix in (".v", ".vo"))]
    )
    assert list((tmp_path / "symnet").iterdir()) == [folder]


@pytest.mark.parametrize(
    "script",
    [
        "kill -9 $$",
        "echo 'Fatal error: out of memory' >&2; exit 2",
        "exit 1",
        """echo 'File "./derivation.v", line 1: Out of memory' >&2; exit 1""",
    ],
)
def test_a_coqc_that_gives_no_answer_refuses_nothing(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coqc = tmp_path / "coqc"
    coqc.write_text(
        f'#!/bin/sh\ncase "$*" in *--version*) echo "version 8.0";; *derivation*) {script};; *) touch "${{5%.v}}.vo";; esac\n'
    )
    coqc.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(CoqUnanswered):
        check("anything")


@pytest.mark.coq
def test_a_report_says_coq_only_where_coqc_accepted_it(capsys: pytest.CaptureFixture[str]) -> None:
    from symnet.cli import main

    text = "(1*28*28) -> Conv|8|5 -> Maxpool|2"
    assert main(["report", text]) == 0
    assert "Coq" not in capsys.readouterr().out
    assert main(["report", text, "--coq"]) == 0
    assert "by Coq" in capsys.readouterr().out
