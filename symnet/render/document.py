"""The document model: every report is a document before it is Markdown, HTML, LaTeX or text. Renderers only write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from symnet.terms.node import Node
from symnet.terms.term import Mod, Sum, Term

__all__ = [
    "Block", "Bullets", "Code", "Document", "Formula", "Heading", "Inline", "Line", "Link", "Math", "Paragraph", "Row", "Shape", "Step",
    "Strong", "Table", "line", "sizes_shown",
]  # fmt: skip


@dataclass(frozen=True)
class Math:
    """A term or proposition, written as a formula."""

    node: Node


@dataclass(frozen=True)
class Formula:
    """A formula that is no term of the kernel, in LaTeX and as text."""

    latex: str
    text: str


@dataclass(frozen=True)
class Shape:
    """Sizes with × between them; a sum among several sizes gets parentheses."""

    sizes: tuple[Term, ...]

    def joined(self, write: Callable[[Term], str], between: str = " × ") -> str:
        """The sizes, each written by ``write``, with ``between`` between them.

        >>> from symnet.printing.text import unicode_text
        >>> from symnet.terms.term import Symbol, integer
        >>> Shape((integer(8), Symbol("W") - 2)).joined(unicode_text)
        '8 × (W − 2)'
        """
        return between.join(f"({write(size)})" if self._fenced(size) else write(size) for size in self.sizes)

    def _fenced(self, size: Term) -> bool:
        """Whether a size needs parentheses."""
        return len(self.sizes) > 1 and isinstance(size, Sum | Mod) and size.constant is None


def sizes_shown(sizes: tuple[Term, ...]) -> Inline:
    """The sizes of a tensor, and words for one that has none.

    >>> sizes_shown(())
    'a single number'
    """
    return Shape(sizes) if sizes else "a single number"


@dataclass(frozen=True)
class Code:
    """Text in a typewriter font: notation and names."""

    text: str


@dataclass(frozen=True)
class Strong:
    """Bold text."""

    inner: Inline


@dataclass(frozen=True)
class Link:
    """A link to a step by its number, or to a heading by its anchor."""

    text: str
    anchor: str


Inline = str | Math | Formula | Shape | Code | Strong | Link
Line = tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """A title; level 1 is the title of the document."""

    level: int
    content: Line
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """One line of text of any length."""

    content: Line


@dataclass(frozen=True)
class Bullets:
    """An unordered list."""

    items: tuple[Line, ...]


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    cells: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """A table; ``align`` has l, r or c for each column."""

    head: tuple[Line, ...]
    rows: tuple[Row, ...]
    align: str


@dataclass(frozen=True)
class Step:
    """A numbered theorem: its statement, and the rule and premises that it comes from."""

    number: int
    statement: Line
    reason: Line


Block = Heading | Paragraph | Bullets | Table | Step


@dataclass(frozen=True)
class Document:
    """A title and blocks in order; ``names`` are the display names of sizes in formulas (x₃), by their definitions."""

    title: Line
    blocks: tuple[Block, ...]
    names: Mapping[Term, str] = field(default_factory=dict)


def line(*parts: Inline) -> Line:
    """A line of the parts that are not empty strings."""
    return tuple(part for part in parts if part != "")
