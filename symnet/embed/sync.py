"""Refreshes what symnet wrote into Markdown files between markers; everything else stays the same, byte for byte.

    <!-- symnet table: (1*28*28) -> Conv|32|5 -->
    …
    <!-- /symnet -->

    It has <!-- symnet parameters: 784 -> FC|10 -->7,850<!-- /symnet --> parameters.

    <!-- symnet figure file=pictures/net.svg: (1*28*28) -> Conv|32|5 -->
    …
    <!-- /symnet -->

A figure is written to its own file, in the folder of the Markdown file or below, and shown from there.

Markers in code blocks, fenced or indented, and in code spans are text. In a quote or a list item every line that is written
begins like the lines there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import NamedTuple

from symnet.embed.content import Content, content
from symnet.embed.markdown_code import layout
from symnet.embed.request import BLOCKS, INLINE, OptionError, names_network, parse_request
from symnet.errors import SymnetError
from symnet.files import FileError, write_text
from symnet.printing.latex import latex
from symnet.render.document import Math, Paragraph
from symnet.render.figures.canvas import Drawing
from symnet.render.markdown import markdown_blocks

__all__ = ["Stale", "SyncError", "refreshed", "sync"]


class SyncError(SymnetError):
    """A marker that cannot be refreshed; the message names the file, the line and the reason."""


@dataclass(frozen=True)
class Stale:
    """A file whose content differs from what symnet would write now."""

    name: str
    before: str
    after: str

    def diff(self) -> str:
        """The changes, as a unified diff."""
        lines = unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"{self.name} (as it is)",
            f"{self.name} (fresh)",
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


#: What may begin or end a marker or a code span in a Markdown file.
_TOKENS = re.compile(
    r"""(?P<ticks>`+)
      | (?P<barrier>\r?\n[ \t]*(?=\r?\n)|\n(?=[ ]{0,3}<!--))
      | (?P<open><!--[ \t]*symnet(?![\w-]))
      | (?P<close><!--[ \t]*/symnet[ \t]*-->)""",
    re.VERBOSE,
)


#: The names of files that a figure may be written to: below the folder of the Markdown file, without Markdown's signs.
_FIGURE_FILE = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\.svg")


class _Marker(NamedTuple):
    """An opening marker with its text, or a closing one, whose text is ``None``."""

    start: int
    end: int
    text: str | None


def _markers(markup: str) -> Iterator[_Marker]:
    """The markers outside of code spans, from left to right. A span ends at as many backticks as it begins with; none crosses a
    blank line or a line that begins with a comment.
    """
    tokens = list(_TOKENS.finditer(markup))
    ends: dict[int, int] = {}  # the end of the code span that each token begins
    next_ticks: dict[int, int] = {}  # the position of the next token of so many backticks
    for token in reversed(tokens):
        if token["barrier"] is not None:
            next_ticks.clear()
        elif token["ticks"]:
            length = len(token["ticks"])
            if length in next_ticks:
                ends[token.start()] = next_ticks[length] + length
            next_ticks[length] = token.start()
    position = 0
    for token in tokens:
        if token.start() < position:
            continue
        if token["ticks"]:
            position = ends.get(token.start(), token.end())
        elif token["close"]:
            position = token.end()
            yield _Marker(token.start(), position, None)
        elif token["open"]:
            end = markup.find("-->", token.end())
            if end < 0:
                return
            position = end + len("-->")
            yield _Marker(token.start(), position, markup[token.end() : end])


def refreshed(text: str, name: str = "the text", base: Path | None = None) -> str:
    """The text with everything between its markers written again. Raises :class:`SyncError` for a wrong marker.

    >>> refreshed("It has <!-- symnet parameters: 784 -> FC|10 --><!-- /symnet --> parameters.")
    'It has <!-- symnet parameters: 784 -> FC|10 -->7,850<!-- /symnet --> parameters.'
    """
    return _refreshed(text, name, base, {})


def _refreshed(text: str, name: str, base: Path | None, figures: dict[str, str]) -> str:
    """The refreshed text; the files of its figures are added to ``figures``."""
    pieces: list[str] = []
    done = 0
    opening: _Marker | None = None
    markup, prefixes = layout(text)
    breaks = [found.start() for found in re.finditer("\n", text)]

    def error(marker: _Marker, message: str) -> SyncError:
        return SyncError(f"{name}, line {line_of(marker)}: {message}")

    def line_of(marker: _Marker) -> int:
        return bisect_left(breaks, marker.start) + 1

    for marker in _markers(markup):
        if marker.text is not None:
            if opening is not None:
                raise error(marker, f"a marker inside a marker: the one in line {line_of(opening)} has no end")
            opening = marker
            continue
        if opening is None or opening.text is None:
            raise error(marker, "an end without a beginning: <!-- symnet … --> is missing")
        inside = text[opening.end : marker.start]
        at = bisect_left(breaks, opening.end)  # the line break after the marker decides how new lines end
        ending = breaks[at if at < len(breaks) else 0] if breaks else 0
        newline = "\r\n" if ending > 0 and text[ending - 1] == "\r" else "\n"
        try:
            fresh = _fresh(opening.text, inside, newline, prefixes[line_of(opening) - 1], base, figures)
        except SymnetError as refused:
            raise error(opening, str(refused)) from None
        pieces += [text[done : opening.end], fresh]
        done, opening = marker.start, None
    if opening is not None:
        raise error(opening, "this marker has no end: <!-- /symnet --> is missing")
    return "".join([*pieces, text[done:]])


def _fresh(marker: str, inside: str, newline: str, before: str, base: Path | None, figures: dict[str, str]) -> str:
    """The new text between two markers; on several lines, each begins with ``before`` and ends with ``newline``."""
    header, colon, source = _header_and_source(marker.replace("\r\n", "\n").replace("\n" + before, "\n"))
    if not colon:
        raise OptionError("a marker is written <!-- symnet KIND: NETWORK -->")
    if "\n" not in inside:
        kind = (header.split() or [""])[0]
        if kind in BLOCKS and kind not in INLINE:
            raise OptionError(f"a {kind} takes lines of its own: put the end of the marker on another line")
        shown = content(parse_request(header, source, INLINE, "output" if names_network(source) else "formula", base))
        return _in_line(shown)
    kinds = {**INLINE, **BLOCKS}
    request = parse_request(header, source, kinds, "table", base)
    shown = content(request)
    placed = shown.drawing and _figure_link(shown.drawing, request.text("file"), figures)
    blank = before.rstrip()
    lines = (
        "",
        blank,
        *(f"{before}{line}" if line else blank for line in (placed or _block(shown)).split("\n")),
        blank,
        before,
    )
    return newline.join(lines)


def _header_and_source(marker: str) -> tuple[str, str, str]:
    """Header, colon (or '') and source of a marker; the colon is the first one outside of quotes."""
    match = re.match(r"""(?P<header>(?:[^:"']|"[^"]*"|'[^']*')*)(?P<colon>:?)""", marker)
    header = match["header"] if match else ""
    return header.strip(), ":" if match and match["colon"] else "", marker[match.end() :].strip() if match else ""


def _in_line(shown: Content) -> str:
    parts = shown.inline or tuple(part for node in shown.formulas for part in (", ", Math(node)))[1:]
    return markdown_blocks((Paragraph(parts),), shown.names)


def _figure_link(drawing: Drawing, file: str | None, figures: dict[str, str]) -> str:
    """Markdown that shows the figure from its file; ``figures`` gets the file's content."""
    if file is None:
        raise OptionError("a figure stands in a file of its own: name it, as in figure file=net.svg")
    if not _FIGURE_FILE.fullmatch(file):
        raise OptionError(
            f"a figure is written beside this file or in a folder below, as file=pictures/net.svg, not to {file!r}"
        )
    if figures.setdefault(file, drawing.svg) != drawing.svg:
        raise OptionError(f"another figure is written to {file}: give each a file of its own")
    return f"![{markdown_blocks((Paragraph((drawing.title,)),), {})}]({file})"


def _block(shown: Content) -> str:
    if shown.listing:
        return f"```python\n{shown.listing.rstrip()}\n```"
    if shown.formulas:  # a dollar sign that the text has can not end a block of this form
        return "\n\n".join(f"```math\n{latex(node, shown.names)}\n```" for node in shown.formulas)
    return markdown_blocks(shown.blocks, shown.names) if shown.blocks else _in_line(shown)


def sync(names: Iterable[str], *, check: bool = False) -> list[Stale]:
    """Refresh the files ``names`` and the figures they show; returns those that were stale. With ``check`` nothing is written.

    Raises :class:`SyncError` before anything is written if a marker in any of the files is wrong.
    """
    stale: list[Stale] = []
    for name in dict.fromkeys(names):
        before = _read(name)
        figures: dict[str, str] = {}
        after = _refreshed(before, name, Path(name).parent, figures)
        drawn = ((str(Path(name).parent / file), svg) for file, svg in figures.items())
        stale += (Stale(path, old, svg) for path, svg in drawn if (old := _read_figure(path)) != svg)
        if after != before:
            stale.append(Stale(name, before, after))
    if not check:
        for file in stale:
            Path(file.name).parent.mkdir(parents=True, exist_ok=True)
            write_text(str(Path(file.name).resolve()), file.after)  # through a link, to the file itself
    return stale


def _read_figure(name: str) -> str:
    """The content of the figure's file, '' if there is none."""
    return _read(name) if Path(name).exists() else ""


def _read(name: str) -> str:
    """The text of the file with its byte order mark and its line ends."""
    try:
        return Path(name).read_bytes().decode("utf-8")
    except OSError as error:
        raise FileError(f"cannot read {name}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise FileError(f"{name} is not UTF-8 text (byte {error.start})") from None
