"""Sums and products that are made without SymPy's simplification are the very ones that SymPy makes."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.sympy_functions.direct import direct_product, direct_sum
from symnet.sympy_functions.division import CeilDiv, FloorDiv
from symnet.terms import term as t
from symnet.terms.polynomial import Polynomial, from_polynomial
from symnet.terms.sympy_bridge import polynomial_to_sympy, to_sympy

LETTERS = [
    *sympy.symbols("W K_1 K10 K2 a", integer=True, positive=True),
    *sympy.symbols("P W x", integer=True, nonnegative=True),
    *sympy.symbols("x y"),
    sympy.Symbol("A", commutative=False),
]


def _factor(chance: Random) -> Any:
    letter, other = chance.choice(LETTERS[:9]), chance.choice(LETTERS[:5])
    return chance.choice(
        [
            letter, letter, letter**2, letter**-1, letter**other, FloorDiv(letter + 1, 2), FloorDiv(letter, other + 1) ** 3,
            CeilDiv(letter, 3), sympy.Integer(chance.randint(-2, 3)), sympy.Integer(chance.randint(4, 10**20)),
        ]
        + [letter + 1, sympy.Rational(1, 2), sympy.Max(letter, other), sympy.oo, sympy.nan, chance.choice(LETTERS)]
        * chance.choice((0, 0, 0, 1))
    )  # fmt: skip


def _same(made: Any, plain: Any) -> bool:
    return (
        made == plain
        and hash(made) == hash(plain)
        and sympy.srepr(made) == sympy.srepr(plain)
        and type(made) is type(plain)
    )


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_they_are_those_of_sympy(seed: int) -> None:
    chance = Random(seed)
    products = [[_factor(chance) for _ in range(chance.randint(0, 4))] for _ in range(chance.randint(0, 40))]
    made = [direct_product(*factors) for factors in products]
    for one, factors in zip(made, products, strict=True):
        assert _same(one, sympy.Mul(*factors)), factors
        assert one.is_commutative == sympy.Mul(*factors).is_commutative
    chance.shuffle(made)
    distinct = list(dict.fromkeys(made)) if chance.random() < 0.8 else made
    assert _same(direct_sum(*distinct), sympy.Add(*distinct)), distinct
    assert direct_sum(*distinct).is_commutative == sympy.Add(*distinct).is_commutative


def test_a_long_sum_is_that_of_sympy() -> None:
    """All of one kind, so that nothing is left to SymPy."""
    chance = Random(7)
    letters = sympy.symbols("K:60 a_:9", integer=True, positive=True)
    for _ in range(30):
        addends = {
            sympy.Mul(
                chance.randint(-4, 9) or 1,
                *(one ** chance.randint(1, 3) for one in chance.sample(letters, chance.randint(1, 4))),
            )
            for _ in range(50)
        }
        different = {sympy.Mul(*one.as_coeff_Mul()[1:]): one for one in [*addends, FloorDiv(letters[0], 3), *letters]}
        ordered = sorted(different.values(), key=lambda one: chance.random())
        assert _same(direct_sum(*ordered, sympy.Integer(4)), sympy.Add(*ordered, 4))


ATOMS: list[t.Term] = [
    *(t.Symbol(name) for name in ("W", "K_1", "K10", "K2", "a", "k")),
    t.Symbol("P", 0),
    t.FloorDiv(t.Symbol("W"), t.integer(2)),
]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_a_polynomial_is_that_of_its_term(seed: int) -> None:
    """Also where the person's symbols stand for letters: plain ones, dummies, those that do not commute, one for two."""
    chance = Random(seed)
    atoms = ATOMS[: chance.choice((6, 7, 7, 7, 8))]
    polynomial: Polynomial = {}
    for _ in range(chance.choice((0, 3, 40))):
        chosen = sorted(chance.sample(atoms, chance.randint(0, 3)), key=lambda atom: atom.serial)
        polynomial[tuple((atom, chance.choice((1, 1, 2, 3, 70))) for atom in chosen)] = chance.choice(
            (-2, 1, 1, 3, 10**20)
        )
    own = [
        sympy.Symbol("x"),
        sympy.Dummy("K"),
        sympy.Symbol("W"),
        sympy.Symbol("A", commutative=False),
        sympy.Symbol("z", even=True),
    ]
    letters = {name: chance.choice(own) for name in chance.sample(("W", "K_1", "a", "P"), chance.choice((0, 0, 1, 2)))}
    made = polynomial_to_sympy(polynomial, letters)
    assert _same(made, to_sympy(from_polynomial(polynomial), letters))
    assert made == sympy.Add(*made.args) if made.is_Add else True
    assert made.is_commutative is sympy.Add(*getattr(made, "args", ())).is_commutative or not made.is_Add
