"""Presentation MathML Core, which browsers draw without scripts, with plain text as ``alttext``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from symnet.printing.names import GREEK, group_digits, named_parts, split_name
from symnet.printing.sets import Braces, write_relation, write_set
from symnet.printing.structure import Form, Level, Names, Notation, infix, lower_bound, template, write
from symnet.printing.text import unicode_text
from symnet.printing.windows import window_condition
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or
from symnet.terms.term import CeilDiv, Entries, FloorDiv, Max, Min, Mod, Power, Symbol, Windows

__all__ = ["broken_mathml", "mathml"]


def mathml(node: Node, names: Names | None = None, *, display: bool = False) -> str:
    """A term or proposition as a ``<math>`` element; ``display`` for a formula on its own line.

    >>> from symnet.terms.term import Symbol
    >>> print(mathml(Symbol("W1") - 5))
    <math alttext="W₁ − 5"><msub><mi>W</mi><mn>1</mn></msub><mo>−</mo><mn>5</mn></math>
    """
    return _element(unicode_text(node, names), write(node, _MATHML, names), ' display="block"' if display else "")


def _element(text: str, row: str, attributes: str = "") -> str:
    return f'<math{attributes} alttext="{escape(text)}">{row}</math>'


#: Formulas of more than LONG characters may be broken before the operators of their outermost level. Factors of together
#: at most TOGETHER characters stay on a line, and a factor of at most SHORT characters stays with the next one.
LONG, TOGETHER, SHORT = 32, 28, 8

_TAG = re.compile(r"<(?P<end>/?)\w+[^>]*>|[^<]+")
_OPERATOR = re.compile(r"<mo>(?P<sign>[+−=≤≥≡∈∪∣∧∨⇔·]|&lt;|&#x2062;)</mo>")
_SET, _OPENING = re.compile(r"#\{[^}]*\}"), "<mrow><mo>{</mo>"
_SIGN = re.compile(r" (?P<sign>[+−=≤≥≡∈∪∣∧∨⇔<]) |(?P<times>·)")


def broken_mathml(node: Node, names: Names | None = None) -> str:
    """A formula as :func:`mathml`; a long one as several ``<math>`` elements with ``<wbr>`` between them, each with its part
    of the plain text. Browsers do not break lines within one element.

    >>> from symnet.terms.term import Symbol
    >>> W = Symbol("W")
    >>> broken_mathml(W - 5) == mathml(W - 5), broken_mathml((W // 2 + 5 * (W // 3)) * 7 + W**2 - W // 11).count("<wbr>")
    (True, 2)
    """
    text, row_text = unicode_text(node, names), write(node, _MATHML, names)
    whole = _element(text, row_text)
    if len(text) <= LONG:
        return whole
    if isinstance(node, In):
        return "<wbr>".join(_alternatives(text, row_text)) or whole
    if any(len(match[0]) > LONG for match in _SET.finditer(text)):  # a long set is broken like a sum
        text_parts, row_parts = _parts_of_text(text, "(⌊⌈", ")⌋⌉"), _parts_of_row(_without_braces_around(row_text))
    else:
        text_parts, row_parts = _parts_of_text(text), _parts_of_row(row_text)
    if len(text_parts) != len(row_parts) or not all(map(_same_sign, text_parts, row_parts)):
        return whole  # there is nothing to break, or the two ways of breaking disagree
    pieces: list[tuple[str, str]] = []
    for (sign, words), (operator, row) in zip(text_parts, row_parts, strict=True):
        factor = sign == "·"
        before = len(pieces[-1][0]) if pieces else 0
        if factor and (before <= SHORT or before + len(words) <= TOGETHER):
            pieces[-1] = (f"{pieces[-1][0]}·{words}", f"{pieces[-1][1]}{operator}{row}")
        else:
            infix_sign = f'<mo form="infix">{sign.replace("<", "&lt;")}</mo>' if sign else ""
            pieces.append((f"{sign} {words}".strip(), infix_sign + row))
    return "<wbr>".join(_element(words, row) for words, row in pieces)


def _alternatives(text: str, row: str) -> list[str]:
    """The parts of a union of sets that something is in, each an element of its own; empty if the text has another number of them."""
    (_, member), *sets = _parts_of_row(row) or [("", "")]
    parts = [f"{_infix(operator)}{part}" for operator, part in sets]
    words = text.replace(" or ", "\nor ").split("\n")
    if len(parts) < 2 or len(parts) != len(words):
        return []
    return [_element(word, part) for word, part in zip(words, [member + parts[0], *parts[1:]], strict=True)]


def _infix(operator: str) -> str:
    return operator.replace("<mo>", '<mo form="infix">')


def _same_sign(words: tuple[str, str], row_part: tuple[str, str]) -> bool:
    """Returns whether a part of the plain text and a part of the MathML begin with the same operator; products may have none there."""
    sign = words[0].replace("<", "&lt;")
    return row_part[1] != "" and row_part[0] in (
        (_mo("·"), _mo("&#x2062;")) if sign == "·" else (_mo(sign) if sign else "",)
    )


def _without_braces_around(row: str) -> str:
    """The MathML of sets without the row that keeps each set together; the braces stay."""
    while (start := row.find(_OPENING)) >= 0:
        depth = 0
        for tag in re.finditer(r"</?mrow>", row[start:]):
            depth += -1 if tag[0][1] == "/" else 1
            if depth == 0:
                end = start + tag.start()
                row = row[:start] + row[start + len("<mrow>") : end] + row[end + len("</mrow>") :]
                break
    return row


def _parts_of_text(text: str, opening: str = "(⌊⌈{", closing: str = ")⌋⌉}") -> list[tuple[str, str]]:
    """The parts of a plain text between operators of its outermost level, each with the operator before it (or '')."""
    depth, start, sign = 0, 0, ""
    signs = {match.start(): match for match in _SIGN.finditer(text)}
    parts: list[tuple[str, str]] = []
    for index, letter in enumerate(text):
        depth += (letter in opening) - (letter in closing)
        match = signs.get(index)
        if match is not None and depth == 0 and index > start:
            parts.append((sign, text[start:index]))
            sign, start = match["sign"] or "·", match.end()
    return [*parts, (sign, text[start:])] if "|" not in text else []


def _parts_of_row(row: str) -> list[tuple[str, str]]:
    """The parts of the inside of a ``<math>`` element, each with the operator of the outermost level before it (or '')."""
    depth, part, operator = 0, "", ""
    parts: list[tuple[str, str]] = []
    element = ""
    for tag in _TAG.finditer(row):
        element += tag[0]
        if tag[0][0] == "<":
            depth += -1 if tag["end"] else 1
        if depth:
            continue
        if _OPERATOR.fullmatch(element) and part:
            parts.append((operator, part))
            operator, part = element, ""
        else:
            part += element
        element = ""
    return [*parts, (operator, part)]


def _mn(value: int) -> str:
    return f"<mn>{group_digits(value)}</mn>" if value >= 0 else f"<mo>−</mo><mn>{group_digits(-value)}</mn>"


def _mo(sign: str) -> str:
    return f"<mo>{sign}</mo>"


def _row(inside: str) -> str:
    return f"<mrow>{inside}</mrow>"


def _fence(opening: str, inside: str, closing: str) -> str:
    return _row(_mo(opening) + inside + _mo(closing))


def _display_name(name: str) -> str:
    return _indexed(*(named_parts(name) or (name, "")))


def _symbol(name: str) -> str:
    return _indexed(*split_name(name))


def _indexed(head: str, index: str) -> str:
    letter = f"<mi>{escape(GREEK.get(head, head))}</mi>"
    if not index:
        return letter
    return f"<msub>{letter}{f'<mn>{index}</mn>' if index.isdecimal() else f'<mi>{escape(index)}</mi>'}</msub>"


def _power(node: Node, parts: Sequence[str]) -> str:
    return f"<msup>{_row(parts[0])}<mn>{node.args[1]}</mn></msup>"


def _function(name: str) -> Form:
    """A function that is applied to its parts: ``min(a, b)``."""

    def row_parts(node: Node, parts: Sequence[str]) -> str:
        return f"<mi>{name}</mi><mo>&#x2061;</mo>" + _fence("(", _mo(",").join(parts), ")")  # function application

    return Form(row_parts)


def _modulus(modulus: str) -> str:
    word = '<mi>mod</mi><mspace width="0.3em"></mspace>'
    return '<mspace width="0.6em"></mspace>' + _fence("(", word + modulus, ")")


def _set(members: IntegerSet) -> str:
    return write_set(members, _BRACES)


def _relation(sign: str) -> Form:
    return template(f"%s{_mo(sign)}%s", Level.RELATION)


_X = "<mi>x</mi>"

_BRACES = Braces(
    numeral=_mn,
    listed=lambda inside: _fence("{", inside, "}"),
    such_that=lambda conditions: _fence("{", _X + _mo(":") + _mo(",").join(conditions), "}"),
    letter=_X,
    congruent=lambda name, residue, modulus: f"{name}{_mo('≡')}{residue}{_modulus(modulus)}",
    at_least=lambda name, bound: f"{name}{_mo('≥')}{bound}",
    at_most=lambda name, bound: f"{name}{_mo('≤')}{bound}",
    comma=_mo(","),
    between=_mo("∧"),
    dots="<mi>…</mi>",
    union=_mo("∪"),
    empty="<mi>∅</mi>",
    integers="<mi>ℤ</mi>",
)


def _member(node: Node, parts: Sequence[str]) -> str:
    """``W ≥ 32`` for a half-line and a residue class, else that it is in a set."""
    members, short = node.args[1], type(node.args[0]) is Symbol
    return write_relation(parts[0], members, _BRACES, short=short) or f"{parts[0]}{_mo('∈')}{_set(members)}"


_MATHML = Notation(
    forms={
        Power: Form(_power, Level.POWER, (Level.ATOM,)),
        FloorDiv: template(_fence("⌊", "<mfrac><mrow>%s</mrow><mrow>%s</mrow></mfrac>", "⌋")),
        CeilDiv: template(_fence("⌈", "<mfrac><mrow>%s</mrow><mrow>%s</mrow></mfrac>", "⌉")),
        Mod: template(f"%s{_mo('mod')}%s", Level.REMAINDER, Level.PRODUCT, Level.POWER),
        Min: _function("min"),
        Max: _function("max"),
        Windows: Form(
            lambda node, parts: _mo("#") + _fence("{", f"{parts[0]}{_mo('≥')}<mn>0</mn>{_mo(':')}{parts[1]}", "}"),
            needs=(Level.ATOM, Level.IFF),
            parts=window_condition,
        ),
        Entries: Form(lambda node, parts: _fence("|", _mo("×").join(parts), "|"), needs=(Level.POWER,)),
        Eq: _relation("="),
        Le: lower_bound(f"%s{_mo('≤')}%s", f"%s{_mo('≥')}%s", Level.RELATION),
        Lt: _relation("&lt;"),
        Divides: _relation("∣"),
        Congruent: Form(lambda node, parts: f"{parts[0]}{_mo('≡')}{parts[1]}{_modulus(parts[2])}", Level.RELATION),
        In: Form(_member, Level.RELATION),
        And: infix(_mo("∧"), Level.AND, Level.RELATION, empty="<mtext>true</mtext>"),
        Or: infix(_mo("∨"), Level.OR, Level.AND, empty="<mtext>false</mtext>"),
        Iff: template(f"%s{_mo('⇔')}%s", Level.IFF, Level.OR),
    },
    numeral=_mn,
    symbol=_symbol,
    name=_display_name,
    group=lambda inside: _fence("(", inside, ")"),
    plus=_mo("+"),
    minus=_mo("−"),
    negative=_mo("−"),
    dot=_mo("·"),
    beside="<mo>&#x2062;</mo>",  # invisible times
    elided="<mi>…</mi>",
)
