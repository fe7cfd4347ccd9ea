"""Reports and values of layers and networks can be copied and stored."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import sympy

from symnet import Conv, Network

k = sympy.Symbol("k")
NET = Network.parse("(3*W*W) -> Conv|8|3|S -> Maxpool|2")
THINGS: dict[str, Any] = {
    "table": NET.table(),
    "report": NET.report("html"),
    "parameters of a layer": Conv(8, 3).parameters,
    "parameters of a symbolic layer": Conv(k, 3).parameters,
    "multiply-adds of a layer": Conv(k, 3).multiply_adds,
}


def _copies(thing: Any) -> list[Any]:
    stored = [pickle.loads(pickle.dumps(thing, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
    return [copy.copy(thing), copy.deepcopy(thing), *stored]


@pytest.mark.parametrize("name", THINGS)
def test_a_copy_is_equal_and_of_its_kind(name: str) -> None:
    for found in _copies(THINGS[name]):
        assert found == THINGS[name]
        assert type(found).__name__ == type(THINGS[name]).__name__
        assert getattr(found, "format_name", None) == getattr(THINGS[name], "format_name", None)


def test_a_stored_number_of_parameters_has_its_theorem() -> None:
    stored = pickle.loads(pickle.dumps(Conv(k, 3).parameters))
    assert stored.theorem.conclusion == Conv(k, 3).parameters.theorem.conclusion
    assert stored.free_symbols == Conv(k, 3).parameters.free_symbols
