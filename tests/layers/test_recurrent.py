"""Recurrent layers against the counts of Keras and PyTorch, and against loops that run them."""

from __future__ import annotations

from itertools import product as indices

import pytest

import symnet
from symnet.errors import LayerError
from symnet.layers.declaration.shape import SEQUENCE, Shape
from symnet.layers.kinds.recurrent import GRU, LSTM
from symnet.network.propagate import propagate
from symnet.notation.parse import parse_network
from symnet.printing.text import text
from symnet.terms.term import integer
from tests.layers.asking import output, parameters, refusal, sizes, work

COUNTS = {
    "(5, 10) -> LSTM|20": 2480,  # Keras
    "(5, 10) -> LSTM|20|bias=2": 2560,  # PyTorch
    "(5, 10) -> LSTM|20|framework=torch": 2560,
    "(5, 10) -> LSTM|20|framework=keras": 2480,
    "(5, 10) -> LSTM|20|framework=onnx": 2560,
    "(5, 10) -> LSTM|20|biases=0": 2400,
    "(5, 10) -> LSTM|20|bias=no|framework=torch": 2400,
    "(5, 10) -> GRU|20": 1920,
    "(5, 10) -> GRU|20|framework=keras": 1920,
    "(5, 10) -> GRU|20|framework=torch": 1920,
    "(5, 10) -> GRU|20|framework=onnx": 1920,
    "(5, 10) -> GRU|20|reset_after=no": 1860,
    "(5, 10) -> GRU|20|reset_after=no|framework=keras": 1860,
    "(5, 10) -> RNN|20": 620,
    "(5, 10) -> SimpleRNN|20|framework=torch": 640,
    "(5, 10) -> BiLSTM|20": 4960,
    "(5, 10) -> BiLSTM|20|biases=2|layers=2": 2 * 2560 + 2 * 4 * 20 * (40 + 20 + 2),
    # torch.nn.LSTM(10, 20, num_layers=2, bidirectional=True, proj_size=7)
    "(5, 10) -> BiLSTM|20|biases=2|layers=2|proj_size=7": 2 * (80 * (10 + 7 + 2) + 7 * 20)
    + 2 * (80 * (14 + 7 + 2) + 140),
    "16 -> LSTM|256": 279552,
    # World Models, MDN-RNN
    "35 -> LSTM|256 -> FC|480": 422368,
    # Keras's example bidirectional_lstm_imdb: 2,757,761 in all
    "200 -> Embedding|20000|128 -> BiLSTM|64|return_sequences=yes -> BiLSTM|64 -> FC|1": 2757761,
}


@pytest.mark.parametrize(("network", "expected"), COUNTS.items(), ids=str)
def test_counts(network: str, expected: int) -> None:
    assert parameters(network) == expected


SIZES = {
    "(16, 4096) -> LSTM|256": (256,),
    "(16, 4096) -> LSTM|256|return_sequences=yes": (16, 256),
    "(16, 10) -> BiGRU|8": (16,),
    "(16, 10) -> BiGRU|8|merge=sum": (8,),
    "(16, 10) -> BiGRU|8|merge=ave|sequences=yes": (16, 8),
    "(16, 10) -> LSTM|20|proj_size=7|sequences=yes": (16, 7),
    "(16, 10) -> BiLSTM|20|proj_size=7": (14,),
    "(16, 10) -> LSTM|20|sequences=yes -> TimeDistributed|3": (16, 3),
    "(16, 10) -> LSTM|20|sequences=yes -> FC|3": (16, 3),
    "10 -> LSTM|20|sequences=yes": (1, 20),
}


@pytest.mark.parametrize(("network", "expected"), SIZES.items(), ids=str)
def test_sizes(network: str, expected: tuple[int, ...]) -> None:
    assert sizes(network) == expected


def test_two_sizes_are_a_sequence_where_one_is_read() -> None:
    last = propagate(parse_network("(20, 10) -> LSTM|8|return_sequences=yes -> FC|4"))[-1]
    assert last.output == Shape((integer(20), integer(4)), SEQUENCE)
    assert [text(axis.form.term) for axis in last.axes] == ["T"]


def test_symbols_stay() -> None:
    assert output("TD:(T*D) -> BiLSTM|H|return_sequences=yes -> FC|K") == ("T", "K")


def multiplications(steps: int, features: int, units: int, gates: int, layers: int, directions: int) -> int:
    """The products of a stacked layer, one by one."""
    total = 0
    for layer in range(layers):
        seen = features if layer == 0 else directions * units
        for _ in indices(range(directions), range(steps), range(gates), range(units)):
            total += sum(1 for _ in range(seen)) + sum(1 for _ in range(units))
    return total


@pytest.mark.parametrize(("kind", "gates"), [("RNN", 1), ("GRU", 3), ("LSTM", 4)])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("directions", [1, 2])
def test_multiply_adds_are_those_of_a_run(kind: str, gates: int, layers: int, directions: int) -> None:
    both = "yes" if directions == 2 else "no"
    asked = f"(4, 3) -> {kind}|2|layers={layers}|bidirectional={both}"
    assert work(asked) == multiplications(4, 3, 2, gates, layers, directions)


REFUSED = {
    "(3*8*8) -> LSTM|4": "needs a sequence (T, D), got 3 sizes; flatten or reshape before it",
    "(5, 10) -> LSTM|0": "units must be at least 1, got 0",
    "(5, 10) -> LSTM|20|biases=3": "biases must be one of 0, 1, 2, got '3'",
    "(5, 10) -> LSTM|20|proj_size=20": "a projection gives fewer features than there are units: 20 < 20 does not hold",
    "(5, 10) -> LSTM|20|layers=0": "layers must be at least 1, got 0",
    "(5, 10) -> LSTM|20|merge=max": "merge must be one of concat, sum, mul, ave, got 'max'",
    "(5, 10) -> LSTM|20|return_sequences=maybe": "return_sequences must be yes or no, got 'maybe'",
    "(5, 10) -> GRU|20|proj_size=3": "GRU has no 'proj_size'",
    "(5, 10) -> LSTM": "LSTM needs units",
    "(5, 10) -> LSTM|20|layers=2|framework=keras": "Keras has one layer at a time",
    "(5, 10) -> LSTM|20|biases=1|framework=torch": "PyTorch has two bias vectors a gate, or none",
    "(5, 10) -> LSTM|20|biases=2|framework=keras": "Keras has one bias vector a gate, or none",
    "(5, 10) -> LSTM|20|proj_size=3|framework=keras": "Keras has no projection",
    "(5, 10) -> GRU|20|reset_after=no|framework=torch": "PyTorch has the reset gate after the recurrent matrix only",
    # Keras: "expected ndim=3, found ndim=2"
    "(5, 10) -> LSTM|8|framework=keras -> LSTM|4|framework=keras": "Keras needs a sequence (T, D), got one size; "
    "write return_sequences=yes on the recurrent layer before it, or Reshape|1*8 for one step",
    "(T, 10) -> GRU|(2*K)|framework=torch -> GRU|4|framework=torch": "PyTorch needs a sequence (T, D), got one size; "
    "write return_sequences=yes on the recurrent layer before it, or Reshape|1*(2*K) for one step",
    # steps are what is last once windows moved along an axis, and channels are no steps
    "(2*T) -> Conv|32|8 -> LSTM|4": "reads features from the last size, where the layers before it have an axis and the channels "
    "first; write Permute|2*1 before it, or the input channels last, TD:(T*C)",
    "(2*T) -> Conv|32|8 -> BN -> ReLU -> Maxpool|2 -> Dropout|0.1 -> GRU|4": "write Permute|2*1 before it",
    "(2*T) -> Conv|32|8 @a -> ReLU -> Add|a -> RNN|4": "write Permute|2*1 before it",
    "(2*T) -> Deconv|32|8 -> Slice|1|0|4 -> LSTM|4": "write Permute|2*1 before it",
    "(5, 10) -> BiLSTM|20|merge=sum|framework=torch": "PyTorch has no way of merging directions but concatenation",
}


@pytest.mark.parametrize(("network", "expected"), REFUSED.items(), ids=str)
def test_refusals(network: str, expected: str) -> None:
    assert expected in refusal(network)


#: (channels in + 1)·8 of the windows, and 4 gates of 4 units on the features that a person sees there.
READ_AS_STEPS = {
    "(2*64) -> Conv|32|8 -> Permute|2*1 -> LSTM|4": (8 * 2 + 1) * 32 + 4 * (32 + 4 + 1) * 4,
    "TD:(64*2) -> Conv|32|8 -> LSTM|4": (8 * 2 + 1) * 32 + 4 * (32 + 4 + 1) * 4,
    "(2*64) -> Conv|32|8 -> Layout|sequence -> LSTM|4": (8 * 2 + 1) * 32 + 4 * (57 + 4 + 1) * 4,
    "(2*64) -> Conv|32|8 -> Reshape|32*57 -> LSTM|4": (8 * 2 + 1) * 32 + 4 * (57 + 4 + 1) * 4,
    "(64, 2) -> Dropout|0.1 -> LSTM|4": 4 * (2 + 4 + 1) * 4,
    "784 -> Reshape|28*28 -> LSTM|4": 4 * (28 + 4 + 1) * 4,
}


@pytest.mark.parametrize(("network", "expected"), READ_AS_STEPS.items(), ids=str)
def test_two_sizes_that_no_window_moved_along_are_steps(network: str, expected: int) -> None:
    assert parameters(network) == expected


def test_questions_are_refused_likewise() -> None:
    with pytest.raises(LayerError, match="write Permute"):
        symnet.solve("(2*64) -> Conv|32|F -> LSTM|4 = (4)")


def test_python() -> None:
    assert LSTM(20, biases=2, layers=2).notation == "LSTM|20|biases=2|layers=2"
    assert LSTM(20, biases=False).bias_vectors == 0
    assert GRU(20, reset_after=False).bias_vectors == 1
    with pytest.raises(LayerError, match="units must be an integer or a symbol"):
        LSTM(2.5)


@pytest.mark.parametrize(("framework", "parameters"), [("keras", 2480), ("torch", 2560)])
def test_a_vector_that_comes_in_is_one_step(framework: str, parameters: int) -> None:
    network = symnet.Network.parse(f"10 -> LSTM|20|framework={framework}")
    assert (network.parameters, network.output) == (parameters, (20,))
