"""Plain text in three notations: :func:`text` in the grammar of expressions, which reads it back, :func:`python_text` as
Python that computes the value, :func:`unicode_text` with mathematical signs for readers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from symnet.printing.names import group_digits, named_parts, split_name
from symnet.printing.sets import membership
from symnet.printing.structure import Form, Level, Names, Notation, call, infix, lower_bound, template, write
from symnet.printing.windows import window_condition
from symnet.terms.node import Node
from symnet.terms.parse import parse_expression
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or
from symnet.terms.term import (
    CeilDiv,
    Entries,
    FloorDiv,
    Int,
    Max,
    Min,
    Mod,
    Power,
    Product,
    Sum,
    Term,
    Windows,
    symbols_of,
)

__all__ = ["PLAIN", "as_printed", "python_text", "text", "unicode_text"]

#: A name of at most this many characters is repeated before each condition on it.
SHORT = 12


def text(node: Node, names: Names | None = None) -> str:
    """ASCII in the grammar of expressions, with no needless parentheses.

    >>> from symnet.terms.term import Symbol, integer
    >>> W, F, P = Symbol("W"), Symbol("F"), Symbol("P", 0)
    >>> text((W - F + 2 * P) // 4 + 1), text(integer(28) - 5), text(Le(integer(12), W))
    ('(W - F + 2*P)//4 + 1', '28 - 5', '12 <= W')
    """
    return write(node, PLAIN, names)


def python_text(node: Node, names: Names | None = None) -> str:
    """A Python expression with the value of the term; rounding up, for which Python has no operator, is written -(-a//b).

    >>> from symnet.terms.term import CeilDiv, Symbol
    >>> python_text(CeilDiv(Symbol("W") + 3, Symbol("S")) - 1)
    '-(-(W + 3)//S) - 1'
    """
    return write(node, _PYTHON, names)


def unicode_text(node: Node, names: Names | None = None) -> str:
    """A term or proposition for a terminal: mathematical signs, but no fractions.

    >>> from symnet.terms.term import Symbol
    >>> W, F = Symbol("W1"), Symbol("F")
    >>> unicode_text((W - 8) // 4), unicode_text(Le(2 * F**2, W))
    ('⌊(W₁ − 8)/4⌋', '2·F² ≤ W₁')
    """
    return write(node, _UNICODE, names)


def as_printed(term: Term) -> Term:
    """The term that :func:`text` of ``term`` is parsed as: without needless grouping in sums and products, so that printed terms
    are read back as the same object.

    >>> from symnet.terms.parse import parse_expression
    >>> as_printed(parse_expression("--2*x")) is parse_expression("-(-2*x)")
    True
    """
    if not isinstance(term, Sum | Product | FloorDiv | CeilDiv | Mod | Power | Min | Max):
        return term
    symbols: dict[str, Term] = {symbol.name: symbol for symbol in symbols_of(term)}
    return parse_expression(text(term), symbols.__getitem__)


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _ascii_power(node: Node, parts: Sequence[str]) -> str:
    return f"{parts[0]}**{node.args[1]}"


def _raised(node: Node, parts: Sequence[str]) -> str:
    return parts[0] + str(node.args[1]).translate(_SUPERSCRIPTS)


def _in_plain(node: Node, parts: Sequence[str]) -> str:
    return f"{parts[0]} in {node.args[1]}"


def _in_words(node: Node, parts: Sequence[str]) -> str:
    """Repeats a short name before each condition; for a long one the set is written once after it."""
    return membership(parts[0], node.args[1]) if len(parts[0]) <= SHORT else f"{parts[0]} ∈ {node.args[1]}"


def _plain_name(name: str) -> str:
    return re.sub(r"_\{(\w+)\}$", r"_\1", name)


def _display_name(name: str) -> str:
    parts = named_parts(name)
    return name if parts is None else _indexed(*parts)


def _indexed_name(name: str) -> str:
    return _indexed(*split_name(name))


def _indexed(head: str, index: str) -> str:
    if index.isdecimal() and index.isascii():
        return head + index.translate(_SUBSCRIPTS)
    return f"{head}_{index}" if index else head


#: The expression grammar.
PLAIN = Notation(
    forms={
        Power: Form(_ascii_power, Level.POWER, (Level.ATOM,)),
        FloorDiv: template("%s//%s", Level.QUOTIENT, Level.QUOTIENT, Level.POWER),
        CeilDiv: call("ceildiv("),
        Mod: template("%s %% %s", Level.QUOTIENT, Level.PRODUCT, Level.POWER),
        Min: call("min("),
        Max: call("max("),
        Windows: call("windows("),
        Entries: call("entries("),
        Eq: template("%s == %s", Level.RELATION),
        Le: template("%s <= %s", Level.RELATION),
        Lt: template("%s < %s", Level.RELATION),
        Divides: template("%s divides %s", Level.RELATION),
        Congruent: template("%s ≡ %s (mod %s)", Level.RELATION),
        In: Form(_in_plain, Level.RELATION),
        And: infix(" and ", Level.AND, Level.RELATION, empty="true"),
        Or: infix(" or ", Level.OR, Level.AND, empty="false"),
        Iff: template("%s <=> %s", Level.IFF, Level.OR),
    },
    numeral=str,
    symbol=str,
    name=_plain_name,
    group="({})".format,
)


def _python_quotient(node: Node, parts: Sequence[str]) -> str:
    """Writes ``0 - W`` for a numerator with a minus sign in front, since ``-W//2`` looks like part of rounding up."""
    top, below = parts
    numerator = node.args[0]
    first = numerator.args[0] if isinstance(numerator, Product) else numerator
    if isinstance(first, Int) and first.value < 0 and top.startswith("(-"):
        top = f"(0 - {top.removeprefix('(-')}"
    return f"{top}//{below}"


_PYTHON = replace(
    PLAIN,
    forms={
        **PLAIN.forms,
        FloorDiv: Form(_python_quotient, Level.QUOTIENT, (Level.QUOTIENT, Level.POWER)),
        CeilDiv: template("-(-%s//%s)", Level.QUOTIENT, Level.POWER, Level.POWER),
    },
)

_UNICODE = Notation(
    forms={
        Power: Form(_raised, Level.POWER, (Level.ATOM,)),
        FloorDiv: template("⌊%s/%s⌋", Level.ATOM, Level.QUOTIENT, Level.POWER),
        CeilDiv: template("⌈%s/%s⌉", Level.ATOM, Level.QUOTIENT, Level.POWER),
        Mod: template("%s mod %s", Level.REMAINDER, Level.PRODUCT, Level.POWER),
        Min: call("min("),
        Max: call("max("),
        Windows: Form(
            lambda node, parts: f"#{{{parts[0]} ≥ 0 : {parts[1]}}}",
            Level.ATOM,
            (Level.ATOM, Level.IFF),
            window_condition,
        ),
        Entries: call("|", "|", between="×", need=Level.POWER),
        Eq: template("%s = %s", Level.RELATION),
        Le: lower_bound("%s ≤ %s", "%s ≥ %s", Level.RELATION),
        Lt: template("%s < %s", Level.RELATION),
        Divides: template("%s ∣ %s", Level.RELATION),
        Congruent: template("%s ≡ %s (mod %s)", Level.RELATION),
        In: Form(_in_words, Level.RELATION),
        And: infix(" ∧ ", Level.AND, Level.RELATION, empty="true"),
        Or: infix(" ∨ ", Level.OR, Level.AND, empty="false"),
        Iff: template("%s ⇔ %s", Level.IFF, Level.OR),
    },
    numeral=group_digits,
    symbol=_indexed_name,
    name=_display_name,
    group="({})".format,
    minus=" − ",
    negative="−",
    dot="·",
    beside="·",
)

Node._text = text  # a debugger shows a node as text
