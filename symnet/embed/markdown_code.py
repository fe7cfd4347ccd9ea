"""Finds the code in Markdown: fenced blocks, and blocks indented four columns more than the quote, list item or admonition
around them. Lines are read one by one, by the rules of CommonMark that this needs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["Layout", "layout"]

_QUOTES = re.compile(r"(?:[ ]{0,3}>[ ]?)*")
_ITEM = re.compile(r"[ ]*(?:[-*+]|[0-9]{1,9}[.)])(?P<space>[ ]+|$)")
_FENCE = re.compile(r"[ ]*(?P<mark>`{3,}(?=[^`]*$)|~{3,})")
#: Admonitions and tabs of MkDocs: indented lines after them belong to them, also after blank lines.
_ADMONITION = re.compile(r"[ ]*(?:!!!|\?\?\?\+?|===\+?!?)[ ]")
#: Lines that end a paragraph and begin none: a heading, a closed comment, a rule.
_ALONE = re.compile(r"[ ]*(?:#{1,6}(?:[ ]|$)|<!--.*-->\s*$|([-*_])(?:[ ]*\1){2,}[ ]*$)")

#: List items nested deeper than this are read as text.
NESTED = 100

_BEFORE = re.compile(r"(?:[ ]*>[ ]?|[ ]*(?:[-*+]|[0-9]{1,9}[.)])[ ]+|[ ]+)*")


class Layout(NamedTuple):
    """``markup`` is the text with spaces in place of code, so that positions stay the same. ``prefixes`` has for each line the
    prefix of the lines of a block that begins there: quote signs, and spaces for a list item's sign.
    """

    markup: str
    prefixes: tuple[str, ...]


def layout(text: str) -> Layout:
    r"""The text with its code blanked out, and the prefix of each line.

    >>> layout("a\n\n    b\n\n- c\n\n      d\n").markup
    'a\n\n     \n\n- c\n\n       \n'
    >>> layout("> - A table\n10. two\n\n    more").prefixes
    ('>   ', '    ', '', '    ', '')
    """
    scan = _Scan()
    blanked: list[str] = []
    prefixes: list[str] = []
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        blanked.append(re.sub(r"[^\r\n]", " ", line) if scan.code(line) else line)
        prefixes.append(scan.prefix(line))
    return Layout("".join(blanked), (*prefixes, ""))


@dataclass
class _Scan:
    """The blocks that are open after the lines so far: quotes, list items with the columns of their content, a fence, a paragraph."""

    quotes: int = 0
    columns: list[int] = field(default_factory=list)
    fence: str = ""
    paragraph: bool = False

    def prefix(self, line: str) -> str:
        """The prefix of lines that belong where ``line`` does, which must be the last line read."""
        quoted, rest = _quotes_and_rest(line)
        before = _BEFORE.match(rest)
        inside = self.columns[-1] if self.columns else 0
        signs = re.sub("[^>]", " ", before[0]) if before and rest.strip() else ""
        return quoted + (" " * inside if len(signs) > inside + 3 and ">" not in signs else signs)

    def code(self, line: str) -> bool:
        """Returns whether the line is code; the lines must be passed in order."""
        quoted, rest = _quotes_and_rest(line)
        if quoted.count(">") != self.quotes:
            self.quotes, self.columns, self.fence, self.paragraph = quoted.count(">"), [], "", False
        if self.fence:
            if re.fullmatch(rf"[ ]*{re.escape(self.fence[0])}{{{len(self.fence)},}}[ ]*", rest):
                self.fence = ""
            return True
        if not rest.strip():
            self.paragraph = False
            return False
        return self._content(rest)

    def _content(self, rest: str) -> bool:
        indent, in_paragraph = len(rest) - len(rest.lstrip()), self.paragraph
        while self.columns and indent < self.columns[-1] and not (self.paragraph and not _ITEM.match(rest)):
            self.columns.pop()
        inside = self.columns[-1] if self.columns else 0
        if indent >= inside + 4 and not self.paragraph:
            return True
        position = self._items(rest)
        opening = _FENCE.match(rest, position)
        if opening and (position or indent < inside + 4):
            self.fence, self.paragraph = opening["mark"], False
            return True
        if _ADMONITION.match(rest, position):
            self.columns.append(indent + 4)
            self.paragraph = False
        else:
            continues = in_paragraph and indent >= inside + 4
            self.paragraph = bool(rest[position:].strip()) and (continues or not _ALONE.match(rest, position))
        return False

    def _items(self, rest: str) -> int:
        """Opens the list items that begin in this line; returns the position of their content."""
        position = 0
        while len(self.columns) < NESTED and (item := _ITEM.match(rest, position)):
            if _ALONE.match(rest, position):  # a horizontal rule: - - -
                break
            wide = len(item["space"])
            position = item.end() - (wide - 1 if wide > 4 else 0)
            self.columns.append(position + (0 if wide else 1))
            self.paragraph = False
        return position


def _quotes_and_rest(line: str) -> tuple[str, str]:
    """The quote signs that a line begins with, and the rest of it with tabs expanded."""
    line = line.rstrip("\r\n").expandtabs(4)
    match = _QUOTES.match(line)
    return (match[0], line[match.end() :]) if match else ("", line)
