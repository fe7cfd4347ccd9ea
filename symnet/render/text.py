"""Documents as plain text for a terminal: formulas in Unicode, tables in columns."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from unicodedata import combining, east_asian_width

from symnet.printing.text import unicode_text
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
from symnet.terms.term import Term

__all__ = ["plain", "text_blocks"]

Names = Mapping[Term, str]
WIDTH = 100


def _inline(part: Inline, names: Names) -> str:
    match part:
        case str():
            return part
        case Math(node):
            return unicode_text(node, names)
        case Formula(_, written):
            return written
        case Shape(sizes):
            parts = ((_inline(Math(size), names), part.fenced(size)) for size in sizes)
            return " × ".join(f"({text})" if fenced else text for text, fenced in parts)
        case Code(text) | Link(text, _):
            return text
        case Strong(inner):
            return _inline(inner, names)


def _line(content: Line, names: Names) -> str:
    joined = "".join(_inline(part, names) for part in content)
    return "".join(letter for letter in joined if letter.isprintable())


def _width(text: str) -> int:
    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _table(table: Table, names: Names) -> str:
    rows = [[_line(cell, names) for cell in table.head]]
    rows += [[_line(cell, names) for cell in row.cells] for row in table.rows]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(table.head))]
    lines = []
    for row in rows:
        cells = []
        for cell, width, side in zip(row, widths, table.align, strict=True):
            space = " " * (width - _width(cell))
            cells.append(space + cell if side == "r" else cell + space)
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(lines)


def _block(block: Block, names: Names) -> str:
    match block:
        case Heading(level, content):
            title = _line(content, names)
            return f"{title}\n{('═' if level < 3 else '─') * min(_width(title), WIDTH)}"
        case Paragraph(content):
            return fill(_line(content, names), WIDTH, break_long_words=False, break_on_hyphens=False)
        case Bullets(items):
            return "\n".join(
                fill(_line(item, names), WIDTH, initial_indent="• ", subsequent_indent="  ", break_long_words=False)
                for item in items
            )
        case Table():
            return _table(block, names)
        case Step(number, statement, reason):
            mark = f"[{number}] "
            return f"{mark}{_line(statement, names)}\n{' ' * len(mark)}— {_line(reason, names)}"


def text_blocks(blocks: tuple[Block, ...], names: Names) -> str:
    """Blocks as text, without a title."""
    return "\n\n".join(_block(block, names) for block in blocks)


def plain(document: Document) -> str:
    """The whole document."""
    title = _line(document.title, document.names)
    return f"{title}\n{'═' * min(_width(title), WIDTH)}\n\n{text_blocks(document.blocks, document.names)}\n"
