"""Where in its file a block or a formula of a page stands, so that a warning can name it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markdown import Markdown

from symnet.embed.literal import layout

__all__ = ["Page"]


class Page:
    """The text that a converter reads. MkDocs says of which file it is; what stands above it there, such as its metadata, is
    counted. Where the file holds another text, since a plugin wrote it, no line is told.
    """

    def __init__(self, md: Markdown) -> None:
        self.md = md
        self.begin([])

    def begin(self, lines: list[str]) -> None:
        """A new text."""
        self.text = "\n".join(lines)
        self._markup: str | None = None  # the text without code, once it is asked for
        self._searched: dict[str, int] = {}

    def next_place_of(self, text: str) -> int | None:
        """The line, from 0, where ``text`` comes for the next time outside of code."""
        if self._markup is None:
            self._markup = layout(self.text).markup
        markup = self._markup
        place = markup.find(text, self._searched.get(text, 0))
        if place < 0:
            return None
        self._searched[text] = place + len(text)
        return markup.count("\n", 0, place)

    def line(self, number: int | None) -> str:
        """Page and line, counted from 1, as a warning begins with them."""
        file = self._file()
        above = 0 if file is None else self._above(file)
        told = [] if file is None else [str(file.src_uri)]
        if number is not None and above is not None:
            told.append(f"line {number + above + 1}")
        return f"{', '.join(told)}: " if told else ""

    def beside(self, address: str) -> str:
        """A link to an address: one of its own stays, a relative one is taken from the root of the site."""
        file = self._file()
        above = 0 if file is None else str(file.url).count("/")
        return address if "://" in address or address.startswith("/") else "../" * above + address

    def _file(self) -> Any:
        """What MkDocs knows of the page's file."""
        if "relpath" not in self.md.treeprocessors:
            return None
        return getattr(self.md.treeprocessors["relpath"], "file", None)

    def _above(self, file: Any) -> int | None:
        """How many lines of the file stand above the text."""
        try:
            whole = Path(file.abs_src_path).read_text(encoding="utf-8-sig").expandtabs(self.md.tab_length).rstrip()
        except (OSError, TypeError, ValueError):
            return None
        own, ours = whole.split("\n"), self.text.rstrip().split("\n")
        same = len(own) >= len(ours) and all(
            one.strip() == other.strip() for one, other in zip(reversed(own), reversed(ours), strict=False)
        )
        return len(own) - len(ours) if same else None
