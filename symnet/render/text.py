"""Documents as plain text for a terminal: formulas in Unicode, tables in columns."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from shutil import get_terminal_size
from textwrap import fill, wrap
from unicodedata import combining, east_asian_width

from symnet.printing.letters import visible
from symnet.printing.screen import screen, signs
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

__all__ = ["plain", "terminal", "text_blocks"]

Names = Mapping[Term, str]
WIDTH = 100


def terminal() -> int:
    """The width of lines for a terminal, in columns; 80 if there is none."""
    return min(WIDTH, max(40, screen().width or get_terminal_size((80, 24)).columns))


def _inline(part: Inline, names: Names) -> str:
    match part:
        case str():
            return part
        case Math(node):
            return unicode_text(node, names)
        case Formula(_, text):
            return text
        case Shape():
            return part.joined(lambda size: unicode_text(size, names))
        case Code(text) | Link(text, _):
            return text
        case Strong(inner):
            return _inline(inner, names)


def _line(content: Line, names: Names) -> str:
    joined = "".join(_inline(part, names) for part in content)
    return signs(visible(joined))


def _width(text: str) -> int:
    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _table(table: Table, names: Names, most: int | None) -> str:
    rows = [[_line(cell, names) for cell in table.head]]
    rows += [[_line(cell, names) for cell in row.cells] for row in table.rows]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(table.head))]
    if most is not None:
        widths = _narrowed(rows, widths, most)
    lines = []
    for row in rows:
        wrapped = [_cell(cell, width) for cell, width in zip(row, widths, strict=True)]
        for parts in zip_longest(*wrapped, fillvalue=""):
            cells = []
            for cell, width, side in zip(parts, widths, table.align, strict=True):
                space = " " * (width - _width(cell))
                cells.append(space + cell if side == "r" else cell + space)
            lines.append("  ".join(cells).rstrip())
        if row is rows[0]:
            lines.append("  ".join(signs("─") * width for width in widths))
    return "\n".join(lines)


def _narrowed(rows: list[list[str]], widths: list[int], most: int) -> list[int]:
    """The widths of columns, made smaller to at most ``most`` in total if words allow it; the widest shrink first."""
    least = [
        max((_width(word) for row in rows for word in row[column].split()), default=0) for column in range(len(widths))
    ]
    widths = list(widths)
    while sum(widths) + 2 * (len(widths) - 1) > most:
        able = [column for column, width in enumerate(widths) if width > least[column]]
        if not able:
            break
        widths[max(able, key=lambda column: widths[column])] -= 1
    return widths


def _cell(cell: str, width: int) -> list[str]:
    if _width(cell) <= width:
        return [cell]
    return wrap(cell, width, break_long_words=False, break_on_hyphens=False)


def _block(block: Block, names: Names, width: int | None) -> str:
    most = width or WIDTH
    match block:
        case Heading(level, content):
            title = _line(content, names)
            return f"{title}\n{signs('═' if level < 3 else '─') * min(_width(title), most)}"
        case Paragraph(content):
            return fill(_line(content, names), most, break_long_words=False, break_on_hyphens=False)
        case Bullets(items):
            return "\n".join(
                fill(
                    _line(item, names), most, initial_indent=signs("• "), subsequent_indent="  ", break_long_words=False
                )
                for item in items
            )
        case Table():
            return _table(block, names, width)
        case Step(number, statement, reason):
            mark = f"[{number}] "
            return f"{mark}{_line(statement, names)}\n{' ' * len(mark)}{signs('—')} {_line(reason, names)}"


def text_blocks(blocks: tuple[Block, ...], names: Names, width: int | None = None) -> str:
    """Blocks as text, without a title. Tables have their full width, or at most ``width`` or that of the screen."""
    width = width or screen().width
    return "\n\n".join(_block(block, names, width) for block in blocks)


def plain(document: Document, width: int | None = None) -> str:
    """The document with its title as text."""
    width = width or screen().width
    most = width or WIDTH
    title = fill(_line(document.title, document.names), most, break_long_words=False) if width else ""
    title = title or _line(document.title, document.names)
    rule = signs("═") * min(max(map(_width, title.split("\n"))), most)
    return f"{title}\n{rule}\n\n{text_blocks(document.blocks, document.names, width)}\n"
