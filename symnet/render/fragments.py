"""Blocks as HTML: they are written as Markdown with placeholders, Python-Markdown makes HTML of it, and placeholders are filled in.

No text from users passes through Markdown: text, names and formulas are placeholders there, so no name can be markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListExtension
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor

from symnet.printing.latex import latex
from symnet.printing.letters import one_line
from symnet.printing.mathml import broken_mathml
from symnet.printing.names import group_digits
from symnet.render.document import (
    Block,
    Bullets,
    Code,
    Formula,
    Heading,
    Inline,
    Line,
    Link,
    Math,
    Paragraph,
    Row,
    Shape,
    Step,
    Strong,
    Table,
)
from symnet.render.markdown import markdown_blocks
from symnet.terms.node import Node
from symnet.terms.term import Int, Term

__all__ = ["FORMULAS", "PREFIX", "Names", "Style", "fragment"]

Names = Mapping[Term, str]
Writer = Callable[[Node, Names], str]

#: A placeholder is a number between OPEN and CLOSE. Nothing else can contain these words, since all text is placeholders. PREFIX
#: stands for the prefix of all ids.
OPEN, CLOSE, PREFIX = "mark", "ended", "\ue002"


#: A formula and the punctuation after it stay on one line.
_PUNCTUATED = re.compile(r"(<math[^>]*>(?:(?!</math>).)*</math>)([,.;:])", re.DOTALL)


def _arithmatex(node: Node, names: Names) -> str:
    return rf'<span class="arithmatex">\({escape(latex(node, names))}\)</span>'


#: How formulas are written: for the browser itself, or for MathJax and KaTeX.
FORMULAS: Final[Mapping[str, Writer]] = {"mathml": broken_mathml, "arithmatex": _arithmatex}


@dataclass(frozen=True)
class Style:
    """The options of a fragment: its formulas, by how many levels headings are deeper, up to how many layers are unfolded, the prefix of
    ids; with ``copied`` the formulas of a step have their LaTeX beside them.
    """

    formulas: str = "mathml"
    deeper: int = 0
    unfolded: int = 12
    prefix: str = ""
    copied: bool = False


def fragment(
    blocks: tuple[Block, ...], names: Names, style: Style = Style(), inserts: Mapping[str, str] | None = None
) -> str:
    """Blocks as HTML. ``inserts`` are pieces of HTML by the anchor of the heading they follow, ``""`` before the first table.

    >>> print(fragment((Paragraph(("a < b ", Code("<i>"))),), {}))
    <p>a &lt; b <code>&lt;i&gt;</code></p>
    """
    return _Fragment(blocks, names, style, inserts or {}).html()


@dataclass
class _Fragment:
    blocks: tuple[Block, ...]
    names: Names
    style: Style
    inserts: Mapping[str, str]
    marked: list[str] = field(default_factory=list)
    formulas: dict[Node, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.anchors = {block.anchor for block in self.blocks if isinstance(block, Heading) and block.anchor}
        self.steps = {block.number for block in self.blocks if isinstance(block, Step)}

    def html(self) -> str:
        layers = sum(anchor.startswith("layer-") for anchor in self.anchors)
        tables = TableExtension(use_align_attribute=True)
        folding = _Folding(layers <= self.style.unfolded)
        converter = Markdown(extensions=[tables, AttrListExtension(), folding], output_format="html")
        html = converter.convert("\n\n".join(self._pieces()))
        html = re.sub(f"{OPEN}([0-9]+){CLOSE}", lambda match: self.marked[int(match[1])], html)
        html = _PUNCTUATED.sub(r'<span class="kept">\1\2</span>', html)
        return html.replace(PREFIX, self.style.prefix)

    def mark(self, html: str) -> str:
        self.marked.append(html)
        return f"{OPEN}{len(self.marked) - 1}{CLOSE}"

    # ---- inline

    def _inline(self, part: Inline) -> Inline:
        match part:
            case str():
                return self._text(part)
            case Math(node):
                return self.mark(self._formula(node))
            case Formula(command, plain):
                return self.mark(self._formula_in(command, plain))
            case Shape():
                return self.mark(self._shape(part))
            case Code(text):
                return self.mark(f"<code>{escape(one_line(text))}</code>")
            case Strong(inner):
                return Strong(self._inline(inner))
            case Link(text, anchor):
                return self.mark(self._link(text, anchor))

    def _text(self, text: str) -> str:
        """The text as a placeholder; spaces at its ends stay outside, where Markdown sees them."""
        inner = text.strip()
        if not inner:
            return text
        start = text.index(inner)
        return text[:start] + self.mark(escape(one_line(inner), quote=False)) + text[start + len(inner) :]

    def _formula(self, node: Node) -> str:
        if isinstance(node, Int):
            return group_digits(node.value)
        if node not in self.formulas:
            self.formulas[node] = FORMULAS[self.style.formulas](node, self.names)
        return self.formulas[node]

    def _formula_in(self, command: str, plain: str) -> str:
        """A formula that is no term of the kernel: as LaTeX for scripts, as text for the browser."""
        if self.style.formulas == "arithmatex":
            return rf'<span class="arithmatex">\({escape(command)}\)</span>'
        return f'<span class="formula" role="math">{escape(one_line(plain))}</span>'

    def _shape(self, shape: Shape) -> str:
        return f'<span class="shape">{shape.joined(self._formula)}</span>'

    def _link(self, text: str, anchor: str) -> str:
        label = escape(one_line(text))
        return (
            f'<a href="#{self.style.prefix}{escape(anchor)}">{label}</a>'
            if anchor in self.anchors or self._is_step(anchor)
            else label
        )

    def _is_step(self, anchor: str) -> bool:
        kind, _, number = anchor.rpartition("-")
        return kind == "step" and number.isdecimal() and int(number) in self.steps

    def _line(self, content: Line) -> str:
        return markdown_blocks((Paragraph(tuple(map(self._inline, content))),), {})

    def _reason(self, content: Line) -> Line:
        """A step's reason in which the numbers of earlier steps are links."""
        return tuple(
            piece for part in content for piece in (self._referring(part) if isinstance(part, str) else (part,))
        )

    def _referring(self, text: str) -> Iterator[Inline]:
        for piece in re.split(r"(\[[0-9]{1,9}\])", text):
            number = piece[1:-1] if piece[:1] == "[" and piece[1:-1].isdecimal() else ""
            if number and int(number) in self.steps:
                yield Link(piece, f"step-{number}")
            elif piece:
                yield piece

    # ---- blocks

    def _pieces(self) -> Iterator[str]:
        first_table = True
        for block in self.blocks:
            if isinstance(block, Table) and first_table:
                first_table = False
                yield from self._insert("")
            yield self._block(block)
            if isinstance(block, Heading) and block.anchor:
                yield from self._insert(block.anchor)

    def _insert(self, anchor: str) -> Iterator[str]:
        if insert := self.inserts.get(anchor):
            yield f"{self.mark(insert)}\n{{: .insert }}"

    def _block(self, block: Block) -> str:
        match block:
            case Heading(level, content, anchor):
                name = f" {{#{PREFIX}{anchor}}}" if anchor else ""
                return f"{'#' * min(level + self.style.deeper, 6)} {self._line(content)}{name}"
            case Paragraph(content):
                return self._line(content)
            case Bullets(items):
                return "\n".join(f"- {self._line(item)}" for item in items)
            case Table():
                return self._table(block)
            case Step(number, statement, reason):
                label = f'<span class="number">{self.mark(f"[{number}]")}</span>'
                why = f' <span class="reason">— {self._line(self._reason(reason))}</span>' if reason else ""
                source = self.mark(self._source(statement)) if self.style.copied else ""
                return f"{label}{self._line(statement)}{why}{source}\n{{: #{PREFIX}step-{number} .step }}"

    def _source(self, statement: Line) -> str:
        """The formulas of a statement as LaTeX, which the page shows on demand; a click there selects all of it."""
        nodes = [part.node for part in statement if isinstance(part, Math) and not isinstance(part.node, Int)]
        if not nodes:
            return ""
        source = escape(", ".join(latex(node, self.names) for node in nodes))
        return f' <span class="tex" tabindex="0" role="note" aria-label="as LaTeX">LaTeX<code>{source}</code></span>'

    def _table(self, table: Table) -> str:
        head = tuple(tuple(map(self._inline, cell)) for cell in table.head)
        rows = tuple(Row(tuple(tuple(map(self._inline, cell)) for cell in self._linked(row))) for row in table.rows)
        return markdown_blocks((Table(head, rows, table.align),), {})

    def _linked(self, row: Row) -> tuple[Line, ...]:
        """The cells of a row; the number of a layer that has a section becomes a link to it."""
        match row.cells:
            case ((str(number),), (Code(name), *more), *rest) if f"layer-{number}" in self.anchors:
                return ((Link(number, f"layer-{number}"),), (Link(name, f"layer-{number}"), *more), *rest)
        return row.cells


class _Folding(Extension):
    """Makes sections of layers ``<details>``, puts tables in a box that scrolls, and turns alignment into classes."""

    def __init__(self, unfolded: bool) -> None:
        super().__init__()
        self.unfolded = unfolded

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.ESCAPED_CHARS.extend(letter for letter in "$~|<>#" if letter not in md.ESCAPED_CHARS)
        md.treeprocessors.register(_Folder(md, self.unfolded), "symnet-folding", 5)


class _Folder(Treeprocessor):
    def __init__(self, md: Markdown, unfolded: bool) -> None:
        super().__init__(md)
        self.unfolded = unfolded

    def run(self, root: Element) -> None:
        for cell in root.iter():
            if cell.tag in ("td", "th"):
                side = cell.attrib.pop("align", "left")
                if side != "left":
                    cell.set("class", side[0])
        children = list(root)
        for child in children:
            root.remove(child)
        parent, level = root, 9
        for child in children:
            depth = int(child.tag[1]) if re.fullmatch("h[1-6]", child.tag) else 9
            if depth <= level:
                parent = root
            if child.get("id", "").startswith(f"{PREFIX}layer-"):
                parent, level = self._details(root, child), depth
                continue
            if child.get("class") == "insert":
                child.tag, child.attrib = "div", {"class": "figure"}
            parent.append(_boxed(child) if child.tag == "table" else child)

    def _details(self, root: Element, heading: Element) -> Element:
        # the id is inside, so that a link to it unfolds the section
        details = SubElement(root, "details", {"open": "open"} if self.unfolded else {})
        SubElement(details, "summary").append(heading)
        return SubElement(details, "div", {"id": heading.attrib.pop("id")})


def _boxed(table: Element) -> Element:
    _label_cells(table)
    box = Element("div", {"class": "scroll", "role": "region", "aria-label": "Table", "tabindex": "0"})
    box.append(table)
    return box


def _label_cells(table: Element) -> None:
    """Give each cell from the third column on the head of its column, which narrow screens show instead of a head."""
    heads = ["".join(cell.itertext()).strip() for cell in table.iter("th")]
    for row in table.iter("tr"):
        for head, cell in list(zip(heads, row.findall("td"), strict=False))[2:]:
            if head:
                cell.set("data-label", head)
