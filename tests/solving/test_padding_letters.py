"""A letter that is a padding and stands in other layers' expressions, too: 0 among its values where every layer allows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet import Network, SymnetError
from symnet.solving import solve

PADDINGS = ["ZeroPad|{x}", "Cropping|{x}", "Conv|3|3|1|{x}", "Maxpool|3|2|{x}"]
WITH_EXPRESSIONS = [
    "Conv|3|({x}+1)",
    "Conv|3|1|({x}+2)",
    "Maxpool|({x}+2)",
    "Conv|3|(2*{x}+1)|1|{x}",
    "Upsample|({x}+1)",
]


@given(
    st.integers(3, 9),
    st.sampled_from(PADDINGS),
    st.sampled_from(WITH_EXPRESSIONS),
    st.booleans(),
    st.integers(1, 9),
    st.sampled_from(["T", "S", "P", "a"]),
)
def test_zero_is_a_value_of_a_padding(width: int, pad: str, other: str, first: bool, wanted: int, letter: str) -> None:
    layers = " -> ".join([pad, other] if first else [other, pad])
    text = f"(3*{width}) -> {layers}"
    found = solve(f"{text.format(x=letter)} = (3,{wanted})", where=[f"{letter} <= 6"])
    expected = set()
    for value in range(7):
        try:
            output = Network.parse(text.format(x=value)).output
        except SymnetError:
            continue
        if output == (3, wanted):
            expected.add(value)
    assert {value for value in range(7) if value in found} == expected


@pytest.mark.parametrize(("layers", "zero"), [
    ("ZeroPad|T -> Conv|3|(T+1)", True),
    ("ZeroPad|T -> Conv|3|T", False),  # a kernel is at least 1
    ("ZeroPad|T -> Conv|3|(2*T)", False),
    ("Conv|3|(2*T+1)|1|T", True),
])  # fmt: skip
def test_whether_a_letter_may_be_zero(layers: str, zero: bool) -> None:
    network = Network.parse(f"(3*9) -> {layers}")
    if zero:
        assert network.at(T=0).output == (3, 9)
    else:
        with pytest.raises(SymnetError, match="at least 1"):
            network.at(T=0)
