"""The line under a table: what it assumes."""

from __future__ import annotations

import pytest

from symnet.network.network import Network
from symnet.render.formats import table

SAID = {
    "(1*W) -> Conv|1|9": "Assumed: W ≥ 9.",
    "(3*W*W) @a -> Maxpool|2 -> Upsample|2 -> Add|a": "Assumed: W ≡ 0 (mod 2), W ≥ 2.",
    "(3*H*W) -> Conv|8|F": "Assumed: F ≤ H, F ≤ W.",
    "(3*H*28) -> Conv|8|5": "Assumed: H ≥ 5.",
    "(1*28*28) -> Opaque|output=8*7*7|parameters=100":
        "Assumed, not proven: opaque1 gives 8×7×7 and holds 100 parameters; its multiply-adds are not\ncounted.",
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), SAID.items(), ids=str)
def test_it_is_said_under_the_table(text: str, line: str) -> None:
    assert table(Network.parse(text), "text").endswith(f"\n\n{line}\n")
    assert table(Network.parse(text)).splitlines()[-2:][0] == ""


@pytest.mark.parametrize("text", ["784 -> FC|10", "(1*28*28) -> Conv|8|5", "(1*W) -> ReLU", "(1*W) -> Slice|2|(-5)"])
def test_nothing_is_said_where_nothing_is_assumed(text: str) -> None:
    assert "Assumed" not in table(Network.parse(text), "text")
    assert "Assumed" not in table(Network.parse(text))


def test_many_assumptions_are_counted() -> None:
    layers = " -> ".join(f"Opaque|output=8*7*7|parameters={place}" for place in range(1, 21))
    assert "and 12 more like these." in " ".join(table(Network.parse(f"(8*7*7) -> {layers}"), "text").split())
