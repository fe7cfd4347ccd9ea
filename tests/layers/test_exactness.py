"""What layers drop, against windows that are slid over the input one by one."""

from __future__ import annotations

from itertools import product

import pytest

from symnet.errors import LayerError
from symnet.layers.laws.ceil_mode import ceil_maps
from symnet.layers.laws.exactness import drops
from symnet.layers.laws.law import AxisMap
from symnet.layers.laws.window import Window
from symnet.layers.laws.windows import window_maps
from symnet.network.network import Network
from symnet.render.figures.axis import window_axis
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.propositions import Divides
from symnet.terms.term import Symbol, Term, integer, substitute
from tests.layers.sliding import MODES, left_over, written

W, F, S, P, D = Symbol("W"), Symbol("F"), Symbol("S"), Symbol("P", 0), Symbol("D")
ZERO = integer(0)


def mapped(mode: str, kernel: Term, stride: Term, padding: Term, dilation: Term) -> AxisMap:
    if mode in ("ceil", "explicit"):
        window = Window(kernel, stride, dilation, padding, padding)
        return ceil_maps((window,))[0] if mode == "ceil" else window_maps((window,), "explicit")[0]
    return window_maps((Window(kernel, stride, dilation),), mode)[0]


def box(mode: str) -> list[tuple[int, ...]]:
    """W, F, S, P, D; a window is not to lie in the padding alone, which no framework allows where it rounds up."""
    paddings = (0, 1, 2) if mode in ("explicit", "ceil") else (0,)
    every = product(range(1, 11), range(1, 6), range(1, 6), paddings, (1, 2, 3))
    return [point for point in every if mode != "ceil" or 2 * point[3] <= point[1]]


@pytest.mark.parametrize("mode", MODES)
def test_exactness_and_what_is_dropped_are_counted_windows(mode: str) -> None:
    """With numbers, and with letters that are given the numbers afterwards."""
    letters = mapped(mode, F, S, P, D).exact(W)
    assert letters is not None
    dropping = 0
    for size, *values in box(mode):
        found = left_over(mode, size, *values)
        if found is None:
            continue
        numbers = [integer(value) for value in values]
        put = dict(zip((W, F, S, P, D), (integer(size), *numbers), strict=True))
        for exact in (mapped(mode, *numbers).exact(integer(size)), substitute(letters, put)):
            assert (exact is None or holds(exact)) is (found[1] == 0), (size, values)
            assert exact is None or evaluate(drops(exact)) == found[1], (size, values)
        dropping += found[1] > 0
    assert dropping > 100


def test_nothing_is_asked_where_nothing_can_be_dropped() -> None:
    """A window no shorter than the stride, by numbers or by the signs of letters, reaches the end."""
    one, two, three = integer(1), integer(2), integer(3)
    for mode in ("same", "same_lower", "ceil"):
        assert mapped(mode, three, two, ZERO, one).exact(W) is None
        assert mapped(mode, two, three, ZERO, two).exact(W) is None
        assert mapped(mode, F, F, ZERO, one).exact(W) is None
        assert mapped(mode, F, F, ZERO, D).exact(W) is None
        assert mapped(mode, F, one, ZERO, D).exact(W) is None
        assert mapped(mode, F + 1, two, ZERO, one).exact(W) is None
        assert mapped(mode, F, two, ZERO, one).exact(W) is not None
        assert mapped(mode, two, three, ZERO, one).exact(W) is not None
        assert isinstance(mapped(mode, one, three, ZERO, D).exact(W), Divides)


@pytest.mark.parametrize("mode", MODES)
def test_networks_say_and_draw_what_is_dropped(mode: str) -> None:
    for size, kernel, stride, padding in product((3, 8), (1, 2, 3), (1, 2, 4), (0, 1)):
        found = left_over(mode, size, kernel, stride, padding if mode in ("explicit", "ceil") else 0)
        if found is None or (mode == "ceil" and 2 * padding > kernel):
            continue
        network = Network.parse(f"(1*{size}) -> {written(mode, kernel, stride, padding)}")
        axis = window_axis(network, network.placed[1])
        assert (axis.count, axis.dropped) == found
        if found[1]:
            with pytest.raises(LayerError, match=rf"; {found[1]} (of the padded input|at the end) would be dropped"):
                network.require_exact()
        else:
            network.require_exact()
