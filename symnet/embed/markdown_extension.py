"""The Python-Markdown extension ``symnet``: fenced blocks and inline formulas in documentation.

```symnet figure kind=windows                    The output is {symnet: (W - F + 2*P)//S + 1}; the network
(3*12*12) -> Conv|8|3|3|1                        has {symnet parameters: (1*28*28) -> Conv|32|5} parameters.
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from logging import getLogger
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor

from symnet.embed.content import Content, content
from symnet.embed.request import BLOCKS, INLINE, OptionError, Request, names_network, parse_request
from symnet.errors import NotationError, SymnetError
from symnet.printing.letters import visible
from symnet.printing.mathml import mathml
from symnet.render.document import Math, Paragraph
from symnet.render.fragments import FORMULAS, PREFIX, Style, fragment

__all__ = ["SymnetExtension", "makeExtension"]

#: MkDocs counts the warnings of its own loggers: with ``--strict`` one of them fails the build.
_LOG = getLogger("mkdocs.symnet")

CSS = (
    "<style>.symnet .scroll,.symnet .figure,.symnet p,.symnet-figure{overflow-x:auto}.symnet .r{text-align:right}"
    ".symnet .kept,.symnet math,.symnet td code{white-space:nowrap}.symnet math{math-style:normal}"
    ".symnet svg{max-width:none}"
    ".symnet .number{margin-right:.6em}.symnet .reason{opacity:.75}"
    ".symnet summary :is(h2,h3,h4,h5,h6){display:inline;font-size:1em}"
    "div.symnet-error{border-left:4px solid #d55e00;padding:.4em .8em}div.symnet-error pre{white-space:pre-wrap}"
    "span.symnet-error{border-bottom:2px solid #d55e00}</style>"
)


class SymnetExtension(Extension):
    """``output`` is ``mathml``, or ``arithmatex`` for pages with MathJax or KaTeX; ``strict`` raises where a block has
    an error; ``base_path`` is where ``.net`` files are; ``css``: the first block of a page brings its few rules.
    """

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "output": ["mathml", "mathml, or arithmatex (also called mathjax, katex)"],
            "strict": [False, "raise an error instead of showing it in the page"],
            "base_path": [".", "where .net files are"],
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
    """What Python-Markdown calls."""
    return SymnetExtension(**kwargs)


class _Writer:
    """Writes requests for one document, and errors where they happen."""

    def __init__(self, md: Markdown, config: dict[str, Any]) -> None:
        self.md = md
        output = {"mathjax": "arithmatex", "katex": "arithmatex"}.get(config["output"], config["output"])
        if output not in FORMULAS:
            raise OptionError(f"output is mathml, arithmatex, mathjax or katex, not {output!r}")
        self.output, self.strict, self.css = output, bool(config["strict"]), bool(config["css"])
        self.base = Path(config["base_path"])
        self.uses = 0

    def block(self, header: str, source: str) -> str:
        try:
            request = parse_request(header, source, BLOCKS, "report", self.base)
            html = _block(request, self.output)
        except SymnetError as error:
            return self._refused(error, f"symnet {header}".strip(), "div", "pre")
        self.uses += 1
        style = CSS if self.css and self.uses == 1 else ""
        return f'{style}<div class="symnet symnet-{request.kind}">{html.replace(PREFIX, f"symnet-{self.uses}-")}</div>'

    def inline(self, header: str, source: str) -> str:
        default = "output" if names_network(source) else "formula"
        try:
            return _inline(parse_request(header, source, INLINE, default, self.base), self.output)
        except SymnetError as error:
            return self._refused(error, f"{{symnet{header}: {source}}}", "span", "code")

    def _refused(self, error: SymnetError, where: str, outer: str, inner: str) -> str:
        if self.strict:
            raise error
        _LOG.warning("%s: %s", visible(where), "\n".join(map(visible, str(error).split("\n"))))
        said = str(error)
        if inner == "code" and isinstance(error, NotationError):  # no room for a caret
            said = error.message + (f"; did you mean {error.suggestion!r}?" if error.suggestion else "")
        message = escape("\n".join(map(visible, said.split("\n"))), quote=False)
        inside = f"<strong>symnet:</strong> <{inner}>{message}</{inner}>"
        return f'<{outer} class="symnet-error" role="alert">{inside}</{outer}>'


@lru_cache(maxsize=512)
def _block(request: Request, output: str) -> str:
    """A block as HTML, with a mark for the beginning of its ids; computed once."""
    shown = content(request)
    if shown.drawing is not None:
        return shown.drawing.svg.partition("\n")[2].strip()
    if shown.formulas:
        return "".join(f"<p>{_display(shown, index, output)}</p>" for index in range(len(shown.formulas)))
    deeper = (request.integer("level") or 2) - 2
    return fragment(shown.blocks, shown.names, Style(output, deeper, prefix=PREFIX))


def _display(shown: Content, index: int, output: str) -> str:
    node = shown.formulas[index]
    if output == "mathml":
        return mathml(node, shown.names, display=True)
    return (
        FORMULAS[output](node, shown.names)
        .replace(r"\(", r"\[")
        .replace(r"\)", r"\]")
        .replace("<span", "<div")
        .replace("</span", "</div")
    )


@lru_cache(maxsize=2048)
def _inline(request: Request, output: str) -> str:
    shown = content(request)
    pieces = shown.inline or _between(shown)
    html = fragment((Paragraph(tuple(pieces)),), shown.names, Style(output))
    return html.removeprefix("<p>").removesuffix("</p>")


def _between(shown: Content) -> Iterator[Math | str]:
    for place, node in enumerate(shown.formulas):
        if place:
            yield ", "
        yield Math(node)


class _Blocks(Preprocessor):
    """Finds fenced blocks of the language symnet; what stands in other fences is left alone."""

    FENCE = re.compile(r"^(?P<indent>[ ]*)(?P<fence>`{3,}|~{3,})[ ]*(?P<info>[^`\n]*)$")
    OURS = re.compile(r"\{?[ ]*\.?symnet(?![\w-])(?P<header>[^}]*)\}?[ ]*")

    def __init__(self, md: Markdown, writer: _Writer) -> None:
        super().__init__(md)
        self.writer = writer

    def run(self, lines: list[str]) -> list[str]:
        written: list[str] = []
        self.unclosed: dict[str, int] = {}
        place = 0
        while place < len(lines):
            opening = self.FENCE.match(lines[place])
            end = self._end(lines, place, opening) if opening else None
            if opening is None or end is None:
                written.append(lines[place])
                place += 1
                continue
            ours = self.OURS.fullmatch(opening["info"])
            if ours is None:
                written += lines[place : end + 1]
            else:
                indent = opening["indent"]
                body = "\n".join(line.removeprefix(indent) for line in lines[place + 1 : end])
                html = self.writer.block(ours["header"].strip(), body)
                written += ["", indent + self.md.htmlStash.store(html), ""]
            place = end + 1
        return written

    def _end(self, lines: list[str], start: int, opening: re.Match[str]) -> int | None:
        """The line that closes the fence. Where none does, none will close one that is as long and begins later."""
        letter, least = opening["fence"][0], len(opening["fence"])
        if least >= self.unclosed.get(letter, least + 1):
            return None
        for place in range(start + 1, len(lines)):
            line = lines[place].strip(" ")
            if len(line) >= least and line == letter * len(line):
                return place
        self.unclosed[letter] = least
        return None


class _Inline(InlineProcessor):
    """``{symnet: expression}``, ``{symnet parameters: network}``."""

    def __init__(self, md: Markdown, writer: _Writer) -> None:
        super().__init__(r"\{symnet(?P<header>(?:\s[^:{}]*)?):(?P<source>[^{}]*)\}", md)
        self.writer = writer

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | str | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        source = m["source"].replace("\\|", "|").strip()  # as it is written in a table
        return self.md.htmlStash.store(self.writer.inline(m["header"], source)), m.start(), m.end()
