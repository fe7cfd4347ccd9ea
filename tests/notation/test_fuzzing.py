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
from symnet.render.checking import checked
from tests.notation.networks import damaged, drawn
from tests.render.resolved import unresolved


def read_and_print(text: str, *, report: bool = False) -> bool:
    """Whether the text is a network; then it comes back from its notation, and its table and data resolve all that they name. With
    ``report`` a report's data pass their own check, too.
    """
    try:
        graph = parse_network(text)
    except SymnetError as refused:
        in_a_line(refused)
        return False
    again = parse_network(write_network(graph))
    assert again == graph
    try:
        network = Network.of(graph)
        table, data = str(network.table("text")), json.loads(network.table("json"))
    except SymnetError as refused:
        in_a_line(refused)
        return False
    assert Network.parse(network.notation) == network
    assert Network.parse(" ".join(network.notation.split())).output == network.output
    assert data["checked"]
    assert unresolved(network, table, data) == []
    if report:
        assert checked(json.loads(network.report("json"))).steps
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


def test_a_last_tensor_of_another_input_has_data() -> None:
    assert read_and_print("784x1 -> FC|10 -> Input|3*32*32", report=True)


def test_damaged_texts() -> None:
    for seed in range(400):
        text = damaged(Random(seed))
        ask(text)
        try:
            parse_network(text)
        except SymnetError as refused:
            in_a_line(refused)


def test_a_name_that_nothing_defines_is_noticed() -> None:
    network = Network.parse("(3*W*W) -> Conv|K|3|2 -> Conv|K|3|2")
    table, data = str(network.table("text")), json.loads(network.table("json"))
    assert unresolved(network, table, data) == []
    assert unresolved(network, table.replace("W₁ = ", "W₃ = "), data) == ["W₁"]
    data["layers"][0]["output"][1] = "W_1"
    assert unresolved(network, table, data) == ["W_1"]


@pytest.mark.long
@pytest.mark.parametrize("part", range(20))
def test_many_drawn_networks(part: int) -> None:
    """A thousand networks in each part; about four texts are drawn for one that is a network, and a damaged one."""
    networks = 0
    for seed in range(100_000 * part, 100_000 * (part + 1)):
        text = drawn(Random(seed))
        is_one = read_and_print(text, report=networks % 20 == 0)
        networks += is_one
        if is_one:
            ask(f"{text} = (_, 7)")
            read_and_print(damaged(Random(seed)))
        if networks == 1000:
            return
    pytest.fail(f"only {networks} networks")
