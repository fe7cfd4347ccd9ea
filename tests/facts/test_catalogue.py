"""Every fact: each step of its derivation holds at points, its conclusions agree with SymPy, its text is what is proven."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sympy

from symnet.errors import NotationError
from symnet.facts.catalogue import fact_names, get_fact
from symnet.facts.fact import TOPICS, is_integral, is_real
from symnet.kernel.real import expressions as r
from symnet.kernel.real import statements as s
from symnet.kernel.real.theorem import RULES, RealTheorem
from symnet.kernel.replay import check_proof
from symnet.kernel.walks import steps
from symnet.kernel.writing import write_proof
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol
from tests.kernel.real.arrangements import points
from tests.kernel.real.meaning import holds

NAMES = fact_names()


def _theorems(name: str) -> Iterator[RealTheorem]:
    for proven in get_fact(name).proven:
        if is_real(proven.theorem):
            yield proven.theorem


def test_all_topics_of_the_issue_are_there() -> None:
    assert {get_fact(name).topic for name in NAMES} == set(TOPICS)
    assert len(NAMES) >= 21
    assert all(get_fact(name).name == name for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_step_holds_at_points(name: str) -> None:
    for theorem in _theorems(name):
        met = 0
        for step in steps(theorem):
            for seed in range(2):
                for point in points(name, seed):
                    if all(holds(condition, point) for condition in step.hypotheses):
                        assert holds(step.conclusion, point), (step, point)
                        met += step is theorem
        assert met, f"{theorem!r}: no point meets the conditions"


@pytest.mark.parametrize("name", NAMES)
def test_integer_theorems_replay(name: str) -> None:
    for proven in get_fact(name).proven:
        if is_integral(proven.theorem):
            assert check_proof(write_proof(proven.theorem))[0].conclusion is proven.theorem.conclusion
        else:
            assert is_real(proven.theorem)
            assert proven.theorem.rule in RULES


@pytest.mark.parametrize("name", NAMES)
def test_a_fact_is_documented(name: str) -> None:
    fact = get_fact(name)
    assert fact.sources
    assert fact.title[0].isupper()
    assert all(proven.says[0].isupper() or "=" in proven.says or "γ" in proven.says for proven in fact.proven)


def test_unknown_fact() -> None:
    with pytest.raises(NotationError, match="did you mean 'softmax-shift'"):
        get_fact("softmax-shifts")


# ---- SymPy as an outside oracle: sums of three entries, written out ---------------------------------------------------

SIZES = {"N": 3, "n": 3, "m": 2}


def _sympy(node: Any, indices: dict[Symbol, int]) -> Any:
    def integer(term: Any) -> int:
        values = {symbol: SIZES.get(symbol.name, 1) for symbol in _symbols(term)}
        return evaluate(term, {**values, **indices})

    def inner(part: Any) -> Any:
        return _sympy(part, indices)

    match node:
        case r.Number():
            return sympy.Rational(node.value.numerator, node.value.denominator)
        case r.Variable():
            return sympy.Symbol(node.args[0], real=True)
        case r.Entry():
            return sympy.Symbol("_".join([node.args[0], *(str(integer(place)) for place in node.args[1:])]), real=True)
        case r.Whole():
            return sympy.Integer(integer(node.args[0]))
        case r.Delta():
            return sympy.Integer(integer(node.args[0]) == integer(node.args[1]))
        case r.Power():
            return inner(node.args[0]) ** integer(node.args[1])
        case r.Fold():
            index, bound, body = node.args
            parts = [_sympy(body, {**indices, index: place}) for place in range(integer(bound))]
            return {r.Total: sympy.Add, r.Smallest: sympy.Min, r.Largest: sympy.Max}[type(node)](*parts)
        case r.Quotient():
            return inner(node.args[0]) / inner(node.args[1])
    functions = {
        r.Plus: sympy.Add, r.Times: sympy.Mul, r.Exp: sympy.exp, r.Log: sympy.log, r.Sqrt: sympy.sqrt, r.Abs: sympy.Abs,
        r.Sign: sympy.sign, r.Minimum: sympy.Min, r.Maximum: sympy.Max,
    }  # fmt: skip
    return functions[type(node)](*map(inner, node.args))


def _symbols(term: Any) -> list[Symbol]:
    from symnet.terms.term import symbols_of

    return symbols_of(term)


def _sign(condition: s.Statement) -> bool:
    return isinstance(condition.args[1], s.Nonzero | s.Less)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith("minimum")])
def test_sympy_agrees(name: str) -> None:
    for theorem in _theorems(name):
        given = {}
        for condition in theorem.hypotheses:
            if isinstance(condition, s.Equal):  # y_0 = 1 − y_1, Σ y = 1: solved for one letter
                left, right = (_sympy(side, {}) for side in condition.args)
                letter = min(left.free_symbols, key=str)
                given[letter] = sympy.solve(left - right, letter)[0]
        if any(isinstance(condition, s.ForAll) and not _sign(condition) for condition in theorem.hypotheses):
            continue  # recurrences and definitions of arrays: at points, above
        if isinstance(theorem.conclusion, s.Derivative):
            function, at, result = theorem.conclusion.args
            gap = sympy.diff(_sympy(function, {}), _sympy(at, {})) - _sympy(result, {})
        elif isinstance(theorem.conclusion, s.Equal):
            gap = _sympy(theorem.conclusion.args[0], {}) - _sympy(theorem.conclusion.args[1], {})
        else:
            continue
        gap = gap.subs(given)
        assert gap == 0 or sympy.simplify(gap) == 0, theorem
