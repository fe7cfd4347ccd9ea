from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given

from symnet.printing.mathml import broken_mathml, mathml
from symnet.printing.text import unicode_text
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.parse import parse_expression
from symnet.terms.propositions import In, Lt, Proposition
from symnet.terms.term import Symbol, Term
from tests.strategies import counts, propositions, terms

#: Elements of MathML Core and how many children they must have.
ARITY = {
    "math": None,
    "mrow": None,
    "mi": 0,
    "mn": 0,
    "mo": 0,
    "mtext": 0,
    "mspace": 0,
    "mfrac": 2,
    "msub": 2,
    "msup": 2,
}


@given(terms() | counts() | propositions())
def test_well_formed_mathml_core(node: Term | Proposition) -> None:
    root = ElementTree.fromstring(mathml(node))
    assert root.get("alttext") == unicode_text(node)
    for element in root.iter():
        arity = ARITY[element.tag]
        assert arity is None or len(element) == arity


@pytest.mark.parametrize(
    ("expression", "inside"),
    [
        ("W1 - 5", "<msub><mi>W</mi><mn>1</mn></msub><mo>−</mo><mn>5</mn>"),
        ("2*K", "<mn>2</mn><mo>&#x2062;</mo><mi>K</mi>"),
        ("5*5*K", "<mn>5</mn><mo>·</mo><mn>5</mn><mo>·</mo><mi>K</mi>"),
        ("217706", "<mn>217,706</mn>"),
        (
            "W//2",
            "<mrow><mo>⌊</mo><mfrac><mrow><mi>W</mi></mrow><mrow><mn>2</mn></mrow></mfrac><mo>⌋</mo></mrow>",
        ),
        ("F**2", "<msup><mrow><mi>F</mi></mrow><mn>2</mn></msup>"),
    ],
)
def test_terms(expression: str, inside: str) -> None:
    term = parse_expression(expression)
    assert mathml(term) == f'<math alttext="{unicode_text(term)}">{inside}</math>'


def test_text_is_escaped() -> None:
    W, F = Symbol("W"), Symbol("F")
    assert "<mo>&lt;</mo>" in mathml(Lt(W, F))
    assert 'alttext="W &lt; F"' in mathml(Lt(W, F))
    assert (
        mathml(W + F, {W + F: '"<script>'})
        == '<math alttext="&quot;&lt;script&gt;"><mi>&quot;&lt;script&gt;</mi></math>'
    )


def test_display_names_and_sets() -> None:
    W, F = Symbol("W"), Symbol("F")
    assert mathml(W, display=True).startswith('<math display="block" alttext="W">')
    assert "<msub><mi>x</mi><mn>3</mn></msub>" in mathml((W - F) * 2, {W - F: "x_{3}"})
    written = mathml(In(W, IntegerSet.residue_class(12, 16, -4)))
    assert "<mo>∧</mo><mi>W</mi><mo>≥</mo><mo>−</mo><mn>4</mn>" in written


@given(terms(max_leaves=20) | propositions())
def test_a_broken_formula_says_and_draws_the_same(node: Term | Proposition) -> None:
    whole, broken = mathml(node), broken_mathml(node)

    def bare(text: str) -> str:
        inside = re.sub(r"</?math[^>]*>|<wbr>| form=\"infix\"", "", text)
        return inside.replace("<mo>·</mo>", "").replace("<mo>&#x2062;</mo>", "")

    def said(text: str) -> str:
        return " ".join(unescape(words) for words in re.findall(r'alttext="([^"]*)"', text)).replace(" · ", "·")

    assert bare(broken) == bare(whole)
    assert said(broken).replace(" ", "") == said(whole).replace(" ", "")
    assert all(
        ElementTree.fromstring(part) is not None
        for part in broken.replace("&#x2062;", "").replace("&#x2061;", "").split("<wbr>")
    )


def test_a_union_of_sets_may_end_a_line() -> None:
    classes = [IntegerSet.residue_class(residue, 32, residue) for residue in (25, 27, 29, 32)]
    node = In(Symbol("W"), IntegerSet(tuple(part for members in classes for part in members.parts)))
    assert broken_mathml(node).count("<wbr>") == 3
    assert re.sub(r"</?math[^>]*>|<wbr>| form=\"infix\"", "", broken_mathml(node)) == re.sub(
        r"</?math[^>]*>", "", mathml(node)
    )
    assert 'alttext="or W ≡ 27 (mod 32), W ≥ 27"' in broken_mathml(node)
