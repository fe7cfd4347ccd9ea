"""Short ways for the tests of single layers to ask what a network gives."""

from __future__ import annotations

import pytest

from symnet.errors import SymnetError
from symnet.network.propagate import propagate
from symnet.notation.parse import parse_network
from symnet.printing.text import text
from symnet.terms.evaluation import evaluate

__all__ = ["buffers", "output", "parameters", "refusal", "sizes", "trainable", "work"]


def sizes(network: str) -> tuple[int | None, ...]:
    """The output as numbers."""
    return tuple(size.constant for size in propagate(parse_network(network))[-1].output.dims)


def output(network: str) -> tuple[str, ...]:
    """The output as text."""
    return tuple(text(size) for size in propagate(parse_network(network))[-1].output.dims)


def parameters(network: str) -> int:
    """The parameters of the whole network."""
    return sum(evaluate(place.applied.parameters) for place in propagate(parse_network(network)))


def _entries(shape: tuple) -> int:
    total = 1
    for size in shape:
        total *= evaluate(size)
    return total


def trainable(network: str) -> int:
    """Those of them that are trained."""
    weights = [weight for place in propagate(parse_network(network)) for weight in place.applied.weights]
    return sum(_entries(weight.shape) for weight in weights if weight.trainable)


def buffers(network: str) -> int:
    """What is kept beside the parameters."""
    return sum(_entries(array.shape) for place in propagate(parse_network(network)) for array in place.applied.buffers)


def work(network: str) -> int:
    """The multiply-adds of the last layer."""
    last = propagate(parse_network(network))[-1]
    assert last.layer is not None
    return sum(_entries(shape) for shape in last.layer.work(last.inputs, last.output))


def refusal(network: str) -> str:
    """The one line with which a network is refused, without the place in the text."""
    with pytest.raises(SymnetError) as refused:
        propagate(parse_network(network))
    lines = str(refused.value).splitlines()
    assert len(lines) in (1, 3), lines
    return lines[0]
