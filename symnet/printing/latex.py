r"""LaTeX in textbook form, for MathJax and KaTeX.

GitHub unescapes Markdown inside ``$…$`` before MathJax sees it: ``\{`` loses its backslash, ``<`` may open a tag, ``|``
ends a table cell and two ``}_`` make emphasis. So braces are ``\lbrace``, less-than is ``\lt``, bars are ``\lvert``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from symnet.printing.names import GREEK, group_digits, named_parts, split_name
from symnet.printing.sets import Braces, write_relation, write_set
from symnet.printing.structure import Form, Level, Names, Notation, infix, lower_bound, template, write
from symnet.printing.windows import window_condition
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or
from symnet.terms.term import CeilDiv, Entries, FloorDiv, Max, Min, Mod, Power, Symbol, Windows

__all__ = ["latex", "latex_set"]

#: The number of names whose LaTeX is kept.
NAMES = 4096


def latex(node: Node, names: Names | None = None) -> str:
    r"""A term or proposition as LaTeX, without dollar signs. ``names`` gives LaTeX for terms that have a name.

    >>> from symnet.terms.term import Symbol, integer
    >>> W, F, S, P = Symbol("W"), Symbol("F"), Symbol("S"), Symbol("P", 0)
    >>> print(latex((W - F + 2 * P) // S + 1))
    \left\lfloor\frac{W-F+2P}{S}\right\rfloor+1
    >>> print(latex(integer(28) - 5 + 2 * integer(0)))
    28-5+2\cdot0
    """
    return _space_factors(write(node, _LATEX, names))


def latex_set(members: IntegerSet) -> str:
    r"""A set of integers as LaTeX.

    >>> print(latex_set(IntegerSet.of(2, 5, 6, 7, 8)))
    \lbrace 2, 5, \dots, 8\rbrace
    >>> print(latex_set(IntegerSet.residue_class(12, 16, 188)))
    \lbrace x : x \equiv 12 \pmod{16},\ x \ge 188\rbrace
    """
    return write_set(members, _BRACES)


#: A placeholder between factors, replaced when both neighbours are written: only a control word before a letter needs a space.
_BESIDE = "\u2062"
_COMMAND_BESIDE = re.compile(rf"(\\[A-Za-z]+){_BESIDE}(?=[^\W\d_])")
_CDOT = re.compile(r"\\cdot (?![^\W\d_])")


def _space_factors(text: str) -> str:
    """Writes the placeholders and drops needless spaces: 2\\cdot F but 2\\cdot0; \\gamma K but 2K."""
    if _BESIDE in text:
        text = _COMMAND_BESIDE.sub(r"\1 ", text).replace(_BESIDE, "")
    return _CDOT.sub(r"\\cdot", text) if r"\cdot " in text else text


def _numeral(value: int) -> str:
    return group_digits(value, "{,}")


@lru_cache(NAMES)
def _display_name(name: str) -> str:
    """A display name is LaTeX already, except for words: ``out1`` in ``W_{out1}`` and a bare ``W_1`` are words."""
    parts = named_parts(name)
    if parts is not None:
        return _indexed(*parts)
    return _indexed(name, "") if re.fullmatch(r"\w+", name) else name


@lru_cache(NAMES)
def _symbol(name: str) -> str:
    return _indexed(*split_name(name))


def _indexed(head: str, index: str) -> str:
    letter = "\\" + head if head in GREEK else head if len(head) == 1 else _upright(head)
    if not index:
        return letter
    return f"{letter}_{{{index if index.isdecimal() or len(index) == 1 else _upright(index)}}}"


def _upright(word: str) -> str:
    return r"\mathrm{" + word.replace("_", r"\_") + "}"


def _fence(opening: str, closing: str) -> Callable[[str], str]:
    """Writes fences that grow, by \\left, only around fractions: elsewhere \\left adds a space that textbooks do not have."""

    def fenced(inside: str) -> str:
        tall = r"\frac" in inside
        left, right = ("\\left", "\\right") if tall else ("", "")
        return _open(left + opening, inside) + right + closing

    return fenced


def _open(command: str, inside: str) -> str:
    """Puts a space between a control word and a letter: ``\\lbrace x``."""
    return f"{command} {inside}" if command[-1:].isalpha() and inside[:1].isalpha() else command + inside


_parentheses = _fence("(", ")")
_bars = _fence(r"\lvert", r"\rvert")


def _power(node: Node, parts: Sequence[str]) -> str:
    base = parts[0] if "^" not in parts[0] else "{" + parts[0] + "}"  # a named base may carry its own superscript
    return f"{base}^{{{node.args[1]}}}"


def _function(command: str) -> Form:
    return Form(lambda node, parts: command + _parentheses(", ".join(parts)))


def _braced(inside: str) -> str:
    return rf"\lbrace {inside}\rbrace"


_BRACES = Braces(
    numeral=_numeral,
    listed=_braced,
    such_that=lambda conditions: _braced("x : " + r",\ ".join(conditions)),
    letter="x",
    congruent=lambda name, residue, modulus: rf"{name} \equiv {residue} \pmod{{{modulus}}}",
    at_least=lambda name, bound: rf"{name} \ge {bound}",
    at_most=lambda name, bound: rf"{name} \le {bound}",
    comma=", ",
    between=r" \land ",
    dots=r"\dots",
    union=r" \cup ",
    empty=r"\emptyset",
    integers=r"\mathbb{Z}",
)


def _member(node: Node, parts: Sequence[str]) -> str:
    """``W \\ge 32`` for a half-line and a residue class, else that it is in a set."""
    members, short = node.args[1], type(node.args[0]) is Symbol
    return write_relation(parts[0], members, _BRACES, short=short) or rf"{parts[0]} \in {latex_set(members)}"


_LATEX = Notation(
    forms={
        Power: Form(_power, Level.POWER, (Level.ATOM,)),
        FloorDiv: template(r"\left\lfloor\frac{%s}{%s}\right\rfloor"),
        CeilDiv: template(r"\left\lceil\frac{%s}{%s}\right\rceil"),
        Mod: template(r"%s \bmod %s", Level.REMAINDER, Level.PRODUCT, Level.POWER),
        Min: _function(r"\min"),
        Max: _function(r"\max"),
        Windows: Form(
            lambda node, parts: _bars(_braced(rf"{parts[0]} \ge 0 : {parts[1]}")),
            needs=(Level.ATOM, Level.IFF),
            parts=window_condition,
        ),
        Entries: Form(lambda node, parts: _bars(r" \times ".join(parts)), needs=(Level.POWER,)),
        Eq: template("%s = %s", Level.RELATION),
        Le: lower_bound(r"%s \le %s", r"%s \ge %s", Level.RELATION),
        Lt: template(r"%s \lt %s", Level.RELATION),
        Divides: template(r"%s \mid %s", Level.RELATION),
        Congruent: template(r"%s \equiv %s \pmod{%s}", Level.RELATION),
        In: Form(_member, Level.RELATION),
        And: infix(r" \land ", Level.AND, Level.RELATION, empty=r"\mathrm{true}"),
        Or: infix(r" \lor ", Level.OR, Level.AND, empty=r"\mathrm{false}"),
        Iff: template(r"%s \iff %s", Level.IFF, Level.OR),
    },
    numeral=_numeral,
    symbol=_symbol,
    name=_display_name,
    group=_parentheses,
    plus="+",
    minus="-",
    dot=r"\cdot ",
    beside=_BESIDE,
    elided=r"\dots",
)
