"""Letters of a network go by their names in whatever methods and operators make of its values."""

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

import symnet
from symnet.errors import SymnetError
from symnet.network.value import Value
from tests.parts import examples

x = sympy.Symbol("x")
NET = symnet.Network.parse("(3*W*W) -> Conv|K|3|S|P -> BN -> Conv|K|3")
OTHER = symnet.Network.parse("784 -> FC|M -> FC|K")
VALUES: list[Value] = [
    NET.parameters,
    NET.output[1],
    NET.activations,
    OTHER.parameters,
    symnet.Conv("K", "F").parameters,
]
LETTERS = {symbol.name: symbol for value in VALUES for symbol in value.free_symbols}

Step = Callable[[Any, Callable[[str], Any]], Any]


def _steps(chance: Random, letters: list[str]) -> Step:
    """A step of a person; ``of`` is the name itself, or the symbol of this name."""
    name, number, value = chance.choice(letters), chance.randint(1, 9), chance.choice(VALUES)
    plain = lambda of, one: one if of(name) == name else one.expr  # noqa: E731
    return chance.choice(
        [
            lambda e, of: e.subs(of(name), number), lambda e, of: e.subs({of(name): number}),
            lambda e, of: e.subs([(of(name), number)]), lambda e, of: e.subs(of(name), of(f"2*{name} + 1")),
            lambda e, of: e.xreplace({of(name): sympy.Integer(number)}), lambda e, of: e.expand(), lambda e, of: e.factor(),
            lambda e, of: e.diff(of(name)), lambda e, of: e + plain(of, value), lambda e, of: plain(of, value) - e,
            lambda e, of: 2 * e, lambda e, of: e / 3, lambda e, of: -e, lambda e, of: x + e, lambda e, of: x * e - x,
            lambda e, of: e.coeff(of(name)), lambda e, of: e.as_coeff_Mul()[1], lambda e, of: e.as_independent(of(name))[1],
            lambda e, of: e.doit(), lambda e, of: e**2, lambda e, of: abs(e), lambda e, of: e.collect(of(name)),
        ]
    )  # fmt: skip


def _symbol(name: str) -> Any:
    if name in LETTERS:
        return LETTERS[name]
    return 2 * LETTERS[name.removeprefix("2*").removesuffix(" + 1")] + 1


@settings(max_examples=examples(40), deadline=None)
@given(seed=st.integers(0, 10**9))
def test_chains_of_steps_give_what_they_give_by_symbols(seed: int) -> None:
    chance = Random(seed)
    value = chance.choice(VALUES)
    named, plain = value, value.expr
    for _ in range(4):
        letters = sorted({symbol.name for symbol in plain.free_symbols} - {"x"})
        if not letters:
            break
        step = _steps(chance, letters)
        named, plain = step(named, lambda name: name), step(plain, _symbol)
        assert named == plain
        assert hash(named) == hash(plain)
        assert isinstance(named, type(plain))
        assert isinstance(plain, type(named)) or plain.free_symbols
        assert str(sympy.sympify(named)) == str(named)
        assert not isinstance(sympy.sympify(named), type(value))


def test_names_are_those_of_the_networks() -> None:
    assert NET.output[1].subs("S", 2).subs("P", 1).subs("W", 10) == 3
    assert NET.parameters.expand().subs("K", 3) == NET.parameters.subs("K", 3)
    assert NET.parameters.subs("K", 3) == NET.parameters.subs("K", 1) * 0 + NET.parameters.expr.subs(LETTERS["K"], 3)
    assert NET.output[1].diff("P").subs("S", 3).free_symbols == {LETTERS["W"], LETTERS["P"]}
    assert (NET.parameters + 1).diff("W") == 0  # a letter of the network
    assert (NET.parameters + OTHER.parameters).diff("M").subs("K", 1) == 786
    assert (x + NET.parameters).subs("x", 0) == NET.parameters
    assert NET.memory()["parameters"].subs("K", 1) == 4 * NET.parameters.subs("K", 1)
    assert int(NET.parameters.evalf(subs={"K": 2})) == 102
    for wrong in (lambda: (NET.parameters + 1).subs("Q", 1), lambda: NET.parameters.expand().diff("Q")):
        with pytest.raises(SymnetError, match=r"'Q' is none of the letters here: K, P, S, W"):
            wrong()
    with pytest.raises(SymnetError, match="several symbols are named 'K'"):
        (NET.parameters + sympy.Symbol("K", negative=True)).subs("K", 1)


def test_what_a_chain_gives_is_stored() -> None:
    found = NET.output[1].subs("S", 2) + 1
    for again in (copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert again == found
        assert again.subs("P", 1).subs("W", 10) == 4
    assert pickle.loads(pickle.dumps(NET.parameters)).diff("W") == 0


def test_an_array_and_a_matrix_meet_values_as_they_meet_expressions() -> None:
    numpy = pytest.importorskip("numpy")
    found = NET.parameters.subs("S", 2) + 1
    assert ((found * numpy.arange(2)) == numpy.array([0, found.expr])).all()
    assert sympy.Matrix([1, 2]) * found == sympy.Matrix([found.expr, 2 * found.expr]) == found * sympy.Matrix([1, 2])
    assert sympy.Poly(x, x) * found == sympy.Poly(x, x) * found.expr


def test_relations_of_values_know_the_letters() -> None:
    fits = NET.output[1] <= 5
    assert isinstance(fits, sympy.LessThan)
    assert fits.subs("S", 2).subs("P", 0).subs("W", 10) == sympy.true
    five = 5
    assert (five >= NET.output[1]) == (NET.output[1].expr <= 5)
    both = (NET.parameters > 100) & (fits | (NET.output[1] > 7))
    assert both.subs("K", 1) == sympy.false
    assert (~both).subs({"K": 3, "S": 2, "P": 0, "W": 10}) == (~both).expr.subs(LETTERS["K"], 3).subs(
        {LETTERS["S"]: 2, LETTERS["P"]: 0, LETTERS["W"]: 10}
    )
    assert pickle.loads(pickle.dumps(both)).subs("K", 1) == sympy.false
    with pytest.raises(SymnetError, match="'Q' is none of the letters here"):
        fits.subs("Q", 1)
    assert sympy.solve(NET.parameters.subs("K", x) < 100, x) == sympy.solve(
        NET.parameters.expr.subs(LETTERS["K"], x) < 100, x
    )
