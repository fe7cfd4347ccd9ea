"""Which output is meant where a model has several."""

from __future__ import annotations

from dataclasses import replace

from symnet.network.network import Network
from symnet.render.json import table_data


def test_the_first_output_that_a_model_declares_is_its_output() -> None:
    plain = Network.parse("(3*16*16) @a -> Conv|8|3 -> From|a -> Conv|4|5")
    assert [size.term.constant for size in plain.output] == [4, 12, 12]  # the last layer, where nobody says
    for declared, output in (((1, 2), [8, 14, 14]), ((2, 1), [4, 12, 12]), ((1,), [8, 14, 14])):
        model = Network.of(replace(plain.graph, declared=declared))
        assert [size.term.constant for size in model.output] == output
        assert table_data(model)["output"] == output
        assert [size.theorem.conclusion.args[1].constant for size in model.output] == output
