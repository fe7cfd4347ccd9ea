"""Fifty operations of SymPy on expressions with rounded quotients: the value at numbers stays."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, S

from symnet.sympy_functions.division import CeilDiv, FloorDiv
from symnet.sympy_functions.reading import from_sympy
from symnet.terms.standard_symbols import symbols
from symnet.terms.sympy_bridge import to_sympy
from tests.parts import examples
from tests.sympy_functions.expressions import LENGTH, LETTERS, WIDTH, exact, expression, point

n = LETTERS[0]
z = sympy.Symbol("z", integer=True)
NAMES = {**vars(sympy), "FloorDiv": FloorDiv, "CeilDiv": CeilDiv}

Operation = Callable[[Any], Any]


def _again(e: Any) -> Any:
    return e.func(*e.args) if e.args else e


def _cse(e: Any) -> Any:
    parts, [rest] = sympy.cse([e])
    for symbol, part in reversed(parts):
        rest = rest.xreplace({symbol: part})
    return rest


#: Each gives an expression with the same value.
SAME: dict[str, Operation] = {
    "subs": lambda e: e.subs(n, z).subs(z, n), "subs shifted": lambda e: e.subs(n, z + 1).subs(z, n - 1),
    "xreplace": lambda e: e.xreplace({n: z}).xreplace({z: n}), "func": _again, "doit": lambda e: e.doit(),
    "expand": sympy.expand, "expand_mul": sympy.expand_mul, "factor": sympy.factor, "factor_terms": sympy.factor_terms,
    "collect": lambda e: sympy.collect(e, n), "together": sympy.together, "cancel": sympy.cancel,
    "radsimp": sympy.radsimp, "powsimp": sympy.powsimp, "signsimp": sympy.signsimp, "nsimplify": sympy.nsimplify,
    "trigsimp": sympy.trigsimp, "cse": _cse, "floor": lambda e: e.rewrite(sympy.floor), "ceiling": lambda e: e.rewrite(sympy.ceiling),
    "frac": lambda e: e.rewrite(sympy.frac), "Mod": lambda e: e.rewrite(sympy.Mod), "FloorDiv": lambda e: e.rewrite(FloorDiv),
    "CeilDiv": lambda e: e.rewrite(CeilDiv), "pickle": lambda e: pickle.loads(pickle.dumps(e)), "deepcopy": copy.deepcopy,
    "srepr": lambda e: eval(sympy.srepr(e), NAMES), "str": lambda e: sympy.sympify(str(e), locals={**symbols, "n": n, "V": LENGTH}),
    "Poly": lambda e: sympy.Poly(e, z).as_expr(), "as_numer_denom": lambda e: sympy.Mul(e.as_numer_denom()[0], 1 / e.as_numer_denom()[1]),
    "as_coeff_Add": lambda e: sympy.Add(*e.as_coeff_Add()), "as_coeff_Mul": lambda e: sympy.Mul(*e.as_coeff_Mul()),
    "as_independent": lambda e: e.func(*e.as_independent(n)) if e.is_Add or e.is_Mul else e,
    "ordered": lambda e: sympy.Add(*e.as_ordered_terms()),
    "replace": lambda e: e.replace(FloorDiv, lambda a, b: FloorDiv(a + b, b) - 1),
    "match": lambda e: e.match(sympy.Wild("a"))[sympy.Wild("a")],
    "terms": lambda e: to_sympy(from_sympy(e)), "plain terms": lambda e: to_sympy(from_sympy(e.rewrite(sympy.floor))),
    "piecewise": lambda e: sympy.piecewise_fold(e + sympy.Piecewise((0, n > 3), (0, True))),
    "Matrix": lambda e: sympy.Matrix([[e]]).det(),
    "Sum": lambda e: sympy.Sum(e, (z, 1, 3)).doit() / 3, "Product": lambda e: sympy.Product(1 + 0 * z, (z, 1, 2)).doit() * e,
    "neg": lambda e: S.NegativeOne * -e, "sub": lambda e: (e - n) + n, "limit": lambda e: sympy.limit(e * z, z, 1),
    "diff": lambda e: sympy.diff(z * e, z),
    "integrate": lambda e: sympy.integrate(e, (z, 0, 1)), "conjugate": sympy.conjugate, "re": sympy.re, "floor of it": sympy.floor,
    "ceiling of it": sympy.ceiling, "abs": lambda e: sympy.sign(e) * abs(e), "Max": lambda e: sympy.Max(e, 0) + sympy.Min(e, 0),
}  # fmt: skip

#: Those that take SymPy more than a moment.
SLOW: dict[str, Operation] = {
    "simplify": sympy.simplify,
    "ratsimp": sympy.ratsimp,
    "apart": lambda e: sympy.apart(e, z),
}


def _check(operation: Operation, seed: int, depth: int = 2) -> None:
    chance = Random(seed)
    drawn, at = expression(chance, depth), point(chance)
    found = S(operation(drawn)).subs(at)
    assert found == exact(drawn, at), f"{sympy.srepr(drawn)} at {at}"


def test_there_are_fifty() -> None:
    assert len({**SAME, **SLOW}) >= 50


@pytest.mark.parametrize("name", SAME)
@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_the_value_stays(name: str, seed: int) -> None:
    _check(SAME[name], seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SAME, *SLOW])
@settings(max_examples=examples(60), deadline=None)
@given(seed=st.integers(0, 10**9))
def test_the_value_stays_of_larger_expressions(name: str, seed: int) -> None:
    _check((SAME | SLOW)[name], seed, 3 if name in SAME else 2)


@settings(max_examples=examples(15), deadline=None)
@given(seed=st.integers(0, 10**9))
def test_building_gives_the_value(seed: int) -> None:
    """What evaluates while an expression is built: numbers are put in one after the other."""
    chance = Random(seed)
    drawn, at = expression(chance, 3), point(chance)
    value = exact(drawn, at)
    for symbol in chance.sample(LETTERS, 3):
        drawn = drawn.subs(symbol, at[symbol])
    assert drawn == value


@settings(max_examples=examples(15), deadline=None)
@given(seed=st.integers(0, 10**9))
def test_assumptions_hold(seed: int) -> None:
    chance = Random(seed)
    drawn, at = expression(chance, 3), point(chance)
    value = Integer(exact(drawn, at))
    for fact in ("integer", "positive", "negative", "nonnegative", "nonpositive", "zero", "even", "odd", "finite"):
        known = getattr(drawn, f"is_{fact}")
        assert known is None or known == getattr(value, f"is_{fact}"), fact


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_limits_at_infinity_are_approached(seed: int) -> None:
    """Of a quotient by W: at a large W the value is near, where SymPy gives a number."""
    chance = Random(seed)
    top = chance.randint(1, 9) * WIDTH + chance.randint(-9, 9)
    quotient = FloorDiv(top, chance.randint(1, 9)) + CeilDiv(chance.randint(-9, 9) * WIDTH + 1, chance.randint(1, 9))
    limit = sympy.limit(quotient / WIDTH, WIDTH, sympy.oo)
    assert limit.is_number
    assert abs(quotient.subs(WIDTH, 10**6) / S(10) ** 6 - limit) < S(10) ** -4
