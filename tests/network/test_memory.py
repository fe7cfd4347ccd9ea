"""The memory of a network in bytes: against counting in plain Python, and with theorems that say what they are of."""

from __future__ import annotations

import re
from itertools import product

import pytest
import sympy

import symnet
from symnet import Network, TermError
from symnet.byte_counts import BYTES, OPTIMIZERS
from symnet.kernel.replay import check_proof
from symnet.kernel.writing import write_proof
from symnet.network.memory import HELD

NETWORKS = [
    "784 -> FC|10",
    "(3*16*16) -> Conv|8|3|2|1 -> BN @a -> ReLU -> Conv|8|3|1|1|bias=no -> Add|a -> GlobalAvgPool -> FC|10",
    "(5, 4) -> LSTM|7 -> FC|3",
    "8 -> ReLU",  # nothing to train
]


@pytest.mark.parametrize("text", NETWORKS)
def test_bytes_are_numbers_times_their_width(text: str) -> None:
    net = Network.parse(text)
    outputs = sum(int(sympy.prod(row.output)) for row in net)
    held, trained = (sum(int(getattr(row, which)) for row in net) for which in ("parameters", "trainable"))
    for (dtype, width), (train, kept), batch in product(BYTES.items(), [(None, 0), *OPTIMIZERS.items()], (1, 3)):
        found = net.memory(batch, train, dtype)
        wanted = {"parameters": held * width, "activations": batch * outputs * width}
        if train:
            wanted["gradients"] = trained * width
        if kept:
            wanted["optimizer"] = kept * trained * width
        assert found == wanted
        assert found.total == sum(wanted.values())


@pytest.mark.parametrize("text", [*NETWORKS, "(3*W*W) -> Conv|K|3|S|1 -> Maxpool|2 -> FC|10"])
def test_every_part_and_the_total_have_theorems(text: str) -> None:
    memory = Network.parse(text).memory("N", "adam")
    for value in (*memory.values(), memory.total):
        assert value.theorem.conclusion.args[1] is value.term
        [again] = check_proof(write_proof(value.theorem))
        assert again.conclusion is value.theorem.conclusion
    assert memory.theorem.conclusion is memory.total.theorem.conclusion
    assert sympy.expand(memory.total - sum(memory.values())) == 0


def test_a_batch_is_a_number_a_letter_or_an_expression_in_own_symbols() -> None:
    net = Network.parse("784 -> FC|10")
    n = sympy.Symbol("n")
    assert net.memory(n)["activations"].free_symbols == {n}
    assert net.memory("2*n").total.subs("n", 16) == net.memory(32).total
    assert net.memory("float16") == net.memory(dtype="float16")
    assert symnet.memory("784 -> FC|10", 32) == net.memory(32)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"batch": "W"}, "W is a letter of the network: name the batch otherwise"),
        ({"batch": 0}, "batch is a number of at least 1"),
        ({"batch": True}, "batch is a number of at least 1"),
        ({"batch": "a b"}, "batch is a number of at least 1, a letter or an expression, got 'a b'"),
        ({"batch": None}, "batch is a number of at least 1"),
        ({"dtype": "float"}, "unknown dtype 'float': use float16"),
        ({"dtype": ["int8"]}, "unknown dtype"),
        ({"train": "adamw"}, "unknown optimizer 'adamw': use sgd, momentum, adam"),
        ({"train": 3}, "unknown optimizer 3"),
    ],
)
def test_what_is_no_memory_is_refused(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(TermError, match=re.escape(words)):
        Network.parse("(1*W*W) -> Conv|1|3").memory(**arguments)  # type: ignore[arg-type]


def test_it_shows_itself() -> None:
    memory = Network.parse("(1*W) -> Conv|1|3").memory(32, "momentum")
    shown, markdown = str(memory), memory._repr_markdown_()
    for part in memory:
        assert part in shown
        assert HELD[part] in shown
        assert f"| {part} |" in markdown
    assert shown.startswith("A batch of 32 examples in float32, trained with momentum.")
    assert shown.endswith("Assumed: W ≥ 3.")
