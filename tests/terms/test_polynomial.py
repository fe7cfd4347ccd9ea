from __future__ import annotations

import pytest
import sympy
from hypothesis import given, settings

from symnet.errors import TermError
from symnet.printing.text import text
from symnet.terms.evaluation import evaluate
from symnet.terms.parse import default_symbol, parse_expression
from symnet.terms.polynomial import add, from_polynomial, least, multiply, normal_form, subtract
from symnet.terms.sympy_bridge import to_sympy
from symnet.terms.term import Product, Sum, Symbol, Term, Windows, integer
from tests.parts import examples
from tests.strategies import environments, terms

W, F, S = map(Symbol, "WFS")


@given(terms(), environments())
def test_a_normal_form_has_the_same_value(term: Term, values: dict[Term, int]) -> None:
    polynomial = normal_form(term)
    written = from_polynomial(polynomial)
    assert evaluate(written, values) == evaluate(term, values)
    assert normal_form(written) == polynomial
    bound = least(polynomial)
    assert bound is None or bound <= evaluate(term, values)


@given(terms(max_leaves=6), terms(max_leaves=6))
def test_the_operations_are_those_of_terms(left: Term, right: Term) -> None:
    one, two = normal_form(left), normal_form(right)
    assert add(one, two) == normal_form(Sum(left, right))
    assert multiply(one, two) == normal_form(Product(left, right))
    assert subtract(one, two) == normal_form(left - right)
    assert subtract(add(one, two), two) == one


@settings(max_examples=examples(40))
@given(terms(max_leaves=6))
def test_equal_normal_forms_are_what_sympy_expands_to_zero(term: Term) -> None:
    difference = to_sympy(term) - to_sympy(from_polynomial(normal_form(term)))
    if not difference.has(sympy.Function, sympy.Mod, sympy.Min, sympy.Max):  # atoms SymPy does not look into
        assert sympy.expand(difference) == 0


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("(W + F)**2", "W**2 + 2*W*F + F**2", True),
        ("(W + 2 - 3)//2", "(W - 1)//2", True),
        ("min(W, F, W)", "min(F, W)", True),
        ("W//2 + W//2", "2*(W//2)", True),
        ("W//2 + W//2", "W", False),
        ("(W + 2)//2", "W//2 + 1", False),  # true, but a theorem, not a normal form
    ],
)
def test_what_a_normal_form_decides(left: str, right: str, equal: bool) -> None:
    assert (normal_form(parse_expression(left)) == normal_form(parse_expression(right))) is equal


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("2*P - F + W", "W - F + 2*P"),
        ("1 + K*F*F*C", "F**2*C*K + 1"),
        ("W - W", "0"),
        ("3 - S", "3 - S"),
        ("W**64*W**6", "W**64*W**6"),
    ],
)
def test_the_textbook_order(expression: str, written: str) -> None:
    assert text(from_polynomial(normal_form(parse_expression(expression)))) == written


def test_counts_are_opaque() -> None:
    inside = Windows(W + F - F, F, integer(1), S)
    assert normal_form(inside) != normal_form(Windows(W, F, integer(1), S))


def test_products_out_of_reach_are_refused() -> None:
    many = Sum(*(default_symbol(f"K{i}") for i in range(400)))
    with pytest.raises(TermError, match="out of reach"):
        normal_form(many**2)


@pytest.mark.slow
def test_ten_thousand_layers() -> None:
    size: Term = W
    for _ in range(10_000):
        size = (size - 1) // 2 + 1
    assert len(normal_form(size)) == 2
