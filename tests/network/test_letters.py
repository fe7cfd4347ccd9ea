"""Layers with letters on an input in numbers, and flattened letters: sizes and parameters against counted windows."""

from __future__ import annotations

from itertools import product

import pytest

from symnet.network.network import Network
from symnet.printing.text import text
from symnet.render.formats import report, table
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol
from tests.solving.counting import Spec, notation, run

#: The input size, the layers, the letters and how far to try them.
STACKS: list[tuple[int, list[Spec], dict[str, int]]] = [
    (30, [("conv", 7, "S", 3, 1)], {"S": 12}),
    (30, [("conv", 3, 2, 0, 1), ("conv", "F", "S", "P", 1), ("pool", 2, 2)], {"F": 8, "S": 4, "P": 3}),
    (20, [("same", "F", "S"), ("conv", 3, 1, 0, 1)], {"F": 4, "S": 9}),
    (20, [("ceil", "F", "S"), ("pool", 2, 1)], {"F": 8, "S": 5}),
    (9, [("deconv", "F", "S", "P"), ("pool", 2, 2)], {"F": 4, "S": 3, "P": 2}),
]


def points(letters: dict[str, int]) -> list[dict[str, int]]:
    first = [range(0 if name == "P" else 1, most + 1) for name, most in letters.items()]
    return [dict(zip(letters, numbers, strict=True)) for numbers in product(*first)]


def symbols(values: dict[str, int]) -> dict[Symbol, int]:
    return {Symbol(name, 0 if name == "P" else 1): number for name, number in values.items()}


@pytest.mark.parametrize(("size", "layers", "letters"), STACKS)
def test_an_input_in_numbers_stays_one(size: int, layers: list[Spec], letters: dict[str, int]) -> None:
    net = Network.parse(f"(1,{size}) -> {notation(layers)} -> Flatten -> FC|10")
    places = [place for place in net.placed[1:] if place.axes]
    told = 0
    for values in points(letters):
        found = [run(size, layers[: place.index], values) for place in places]
        if None in found:
            continue
        told += 1
        sizes = [evaluate(place.axes[0].size, symbols(values)) for place in places]
        assert sizes == [one[0] for one in found if one]
        kernels = sum(
            (values[kernel] if isinstance(kernel, str) else int(str(kernel))) + 1  # one channel in, one out, one bias
            for kind, kernel, *_ in layers
            if kind in ("conv", "same", "deconv")
        )
        assert evaluate(net.parameters.term, symbols(values)) == kernels + (sizes[-1] + 1) * 10
    assert told > 5
    assert {symbol.name for symbol in net.parameters.expr.free_symbols} <= set(letters)
    assert "L" in text(net.closed_terms["L"])  # for every input, as ever


def test_the_table_of_a_strided_layer_on_numbers() -> None:
    net = Network.parse("(3,224,224) -> Conv|64|7*7|S|3")
    assert net.parameters == 9_472
    assert "W_{1} = \\left\\lfloor\\frac{224-7+2\\cdot3}{S}\\right\\rfloor+1" in table(net)
    assert "H" not in text(net.output[1].term)
    for form in ("markdown", "text", "html", "latex", "json"):
        assert report(net, form)


def test_a_join_on_numbers_says_which_letters_fit() -> None:
    net = Network.parse("(3,20,20) @a -> Conv|3|F|1|P -> Add|a -> FC|3")
    told = table(net, "text")
    assert "Assumed: 20 + 2·P − F + 1 = 20." in told  # F = 2·P + 1, from which F ≤ 20 + 2·P follows


@pytest.mark.parametrize(("axes", "size"), [(1, (11,)), (2, (10, 13)), (2, (9, 8))])
def test_a_flattened_symbol_is_counted(axes: int, size: tuple[int, ...]) -> None:
    letters = ("H", "W")[2 - axes :]
    net = Network.parse(f"(3, {', '.join(letters)}) -> Conv|8|3 -> Maxpool|2 -> Flatten -> ReLU -> FC|10")
    values = {Symbol(letter): number for letter, number in zip(letters, size, strict=True)}
    ends = [run(number, [("conv", 3, 1, 0, 1), ("pool", 2, 2)], {}) for number in size]
    inputs = 8
    for end in ends:
        assert end is not None
        inputs *= end[0]
    assert evaluate(net.parameters.term, values) == (3**axes * 3 + 1) * 8 + (inputs + 1) * 10
    theorem = net.parameters.theorem
    assert theorem.conclusion.args[1] is net.parameters.term
    assert sorted(map(text, theorem.hypotheses)) == sorted(f"4 <= {letter}" for letter in letters)
    assert net.activations.theorem.conclusion.args[1] is net.activations.term
