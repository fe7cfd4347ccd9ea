"""Layers that fit no sizes together are refused wherever a table or a report would be made of them."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.cli import main
from symnet.embed.content import content
from symnet.embed.request import Request
from symnet.errors import LayerError, SymnetError
from symnet.network.conditions import asked_together, witness
from symnet.network.network import Network
from symnet.render.comparison import comparison
from symnet.render.formats import report, table
from symnet.render.json import table_data
from symnet.solving import solve
from symnet.terms.evaluation import holds
from symnet.terms.propositions import Proposition
from symnet.terms.term import Symbol, substitute, symbols_of
from tests.parts import examples

NEVER = (
    "(1*W) -> Conv|1|(F+1) -> Conv|1|W",
    "(1*W) -> Conv|1|F -> Conv|1|(F+W)",
    "(1*W) -> Maxpool|F -> Conv|1|(W+F)",
    "(1*W) -> Conv|8|3|F -> Conv|8|W",
    "(1*W) -> Conv|8|W -> Conv|8|F|F -> Maxpool|(F+2)|S",
    "(C*W) @a -> Conv|64|3|1|1 @b -> Add|a -> Conv|32|3|1|1 -> Add|a",
)
#: What a letter of the network ends at, so that conditions meet.
LAYERS = st.sampled_from(
    [
        "Conv|1|F",
        "Conv|1|W",
        "Conv|1|3",
        "Conv|1|(F+1)",
        "Maxpool|2",
        "Conv|1|3|2",
        "Conv|1|(W-F)",
        "ZeroPad|1",
        "Cropping|F",
    ]
)


def test_a_size_that_is_one_number_is_refused_as_it_is_read() -> None:
    with pytest.raises(LayerError, match=r"2 ≤ 1 \+ 2·0 \(= 1\) does not hold"):
        Network.parse("(1*W) -> Conv|1|W -> Maxpool|2")


@pytest.mark.parametrize("layers", ["Conv|1|F -> Conv|1|(W-F) -> Conv|1|F", "Conv|1|W -> ZeroPad|S -> Conv|1|S|S"])
def test_a_closed_form_starts_anew_from_a_size_that_is_one_number(layers: str) -> None:
    network = Network.parse(f"(1*W) -> {layers}")
    table(network), report(network), table_data(network)
    for width, kernel in ((5, 2), (7, 3)):
        numbers = {"W": width, **({"F": kernel} if "F" in layers else {"S": kernel})}
        try:
            assert network.at(**numbers).output[1] == network.output[1].subs(numbers)
        except LayerError:
            continue


@pytest.mark.parametrize("written", NEVER)
def test_it_is_refused_everywhere(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    net = Network.parse(written)
    for make in (table, report, table_data, lambda given: comparison(given, given)):
        with pytest.raises(LayerError, match=r"never fits: .* no sizes satisfy this together"):
            make(net)
    for command in (
        ["table"], ["table", "--json"], ["report"], ["code", "--framework", "torch"], ["code", "--framework", "keras"], ["coq"],
        ["coq", "--json"], ["figure"], ["figure", "--kind", "windows"], ["figure", "--kind", "staircase"], ["compare", "4 -> FC|1"],
    ):  # fmt: skip
        assert main([*command, written]) == 2
        said = capsys.readouterr().err
        assert said.startswith("symnet: never fits: "), command
        assert said.count("\n") == 1
    for shown in ("report", "table", "formula", "figure", "output", "parameters", "derivation"):
        with pytest.raises(LayerError, match="never fits: "):
            content(Request(shown, written))


def test_a_long_name_makes_no_long_message() -> None:
    for make in (Network.parse, solve):
        with pytest.raises(LayerError) as refused:
            make(f'8 -> Conv|1|9|name="{"n" * 1000}"')
        assert len(str(refused.value)) < 500, make


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(LAYERS, min_size=1, max_size=3))
def test_a_table_is_refused_where_solving_finds_nothing_and_nowhere_else(layers: list[str]) -> None:
    written = " -> ".join(("(1*W)", *layers))
    try:
        net = Network.parse(written)
        found = solve(written)
    except SymnetError:
        return
    if not found.complete:
        return
    try:
        table(net)
    except LayerError as refused:
        assert found.count == 0 or "never fits" not in str(refused), str(refused)
        return
    assert found.count != 0, written
    values = witness(asked_together(net.placed))
    if values is not None:
        net.at(**{symbol.name: number for symbol, number in values.items()})  # it fits


#: Layers whose strides and kernels have letters of the input and of their own.
MIXED = (
    "Conv|8|F", "Conv|8|W", "Conv|8|(W+1)", "Conv|8|(F+1)|2", "Maxpool|F", "Conv|8|3|F", "Conv|8|(2*F)", "Conv|8|(W-F)", "Deconv|8|F",
    "Conv|8|(W-1)", "Upsample|F", "Conv|8|F|F", "Conv|8|3|2|same", "Maxpool|(F+2)|S", "Conv|8|(W//2)",
)  # fmt: skip


@pytest.mark.slow
def test_what_is_not_refused_fits_some_sizes() -> None:
    chance, tabulated = Random(5), 0
    for _ in range(250):
        text = "(1*W) -> " + " -> ".join(chance.choices(MIXED, k=chance.randint(1, 3)))
        try:
            network = Network.parse(text)
            table(network)
        except SymnetError:
            continue
        hypotheses = [substitute(each, network.proof.forms) for each in network.proof.hypotheses]
        letters = symbols_of(*hypotheses)
        boxes = product(range(1, 41 if len(letters) < 3 else 16), repeat=len(letters))
        values = (dict(zip(letters, numbers, strict=True)) for numbers in boxes)
        assert any(all(_holds(each, there) for each in hypotheses) for there in values), (text, network.notation)
        tabulated += 1
    assert tabulated > 150


def _holds(proposition: Proposition, values: dict[Symbol, int]) -> bool:
    try:
        return holds(proposition, dict(values.items()))
    except SymnetError:  # a divisor is 0
        return False
