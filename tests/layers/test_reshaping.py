"""Layers that arrange numbers anew, keep a part of them, or take one for many: sizes, closed forms and refusals."""

from __future__ import annotations

from itertools import islice, product
from operator import add, floordiv, mul, sub
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet.errors import LayerError
from symnet.layers.kinds.slicing import Slice, slice_law
from symnet.network.domain import domain
from symnet.network.network import Network
from symnet.network.propagate import propagate
from symnet.notation.parse import parse_network
from symnet.printing.text import text
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.term import Symbol, integer, symbols_of
from tests.layers.asking import output, refusal, sizes

SIZES = {
    "(3*4*5) -> Flatten": (60,),
    "(3*4*5) -> Flatten|start_dim=2": (3, 20),
    "(3*4*5) -> Flatten|end_dim=2": (12, 5),
    "(3*4*5) -> Flatten|start_dim=2|end_dim=2": (3, 4, 5),
    "1600 -> Reshape|64*5*5": (64, 5, 5),
    "1600 -> Reshape|(-1)*5*5": (64, 5, 5),
    "(3*4*5) -> Reshape|-1": (60,),
    "12 -> Reshape|2*1*2*1*3": (2, 1, 2, 1, 3),
    "(3*4*5) -> Permute|2*3*1": (4, 5, 3),
    "(3*4*5) -> Permute|(-1)*1*2": (5, 3, 4),
    "(2, 3) -> Permute|2*1": (3, 2),
    "32 -> RepeatVector|3": (3, 32),
    "(4, 8) -> Repeat|3|axis=1": (12, 8),
    "(3*4*5) -> Repeat|2|-1": (3, 4, 10),
    "(2, 2) -> ExpandDims|-1": (2, 2, 1),
    "7 -> ExpandDims|1": (1, 7),
    "(512*1*1) -> Squeeze": (512,),
    "(1*5*1) -> Squeeze|3": (1, 5),
    "(1*5*1) -> Squeeze|1*3": (5,),
    "(3*9*9) -> Slice|2|1|-1": (3, 7, 9),
    "(3*9*9) -> Slice|2|-3": (3, 3, 9),
    "(3*9*9) -> Slice|2|0|100": (3, 9, 9),
    "(3*9*9) -> Slice|2|2|7|2": (3, 3, 9),
    "(3*9*9) -> Slice|1|0|1": (1, 9, 9),
    "(6*9*9) -> Split|3|2": (2, 9, 9),
    "(6*9*9) -> Split|3|axis=3": (6, 9, 3),
    "(6*9*9) -> ChannelShuffle|3": (6, 9, 9),
    "(6*7*8) -> Mean": (),
    "(6*7*8) -> Mean|keepdims=yes": (1, 1, 1),
    "(6*7*8) -> Max|1": (7, 8),
    "(6*7*8) -> Sum|2*3": (6,),
    "HWC:7x8x6 -> Mean|1*2": (6,),
    "(6*7*8) -> GLU|1": (3, 7, 8),
    # the lecture notes: expand, concatenate, smallest along the last axis, largest of the flattened
    "HWC:2x2 -> ExpandDims|-1 @x -> Concat|x|axis=-1 -> Min|-1": (2, 2),
    "(2, 2) -> Flatten -> Max": (),
}


@pytest.mark.parametrize(("network", "expected"), SIZES.items(), ids=str)
def test_sizes(network: str, expected: tuple[int, ...]) -> None:
    assert sizes(network) == expected


def test_symbols() -> None:
    assert output("(C*H*W) -> Flatten") == ("C*H*W",)
    assert output("(C*H*W) -> Reshape|C*(-1)") == ("C", "W*H")
    assert output("(C*H*W) -> Flatten|start_dim=2 -> Permute|2*1") == ("H*W", "C")
    assert output("((2*C)*H*W) -> Split|2") == ("C", "H", "W")
    assert output("(C*H*W) -> Split|2") == ("C//2", "H", "W")
    assert output("(C*H*W) -> Slice|2|1|-1|2") == ("C", "(H - 1)//2", "W")
    assert output("(C*H*W) -> Slice|1|1|-1") == ("C - 2", "H", "W")


def test_a_vector_remembers_the_data_format() -> None:
    """The lecture notes' VAE: a dense layer, then 1×1×1024, channels last."""
    network = "HWC:64x64x3 -> Flatten -> FC|1024 -> Reshape|1*1*1024 -> Conv|8|1"
    assert sizes(network) == (1, 1, 8)
    assert sizes("(3*64*64) -> Flatten -> FC|1024 -> Reshape|1024*1*1 -> Conv|8|1") == (8, 1, 1)


def forms(network: str) -> list[str]:
    return [text(axis.form.term) for axis in propagate(parse_network(network))[-1].axes]


def test_axes_keep_their_closed_forms_where_they_go() -> None:
    """A square image turned round: its first axis is the width from then on."""
    assert forms("(3*28*28) -> Maxpool|2") == ["H//2", "W//2"]
    assert forms("(3*28*28) -> Permute|1*3*2") == ["W", "H"]
    assert forms("(28*28*28) -> Permute|2*1*3") == ["28", "W"]
    assert forms("(3*28*28) -> Max|2|keepdims=yes") == ["1", "W"]
    assert forms("(3*28*28) -> Max|2") == ["W"]
    assert forms("(3*28*28) -> ExpandDims|2") == ["1", "H", "W"]
    assert forms("(3*28*28) -> Reshape|3*28*28") == ["H", "W"]
    assert forms("(3*28*28) -> Reshape|28*28*3") == ["28", "3"]
    assert forms("(3*28*28) -> FC|28|axis=last") == ["H", "28"]
    assert forms("(3*28*28) -> Slice|2|1|-1|2") == ["(H - 1)//2", "W"]


@given(st.integers(1, 30), st.integers(0, 12), st.integers(0, 12), st.integers(1, 5))
def test_the_law_of_slices_is_pythons(size: int, before: int, after: int, step: int) -> None:
    kept = len(range(size)[before : size - after : step]) if before + after < size else 0
    if kept:
        map_ = slice_law(start=True, end=True).at(integer(before), integer(after), integer(step))
        assert evaluate(map_.formula(integer(size))) == kept


@given(st.integers(1, 20), st.integers(-25, 25), st.none() | st.integers(-25, 25), st.integers(1, 5))
def test_slices_are_pythons(size: int, start: int, stop: int | None, step: int) -> None:
    kept = len(range(size)[start:stop:step])
    network = f"(2*{size}*3) -> " + Slice(2, start, stop, step).notation
    if kept:
        assert sizes(network) == (2, kept, 3)
    else:
        assert refusal(network)
    channels = f"({size}*2*3) -> " + Slice(1, start, stop, step).notation
    assert (sizes(channels) if kept else refusal(channels)) == ((kept, 2, 3) if kept else refusal(channels))


@given(st.integers(-6, 6), st.none() | st.integers(-6, 6), st.integers(1, 3))
def test_slices_of_letters_are_pythons(start: int, stop: int | None, step: int) -> None:
    """What a slice gives for every size, clamped as Python clamps, and where it gives nothing."""
    try:
        net = Network.parse("(2*W) -> " + Slice(2, start, stop, step).notation)
    except LayerError:
        assert not any(range(size)[start:stop:step] for size in range(1, 20))
        return
    fits = domain(net.proof.hypotheses).of(Symbol("W"))
    for size in range(1, 20):
        kept = len(range(size)[start:stop:step])
        assert (size in fits) == (kept > 0)
        assert not kept or evaluate(net.last.axes[0].form.term, {Symbol("W"): size}) == kept


#: A start and a stop in letters, as Python would write them.
ENDS = [
    ("0", "n"), ("0", "n + 1"), ("2", "n"), ("s", "n"), ("s", "None"), ("(-3)", "n"), ("0", "2*W"), ("0", "W//2"), ("1", "W - 1"),
    ("W - 5", "None"), ("W - 2", "n"), ("0", "n - 3"), ("W - 4", "W//2"), ("s", "5"), ("n", "n + 2"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "stop"), ENDS)
@pytest.mark.parametrize("step", [1, 2])
def test_slices_with_letters_are_pythons(start: str, stop: str, step: int) -> None:
    """Wherever the hypotheses hold: a stop past the end is the end, as in Python."""
    end = "" if stop == "None" else f"|stop=({stop})"
    net = Network.parse(f"(2*W) -> Slice|2|({start}){end}|step={step}")
    hypotheses, size = net.proof.hypotheses, net.placed[-1].output.dims[1]
    told = 0
    for W, n, s in product(range(1, 9), range(1, 11), range(1, 5)):
        values = {symbol: {"W": W, "n": n, "s": s}[symbol.name] for symbol in symbols_of(size, *hypotheses)}
        words = {"W": W, "n": n, "s": s, "None": None}
        kept = len(range(W)[number(start, words) : number(stop, words) : step])
        if all(holds(one, values) for one in hypotheses):
            assert evaluate(size, values) == kept > 0
            told += 1
        else:  # nothing is kept, or an end in letters is negative, which in Python counts from the end
            ends = [number(end, words) for end in (start, stop) if end not in ("None", "(-3)")]
            assert kept == 0 or min(ends) < 0
    assert told > 20


def number(text: str, words: dict[str, Any]) -> Any:
    """``W - 1``, ``2*W``, ``W//2``, a name or a number."""
    for sign, made in (("//", floordiv), ("*", mul), (" + ", add), (" - ", sub)):
        if sign in text:
            left, right = (number(part, words) for part in text.split(sign))
            return int(made(left, right))
    return words[text] if text in words else int(text.strip("()"))


def test_the_last_entries_are_as_many_as_there_are() -> None:
    assert output("(2*W) -> Slice|2|(-5)") == ("2", "min(5, W)")
    assert output("(2*W) -> Slice|2|(-1)") == ("2", "1")
    assert Network.parse("(2*W) -> Slice|2|(-5)").proof.hypotheses == ()


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_a_size_left_over_is_what_is_missing(dims: list[int]) -> None:
    total = 1
    for size in islice(dims, 0, None):
        total *= size
    for place in range(len(dims)):
        asked = "*".join("(-1)" if index == place else str(size) for index, size in enumerate(dims))
        assert sizes(f"{total} -> Reshape|{asked}") == tuple(dims)


REFUSED = {
    "(3*4*5) -> Reshape|3*4*6": "a reshape keeps the number of entries",
    "(3*4*5) -> Reshape|7*(-1)": "the sizes given divide the number of entries: 7 ∣ 3·4·5 (= 60) does not hold",
    "(3*4*5) -> Reshape|(-1)*(-1)": "only one size may be −1, got 2",
    "(3*4*5) -> Reshape|0*60": "a size of the new shape is 0",
    "(3*4*5) -> Reshape|-2": "target must be at least -1, got -2",
    "(3*4*5) -> Reshape": "Reshape needs target",
    "(3*4*5) -> Permute|1*2": "orders 2 sizes of 3; every size is named once",
    "(3*4*5) -> Permute|1*2*2": "size 1, 2, 2: one of them twice",
    "(3*4*5) -> Permute|1*2*4": "there is no size 4: the sizes are 1 to 3, or −1 to −3 from the end",
    "(3*4*5) -> Permute|0*1*2": "size 0 is the batch, which is left out; the first size is 1",
    "(3*4*5) -> Repeat|2": "repeats a vector (D,), got 3 sizes; name the axis, as in Repeat|2|axis=1",
    "7 -> Repeat|0": "times must be at least 1, got 0",
    "(3*4*5) -> ExpandDims|5": "there is no axis 5",
    "(3*4*5) -> Squeeze|1": "only a size 1 can be taken away: 3 = 1 does not hold",
    "(3*4*5) -> Slice|4": "there is no axis 4",
    "(3*4*5) -> Slice|2|4": "1 ≤ 4 − 4 (= 0) does not hold",
    "(3*4*5) -> Slice|2|2|1": "the slice keeps at least one entry: 3 ≤ 1 does not hold",
    "(3*4*5) -> Slice|2|0|2|0": "step must be at least 1, got 0",
    "(3*4*5) -> Split|2": "the parts are of one size: 2 ∣ 3 does not hold",
    "(4*4*5) -> Split|2|2": "there is such a part: 2 + 1 ≤ 2 does not hold",
    "(4*4*5) -> Split|2|-1": "index must be at least 0, got -1",
    "(4*4*5) -> ChannelShuffle|3": "the groups share the channels evenly: 3 ∣ 4 does not hold",
    "(4*4*5) -> Flatten|start_dim=3|end_dim=2": "start_dim stands after end_dim",
    "(4*4*5) -> Mean|4": "there is no axis 4",
    "(4*4*5) -> Mean|keepdims=2": "keepdims must be yes or no, got '2'",
    "(4*4*5) -> GLU": "both halves are of one size: 2 ∣ 5 does not hold",
    "7 -> Mean -> FC|3": "needs at least one size, got a single number",
}


@pytest.mark.parametrize(("network", "expected"), REFUSED.items(), ids=str)
def test_refusals(network: str, expected: str) -> None:
    assert expected in refusal(network)
