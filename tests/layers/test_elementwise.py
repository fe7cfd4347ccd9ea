"""Activations, their parameters, dense layers and factors a channel."""

from __future__ import annotations

import pytest

from symnet.layers.kinds.elementwise import FUNCTIONS, Activation, Dropout
from symnet.notation.parse import parse_network
from tests.layers.asking import output, parameters, refusal, sizes, work

COUNTS = {
    "(16*8*8) -> PReLU": 1024,
    "(16*8*8) -> PReLU|framework=keras": 1024,
    "(16*8*8) -> PReLU|framework=torch": 1,
    "(16*8*8) -> PReLU|16|framework=torch": 16,
    "(16*8*8) -> PReLU|shared_axes=2*3": 16,
    "HWC:8x8x16 -> PReLU|shared_axes=1*2|framework=keras": 16,
    "(16*8*8) -> PReLU|shared_axes=1*2*3": 1,
    "(16*8*8) -> Scale": 16,
    "(16*8*8) -> Scale|bias=yes": 32,
    "(16*8*8) -> ReLU -> Dropout|0.1 -> Rescaling|2": 0,
    "(32*5*5) -> FC|256": 205056,
    "(32*5*5) -> FC|256|bias=no": 204800,
    "(32*5*6) -> FC|7|axis=last": 49,
    "(32*5*6) -> Dense|7|framework=keras": 49,
    "(32*5*6) -> Linear|7|framework=torch": 49,
    "(32*5*6) -> FC|7|axis=all|framework=torch": 6727,
    "(16, 256) -> TimeDistributed|10": 2570,
    "TD:16*256 -> FC|10": 2570,
    "784 -> Linear|10": 7850,
}


@pytest.mark.parametrize(("network", "expected"), COUNTS.items(), ids=str)
def test_counts(network: str, expected: int) -> None:
    assert parameters(network) == expected


def test_dense_sizes() -> None:
    assert sizes("(32*5*6) -> FC|7") == (7,)
    assert sizes("(32*5*6) -> FC|7|axis=last") == (32, 5, 7)
    assert sizes("(16, 256) -> TimeDistributed|10") == (16, 10)
    assert output("(C*H*W) -> FC|N") == ("N",)
    assert work("(32*5*6) -> FC|7") == 32 * 5 * 6 * 7
    assert work("(32*5*6) -> FC|7|axis=last") == 32 * 5 * 6 * 7
    assert work("10 -> FC|7|axis=last") == 70


@pytest.mark.parametrize("name", FUNCTIONS)
def test_activations_are_written_by_their_own_name(name: str) -> None:
    layer = parse_network(f"(3*4*4) -> {name}").nodes[0].layer
    assert isinstance(layer, Activation)
    assert layer.notation == name
    assert parse_network(f"(3*4*4) -> Activation|{name.lower()}").nodes[0].layer == layer
    assert sizes(f"(3*4*4) -> {name}") == (3, 4, 4)


def test_activations_with_a_coefficient() -> None:
    layer = parse_network("784 -> LeakyReLU|0.2").nodes[0].layer
    assert layer == Activation("leakyrelu", "0.2")
    assert layer.notation == "LeakyReLU|0.2"
    assert parse_network('784 -> Activation|"my own"').nodes[0].layer.notation == 'Activation|"my own"'


REFUSED = {
    "(16*8*8) -> PReLU|5": "there is one slope, or one a channel: 5 = 16 does not hold",
    "(16*8*8) -> PReLU|16|shared_axes=2": "num_parameters and shared_axes both say which slopes are the same",
    "(16*8*8) -> PReLU|shared_axes=4": "there is no shared axis 4",
    "(16*8*8) -> PReLU|shared_axes=2|framework=torch": "PyTorch has num_parameters instead",
    "(16*8*8) -> PReLU|16|framework=keras": "Keras has shared_axes instead",
    "(16*8*8) -> Activation": "Activation needs function",
    "(16*8*8) -> Softmax|axis=4": "there is no axis 4",
    "(16*8*8) -> LeakyReLU|steep": "alpha must be a number, got 'steep'",
    "(16*8*8) -> Dropout|much": "rate must be a number, got 'much'",
    # Keras: "Expected a float value between 0 and 1"; torch: "has to be between 0 and 1"
    "(16*8*8) -> Dropout|1.5": "rate must be from 0 to 1, got 1.5",
    "(16*8*8) -> Dropout|-0.1": "rate must be from 0 to 1, got -0.1",
    "(16*8*8) -> Dropout|nan": "rate must be a finite number, got nan",
    "(16*8*8) -> FC": "FC needs units",
    "(16*8*8) -> FC|0": "units must be at least 1, got 0",
    "(16*8*8) -> FC|2.5": "",
    "(16*8*8) -> FC|10|axis=first": "axis must be one of last, all, got 'first'",
    "(16*8*8) -> FC|10|bias=maybe": "bias must be yes or no, got 'maybe'",
    "(16*8*8) -> Max -> Scale": "needs channels, got a single number",
}


@pytest.mark.parametrize(("network", "expected"), REFUSED.items(), ids=str)
def test_refusals(network: str, expected: str) -> None:
    assert expected in refusal(network)


@pytest.mark.parametrize("rate", [0, 0.5, 1, "1"])
def test_rates_from_0_to_1_are_rates(rate: object) -> None:
    assert Dropout(rate).rate == str(rate)
