"""Thousands of random questions against counting: no wrong, missing or spurious solution."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.solving import solve
from tests.solving.counting import Spec, brute, notation, run

UNKNOWN = {"F": (1, 5), "S": (1, 5), "P": (0, 4), "D": (1, 3), "T": (1, 4), "G": (1, 4), "Q": (0, 3)}


def _or(unknown: str, numbers: st.SearchStrategy[int]) -> st.SearchStrategy[object]:
    return numbers | st.just(unknown)


@st.composite
def layers(draw: Any, *, letters: bool) -> list[Spec]:
    found: list[Spec] = []
    for index in range(draw(st.integers(1, 3))):
        names = ("F", "S", "P", "D") if index == 0 else ("G", "T", "Q", "D")

        def value(name: str, low: int, high: int) -> object:
            numbers = st.integers(low, high)
            return draw(_or(name, numbers) if letters and draw(st.integers(0, 3)) == 0 else numbers)

        kind = draw(st.sampled_from(["conv", "conv", "same", "pool", "deconv"]))
        kernel, stride = value(names[0], 1, 5), value(names[1], 1, 4)
        if kind == "conv":
            found.append((kind, kernel, stride, value(names[2], 0, 3), value(names[3], 1, 2)))
        elif kind == "deconv":
            found.append((kind, kernel, stride, value(names[2], 0, 2)))
        else:
            found.append((kind, kernel, stride))
    return found


def _names(size: object, found: list[Spec], target: object) -> list[str]:
    every = [size, *(value for layer in found for value in layer[1:]), target]
    return [name for name in dict.fromkeys(every) if isinstance(name, str) and name != "input"]


@pytest.mark.parametrize("part", range(4))
def test_finite_boxes(part: int) -> None:
    @settings(max_examples=250, deadline=None)
    @given(
        st.integers(3, 24) | st.just("W"),
        layers(letters=True),
        st.integers(1, 12) | st.sampled_from([None, "o", "input"]),
        st.booleans(),
    )
    def check(size: object, found: list[Spec], target: object, exact: bool) -> None:
        names = _names(size, found, target)
        if not names or len(names) > 4 or (target == "input" and size != "W"):
            return
        bounds = {"W": (1, 20), "o": (1, 12), **UNKNOWN}
        box = {name: bounds[name] for name in names}
        asked = "" if target is None else " = input" if target == "input" else f" = (1, {target})"
        where = ", ".join(f"{name} <= {high}" for name, (_, high) in box.items())
        answer = solve(f"(1, {size}) -> {notation(found)}{asked}", where=where, exact=exact)
        expected = list(brute(size, found, target, box, exact=exact))  # type: ignore[arg-type]
        assert answer.complete, answer.reason
        assert not answer.theorem.hypotheses
        got = [{name: one[name] for name in names} for one in answer.numeric()]
        assert sorted(got, key=lambda one: [*one.values()]) == expected
        for one, flag in zip(answer.to_json(proof=False)["solutions"], answer.exact, strict=True):
            value = one[size] if isinstance(size, str) else size
            assert run(value, found, one)[1] is flag  # type: ignore[index]

    check()


@settings(max_examples=400, deadline=None)
@given(layers(letters=False), st.integers(1, 9) | st.sampled_from([None, "input"]), st.booleans())
def test_every_size(found: list[Spec], target: object, exact: bool) -> None:
    """One unknown without bounds: the set and a long prefix of all sizes are the same."""
    asked = "" if target is None else " = input" if target == "input" else f" = (1, {target})"
    answer = solve(f"(1, W) -> {notation(found)}{asked}", exact=exact)
    assert answer.complete, answer.reason
    assert not answer.theorem.hypotheses
    expected = [
        one["W"] for one in brute("W", found, "input" if target == "input" else target, {"W": (1, 300)}, exact=exact)
    ]  # type: ignore[arg-type]
    assert [size for size in range(1, 301) if size in answer] == expected
