"""Presentation MathML Core: what browsers draw without any script, with a plain reading as ``alttext``."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from symnet.printing.names import GREEK, group_digits, named_parts, split_name
from symnet.printing.sets import Braces, write_set
from symnet.printing.structure import Form, Level, Names, Notation, infix, lower_bound, template, write
from symnet.printing.text import unicode_text
from symnet.printing.windows import window_condition
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or
from symnet.terms.term import CeilDiv, Entries, FloorDiv, Max, Min, Mod, Power, Windows

__all__ = ["mathml"]


def mathml(node: Node, names: Names | None = None, *, display: bool = False) -> str:
    """A term or proposition as a ``<math>`` element; ``display`` for a formula on its own line.

    >>> from symnet.terms.term import Symbol
    >>> print(mathml(Symbol("W1") - 5))
    <math alttext="W₁ − 5"><msub><mi>W</mi><mn>1</mn></msub><mo>−</mo><mn>5</mn></math>
    """
    block = ' display="block"' if display else ""
    return f'<math{block} alttext="{escape(unicode_text(node, names))}">{write(node, _MATHML, names)}</math>'


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
    def written(node: Node, parts: Sequence[str]) -> str:
        return f"<mi>{name}</mi><mo>&#x2061;</mo>" + _fence("(", _mo(",").join(parts), ")")  # function application

    return Form(written)


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
    congruent=lambda residue, modulus: f"{_X}{_mo('≡')}{residue}{_modulus(modulus)}",
    at_least=lambda bound: f"{_X}{_mo('≥')}{bound}",
    at_most=lambda bound: f"{_X}{_mo('≤')}{bound}",
    comma=_mo(","),
    dots="<mi>…</mi>",
    union=_mo("∪"),
    empty="<mi>∅</mi>",
    integers="<mi>ℤ</mi>",
)

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
        In: Form(lambda node, parts: f"{parts[0]}{_mo('∈')}{_set(node.args[1])}", Level.RELATION),
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
