"""Questions in Python: networks and SymPy relations in, sets and dictionaries of SymPy out."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable
from typing import Any

import numpy
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import symnet
from symnet import Conv, FloorDiv, Label, LayerError, MaxPool, Network, Repeat, SymnetError, solve
from tests.parts import examples

x, y, k = sympy.symbols("x y k")
F, S, P = sympy.symbols("F S P")
W, K = symnet.symbols("W K")
NET = Network((3, 224, 224), [Conv(64, F, S, P)])
STEM = Network.parse("(3*W*W) -> Conv|K|7|2|3 -> Maxpool|3|2|1")


def test_a_question_without_text() -> None:
    answer = solve(NET, output=(64, 56, 56), where=[F <= 11, P <= 5], budget={NET.parameters: 10**4}, exact=True)
    text = solve(
        f"{NET.notation} = (64,56,56)", where="F<=11, P<=5", budget="parameters<=10000", exact=True, for_="F,S,P"
    )
    assert answer.solutions == text.solutions == [{F: 4, S: 4, P: 0}, {F: 6, S: 4, P: 1}]
    assert answer.to_json()["solutions"] == text.to_json()["solutions"]
    assert answer.set == sympy.FiniteSet((4, 4, 0), (6, 4, 1))
    assert answer.theorem.conclusion.args[1] is answer.conditions
    assert answer.derivation


def test_a_solution_answers_to_symbols_and_to_names() -> None:
    [one, _] = answer = solve(NET, output=(64, 56, 56), where=[F <= 6, P <= 1, F > 3], exact=True)
    assert one[S] == one["S"] == one.get(sympy.Symbol("S", positive=True)) == 4
    assert one == {"F": 4, "S": 4, "P": 0} == one.named
    assert "S" in one
    assert S in one
    assert one.get("W") is None
    assert (F + S).subs(one) == 8
    assert one in answer
    assert [*map(dict, answer)] == [*map(dict, answer.solutions)]
    with pytest.raises(KeyError):
        one["W"]


@pytest.mark.parametrize("hole", [None, ..., "_"])
def test_sizes_that_may_be_anything(hole: object) -> None:
    answer = solve(STEM, W, output=(hole, 56, hole), where=sympy.Eq(K, 64))
    assert str(answer) == "W ∈ 221..224, if K = 64"


def test_members_of_every_kind_of_integer() -> None:
    answer = solve("(3,W,W) -> Conv|8|7|2|3 -> Maxpool|3|2|1 = (8,56,56)")
    for one in (222, sympy.Integer(222), numpy.int64(222), {W: 222}, {"W": 222}, (222,)):
        assert one in answer
    for other in (220, sympy.Integer(225), True, 222.0, "222", {W: 220}, {x: 222}, None, numpy.True_):
        assert other not in answer
    assert answer.set == sympy.FiniteSet(221, 222, 223, 224)
    assert list(answer) == [*range(221, 225)] or sorted(answer) == [*range(221, 225)]


def test_the_input_and_letters_as_targets() -> None:
    assert str(solve(STEM, output="input", where=W <= 5)) == "W = 1, K = 3"
    same = Network((3, x, x), [Conv(8, 3, S, 1)])
    assert solve(same, S, output=(8, x, x), where=sympy.Eq(x, 9)).set.subs(x, 9) != sympy.S.EmptySet
    assert str(solve(same, output=(8, x, x), where=x <= 3)) == str(
        solve("(3*x*x) -> Conv|8|3|S|1 = (8, x, x)", where="x<=3")
    )


@pytest.mark.parametrize(
    "budget",
    [
        {STEM.parameters: 10**4},
        {"parameters": 10**4},
        STEM.parameters <= 10**4,
        [STEM.parameters < 10**4 + 1, "trainable<=20000"],
        "parameters<=10000",
        {148 * K: 10**4},
        148 * K <= 10**4,
    ],
    ids=str,
)
def test_budgets(budget: Any) -> None:
    assert str(solve(STEM, K, where=sympy.Eq(W, 224), budget=budget)) == "K ∈ 1..67, if W = 224"


def test_where_takes_what_sympy_can_say() -> None:
    asked = [(K < 5) | (K > 8), sympy.Ne(K, 3), "K<=10", ~sympy.Eq(K, 4), sympy.And(W < 300, W >= 224)]
    assert str(solve(STEM, K, where=[*asked, sympy.Eq(W, 224)])) == "K ∈ {1, 2, 9, 10}, if W = 224"


def test_what_is_declared_of_a_symbol_is_part_of_the_question() -> None:
    padding = sympy.Symbol("P", positive=True, integer=True)
    even = sympy.Symbol("S", even=True, positive=True)
    net = Network((3, 32, 32), [Conv(8, 3, even, padding)])
    found = solve(net, where=[padding <= 2, even <= 4])
    assert {(one[even], one[padding]) for one in found.solutions} == {(2, 1), (2, 2), (4, 1), (4, 2)}
    assert net == Network.parse("(3*32*32) -> Conv|8|3|S|P")


# ---- SymPy's own questions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (lambda: solve(sympy.Eq(x // 4, 5), x), {20, 21, 22, 23}),
        (lambda: solve(sympy.Eq(symnet.FloorDiv(W - 7, 4), 5), W), {27, 28, 29, 30}),
        (lambda: solve(x**2 <= 9, x), {*range(-3, 4)}),
        (lambda: solve([x < 5, x > 1], x), {2, 3, 4}),
        (lambda: solve((x < 5) & (x > 1)), {2, 3, 4}),
        (lambda: solve(x - 5, x), {5}),
        (lambda: solve(sympy.Eq(2 * x, 5), x), set()),
        (lambda: solve(sympy.Eq(STEM.output[1], 56), W), {221, 222, 223, 224}),
        (lambda: solve([sympy.Eq(x + y, 4), x > 0, y > 0], [x, y]), {(1, 3), (2, 2), (3, 1)}),
        (lambda: solve([sympy.Eq(x * y, 6), x > 0, y > 0], x, y), {(1, 6), (2, 3), (3, 2), (6, 1)}),
        (lambda: solve(sympy.Symbol("g", negative=True, integer=True) >= -3), {-3, -2, -1}),
        (lambda: solve(sympy.Symbol("e", even=True, positive=True) < 9), {2, 4, 6, 8}),
        (lambda: solve(x**2 < 9, "x", where=x >= 0), {0, 1, 2}),
        (lambda: solve(sympy.Eq(FloorDiv(100, x), 14), x), {7}),
        (lambda: solve(sympy.Eq(FloorDiv(100, x), 14), x, where=[x <= -1]), set()),
        (lambda: solve(sympy.Eq(FloorDiv(100, x), 14), x, where=[sympy.Ne(x, 0)]), {7}),
        (lambda: solve(sympy.Eq(FloorDiv(100, x - 3), -15), x), {-4}),
        (lambda: solve(sympy.Eq(sympy.Mod(100, x), 2), x), {7, 14, 49, 98}),
        (lambda: solve(sympy.Eq(FloorDiv(100, x**2), 4), x), {-5, 5}),
        (lambda: solve([sympy.Eq(x + k, 10), sympy.Eq(x - k, 2)], [x, k]), {(6, 4)}),
        (lambda: solve([sympy.Eq(x + k, 10), sympy.Eq(x - k, 3)], [x, k]), set()),
        (lambda: solve([sympy.Eq(x // 4, -5), sympy.Eq(x - 2 * k, 2)], [x, k]), {(-20, -11), (-18, -10)}),
        (lambda: solve([sympy.Eq(x + y + k, 6), sympy.Eq(x - y, 1), sympy.Eq(y - k, 1)], [x, y, k]), {(3, 2, 1)}),
        (lambda: solve(sympy.Eq(x * y, 3), x, y), {(1, 3), (3, 1), (-1, -3), (-3, -1)}),
    ],
)
def test_equations_in_integers(asked: Callable[[], sympy.Set], wanted: set[Any]) -> None:
    found = asked()
    assert isinstance(found, sympy.Set)
    assert found == sympy.FiniteSet(*wanted)


def test_infinite_and_symbolic_sets() -> None:
    assert solve(x > 3, x) == sympy.Range(4, sympy.oo)
    assert 7 in solve(sympy.Eq(sympy.Mod(x, 3), 1), x)
    assert 8 not in solve(sympy.Eq(sympy.Mod(x, 3), 1), x)
    within = solve([x <= y, x >= 0, y >= 0], x)
    assert within.xreplace({y: sympy.Integer(3)}).contains(2) == sympy.true
    assert within.xreplace({y: sympy.Integer(3)}).contains(4) == sympy.false
    assert within.contains(-1) == sympy.false
    assert solve(STEM, output=(None, 56, 56)).set.contains((221, -3)) == sympy.false


@settings(max_examples=examples(25), deadline=None)
@given(
    st.integers(1, 5),
    st.integers(-6, 6),
    st.integers(1, 4),
    st.integers(-4, 8),
    st.sampled_from(["==", "<=", ">", "!="]),
)
def test_equations_agree_with_counting(a: int, b: int, d: int, c: int, sign: str) -> None:
    kind = {"==": sympy.Eq, "<=": sympy.Le, ">": sympy.Gt, "!=": sympy.Ne}[sign]
    found = solve([kind(symnet.FloorDiv(a * x + b, d), c), x >= -20, x <= 20], x)
    wanted = {one for one in range(-20, 21) if bool(kind((a * one + b) // d, c))}
    assert found == sympy.FiniteSet(*wanted)


_SIGNED = [
    lambda a, b: FloorDiv(a, b), lambda a, b: symnet.CeilDiv(a, b), lambda a, b: sympy.Mod(a, b),
    lambda a, b: FloorDiv(a, b + 3), lambda a, b: FloorDiv(a * b, 3) - b, lambda a, b: a * b, lambda a, b: sympy.Max(a, -b),
    lambda a, b: FloorDiv(7, b) + FloorDiv(a, 2), lambda a, b: abs(a) - 2 * b, lambda a, b: FloorDiv(a, b * b),
]  # fmt: skip


@settings(max_examples=examples(40), deadline=None)
@given(
    st.sampled_from(_SIGNED), st.integers(-9, 9), st.integers(-5, 5), st.sampled_from([sympy.Eq, sympy.Le, sympy.Ne])
)
def test_letters_of_any_sign_agree_with_trying(made: Callable[..., Any], a: int, c: int, kind: Any) -> None:
    """Of one letter and of two, also where they divide; where something is divided by 0 there is no solution."""
    box = [x >= -6, x <= 6]
    for top, unknowns in ((a, [x]), (y + a, [x, y])):
        expression = made(top, x)
        found = solve([kind(expression, c), *box, *([] if len(unknowns) == 1 else [y >= -4, y <= 4])], unknowns)
        wanted = set()
        for point in itertools.product(range(-6, 7), *([range(-4, 5)] if len(unknowns) == 2 else [])):
            try:
                holds = kind(expression, c).subs(dict(zip(unknowns, point, strict=True)))
            except ZeroDivisionError:
                continue
            if holds == sympy.true:
                wanted.add(point if len(point) > 1 else point[0])
        assert found == sympy.FiniteSet(*wanted)


@settings(max_examples=examples(15), deadline=None)
@given(st.integers(4, 12), st.integers(1, 6))
def test_questions_agree_with_trying(size: int, out: int) -> None:
    answer = solve(Network((1, size, size), [Conv(1, F, S, P)]), output=(1, out, out), where=[F <= 5, S <= 4, P <= 2])
    wanted = set()
    for f, s, p in itertools.product(range(1, 6), range(1, 5), range(3)):
        try:
            net = Network((1, size, size), [Conv(1, f, s, p)])
        except LayerError:
            continue
        if net.output == (1, out, out):
            wanted.add((f, s, p))
    assert {(one[F], one[S], one[P]) for one in answer.solutions} == wanted


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: solve(x < 5, "y"), "'y' is not in the question, which has x"),
        (lambda: solve(sympy.Eq(x, 2.5), x), "not an integer expression"),
        (lambda: solve(sympy.Symbol("r", integer=False) < 3), "r is no integer"),
        (lambda: solve(sympy.Symbol("q", prime=True) < 9), "out of reach"),
        (lambda: solve(3), "SymPy relations"),
        (lambda: solve(NET.output[1] == 56), r"Eq\(a, b\)"),
        (lambda: solve(NET, output=(64, 56)), "2 sizes, but the network gives 3"),
        (lambda: solve(NET, x), "'x' is not in the question, which has F, S, P"),
        (lambda: solve(NET, S, for_=S), "given twice"),
        (lambda: solve(NET, where=x < 5), "'x' is not in the question"),
        (lambda: solve(NET, where=[3]), "no relation between sizes"),
        (
            lambda: solve(NET, where=sympy.Symbol("S", positive=True) < 4, for_=sympy.Symbol("S", real=True)),
            "two different",
        ),
        (lambda: solve(NET, budget={x: 5}), "'x' is not in the question"),
        (lambda: solve(NET, budget={"params": 5}), "did you mean 'parameters'"),
        (lambda: solve("784 -> FC|K = 10", output=10), "has a target already"),
        (lambda: solve(sympy.Eq(5, 5)), "no symbol to solve for"),
    ],
)
def test_what_cannot_be_asked_says_why(wrong: Callable[[], Any], words: str) -> None:
    with pytest.raises(SymnetError, match=words):
        wrong()


n = sympy.Symbol("n")
IN_LISTS: dict[str, tuple[Callable[[], Any], str]] = {
    "how often": (
        lambda: solve(input=(3, 32, 32), layers=[Repeat(n, [Conv(3, 3)])], output=(3, 4, 4), where=[n <= 15]),
        "(3,32,32) -> n * [Conv|3|3] = (3,4,4)",
    ),
    "how often, and of which size": (
        lambda: solve(
            input=(3, x, x), layers=[Repeat("n", [Conv(3, 3)]), MaxPool(2)], output=(3, 4, 4), where="n <= 15"
        ),
        "(3,x,x) -> n * [Conv|3|3] -> Maxpool|2 = (3,4,4)",
    ),
    "an expression, and a layer that has the letter": (
        lambda: solve(input=(3, x, x), layers=[Repeat(2 * n, [Conv(3, n)])], output=(3, 4, 4), where=[n <= 15]),
        "(3,x,x) -> (2*n) * [Conv|3|n] = (3,4,4)",
    ),
    "within one another, with labels": (
        lambda: solve(
            input=(3, x, x),
            layers=[Repeat(n, [Repeat(2, [Label("a"), Conv(3, 3, 1, 1), symnet.Add("a")]), Conv(3, 2)])],
            output=(3, 4, 4),
            where=[n <= 15],
        ),
        "(3,x,x) -> n * [2 * [Identity @a -> Conv|3|3|1|1 -> Add|a] -> Conv|3|2] = (3,4,4)",
    ),
    "no repeat": (
        lambda: solve(input=(3, x, x), layers=[Conv(3, 3)], output=(3, 4, 4)),
        "(3,x,x) -> Conv|3|3 = (3,4,4)",
    ),
}


@pytest.mark.parametrize("name", IN_LISTS)
def test_lists_are_asked_as_notation_is(name: str) -> None:
    made, text = IN_LISTS[name]
    answer, wanted = made(), solve(text, where="n <= 15" if "[" in text else None)
    assert [one.named for one in answer.solutions] == [one.named for one in wanted.solutions]
    assert list(pickle.loads(pickle.dumps(answer))) == list(answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: Network((3, 32, 32), [Repeat(n, [Conv(3, 3)])]), "a repeat needs a number, and 'n' has none"),
        (lambda: Network.parse("(3,32,32) -> n * [Conv|3|3]"), "a repeat needs a number, and 'n' has none"),
        (lambda: Repeat(2, []), "a repeat has at least one layer"),
        (lambda: Network.parse("(3,32,32) -> 2 * []"), "a layer is missing"),
        (lambda: Repeat(0, [Conv(3, 3)]), "at least 1, got 0"),
        (lambda: solve(input=(3, 32, 32), layers=[Repeat(n, [Conv(3, 3)])]), "n says how often .* and has no bound"),
        (lambda: solve(layers=[Conv(3, 3)]), "or input and layers"),
        (lambda: solve(NET, input=(3, 3)), "or input and layers"),
    ],
)
def test_repeats_that_are_none_are_refused(wrong: Callable[[], Any], words: str) -> None:
    with pytest.raises(SymnetError, match=words):
        wrong()


def test_an_answer_of_many_solutions_is_listed_without_its_length() -> None:
    answer = solve("(1,W,W) -> Conv|1|2|1000000000|0 = (1, 4, 4)", where="W>=2")
    assert answer.count == 10**9
    assert len(list(answer)) == 10_000
    with pytest.raises(SymnetError, match=r"there are 1,000,000,000 solutions, .*: see count"):
        len(answer)


def test_every_letter_that_a_value_tells_counts() -> None:
    """Those that are asked for and those that are not, numbers and expressions."""
    alone = solve(Network.parse("(3*W*W) -> Conv|K|3"), W, output=(None, 10, 10))
    assert {W: 12} in alone
    for one, wanted in ((5, True), (K, True), (2 * K, True), (0, False), (-3, False), (sympy.Rational(1, 2), False)):
        assert ({W: 12, K: one} in alone) is wanted
    assert {W: 12, "Q": 5} not in alone
    assert (12, 5) in alone
    for answer in (solve("(3,W,W) -> Conv|K|3|2 = (8,10,10)"), solve("(3,W,W) -> Conv|K|3|2 = (8,10,10)", "W")):
        assert {W: 21, K: 8} in answer
        assert {W: 21, K: 9} not in answer
        for undecided in ({W: 21, K: k}, {W: W, K: 8}):
            with pytest.raises(SymnetError, match="undecided"):
                assert undecided in answer
        assert {W: W, K: 9} not in answer
    both = solve("(1,W,W) -> Conv|K|3 = (K,10,10)")
    assert {W: 12, K: K} in both
    assert {W: 13, K: K} not in both
    assert {W: 12} not in both
