"""Run ``coqc`` on an emitted file and read its answer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from symnet.errors import SymnetError

__all__ = [
    "LIBRARY", "CoqMissing", "CoqResult", "check", "compiled_library", "coq_version", "find_coqc", "library_text",
]  # fmt: skip

#: The files of the library, in the order of their dependence.
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

#: A compiled library that was not used for so many days is removed when another one is compiled.
KEPT_DAYS = 7

_CLOSED = "Closed under the global context"


class CoqMissing(SymnetError):
    """There is no ``coqc`` to run; exporting works without it."""


@dataclass(frozen=True)
class CoqResult:
    """What coqc answered: ``ok`` only if it accepted the file and found no assumption beyond its logic."""

    ok: bool
    version: str
    axioms: tuple[str, ...]
    output: str


def find_coqc() -> str:
    """The path of ``coqc``; without one, a :class:`CoqMissing` that says how to install it."""
    found = shutil.which("coqc")
    if found is None:
        raise CoqMissing("coqc was not found, so Coq cannot check this (Debian: apt-get install coq)")
    return found


@lru_cache(maxsize=4)
def coq_version(coqc: str) -> str:
    """``8.16.1``, as coqc tells it."""
    answer = subprocess.run(  # noqa: S603 (the program that find_coqc found)
        [coqc, "--version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    ).stdout
    match = re.search(r"version (\S+)", answer)
    return match[1] if match else "unknown"


def library_text(name: str) -> str:
    """The source of one file of the library."""
    return files("symnet.coq").joinpath(f"{name}.v").read_text(encoding="utf-8")


def compiled_library(coqc: str) -> Path:
    """The folder of the compiled library: compiled once for each version, in the user's cache."""
    sources = {name: library_text(name) for name in LIBRARY}
    digest = sha256("\0".join(f"{name}\0{text}" for name, text in sources.items()).encode()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "symnet"
    folder = cache / f"coq-{coq_version(coqc)}-{digest}"
    if folder.is_dir():
        os.utime(folder)  # used today
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    _prune(cache)
    with tempfile.TemporaryDirectory(dir=cache, prefix="coq-building-") as building:
        for name, text in sources.items():
            (Path(building) / f"{name}.v").write_text(text, encoding="utf-8")
            done = _run(coqc, Path(building), f"{name}.v", building, 300)
            if done.returncode:
                last = done.stdout.strip()[-500:]
                raise SymnetError(f"coqc {coq_version(coqc)} does not compile the library: {last}")
        ready = Path(building) / "ready"
        ready.mkdir()
        for name in LIBRARY:
            for suffix in (".v", ".vo"):
                (Path(building) / f"{name}{suffix}").rename(ready / f"{name}{suffix}")
        try:
            ready.rename(folder)  # atomic: whoever comes second finds the folder there
        except OSError:
            if not folder.is_dir():
                raise
    return folder


def _prune(cache: Path) -> None:
    """Remove what other versions compiled and nobody has used for a while."""
    oldest = time.time() - KEPT_DAYS * 86_400
    for entry in cache.glob("coq-*"):
        try:
            if entry.stat().st_mtime < oldest:
                shutil.rmtree(entry)
        except OSError:  # somebody else removed it
            continue


def _run(coqc: str, library: Path, file: str, folder: str, timeout: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (no shell, fixed options, a file we wrote)
        [coqc, "-q", "-R", str(library), "Symnet", file],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )


def check(source: str, timeout: float = 600) -> CoqResult:
    """Have coqc check a file. The answer counts, not only the exit code."""
    coqc = find_coqc()
    version = coq_version(coqc)
    library = compiled_library(coqc)
    with tempfile.TemporaryDirectory(prefix="symnet-coq-") as folder:
        (Path(folder) / "derivation.v").write_text(source, encoding="utf-8")
        try:
            done = _run(coqc, library, "derivation.v", folder, timeout)
        except subprocess.TimeoutExpired:
            return CoqResult(False, version, (), f"coqc took more than {timeout:g} seconds")
    axioms = _axioms(done.stdout)
    ok = done.returncode == 0 and not axioms and done.stdout.strip() == _CLOSED
    return CoqResult(ok, version, axioms, done.stdout)


def _axioms(output: str) -> tuple[str, ...]:
    """The names under ``Axioms:`` (or ``Section Variables:``) in coqc's answer."""
    _, found, listed = output.partition("Axioms:")
    if not found:
        _, found, listed = output.partition("Section Variables:")
    return tuple(re.findall(r"^([\w.']+)\s*:", listed, re.MULTILINE)) if found else ()
