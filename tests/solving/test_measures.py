"""Conditions on what one output sees, on how many layers there are and on equal outputs, and questions for every size: against
sets of inputs that are followed through the windows one by one, and against trying every size.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.errors import SymnetError
from symnet.kernel.replay import check_proof
from symnet.render.answers import headline, plain
from symnet.render.checking import answer_data, checked
from symnet.solving import solve
from symnet.terms.evaluation import holds
from symnet.terms.term import symbols_of
from tests.parts import examples
from tests.solving.counting import Spec, brute, notation, run


def seen(layers: list[Spec], values: dict[str, int], output: int) -> set[int]:
    """The entries of the input that an output depends on; those before the start are padding. No formula: taps of windows."""
    found = {output}
    for kind, *told in reversed(layers):
        numbers = [values[one] if isinstance(one, str) else int(str(one)) for one in told]
        kernel, stride = numbers[0], numbers[1]
        padding, dilation = (numbers[2], numbers[3]) if kind == "conv" else (0, 1)
        found = {entry * stride + tap * dilation - padding for entry in found for tap in range(kernel)}
    return found


def measured(layers: list[Spec], values: dict[str, int]) -> dict[str, int]:
    first, second = seen(layers, values, 0), seen(layers, values, 1)
    return {
        "receptive_field": max(first) - min(first) + 1,
        "total_stride": min(second) - min(first),
        "field_padding": -min(first),
        "layers": len(layers),
    }


_NUMBER = {"F": (1, 4), "S": (1, 3), "P": (0, 3), "D": (1, 3), "G": (1, 4)}


@st.composite
def stacks(draw: Any) -> list[Spec]:
    found: list[Spec] = []
    for index in range(draw(st.integers(1, 3))):
        kernel = draw(st.integers(1, 4) | st.just("FG"[index % 2]))
        stride = draw(st.integers(1, 3) | st.just("S"))
        if draw(st.booleans()):
            found.append(
                ("conv", kernel, stride, draw(st.integers(0, 2) | st.just("P")), draw(st.integers(1, 2) | st.just("D")))
            )
        else:
            found.append(("pool", kernel, stride))
    return found


@settings(max_examples=examples(60), deadline=None)
@given(
    stacks(),
    st.sampled_from(["receptive_field", "total_stride", "field_padding", "layers"]),
    st.sampled_from(["<=", ">=", "=="]),
    st.integers(0, 12),
)
def test_what_one_output_sees(layers: list[Spec], what: str, sign: str, number: int) -> None:
    names = [name for name in _NUMBER if any(name in layer for layer in layers)]
    if not names:
        return
    where = ", ".join([*(f"{name} <= {_NUMBER[name][1]}" for name in names), f"{what} {sign} {number}"])
    found = solve(f"(1, 40) -> {notation(layers)}", where=where)
    assert found.complete, found.reason
    expected = set()
    for numbers in product(*(range(low, high + 1) for low, high in (_NUMBER[name] for name in names))):
        values = dict(zip(names, numbers, strict=True))
        it = measured(layers, values)[what]
        if {"<=": it <= number, ">=": it >= number, "==": it == number}[sign] and run(40, layers, values) is not None:
            expected.add(numbers)
    assert {tuple(one[name] for name in names) for one in found.numeric()} == expected


@pytest.mark.parametrize(
    ("question", "where", "expected"),
    [
        ("(3,W,W) -> N * [Conv|8|3|1|1]", "receptive_field>=65, N<=100", "N ∈ 32..100, W ≥ 1"),
        ("(3,224,224) -> Conv|64|7|S|3 -> Maxpool|3|S|1", "total_stride=4", "S ∈ {2}"),
        ("(3,64,64) -> N * [Conv|8|3|1|1 -> ReLU] -> Conv|4|1", "layers<=20, N<=30", "N ∈ 1..9"),
        ("(3,64,64) -> Conv|8|3|2|P -> Conv|8|3|1|Q", "conv1 == conv2, P<=1, Q<=4", "P = 0, Q = 1; P = 1, Q = 1"),
        (
            "(3,64,64) @x -> Conv|8|3|2|P @a -> From|x -> Conv|8|5|2|Q @b",
            "a == b, P<=2, Q<=4",
            "P = 1, Q = 2; P = 0, Q = 1; P = 2, Q = 3",
        ),
    ],
)  # fmt: skip
def test_answers(question: str, where: str, expected: str) -> None:
    assert str(solve(question, where=where)) == expected


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("receptive_fields >= 3", "did you mean 'receptive_field'"),
        ("conv1 >= 3", "conv1 is what a layer gives"),
        ("conv1 == dense1", "conv1 has 3 sizes and dense1 has 1: they are never equal"),
    ],
)
def test_what_cannot_be_asked(where: str, message: str) -> None:
    with pytest.raises(SymnetError) as refused:
        solve("(3,W,W) -> Conv|8|3 -> GlobalAvgPool -> FC|10", where=where)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("(1,W,W) -> Conv|8|3|1|P = (_,W,W)", {}, "P = 1, and no other, whatever W is. Every layer divides exactly."),
        ("(1,W,W) -> Conv|8|7|2|P = (_,(W+1)//2,_)", {}, "P = 3, and no other, whatever W is."),
        ("(1,W,W) -> Conv|8|F|1|P = (_,W,W)", {}, "F = 2·P + 1, whatever W is."),
        ("(8,W) -> Conv|8|3|1|same|dilation=D = (_,W)", {}, "D ≥ 1, whatever W is."),
        ("(1,H,W) -> Conv|8|3|1|P = (_,H,W)", {"every": "H, W"}, "P = 1, and no other, whatever H and W are. Every layer divides exactly."),
    ],
)  # fmt: skip
def test_for_every_size(question: str, options: dict[str, Any], expected: str) -> None:
    found = solve(question, **{"every": "W", **options})
    assert headline(found) == expected
    data = answer_data(found, question, {"every": "W", **options})
    assert checked(data)
    assert check_proof(data["proof"])


def test_what_every_size_leaves_is_shown() -> None:
    said = plain(solve("(1,W,W) -> Conv|8|3|1|P = (_,W,W)", every="W"))
    assert "⇒ P ∈ {1}   (what is left at W = 1; W = 2; " in said
    assert "W + 2 ≥ 3 ∧ ⌊(W − 1)/1⌋ + 1 = W ⇔ W ≥ 1   (with P = 1: every size that is allowed)" in said


@settings(max_examples=examples(60), deadline=None)
@given(stacks(), st.sampled_from([None, "input"]), st.integers(1, 9), st.booleans())
def test_for_every_size_against_trying(layers: list[Spec], target: object, least: int, exact: bool) -> None:
    names = [name for name in _NUMBER if any(name in layer for layer in layers)]
    if not names:
        return
    asked = "" if target is None else " = input"
    where = ", ".join([*(f"{name} <= {_NUMBER[name][1]}" for name in names), f"W >= {least}"])
    found = solve(f"(1, W) -> {notation(layers)}{asked}", every="W", where=where, exact=exact)
    if not found.complete:
        assert found.reason
        return
    box = {name: _NUMBER[name] for name in names}
    expected = None
    for size in range(least, least + 60):
        here = {
            tuple(one.values()) for one in brute(size, layers, target if target is None else size, box, exact=exact)
        }  # type: ignore[arg-type]
        expected = here if expected is None else expected & here
    assert {tuple(one[name] for name in names) for one in found.numeric()} == expected
    _states_it_for_every_size(found.theorem.conclusion, names, least, expected or set())


def _states_it_for_every_size(conclusion: Any, names: list[str], least: int, expected: set[tuple[int, ...]]) -> None:
    """The one theorem speaks of the size by its letter: with a solution its right side holds at every size that is allowed, with
    anything else at none."""
    _, right = conclusion.args
    symbols = {symbol.name: symbol for symbol in symbols_of(conclusion)}
    for numbers in product(*(range(_NUMBER[name][0], _NUMBER[name][1] + 1) for name in names)):
        for size in (least, least + 1, least + 17):
            values = {symbols[name]: number for name, number in zip(names, numbers, strict=True) if name in symbols}
            values |= {symbols["W"]: size} if "W" in symbols else {}
            assert holds(right, values) is (numbers in expected)
