"""Runs a notebook without a kernel, and returns the outputs that Jupyter would store: what the last line of each cell shows."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from symnet.embed.notebook import load_ipython_extension

__all__ = ["outputs"]

#: The methods by which a value shows itself in a notebook.
METHODS = {
    "text/html": "_repr_html_", "text/markdown": "_repr_markdown_", "text/latex": "_repr_latex_", "image/svg+xml": "_repr_svg_",
}  # fmt: skip


class _Formatter:
    """A formatter of Jupyter, as far as an extension uses it."""

    def __init__(self) -> None:
        self.writers: dict[type, Callable[[Any], str]] = {}

    def for_type(self, kind: type, writer: Callable[[Any], str]) -> None:
        self.writers[kind] = writer


class _Shell:
    """What ``%load_ext`` hands to an extension."""

    def __init__(self) -> None:
        self.display_formatter = self
        self.formatters = {kind: _Formatter() for kind in METHODS}

    def shown(self, value: Any) -> dict[str, Any]:
        """The value in every format that it shows itself in."""
        found: dict[str, str | None] = {"text/plain": repr(value)}
        for kind, method in METHODS.items():
            writer = self.formatters[kind].writers.get(type(value)) or getattr(type(value), method, None)
            found[kind] = writer(value) if writer else None
        return {kind: text.splitlines(keepends=True) for kind, text in sorted(found.items()) if text is not None}


def outputs(cells: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The stored outputs of each code cell."""
    names: dict[str, Any] = {}
    shell = _Shell()
    found: list[list[dict[str, Any]]] = []
    for number, cell in enumerate((cell for cell in cells if cell["cell_type"] == "code"), start=1):
        lines = "".join(cell["source"]).splitlines()
        for line in (line for line in lines if line.startswith("%")):
            assert line == "%load_ext symnet.embed.notebook"
            load_ipython_extension(shell)
        *body, last = ast.parse("\n".join(line for line in lines if not line.startswith("%"))).body
        assert isinstance(last, ast.Expr), "a cell ends with what it shows"
        exec(compile(ast.Module(body, []), "notebook", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "notebook", "eval"), names)
        found.append(
            [{"data": shell.shown(value), "execution_count": number, "metadata": {}, "output_type": "execute_result"}]
        )
    return found
