"""Builds Python text: identifiers, expressions of sizes, numbers, comments, and lines of limited length."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import isfinite

from symnet.errors import ModelError
from symnet.printing.structure import Form, Level, template, write
from symnet.printing.text import PLAIN
from symnet.terms.node import Node
from symnet.terms.term import CeilDiv, FloorDiv, Power, Term

__all__ = ["INDENT", "SizePrinter", "broken", "comment", "filled", "free", "identifier", "number", "with_symbols_after"]

INDENT, WIDTH = "    ", 88

#: The longest identifier.
LONG = 60

#: Names that generated code uses itself.
_OURS = {
    "Model", "factors", "inputs", "keras", "layers", "math", "max", "min", "model", "nn", "ops", "range", "self", "super", "torch",
    "tuple", "x", "y",
}  # fmt: skip


def identifier(name: str, otherwise: str = "layer") -> str:
    """Returns a Python identifier for any name: ASCII letters, digits and single underscores, never a keyword.

    >>> identifier("layer1.0.conv1"), identifier("1x1"), identifier("class"), identifier("__init__"), identifier("\\n")
    ('layer1_0_conv1', 'layer_1x1', 'class_', 'init', 'layer')
    """
    plain = unicodedata.normalize("NFKD", name[:1000])
    word = re.sub(r"[^A-Za-z0-9]+", "_", "".join(sign for sign in plain if not unicodedata.combining(sign)))
    word = word.strip("_")[:LONG].rstrip("_")
    if not word or word[0].isdigit():
        word = f"{otherwise}_{word}".rstrip("_")
    return word + "_" if keyword.iskeyword(word) or keyword.issoftkeyword(word) or word in _OURS else word


def free(word: str, taken: Collection[str]) -> str:
    """Returns ``word``, with the lowest number from 2 appended that is not ``taken`` if necessary."""
    candidate, number = word, 1
    while candidate in taken:
        number += 1
        candidate = f"{word}_{number}"
    return candidate


#: Marks around a symbol until its prefix is known.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKED = re.compile(f"{_OPEN}(\\w+){_CLOSE}")


class SizePrinter:
    """Prints sizes as Python expressions. Each symbol gets a Python name, in marks until :func:`with_symbols_after` adds a prefix; ``used``
    collects the names.

    >>> from symnet.terms.term import Symbol
    >>> say = SizePrinter()
    >>> with_symbols_after(say(Symbol("W") // 2 * Symbol("lambda")), "self.")
    '(self.W // 2) * self.lambda_'
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.used: dict[str, None] = {}
        forms = {
            **PLAIN.forms,
            FloorDiv: template("%s // %s", Level.QUOTIENT, Level.QUOTIENT, Level.POWER),
            Power: Form(_power, Level.POWER, (Level.ATOM,)),
            CeilDiv: template("-(-%s // %s)", Level.SUM, Level.QUOTIENT, Level.POWER),
        }
        self._notation = replace(PLAIN, forms=forms, symbol=self._symbol, dot=" * ", beside=" * ")

    def _symbol(self, name: str) -> str:
        if name not in self.names:
            self.names[name] = free(identifier(name, "size"), self.names.values())
        self.used[self.names[name]] = None
        return f"{_OPEN}{self.names[name]}{_CLOSE}"

    def __call__(self, size: Term) -> str:
        """Returns ``size`` as a Python expression. Raises :class:`ModelError` if it is too long."""
        if size.constant is not None:
            return str(size.constant)
        expression = write(size, self._notation)
        if "…" in expression:
            raise ModelError("a size is too long an expression to be written out")
        return expression


def _power(node: Node, parts: Sequence[str]) -> str:
    sign = "**" if re.fullmatch(r"[\w\ue000\ue001]+", parts[0]) else " ** "
    return f"{parts[0]}{sign}{node.args[1]}"


def with_symbols_after(text: str, where: str = "") -> str:
    """Replaces the marked symbols of a text by their names with the prefix ``where``."""
    return _MARKED.sub(lambda match: where + match[1], text)


def number(value: str) -> str:
    """Returns a rate as a Python expression.

    >>> number("0.50"), number("1e-5")
    ('0.5', '1e-05')
    """
    rate = float(value)
    return repr(rate) if isfinite(rate) else f'float("{rate}")'


def comment(text: str) -> list[str]:
    """Returns text as comment lines of at most ``WIDTH`` characters; what is not printable is escaped.

    >>> comment("one\\ntwo\\x07")
    ['# one', '# two\\\\x07']
    """
    lines = []
    for line in text.split("\n"):
        shown = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line.rstrip())
        rest = f"# {shown}".rstrip()
        while len(rest) > WIDTH:
            cut = max(rest.rfind(" -> ", 4, WIDTH), -1)
            cut = rest.rfind(" ", 4, WIDTH) if cut < 0 else cut
            cut = WIDTH if cut < 0 else cut
            lines.append(rest[:cut].rstrip())
            rest = "#   " + rest[cut:].lstrip()
        lines.append(rest)
    return lines


# ---- lines of at most WIDTH characters, broken as black does it ------------------------------------------------------

_OPENING, _CLOSING = "([{", ")]}"


def broken(text: str, indent: str = "", after: str = "") -> list[str]:
    """Returns a statement as lines: if it is too long, its last bracket is broken, if need be with one argument a line.

    >>> for line in broken("x = layers.Concatenate()([" + ", ".join(["inception_3a_output"] * 4) + "])"):
    ...     print(line)
    x = layers.Concatenate()(
        [inception_3a_output, inception_3a_output, inception_3a_output, inception_3a_output]
    )
    """
    if len(indent) + len(text) + len(after) <= WIDTH:
        return [indent + text + after]
    bracket = _bracket(text, WIDTH - len(indent))
    if bracket is None:
        return [indent + text + after]
    start, end = bracket
    arguments = _arguments(text[start + 1 : end])
    if not arguments:
        return [indent + text + after]
    deeper = indent + INDENT
    lines = [indent + text[: start + 1]]
    joined = ", ".join(arguments)
    single = len(arguments) == 1 and text[start] == "(" and text[end - 1] == ","
    if len(deeper) + len(joined) <= WIDTH and not single:
        lines.append(deeper + joined)
    elif len(arguments) == 1 and (" for " in joined or joined.startswith("*")):
        lines += _comprehension(joined, deeper)
    else:
        for argument in arguments:
            lines += broken(argument, deeper, ",")
    return [*lines, indent + text[end:] + after]


def _comprehension(text: str, indent: str) -> list[str]:
    """Returns ``a for b in c`` with the loop on a line of its own."""
    if text.startswith(("*[", "[")):
        return broken(text, indent)
    head, _, loop = text.rpartition(" for ")
    return [*broken(head, indent), f"{indent}for {loop}"]


def _bracket(text: str, room: int) -> tuple[int, int] | None:
    """Returns start and end of the bracket to break: the last outermost one that is not empty and starts before ``room``."""
    pairs, stack = [], []
    for index, sign in _signs(text):
        if sign in _OPENING:
            stack.append(index)
        elif sign in _CLOSING:
            start = stack.pop()
            if not stack and index > start + 1:
                pairs.append((start, index))
    return next((pair for pair in reversed(pairs) if pair[0] < room), pairs[-1] if pairs else None)


def _arguments(text: str) -> list[str]:
    """Returns the arguments of a call, split at the outermost commas."""
    depth, start, arguments = 0, 0, []
    for index, sign in _signs(text):
        depth += (sign in _OPENING) - (sign in _CLOSING)
        if sign == "," and not depth:
            arguments.append(text[start:index].strip())
            start = index + 1
    return [argument for argument in [*arguments, text[start:].strip()] if argument]


def _signs(text: str) -> list[tuple[int, str]]:
    """Returns index and text of the brackets and commas outside of strings."""
    matches = re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\](){},]', text)
    return [(match.start(), match[0]) for match in matches if not match[0].startswith('"')]


def filled(text: str, names: Mapping[str, str]) -> str:
    """Returns the template with its placeholders ``{x0}`` replaced by ``names``."""
    return re.sub(r"\{(\w+)\}", lambda match: names[match[1]], text)
