from __future__ import annotations

import pickle
import subprocess
import sys

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.errors import TermError
from symnet.printing.text import text
from symnet.terms.evaluation import evaluate
from symnet.terms.polynomial import normal_form
from symnet.terms.sympy_bridge import CeilDiv, FloorDiv, from_sympy, to_sympy
from symnet.terms.term import Entries, Product, Sum, Symbol, Term, Windows, integer
from tests.counting_calls import calls, work_at_most
from tests.parts import examples
from tests.strategies import counts, environments, terms

W, F, S = sympy.symbols("W F S", integer=True, positive=True)
P = sympy.Symbol("P", integer=True, nonnegative=True)


def _at(expression: sympy.Expr, values: dict[Term, int]) -> sympy.Expr:
    return expression.subs({to_sympy(symbol): value for symbol, value in values.items()})


@settings(max_examples=examples(60), deadline=None)
@given(terms(max_leaves=8), environments())
def test_the_image_has_the_same_value(term: Term, values: dict[Term, int]) -> None:
    assert _at(to_sympy(term), values) == evaluate(term, values)


@settings(max_examples=examples(60), deadline=None)
@given(terms(max_leaves=8), environments())
def test_there_and_back(term: Term, values: dict[Term, int]) -> None:
    back = from_sympy(to_sympy(term))
    assert evaluate(back, values) == evaluate(term, values)


@settings(max_examples=examples(30), deadline=None)
@given(counts())
def test_counts_cross_as_undefined_functions(count: Term) -> None:
    image = to_sympy(count)
    assert image.is_integer
    assert image.is_nonnegative
    assert type(from_sympy(image)) is type(count)


@given(st.integers(-50, 50), st.integers(-9, 9).filter(bool))
def test_two_integers_fold(a: int, b: int) -> None:
    assert FloorDiv(a, b) == a // b == sympy.floor(sympy.Rational(a, b))
    assert CeilDiv(a, b) == -(-a // b) == sympy.ceiling(sympy.Rational(a, b))


@given(st.integers(1, 40), st.integers(1, 9))
def test_rewriting_gives_plain_sympy(size: int, stride: int) -> None:
    for function in (FloorDiv, CeilDiv):
        division = function(W - F, S)
        for plain in (sympy.floor, sympy.ceiling):
            rewritten = division.rewrite(plain)
            assert rewritten.has(plain)
            assert not rewritten.has(function)
            values = {W: size, F: 5, S: stride}
            assert rewritten.subs(values) == division.subs(values)


def test_numerator_and_denominator_stay() -> None:
    assert FloorDiv(W + 3, 2).args == (W + 3, sympy.Integer(2))
    assert FloorDiv(FloorDiv(W, 2) + F, 2).args[0] == FloorDiv(W, 2) + F
    assert FloorDiv(W + 3, 2).doit() == FloorDiv(W + 3, 2)
    assert FloorDiv(W - F + 2 * P, S).subs({W: 28, F: 5, P: 0, S: 1}) is sympy.Integer(23)
    assert int(FloorDiv(W, 2).evalf(subs={W: 7})) == 3
    assert pickle.loads(pickle.dumps(FloorDiv(W, S))) == FloorDiv(W, S)


def test_assumptions_follow() -> None:
    assert FloorDiv(W, S).is_integer
    assert FloorDiv(W, S).is_nonnegative
    assert FloorDiv(-W, S).is_negative
    assert FloorDiv(W - F, S).is_nonnegative is None
    assert CeilDiv(W, S).is_positive
    assert CeilDiv(P, S).is_nonnegative
    assert CeilDiv(P, S).is_positive is None


def test_printed_in_textbook_order() -> None:
    size = FloorDiv(W - F + 2 * P, S) + 1
    assert str(size) == "(W - F + 2*P)//S + 1"
    assert sympy.latex(size) == r"\left\lfloor\frac{W-F+2P}{S}\right\rfloor + 1"
    assert sympy.latex(FloorDiv(W, 2) ** 2) == r"\left\lfloor\frac{W}{2}\right\rfloor^{2}"
    assert str(3 * FloorDiv(W, 2)) == "3*(W//2)"
    assert FloorDiv(sympy.pi, 2) == 1
    assert str(FloorDiv(sympy.pi * W, 2)) == "(pi*W)//2"
    assert sympy.latex(CeilDiv(sympy.pi * W, 2)) == r"\left\lceil\frac{\pi W}{2}\right\rceil"


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (2 * P - F + W, "W - F + 2*P"),
        (sympy.floor((W - F + 2 * P) / S), "(W - F + 2*P)//S"),
        (sympy.floor((W - 1) / 2) + 1, "(W - 1)//2 + 1"),
        (sympy.ceiling(W / 2 - P / 3), "ceildiv(3*W - 2*P, 6)"),
        (W * (W - F) * (F + 1) + W, "W*(F + 1)*(W - F) + W"),
        (W**100, "W**64*W**36"),
        (W % F, "W % F"),
        (sympy.Max(W, 7), "max(7, W)"),
        (sympy.floor(W), "W"),
        (-W, "-W"),
        (5, "5"),
    ],
)
def test_from_sympy(expression: object, written: str) -> None:
    assert text(from_sympy(expression)) == written


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (W / 2, "W/2 is not an integer expression: 1/2 is not an integer"),
        (W / S, "the exponent of 1/S"),
        (sympy.sqrt(W), "the exponent of sqrt(W)"),
        (2**W, "the exponent of 2**W"),
        (sympy.pi * W, "pi has no term"),
        (sympy.sin(W), "sin has no term"),
        (sympy.Symbol("q") + 1, "q is not declared an integer"),
        (sympy.Symbol("a b", integer=True), "not a symbol's name"),
        (2.5, "2.50000000000000 has no term"),
        (W > F, "has no term"),
        (sympy.nan, "nan has no term"),
        (sympy.oo, "oo has no term"),
        ("W + 1", "not a SymPy expression: 'W + 1'"),
        ("__import__('os')", "not a SymPy expression"),
        (None, "not a SymPy expression"),
        (FloorDiv(sympy.pi * W, 2) + W / 2, "is not an integer expression"),
    ],
)
def test_what_is_no_integer_expression_is_refused(expression: object, reason: str) -> None:
    with pytest.raises(TermError) as caught:
        from_sympy(expression)
    assert reason in str(caught.value)


def test_division_by_zero_is_refused() -> None:
    with pytest.raises(TermError, match="division by zero"):
        FloorDiv(W, S).subs(S, 0)


@pytest.mark.slow
def test_a_large_sum_costs_about_one_add() -> None:
    products = [Product(*(Symbol(f"x{i}_{j}") for j in range(3))) for i in range(1000)]
    images = [to_sympy(product) for product in products]  # SymPy's own symbols and products, made once
    terms = Sum(*products)
    one_add = calls(lambda: sympy.Add(*images))
    with work_at_most(20 * one_add):  # += in a loop makes a hundred times as many
        found = to_sympy(terms)
    assert found == sympy.Add(*images)
    assert normal_form(from_sympy(found)) == normal_form(Sum(*products))


@pytest.mark.slow
def test_shared_parts_and_depth_are_linear() -> None:
    doubled: Term = Symbol("W")
    for _ in range(60):
        doubled = Sum(doubled, doubled)
    assert to_sympy(doubled) == 2**60 * W
    deep: Term = Symbol("W")
    for _ in range(3_000):
        deep = (deep - 3) // 2 + 1
    assert evaluate(from_sympy(to_sympy(deep)), {Symbol("W"): 7}) == evaluate(deep, {Symbol("W"): 7})


def test_counts_keep_their_arguments() -> None:
    size = Windows(Symbol("W"), Symbol("F"), integer(1), Symbol("S"))
    assert from_sympy(to_sympy(size * 2)) is 2 * size
    assert from_sympy(to_sympy(Entries(Symbol("F"), integer(3)))) is Entries(Symbol("F"), integer(3))


def test_terms_and_printing_do_not_load_sympy() -> None:
    modules = "symnet.terms.parse, symnet.terms.polynomial, symnet.printing.latex, symnet.printing.mathml"
    code = f"import sys, {modules}; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
