"""Returns the output format for the ending of a file's name."""

from __future__ import annotations

import os
from collections.abc import Mapping

from symnet.errors import SymnetError

__all__ = ["CODE", "COQ", "FIGURE", "REPORT", "format_of"]

Endings = Mapping[str, tuple[str, ...]]

#: The formats of each command that writes files, its default first, with their file endings.
REPORT: Endings = {
    "markdown": (".md", ".markdown"),
    "html": (".html", ".htm"),
    "latex": (".tex",),
    "text": (".txt",),
    "json": (".json",),
}
FIGURE: Endings = {"svg": (".svg",), "png": (".png",), "json": (".json",)}
CODE: Endings = {"Python": (".py",), "json": (".json",)}
COQ: Endings = {"Coq": (".v",), "json": (".json",)}

#: Endings of formats that a command refuses unless it writes them.
OTHERS = (".png", ".jpg", ".jpeg", ".gif", ".pdf", ".doc", ".docx", ".odt", ".xlsx", ".ipynb")


def format_of(output: str | None, asked: str | None, formats: Endings) -> str:
    """The format to write: ``asked`` if given, else the one of the file's ending, else the first of ``formats``. Raises
    :class:`symnet.SymnetError` for an ending of a format that the command does not write.

    >>> format_of("net.html", None, REPORT), format_of(None, None, REPORT), format_of("net", "text", REPORT)
    ('html', 'markdown', 'text')
    >>> format_of("net.png", None, FIGURE)
    'png'
    >>> format_of("net.pdf", None, FIGURE)
    Traceback (most recent call last):
    symnet.errors.SymnetError: net.pdf: cannot write .pdf files, only .svg (svg), .png (png), .json (json)
    """
    first = next(iter(formats))
    ending = os.path.splitext(output or "")[1].lower()  # noqa: PTH122  # pathlib is slow to load
    if not ending:
        return asked or first
    if ending in OTHERS and not any(ending in endings for endings in formats.values()):
        known = ", ".join(f"{endings[0]} ({name})" for name, endings in formats.items())
        raise SymnetError(f"{output}: cannot write {ending} files, only {known}")
    return asked or next((name for name, endings in formats.items() if ending in endings), first)
