"""Docstrings that users see, also where Python was started without them (``python -OO``): then they are read from the source."""

from __future__ import annotations

import ast
import sys
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import Any

from symnet.errors import SymnetError

__all__ = ["docstring"]


def docstring(thing: Any) -> str:
    """The docstring of a class or a function, without its indentation; from its source where Python dropped it.

    >>> docstring(docstring).split(";")[0]
    'The docstring of a class or a function, without its indentation'
    """
    if sys.flags.optimize < 2:
        return cleandoc(thing.__doc__ or "")
    return _in_source(thing.__module__).get(thing.__qualname__, "")


@cache
def _in_source(module: str) -> dict[str, str]:
    """Every docstring of a module by the qualified name of its class or function, read from the module's source."""
    path = getattr(sys.modules[module], "__file__", None) or ""
    try:
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    except (OSError, SyntaxError):
        raise SymnetError(f"python -OO has dropped the words about {module}, and its source is not there") from None
    docstrings: dict[str, str] = {}

    def collect(node: ast.AST, before: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.ClassDef, ast.FunctionDef)):
                name = f"{before}{child.name}"
                docstrings[name] = ast.get_docstring(child) or ""
                collect(child, f"{name}." if isinstance(child, ast.ClassDef) else f"{name}.<locals>.")

    collect(tree, "")
    return docstrings
