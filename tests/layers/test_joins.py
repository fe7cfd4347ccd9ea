"""Joins: what they give, which sizes must agree, and how they say that they do not."""

from __future__ import annotations

import pytest

from symnet import Network
from symnet.errors import LayerError
from symnet.layers.declaration.shape import CHANNELS_LAST, Shape
from symnet.layers.kinds.joins import Concat
from symnet.layers.kinds.merges import Add, Multiply
from symnet.network.propagate import propagate
from symnet.notation.parse import parse_network
from symnet.printing.text import text
from symnet.terms.propositions import Eq
from symnet.terms.term import Symbol, integer
from tests.layers.asking import output, refusal, sizes, work

SIZES = {
    "(64*56*56) @a -> Conv|64|3|1|1 -> Add|a": (64, 56, 56),
    "(64*56*56) @a -> Conv|64|3|1|1 @b -> Conv|64|3|1|1 -> Add|a|b": (64, 56, 56),
    "(8*4*4) @a -> Mean|2*3|keepdims=yes -> Multiply|a": (8, 4, 4),
    "(8*4*4) @a -> Mean|2*3|keepdims=yes @s -> From|a -> Multiply|s": (8, 4, 4),
    "(8*4*4) @a -> Mean|1|keepdims=yes @m -> From|a -> Mean|2|keepdims=yes -> Add|m": (8, 4, 4),
    "16 @a -> FC|16 -> Subtract|a": (16,),
    "16 @a -> FC|16 -> Maximum|a -> Minimum|a -> Average|a": (16,),
    "(256*56*56) @a -> Conv|32|3|1|1 -> Concat|a": (288, 56, 56),
    "HWC:56x56x256 @a -> Conv|32|3|1|1 -> Concat|a": (56, 56, 288),
    "(3*8*8) @a -> Conv|3|3|1|1 -> Concat|a|axis=2": (3, 16, 8),
    "(3*8*8) @a -> Conv|5|3|1|1 @b -> Concat|a|b|b": (18, 8, 8),
    "10 @a -> FC|5 -> Concat|a": (15,),
    "(64*64*64) @a -> Conv|8|3 @b -> From|a -> Crop|b": (64, 62, 62),
    "(10, 32) @a -> TimeDistributed|32 -> Dot|a|axes=2*2": (10, 10),
    "(10, 32) @a -> Dot|a|axes=1": (32, 32),
    "10 @a -> Dot|a|axes=1": (),
}


@pytest.mark.parametrize(("network", "expected"), SIZES.items(), ids=str)
def test_sizes(network: str, expected: tuple[int, ...]) -> None:
    assert sizes(network) == expected


def test_channels_of_a_concat_add_up() -> None:
    assert output("(C*W*W) @a -> Conv|K|3|1|1 -> Concat|a")[0] == "K + C"


def test_a_dot_multiplies_all_pairs() -> None:
    assert work("(10, 32) @a -> TimeDistributed|32 -> Dot|a|axes=2*2") == 10 * 10 * 32


def test_axes_pass_a_join() -> None:
    last = propagate(parse_network("(3*28*28) -> Maxpool|2 @a -> Conv|3|3|1|1 -> Add|a"))[-1]
    assert [text(axis.form.term) for axis in last.axes] == ["H//2", "W//2"]
    last = propagate(parse_network("(3*28*28) -> Maxpool|2 @a -> Mean|2*3|keepdims=yes -> Multiply|a"))[-1]
    assert [text(axis.form.term) for axis in last.axes] == ["H//2", "W//2"]
    last = propagate(parse_network("(3*28*28) @a -> Maxpool|2 @b -> From|a -> Crop|b"))[-1]
    assert [text(axis.form.term) for axis in last.axes] == ["H//2", "W//2"]


W, V, C = Symbol("W"), Symbol("V"), Symbol("C")


def test_sizes_that_differ_are_conditions() -> None:
    one, two = Shape((C, W, W)), Shape((C, V, W))
    conditions = Add().apply((one, two)).conditions
    assert [condition.proposition for condition in conditions] == [Eq(W, V)]
    assert conditions[0].why == "Add needs equal H"
    assert [c.proposition for c in Concat(axis=3).apply((one, two)).conditions] == [Eq(W, V)]
    assert Concat(axis=2).apply((one, two)).conditions == ()


def test_a_size_one_stretches_and_a_symbol_does_not() -> None:
    image, factor = Shape((W, W, C), CHANNELS_LAST), Shape((integer(1), integer(1), C), CHANNELS_LAST)
    applied = Multiply().apply((factor, image))
    assert applied.output == image
    assert applied.conditions == ()
    assert applied.origins == ((1, 0), (1, 1))
    assert Multiply().apply((image, Shape((V, V, C), CHANNELS_LAST))).conditions != ()


def test_a_join_of_one_is_refused() -> None:
    with pytest.raises(LayerError, match="joins at least two outputs"):
        Add().apply((Shape((C, W, W)),))


REFUSED = {
    "(3*8*8) @a -> Maxpool|2 -> Add|a": "Add needs equal H and W: 4 = 8 does not hold",
    "(3*8*8) @a -> Conv|4|3|1|1 -> Add|a": "Add needs equal channels: 4 = 3 does not hold",
    "(3*8*8) @a -> Maxpool|2 -> Concat|a": "Concat needs equal H and W: 4 = 8 does not hold",
    "HWC:8x8x3 @a -> Maxpool|2 -> Concat|a": "Concat needs equal H and W: 4 = 8 does not hold",
    "(3*8*8) @a -> FC|4 -> Add|a": "Add of 1 sizes and 3 sizes; reshape one of them before",
    "8 @a -> FC|4 -> Add|a": "Add needs equal size: 4 = 8 does not hold",
    "(3*8*8) -> Add": "labelled outputs",
    "(3*8*8) @a -> ReLU -> Subtract|a|a": "Subtract takes 1 label, as in Subtract|a, got 2",
    "(3*8*8) @a -> ReLU -> Add|b": "unknown label 'b'",
    "(3*8*8) @a -> Concat|a|axis=4": "there is no axis 4",
    "(3*8*8) @a -> Maxpool|2 -> Crop|a": "a crop is no larger in H: 8 ≤ 4 does not hold",
    "8 @a -> Crop|a": "needs at least one axis, got a vector",
    "(10, 32) @a -> TimeDistributed|16 -> Dot|a|axes=2": "Dot sums over equal sizes: 16 = 32 does not hold",
    "(10, 32) @a -> Dot|a": "Dot needs axes",
}


@pytest.mark.parametrize(("network", "expected"), REFUSED.items(), ids=str)
def test_refusals(network: str, expected: str) -> None:
    assert expected in refusal(network)


ACCIDENTS = {
    "(1*2) -> Maxpool|1 @a -> Maxpool|2 @b -> From|a -> Add|b": "for no L",
    "(2*5) -> Conv|3|3 @a -> Conv|3|3 -> Add|a": "for no L",
    "(2*6*5) -> Conv|3|(5, 1) @a -> Conv|3|(2, 1) -> Multiply|a": "for no H",
    "(3*8*2) @a -> Maxpool|(1, 2) -> Maximum|a": "for no W",
}


@pytest.mark.parametrize(("network", "general"), ACCIDENTS.items(), ids=str)
def test_a_one_of_this_input_only_does_not_stretch(network: str, general: str) -> None:
    """With a letter for the size the same network is refused, too: it joins for no input."""
    said = refusal(network)
    assert "a size 1 stretches only where it is 1 for every input (PyTorch would stretch this one)" in said
    assert said.endswith(f"holds {general}")
    assert "; stretch=yes lets it; " in said


@pytest.mark.parametrize("network", [*ACCIDENTS, "(3*5*6)@a -> Maxpool|5*6 -> Multiply|a -> Conv|8|1"])
def test_the_first_change_that_is_offered_is_to_let_it(network: str) -> None:
    with pytest.raises(LayerError) as refused:
        Network.parse(network)
    first = refused.value.fixes[0]
    join = network.rpartition(first["code"].partition("|")[0])[1]
    assert first["code"] == f"{join}|stretch=yes"
    label = network.rpartition(f"{join}|")[2].partition(" ")[0]
    assert Network.parse(network.replace(f"{join}|{label}", f"{join}|{label}|stretch=yes")).output


def test_what_has_no_such_option_is_not_told_to_use_it() -> None:
    said = refusal("(3*2*4*4) @a -> Maxpool|2*1*1 -> MatMul|a")
    assert "a size 1 stretches only where it is 1 for every input" in said
    assert "stretch=yes" not in said


@pytest.mark.parametrize(
    "layer", ["Conv|8|3", "Conv|8|3|groups=2", "Depthwise|3", "Deconv|8|3", "Maxpool|2", "BN", "LSTM|3"]
)
def test_a_single_number_is_refused_by_the_layer(layer: str) -> None:
    with pytest.raises(LayerError, match=r"^layer 2 \("):
        Network.parse(f"8 -> Max -> {layer}")


#: Networks where a size is 1 for these numbers only and is said to stretch, the output, and the inputs for which the closed forms hold.
ONE_HERE = {
    "(1*2) -> Maxpool|1 @a -> Maxpool|2 @b -> From|a -> Add|b|stretch=yes": ((1, 2), ("L >= 2 and L <= 3",)),
    "(2*5) -> Conv|3|3 @a -> Conv|3|3 -> Add|a|stretch=yes": ((3, 3), ("L == 5",)),
    "(2*6*5) -> Conv|3|(5, 1) @a -> Conv|3|(2, 1) -> Multiply|a|stretch=yes": ((3, 2, 5), ("H == 6",)),
    "(3*8*2) @a -> Maxpool|(1, 2) -> Maximum|a|stretch=yes": ((3, 8, 2), ("W >= 2 and W <= 3",)),
    "(3*5*6) @a -> Maxpool|5*6 -> Multiply|a|stretch=yes": ((3, 5, 6), ("H >= 5 and H <= 9", "W >= 6 and W <= 11")),
    "(3*1*7) @b -> Input|3*5*7 -> Add|b": ((3, 5, 7), ()),
}


@pytest.mark.parametrize(("network", "expected"), ONE_HERE.items(), ids=str)
def test_a_one_of_this_input_only_stretches_where_it_is_said(
    network: str, expected: tuple[tuple[int, ...], tuple[str, ...]]
) -> None:
    output, hypotheses = expected
    net = Network.parse(network)
    assert net.output == output
    assert set(net.hypotheses) == set(hypotheses)


@pytest.mark.parametrize(
    ("network", "field"),
    [
        ("(3*5*7) @a -> Conv|3|5*3|1|0*1 -> Add|a|stretch=yes", (None, 3)),
        ("(2*5) -> Conv|3|3 @a -> Conv|3|3 -> Add|a|stretch=yes", ()),
        ("(3*5*7) @a -> Input|3*1*7 -> Add|a", (1, 1)),
        ("(10, 64) @a -> Permute|2*1 -> MatMul|a", ()),
    ],
)
def test_what_stretches_has_no_window(network: str, field: tuple[int | None, ...]) -> None:
    net = Network.parse(network)
    assert net.receptive_field["size"] == field
    words = " ".join(net.report("text").split())
    if None in field:
        assert "One unit sees 3 inputs along W, 1 apart; along H no window bounds it: add1 stretches a size 1" in words


@pytest.mark.parametrize(
    "network",
    [
        "(8*5*5) @a -> GlobalAvgPool|keepdims=yes -> Multiply|a",
        "(8*5*5) @a -> AdaptiveAvgPool|1 -> Multiply|a",
        "(8*5*5) @a -> Mean|3|keepdims=yes -> Subtract|a",
        "(8*1*1) @a -> Maxpool|1 -> Add|a",
        "(8*5*5) @a -> Input|8*1*1 -> Add|a",
    ],
)
def test_a_one_of_every_input_stretches(network: str) -> None:
    assert sizes(network) == output_of_the_first(network)


def output_of_the_first(network: str) -> tuple[int, ...]:
    return sizes(network.partition(" ")[0] + " -> ReLU")


def test_an_axis_goes_on_as_the_one_it_is_for_every_input() -> None:
    last = propagate(parse_network("(4*1*1) @a -> Mean|2*3|keepdims=yes -> Add|a"))[-1]
    assert [text(axis.form.term) for axis in last.axes] == ["H", "W"]


def test_single_numbers_join() -> None:
    assert sizes("(3*1*1) -> Mean -> Max @a -> Add|a") == ()
