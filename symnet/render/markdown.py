"""Documents as Markdown that GitHub renders: formulas in ``$…$``, tables, and no anchors in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain

from symnet.printing.latex import latex
from symnet.printing.letters import visible
from symnet.printing.names import group_digits
from symnet.printing.screen import signs
from symnet.render.document import (
    Block,
    Bullets,
    Code,
    Document,
    Formula,
    Heading,
    Inline,
    Line,
    Link,
    Math,
    Paragraph,
    Shape,
    Step,
    Strong,
    Table,
)
from symnet.terms.term import Int, Term

__all__ = ["escaped", "markdown", "markdown_blocks"]

Names = Mapping[Term, str]

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|$~]|&(?=#?\w+;)")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}

#: Beginnings of a paragraph that would make it a list or a rule.
_BEGINNING = re.compile(r"(?:([-+=])(?=[-+=\s]|$)|([0-9]{1,9})([.)])(?=\s|$))")


def escaped(text: str) -> str:
    """Text in which nothing is markup, and no character hides or reverses others.

    >>> escaped("a|b <script> $x$")
    'a\\\\|b &lt;script&gt; \\\\$x\\\\$'
    """
    return _SPECIAL.sub(lambda match: _ENTITIES.get(match[0], f"\\{match[0]}"), visible(text))


def _paragraph(text: str) -> str:
    """A paragraph whose beginning is no markup."""
    text = text.lstrip()
    match = _BEGINNING.match(text)
    if match is None:
        return text
    sign, number, point = match.groups()
    return (f"\\{sign}" if sign else f"{number}\\{point}") + text[match.end() :]


#: A bar after a backslash, since Markdown readers disagree on whether it ends a table cell.
_UNFENCED = re.compile(r"\\\|")


def _code(text: str, cell: bool) -> str:
    """A code span, fenced by more backticks than it has inside. GitHub splits table cells at | even in code, so there it is escaped."""
    text = signs(visible(text))
    if (_UNFENCED.search(text) and cell) or not text.strip():
        return f"<code>{''.join(letter if letter.isalnum() else f'&#{ord(letter)};' for letter in text)}</code>"
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest or (text[0] == text[-1] == " ") else ""
    span = f"{fence}{pad}{text}{pad}{fence}"
    return span.replace("|", r"\|") if cell else span


def _inline(part: Inline, names: Names, cell: bool) -> str:
    match part:
        case str():
            return escaped(part)
        case Math(node):
            if isinstance(node, Int) and node.value >= 0:
                return group_digits(node.value)
            return f"${latex(node, names)}$".replace("|", r"\vert ")
        case Formula(latex_):
            return f"${latex_}$".replace("|", r"\vert ")
        case Shape(sizes):
            if all(isinstance(size, Int) for size in sizes):
                return " × ".join(group_digits(size.constant or 0) for size in sizes)
            return "$" + part.joined(lambda size: latex(size, names), r" \times ") + "$"
        case Code(text):
            return _code(text, cell)
        case Strong(inner):
            return f"**{_inline(inner, names, cell)}**"
        case Link(text, anchor):
            return f"[{escaped(text)}](#{anchor})" if anchor else escaped(text)


def _line(content: Line, names: Names, cell: bool = False) -> str:
    return "".join(_inline(part, names, cell) for part in content)


_RULE = {"l": "---", "r": "--:", "c": ":-:"}


def _block(block: Block, names: Names) -> str:
    match block:
        case Heading(level, content):
            return f"{'#' * level} {_line(content, names)}"
        case Paragraph(content):
            return _paragraph(_line(content, names))
        case Bullets(items):
            return "\n".join(f"- {_paragraph(_line(item, names))}" for item in items)
        case Table(head, rows, align):
            text_of: dict[Line, str] = {}  # many layers have equal cells
            for cell in chain(head, *(row.cells for row in rows)):
                if cell not in text_of:
                    text_of[cell] = _line(cell, names, True)
            lines = [[text_of[cell] for cell in head], [_RULE[letter] for letter in align]]
            lines += [[text_of[cell] for cell in row.cells] for row in rows]
            return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        case Step(number, statement, reason):
            return f"**\\[{number}\\]** {_line(statement, names)} — {_line(reason, names)}"


def markdown_blocks(blocks: tuple[Block, ...], names: Names) -> str:
    """Blocks as Markdown, without a title."""
    return "\n\n".join(_block(block, names) for block in blocks)


def markdown(document: Document) -> str:
    """The document with its title as Markdown."""
    title = f"# {_line(document.title, document.names)}"
    return f"{title}\n\n{markdown_blocks(document.blocks, document.names)}\n"
