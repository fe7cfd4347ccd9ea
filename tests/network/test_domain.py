"""For which inputs a network is defined, against the numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet.errors import SymnetError
from symnet.network.domain import domain, outside
from symnet.network.network import Network
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import Symbol

W = Symbol("W")
PARTS = st.tuples(st.integers(0, 5), st.integers(1, 6), st.integers(1, 20), st.none() | st.integers(1, 40))
SETS = PARTS.map(lambda part: IntegerSet.residue_class(*part))


@given(SETS, SETS)
def test_outside_is_what_is_left(one: IntegerSet, other: IntegerSet) -> None:
    left = outside(W, one, other)
    assert left is not None
    for size in range(1, 100):
        assert (size in left) == (size in one and size not in other)


@pytest.mark.parametrize(
    "text",
    [
        "(1*W) -> Conv|1|9",
        "(1*W) -> Cropping|8 -> ZeroPad|8",
        "(1*W) -> Maxpool|1 @a -> Maxpool|1|2 @b -> From|a -> Add|b",
        "(1*W) @a -> Maxpool|4 -> Upsample|4 -> Add|a",
        "(2*W) -> Slice|2|(-5)|(-2)",
        "(2*W) -> Slice|2|(-5)",
        "(2*W) -> Split|3|axis=2",
        "(2*W) -> Conv|3|3 @a -> Maxpool|2 @b -> From|a -> GlobalAvgPool|keepdims=yes -> Add|b",
    ],
)
def test_a_symbol_takes_what_numbers_take(text: str) -> None:
    """A network of numbers is refused exactly where the same network of letters is not defined."""
    found = domain(Network.parse(text).proof.hypotheses)
    assert not found.open
    for size in range(1, 40):
        try:
            Network.parse(text.replace("W)", f"{size})"))
            fits = True
        except SymnetError:
            fits = False
        assert fits == (size in found.of(W)), size
