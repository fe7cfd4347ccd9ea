"""Which output is meant where a model has several."""

from __future__ import annotations

from dataclasses import replace

import pytest

from symnet import FC, Input, Network
from symnet.render.json import table_data


def test_the_first_output_that_a_model_declares_is_its_output() -> None:
    plain = Network.parse("(3*16*16) @a -> Conv|8|3 -> From|a -> Conv|4|5")
    for declared, output in (((), [8, 14, 14]), ((1, 2), [8, 14, 14]), ((2, 1), [4, 12, 12]), ((1,), [8, 14, 14])):
        model = Network.of(replace(plain.graph, declared=declared))
        assert [size.term.constant for size in model.output] == output
        assert table_data(model)["output"] == output
        assert [size.theorem.conclusion.args[1].constant for size in model.output] == output


@pytest.mark.parametrize(
    "text",
    [
        "(3*9*9) -> Conv|8|3 @a -> Maxpool|2 -> From|a -> Conv|4|1",
        "(3*W*W) -> Conv|8|3 @a -> Maxpool|2 -> From|a -> Conv|4|1 -> From|a -> Conv|2|K",
        "784 @a -> FC|10 -> From|a -> FC|5",
        "784 -> FC|10",
    ],
)
def test_output_is_the_first_of_the_outputs(text: str) -> None:
    network = Network.parse(text)
    data = table_data(network)
    assert network.output == network.outputs[0]
    assert data["output"] == data.get("outputs", [data])[0]["output"]


def test_the_order_that_python_says_is_the_order() -> None:
    a = Input(8)
    one, two = FC(1)(a), FC(2)(a)
    other_way = Network(a, [two, one])
    assert other_way.output == (2,)
    assert other_way.graph.outputs() == (1, 2)
    assert Network(a, [one, two]).output == (1,)
