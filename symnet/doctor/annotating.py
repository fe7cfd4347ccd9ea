"""``symnet annotate``: the source with the sizes behind its lines, and an updated Shape section in the docstring of a
class.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from symnet.doctor.process import run_apart
from symnet.errors import ModelError
from symnet.frontends.python_file import named_in_file
from symnet.limits import MEMORY_LIMIT, TIME_LIMIT

__all__ = ["annotated_apart", "annotated_source", "shape_section", "with_shape_section"]

#: The column at which comments begin if the code leaves room.
COLUMN, WIDTH = 44, 100


def annotated_apart(
    model: str, inputs: Sequence[str], limit: float = TIME_LIMIT, memory: float = MEMORY_LIMIT
) -> dict[str, Any]:
    """The annotations of the file of ``net.py:Class``, as data. The model runs in a process of its own, limited to
    ``limit`` seconds and ``memory`` GiB.
    """
    if named_in_file(model) is None:
        raise ModelError(f"annotate takes a class in a file of yours, as in net.py:Net; got {model}")
    return run_apart({"do": "annotate", "model": model, "inputs": list(inputs)}, limit, memory)[0]


def annotated_source(found: Mapping[str, Any]) -> str:
    """The source of the functions that ran, with the sizes behind each line."""
    lines = Path(found["file"]).read_text(encoding="utf-8").split("\n")
    told: dict[int, list[str]] = {int(line): words for line, words in found["lines"].items()}
    out: list[str] = []
    for first, last in found["functions"]:
        out += [""] * bool(out)
        for number in range(first, last + 1):
            words = told.get(number, [])
            shown = "; ".join(words[:3]) + (f"; and {len(words) - 3} more" if len(words) > 3 else "")
            code = lines[number - 1]
            out.append(f"{code:{COLUMN}}  # {shown}".rstrip() if shown else code)
    if found["hypotheses"]:
        out += ["", f"# Assumed: {', '.join(found['hypotheses'])}."]
    if found["refused"]:
        out += ["", f"# It ends there: {found['refused']}"]
    return "\n".join(out) + "\n"


def shape_section(found: Mapping[str, Any], indent: str) -> list[str]:
    """The lines of a Shape section in the style of PyTorch's docstrings."""

    def shown(sizes: str) -> str:
        return f":math:`({sizes.replace(' × ', ', ')})`"

    names = ("Input", "Output")
    lines = [f"{indent}Shape:"]
    for name, shapes in zip(names, (found["inputs"], found["outputs"]), strict=True):
        for number, sizes in enumerate(shapes, 1):
            label = name if len(shapes) == 1 else f"{name} {number}"
            lines.append(f"{indent}    - {label}: {shown(sizes)}")
    if found["hypotheses"]:
        lines[-1] += f" where {', '.join(found['hypotheses'])}"
    return lines


def with_shape_section(text: str, name: str, found: Mapping[str, Any]) -> str:
    """The text of a file with the Shape section in the docstring of the class ``name``; nothing else changes."""
    if found["refused"]:
        raise ModelError(f"the shapes of {name} are not known: {found['refused']}")
    tree = ast.parse(text)
    kind = next((node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == name), None)
    if kind is None:
        raise ModelError(f"there is no class {name} in the file")
    lines = text.split("\n")
    first = kind.body[0]
    indent = " " * first.col_offset
    section = shape_section(found, indent)
    if ast.get_docstring(kind, clean=False) is None:
        made = [f'{indent}"""{name}.', "", *section, f'{indent}"""', ""]
        return "\n".join([*lines[: first.lineno - 1], *made, *lines[first.lineno - 1 :]])
    start, end = first.lineno - 1, (first.end_lineno or first.lineno) - 1
    body = lines[start : end + 1]
    return "\n".join([*lines[:start], *_renewed(body, section, indent), *lines[end + 1 :]])


def _renewed(body: list[str], section: list[str], indent: str) -> list[str]:
    """The lines of a docstring, with its Shape section replaced or added."""
    quotes = '"""' if '"""' in body[0] else "'''"
    if len(body) == 1:
        opened = body[0].rstrip().removesuffix(quotes).rstrip()
        return [opened, "", *section, f"{indent}{quotes}"]
    heads = [number for number, line in enumerate(body) if re.fullmatch(r"\s*Shape:\s*", line)]
    if heads:
        begin = heads[0]
        depth = len(body[begin]) - len(body[begin].lstrip())
        after = begin + 1
        while after < len(body) and (not body[after].strip() or len(body[after]) - len(body[after].lstrip()) > depth):
            after += 1
        while after > begin + 1 and not body[after - 1].strip():
            after -= 1
        own = [" " * depth + line.removeprefix(indent) for line in section]
        return [*body[:begin], *own, *body[after:]]
    if body[-1].strip() == quotes:
        return [*body[:-1], *([""] if body[-2].strip() else []), *section, body[-1]]
    last = body[-1].rstrip().removesuffix(quotes).rstrip()
    return [*body[:-1], last, "", *section, f"{indent}{quotes}"]
