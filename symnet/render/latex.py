r"""Documents as LaTeX that compiles with pdflatex, XeLaTeX and LuaLaTeX, using only standard packages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from unicodedata import normalize

from symnet.printing.latex import latex
from symnet.printing.letters import LOWERED, RAISED, one_line
from symnet.printing.names import GREEK, group_digits
from symnet.printing.text import unicode_text
from symnet.render.document import (
    Block,
    Bullets,
    Code,
    Document,
    Formula,
    Heading,
    Inline,
    Line,
    Link,
    Math,
    Paragraph,
    Shape,
    Step,
    Strong,
    Table,
)
from symnet.render.figures.canvas import Drawing
from symnet.render.figures.latex_picture import COLOURS, picture
from symnet.terms.term import Int, Term

__all__ = ["FIRST", "PAGE", "escaped", "latex_blocks", "latex_document", "latex_figure"]

Names = Mapping[Term, str]

_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage[utf8]{inputenc}
  \usepackage{textcomp}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\fi
\usepackage[margin=2.4cm]{geometry}
\usepackage{amsmath,amssymb,array,booktabs,longtable,graphicx,xcolor}
\usepackage[hidelinks]{hyperref}
\providecommand{\lt}{<}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt plus 2pt}
\setlength{\emergencystretch}{4em}
\raggedbottom
\raggedright
"""

#: The largest heights of figures in points: on a page of their own, and below the title and the result.
PAGE, FIRST = 620.0, 505.0

_SECTIONS = ("section", "section", "section", "subsection", "subsubsection")

#: Characters that 8-bit fonts lack, as LaTeX commands. Other characters that are not ASCII are shown by their code points.
_LETTERS: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}", "'": r"\textquotesingle{}",
    "—": "---", "–": "--", "…": r"\dots{}", "’": "'", "‘": "`", "“": "``", "”": "''", "•": r"\textbullet{}",
    "─": "-", "═": "=", "\N{NO-BREAK SPACE}": "~",
    "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "ø": r"\o{}", "Ø": r"\O{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ł": r"\l{}",
    "Ł": r"\L{}",
}  # fmt: skip

#: Mathematical signs as LaTeX commands.
_SIGNS: Final = {
    "×": r"\times", "·": r"\cdot", "÷": r"\div", "−": "-", "→": r"\to", "←": r"\leftarrow", "↦": r"\mapsto", "≤": r"\le",
    "≥": r"\ge", "≠": r"\ne", "≡": r"\equiv", "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil",
    "⟨": r"\langle", "⟩": r"\rangle", "Σ": r"\Sigma", "∑": r"\sum", "∏": r"\prod", "∈": r"\in", "∉": r"\notin",
    "∪": r"\cup", "∅": r"\emptyset", "⇔": r"\iff", "∧": r"\land", "∨": r"\lor", "⋁": r"\bigvee", "∣": r"\mid",
    "√": r"\surd", "⊢": r"\vdash", "∂": r"\partial", "∞": r"\infty", "ℤ": r"\mathbb{Z}", "⋮": r"\vdots", "′": "'",
    "ε": r"\varepsilon", "Γ": r"\Gamma", "Δ": r"\Delta", "�": r"\blacksquare", "ĩ": r"\tilde{\imath}",
    **{sign: f"\\{name}" for name, sign in GREEK.items() if sign != "ε"},
    **{sign: f"^{{{letter}}}" for sign, letter in RAISED.items()},
    **{sign: f"_{{{letter}}}" for sign, letter in LOWERED.items()},
}  # fmt: skip

#: Accents, by the combining characters of Unicode.
_ACCENTS: Final = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".", "\u0308": '"',
    "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c", "\u0328": "k",
}  # fmt: skip


def escaped(text: str) -> str:
    r"""Text in which no character is a command.

    >>> print(escaped(r"50% of \input{x} & $y$"))
    50\% of \textbackslash{}input\{x\} \& \$y\$
    """
    return "".join(map(_letter, one_line(text)))


def _letter(letter: str) -> str:
    if letter in _LETTERS:
        return _LETTERS[letter]
    if letter.isascii():
        return letter
    if letter in _SIGNS:
        return rf"\ensuremath{{{_SIGNS[letter]}}}"
    base, *accents = list(normalize("NFD", letter))
    if base.isascii() and base.isalpha() and len(accents) == 1 and accents[0] in _ACCENTS:
        return rf"\{_ACCENTS[accents[0]]}{{{base}}}"
    return f"[U+{ord(letter):04X}]"


def _ascii(formula: str) -> str:
    """A formula in ASCII, though its symbols may have letters of any script."""
    return (
        formula
        if formula.isascii()
        else re.sub(r"[^\x00-\x7f]", lambda match: rf"\text{{{_letter(match[0])}}}", formula)
    )


def _code(text: str) -> str:
    """Typewriter text; lines may break after signs, numbers of letters and in long words, and two hyphens are not joined."""
    pieces = []
    for index, letter in enumerate(one_line(text)):
        pieces.append(_letter(letter) if letter != "-" else "-{}")
        if letter in "|*,=_/.)" or index % 24 == 23 or pieces[-1].startswith("[U+"):
            pieces.append(r"\allowbreak{}")
    return r"\texttt{" + "".join(pieces) + "}"


def _inline(part: Inline, names: Names) -> str:
    match part:
        case str():
            return _text(part)
        case Math(node):
            return group_digits(node.value) if isinstance(node, Int) else f"${_ascii(latex(node, names))}$"
        case Formula(formula):
            return f"${_ascii(formula)}$"
        case Shape():
            return "$" + part.joined(lambda size: _ascii(latex(size, names)), r" \times ") + "$"
        case Code(text):
            return _code(text)
        case Strong(inner):
            return rf"\textbf{{{_inline(inner, names)}}}"
        case Link(text, anchor):
            return rf"\hyperlink{{{_anchor(anchor)}}}{{{escaped(text)}}}" if anchor else escaped(text)


def _text(text: str) -> str:
    """Escaped text that keeps the spaces at its ends."""
    return f"{' ' * text[:1].isspace()}{escaped(text)}{' ' * (text[-1:].isspace() and bool(text.strip()))}"


def _line(content: Line, names: Names) -> str:
    return "".join(_inline(part, names) for part in content)


def _anchor(anchor: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "-", anchor)


def _block(block: Block, names: Names) -> str:
    match block:
        case Heading(level, content, anchor):
            target = rf"\hypertarget{{{_anchor(anchor)}}}{{}}" if anchor else ""
            plain = escaped("".join(part if isinstance(part, str) else getattr(part, "text", "") for part in content))
            title = rf"\texorpdfstring{{{_line(content, names)}}}{{{plain}}}"
            return rf"\{_SECTIONS[min(level, 4)]}*{{{target}{title}}}"
        case Paragraph(content):
            return _line(content, names)
        case Bullets(items):
            listed = "\n".join(rf"\item {{}}{_line(item, names)}" for item in items)
            return f"\\begin{{itemize}}\n{listed}\n\\end{{itemize}}"
        case Table():
            return _table(block, names)
        case Step(number, statement, reason):
            label = rf"\hypertarget{{step-{number}}}{{[{number}]}}"
            return rf"{label} {_line(statement, names)} \,---\, {{\itshape {_line(reason, names)}}}"


def _table(table: Table, names: Names) -> str:
    columns = _columns(table)
    head = " & ".join(rf"\textbf{{{_line(cell, names)}}}" for cell in table.head)
    rows = "\n".join(" & ".join(f"{{}}{_line(cell, names)}" for cell in row.cells) + r" \\" for row in table.rows)
    return (
        f"{{\\small\n\\begin{{longtable}}{{{columns}}}\n\\toprule\n{head} \\\\\n\\midrule\n\\endhead\n"
        f"{rows}\n\\bottomrule\n\\end{{longtable}}}}"
    )


#: The number of letters that fit into a line of a table, the largest number for which a column has space, and that of a column of numbers.
LETTERS, MOST_LETTERS, NUMBERS = 90, 44, 6

#: A longer name is broken.
LONG_NAME = 20

#: The space between two columns, as a part of the width of a line.
GUTTER = 0.026


def _columns(table: Table) -> str:
    """The declarations of the columns. Columns of text wrap, and share the width that numbers leave by the length of what they hold;
    a single one beside several of numbers is one of names, which do not wrap.
    """
    texts = [index for index, letter in enumerate(table.align) if letter == "l"]
    if len(texts) < 2 and len(table.align) != 2:
        return table.align
    least = {index: _least(table, index) for index in texts}
    more = {index: max(0.0, _length(table, index) - least[index]) for index in texts}
    room = LETTERS - NUMBERS * (len(table.align) - len(texts)) - sum(least.values())
    share = max(0.0, min(1.0, room / max(1.0, sum(more.values()))))
    widths = {index: (least[index] + more[index] * share) / LETTERS - GUTTER for index in texts}
    return "".join(
        rf">{{\raggedright\arraybackslash}}p{{{widths[index]:.3f}\linewidth}}" if index in widths else letter
        for index, letter in enumerate(table.align)
    )


def _least(table: Table, column: int) -> float:
    """The number of letters that a column has at least: those of the longest word of its head, and of a name that is not broken."""
    names = (part.text for row in table.rows for part in row.cells[column] if isinstance(part, Code))
    name = max((len(name) for name in names if len(name) < LONG_NAME), default=0)
    head = max(map(len, _words(table.head[column])), default=0)
    return max(1.3 * head, 1.15 * name) + 3


def _words(content: Line) -> list[str]:
    """The words of a line that is only text."""
    return "".join(part for part in content if isinstance(part, str)).split()


def _length(table: Table, column: int) -> float:
    """The number of letters of the longest quarter of the cells of a column on average, at most :data:`MOST_LETTERS`."""
    cells = sorted(
        (min(_letters(row.cells[column]), MOST_LETTERS) for row in table.rows if row.cells[column]), reverse=True
    )
    longest = cells[: max(1, len(cells) // 4)] or [0.0]
    return sum(longest) / len(longest) + 3


def _letters(content: Line) -> float:
    """About how wide a line is, in letters."""
    return sum(map(_letters_of, content))


def _letters_of(part: Inline) -> float:
    match part:
        case str():
            return len(part)
        case Math(node):
            text = unicode_text(node)
            return len(text) * (
                0.8 if "/" in text else 1
            )  # of a fraction, numerator and denominator stand on each other
        case Formula(_, text) | Link(text, _):
            return len(text)
        case Code(text):
            return 1.2 * len(text)
        case Shape():
            return len(part.joined(unicode_text))
        case Strong(inner):
            return _letters_of(inner)


def latex_blocks(blocks: tuple[Block, ...], names: Names) -> str:
    """Blocks as LaTeX, for a document that loads the packages of :func:`latex_document`."""
    return "\n\n".join(_block(block, names) for block in blocks)


def latex_document(document: Document, figures: Mapping[str, Sequence[Drawing]] | None = None) -> str:
    """The document. ``figures`` follow the heading with their anchor, ``""`` before the first table."""
    title = _line(document.title, document.names)
    body = "\n\n".join(_with_figures(document, figures or {}))
    preamble = f"{_PREAMBLE}{COLOURS}\n"
    return f"{preamble}\\begin{{document}}\n{{\\Large {title}\\par}}\n\n{body}\n\\end{{document}}\n"


def _with_figures(document: Document, figures: Mapping[str, Sequence[Drawing]]) -> Iterator[str]:
    first_table = True
    for block in document.blocks:
        if isinstance(block, Table) and first_table:
            first_table = False
            yield from _of_the_network(figures.get("", ()))
        yield _block(block, document.names)
        if isinstance(block, Heading) and block.anchor:
            yield from map(latex_figure, figures.get(block.anchor, ()))


def _of_the_network(drawings: Sequence[Drawing]) -> Iterator[str]:
    """The figure of the network, which moves to the next page if this one is too full, and those of its blocks in as few lines as they
    need.
    """
    if drawings:
        yield f"\\begin{{figure}}[!htbp]\n\\centering\n{_captioned(drawings[0], FIRST)}\n\\end{{figure}}"
    if inside := "\n\\quad\n".join(map(_captioned, drawings[1:])):
        yield f"{{\\centering\n{inside}\n\\par}}"


def latex_figure(drawing: Drawing) -> str:
    """A figure with its title below, for a document that loads the packages of :func:`latex_document` and ``COLOURS``."""
    return f"\\begin{{center}}\n{_captioned(drawing)}\n\\end{{center}}"


def _captioned(drawing: Drawing, high: float = PAGE) -> str:
    """A figure and its title, which stay on one page; the figure is at most ``high`` points high."""
    drawn = picture(drawing.width, drawing.height, drawing.shapes, escaped, high)
    return f"\\begin{{tabular}}[b]{{@{{}}c@{{}}}}\n{drawn}\\\\[4pt]\n{{\\small {escaped(drawing.title)}}}\n\\end{{tabular}}"
