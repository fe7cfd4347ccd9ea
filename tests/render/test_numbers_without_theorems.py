"""Numbers that are no theorems are named: sizes that hold by definition of a layer, and receptive fields that are no single window."""

from __future__ import annotations

import pytest

from symnet.network.network import Network
from symnet.render.formats import report
from symnet.render.json import table_data


@pytest.mark.parametrize(
    ("network", "defined", "proven"),
    [
        (
            "(3,64,64) @a -> Conv|8|3|1|1 -> Concat|a -> Maxpool|2 -> AdaptiveAvgPool|7",
            ["concat1", "adaptiveavgpool1"],
            True,
        ),
        ("(3,W,W) -> Conv|8|3 -> Deconv|8|2|2", [], False),
        ("784 -> FC|10", ["dense1"], True),
    ],
)
def test_what_is_no_theorem_is_said_to_be_none(network: str, defined: list[str], proven: bool) -> None:
    parsed = Network.parse(network)
    data = table_data(parsed)
    assert data["by_definition"] == defined
    assert ("no_theorem" not in data["receptive_field"]) is proven
    told = " ".join(report(parsed, "text").split())
    assert all(name in told.split("by definition of the layer:")[1].split(".")[0] for name in defined)
    assert ("without a theorem about one window" not in told) is proven
