"""Networks drawn from the grammar: what parses prints back and parses to the same network, and nothing but words is said of what does
not, whatever the text."""

from __future__ import annotations

import json
from random import Random

import pytest

from symnet import Network, SymnetError
from symnet.errors import NotationError
from symnet.kernel import rules
from symnet.notation.parse import parse_network, parse_question
from symnet.notation.writer import write_network
from tests.notation.networks import damaged, drawn


def read_and_print(text: str, *, report: bool = False) -> bool:
    """Whether the text is a network; then everything that is cheap must work on it."""
    try:
        graph = parse_network(text)
    except SymnetError as refused:
        in_a_line(refused)
        return False
    again = parse_network(write_network(graph))
    assert again == graph
    try:
        network = Network.of(graph)
        table = network.table()
    except SymnetError as refused:
        in_a_line(refused)
        return False
    assert Network.parse(network.notation) == network
    assert Network.parse(" ".join(network.notation.split())).output == network.output
    assert table
    data = json.loads(network.report("json")) if report else None
    assert data is None or data["checked"]
    return True


def in_a_line(refused: SymnetError) -> None:
    """What is said is a line, in words, and no rule of the kernel says it."""
    said = refused.message if isinstance(refused, NotationError) else str(refused)
    assert said
    assert "\n" not in said
    assert len(said) < 2000
    assert said.partition(": ")[0] not in rules.__all__
    str(refused).encode("utf-8")


def ask(text: str) -> None:
    try:
        parse_question(text)
    except SymnetError as refused:
        in_a_line(refused)


def test_drawn_networks() -> None:
    networks = sum(read_and_print(drawn(Random(seed))) for seed in range(200))
    assert networks > 30


def test_damaged_texts() -> None:
    for seed in range(400):
        text = damaged(Random(seed))
        ask(text)
        try:
            parse_network(text)
        except SymnetError as refused:
            in_a_line(refused)


@pytest.mark.long
@pytest.mark.parametrize("part", range(20))
def test_many_drawn_networks(part: int) -> None:
    networks = 0
    for seed in range(1000 * part, 1000 * (part + 1)):
        text = drawn(Random(seed))
        networks += read_and_print(text, report=seed % 20 == 0)
        ask(f"{text} = (_, 7)")
        read_and_print(damaged(Random(seed)))
    assert networks > 150
