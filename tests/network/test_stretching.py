"""Networks with joins in letters, and the same networks at numbers: where the hypotheses hold, the numbers are those of the formulas."""

from __future__ import annotations

import random

import pytest

from symnet import Network, SymnetError
from symnet.terms.evaluation import holds
from symnet.terms.term import integer, substitute, symbols_of

#: Layers that keep sizes, make them 1 for every letter, or for some; and joins with the input.
BRANCHES = (
    "Maxpool|H*W", "Conv|3|H*W", "Maxpool|H*1", "Maxpool|1*W", "Conv|3|1", "Conv|3|3|1|1", "Maxpool|2 -> Upsample|2",
    "AdaptiveAvgPool|1", "Mean|2*3|keepdims=yes", "Maxpool|H*W -> Conv|3|1", "Avgpool|H*1 -> Avgpool|1*W", "Conv|1|H*1",
    "Maxpool|F|1", "Conv|3|F|1|P", "Conv|K|1",
)  # fmt: skip
JOINS = ("Multiply|a", "Add|a", "Maximum|a", "Concat|a", "Crop|a", "Subtract|a")
AFTER = ("", " -> Conv|8|3|1|1", " -> Maxpool|2", " -> FC|5", " -> ReLU")


def _agree(text: str, values: dict[str, int]) -> bool:
    """Compares a network in letters with itself at numbers. Returns whether its hypotheses hold there."""
    try:
        network = Network.parse(text)
        network.proof.hypotheses  # noqa: B018
    except SymnetError:
        return False
    chosen = {
        name: number for name, number in values.items() if name in {each.name for each in network._known_letters()}
    }
    numbers = {each: integer(values[each.name]) for each in network._known_letters()}
    stated = [substitute(substitute(each, network.proof.forms), numbers) for each in network.proof.stated]
    held = all(holds(each) for each in stated if not symbols_of(each))
    try:
        there = network.at(chosen)
        sizes = list(there.output)
    except SymnetError as refused:
        assert not held, (text, chosen, network.hypotheses, str(refused))
        return False
    if held:
        assert sizes == [size.subs(chosen) for size in network.output], (text, chosen)
        assert int(there.parameters) == int(network.parameters.subs(chosen))
    axes = {axis.form.base: axis.size for axis in there.placed[0].axes}
    for each in there.proof.stated:  # of the closed forms of the numbers
        assert holds(substitute(substitute(each, there.proof.forms), axes)), (text, chosen, there.hypotheses)
    return held


def _text(drawn: random.Random) -> str:
    return f"(3*H*W) @a -> {drawn.choice(BRANCHES)} -> {drawn.choice(JOINS)}{drawn.choice(AFTER)}"


@pytest.mark.parametrize("sizes", [(5, 6), (1, 1), (1, 4), (7, 7)])
def test_a_size_that_is_one_for_all_letters_is_one_for_numbers(sizes: tuple[int, int]) -> None:
    height, width = sizes
    for branch in ("Maxpool|H*W", "Conv|3|H*W", "Maxpool|H*1 -> Maxpool|1*W"):
        assert _agree(f"(3*H*W) @a -> {branch} -> Multiply|a", {"H": height, "W": width})


def test_the_joins_are_told_and_the_notation_says_so() -> None:
    network = Network.parse("(3*H*W) @a -> Maxpool|H*W -> Multiply|a -> Conv|8|3")
    there = network.at(H=5, W=6)
    assert there.notation == "(3*5*6) @a -> Maxpool|5*6 -> Multiply|a|stretch=yes -> Conv|8|3"
    assert Network.parse(there.notation) == there == network.at(H=5).at(W=6)
    assert there.hypotheses == ("H >= 5 and H <= 9", "W >= 6 and W <= 11")
    assert network.at(H=[5, 2], W=[6, 9]).output[1].tolist() == [3, None]
    assert "stretch" not in Network.parse("(3*H*W) @a -> Conv|3|3|1|1 -> Add|a").at(H=5, W=6).notation


@pytest.mark.slow
def test_letters_and_numbers_agree() -> None:
    drawn = random.Random(3)
    held = sum(
        _agree(_text(drawn), {name: drawn.randint(1, 7) for name in "HWFK"} | {"P": drawn.randint(0, 3)})
        for _ in range(600)
    )
    assert held > 150
