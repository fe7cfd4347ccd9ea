"""Budgets in bytes: what a forward pass holds, and what training keeps, against counting them by hand."""

from __future__ import annotations

import json

import pytest

from symnet import Network, SymnetError
from symnet.byte_counts import BYTES
from symnet.render.checking import answer_data, checked
from symnet.solving import solve
from symnet.solving.budgets import Budget, held_at_once
from symnet.solving.statement import Statement, state
from tests.command_line import said

NETWORKS = (
    "784 -> FC|K",
    "(3*9*9) -> Conv|K|3 -> ReLU -> Maxpool|2 -> FC|10",
    "(3*8*8) @a -> Conv|K|3|1|1 -> Conv|3|3|1|1 -> Add|a -> FC|5",
    "(3*8*8) -> Conv|K|3|1|1 @a -> Conv|4|3|1|1 @b -> From|a -> Conv|4|1 -> Concat|b -> BN",
)


def _held(network: Network, budget: Budget, quantity: str) -> int:
    """The bytes of a network of numbers."""
    batch, train = int(budget.batch), budget.train
    if quantity == "memory":
        return int(network.memory(batch, train, budget.dtype).total)
    statement = Statement()
    state(statement, network.graph, exact=False)
    entries = [0]
    for held in held_at_once(statement.tensors, network.graph):
        sizes = [network.placed[each.index].output.dims for each in held]
        counts = []
        for dims in sizes:
            count = 1
            for size in dims:
                count *= size.constant or 0
            counts.append(count)
        entries.append(sum(counts))
    return BYTES[budget.dtype] * (int(network.parameters) + batch * max(entries))


@pytest.mark.slow
@pytest.mark.parametrize("text", NETWORKS)
@pytest.mark.parametrize("options", [{}, {"batch": "7", "dtype": "float16", "train": "adam"}, {"train": "sgd"}])
@pytest.mark.parametrize("quantity", ["bytes", "memory"])
def test_an_answer_is_what_counting_says(text: str, options: dict[str, str], quantity: str) -> None:
    alone = Budget("", **options)
    taken = {number: _held(Network.parse(text).at(K=number), alone, quantity) for number in range(1, 30)}
    bound = taken[13]
    for sign, fits in (("<=", bound.__ge__), (">", bound.__lt__), ("==", bound.__eq__)):
        answer = solve(text, budget=Budget(f"{quantity}{sign}{bound}", **options), where="K<30")
        assert {int(each) for each in answer} == {number for number, value in taken.items() if fits(value)}


def test_the_batch_may_be_what_is_asked_for() -> None:
    text = NETWORKS[2].replace("K", "16")
    network = Network.parse(text)
    for quantity in ("bytes", "memory"):
        answer = solve(text, for_="N", budget=Budget(f"{quantity}<=50K", batch="N"))
        most = max(
            number for number in range(1, 99) if _held(network, Budget("", batch=str(number)), quantity) <= 50_000
        )
        assert str(answer) == f"N ∈ 1..{most}"


def test_an_answer_with_bytes_is_checked_again() -> None:
    options = {"budget": "memory<=1M", "batch": "32", "train": "adam"}
    answer = solve("784 -> FC|K", budget=Budget("memory<=1M", "32", "float32", "adam"))
    data = json.loads(json.dumps(answer_data(answer, "784 -> FC|K", options)))
    assert data["asked"] == {"question": "784 -> FC|K", **options}
    assert checked(data).steps


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"batch": "K"}, "K is a letter of the network: name the batch otherwise"),
        ({"batch": "0"}, "the batch is a number of at least 1 or a letter"),
        ({"batch": "two words"}, "the batch is a number or a letter"),
        ({"dtype": "float31"}, "unknown dtype 'float31'"),
        ({"train": "sgdm"}, "unknown optimizer 'sgdm'"),
    ],
)
def test_what_is_no_batch_is_refused(options: dict[str, str], words: str) -> None:
    with pytest.raises(SymnetError, match=words):
        solve("784 -> FC|K", budget=Budget("memory<=1M", **options))


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["784 -> FC|K", "--budget", "memory<=1M", "--batch", "32", "--train", "adam"]
    assert said(capsys, "solve", *asked)[0].startswith("K ∈ 1..78. K = 78 makes 989,664 bytes of memory;")
    refused = said(capsys, "solve", "784 -> FC|K = (10)", "--batch", "32", code=2)[1]
    assert '--batch says what bytes are counted for: add a budget, --budget "memory<=8Gi"' in refused
    table = said(capsys, "table", "784 -> FC|10", "--costs", "--batch", "N", "--dtype", "float16")[0]
    assert "parameter bytes  activations  multiply-adds" in table
    assert "A batch of N examples in float16, without training." in table
    data = json.loads(said(capsys, "table", "784 -> FC|10", "--train", "adam", "--json")[0])
    assert data["memory"] == {
        "parameters": 31400, "activations": 40, "gradients": 31400, "optimizer": 62800, "total": 125640,
        "batch": 1, "dtype": "float32", "train": "adam",
    }  # fmt: skip
