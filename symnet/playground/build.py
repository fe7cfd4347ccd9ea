"""Writes the page into a folder: its files, symnet as an archive, and the address of Pyodide."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from shutil import copyfile
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from symnet.errors import SymnetError
from symnet.files import FileError, write_text

__all__ = ["PYODIDE", "write_playground"]

#: Where the browser fetches Pyodide if no folder of it is given, in the version that the page is tested with.
PYODIDE = "https://cdn.jsdelivr.net/pyodide/v314.0.7/full/"

#: The files of Pyodide that the page loads.
_CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip")

#: The archives of Python packages: one that every answer needs, one for the few that need SymPy.
_ARCHIVES = {"symnet.zip": ("symnet", "markdown"), "sympy.zip": ("sympy", "mpmath")}

_PAGE = Path(__file__).parent / "page"


def write_playground(output: str, pyodide_folder: str | None = None) -> str:
    """Write the page into the folder ``output`` and return the name of its HTML file. With ``pyodide_folder`` (the npm package
    ``pyodide``) the page needs no network, else the browser fetches :data:`PYODIDE`. Raises :class:`symnet.SymnetError` if files
    are missing or cannot be written.
    """
    folder, pyodide = Path(output), None if pyodide_folder is None else Path(pyodide_folder)
    if pyodide is not None:
        missing = [name for name in _CORE if not (pyodide / name).is_file()]
        if missing:
            raise SymnetError(
                f"{pyodide} is no folder of Pyodide: it has no {missing[0]} (npm install pyodide makes one)"
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(_PAGE.iterdir()):
            text = file.read_text(encoding="utf-8")
            write_text(str(folder / file.name), text if pyodide is not None else _allowing_pyodide_address(text))
        for name, packages in _ARCHIVES.items():
            (folder / name).write_bytes(_archive(packages))
        if pyodide is not None:
            (folder / "pyodide").mkdir(exist_ok=True)
            for name in _CORE:
                copyfile(pyodide / name, folder / "pyodide" / name)
    except OSError as error:
        raise FileError(f"cannot write {folder}: {error.strerror or error}") from None
    write_text(
        str(folder / "settings.json"), json.dumps({"pyodide": PYODIDE if pyodide is None else "pyodide/"}) + "\n"
    )
    return str(folder / "index.html")


def _allowing_pyodide_address(text: str) -> str:
    """The page with the address of Pyodide added to its content security policy."""
    return text.replace("script-src 'self'", f"script-src 'self' {PYODIDE}").replace(
        "connect-src 'self'", f"connect-src 'self' {PYODIDE}"
    )


def _archive(packages: tuple[str, ...]) -> bytes:
    """A zip archive of the code of installed packages: the same bytes for the same code."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for package in packages:
            for name, file in _files(package):
                archive.writestr(ZipInfo(name), file.read_bytes(), ZIP_DEFLATED)
    return buffer.getvalue()


def _files(package: str) -> Iterator[tuple[str, Path]]:
    """Yields the files that a package needs to run, each with its name in the archive."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SymnetError(f"the package {package} is not installed")
    root = Path(spec.origin).parent
    for file in sorted(root.rglob("*")):
        parts = file.relative_to(root).parts
        if file.suffix in (".py", ".css", ".v") and not {"tests", "__pycache__", "benchmarks"} & set(parts):
            yield "/".join((package, *parts)), file
