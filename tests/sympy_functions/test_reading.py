"""SymPy's own functions, coming in, are understood where they are integers, and refused in words elsewhere."""

from __future__ import annotations

import copy
import pickle
from random import Random
from typing import Any

import numpy
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Eq, Max, Min, Mod, Ne, Piecewise, ceiling, floor, frac, sign

import symnet
from symnet.errors import TermError
from symnet.sympy_functions.division import CeilDiv, FloorDiv
from symnet.sympy_functions.evaluated_text import evaluated_text
from symnet.sympy_functions.reading import from_sympy
from symnet.terms.evaluation import evaluate
from symnet.terms.term import symbols_of
from tests.sympy_functions.expressions import LETTERS, expression

W, V = sympy.symbols("W V", integer=True, positive=True)
n = sympy.Symbol("n", integer=True)
x = sympy.Symbol("x")

UNDERSTOOD = (
    floor(W / 2 - n / 3), ceiling((n + 1) / V), 4 * frac(n / 4) + 1, 6 * frac(n / 3 + sympy.Rational(1, 2)), Mod(n, V), n // 3, n % 5,
    W // V, Min(W, n, 3), Max(W - n, 0) ** 2, Abs(n - W), sign(n - 2), Piecewise((W, n <= W), (n, True)),
    Piecewise((W, n >= W), (n, True)), Piecewise((W, n > 3), (V, True)), Piecewise((1, Eq(n, 2)), (W, Ne(n, V)), (7, True)),
    Piecewise((W, (n > 1) & (n < 5)), (n, (n < -3) | (W > 9)), (0, True)), Piecewise((W, ~((n > 1) & (W < 5))), (3, True)),
    symnet.FloorDiv(n, 2).rewrite(floor) + floor(floor(n / 2) / V),
)  # fmt: skip


@pytest.mark.parametrize("expression", UNDERSTOOD, ids=str)
@settings(max_examples=20, deadline=None)
@given(numbers=st.tuples(st.integers(1, 20), st.integers(1, 9), st.integers(-20, 20)))
def test_what_comes_in_has_the_same_value(expression: sympy.Expr, numbers: tuple[int, int, int]) -> None:
    at = dict(zip(("W", "V", "n"), numbers, strict=True))
    term = from_sympy(expression)
    expected = expression.subs({W: at["W"], V: at["V"], n: at["n"]})
    assert evaluate(term, {symbol: at[symbol.name] for symbol in symbols_of(term)}) == expected


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (frac(W / 4), "1/4 is not an integer"),
        (Piecewise((W, W > 3)), "no value where none of its conditions holds"),
        (Piecewise((W / 2, W > 3), (1, True)), "1/2 is not an integer"),
        (sympy.Symbol("q", even=True) + sympy.Symbol("q", odd=True), "two different symbols are named q"),
        (sympy.Dummy("q", integer=True) - sympy.Dummy("q", integer=True), "two different symbols are named q"),
        (W > 3, "has no term"),
        (sympy.Heaviside(n), "has no term"),
    ],
)
def test_anything_else_is_refused_in_words(expression: sympy.Basic, reason: str) -> None:
    with pytest.raises(TermError, match=reason):
        from_sympy(expression)


def test_sizes_may_be_such_expressions() -> None:
    net = symnet.Network(input=(3, Max(W, 9), Piecewise((W, W >= 9), (9, True))), layers=[symnet.Conv(8, 3)])
    assert net.output[1].subs(W, 20) == net.output[2].subs(W, 20) == 18


def test_what_is_printed_is_read_again() -> None:
    """The same expression comes back, and not only one of the same value."""
    for notation in (
        "(1*W*W) -> Conv|1|3|2|same",
        "(3*W*W) -> Conv|K|7|2|3",
        "(1*W*W) -> Maxpool|3|2 -> Conv|K|3|S|same",
        "(D*A_1*H) -> Conv|K|F|S|P -> Deconv|M|3|2|1 -> FC|M",
        "(C*W*W) -> AdaptiveAvgPool|7 -> Conv|(2*K)|1 -> PixelShuffle|2",
        "(T*D) -> MultiHeadAttention|8 -> LSTM|M",
        "(8*W*W) -> Conv|K|3|2|1 @a -> Conv|K|3|1|1 -> Add|a -> GlobalAvgPool -> FC|10",
    ):
        net = symnet.Network.parse(notation)
        for value in (
            net.parameters,
            net.multiply_adds,
            net.activations,
            *(size for row in net.rows for size in row.output),
        ):
            assert _read_again(value) == value
            assert _read_again(sympy.sympify(value)) == value
    conv = symnet.Conv("K", "F", "S", "P")
    for value in (conv.size, conv.parameters, conv.multiply_adds, *conv.conditions):
        assert _read_again(value) == value


def _read_again(value: Any, **letters: Any) -> Any:
    return sympy.sympify(
        str(value), locals={**symnet.symbols, **{name: evaluated_text(one) for name, one in letters.items()}}
    )


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_expressions_that_are_printed_are_read_again(seed: int) -> None:
    chance = Random(seed)
    value = expression(chance)
    value = chance.choice(
        [value, -value, 2 * value * (W + 1), x - value, value**2, FloorDiv(-value, 3), CeilDiv(value, x + 7), value / x]
    )
    again = _read_again(value, n=LETTERS[0], x=x)
    assert again == value, f"{value}: {sympy.srepr(value)}, {sympy.srepr(again)}"


def test_answers_are_stored_as_their_questions() -> None:
    answer = symnet.solve("(1,W,W) -> Conv|8|5|4|0 = (_,10,10)", where="W<=43")
    for again in (pickle.loads(pickle.dumps(answer)), copy.deepcopy(answer)):
        assert str(again) == str(answer)
        assert again.theorem.conclusion is answer.theorem.conclusion
    assert sympy.Integer(42) in answer
    assert {W: 42} in answer
    assert numpy.int64(42) in answer
    assert 45 not in answer
    family = symnet.solve("(1,W,W) -> Conv|8|F|1|0 = (_,10,10)")
    assert family.to_sympy().contains((-8, -17)) == sympy.false
    assert family.to_sympy().contains((12, 3)) == sympy.true
    assert str(pickle.loads(pickle.dumps(family))) == str(family)
