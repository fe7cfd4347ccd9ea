"""``symnet annotate``: the source with the sizes behind its lines, and an updated Shape section in the docstring of a
class.
"""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from symnet.doctor.process import run_apart
from symnet.errors import ModelError
from symnet.files import write_bytes
from symnet.frontends.python_file import named_in_file
from symnet.limits import MEMORY_LIMIT, TIME_LIMIT

__all__ = ["annotated_apart", "annotated_source", "shape_section", "source_of", "with_shape_section", "write_source"]

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


def source_of(file: str) -> tuple[str, str]:
    """The text of a file of Python as it stands there, the ends of its lines too, and the encoding that its first lines say. Raises
    :class:`ModelError` where it is no such text."""
    try:
        data = Path(file).read_bytes()
        encoding = tokenize.detect_encoding(BytesIO(data).readline)[0]
        return data.decode(encoding), encoding
    except (OSError, SyntaxError, UnicodeDecodeError, LookupError) as refused:
        raise ModelError(f"cannot read {file}: {' '.join(str(refused).split())}") from None


def write_source(file: str, text: str, encoding: str) -> None:
    """Replace a file of Python by another text in its own encoding."""
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError as refused:
        letter = text[refused.start]
        raise ModelError(f"{file} is written in {encoding}, which has no {letter}: save it as UTF-8") from None
    write_bytes(file, data)


def annotated_source(found: Mapping[str, Any]) -> str:
    """The source of the functions that ran, with the sizes behind each line."""
    lines = source_of(found["file"])[0].replace("\r\n", "\n").split("\n")
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
    kinds = [node for node in (*tree.body, *ast.walk(tree)) if isinstance(node, ast.ClassDef) and node.name == name]
    if not kinds:
        raise ModelError(f"there is no class {name} in the file")
    lines, first = text.split("\n"), kinds[0].body[0]
    if first.lineno == kinds[0].lineno:
        raise ModelError(f"the body of {name} stands in the line of its class, which has no room for a Shape section")
    start = min([first.lineno, *(each.lineno for each in getattr(first, "decorator_list", ()))]) - 1
    ending = "\r" if lines[start].endswith("\r") else ""
    indent = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
    section = shape_section(found, indent)
    if ast.get_docstring(kinds[0], clean=False) is None:
        made, end = [f'{indent}"""{name}.', "", *section, f'{indent}"""', ""], start
    else:
        end = first.end_lineno or first.lineno
        made = _renewed([line.removesuffix("\r") for line in lines[start:end]], section, indent, first)
    return "\n".join([*lines[:start], *(line + ending for line in made), *lines[end:]])


def _renewed(body: list[str], section: list[str], indent: str, docstring: ast.stmt) -> list[str]:
    """The lines of a docstring, with its Shape section replaced or added; what stands behind it in its last line stays there."""
    last = body[-1].encode()
    behind = last[docstring.end_col_offset :].decode()
    body = [*body[:-1], last[: docstring.end_col_offset].decode()]
    opening = re.match(r"\s*([rRuU]?)(\"\"\"|\'\'\'|\"|\')", body[0])
    quotes = opening[2] if opening else ""
    inside = "\n".join(body)[opening.end() : -len(quotes)] if opening else ""
    if opening is None or not body[-1].endswith(quotes) or re.search(rf"(?<!\\){quotes}", inside):
        raise ModelError("its docstring is put together of several strings: write it as one")
    if len(quotes) == 1:
        if "\n" in inside:
            raise ModelError("its docstring goes on in another line without triple quotes: write it with them")
        quotes = "'''" if '"""' in inside or inside.endswith('"') else '"""'
        body = [f"{indent}{opening[1]}{quotes}{inside}{quotes}"]
    made = _with_section(body, section, indent, quotes)
    return [*made[:-1], made[-1] + behind]


def _with_section(body: list[str], section: list[str], indent: str, quotes: str) -> list[str]:
    if len(body) == 1:
        opened = body[0].removesuffix(quotes).rstrip()
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
        before = body[begin][:depth]
        own = [before + line.removeprefix(indent) for line in section]
        closing = [f"{indent}{quotes}"] if after == len(body) else []
        return [*body[:begin], *own, *body[after:], *closing]
    if body[-1].strip() == quotes:
        return [*body[:-1], *([""] if body[-2].strip() else []), *section, body[-1]]
    last = body[-1].removesuffix(quotes).rstrip()
    return [*body[:-1], last, "", *section, f"{indent}{quotes}"]
