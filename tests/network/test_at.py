"""Numbers put in for letters: many at once, as pairs, and against what the person's own symbols are declared to be."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy
import pytest
import sympy

import symnet
from symnet import ClassToken, Conv, Embedding, Input, MaxPool, Network, SymnetError, TermError

x = sympy.Symbol("x")
even = sympy.Symbol("e", even=True)
positive = sympy.Symbol("p", positive=True)
EVEN = Network((3, even, even), [MaxPool(2)])
PADDED = Network((3, x, x), [Conv(4, 3, 1, positive)])


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("(3*W*W) -> Conv|8|3|S -> Maxpool|2", {"W": range(1, 14), "S": range(1, 4)}),
        ("(3*W*W) -> Conv|8|F|S -> Conv|4|F|S -> FC|10", {"W": [3, 8, 9], "S": [1, 2], "F": [1, 3]}),
        ("(1*W*W) -> Conv|8|F|1|P -> Maxpool|F|S -> FC|K", {"W": [4, 9], "S": [1, 2], "F": [2, 3], "P": [0, 1], "K": [2]}),
    ],
)  # fmt: skip
def test_any_letter_of_stacked_windows_may_be_an_array(text: str, letters: dict[str, Any]) -> None:
    net = Network.parse(text)
    points = list(product(*letters.values()))
    found = net.at(dict(zip(letters, (list(column) for column in zip(*points, strict=True)), strict=True)))
    alone = [_at(net, dict(zip(letters, point, strict=True))) for point in points]
    assert any(found.fits)
    assert found.fits.tolist() == [one is not None for one in alone]
    for name in ("parameters", "trainable", "multiply_adds", "activations"):
        assert getattr(found, name).tolist() == [one and int(getattr(one, name)) for one in alone]
    for place, sizes in enumerate(found.output):
        assert sizes.tolist() == [one and int(one.output[place]) for one in alone]


def _at(net: Network, values: dict[str, int]) -> Any:
    try:
        return net.at(values)
    except SymnetError:
        return None


@pytest.mark.parametrize("values", [{even: 7}, {"e": 7}, {"e": "2*n + 1"}, {even: sympy.Symbol("z", odd=True)}])
def test_numbers_against_what_is_declared_are_refused(values: Any) -> None:
    with pytest.raises(TermError, match=r"e is declared even, and .* is not even"):
        EVEN.at(values)


def test_declared_letters_take_what_fits() -> None:
    assert EVEN.at(e=8).output == (3, 4, 4)
    assert EVEN.at(e="2*n").output[1].subs("n", 4) == 4
    assert EVEN.at(e=[7, 8]).fits.tolist() == [False, True]
    with pytest.raises(TermError, match="p is declared positive, and 0 is not"):
        PADDED.at(p=0)
    assert PADDED.at(p=1, x=5).output == (4, 5, 5)
    assert PADDED.at(p=[0, 1], x=5).fits.tolist() == [False, True]


def test_pairs_are_put_in_as_subs_takes_them() -> None:
    net = Network((3, x, x), [Conv(4, 3)])
    assert net.at([(x, 8)]) == net.at((("x", 8),)) == net.at(x=8)
    assert net.at([]) == net.at({}) == net.at()


@pytest.mark.parametrize("values", [8, "x", [8], [(x, 8, 9)], [(x, 8), (x, 9)], [([1], 2)]])
def test_what_is_no_pairs_is_refused(values: Any) -> None:
    with pytest.raises(TermError):
        Network((3, x, x), [Conv(4, 3)]).at(values)


def test_no_sizes_give_no_sizes_and_ragged_ones_are_refused() -> None:
    net = Network.parse("(3*W*H) -> Conv|8|3")
    for none in ([], range(0), numpy.array([], dtype=int)):
        assert net.at(W=none, H=3).output[1].tolist() == []
    with pytest.raises(TermError, match="one shape: W has 2 entries, H has 3 entries"):
        net.at(W=[3, 4], H=[3, 4, 5])
    with pytest.raises(TermError, match="rows of different lengths"):
        net.at(W=[[3, 4], [5]], H=3)


def test_layers_without_an_axis_before_them_take_the_size_that_there_is() -> None:
    assert Embedding(1000, 64)(5) == 5
    assert Embedding(1000, 64)(x) == x
    assert ClassToken()(5) == 6


def test_a_network_with_outputs_that_others_read_does_not_claim_to_be_its_notation() -> None:
    start = Input(3, "H", "W")
    inner = Conv(8, 3)(start)
    net = Network(start, [inner, MaxPool(2)(inner)])
    assert len(net.outputs) == 2
    assert repr(net) == "<Network (3*H*W) -> Conv|8|3 -> Maxpool|2, outputs conv1, maxpool1>"
    assert eval(repr(Network(start, MaxPool(2)(inner)))) == Network(start, MaxPool(2)(inner))


def test_an_answer_that_parameters_do_not_change_is_a_list_and_another_one_is_undecided() -> None:
    k, p = sympy.symbols("k p")
    net = Network((3, x, x), [Conv(k, 3, 1, 1), MaxPool(2)])
    found = symnet.solve(net, output=(None, 7, 7), for_=[x])
    assert [number in found for number in (13, 14, 15, 16)] == [False, True, True, False]
    assert {x: 14} in found
    assert (list(found), len(found), found.set) == ([14, 15], 2, sympy.FiniteSet(14, 15))
    with_parameters = symnet.solve(net, output=(k, 7, p), for_=[x])
    assert 7 not in with_parameters  # whatever p is
    with pytest.raises(SymnetError, match="undecided: whether 14 is a solution depends on k, p"):
        assert 14 in with_parameters


def test_a_name_stays_and_notation_does_not() -> None:
    network = Network.parse("(3*W*W) -> Conv|8|3")
    assert network.at(W=9).title == "(3*9*9) -> Conv|8|3"
    network.title = "Stem"
    assert network.at(W=9).title == "Stem"
