"""Strides that are differences of letters: they divide where a condition makes them positive."""

from __future__ import annotations

from itertools import product

import pytest

from symnet import solve

SMALL = range(1, 30)
STRIDES = {
    "S - 1": lambda s, t: s - 1,
    "2*S - 3": lambda s, t: 2 * s - 3,
    "S - T": lambda s, t: s - t,
    "S*T - 2": lambda s, t: s * t - 2,
}


@pytest.mark.parametrize("padding", ["", "|same"])
@pytest.mark.parametrize("stride", STRIDES)
def test_a_difference_is_a_stride_where_it_is_positive(stride: str, padding: str) -> None:
    answer = solve(f"(1,W,W) -> Conv|8|3|({stride}){padding} = (8,5,5)", for_="W")
    letters = range(1, 4) if "T" in stride else (1,)
    for w, s, t in product(SMALL, range(1, 9), letters):
        step = STRIDES[stride](s, t)
        size = None if step < 1 or (w < 3 and not padding) else -(-w // step) if padding else (w - 3) // step + 1
        at = {"W": w, "S": s, **({"T": t} if "T" in stride else {})}
        assert (at in answer) == (size == 5), at
    assert answer.theorem


def test_what_is_known_is_known_of_its_multiples() -> None:
    answer = solve("(1,W,W) -> Conv|8|3|(3*S-5) -> Maxpool|2 = (8,2,2)")
    for w, s in product(range(1, 40), range(1, 6)):
        step = 3 * s - 5
        size = ((w - 3) // step + 1) // 2 if step >= 1 and w >= 3 else None
        assert ({"W": w, "S": s} in answer) == (size == 2), (w, s)
