"""Shared and frozen weights, further inputs, and what is given without proof."""

from __future__ import annotations

import pytest

from symnet import solve
from symnet.errors import LayerError
from symnet.notation.writer import write_network
from symnet.public import Network
from symnet.render.json import table_data
from symnet.terms.term import integer


def numbers(net: Network) -> tuple[int | None, int | None]:
    return net.parameters.term.constant, net.trainable.term.constant


def test_shared_weights_count_once_and_work_twice() -> None:
    """Keras: a Dense(4) called on two inputs of 3 numbers has 3·4 + 4 parameters, however often it is called."""
    net = Network.parse("3 -> FC|4|name=a @x -> Input|3 -> FC|4|shares=a -> Concat|x")
    assert numbers(net) == (16, 16)
    assert net.multiply_adds.term.constant == 24
    assert net.output == (8,)
    assert "Its weights are those of `a`" in net.report()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3 -> FC|4|shares=b -> FC|4|name=b", "no layer before it has that name"),
        ("3 -> FC|4|name=a -> FC|4|shares=a", "have other shapes"),
        ("3 -> FC|4|name=a -> FC|4|shares=input", "no layer before it has that name"),
    ],
)
def test_weights_that_cannot_be_shared_are_refused(text: str, words: str) -> None:
    with pytest.raises(LayerError, match=words):
        Network.parse(text)


def test_frozen_layers_are_counted_and_not_trained() -> None:
    net = Network.parse("(3*8*8) -> Conv|4|3|frozen=yes -> BN -> FC|2")
    trained = 2 * 4 + (4 * 6 * 6 + 1) * 2
    assert numbers(net) == ((3 * 9 + 1) * 4 + 4 * 4 + (4 * 6 * 6 + 1) * 2, trained)


def test_some_weights_of_a_layer_are_frozen() -> None:
    """PyTorch: requires_grad=False on a bias alone."""
    net = Network.parse('(3*8*8) -> Conv|4|3|freezes=bias -> BN|freezes="gamma beta"')
    assert numbers(net) == ((3 * 9 + 1) * 4 + 4 * 4, 3 * 9 * 4)
    with pytest.raises(LayerError, match="freezes offset, and has no such weights"):
        Network.parse("(3*8*8) -> Conv|4|3|freezes=offset")


def test_a_comparison_that_must_hold_is_a_hypothesis() -> None:
    net = Network.parse("(3*W*W) -> Require|W|equals|224 -> Conv|768|16|16")
    assert net.at(W=224).output == (768, 14, 14)
    with pytest.raises(LayerError, match="225 = 224 does not hold"):
        net.at(W=225)
    asked = solve("(3*W*W) -> Require|(W // 2)|differs|7 -> Conv|8|3", where="W<=20", valid=True)
    assert sorted(asked) == [*range(3, 14), *range(16, 21)]


def test_a_further_input_has_sizes_of_its_own() -> None:
    net = Network.parse("(3*W*W) -> Conv|8|3|2|1 @a -> Input|5*V*V -> Conv|8|3|2|1 -> Concat|a")
    assert [str(found) for found in table_data(net)["hypotheses"]] == ["(V + 1)//2 == (W + 1)//2"]
    assert net.at(W=9, V=10).output == (16, 5, 5)
    with pytest.raises(LayerError, match="Concat needs equal"):
        net.at(W=9, V=11)


def test_a_weight_matrix_of_fixed_size_asks_for_its_input() -> None:
    """torchvision's VGG head: 25,088 inputs are 512·7·7, which only some image sizes give."""
    net = Network.parse("(512*W*W) -> FC|10|inputs=25088")
    assert numbers(net) == (250890, 250890)
    assert net.at(W=7).output == (10,)
    with pytest.raises(LayerError, match="so many inputs"):
        net.at(W=8)


def test_what_is_assumed_is_said_in_every_report() -> None:
    net = Network.parse(
        '(3*9*9) @a -> Opaque|a|output=4*5*5|parameters=10|trained=4|according="Keras" -> Held|7 -> FC|2'
    )
    assert numbers(net) == (10 + 7 + 202, 4 + 7 + 202)
    said = "gives 4×5×5 and holds 10 parameters, as Keras says; its multiply-adds are not counted"
    assert net.assumed == (("opaque1", said),)
    assert said in net.report()
    assert table_data(net)["assumed"] == [f"opaque1 {said}"]
    assert "Assumed:** nothing" not in net.report()


def test_more_trained_than_there_are_is_refused() -> None:
    with pytest.raises(LayerError, match="more parameters are trained"):
        Network.parse("3 -> Opaque|output=3|parameters=4|trained=5")


def test_notation_comes_back() -> None:
    net = Network.parse("(3*W*W) -> Conv|8|3|name=a.b @x -> Input|3*V*V -> Conv|8|3|shares=a.b -> Concat|x -> Held|3")
    assert Network.parse(net.notation).graph == net.graph == Network.parse(write_network(net.graph)).graph


def test_a_long_chain_of_blocks_is_shown_as_blocks() -> None:
    net = Network.parse("(8*32*32) -> 30 * [@x -> Conv|8|3|1|1 -> ReLU -> Add|x] -> GlobalAvgPool -> FC|10")
    report = net.report()
    assert "rows 1 to 3 again, 29 more times, up to 90" in report
    assert "Layers 1 to 3 again, 29 more times, up to layer 90." in report
    assert "### 91." in report
    assert "### 4." not in report
    assert net.placed[-1].output.dims == (integer(10),)


def test_a_budget_counts_shared_weights_once() -> None:
    """(3 + 1)·K ≤ 100 for the one weight matrix that both layers use."""
    found = solve("3 -> FC|K|name=a @x -> Input|3 -> FC|K|shares=a -> Concat|x", for_="K", budget="parameters<=100")
    assert sorted(found) == list(range(1, 26))


def test_a_network_can_be_asked_for_its_input_sizes() -> None:
    net = Network.parse("(3*W*W) -> Conv|8|7|2 -> Maxpool|3|2")
    assert (str(solve(net)), solve(net).smallest) == ("W ≥ 11", 11)
