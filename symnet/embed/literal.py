"""Where Markdown is code and not markup: fenced blocks, and blocks that are indented by four columns more than what they
stand in (a quote, an item of a list, an admonition). Read line by line, as CommonMark does, as far as that takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["Layout", "layout"]

_QUOTES = re.compile(r"(?:[ ]{0,3}>[ ]?)*")
_ITEM = re.compile(r"[ ]*(?:[-*+]|[0-9]{1,9}[.)])(?P<space>[ ]+|$)")
_FENCE = re.compile(r"[ ]*(?P<mark>`{3,}(?=[^`]*$)|~{3,})")
#: Where indented lines belong to what is begun here, after blank lines, too: admonitions and tabs of MkDocs.
_ADMONITION = re.compile(r"[ ]*(?:!!!|\?\?\?\+?|===\+?!?)[ ]")
#: After such a line comes no rest of a paragraph: a heading, a comment that is closed, a rule.
_ALONE = re.compile(r"[ ]*(?:#{1,6}(?:[ ]|$)|<!--.*-->\s*$|([-*_])(?:[ ]*\1){2,}[ ]*$)")

#: Items within items past this depth are text.
NESTED = 100

_BEFORE = re.compile(r"(?:[ ]*>[ ]?|[ ]*(?:[-*+]|[0-9]{1,9}[.)])[ ]+|[ ]+)*")


class Layout(NamedTuple):
    """``markup`` is the text with spaces for all that is code, so that places stay what they are. ``prefixes`` are, line by
    line, what the lines of a block begin with that begins there: the signs of quotes, and an item's sign as spaces."""

    markup: str
    prefixes: tuple[str, ...]


def layout(text: str) -> Layout:
    r"""Where the text is code, and what its lines stand in.

    >>> layout("a\n\n    b\n\n- c\n\n      d\n").markup
    'a\n\n     \n\n- c\n\n       \n'
    >>> layout("> - A table\n10. two\n\n    more").prefixes
    ('>   ', '    ', '', '    ', '')
    """
    scan = _Scan()
    written: list[str] = []
    prefixes: list[str] = []
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        written.append(re.sub(r"[^\r\n]", " ", line) if scan.code(line) else line)
        prefixes.append(scan.prefix(line))
    return Layout("".join(written), (*prefixes, ""))


@dataclass
class _Scan:
    """What the lines so far have opened: quotes, items with the columns where their content begins, a fence, a paragraph."""

    quotes: int = 0
    columns: list[int] = field(default_factory=list)
    fence: str = ""
    paragraph: bool = False

    def prefix(self, line: str) -> str:
        """What lines begin with that belong to where ``line``, the last one read, does: deeper than there is code."""
        quoted, rest = _parted(line)
        before = _BEFORE.match(rest)
        inside = self.columns[-1] if self.columns else 0
        signs = re.sub("[^>]", " ", before[0]) if before and rest.strip() else ""
        return quoted + (" " * inside if len(signs) > inside + 3 and ">" not in signs else signs)

    def code(self, line: str) -> bool:
        """Whether the line is one of code; lines come one after the other."""
        quoted, rest = _parted(line)
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
        indent, going_on = len(rest) - len(rest.lstrip()), self.paragraph
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
            goes_on = going_on and indent >= inside + 4
            self.paragraph = bool(rest[position:].strip()) and (goes_on or not _ALONE.match(rest, position))
        return False

    def _items(self, rest: str) -> int:
        """Open the items of lists that begin here; where their content begins."""
        position = 0
        while len(self.columns) < NESTED and (item := _ITEM.match(rest, position)):
            if _ALONE.match(rest, position):  # a rule: - - -
                break
            wide = len(item["space"])
            position = item.end() - (wide - 1 if wide > 4 else 0)
            self.columns.append(position + (0 if wide else 1))
            self.paragraph = False
        return position


def _parted(line: str) -> tuple[str, str]:
    """The signs of quotes, and the rest."""
    line = line.rstrip("\r\n").expandtabs(4)
    found = _QUOTES.match(line)
    return (found[0], line[found.end() :]) if found else ("", line)
