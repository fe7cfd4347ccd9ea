"""Unions of progressions: the same members as the pieces, each once."""

from __future__ import annotations

from math import lcm

from hypothesis import given
from hypothesis import strategies as st

from symnet.kernel.polynomials import at
from symnet.search.pieces import Piece
from symnet.search.roots import nonnegative
from symnet.search.unions import Ends, _merged, _swept, ends, union
from symnet.terms.listed_sets import has

ENDS = st.none() | st.integers(-8, 8)


@given(st.lists(st.builds(Piece, st.integers(1, 6), st.integers(-6, 6), ENDS, ENDS), max_size=4))
def test_a_union_has_the_members_of_its_pieces(pieces: list[Piece]) -> None:
    pieces = [one for one in pieces if one.low is None or one.high is None or one.low <= one.high]
    together = union(pieces)
    for value in range(-130, 131):
        wanted = any(
            (value - residue) % modulus == 0
            and (low is None or value >= modulus * low + residue)
            and (high is None or value <= modulus * high + residue)
            for modulus, residue, low, high in pieces
        )
        assert sum(has(part, value) for part in together.parts) == wanted


@given(
    st.lists(st.builds(Piece, st.integers(1, 6), st.integers(0, 6), st.integers(0, 9), ENDS), min_size=1, max_size=4)
)
def test_a_long_union_is_swept(pieces: list[Piece]) -> None:
    """Without listing the members of long stretches: the same set, an interval as one."""
    pieces = [one for one in pieces if one.high is None or one.low is None or one.low <= one.high]
    common = lcm(1, *(piece.modulus for piece in pieces))
    runs: dict[int, list[Ends]] = {}
    for piece in pieces:
        for residue in range(piece.residue % common, piece.residue % common + common, piece.modulus):
            runs.setdefault(residue % common, []).append(ends(piece))
    merged = {residue: _merged(found, residue, common) for residue, found in runs.items()}
    swept = _swept({residue: found for residue, found in merged.items() if found}, common)
    together = union(pieces)
    for value in range(300):
        assert sum(has(part, value) for part in swept.parts) == (value in together)
    if len(together.parts) == 1 and together.parts[0].modulus == 1:
        assert swept == together


@given(st.lists(st.integers(-30, 30), min_size=1, max_size=5), ENDS, ENDS)
def test_where_a_polynomial_is_not_negative(coefficients: list[int], low: int | None, high: int | None) -> None:
    while len(coefficients) > 1 and coefficients[-1] == 0:
        coefficients.pop()
    p = tuple(coefficients)
    runs = nonnegative(p, low, high)
    for t in range(-150, 151):
        inside = (low is None or t >= low) and (high is None or t <= high)
        member = any((first is None or first <= t) and (last is None or t <= last) for first, last in runs)
        assert member == (inside and at(p, t) >= 0)
