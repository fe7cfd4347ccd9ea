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


@pytest.mark.parametrize(
    ("text", "hypothesis"),
    [
        ("(C*W) @a -> Conv|64|3|1|1 @b -> Add|a -> Conv|32|3|1|1 -> Add|a", ("C == 1",)),
        ("(C*W) @a -> Conv|64|3|1|1 -> Add|a", ("C == 1 or C == 64",)),
        ("(1*W) -> Maxpool|1 @a -> Maxpool|1|2 @b -> From|a -> Add|b", ("W >= 1 and W <= 2",)),
        ("(3*H*W) @a -> Conv|3|3|1|1 -> Add|a", ()),
    ],
)
def test_letters_allow_the_sizes_at_which_a_one_stretches(text: str, hypothesis: tuple[str, ...]) -> None:
    network = Network.parse(text)
    assert network.hypotheses == hypothesis
    for size in (1, 2, 3, 8, 32, 63, 64, 65):
        name = "C" if text.startswith("(C") else "W"
        values = {"C": 3, "W": 8, "H": 8} | {name: size}
        known = {each.name for each in network._known_letters()}
        _agree(text, {each: number for each, number in values.items() if each in known})


@pytest.mark.slow
def test_letters_and_numbers_agree() -> None:
    drawn = random.Random(3)
    held = sum(
        _agree(_text(drawn), {name: drawn.randint(1, 7) for name in "HWFK"} | {"P": drawn.randint(0, 3)})
        for _ in range(600)
    )
    assert held > 150
