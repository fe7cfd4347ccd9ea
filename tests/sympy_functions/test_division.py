"""FloorDiv and CeilDiv as SymPy functions: what they are at numbers, what is known of them, what SymPy's calculus says."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from math import ceil, floor
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import I, Rational, S, nan, oo, zoo

from symnet.errors import TermError
from symnet.sympy_functions.division import CeilDiv, FloorDiv
from tests.parts import examples

x, y = sympy.symbols("x y")
n = sympy.Symbol("n", integer=True)
W, V = sympy.symbols("W V", integer=True, positive=True)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (FloorDiv(oo, 4) - FloorDiv(oo, 4), nan),
        (FloorDiv(nan, 4) * 0, nan),
        (FloorDiv(zoo, 4), zoo),
        (FloorDiv(oo, -4), -oo),
        (FloorDiv(-5, oo), -1),
        (CeilDiv(5, oo), 1),
        (FloorDiv(Rational(7, 2), Rational(1, 3)), 10),
        (CeilDiv(Rational(7, 2), Rational(1, 3)), 11),
        (FloorDiv(sympy.pi, 2), 1),
        (FloorDiv(7.5, 2), 3),
        (FloorDiv(0, x), 0),
        (FloorDiv(FloorDiv(x, 2), 2), FloorDiv(x, 4)),
        (CeilDiv(CeilDiv(x, 2), 2), CeilDiv(x, 4)),
        (FloorDiv(FloorDiv(n, 2) + 1, 3), FloorDiv(n + 2, 6)),
        (FloorDiv(4 * W, 4), W),
        (FloorDiv(4 * W + 3, 4), W),
        (CeilDiv(4 * W + 3, 4), W + 1),
        (FloorDiv(2 * n + 3, 4), FloorDiv(n + 1, 2)),
        (FloorDiv(x / 2 + y / 3, 5), FloorDiv(3 * x + 2 * y, 30)),
        (FloorDiv(W * V, V), W),
        (FloorDiv(V * (n + 1), V * W), FloorDiv(n + 1, W)),
        (FloorDiv(W + 1, W + 1), 1),
        (FloorDiv(n, -V), FloorDiv(-n, V)),
    ],
)
def test_evaluation(found: sympy.Expr, expected: sympy.Expr) -> None:
    assert found == expected


@pytest.mark.parametrize(
    ("quotient", "numerator", "denominator"),
    [
        (FloorDiv(4 * x, 4), x, 1),  # not x: x need not be an integer
        (FloorDiv(4 * x + 3, 4), 4 * x + 3, 4),
        (FloorDiv(x * y, y), x * y, y),  # y may be 0
        (FloorDiv(W + 7, 4), W + 7, 4),  # a constant stays where it is
        (FloorDiv(CeilDiv(n, 2), 2), CeilDiv(n, 2), 2),
        (FloorDiv(FloorDiv(n, 2), x), FloorDiv(n, 2), x),  # not n//(2x): x may be 1/2
    ],
)
def test_nothing_is_made_simpler_that_could_be_wrong(
    quotient: sympy.Expr, numerator: sympy.Expr, denominator: sympy.Expr
) -> None:
    assert quotient.args == (numerator, denominator)


def test_division_by_zero_is_refused_as_by_mod() -> None:
    for error in (TermError, ZeroDivisionError):
        with pytest.raises(error, match="division by zero"):
            FloorDiv(W, V).subs(V, 0)


def test_what_is_known_of_the_value() -> None:
    assert FloorDiv(I, 4).is_real is not True
    assert FloorDiv(x, 2).is_integer is None
    assert FloorDiv(W, n).is_integer is None  # n may be 0
    assert FloorDiv(sympy.Symbol("r", real=True), 2).is_integer
    assert FloorDiv(W + 3, 2).is_positive
    assert FloorDiv(W, 2).is_nonnegative
    assert FloorDiv(W, 2).is_positive is None
    assert FloorDiv(-W, 2).is_negative
    assert FloorDiv(W, W + 1).is_zero
    assert FloorDiv(W, 2).is_finite
    assert CeilDiv(W, 2).is_positive
    assert CeilDiv(-W, W + 1).is_zero
    assert FloorDiv(W, 2) >= 0
    assert sympy.Max(FloorDiv(W, 2), 0) == FloorDiv(W, 2)


_NUMBERS = st.integers(-60, 60)


@settings(max_examples=examples(200), deadline=None)
@given(_NUMBERS, _NUMBERS, st.integers(-9, 9).filter(bool), st.integers(1, 6), _NUMBERS, st.integers(-60, 60))
def test_simpler_forms_have_the_same_values(a: int, b: int, d: int, e: int, c: int, at: int) -> None:
    """Of sums that come under a floor, rounded again, with integers and with fractions in place of the letter."""
    for function, rounding in ((FloorDiv, floor), (CeilDiv, ceil)):
        quotient: Callable[[sympy.Symbol], sympy.Expr] = lambda letter, of=function: of(  # noqa: E731
            of(a * letter + b, d) + c, e
        )
        for letter, value in ((n, S(at)), (x, Rational(at, 7))):
            inner = rounding((a * value + b) / d)
            assert quotient(letter).subs(letter, value) == rounding(Rational(inner + c, e))


@pytest.mark.parametrize(
    ("expression", "limit"),
    [
        (FloorDiv(x - 7, 4) / x, Rational(1, 4)),
        (FloorDiv(W - 7, 4) / W, Rational(1, 4)),
        (FloorDiv(x - 7, 4), oo),
        (FloorDiv(W - 7, 4), oo),
        (CeilDiv(W, 3) / W, Rational(1, 3)),
        (9 * FloorDiv(W, 2) ** 2 / W**2, Rational(9, 4)),
        (FloorDiv(W, V) / W, 1 / V),
        (FloorDiv(V, W), 0),
        (CeilDiv(V, W), 1),
        (1 / FloorDiv(W, 2), 0),
    ],
)
def test_limits_at_infinity(expression: sympy.Expr, limit: sympy.Expr) -> None:
    assert sympy.limit(expression, W if expression.has(W) else x, oo) == limit


def test_a_limit_that_does_not_exist_is_no_number() -> None:
    for expression in (W - 2 * FloorDiv(W, 2), FloorDiv(W, 2) - FloorDiv(W + 1, 2)):
        assert not sympy.limit(expression, W, oo).is_number


def test_calculus_is_that_of_floor() -> None:
    assert sympy.limit(FloorDiv(x, 2), x, 2) == 1
    assert sympy.limit(FloorDiv(x, 2), x, 2, "-") == 0
    assert sympy.limit(FloorDiv(-5, x), x, oo) == -1
    assert FloorDiv(x - 7, 4).as_leading_term(x) == -2
    assert FloorDiv(x, 2).series(x, 3, 3) == 1
    assert FloorDiv(x, 2).series(x, oo, 3) == FloorDiv(x, 2)
    assert FloorDiv(x, 2).diff(x) == sympy.floor(x / 2).diff(x)
    assert (V * FloorDiv(W, 2)).diff(V) == FloorDiv(W, 2)
    assert isinstance(sympy.integrate(FloorDiv(x, 2), (x, 0, 10)), sympy.Integral)
    assert sympy.summation(FloorDiv(W, 2), (W, 1, 10)) == 25
    assert isinstance(sympy.summation(FloorDiv(W, 2), (W, 1, V)), sympy.Sum)
    assert complex(FloorDiv(5 * I, 2)) == 2j


def test_simplify_meets_floor_and_comes_back() -> None:
    assert sympy.simplify(FloorDiv(x - 7, 4) - sympy.floor((x - 7) / 4)) == 0
    assert sympy.simplify(FloorDiv(W - 7, 4) - sympy.floor((W - 7) / 4)) == 0
    assert sympy.simplify(CeilDiv(W - 7, 4) - sympy.ceiling((W - 7) / 4)) == 0
    assert sympy.simplify(FloorDiv(W + 4, 4) - FloorDiv(W, 4)) == 1
    assert sympy.simplify(V * FloorDiv(W - 7, 4)) == V * FloorDiv(W - 7, 4)


@settings(max_examples=examples(12), deadline=None)
@given(
    st.integers(-3, 3).filter(bool), st.integers(-3, 3), st.integers(-9, 9), st.sampled_from([2, 3, -4, V, -V, W + 1])
)
def test_simplify_knows_that_rounding_up_is_rounding_down_of_the_negative(a: int, b: int, c: int, below: Any) -> None:
    top = a * W + b * x + c
    assert sympy.simplify(CeilDiv(top, below) + FloorDiv(-top, below)) == 0
    assert sympy.simplify(V * CeilDiv(top, below) + V * FloorDiv(-top, below) + 1) == 1
    assert sympy.simplify(FloorDiv(top, below) - sympy.floor(top / below)) == 0
    assert sympy.simplify(CeilDiv(top, below) - sympy.ceiling(top / below)) == 0


def test_rewriting() -> None:
    plain = FloorDiv(W - 7, 4).rewrite(sympy.floor)
    assert plain == sympy.floor((W - 7) / 4)
    assert sympy.floor((W - 7) / 4) == plain
    assert hash(plain) == hash(sympy.floor((W - 7) / 4))
    assert plain - sympy.floor((W - 7) / 4) == 0
    assert plain.has(sympy.floor)
    assert not plain.has(FloorDiv)
    assert CeilDiv(W, 2).rewrite(sympy.floor) == -sympy.floor(-W / 2)
    assert CeilDiv(W, 2).rewrite(FloorDiv) == -FloorDiv(-W, 2)
    assert FloorDiv(W, 3).rewrite(sympy.Mod) == (W - sympy.Mod(W, 3)) / 3
    assert FloorDiv(W, 3).rewrite(sympy.frac) == W / 3 - sympy.frac(W / 3)


def test_text_is_python() -> None:
    assert str(-FloorDiv(n, 2)) == "-(n//2)"
    namespace = {"n": 7, "W": 5, "V": 3, "Min": min}
    for expression in (
        -FloorDiv(n, 2), 1 + FloorDiv(-n, 2), 1 - FloorDiv(-n, 2), FloorDiv(n, 2) ** 2, 3 * FloorDiv(-n, 2), V ** FloorDiv(n, 2),
        CeilDiv(n, 2), 1 - CeilDiv(n, 2), -CeilDiv(n, 2), 2 * CeilDiv(-n, 3), FloorDiv(W + n, 2 * V), FloorDiv(CeilDiv(n, 2), W),
        FloorDiv(2 * n + 1, V), sympy.Min(FloorDiv(-n, 2), 3), (FloorDiv(-n, 2) + 1) * V, FloorDiv(n, V * (W + 1)),
    ):  # fmt: skip
        assert eval(str(expression), namespace) == expression.subs({n: 7, W: 5, V: 3}), str(expression)


def test_srepr_and_pickle_give_it_back() -> None:
    names = {**vars(sympy), "FloorDiv": FloorDiv, "CeilDiv": CeilDiv}
    for expression in (FloorDiv(W - 7, 4), CeilDiv(x, y) + 1, FloorDiv(W, 3).rewrite(sympy.floor)):
        assert eval(sympy.srepr(expression), names) == expression
        assert pickle.loads(pickle.dumps(expression)) == expression


def test_letters_of_one_name_are_kept_apart() -> None:
    even, odd = sympy.Symbol("n", even=True), sympy.Symbol("n", odd=True)
    assert FloorDiv(even - odd, 2).free_symbols == {even, odd}
    assert "0*" not in str(FloorDiv(even - odd, 2))
    one, two = sympy.Dummy("n"), sympy.Dummy("n")
    assert str(FloorDiv(one - two, 2)).count("n") == 2


@pytest.mark.parametrize(
    "arguments", [(True, 2), (sympy.Symbol("x") > 2, 2), (sympy.Symbol("x"), None), (sympy.Matrix([1]), 2)]
)
def test_what_is_no_number_is_refused(arguments: Any) -> None:
    for kind in (FloorDiv, CeilDiv):
        with pytest.raises(TypeError, match="divides numbers and expressions"):
            kind(*arguments)


def test_a_quotient_that_sympy_takes_for_an_integer_stays_a_quotient() -> None:
    even = sympy.Symbol("a", even=True)
    for made in (lambda v: v.rewrite(sympy.floor), lambda v: v.rewrite(sympy.ceiling), sympy.simplify):
        for divisor in (2, 3, 4, 6):
            found = made(FloorDiv(even, divisor))
            assert [found.subs(even, number) for number in range(-12, 13, 2)] == [
                n // divisor for n in range(-12, 13, 2)
            ]


def test_limits_cancel_common_factors() -> None:
    plain = sympy.Symbol("x")
    assert sympy.limit(FloorDiv(3 * plain, plain), plain, -1) == 3
    assert sympy.limit(FloorDiv(12 * plain, plain), plain, 6) == 12
    assert sympy.limit(CeilDiv(3 * plain, plain), plain, -1) == 3
