"""Finds the file and line of a block or a formula of a page, so that a warning can name them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markdown import Markdown

from symnet.embed.markdown_code import layout

__all__ = ["Page"]


class Page:
    """The text that a converter reads. MkDocs knows its file; lines above the text in that file, such as metadata, are counted.
    If the file has another text, since a plugin changed it, warnings name no line.
    """

    def __init__(self, md: Markdown) -> None:
        self.md = md
        self.begin([])

    def begin(self, lines: list[str]) -> None:
        """Begin a new text."""
        self.text = "\n".join(lines)
        self._markup: str | None = None  # the text without code, once it is needed
        self._searched: dict[str, int] = {}

    def next_line_of(self, text: str) -> int | None:
        """The line number, from 0, of the next occurrence of ``text`` outside of code, or ``None``."""
        if self._markup is None:
            self._markup = layout(self.text).markup
        markup = self._markup
        position = markup.find(text, self._searched.get(text, 0))
        if position < 0:
            return None
        self._searched[text] = position + len(text)
        return markup.count("\n", 0, position)

    def line(self, number: int | None) -> str:
        """The beginning of a warning: page and line, counted from 1; '' if the page is unknown."""
        file = self._file()
        above = 0 if file is None else self._above(file)
        where = [] if file is None else [str(file.src_uri)]
        if number is not None and above is not None:
            where.append(f"line {number + above + 1}")
        return f"{', '.join(where)}: " if where else ""

    def beside(self, address: str) -> str:
        """A link to ``address``: an absolute one is unchanged, a relative one is taken from the root of the site."""
        file = self._file()
        above = 0 if file is None else str(file.url).count("/")
        return address if "://" in address or address.startswith("/") else "../" * above + address

    def _file(self) -> Any:
        """The record of the page's file in MkDocs, or ``None`` outside of MkDocs."""
        if "relpath" not in self.md.treeprocessors:
            return None
        return getattr(self.md.treeprocessors["relpath"], "file", None)

    def _above(self, file: Any) -> int | None:
        """The number of lines in the file above the text; ``None`` if the file does not end with the text."""
        try:
            content = Path(file.abs_src_path).read_text(encoding="utf-8-sig").expandtabs(self.md.tab_length).rstrip()
        except (OSError, TypeError, ValueError):
            return None
        in_file, in_page = content.split("\n"), self.text.rstrip().split("\n")
        same = len(in_file) >= len(in_page) and all(
            one.strip() == other.strip() for one, other in zip(reversed(in_file), reversed(in_page), strict=False)
        )
        return len(in_file) - len(in_page) if same else None
