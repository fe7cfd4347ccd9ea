"""The page of the manual about Python, which MkDocs adds when it builds: the public names with their docstrings, as they are."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import symnet

__all__ = ["api_page", "on_files"]

_HEAD = """# Python

Written from the docstrings; everything here stands in `symnet.__all__`.
"""


def on_files(files: Any, config: Any) -> Any:
    """What MkDocs calls when it has found the pages that are files."""
    from mkdocs.structure.files import File

    files.append(File.generated(config, "api.md", content=api_page()))
    return files


def api_page() -> str:
    """All public names that have a docstring of their own: functions and classes first, then the kinds of layers in a line."""
    from symnet.layers.declaration.registry import KINDS

    kinds = {kind.kind for kind in KINDS}
    parts, layers = [_HEAD], []
    for name in sorted(symnet.__all__, key=str.lower):
        value = getattr(symnet, name)
        words = _words(value) if isinstance(value, type) or callable(value) else None
        if getattr(value, "kind", None) in kinds:
            summary = (words or "").partition("\n")[0]
            layers.append(f"| `{name}` | {_plain(summary)} |")
        elif words:
            parts += ["", f"## {name}", *_call(name, value), "", _markdown(words), *_methods(value)]
    parts += ["", "## Kinds of layers", "", "| constructor | what it does |", "| --- | --- |", *layers]
    return "\n".join(parts) + "\n"


def _words(value: Any) -> str | None:
    """The docstring; of a folder that is called like a function, that of the call."""
    return inspect.getdoc(value.__call__ if isinstance(value, ModuleType) else value)


def _call(name: str, value: Any) -> list[str]:
    """How a function is called, as lines of code; none for a class."""
    if isinstance(value, type):
        return []
    parameters = [
        part.replace(annotation=inspect.Parameter.empty) for part in inspect.signature(value).parameters.values()
    ]
    return ["", "```python", f"symnet.{name}({', '.join(map(str, parameters))})", "```"]


def _methods(value: Any) -> Iterator[str]:
    """Public methods and properties that a class declares itself or has from ours."""
    if not isinstance(value, type) or issubclass(value, Exception):
        return
    for name in sorted(set(dir(value))):
        found = inspect.getattr_static(value, name)
        function = getattr(found, "func", getattr(found, "fget", getattr(found, "__func__", found)))
        module = getattr(function, "__module__", "") or ""
        words = inspect.getdoc(function)
        if name.startswith("_") or not module.startswith("symnet") or not words:
            continue
        yield f"\n**`{name}`** {_plain(words.partition(chr(10) * 2)[0])}"


def _plain(words: str) -> str:
    """A docstring's paragraph as a line of Markdown."""
    words = re.sub(r":\w+:`~?([^`]*)`", r"`\1`", " ".join(words.split()))
    return words.replace("``", "`").replace("|", "\\|")


def _markdown(words: str) -> str:
    """A docstring's paragraphs, with its examples as code."""
    written = []
    for paragraph in words.split("\n\n"):
        if paragraph.lstrip().startswith(">>>"):
            written.append(f"```python\n{paragraph}\n\n```")
        else:
            written.append(_plain(paragraph).replace("\\|", "|"))
    return "\n\n".join(written)
