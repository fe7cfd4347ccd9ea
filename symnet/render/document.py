"""The neutral document: what every report is before it is Markdown, HTML, LaTeX or text. Renderers walk it and compute nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from symnet.terms.node import Node
from symnet.terms.term import Mod, Sum, Term

__all__ = [
    "Block", "Bullets", "Code", "Document", "Formula", "Heading", "Inline", "Line", "Link", "Math", "Paragraph", "Row", "Shape", "Step",
    "Strong", "Table", "line",
]  # fmt: skip


@dataclass(frozen=True)
class Math:
    """A term or proposition, printed as a formula."""

    node: Node


@dataclass(frozen=True)
class Formula:
    """A formula that is no integer term, in both notations."""

    latex: str
    text: str


@dataclass(frozen=True)
class Shape:
    """Sizes with × between them; sums among them stand in parentheses."""

    sizes: tuple[Term, ...]

    def joined(self, write: Callable[[Term], str], between: str = " × ") -> str:
        """The sizes as ``write`` writes them.

        >>> from symnet.printing.text import unicode_text
        >>> from symnet.terms.term import Symbol, integer
        >>> Shape((integer(8), Symbol("W") - 2)).joined(unicode_text)
        '8 × (W − 2)'
        """
        return between.join(f"({write(size)})" if self._fenced(size) else write(size) for size in self.sizes)

    def _fenced(self, size: Term) -> bool:
        """Whether a size needs parentheses."""
        return len(self.sizes) > 1 and isinstance(size, Sum | Mod) and size.constant is None


@dataclass(frozen=True)
class Code:
    """Text that stands for itself: notation, names."""

    text: str


@dataclass(frozen=True)
class Strong:
    """Set in bold."""

    inner: Inline


@dataclass(frozen=True)
class Link:
    """A reference to a step by its number, or to a heading by its anchor."""

    text: str
    anchor: str


Inline = str | Math | Formula | Shape | Code | Strong | Link
Line = tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """A title; level 1 is the document's own."""

    level: int
    content: Line
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """One line of text, as long as it likes."""

    content: Line


@dataclass(frozen=True)
class Bullets:
    """A list without order."""

    items: tuple[Line, ...]


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    cells: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """``align`` has l, r or c for each column."""

    head: tuple[Line, ...]
    rows: tuple[Row, ...]
    align: str


@dataclass(frozen=True)
class Step:
    """A numbered theorem: the statement, and by which rule, from what."""

    number: int
    statement: Line
    reason: Line


Block = Heading | Paragraph | Bullets | Table | Step


@dataclass(frozen=True)
class Document:
    """Blocks in order; ``names`` says how sizes after a layer are written in formulas (x₃), by their definitions."""

    title: Line
    blocks: tuple[Block, ...]
    names: Mapping[Term, str] = field(default_factory=dict)


def line(*parts: Inline) -> Line:
    """A line of inline parts; empty strings are left out."""
    return tuple(part for part in parts if part != "")
