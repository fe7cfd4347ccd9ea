"""The Sphinx extension ``symnet.embed.sphinx``: a directive and a role for reStructuredText and, with MyST, for Markdown.

.. symnet:: figure kind=windows                   :symnet:`(W - F + 2*P)//S + 1` positions, and
                                                  :symnet:`parameters: (1*28*28) -> Conv|32|5` parameters
   (3*12*12) -> Conv|8|3|3|1

Options may stand in the line of the directive, or below it as ``:kind: windows``. Files of networks are searched beside the
document and in ``symnet_base_path`` of conf.py; a document is built again when one of them changes. HTML pages show formulas as
MathML without scripts; LaTeX and plain text are made from the same blocks. No state is kept between documents, so they may be
read and written in parallel.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from symnet.embed.content import Content, content
from symnet.embed.html import CSS, block_html, inline_html, message_of
from symnet.embed.request import (
    ALL_OPTIONS,
    BLOCKS,
    INLINE,
    Request,
    files_in,
    names_network,
    parse_request,
)
from symnet.errors import NotationError, SymnetError
from symnet.notation.data_format import data_format
from symnet.printing.latex import latex
from symnet.printing.text import unicode_text
from symnet.render.document import Block, Heading, Math, Paragraph
from symnet.render.figures.latex_picture import COLOURS
from symnet.render.latex import latex_blocks, latex_figure
from symnet.render.text import text_blocks

__all__ = ["SymnetBlock", "SymnetDirective", "SymnetInline", "SymnetRole", "setup"]

_LOG = logging.getLogger(__name__)

#: The LaTeX commands that blocks need besides those of Sphinx.
_PREAMBLE = "\\providecommand{\\lt}{<}\n" + COLOURS


#: The width of plain text, in columns.
_WIDTH = 79


class SymnetBlock(nodes.General, nodes.Element):
    """A block in the formats ``html``, ``latex`` and ``text``; each builder takes its own."""


class SymnetInline(nodes.Inline, nodes.Element):
    """An inline formula or value in the formats of :class:`SymnetBlock`."""


class SymnetDirective(SphinxDirective):
    """The directive ``symnet``: a block on lines of its own."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = dict.fromkeys(ALL_OPTIONS, directives.unchanged)

    def run(self) -> list[nodes.Node]:
        source = "\n".join(self.content)
        header = " ".join(self.arguments)
        try:
            request = _request(
                self.env, source, lambda base: parse_request(header, source, BLOCKS, "report", base, self.options)
            )
            shown = content(request)
            if shown.listing:
                return [nodes.literal_block(shown.listing, shown.listing, language="python")]
            prefix = f"symnet-{self.env.new_serialno('symnet') + 1}-"
            return [
                SymnetBlock(
                    html=block_html(request, prefix),
                    latex=_block_latex(request, shown, f"{self.env.docname}-{prefix}"),
                    text=_block_text(shown),
                )
            ]
        except SymnetError as error:
            file, line = self.state_machine.get_source_and_line(self.lineno)
            if isinstance(error, NotationError) and error.position is not None and error.text.strip() == source.strip():
                line = self._line_of(error.text[: error.position].count("\n"), line)
            _LOG.warning("symnet %s: %s", header, message_of(error), location=f"{file}:{line}", type="symnet")
            return [nodes.error("", nodes.literal_block("", f"symnet: {message_of(error)}"))]

    def _line_of(self, number: int, otherwise: int) -> int:
        """The line in the document of line ``number`` of the block. MyST counts from the fence, and reports the fence's line."""
        reported = self.content.items[number][1] if number < len(self.content.items) else None
        return reported + 1 if reported is not None and reported >= otherwise else otherwise


class SymnetRole(SphinxRole):
    """The role ``symnet``: an expression or a network, with a kind such as ``parameters:`` before it."""

    _HEADER = re.compile(r"\s*(?P<header>(?P<word>[A-Za-z_][\w-]*)(?=[\s:])[^:(]*):(?P<source>.*)", re.DOTALL)

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        typed = self._HEADER.fullmatch(self.text)
        if typed and data_format(typed["word"]):  # of a network: CHW: 3*32*32
            typed = None
        header, source = (typed["header"], typed["source"]) if typed else ("", self.text)
        default = "output" if names_network(source) else "formula"
        try:
            request = _request(self.env, source, lambda base: parse_request(header, source, INLINE, default, base))
            shown = content(request)
            pieces = shown.inline or tuple(part for node in shown.formulas for part in (", ", Math(node)))[1:]
            line: tuple[Block, ...] = (Paragraph(pieces),)
            html = f'<span class="symnet">{inline_html(request)}</span>'
            texts = {"latex": latex_blocks(line, shown.names), "text": text_blocks(line, shown.names, _WIDTH)}
            return [SymnetInline(html=html, **texts)], []
        except SymnetError as error:
            message = message_of(error, in_a_line=True)
            _LOG.warning("symnet %s: %s", self.text, message, location=self._location(), type="symnet")
            return [nodes.problematic("", f"symnet: {message}")], []

    def _location(self) -> str:
        """File and line of the role: the first line of its paragraph that has its text."""
        file, first = self.get_source_info()
        lines = Path(file).read_text(encoding="utf-8-sig").splitlines() if Path(file).is_file() else []
        for number, line in enumerate(lines[first - 1 :], start=first):
            if self.text in line:
                return f"{file}:{number}"
            if not line.strip():
                break
        return f"{file}:{first}"


def _request(env: Any, source: str, parse: Callable[[Path], Request]) -> Request:
    """The request; its files are searched beside the document, then in ``symnet_base_path``, and noted as dependencies."""
    beside = Path(env.doc2path(env.docname)).parent
    bases = [beside, Path(env.srcdir) / env.config.symnet_base_path]
    for base in bases:
        files = files_in(source, base)
        for file in files:
            env.note_dependency(str(file))
        if all(file.is_file() for file in files):
            return parse(base)
    return parse(beside)


def _block_latex(request: Request, shown: Content, prefix: str) -> str:
    if shown.drawing is not None:
        return f"\n\n{latex_figure(shown.drawing)}\n\n"
    if shown.formulas:
        return "".join(f"\n\\[{latex(node, shown.names)}\\]\n" for node in shown.formulas)
    deeper = (request.integer("level") or 2) - 2
    blocks = tuple(
        replace(block, level=block.level + deeper) if isinstance(block, Heading) else block for block in shown.blocks
    )
    text = latex_blocks(blocks, shown.names)
    anchored = re.sub(
        r"\\hyper(target|link)\{", lambda match: f"{match[0]}{re.sub('[^A-Za-z0-9-]', '-', prefix)}", text
    )
    return f"\n\n\\begingroup\\raggedright\n{anchored}\\par\\endgroup\n\n"


def _block_text(shown: Content) -> str:
    if shown.drawing is not None:
        return f"{shown.drawing.title}. {shown.drawing.description}"
    if shown.formulas:
        return "\n".join(unicode_text(node, shown.names) for node in shown.formulas)
    return text_blocks(shown.blocks, shown.names, _WIDTH)


def _style(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Adds the style rules to pages that have a block or a formula."""
    if doctree is not None and any(doctree.findall(lambda node: isinstance(node, SymnetBlock | SymnetInline))):
        context["metatags"] = f"{context.get('metatags', '')}<style>{CSS}</style>"


def _writes(format: str) -> tuple[Callable[[Any, nodes.Element], None], None]:
    """The visitor that writes a node, for builders that have HTML, LaTeX or a manual page as their body."""

    def visit(writer: Any, node: nodes.Element) -> None:
        writer.body.append(node[format])
        raise nodes.SkipNode

    return visit, None


def _writes_text(writer: Any, node: nodes.Element) -> None:
    if isinstance(node, SymnetBlock):
        writer.new_state(0)
    writer.add_text(node["text"])
    if isinstance(node, SymnetBlock):
        writer.end_state(wrap=False)
    raise nodes.SkipNode


def _writes_manual(writer: Any, node: nodes.Element) -> None:
    writer.body.append(writer.deunicode(node["text"]).replace("\\", "\\e"))
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx to set up the extension."""
    app.add_config_value("symnet_base_path", ".", "env", [str])
    for kind in (SymnetBlock, SymnetInline):
        app.add_node(
            kind, html=_writes("html"), latex=_writes("latex"), text=(_writes_text, None), man=(_writes_manual, None)
        )
    app.add_directive("symnet", SymnetDirective)
    app.add_role("symnet", SymnetRole())
    app.connect("html-page-context", _style)
    for package in ("amsmath", "amssymb", "array", "booktabs", "longtable", "graphicx", "xcolor"):
        app.add_latex_package(package)
    app.connect("config-inited", _preamble)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}


def _preamble(app: Sphinx, config: Any) -> None:
    elements = dict(config.latex_elements)
    elements["preamble"] = f"{elements.get('preamble', '')}\n{_PREAMBLE}\n"
    config.latex_elements = elements
