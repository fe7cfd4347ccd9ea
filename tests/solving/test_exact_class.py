"""On the class of exact sizes every size and total is a polynomial, and has the value that the network has there."""

from __future__ import annotations

import pytest

from symnet import Network
from symnet.solving.exact_class import exact_class
from symnet.solving.exactness import exact_sizes
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol, Term

NETWORKS = [
    "(1*W*W) -> Conv|32|5 -> Maxpool|2 -> Conv|32|3 -> Maxpool|2 -> FC|10",
    "(3*W*W) -> Conv|8|7|2|3 -> Maxpool|3|2|1 @a -> Conv|8|3|1|1 -> Add|a -> Conv|4|3|3",
    "(2*W) -> Conv|3|4|4 -> Deconv|2|2|2 -> Conv|5|3 -> Maxpool|2",
    "(1*t*t) -> Maxpool|3 -> Conv|4|2|2",
]


@pytest.mark.parametrize("text", NETWORKS)
def test_polynomials_have_the_values_of_the_network(text: str) -> None:
    network = Network.parse(text)
    symbol = network.graph.input.axes[0]
    assert isinstance(symbol, Symbol)
    found = exact_sizes(network)
    assert found is not None
    known = exact_class(found, symbol)
    assert known is not None
    work = known.on(network.proof.multiply_adds)
    forms = [
        known.on(axis.form.closed) for layer in network.proof.layers for axis in layer.axes[:1] if axis is not None
    ]
    assert work is not None
    for t in range(known.least, known.least + 4):
        size = known.modulus * t + known.residue
        assert size in found.members
        numbers = network.at(**{symbol.name: size})
        values: dict[Term, int] = {known.t: t}
        assert evaluate(work.conclusion.args[1], values) == numbers.multiply_adds
        sizes = [place.axes[0].size.constant for place in numbers.placed if place.axes]
        assert sizes == [size if form is None else evaluate(form.conclusion.args[1], values) for form in forms]
    assert not any(size in found.members for size in range(1, known.modulus * known.least + known.residue))


def test_where_all_sizes_are_exact_there_is_no_class() -> None:
    network = Network.parse("(1*W*W) -> Conv|8|3")
    found, symbol = exact_sizes(network), network.graph.input.axes[0]
    assert found is not None
    assert isinstance(symbol, Symbol)
    assert exact_class(found, symbol) is None
