"""What is printed means what it says: random expressions with look-alike letters, read from their text and evaluated."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from symnet.kernel.real import expressions as r
from symnet.kernel.real.expressions import Real
from symnet.kernel.real.letters import primes
from symnet.kernel.real.printing import latex, unicode_text
from symnet.kernel.real.statements import Derivative, Equal
from symnet.printing.names import GREEK, split_name
from symnet.terms.term import Symbol, Term, integer, symbols_of
from tests.kernel.real.meaning import Point, real
from tests.kernel.real.reading import Reader

NAMES = ["i", "j", "N", "x", "w", "w_1", "w_2", "exp", "min", "gamma", "e", "delta"]
SYMBOLS = [Symbol(name, least) for name in ("i", "j", "N", "x") for least in (0, 1)]
INDICES = [Symbol(name, 0) for name in ("i", "j", "k")]
PLACES = st.sampled_from([*SYMBOLS, *(integer(value) for value in (0, 1, 2, 12))]) | st.builds(
    lambda symbol, value: symbol + value, st.sampled_from(SYMBOLS), st.integers(1, 2)
)
LEAVES = st.one_of(
    st.builds(r.Number, st.fractions(-3, 3, max_denominator=4)),
    st.builds(r.Variable, st.sampled_from(NAMES)),
    st.builds(lambda name, places: r.Entry(name, *places), st.sampled_from(NAMES), st.lists(PLACES, min_size=1, max_size=2)),
    st.builds(r.Whole, st.sampled_from(SYMBOLS)),
    st.builds(r.Delta, PLACES, PLACES),
)  # fmt: skip


def _grown(part: st.SearchStrategy[Real]) -> st.SearchStrategy[Real]:
    one = st.sampled_from([r.Exp, r.Log, r.Sqrt, r.Abs, r.Sign])
    two = st.sampled_from([r.Quotient, r.Minimum, r.Maximum])
    many = st.sampled_from([r.Plus, r.Times])
    bound = st.sampled_from([integer(1), integer(2), Symbol("N"), Symbol("j", 1)])
    return st.one_of(
        st.builds(lambda kind, term: kind(term), one, part),
        st.builds(lambda kind, left, right: kind(left, right), two, part, part),
        st.builds(lambda kind, parts: kind(*parts), many, st.lists(part, min_size=1, max_size=3)),
        st.builds(r.Power, part, st.sampled_from([integer(2), integer(0), Symbol("i", 0), Symbol("N") + 1])),
        st.builds(lambda kind, index, size, term: kind(index, size, term), st.sampled_from([r.Total, r.Smallest, r.Largest]),
                  st.sampled_from(INDICES), bound, part),
    )  # fmt: skip


EXPRESSIONS = st.recursive(LEAVES, _grown, max_leaves=8)
WORDS = ("exp", "log", "sqrt", "abs", "sign", "min", "max", "Σ")


def _head(name: str, marks: int) -> tuple[str, str]:
    head, index = split_name(name)
    return GREEK.get(head, head) + "′" * marks, index


def _reader(expression: Real, text: str, point: Point) -> Reader:
    """The letters by what they look like; two that look alike would give another value."""
    marks = primes((expression,), WORDS)
    variables: dict[tuple[str, tuple[str, ...]], Any] = {}
    arrays: dict[tuple[str, str, int], str] = {}
    symbols: dict[str, Symbol] = {}
    waiting: list[Any] = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, r.Variable):
            head, index = _head(node.args[0], marks.get(node, 0))
            variables[head, (index,) if index else ()] = node
        if isinstance(node, r.Entry):
            head, index = _head(node.args[0], marks.get(node.args[0], 0))
            arrays[head, index, len(node.args) - 1] = node.args[0]
        for part in node.args:
            if isinstance(part, Term):
                symbols.update({_head(symbol.name, marks.get(symbol, 0))[0]: symbol for symbol in symbols_of(part)})
            elif isinstance(part, r.Node):
                waiting.append(part)

    def letter(head: str, places: tuple[str, ...]) -> Any:
        if (head, places) in variables:
            return point.variable(variables[head, places])
        for (one, fixed, arity), name in arrays.items():
            own = (fixed,) if fixed else ()
            if one == head and places[: len(own)] == own and len(places) == arity + len(own):
                return point.entry(name, tuple(map(int, places[len(own) :])))
        if head == "δ" and len(places) == 2:
            return mpf(places[0] == places[1])
        return mpf(point.integer(symbols[head]))

    return Reader(text, letter, lambda name: point.integer(symbols[name]), point.open)


def _compare(expression: Real) -> None:
    text = unicode_text(expression)
    for seed in range(2):
        point = Point(seed)
        wanted = real(expression, point)
        found = _reader(expression, text, point).value()
        assert abs(found - wanted) <= mpf(10) ** -25 * (1 + abs(wanted)), (text, found, wanted)


@settings(max_examples=150)
@given(EXPRESSIONS)
def test_what_is_printed_has_the_same_value(expression: Real) -> None:
    _compare(expression)


@pytest.mark.slow
@settings(max_examples=5000)
@given(EXPRESSIONS)
def test_what_is_printed_has_the_same_value_5000(expression: Real) -> None:
    _compare(expression)


X, I0, I1, N = r.Variable("x"), Symbol("i", 0), Symbol("i"), Symbol("N")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r.Total(I0, N, r.Entry("x", I0)), r.Total(I0, N, r.Entry("x", I1))),
        (r.Whole(N) + r.Variable("N"), r.Whole(N) + r.Whole(N)),
        (r.Variable("w_1") + r.Entry("w", integer(1)), r.Variable("w_1") + r.Variable("w_1")),
        (r.Entry("w_1", I0) + r.Entry("w", integer(1), I0), r.Entry("w_1", I0) + r.Entry("w_1", I0)),
        (r.Sqrt(X**2), r.Sqrt(X) ** 2),
        (r.Delta(I0, N) + r.Entry("delta", I0, N), r.Delta(I0, N) + r.Delta(I0, N)),
        (r.Variable("gamma") + r.Variable("γ"), r.Variable("γ") + r.Variable("γ")),
        (r.Variable("e") ** 2 + r.Exp(X), r.Exp(r.number(2)) + r.Exp(X)),
        (r.Abs(r.Abs(X) + X), r.Abs(r.Abs(X)) + X),
    ],
)
def test_what_is_not_the_same_is_not_printed_alike(one: Real, other: Real) -> None:
    assert unicode_text(one) != unicode_text(other)
    assert latex(one) != latex(other)


def test_derivatives_by_a_size_and_by_a_variable_of_its_name() -> None:
    n = r.Variable("N")
    assert unicode_text(Derivative(r.Whole(N), n, r.number(0))) == "∂N/∂N′ = 0"
    assert unicode_text(Derivative(n, n, r.number(1))) == "∂N/∂N = 1"
    assert (
        unicode_text(Equal(r.Total(I0, N, r.Entry("x", I1)), r.Whole(N) * r.Entry("x", I1))) == "Σ_{i′<N} x_i = N·x_i"
    )


def test_numbers() -> None:
    half = r.Number(Fraction(1, 2))
    assert [unicode_text(one) for one in (half**2, X / half, -half * X, r.number(-1) ** 2)] == [
        "(1/2)^2", "x/(1/2)", "−1/2·x", "(−1)^2",
    ]  # fmt: skip
