"""Python text: identifiers from anybody's names, sizes as Python writes them, numbers, and lines that are not too long."""

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

__all__ = ["INDENT", "Sizes", "broken", "comment", "filled", "free", "identifier", "number", "placed"]

INDENT, WIDTH = "    ", 88

#: The longest name that is kept as it is.
LONG = 60

#: Words that generated code uses itself.
_OURS = {
    "Model", "factors", "inputs", "keras", "layers", "math", "max", "min", "model", "nn", "ops", "range", "self", "super", "torch",
    "tuple", "x", "y",
}  # fmt: skip


def identifier(name: str, otherwise: str = "layer") -> str:
    """A Python name for anybody's name: ASCII letters, digits and single underscores; never a keyword.

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
    """``word``, with a number where it is taken."""
    found, number = word, 1
    while found in taken:
        number += 1
        found = f"{word}_{number}"
    return found


#: A symbol stands between these until it is known where it comes from.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKED = re.compile(f"{_OPEN}(\\w+){_CLOSE}")


class Sizes:
    """Prints sizes as Python. Each symbol has a Python name, and is marked until :func:`placed` says where it is found;
    ``used`` collects the names.

    >>> from symnet.terms.term import Symbol
    >>> say = Sizes()
    >>> placed(say(Symbol("W") // 2 * Symbol("lambda")), "self.")
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
        """``size`` as a Python expression."""
        if size.constant is not None:
            return str(size.constant)
        written = write(size, self._notation)
        if "…" in written:
            raise ModelError("a size is too long an expression to be written out")
        return written


def _power(node: Node, parts: Sequence[str]) -> str:
    sign = "**" if re.fullmatch(r"[\w\ue000\ue001]+", parts[0]) else " ** "
    return f"{parts[0]}{sign}{node.args[1]}"


def placed(text: str, where: str = "") -> str:
    """The marked symbols of a text by their names, after ``where``."""
    return _MARKED.sub(lambda match: where + match[1], text)


def number(value: str) -> str:
    """A rate as Python writes it.

    >>> number("0.50"), number("1e-5")
    ('0.5', '1e-05')
    """
    rate = float(value)
    return repr(rate) if isfinite(rate) else f'float("{rate}")'


def comment(text: str) -> list[str]:
    """Text as comments, line by line; what does not print is escaped.

    >>> comment("one\\ntwo\\x07")
    ['# one', '# two\\\\x07']
    """
    found = []
    for line in text.split("\n"):
        shown = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line.rstrip())
        rest = f"# {shown}".rstrip()
        while len(rest) > WIDTH:
            cut = max(rest.rfind(" -> ", 4, WIDTH), -1)
            cut = rest.rfind(" ", 4, WIDTH) if cut < 0 else cut
            cut = WIDTH if cut < 0 else cut
            found.append(rest[:cut].rstrip())
            rest = "#   " + rest[cut:].lstrip()
        found.append(rest)
    return found


# ---- lines of at most WIDTH characters, broken as black does it ------------------------------------------------------

_OPENING, _CLOSING = "([{", ")]}"


def broken(text: str, indent: str = "", after: str = "") -> list[str]:
    """A statement in lines: where it is too long, its last bracket is opened, one argument a line if need be.

    >>> for line in broken("x = layers.Concatenate()([" + ", ".join(["inception_3a_output"] * 4) + "])"):
    ...     print(line)
    x = layers.Concatenate()(
        [inception_3a_output, inception_3a_output, inception_3a_output, inception_3a_output]
    )
    """
    if len(indent) + len(text) + len(after) <= WIDTH:
        return [indent + text + after]
    spots = _bracket(text, WIDTH - len(indent))
    if spots is None:
        return [indent + text + after]
    start, end = spots
    inside = _arguments(text[start + 1 : end])
    if not inside:
        return [indent + text + after]
    deeper = indent + INDENT
    lines = [indent + text[: start + 1]]
    whole = ", ".join(inside)
    single = len(inside) == 1 and text[start] == "(" and text[end - 1] == ","
    if len(deeper) + len(whole) <= WIDTH and not single:
        lines.append(deeper + whole)
    elif len(inside) == 1 and (" for " in whole or whole.startswith("*")):
        lines += _comprehension(whole, deeper)
    else:
        for argument in inside:
            lines += broken(argument, deeper, ",")
    return [*lines, indent + text[end:] + after]


def _comprehension(text: str, indent: str) -> list[str]:
    """``a for b in c`` where it does not fit: the loop on a line of its own."""
    if text.startswith(("*[", "[")):
        return broken(text, indent)
    head, _, loop = text.rpartition(" for ")
    return [*broken(head, indent), f"{indent}for {loop}"]


def _bracket(text: str, room: int) -> tuple[int, int] | None:
    """Where the bracket to open starts and ends: the last outermost one that is not empty and has room before it."""
    found, stack = [], []
    for place, sign in _signs(text):
        if sign in _OPENING:
            stack.append(place)
        elif sign in _CLOSING:
            start = stack.pop()
            if not stack and place > start + 1:
                found.append((start, place))
    return next((pair for pair in reversed(found) if pair[0] < room), found[-1] if found else None)


def _arguments(text: str) -> list[str]:
    """What stands between the commas of a call."""
    depth, start, found = 0, 0, []
    for place, sign in _signs(text):
        depth += (sign in _OPENING) - (sign in _CLOSING)
        if sign == "," and not depth:
            found.append(text[start:place].strip())
            start = place + 1
    return [argument for argument in [*found, text[start:].strip()] if argument]


def _signs(text: str) -> list[tuple[int, str]]:
    """The signs that are not in strings."""
    found = re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\](){},]', text)
    return [(match.start(), match[0]) for match in found if not match[0].startswith('"')]


def filled(text: str, names: Mapping[str, str]) -> str:
    """Placeholders ``{x0}`` of a template filled in."""
    return re.sub(r"\{(\w+)\}", lambda match: names[match[1]], text)
