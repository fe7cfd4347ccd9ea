"""Sizes whose product is a number: factor pairs, each with the inputs that give it, against counting windows."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.kernel.replay import check_proof
from symnet.kernel.writing import write_proof
from symnet.render.answers import plain
from symnet.solving import solve
from symnet.terms.evaluation import holds
from symnet.terms.parse import default_symbol
from tests.parts import examples
from tests.solving.counting import Spec, notation, run

LENET = "(3,H,W) -> Conv|6|5 -> Maxpool|2 -> Conv|16|5 -> Maxpool|2 -> Flatten = (400)"


def test_the_square_pair_comes_first() -> None:
    found = solve(LENET)
    assert str(found) == "H ∈ 32..35, W ∈ 32..35; H ∈ 16..19, W ∈ 112..115; H ∈ 112..115, W ∈ 16..19"
    assert found.complete
    assert len(found) == 48
    assert {"H": 33, "W": 35} in found
    assert {"H": 32, "W": 36} not in found
    assert "25 = 1·25 = 5·5 = 25·1" in plain(found)
    assert not found.theorem.hypotheses
    assert check_proof(write_proof(found.theorem))


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        (
            "(1,H,W) -> Conv|1|3 -> Flatten = (12)",
            {},
            "H = 5, W = 6; H = 6, W = 5; H = 4, W = 8; H = 8, W = 4; H = 3, W = 14; H = 14, W = 3",
        ),
        ("(1,H,W) -> Conv|1|3 -> Flatten = (12)", {"for_": "W", "where": "H=5"}, "W ∈ {6}, if H ∈ {5}"),
        (LENET, {"exact": True}, "H = 32, W = 32; H = 16, W = 112; H = 112, W = 16"),
        (LENET.replace("400", "407"), {}, "(H, W) ∈ ∅"),
        (LENET.replace("= (400)", "-> FC|10 = (10)"), {"where": "H<=16, W<=17"}, "H = 16, W = 16; H = 16, W = 17"),
        ("(8,W,W) -> Conv|8|3|S|1 -> Flatten = (392)", {}, "6·S + 1 ≤ W ≤ 7·S"),
        (
            "(8,H,W) -> Conv|8|3|S|1 -> Flatten = (392)",
            {"for_": "H"},
            "H ≤ S, if ⌊(W − 1)/S⌋ + 1 = 49; or 6·S + 1 ≤ H ≤ 7·S, if ⌊(W − 1)/S⌋ + 1 = 7; "
            "or 48·S + 1 ≤ H ≤ 49·S, if ⌊(W − 1)/S⌋ + 1 = 1",
        ),
    ],
)  # fmt: skip
def test_answers(question: str, options: dict[str, Any], expected: str) -> None:
    found = solve(question, **options)
    assert str(found) == expected
    assert not found.theorem.hypotheses


def test_three_axes_and_channels() -> None:
    found = solve("(3,D,H,W) -> Conv|8|3|1|1 -> Maxpool|2 -> Conv|16|3|1|1 -> Maxpool|2 -> Flatten = (128)")
    assert next(iter(found)).named == {"D": 8, "H": 8, "W": 8}
    assert len(found) == 10 * 64


_LAYERS = st.one_of(
    st.tuples(st.just("conv"), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(1, 2)),
    st.tuples(st.just("pool"), st.integers(1, 3), st.integers(1, 3)),
    st.tuples(st.just("same"), st.integers(1, 4), st.integers(1, 3)),
    st.tuples(st.just("ceil"), st.integers(1, 3), st.integers(1, 3)),
)


@settings(max_examples=examples(50), deadline=None)
@given(
    st.lists(_LAYERS, min_size=1, max_size=3),
    st.sampled_from([("H", "W"), ("D", "H", "W")]),
    st.integers(1, 3) | st.just("K"),
    st.integers(1, 36),
    st.booleans(),
    st.sampled_from([None, "H <= W", "H + W <= 20"]),
)
def test_against_counting(
    layers: list[Spec], axes: tuple[str, ...], channels: object, total: int, exact: bool, where: str | None
) -> None:
    most = 12 if len(axes) == 3 else 40
    told = [f"{axis} <= {most}" for axis in axes] if len(axes) == 3 else []
    question = f"(1, {', '.join(axes)}) -> {notation(layers)} -> Conv|{channels}|1 -> Flatten = ({total})"
    found = solve(question, where=", ".join([*told, *([where] if where else [])]) or None, exact=exact)
    assert found.complete, found.reason
    assert not found.theorem.hypotheses
    ran = {size: run(size, layers, {}) for size in range(1, most + 1)}
    expected = set()
    for sizes in product(range(1, most + 1), repeat=len(axes)):
        point = dict(zip(axes, sizes, strict=True))
        outputs = [ran[size] for size in sizes]
        if where and not eval_where(where, point):
            continue
        if any(one is None or (exact and not one[1]) for one in outputs):
            continue
        entries = 1
        for one in outputs:
            entries *= one[0] if one else 0
        if total % entries == 0 and (channels == "K" or total == channels * entries):  # type: ignore[operator]
            expected.add((*sizes, *([total // entries] if channels == "K" else [])))
    names = (*axes, *(["K"] if channels == "K" else []))
    got = {tuple(one[name] for name in names) for one in found.numeric()} if found.finite else None
    if got is not None:
        assert {one for one in got if max(one[: len(axes)]) <= most} == expected
    else:
        conclusion = found.conditions
        for sizes in product(range(1, most + 1), repeat=len(axes)):
            for width in range(1, total + 1) if channels == "K" else [0]:
                values = {default_symbol(name): value for name, value in zip(names, (*sizes, width), strict=False)}
                inside = (*sizes, *([width] if channels == "K" else [])) in expected
                assert holds(conclusion, values) is inside  # type: ignore[arg-type]


def eval_where(where: str, point: dict[str, int]) -> bool:
    """The two conditions that are drawn."""
    return point["H"] <= point["W"] if where == "H <= W" else point["H"] + point["W"] <= 20
