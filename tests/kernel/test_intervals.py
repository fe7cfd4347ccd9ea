"""What intervals show of a box holds at every point of it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from symnet.search.narrowing import must_be_false, must_be_true, narrowed, turning
from symnet.terms.evaluation import holds
from symnet.terms.propositions import Le, Lt, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Max, Min, Symbol, Term, integer

W, P = Symbol("W"), Symbol("P", 0)


@st.composite
def terms(draw: Any, depth: int = 3) -> Term:
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from([W, P]) | st.integers(-9, 9).map(integer))  # type: ignore[no-any-return]
    one, two = draw(terms(depth=depth - 1)), draw(terms(depth=depth - 1))
    divisor = integer(draw(st.integers(1, 5)))
    kinds = [
        one + two,
        one - two,
        one * two,
        FloorDiv(one, divisor),
        CeilDiv(one, divisor),
        Min(one, two),
        Max(one, two),
    ]
    return draw(st.sampled_from(kinds))  # type: ignore[no-any-return]


@st.composite
def comparisons(draw: Any) -> Proposition:
    return draw(st.sampled_from([Le, Lt]))(draw(terms()), draw(terms()))  # type: ignore[no-any-return]


@given(comparisons(), st.integers(1, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_what_is_shown_holds_everywhere(claim: Proposition, low: int, width: int, p: int, height: int) -> None:
    box = {W: (low, low + width), P: (p, p + height)}
    points = [{W: w, P: q} for w in range(low, low + width + 1) for q in range(p, p + height + 1)]
    true = [holds(claim, point) for point in points]
    assert not must_be_true(claim, box) or all(true)
    assert not must_be_false(claim, box) or not any(true)
    left = narrowed(claim, box, W)
    assert all(point[W] in left for point, here in zip(points, true, strict=True) if here)


@given(comparisons(), st.integers(1, 9), st.none() | st.integers(0, 30), st.integers(0, 9))
def test_a_place_where_a_comparison_turns(claim: Proposition, low: int, width: int | None, p: int) -> None:
    runs = turning(claim, {W: (low, None if width is None else low + width), P: (p, p)}, W)
    if runs is None:
        return
    for w in range(low, low + (60 if width is None else width) + 1):
        inside = any((first is None or first <= w) and (last is None or w <= last) for first, last in runs)
        assert holds(claim, {W: w, P: p}) is inside
