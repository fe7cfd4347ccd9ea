"""The network as a user of the Python API holds it."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

import symnet
from symnet import LayerError, Network, NotationError, SymnetError, TermError
from symnet.printing.text import text
from tests.networks import KNOWN, Known

W = sympy.Symbol("W", integer=True, positive=True)
LENET = "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> FC|10"


def test_layers_from_python_are_those_from_text() -> None:
    layers = [symnet.Conv(32, 5), symnet.MaxPool(2), symnet.Dense(10)]
    built = Network(input=(1, 28, 28), layers=layers)
    assert built.output == Network.parse(LENET).output
    assert built.parameters == Network.parse(LENET).parameters == 46_922
    assert Network(784, [symnet.Dense(10)]).output == (10,)


def test_constructors_take_sympy_and_text() -> None:
    K, S = sympy.symbols("K S", integer=True, positive=True)
    network = Network(input=(3, W, W), layers=[symnet.Conv(2 * K, 3, S, padding="same")])
    assert network.closed_form["W"].free_symbols == {W, S}
    assert network.parameters.expr == 2 * K * 27 + 2 * K
    assert Network(input=("C", "H", "W"), layers=[symnet.Conv("K", 3)]).parameters.term is not None


@pytest.mark.parametrize("bad", [(), (0,), (3, -1, 4), (2.0, 3), (True,), ("a b",)])
def test_an_input_is_sizes(bad: tuple) -> None:
    with pytest.raises(SymnetError):
        Network(input=bad, layers=[symnet.Dense(1)])


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_the_notation_of_a_network_is_that_network(known: Known) -> None:
    network = Network.parse(known.text)
    again = Network.parse(network.notation)
    assert again.graph == network.graph
    assert again == network
    assert len({again, network}) == 1
    assert eval(repr(network), {"Network": Network}).graph == network.graph


def test_networks_that_differ_are_not_equal() -> None:
    network = Network.parse("784 -> FC|10")
    assert network != Network.parse("784 -> FC|11")
    assert network != Network.parse("785 -> FC|10")
    assert network != network.graph


CONV = symnet.Conv(8, 3)


@pytest.mark.parametrize("layers", [["Conv|8|3"], "Conv|8|3", CONV, None, 3, [["Conv|8|3"]]], ids=str)
def test_layers_are_layers(layers: Any) -> None:
    with pytest.raises(
        LayerError, match=r"layers is a list of layers such as \[symnet.Conv\(8, 3\)\], got .*Network.parse reads"
    ):
        Network((3, 32, 32), layers)


@pytest.mark.parametrize("text", ["(3*8*8) -> Conv|8|3", "3x8x8", ""])
def test_notation_is_no_input(text: str) -> None:
    with pytest.raises(LayerError, match=r"a tuple of sizes, such as .*; Network\.parse reads notation"):
        Network(text)


def test_the_sizes_of_the_input_are_values_as_those_of_the_output_are() -> None:
    network = Network(input=(3, W, W), layers=[symnet.Conv(8, 3)])
    assert network.input == (3, W, W)
    assert int(network.input[0]) == 3
    assert network.input[1] - 2 == network.output[1]
    assert repr(network.input) == "(3, W, W)"


def test_one_size_is_an_input() -> None:
    assert Network("W", [symnet.Dense(3)]) == Network.parse("W -> FC|3")
    assert Network("28").output == (28,)


@pytest.mark.parametrize("bad", [3, None, b"784", ["784"]])
def test_what_is_no_text_is_told(bad: Any) -> None:
    with pytest.raises(NotationError, match=r"Network.parse reads notation, such as .*, got "):
        Network.parse(bad)
    with pytest.raises(NotationError, match=r"solve takes a question such as .*, a network, or SymPy relations, got "):
        symnet.solve(bad)


def test_layers_show_themselves_in_notation() -> None:
    assert repr(CONV) == "<Conv|8|3>"
    assert repr([symnet.Activation("relu"), symnet.Dense("K", name="a")]) == '[<ReLU>, <FC|K|name="a">]'


def test_values_are_sympy_expressions() -> None:
    network = Network.parse("(3*W*W) -> Conv|64|7|2|3 -> Conv|K|3|1|1")
    size = network.closed_form["W"]
    K = next(symbol for symbol in network.parameters.free_symbols if symbol.name == "K")
    assert sympy.sympify(network.parameters) == 576 * K + K + 9472
    assert size.subs(W, 224) == 112
    assert size + 1 - size == 1
    assert sympy.simplify(network.parameters / K - 577 - 9472 / K) == 0
    assert size.rewrite(sympy.floor) == sympy.floor((W + 1) / 2)
    assert {network.output[1]: "half"}[size] == "half"


def test_values_know_their_theorems() -> None:
    network = Network.parse(LENET)
    assert text(network.output[0].theorem.conclusion) == "10 == 10"
    assert text(network.parameters.theorem.conclusion).endswith("== 46922")
    assert network.trainable.theorem.hypotheses == frozenset()
    closed = Network.parse("(3*W*W) -> Conv|8|5").closed_form["W"]
    assert str(closed.theorem) == "5 <= W ⊢ windows(W + 2*0, 5, 1, 1) == W - 4"
    assert text(Network.parse("(3*W*W) -> Conv|8|5").output.theorem.conclusion).count("==") == 3


def test_at_puts_numbers_in() -> None:
    network = Network.parse("(3*W*W) -> Conv|K|3|S|1 -> Maxpool|2")
    at = network.at(W=224, S=2)
    assert at.output[1:] == (56, 56)
    assert str(at.output[0]) == "K"
    assert network.at(W=224, S=2, K=8).parameters == 224
    assert network.closed_form["W"].theorem is not None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"X": 1}, "no symbol 'X'; it has W"),
        ({"W": 0}, "at least 1"),
        ({"W": 2.0}, "integer"),
        ({"W": True}, "integer"),
    ],
)
def test_at_refuses_what_the_network_does_not_have(values: dict, message: str) -> None:
    with pytest.raises(TermError, match=message):
        Network.parse("(3*W*W) -> Conv|8|3").at(**values)


def test_at_refuses_a_size_that_does_not_fit() -> None:
    with pytest.raises(LayerError, match=r"layer 1 .*: 3 ≤ 2"):
        Network.parse("(3*W*W) -> Conv|8|3").at(W=2)


EXACT = [
    ("(1*28*28) -> Conv|8|3|1|1 -> Maxpool|2", None),
    ("(3*227*227) -> Conv|96|11|4", None),
    (
        "(3*224*224) -> Conv|96|11|4",
        "layer 1 (conv1, Conv|96|11|4): 224 − 11 + 2·0 = 213 is not divisible by the stride 4; 1",
    ),
    (
        "(1*30*29) -> ReLU -> Maxpool|2",
        "layer 2 (maxpool1, Maxpool|2): 29 − 2 + 2·0 = 27 is not divisible by the stride 2; 1",
    ),
    (
        "(1*12*12) -> Maxpool|5|5",
        "layer 1 (maxpool1, Maxpool|5|5): 12 − 5 + 2·0 = 7 is not divisible by the stride 5; 2",
    ),
    ("(3*W*W) -> Maxpool|2", None),
]


@pytest.mark.parametrize(("written", "message"), EXACT)
def test_exact_refuses_what_drops_inputs(written: str, message: str | None) -> None:
    network = Network.parse(written)
    if message is None:
        network.require_exact()
        return
    with pytest.raises(LayerError) as refused:
        network.require_exact()
    assert str(refused.value) == f"{message} of the padded input would be dropped"


def test_nothing_outside_the_last_feature_map_is_in_the_closed_form() -> None:
    """Concrete inputs are taken as symbols, and a network without axes has no closed form."""
    assert list(Network.parse(LENET).closed_form) == ["H", "W"]
    assert Network.parse("784 -> FC|10").closed_form == {}
    assert {name: str(value) for name, value in Network.parse("(3*5*9) -> Conv|4|2*3").closed_form.items()} == {
        "H": "H - 1",
        "W": "W - 2",
    }


def test_a_network_shows_itself_in_a_notebook() -> None:
    network = Network.parse(LENET)
    assert network._repr_markdown_().startswith("| ")
    assert network.closed_form["W"]._repr_latex_() == r"$\left\lfloor\frac{W-4}{2}\right\rfloor$"
    assert network.output._repr_latex_() == "$10$"


def test_public_names_exist() -> None:
    for name in symnet.__all__:
        assert getattr(symnet, name) is not None
    assert {"Conv", "Dense", "LSTM", "Network"} <= set(dir(symnet))
    with pytest.raises(AttributeError, match="Convolutional"):
        symnet.Convolutional  # noqa: B018


def test_activations_and_memory_by_dtype() -> None:
    """The notes' MNIST network: 18432 + 4608 + 3200 + 800 + 256 + 10 numbers, counted by hand."""
    net = Network.parse("(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10")
    assert net.activations == 32 * 24 * 24 + 32 * 12 * 12 + 32 * 10 * 10 + 32 * 5 * 5 + 256 + 10
    assert net.activations.theorem.conclusion.args[1].constant == int(net.activations)
    assert net.memory("float16") == {"parameters": 2 * 217706, "activations": 2 * int(net.activations)}
