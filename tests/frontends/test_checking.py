"""At which sizes a framework is run: inside the hypotheses of a network, at sizes that differ, and once outside."""

from __future__ import annotations

import pytest

from symnet.errors import ModelError
from symnet.frontends.checking import (
    Point,
    disagreement,
    failing,
    inner_points,
    outer_point,
    parameters_at,
    same_parameters,
    work_at,
)
from symnet.public import Network
from symnet.terms.term import symbols_of

NETWORKS = (
    "(3*H*W) -> Conv|8|7|2|3 -> Maxpool|3|2|1",
    "(1*W*W) -> Conv|4|5 -> Flatten -> FC|3",
    "(3*H*W) -> Conv|8|3|1|1 @a -> Maxpool|2 -> Upsample|2 -> Add|a",
    "(3*H*W) -> Maxpool|2 -> Maxpool|2 -> Maxpool|2 -> Reshape|3*8*2",
    "(3*(16*h)*(16*w)) -> Conv|8|3|2|1 -> Conv|8|16|16",
    "(T*16) -> LSTM|8",
    "(1*W) -> Conv|1|200",
    "(C*H*W) -> Flatten -> FC|3",
    "(3*H*W) -> Conv|3|3",
    "(A, B, C, D, E) -> ReLU",
)


@pytest.mark.parametrize("notation", NETWORKS)
def test_two_choices_of_sizes_for_which_the_network_is_defined(notation: str) -> None:
    network = Network.parse(notation)
    symbols = symbols_of(*network.placed[0].output.dims)
    first, second = inner_points(network, symbols)
    assert first.sizes != second.sizes
    assert first.batch != second.batch
    for point in (first, second):
        assert failing(point, network) is None
        at = network.at(**{symbol.name: number for symbol, number in point.sizes.items()})
        assert at.counted().constant == parameters_at(network, point)
        assert at.work.constant == work_at(network, point)
        ours = [point.value(size) for size in network.placed[-1].output.dims]
        assert [size.constant for size in at.placed[-1].output.dims] == ours


def test_the_choice_outside_breaks_a_hypothesis() -> None:
    network = Network.parse("(1*W*W) -> Conv|4|5 -> Flatten -> FC|3")
    inner = inner_points(network, symbols_of(*network.placed[0].output.dims))[0]
    outer = outer_point(network, inner)
    assert outer is not None
    assert list(outer.sizes.values()) == [4]
    always = Network.parse("(T*16) -> LSTM|8")
    assert outer_point(always, inner_points(always, symbols_of(*always.placed[0].output.dims))[0]) is None


def test_a_network_of_numbers_and_one_that_nothing_fits() -> None:
    network = Network.parse("(3*8*8) -> Conv|3|2")
    (point,) = inner_points(network, [])
    assert point.sizes == {}
    assert point.batch == 5  # 3 is a size of the network
    nothing = Network.parse("(1*H*W) -> Reshape|1*1000003*1000033")
    assert inner_points(nothing, symbols_of(*nothing.placed[0].output.dims)) == []


def test_both_numbers_stand_in_the_error() -> None:
    network = Network.parse("784 -> FC|10 -> FC|10|frozen=yes")
    point = Point({}, 3)
    held: list[tuple[int, ...]] = [(784, 10), (10,), (10, 10), (10,)]
    same_parameters("Keras", "m", network, point, held, held[:2])
    with pytest.raises(ModelError, match="has 7850 parameters, and symnet counts 7960"):
        same_parameters("Keras", "m", network, point, held[:2], held[:2])
    with pytest.raises(ModelError, match="has 7960 trained parameters, and symnet counts 7850"):
        same_parameters("Keras", "m", network, point, held, held)
    words = str(disagreement("Keras", "f (keras.layers.Dense)", [(3, 8, 8)], 5, [(5, 4)], [(5, 3)]))
    assert words.startswith(
        "Keras: f (keras.layers.Dense): at the input 3×8×8, batch 5, Keras gives (5, 4) and symnet (5, 3)"
    )
