"""Equations between products, factor by factor, against trying all small values."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.network.domain import domain
from symnet.network.network import Network
from symnet.printing.text import unicode_text
from symnet.search.equal_products import factor_by_factor
from symnet.solving import solve
from symnet.terms.evaluation import holds
from symnet.terms.propositions import And, Eq
from symnet.terms.term import Product, Symbol, Term, integer
from tests.parts import examples

H, W, C = Symbol("H"), Symbol("W"), Symbol("C")


@st.composite
def _equations(draw: st.DrawFn) -> Eq:
    """c·∏ sizes = c'·∏ (what the sizes are cut down to), in any order, and now and then one that does not fit."""
    sides: tuple[list[Term], list[Term]] = ([], [])
    for letter in draw(st.permutations([H, W])):
        start = letter if draw(st.booleans()) else letter + draw(st.integers(-2, 2))
        stride, parts = draw(st.integers(1, 3)), draw(st.integers(1, 4))
        size = start // stride if stride > 1 else start
        sides[0].append(size)
        sides[1].extend([size // parts, integer(parts + draw(st.sampled_from([0, 0, 0, 0, 0, 1])))])
    if draw(st.booleans()):
        sides[0].append(C)
        sides[1].append(C)
    factor = integer(draw(st.integers(1, 3)))
    left, right = (Product(factor, *draw(st.permutations(side))) for side in sides)
    return Eq(left, right) if draw(st.booleans()) else Eq(right, left)


@settings(max_examples=examples(60), deadline=None)
@given(_equations())
def test_the_equivalence_holds_wherever_its_conditions_do(equation: Eq) -> None:
    theorem = factor_by_factor(equation)
    if theorem is None:
        return
    left, right = theorem.conclusion.args
    assert left is equation
    for h, w in product(range(1, 14), repeat=2):
        values = {H: h, W: w, C: 3}
        if all(holds(condition, values) for condition in theorem.hypotheses):
            assert holds(left, values) is holds(right, values)


@pytest.mark.parametrize(
    "equation",
    [
        Eq(H * W, (H // 3) * (W // 2) * 7),  # the products grow otherwise
        Eq(H * W, (H // 3) * W),
        Eq(H * W, (H + 1) * (W - 1)),  # one factor is larger, the other one smaller
        Eq(H * W, 12 * C),
        Eq((H * W) // 4 * 4, H * W),
    ],
)
def test_other_equations_are_left_as_they_are(equation: Eq) -> None:
    theorem = factor_by_factor(equation)
    assert theorem is None or theorem.hypotheses


WINDOWS = "(16*H*W) -> Reshape|16*(H//4)*4*(W//4)*4 -> Mean|2*3*4*5 -> FC|10"


def test_windows_of_a_map_ask_for_whole_ones() -> None:
    hypotheses = domain(Network.parse(WINDOWS).derivation().stated).propositions
    assert list(map(unicode_text, hypotheses)) == ["H ≡ 0 (mod 4), H ≥ 4", "W ≡ 0 (mod 4), W ≥ 4"]
    assert str(solve(f"{WINDOWS} = (10)")) == "H ≡ 0 (mod 4), H ≥ 4, W ≡ 0 (mod 4), W ≥ 4"
    redundant = WINDOWS.replace(" -> ", " -> Require|(H % 4)|equals|0 -> ", 1)
    assert str(solve(f"{redundant} = (10)")) == "H ≡ 0 (mod 4), H ≥ 4, W ≡ 0 (mod 4), W ≥ 4"


def test_windows_of_what_a_convolution_leaves() -> None:
    found = solve("(3*H*W) -> Conv|8|3 -> Reshape|8*((H-2)//4)*4*((W-2)//4)*4")
    expected = And(*found.conditions.args)
    assert not found.theorem.hypotheses
    for h, w in product(range(1, 16), repeat=2):
        fits = h >= 3 and w >= 3 and (h - 2) % 4 == 0 and (w - 2) % 4 == 0
        assert holds(expected, {H: h, W: w}) is fits
