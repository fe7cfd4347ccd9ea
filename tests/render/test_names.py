"""Every name in a table is defined where it stands, no equation is circular, all are true: letters that look like symnet's own."""

from __future__ import annotations

import math
import re
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symnet.errors import LayerError, SymnetError
from symnet.network.network import Network
from symnet.printing.latex import latex
from symnet.printing.mathml import mathml
from symnet.printing.text import unicode_text
from symnet.render.formats import report, table
from symnet.render.json import table_data
from symnet.render.names import own_symbols, size_names
from symnet.render.training import training_data
from tests.render.printed import Sheet, grammar_value

#: Letters as symnet itself gives them to axes, sizes, positions, laws; some look alike in print.
HOSTILE = (
    "W", "H", "L", "D", "T", "k", "N", "t", "F", "S", "P", "K", "W1", "W_1", "H1", "H_1", "H2", "D2", "L1", "k1", "None", "W_in", "W_out1",
)  # fmt: skip
LETTERS = st.sampled_from(HOSTILE)
SMALL = st.integers(1, 4).map(str)
COUNT = SMALL | LETTERS
SIDE = LETTERS | st.sampled_from(("32", "33", "28")) | LETTERS.map(lambda letter: f"(2*{letter})")
LAYERS = st.one_of(
    st.builds("Conv|{}|{}|{}|{}".format, COUNT, SMALL | LETTERS, SMALL, st.sampled_from(("0", "1", "P", "2"))),
    st.builds("Maxpool|{}".format, st.sampled_from("123")),
    st.builds("Conv|{}|3|{}|same".format, COUNT, SMALL),
    st.builds("ZeroPad|{}".format, SMALL),
    st.builds("Upsample|{}".format, SMALL | LETTERS),
    st.just("BN"),
    st.builds("Deconv|{}|3|2".format, COUNT),
)
NETWORKS = st.builds(
    lambda sides, layers: " -> ".join((f"({'*'.join(sides)})", *layers)),
    st.lists(SIDE, min_size=2, max_size=3).map(lambda sides: [*sides[:1], *sides[1:]]),
    st.lists(LAYERS, min_size=1, max_size=4),
)

#: Each was wrong once: circular, undefined, or another thing under the same letter.
CASES = (
    "(D1*W1*H1) -> Conv|K|F|S|P",
    "(3*h*w) -> Reshape|3*(h//2)*(2*w)",
    "t*16 -> Reshape|(t//2)*2*16",
    "(3*32*32) -> Conv|8|W",
    "(1*W1*W_1) -> Conv|8|3",
    "(1*k) -> Conv|8|k",
    "(1*L) -> Conv|L|1",
    "(3*W*W) -> Conv|8|3|1|1 -> Conv|8|3|2 -> Conv|8|3|1|1",
    "(1*W) -> Conv|4|F|1|P -> ZeroPad|1 -> Conv|4|3|1 -> Maxpool|2",
    "(1*W) @a -> Conv|4|F|S|P @b -> From|a -> Conv|4|F|S|P -> Add|b",
)


def rows(net: Network) -> list[tuple[list[str], str]]:
    """For every layer of the table as text: its equations, and its size."""
    lines = table(net, "text").splitlines()
    start, end = lines[0].index("size"), lines[0].index("parameters")
    found = []
    for text in lines[3 : 2 + len(net.placed)]:
        cell = text[start:end].strip()
        *before, size = cell.split("so ")
        found.append(([part for part in "".join(before).strip(", ").split(", ") if part], size))
    return found


def numbers(net: Network, values: dict[str, int]) -> Network:
    return net.at(**values) if values else net


def true_at(net: Network, values: dict[str, int]) -> None:
    """What the table and the JSON say of the network holds at these values, which fit it."""
    there = numbers(net, values)
    names = size_names(net.proof)
    sheet = Sheet({unicode_text(letter, names): values[letter.name] for letter in own_symbols(net.proof)})
    for place, (equations, size) in zip(there.placed[1:], rows(net), strict=True):
        for equation in equations:
            sheet.read(equation)
        parts = re.split(r" × (?![^()]*\))", size)
        assert [sheet.value(part) for part in parts] == [dim.constant for dim in place.output.dims], size
    data = table_data(net)
    for entry, place in zip(data["layers"], there.placed[1:], strict=True):
        assert [grammar_value(dim, values) for dim in entry["output"]] == [dim.constant for dim in place.output.dims]
    assert grammar_value(data["parameters"], values) == there.parameters.term.constant
    assert grammar_value(data["multiply_adds"], values) == there.multiply_adds.term.constant
    own = {symbol.name for symbol in own_symbols(net.proof)}
    axes = {axis.form.base.name: axis.size for axis in net.placed[0].axes if axis.size.constant is not None}  # type: ignore[union-attr]
    assert not own & set(axes), "a letter of the network is called as an axis of numbers"
    everything = {**values, **{name: size.constant or 0 for name, size in axes.items()}}
    for hypothesis in data["hypotheses"]:
        assert grammar_value(hypothesis, everything) is True, hypothesis
    for position, form in enumerate(data["closed_form"].values()):
        assert grammar_value(form, everything) == there.last.axes[position].size.constant


def fitting(net: Network, draw: st.DataObject) -> dict[str, int]:
    """Values for which the network can be worked out."""
    names = [symbol.name for symbol in own_symbols(net.proof)]
    for _ in range(3):
        values = {name: draw.draw(st.integers(1, 40), label=name) for name in names}
        try:
            numbers(net, values)
        except SymnetError:
            continue
        return values
    assume(False)
    return {}


@pytest.mark.parametrize("written", CASES)
def test_what_a_table_says_is_defined_there_and_true(written: str) -> None:
    net = Network.parse(written)
    names = [symbol.name for symbol in own_symbols(net.proof)]
    tried = 0
    for first in range(1, 20):
        values = {name: 8 * (first % 3) + first + 3 * place for place, name in enumerate(names)}
        values |= {name: 1 + first % 3 for name in ("F", "S", "P", "K") if name in values}
        try:
            numbers(net, values)
        except SymnetError:
            continue
        true_at(net, values)
        tried += 1
    assert tried > 2


def _check_drawn(written: str, data: st.DataObject) -> None:
    try:
        net = Network.parse(written)
        table(net)
    except LayerError:
        assume(False)
    true_at(net, fitting(net, data))


@settings(max_examples=10, deadline=None)
@given(NETWORKS, st.data())
def test_drawn_networks(written: str, data: st.DataObject) -> None:
    _check_drawn(written, data)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(NETWORKS, st.data())
def test_many_drawn_networks(written: str, data: st.DataObject) -> None:
    _check_drawn(written, data)


@settings(max_examples=20, deadline=None)
@given(NETWORKS)
def test_names_look_like_nothing_else(written: str) -> None:
    """In no notation is a size written like a symbol, or like another size."""
    try:
        net = Network.parse(written)
    except SymnetError:
        assume(False)
    names = size_names(net.proof)
    first = net.proof.repeated.first
    things = {*own_symbols(net.proof), *(size for size in names if first.get(size, size) is size)}
    for written_by in (unicode_text, latex, mathml):
        shown: dict[str, set[str]] = {}
        for thing in things:
            shown.setdefault(written_by(thing, names), set()).add(names.get(thing, str(thing)))
        assert all(len(same) == 1 for same in shown.values()), shown


def test_a_letter_of_a_layer_is_no_axis() -> None:
    net = Network.parse("(3*32*32) -> Conv|8|W")
    assert table_data(net)["closed_form"] == {"H": "(H + (-W + 1))//1", "W": "(W_in + (-W + 1))//1"}
    said = report(net, "text")
    assert "the W axis (and likewise H) of the last feature map is ⌊(W_in − W)/1⌋ + 1" in " ".join(said.split())
    assert "No input is ever dropped" not in said


def test_equal_sizes_have_one_name() -> None:
    lines = table(Network.parse("(3*W*W) -> Conv|8|3|2 -> Conv|8|3|1|1 @a -> ReLU -> Add|a -> Conv|8|1|1"), "text")
    assert "⌊(W₁ − 3 + 2·1)/1⌋ + 1 = W₁, so 8 × W₁ × W₁" in lines
    assert not re.search("W[₂-₉]", lines)


def sums_speak_of_the_letters_as_the_table_does(written: str, chance: Random) -> None:
    """The bounds of sums in the objective, read with the letters as the table prints them."""
    net = Network.parse(written)
    values = {symbol.name: chance.randint(1, 9) for symbol in own_symbols(net.proof)}
    names = size_names(net.proof)
    sheet = Sheet({unicode_text(letter, names): values[letter.name] for letter in own_symbols(net.proof)})
    there = numbers(net, values)
    wanted = [
        math.prod(size.constant or 0 for size in weight.shape)
        for place in there.placed
        for weight in place.applied.weights
        if weight.name in ("kernel", "bias")
    ]
    data = training_data(net.placed, net.graph.outputs(), names)
    expressions = [penalty["expression"] for penalty in data["penalties"]]
    said = [re.findall(r"Σ_\{[^<]*<(.*?)\} ", text) for text in (*expressions, " ".join(report(net, "text").split()))]
    assert [sheet.value(bound) for bounds in said[:-1] for bound in bounds] == wanted
    assert [sheet.value(bound) for bound in said[-1][: len(wanted)]] == wanted


def _penalties_drawn(seed: int) -> None:
    chance = Random(seed)
    sizes = "*".join(chance.choices(HOSTILE, k=chance.randint(1, 3)))
    layers = [f"FC|{letter}|l2=1/10|bias_l2=1/4" for letter in chance.choices(HOSTILE, k=2)]
    sums_speak_of_the_letters_as_the_table_does(f"({sizes}) -> {' -> '.join(layers)}", chance)


def test_penalties_speak_of_the_letters_as_the_table_does() -> None:
    sums_speak_of_the_letters_as_the_table_does("(W1*L_1) -> FC|W_1|l2=1/10|bias_l2=1/4", Random(1))


@pytest.mark.slow
def test_many_penalties_speak_of_the_letters_as_the_table_does() -> None:
    for seed in range(200):
        _penalties_drawn(seed)
