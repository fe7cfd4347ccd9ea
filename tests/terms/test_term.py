from __future__ import annotations

import copy
import pickle
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet.errors import TermError
from symnet.terms.evaluation import evaluate
from symnet.terms.node import Node, children_first
from symnet.terms.term import (
    CeilDiv,
    FloorDiv,
    Int,
    Max,
    Min,
    Mod,
    Power,
    Product,
    Sum,
    Symbol,
    Term,
    Windows,
    as_term,
    integer,
    negative,
    substitute,
    symbols_of,
)
from tests.strategies import SYMBOLS, counts, environments, propositions, terms

W, F, P = Symbol("W"), Symbol("F"), Symbol("P", 0)


@given(terms(), environments())
def test_least_is_a_lower_bound(term: Term, values: dict[Term, int]) -> None:
    for node in children_first(term):
        least = node.least  # type: ignore[attr-defined]
        assert least is None or least <= evaluate(node, values)  # type: ignore[arg-type]


@given(terms(), environments())
def test_negation(term: Term, values: dict[Term, int]) -> None:
    assert evaluate(negative(term), values) == -evaluate(term, values)


@given(terms(), terms(), environments())
def test_operators_mean_what_python_means(left: Term, right: Term, values: dict[Term, int]) -> None:
    a, b = evaluate(left, values), evaluate(right, values)
    assert evaluate(left + right, values) == a + b
    assert evaluate(left - right, values) == a - b
    assert evaluate(left * right, values) == a * b
    assert evaluate(Min(left, right), values) == min(a, b)
    assert evaluate(Max(left, right), values) == max(a, b)
    if b:
        assert evaluate(left // right, values) == a // b
        assert evaluate(left % right, values) == a % b
        assert evaluate(CeilDiv(left, right), values) == -(-a // b)
    else:
        with pytest.raises(TermError, match="division by zero"):
            evaluate(left // right, values)


@given(terms() | counts() | propositions())
def test_equal_nodes_are_one_object(node: Node) -> None:
    assert type(node)(*node.args) is node
    assert copy.deepcopy(node) is node
    assert pickle.loads(pickle.dumps(node)) is node


@given(terms(), environments())
def test_substituting_numbers_evaluates(term: Term, values: dict[Term, int]) -> None:
    numbers = substitute(term, {symbol: integer(value) for symbol, value in values.items()})
    assert symbols_of(numbers) == []
    assert evaluate(numbers) == evaluate(term, values)


@given(terms(), st.sampled_from(SYMBOLS), terms(max_leaves=3), environments())
def test_substitution_is_evaluation_in_another_place(
    term: Term, symbol: Symbol, replacement: Term, values: dict[Term, int]
) -> None:
    changed = substitute(term, {symbol: replacement})
    try:
        expected = evaluate(term, values | {symbol: evaluate(replacement, values)})
    except TermError:  # the replacement may be zero below a stroke
        with pytest.raises(TermError):
            evaluate(changed, values)
    else:
        assert evaluate(changed, values) == expected


def test_threads_share_nodes() -> None:
    rounds, workers = 300, 4
    made: list[list[Node]] = [[] for _ in range(workers)]
    together = threading.Barrier(workers)

    def work(mine: list[Node]) -> None:
        for index in range(rounds):
            together.wait()
            mine.append(Symbol("W") + (10**9 + index))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(mine,)) for mine in made]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert [len(set(same)) for same in zip(*made, strict=True)] == [1] * rounds


def test_a_node_is_forgotten_with_its_last_name() -> None:
    node = Symbol("W") + 10**9
    serial = node.serial
    del node
    assert (Symbol("W") + 10**9).serial > serial


def test_substitution_shows_the_numbers() -> None:
    shown = substitute((W - F + 2 * P) // 1 + 1, {W: integer(28), F: integer(5), P: integer(0)})
    assert shown is FloorDiv(Sum(integer(28), Int(-5), Product(integer(2), integer(0))), integer(1)) + 1


@pytest.mark.parametrize("value", [True, 1.0, "1", None, 1 + 0j])
def test_only_integers_and_terms_are_terms(value: object) -> None:
    with pytest.raises(TermError, match="not an integer"):
        as_term(value)  # type: ignore[arg-type]


def test_what_cannot_be_held_is_refused() -> None:
    for name in ("", "2W", "a b", "a-b", "W;", "x²"):
        with pytest.raises(TermError, match="not a symbol's name"):
            Symbol(name)
    for exponent in (-1, 65, 10**9, True, 2.0):
        with pytest.raises(TermError, match="exponent"):
            Power(W, exponent)  # type: ignore[arg-type]
    with pytest.raises(TermError, match="out of reach"):
        Int(1 << 5000)
    with pytest.raises(TermError, match="out of reach"):
        evaluate(Product(*[Power(W, 64)] * 64), {W: 1 << 4000})
    with pytest.raises(TermError, match="of nothing"):
        Min()
    with pytest.raises(TermError, match="has no value"):
        evaluate(W)
    with pytest.raises(TermError, match="a count"):
        evaluate(Windows(W, F, integer(1), integer(1)), {W: 5, F: 3})
    with pytest.raises(TermError, match="division by zero"):
        evaluate(Mod(W, P), {W: 1, P: 0})
    with pytest.raises(AttributeError, match="immutable"):
        W.least = 0


def test_ten_thousand_layers_do_not_recurse() -> None:
    size: Term = W
    for _ in range(10_000):
        size = (size + 2 * P - F) // 1 + 1
    assert evaluate(size, {W: 7, F: 3, P: 1}) == 7
    assert evaluate(substitute(size, {F: integer(1)}), {W: 7, P: 0}) == 7
    assert symbols_of(size) == [W, P, F]
