"""Runs ``coqc`` on an emitted file and reads its answer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from symnet.errors import SymnetError
from symnet.temporary import temporary_folder

__all__ = [
    "LIBRARY", "CoqMissing", "CoqResult", "CoqUnanswered", "check", "compiled_library", "coq_version", "find_coqc", "library_text",
]  # fmt: skip

#: The files of the Coq library, each after those it needs.
LIBRARY = (
    "Symnet",
    "Reflect",
    "Signs",
    "Programs",
    "Intervals",
    "Progressions",
    "Cases",
    "Whole",
    "Stacks",
    "Networks",
)

#: A compiled library that was not used for this many days is removed when another one is compiled.
UNUSED_DAYS = 7

#: The file with the digests of all files of a compiled library.
SUMS = "SHA256SUMS"

#: How coqc begins a message about the file it checks.
_REFUSED = re.compile(r'^File "\./derivation\.v", line [0-9]+', re.MULTILINE)

#: Messages of coqc about its libraries, its memory or itself instead of the file.
_ELSEWHERE = re.compile(
    "inconsistent assumptions|physical path|[Bb]ad magic|[Bb]ad version|Out of memory|Stack overflow|No space left|Anomaly"
)

_CLOSED = "Closed under the global context"


class CoqMissing(SymnetError):
    """``coqc`` is not installed; exporting works without it."""


class CoqUnanswered(SymnetError):
    """``coqc`` failed without an answer about the proof."""


@dataclass(frozen=True)
class CoqResult:
    """The verdict of coqc: ``ok`` is true only if it accepted the file and no axiom is used."""

    ok: bool
    version: str
    axioms: tuple[str, ...]
    output: str


def find_coqc() -> str:
    """The path of ``coqc``; raises :class:`CoqMissing`, which says how to install it."""
    found = shutil.which("coqc")
    if found is None:
        raise CoqMissing("coqc was not found, so Coq cannot check this (Debian: apt-get install coq)")
    return found


@lru_cache(maxsize=4)
def coq_version(coqc: str) -> str:
    """The version of coqc, as ``8.16.1``."""
    answer = subprocess.run(  # noqa: S603 (the program that find_coqc found)
        [coqc, "--version"],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        check=False,
    ).stdout
    match = re.search(r"version (\S+)", answer)
    return match[1] if match else "unknown"


def library_text(name: str) -> str:
    """The source of one file of the Coq library."""
    return files("symnet.coq").joinpath(f"{name}.v").read_text(encoding="utf-8")


def compiled_library(coqc: str) -> Path:
    """The folder of the compiled library, which is compiled once for each version into the user's cache; a damaged one is
    compiled again. Raises :class:`OSError` if the cache cannot be written.
    """
    cache = _cache()
    folder = cache / f"coq-{coq_version(coqc)}-{_digest()}"
    if _is_undamaged(folder):
        with suppress(OSError):
            os.utime(folder)  # marks it as used today
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    _prune(cache)
    with temporary_folder(str(cache)) as building:
        ready = _compiled(coqc, Path(building))
        try:
            ready.rename(folder)  # atomic: a second process finds the folder
        except OSError:
            if not _is_undamaged(folder):  # a damaged one is in the way
                if folder.is_dir() and not folder.is_symlink():
                    folder.rename(Path(building) / "damaged")
                else:
                    folder.unlink()
                ready.rename(folder)
    return folder


def _cache() -> Path:
    """The user's cache folder; raises :class:`OSError` if the user has no home."""
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "symnet"
    except RuntimeError as error:  # the user has no home folder
        raise OSError(str(error)) from None


@lru_cache(maxsize=1)
def _digest() -> str:
    """A digest of the library's sources, which is part of its folder's name."""
    return sha256("\0".join(f"{name}\0{library_text(name)}" for name in LIBRARY).encode()).hexdigest()[:16]


def _compiled(coqc: str, building: Path) -> Path:
    """Compiles the library; returns a folder with the sources, the compiled files and their digests."""
    for name in LIBRARY:
        (building / f"{name}.v").write_text(library_text(name), encoding="utf-8")
        done = _run(coqc, building, f"{name}.v", building, 300)
        if done.returncode:
            last = (done.stdout + done.stderr).strip()[-500:]
            raise CoqUnanswered(f"coqc {coq_version(coqc)} does not compile the library: {last}")
    ready = building / "ready"
    ready.mkdir()
    for name in LIBRARY:
        for suffix in (".v", ".vo"):
            (building / f"{name}{suffix}").rename(ready / f"{name}{suffix}")
    (ready / SUMS).write_text(_sums(ready), encoding="ascii")
    return ready


def _sums(folder: Path) -> str:
    files = (folder / f"{name}{suffix}" for name in LIBRARY for suffix in (".v", ".vo"))
    return "".join(f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)


def _is_undamaged(folder: Path) -> bool:
    """Returns whether the digests of all files are right."""
    try:
        return (folder / SUMS).read_text(encoding="ascii") == _sums(folder)
    except (OSError, ValueError):
        return False


def _prune(cache: Path) -> None:
    """Remove compiled libraries that were not used for a while."""
    oldest = time.time() - UNUSED_DAYS * 86_400
    for entry in cache.glob("coq-*"):
        try:
            if entry.stat().st_mtime < oldest:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        except OSError:  # another process removed it
            continue


def _run(coqc: str, library: Path, file: str, folder: Path, timeout: float) -> subprocess.CompletedProcess[str]:
    """Runs coqc on a file in ``folder``, which is also its home, so that no settings of the user matter."""
    return subprocess.run(  # noqa: S603 (no shell, fixed options, a file we wrote)
        [coqc, "-q", "-R", str(library), "Symnet", file],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        timeout=timeout,
        check=False,
        env={**os.environ, "HOME": str(folder)},
    )


def check(source: str, timeout: float = 600) -> CoqResult:
    """Have coqc check a file; it is accepted only by the printed answer, not by the exit code alone. ``timeout`` is in seconds.
    Raises :class:`CoqUnanswered` if coqc gives no answer: only a message of Coq about the file refuses it.
    """
    coqc = find_coqc()
    try:
        with temporary_folder() as folder:
            try:
                done = _checked(coqc, compiled_library(coqc), source, folder, timeout)
            except (OSError, CoqUnanswered):  # the cache cannot be used: compile for this run only
                library = Path(folder) / "library"
                library.mkdir()
                done = _checked(coqc, _compiled(coqc, library), source, folder, timeout)
    except subprocess.TimeoutExpired as late:
        raise CoqUnanswered(f"coqc took more than {late.timeout:g} seconds, and gave no answer") from None
    except OSError as error:
        raise CoqUnanswered(f"coqc could not be run: {error.strerror or error}") from None
    axioms = _axioms(done.stdout)
    ok = done.returncode == 0 and not axioms and done.stdout.strip() == _CLOSED
    return CoqResult(ok, coq_version(coqc), axioms, done.stdout + done.stderr)


def _checked(coqc: str, library: Path, source: str, folder: str, timeout: float) -> subprocess.CompletedProcess[str]:
    """Runs coqc on the source with a compiled library; raises :class:`CoqUnanswered` if its message is not about the source."""
    (Path(folder) / "derivation.v").write_text(source, encoding="utf-8")
    done = _run(coqc, library, "derivation.v", Path(folder), timeout)
    output = done.stdout + done.stderr
    if done.returncode and (_ELSEWHERE.search(output) or not _REFUSED.search(output)):
        how = f"signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
        last = " ".join(output.split())[-300:]
        raise CoqUnanswered(f"coqc ended with {how} and gave no answer{f': {last}' if last else ''}")
    return done


def _axioms(output: str) -> tuple[str, ...]:
    """The names listed under ``Axioms:`` or ``Section Variables:`` in coqc's answer."""
    _, found, listed = output.partition("Axioms:")
    if not found:
        _, found, listed = output.partition("Section Variables:")
    return tuple(re.findall(r"^([\w.']+)\s*:", listed, re.MULTILINE)) if found else ()
