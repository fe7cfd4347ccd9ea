"""The most usual solution comes first, by an order that is stated here without the program's numbers: of two windows, the one that
is at least as usual in everything that counts, and more so in something, comes before the other one.
"""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from symnet.solving.api import solve


def _virtues(size: int, kernel: int, stride: int, padding: int) -> tuple[bool, ...]:
    """What makes a window usual."""
    tiles = kernel == stride > 1 and padding == 0
    return (
        (size - kernel + 2 * padding) % stride == 0,  # nothing is dropped
        kernel % 2 == 1 or tiles,
        kernel <= 11 or tiles,
        stride <= 2 or tiles,
        stride & (stride - 1) == 0 or tiles,
        kernel >= stride,  # every entry is seen
        padding == 0 or 2 * padding == kernel - 1,
        2 * padding <= kernel - 1,
    )


def _sizes() -> list[tuple[int, int]]:
    chance = random.Random(3)
    sizes = [(chance.randint(6, 64), chance.choice([1, 2, 2, 3, 4])) for _ in range(40)]
    return [(size, -(-size // stride)) for size, stride in sizes]


@pytest.mark.parametrize(
    ("size", "asked"),
    [pytest.param(*one, marks=[pytest.mark.slow] * (place > 6)) for place, one in enumerate(_sizes())],
)
def test_what_is_more_usual_in_everything_comes_first(size: int, asked: int) -> None:
    answer = solve(f"(1,{size}) -> Conv|1|F|S|P = (1,{asked})", where="F<=7, S<=4, P<=3")
    order = [(one["F"], one["S"], one["P"]) for one in answer]
    assert len(set(order)) == len(order) == answer.count
    for one, two in combinations(order, 2):
        before, after = _virtues(size, *one), _virtues(size, *two)
        assert before == after or not all(a <= b for a, b in zip(before, after, strict=True)), (one, two)


def test_of_equals_the_square_image_and_the_small_numbers_come_first() -> None:
    products = [(one["H"], one["W"]) for one in solve("(1,H,W) -> Conv|1|3 -> Flatten = (36)")]
    assert products[0] == (8, 8)
    assert [abs(one - two) for one, two in products] == sorted(abs(one - two) for one, two in products)
    channels = [one["K"] for one in solve("(1,4,4) -> Conv|K|1", where="K<=50").usual(50)]
    assert channels[:7] == [1, 2, 4, 8, 16, 32, 48]
