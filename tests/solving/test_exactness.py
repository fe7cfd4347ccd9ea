"""Questions about what is dropped, against windows that are slid over the input one by one."""

from __future__ import annotations

from itertools import product

import pytest

from symnet.network.network import Network
from symnet.render.answers import headline
from symnet.render.formats import report
from symnet.solving import solve
from symnet.solving.exactness import exact_sizes
from tests.layers.sliding import MODES, left_over, written

#: F, S, P, D: kernels smaller than the stride, of one entry, and as large as it
LAYERS = [
    (1, 2, 0, 1),
    (1, 3, 0, 2),
    (2, 4, 0, 1),
    (2, 5, 0, 2),
    (2, 3, 1, 1),
    (2, 5, 1, 1),
    (3, 2, 0, 1),
    (3, 1, 1, 2),
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("values", LAYERS)
def test_every_size(mode: str, values: tuple[int, int, int, int]) -> None:
    kernel, stride, padding, dilation = values
    amount = padding if mode in ("explicit", "ceil") else 0
    text = f"(1*W) -> {written(mode, *values)}"
    counted = {size: left_over(mode, size, kernel, stride, amount, dilation) for size in range(1, 61)}
    expected = [size for size, found in counted.items() if found is not None and found[1] == 0]
    answer = solve(text, exact=True)
    assert [size for size in counted if size in answer] == expected
    sizes = exact_sizes(Network.parse(text))
    assert sizes is not None
    assert [size for size in counted if size in sizes] == expected
    assert ("No input is ever dropped" in report(Network.parse(text), "text")) is (len(expected) == len(counted))
    every = solve(text, where="W<=60")
    assert {one["W"] for one in every.numeric()} == {size for size, found in counted.items() if found is not None}
    for one, exact in zip(every.to_json(proof=False)["solutions"], every.exact, strict=True):
        found = counted[one["W"]]
        assert found is not None
        assert exact is (found[1] == 0)
        assert sum(part.entries for part in every.dropped(one)) == found[1]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [1, 6, 7])
def test_every_kernel_and_stride(mode: str, size: int) -> None:
    """Letters for the kernel, the stride and the dilation, and numbers for them when a solution is looked at."""
    text = f"(1*{size}) -> {written(mode, 'F', 'S', 0, 'D')}"
    answer = solve(text, where="F<=4, S<=5, D<=2", exact=True)
    every = solve(text, where="F<=4, S<=5, D<=2")
    for kernel, stride, dilation in product(range(1, 5), range(1, 6), (1, 2)):
        found = left_over(mode, size, kernel, stride, 0, dilation)
        point = {"F": kernel, "S": stride, "D": dilation}
        assert (point in answer) is (found is not None and found[1] == 0), point
        assert (point in every) is (found is not None), point
        if found is not None:
            assert sum(part.entries for part in every.dropped(point)) == found[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(1*W) -> Conv|1|3|2|causal", "W ≡ 1 (mod 2), W ≥ 1"),
        ("(1*W) -> Conv|1|3|S|causal", "S ∣ W − 1"),
        ("(1*W) -> Conv|1|1|2|same", "W ≡ 1 (mod 2), W ≥ 1"),
        ("(1*W) -> Conv|1|1|S|same", "S ∣ W − 1"),
        ("(1*W) -> Conv|1|3|2|same", "W ≥ 1"),
        ("(1*W) -> Conv|1|2|4|same", "W ≡ 1 (mod 4), W ≥ 1 or W ≡ 2 (mod 4), W ≥ 2"),
        ("(1*W) -> Conv|8|F|S|same", "((W − 1) mod S) + 1 ≤ F"),
        ("(1*W) -> Maxpool|1|3|0|ceil_mode=yes", "W ≡ 1 (mod 3), W ≥ 1"),
        ("(1*10) -> Conv|1|2|S|same", "S ∈ {1, 2, 3, 4, 8, 9}"),  # a stride past the input leaves it one window
        ("(1*10) -> Maxpool|2|S|0|ceil_mode=yes", "S ∈ {1, 2, 3, 4, 8, 9}"),
        ("(1*10) -> Conv|1|10|S|same", "S ≥ 1"),  # a window as long as the input
    ],
)
def test_answers_without_bounds(text: str, said: str) -> None:
    assert str(solve(text, exact=True)) == said


def test_a_solution_says_what_it_drops() -> None:
    only = solve("(1*W) -> Conv|1|2|4|same = (1,2)", where="W>=8")
    assert headline(only) == "W = 8, and no other. (conv1 drops 2 at the end of an axis.)"
    text = report(Network.parse("(1*8) -> Conv|1|2|4|same"), "text")
    assert "The last window starts 4 entries before the end and spans 2, so the last 2 entries are dropped." in text
