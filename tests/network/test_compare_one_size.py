"""Networks that count alike for one number of channels only, whatever the size of the image is."""

from __future__ import annotations

import random

from symnet.network.compare import compare
from symnet.network.network import Network


def test_sides_are_equal_exactly_for_the_number_that_is_named() -> None:
    draw, named = random.Random(3), 0
    for _ in range(5):
        channels, window, other = draw.randint(2, 9), draw.randint(1, 3), draw.randint(1, 3)
        one = Network.parse(f"(3*H*W) -> Conv|K|{window} -> Conv|{channels}|{other}")
        two = Network.parse(f"(3*H*W) -> Conv|{channels}|{window} -> Conv|K|{other}")
        row = compare(one, two).rows[-1]
        if row.symbol is None or row.where is None:
            continue
        sizes = list(row.where)
        assert len(sizes) == 1
        named += 1
        for size in (*range(1, 4), channels):
            height, width = draw.randint(7, 20), draw.randint(7, 20)
            first, second = (net.at(K=size, H=height, W=width).multiply_adds for net in (one, two))
            assert (first == second) == (size in sizes), (one, two, size)
    assert named > 2
