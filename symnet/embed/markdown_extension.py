"""The Python-Markdown extension ``symnet``: fenced blocks and inline formulas in documentation.

```symnet figure kind=windows                    The output is {symnet: (W - F + 2*P)//S + 1}; the network
(3*12*12) -> Conv|8|3|3|1                        has {symnet parameters: (1*28*28) -> Conv|32|5} parameters.
```
"""

from __future__ import annotations

import re
from logging import getLogger
from pathlib import Path
from typing import Any, TypeGuard
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor

from symnet.embed.html import CSS, block_html, error_html, inline_html, message_of, playground_frame
from symnet.embed.page import Page
from symnet.embed.request import BLOCKS, INLINE, OptionError, names_network, parse_request
from symnet.errors import NotationError, SymnetError
from symnet.printing.letters import visible
from symnet.render.fragments import FORMULAS

__all__ = ["EmbedError", "SymnetExtension", "makeExtension"]

#: MkDocs counts the warnings of loggers below its own: with ``--strict`` one of them fails the build.
_LOG = getLogger("mkdocs.symnet")


class EmbedError(SymnetError):
    """A block or a formula that cannot be written; the message names the page, the line and the reason."""


class SymnetExtension(Extension):
    """The extension's options: ``output`` is ``mathml``, or ``arithmatex`` for pages with MathJax or KaTeX; ``strict`` raises
    errors instead of showing them; ``base_path`` is the folder of ``.net`` files; with ``css`` the first block of a page brings
    the style rules; ``playground`` is an address or a folder of the site that blocks unfold to.
    """

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "output": ["mathml", "mathml, or arithmatex (also called mathjax, katex)"],
            "strict": [False, "raise an error instead of showing it in the page"],
            "base_path": [".", "where .net files are"],
            "playground": ["", "the address of a playground, to which blocks then unfold"],
            "css": [True, "bring the few rules of style that blocks need"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        writer = _Writer(md, self.getConfigs())
        md.registerExtension(self)
        self.writer = writer
        # after the text is cleaned (30), before other fences (25)
        md.preprocessors.register(_Blocks(md, writer), "symnet", 27)
        # after code spans (190), before backslashes (180)
        md.inlinePatterns.register(_Inline(md, writer), "symnet", 185)

    def reset(self) -> None:
        self.writer.uses = 0


def makeExtension(**kwargs: Any) -> SymnetExtension:  # noqa: N802
    """Called by Python-Markdown to make the extension."""
    return SymnetExtension(**kwargs)


class _Writer:
    """Writes the blocks and formulas of one document, and its errors at their places."""

    def __init__(self, md: Markdown, config: dict[str, Any]) -> None:
        self.md = md
        output = {"mathjax": "arithmatex", "katex": "arithmatex"}.get(config["output"], config["output"])
        if output not in FORMULAS:
            raise OptionError(f"output is mathml, arithmatex, mathjax or katex, not {output!r}")
        self.output, self.strict, self.css = output, bool(config["strict"]), bool(config["css"])
        self.base = Path(config["base_path"])
        self.playground = str(config["playground"])
        self.uses = 0
        self.page = Page(md)

    def block(self, header: str, source: str, line: int) -> str:
        try:
            request = parse_request(header, source, BLOCKS, "report", self.base)
            html = block_html(request, f"symnet-{self.uses + 1}-", self.output)
        except SymnetError as error:
            inside = 1 + error.text[: error.position].count("\n") if _points_into(error, source) else 0
            return self._refused(error, f"symnet {header}".strip(), self.page.line(line + inside))
        self.uses += 1
        if self.playground:
            html += playground_frame(request, self.page.beside(self.playground))
        return f"<style>{CSS}</style>{html}" if self.css and self.uses == 1 else html

    def inline(self, header: str, source: str, text: str) -> str:
        default = "output" if names_network(source) else "formula"
        try:
            return inline_html(parse_request(header, source, INLINE, default, self.base), self.output)
        except SymnetError as error:
            where = self.page.line(self.page.next_line_of(text))
            return self._refused(error, f"{{symnet{header}: {source}}}", where, in_a_line=True)

    def _refused(self, error: SymnetError, what: str, where: str, in_a_line: bool = False) -> str:
        message = f"{where}{visible(what)}: {message_of(error)}"
        if self.strict:
            raise EmbedError(message) from error
        _LOG.warning("%s", message)
        return error_html(error, in_a_line)


def _points_into(error: SymnetError, source: str) -> TypeGuard[NotationError]:
    """Returns whether the error has a position within the text of the block."""
    return isinstance(error, NotationError) and error.position is not None and error.text.strip() == source.strip()


class _Blocks(Preprocessor):
    """Replaces fenced blocks of the language symnet; other fenced blocks are left unchanged."""

    FENCE = re.compile(r"^(?P<indent>[ ]*)(?P<fence>`{3,}|~{3,})[ ]*(?P<info>[^`\n]*)$")
    OURS = re.compile(r"\{?[ ]*\.?symnet(?![\w-])(?P<header>[^}]*)\}?[ ]*")

    def __init__(self, md: Markdown, writer: _Writer) -> None:
        super().__init__(md)
        self.writer = writer

    def run(self, lines: list[str]) -> list[str]:
        self.writer.page.begin(lines)
        output: list[str] = []
        self.unclosed: dict[str, int] = {}
        number = 0
        while number < len(lines):
            opening = self.FENCE.match(lines[number])
            end = self._end(lines, number, opening) if opening else None
            if opening is None or end is None:
                output.append(lines[number])
                number += 1
                continue
            ours = self.OURS.fullmatch(opening["info"])
            if ours is None:
                output += lines[number : end + 1]
            else:
                indent = opening["indent"]
                body = "\n".join(line.removeprefix(indent) for line in lines[number + 1 : end])
                html = self.writer.block(ours["header"].strip(), body, number)
                output += ["", indent + self.md.htmlStash.store(html), ""]
            number = end + 1
        return output

    def _end(self, lines: list[str], start: int, opening: re.Match[str]) -> int | None:
        """The line that closes the fence, or ``None``; then no later fence of the same sign and at least its length is closed."""
        letter, least = opening["fence"][0], len(opening["fence"])
        if least >= self.unclosed.get(letter, least + 1):
            return None
        for number in range(start + 1, len(lines)):
            line = lines[number].strip(" ")
            if len(line) >= least and line == letter * len(line):
                return number
        self.unclosed[letter] = least
        return None


class _Inline(InlineProcessor):
    """Replaces ``{symnet: expression}`` and ``{symnet parameters: network}``."""

    def __init__(self, md: Markdown, writer: _Writer) -> None:
        super().__init__(r"\{symnet(?P<header>(?:\s[^:{}]*)?):(?P<source>[^{}]*)\}", md)
        self.writer = writer

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | str | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        source = m["source"].replace("\\|", "|").strip()  # as a table escapes it
        return self.md.htmlStash.store(self.writer.inline(m["header"], source, m[0])), m.start(), m.end()
