"""What entries see where layers add entries: as looking at every tap says, and bounded."""

from __future__ import annotations

from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet.layers.laws.law import Field, Spread
from symnet.network.network import Network
from symnet.network.periods import Periods, Window, through_spread, through_window
from symnet.terms.term import integer

WINDOWS = st.one_of(st.none(), st.tuples(st.integers(-5, 0), st.integers(0, 6)))
PERIODS = st.builds(Periods, st.lists(WINDOWS, min_size=1, max_size=5).map(tuple), st.integers(1, 6))
VALUES = st.tuples(st.integers(1, 20), st.integers(1, 5), st.integers(0, 4), st.integers(1, 4))


def together(before: Periods, places: list[int]) -> Window:
    seen = [window for window in map(before.window, places) if window is not None]
    return (min(first for first, _ in seen), max(last for _, last in seen)) if seen else None


def same(found: Periods | None, windows: list[Window]) -> bool:
    return found is not None and [found.window(entry) for entry in range(len(windows))] == windows


@given(PERIODS, VALUES)
def test_through_a_window(before: Periods, values: tuple[int, int, int, int]) -> None:
    size, stride, padding, apart = values
    count = len(before.windows) // gcd(len(before.windows), stride)
    taps = range(-padding, size - padding, apart)
    expected = [together(before, [entry * stride + tap for tap in taps]) for entry in range(2 * count)]
    assert same(through_window(before, Field(*map(integer, values[:3]), apart=integer(apart))), expected)


@given(PERIODS, VALUES)
def test_through_a_spread(before: Periods, values: tuple[int, int, int, int]) -> None:
    taps, stride, padding, apart = values
    expected = []
    for entry in range(2 * len(before.windows) * stride):
        places = [entry + padding - tap * apart for tap in range(taps)]
        expected.append(together(before, [place // stride for place in places if place % stride == 0]))
    assert same(through_spread(before, Spread(*map(integer, values))), expected)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("(2*4*4) -> Deconv|8|99999999999", 99999999999),
        ("(2*4*4) -> Deconv|8|99999999999|2", 50000000000),
        ("(2*4*4) -> Deconv|8|9999999999|3|dilation=3", 9999999999),
        ("(2*99999999999) -> Upsample|64 -> Conv|2|99999999999", 1562500001),
        ("(2*9999) -> Upsample|64 -> Upsample|64 -> Conv|2|10000", None),  # too much to look at
    ],
)
def test_kernels_of_any_size_take_no_longer(text: str, size: int | None) -> None:
    fields = Network.parse(text).field_terms["size"]
    assert [term.constant for term in fields[:1]] == ([] if size is None else [size])
