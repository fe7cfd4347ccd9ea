"""Comparisons that were once wrong: capture of letters, numbers that were taken for symbols, windows that stand apart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.errors import SymnetError
from symnet.network.compare import compare
from symnet.network.network import Network
from symnet.render.comparison import comparison
from tests.parts import examples


def data(first: str, second: str) -> dict[str, Any]:
    return dict(json.loads(comparison(Network.parse(first), Network.parse(second), "json")))


def row(first: str, second: str, what: str) -> dict[str, Any]:
    return next(found for found in data(first, second)["compared"] if found["what"] == what)


def test_a_letter_of_the_second_network_is_not_captured() -> None:
    found = data("(3*W*W) -> Conv|W|3", "(3*N*N) -> Conv|W|3")
    assert not found["equal"]
    assert found["renamed"] == {"W": "W_second"}
    assert data("(3*W*W) -> Conv|W|3", "(3*N*N) -> Conv|N|3")["equal"]
    assert data("(3*W*W) -> Conv|K|3", "(3*N*N) -> Conv|K|3")["equal"]
    assert not data("(3*32*32) -> Conv|8|W|padding=W", "(3*W*W) -> Conv|8|3|1|3")["equal"]


def test_numbers_of_an_input_are_numbers() -> None:
    assert not data("(3*32*32) -> ReLU", "(3*33*33) -> ReLU")["equal"]
    assert not data("(3*32*32) -> GlobalAvgPool", "(3*33*33) -> GlobalAvgPool")["equal"]
    assert data("(3*32*32) -> ReLU", "(3*32*32) -> Tanh")["equal"]
    assert row("(3*224*224) -> Conv|8|3", "(3*W*W) -> Conv|8|3", "H")["equal_for"] == "W ∈ {224}"


@pytest.mark.parametrize(
    ("first", "second", "letters"),
    [
        ("(3*W) -> Squeeze -> FC|4|axis=last", "(3*W) -> FC|4|axis=last", "W"),
        ("(3*W*H) -> FC|4|axis=last", "(3*W*H) -> Squeeze -> FC|4|axis=last", "WH"),
        ("(C*W) -> Squeeze -> FC|4", "(C*W) -> Squeeze -> FC|4", "CW"),
    ],
)
def test_a_squeeze_that_may_act_is_compared_where_it_does_not(first: str, second: str, letters: str) -> None:
    found = data(first, second)
    assert found["equal"]
    assert found["holds_for"] == [f"{letter} >= 2" for letter in letters]
    for text, defined in ((first, found["defined"]["first"]), (second, found["defined"]["second"])):
        assert defined == []
        assert all(Network.parse(text).at({letter: 1}).output for letter in letters)
    assert found["defined"]["same"] is True
    text = comparison(*map(Network.parse, (first, second)))
    assert "The comparison holds for " in text
    assert "defined for" not in text
    assert "Only" not in text


def test_what_a_squeeze_asks_is_no_news_where_another_layer_asks_for_more() -> None:
    found = data("(3*W*H) -> Conv|4|3 -> Squeeze -> Maxpool|2", "(3*W*H) -> Conv|4|3 -> Maxpool|2")
    assert found["holds_for"] == []
    assert found["defined"]["first"] == found["defined"]["second"] == ["W >= 4", "H >= 4"]
    found = data("(3*W*H) -> Conv|4|3 -> Squeeze", "(3*W*H) -> Conv|4|3")
    assert found["holds_for"] == ["W >= 4", "H >= 4"]
    assert found["defined"]["first"] == found["defined"]["second"] == ["W >= 3", "H >= 3"]


def test_polynomials_are_decided() -> None:
    pair = "(3*W*H) -> Conv|4|1|bias=no", "(3*W*H) -> Conv|5|1|bias=no"
    assert "not decided" not in comparison(*map(Network.parse, pair))
    assert row(*pair, "multiply-adds") | {"hypotheses": []} == {
        "what": "multiply-adds", "first": "12*W*H", "second": "15*W*H", "equal": False, "equal_for": None, "hypotheses": [],
    }  # fmt: skip
    assert row("(3*W*H) -> Conv|W|3", "(3*W*H) -> Conv|H|3", "channels")["equal_for"] == "W == H"
    assert row("(C*W) -> FC|4", "(C*W) -> FC|(C*W)", "parameters")["equal"] is False


def test_all_outputs_are_compared() -> None:
    one = "(3*W*W) @a -> Conv|8|3 -> From|a -> Conv|4|3"
    assert data(one, one)["equal"]
    assert not data(one, one.replace("Conv|8", "Conv|9"))["equal"]
    assert not data(one, "(3*W*W) -> Conv|4|3")["equal"]


ALIGNED = {
    ("(3*W*W) -> Conv|8|3|2|same", "(3*W*W) -> Conv|8|3|2|1"): False,
    ("(3*32*32) -> Conv|8|3|2|same", "(3*32*32) -> Conv|8|3|2|1"): False,
    ("(3*33*33) -> Conv|8|3|2|same", "(3*33*33) -> Conv|8|3|2|1"): True,
    ("(3*W*W) -> Conv|8|3|1|same", "(3*W*W) -> Conv|8|3|1|1"): True,
    ("(3*W*W) -> Conv|8|3|2|same", "(3*W*W) -> Conv|8|3|2|same_lower"): False,
    ("(3*W*W) -> Conv|8|3|2|(0, 1)", "(3*W*W) -> Conv|8|3|2|1"): None,  # the sizes are not equal for odd W
    ("(3*W*W) -> Conv|8|3|F|same", "(3*W*W) -> Conv|8|3|F|1"): None,
    ("(3*W*W) -> ReLU", "(3*W*W) -> BN"): True,
    ("(3*W*W) -> ZeroPad|(1,0) -> Conv|8|3|2", "(3*W*W) -> ZeroPad|(0,1) -> Conv|8|3|2"): False,
    ("(3*224*224) -> ZeroPad|(0,1) -> Conv|8|3|2", "(3*224*224) -> Conv|8|3|2|1"): False,
    ("(3*224*224) -> ZeroPad|(0,1) -> Conv|8|3|2", "(3*224*224) -> Conv|8|3|2|same"): True,
    ("(3*W*W) -> ZeroPad|1 -> ReLU -> Conv|8|3|2", "(3*W*W) -> Tanh -> Conv|8|3|2|1"): True,
    ("(3*W*W) -> ZeroPad|P -> Conv|8|3", "(3*W*W) -> Conv|8|3|1|P"): True,
    ("(3*W*W) -> ZeroPad|(1,0) -> Cropping|(1,0)", "(3*W*W) -> ReLU"): True,
    ("(3*W*W) -> ZeroPad|(1,0) -> Cropping|(0,1)", "(3*W*W) -> ReLU"): False,
    ("(3*W*W) -> Cropping|(0,1) -> Flatten", "(3*W*W) -> Cropping|(1,0) -> Flatten"): False,
    ("(3*W*W) @a -> ZeroPad|(1,0) -> Cropping|(0,1) -> Add|a", "(3*W*W) @a -> ReLU -> Add|a"): False,
    ("(3*W*W) -> ZeroPad|(1,0) -> Deconv|8|3|2", "(3*W*W) -> ZeroPad|(0,1) -> Deconv|8|3|2"): False,
}


@pytest.mark.parametrize("pair", ALIGNED, ids=" | ".join)
def test_equal_sizes_from_other_windows(pair: tuple[str, str]) -> None:
    found = data(*pair)
    assert found["aligned"] is ALIGNED[pair]
    text = comparison(*map(Network.parse, pair))
    assert ("not aligned" in text) == (ALIGNED[pair] is False)
    assert bool(found["shifts"]) >= (ALIGNED[pair] is False)


LAYERS = st.sampled_from(
    [
        "Conv|4|3|2|same",
        "Conv|4|3|2|1",
        "Conv|4|2|2|same",
        "Conv|4|2|2",
        "Maxpool|3|3|same",
        "Conv|4|5|3|2",
        "Conv|4|5|3|same",
    ]
)


def starts(net: Network, size: int) -> list[int] | None:
    """Padding before the start of every layer with windows, by counting what the last window needs, with what layers add or
    drop before it."""
    found: list[int] = []
    added = 0
    try:
        placed = net.at(W=size).placed
    except SymnetError:
        return None
    for place in placed[1:]:
        layer, before, after = place.layer, place.inputs[0].axes[-1].constant, place.output.axes[-1].constant
        if layer.kind in ("ZeroPad", "Cropping"):  # type: ignore[union-attr]
            moved = getattr(layer, "padding", None) or layer.cropping  # type: ignore[union-attr]
            entries = moved.amounts(0)[0].constant
            added += entries if layer.kind == "ZeroPad" else -entries  # type: ignore[union-attr]
            continue
        padding = layer.padding  # type: ignore[union-attr]
        if padding.mode == "same":
            kernel, stride = layer.kernel[0].constant, layer.stride[0].constant  # type: ignore[union-attr]
            found.append(added + max((after - 1) * stride + kernel - before, 0) // 2)
        else:
            found.append(added + padding.amounts(0)[0].constant)
        added = 0
    return found


#: What may stand before each of them.
MOVES = st.sampled_from(["", "", "ZeroPad|(1, 0) -> ", "ZeroPad|(0, 1) -> ", "ZeroPad|1 -> ", "Cropping|(0, 1) -> "])
MOVED = st.builds(str.__add__, MOVES, LAYERS)


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.tuples(MOVED, MOVED), min_size=1, max_size=3))
def test_shifts_are_what_counting_gives(pairs: list[tuple[str, str]]) -> None:
    one, two = (Network.parse(" -> ".join(("(3*W)", *layers))) for layers in zip(*pairs, strict=True))
    found = compare(one, two).windows
    if found.aligned is None:
        return
    for size in range(60, 96):
        ours, theirs = starts(one, size), starts(two, size)
        if ours is None or theirs is None or one.at(W=size).output != two.at(W=size).output:
            continue
        expected = [mine - other for mine, other in zip(ours, theirs, strict=True)]
        told = dict.fromkeys(range(len(expected)), 0)
        names = [place.name for place in one.placed[1:] if place.layer.kind not in ("ZeroPad", "Cropping")]  # type: ignore[union-attr]
        for shift in found.shifts:
            if shift.members is None or size in shift.members:
                told[names.index(shift.first)] = shift.shift
        assert list(told.values()) == expected, size
