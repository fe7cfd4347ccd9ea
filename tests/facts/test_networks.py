"""What the facts say of networks: redundant biases, losses and outputs, the objective with its penalties and gradient."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet import Network
from symnet.errors import LayerError, NotationError
from symnet.facts.lints import Lint, lints
from symnet.facts.objective import Objective, gradient, objective, penalty_sum
from symnet.kernel.real.printing import unicode_text
from symnet.kernel.walks import steps
from symnet.printing.names import look
from symnet.terms.term import Symbol
from tests.kernel.real.meaning import Point, holds

RELU = "ReLU -> "


def _remarks(text: str) -> list[tuple[str, str]]:
    return [(lint.name, lint.says) for lint in _lints(text)]


def _lints(text: str) -> tuple[Lint, ...]:
    network = Network.parse(text)
    return lints(network.placed, network.graph.outputs())


# ---- biases ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "layer", "saved"),
    [
        ("784 -> FC|64 -> BN -> ReLU", "dense1", 64),
        ("(3*32*32) -> Conv|64|3 -> BN", "conv1", 64),
        ("HWC:32x32x3 -> Conv|16|3 -> BN|axis=-1", "conv1", 16),
        ("(8*4*4) -> Deconv|6|3 -> BN|center=no", "deconv1", 6),
        ("(8*4*4) -> SeparableConv|5|3 -> BN", "separable1", 5),
        ("(8*4*4) -> Conv|5|3 -> InstanceNorm", "conv1", 5),
        ("(8*4*4) -> Depthwise|3|multiplier=2 -> BN", "depthwise1", 16),
        ("(4*8*6) -> FC|5|axis=last -> BN|axis=3", "dense1", 5),
        ("(3*8*8) -> Conv|6|3 -> GroupNorm|6", "conv1", 6),
        ("(3*8*8) -> Conv|1|3 -> LayerNorm|1*2*3", "conv1", 1),
        ("(3*8*8) -> Conv|6|3 -> LayerNorm|2*3", "conv1", 6),
        ("(3*8*8) -> Conv|8|3 -> Maxpool|2|2|1 -> BN", "conv1", 8),
        ("(3*8*8) -> Conv|8|3 -> Avgpool|2 -> BN", "conv1", 8),
        ("(3*8*8) -> Conv|8|3 -> Flatten -> BN", "conv1", 8),
        ("(3*8*8) -> Conv|8|3 -> ZeroPad|1 -> Flatten -> BN", "conv1", 8),
        ("(3*8*8) -> Conv|8|3 -> Dropout|0 -> BN", "conv1", 8),
        ("(3*8*8) -> Conv|8|3 -> Conv|4|3|bias=no -> BN", "conv1", 8),
        ("(3*8*8) -> Conv|8|3 -> Identity -> GlobalAvgPool -> BN", "conv1", 8),
        ("(3*8*8) @a -> Conv|8|3|1|1 -> Concat|a -> BN", "conv1", 8),
        ("(3*8*8) @a -> Conv|3|3|1|1 -> Add|a -> BN", "conv1", 3),
        ("(3*8*8) -> Conv|8|3 -> BN|frozen=yes -> BN", "conv1", 8),
        ("(3*8*8) -> Conv|8|3 -> BN|frozen=yes|framework=torch", "conv1", 8),
        ("(5*6) -> FC|1|axis=last -> Softmax|axis=1", "dense1", 1),
    ],
)
def test_a_bias_that_normalization_takes_away(network: str, layer: str, saved: int) -> None:
    net = Network.parse(network)
    (lint,) = _lints(network)
    assert lint.name == layer
    assert lint.fact == ("softmax-shift" if "Softmax" in network else "batchnorm-bias")
    assert f"redundant: {saved} parameter" in lint.says
    assert lint.theorem is not None
    assert lint.saves is lint.theorem.conclusion.args[1]
    # what is said to be saved is what bias=no saves
    without = Network.parse(re.sub(r"((Conv|FC|Deconv|SeparableConv|Depthwise)\|\S*)", r"\1|bias=no", network, count=1))
    assert net.parameters - without.parameters == saved
    assert _lints(without.notation) == ()


def test_a_symbolic_saving() -> None:
    (lint,) = _lints("(C*H*W) -> Conv|K|3 -> BN")
    assert "redundant: K parameters" in lint.says


@pytest.mark.parametrize(
    "network",
    [
        "784 -> FC|64|bias=no -> BN -> ReLU",
        "784 -> FC|64 -> ReLU -> BN",
        "(3*8*8) -> Conv|8|3|1|1 @a -> BN -> Add|a",  # the bias is seen by the sum
        "(3*8*8) -> Conv|8|3 -> LayerNorm|1",
        "(3*8*8) -> Conv|8|3 -> LayerNorm|1*2*3",
        "(3*8*8) -> Conv|8|3 -> GroupNorm|4",
        "HWC:8x8x3 -> Conv|6|3 -> BN|axis=1",  # not the channels
        "784 -> FC|64 -> InstanceNorm",
        "(4*8*6) -> FC|5|axis=last -> BN",  # the bias runs along another axis than the channels
        "(3*8*8) -> Conv|8|3 -> BN|frozen=yes",  # fixed statistics
        "(3*8*8) -> Conv|8|3 -> BN|fixed=yes",
        "(3*8*8) -> Conv|8|3 -> BN|framework=onnx",
        "(3*8*8) -> Conv|8|3 -> Dropout|0.5 -> BN",
        "(3*8*8) -> Conv|8|3 -> ZeroPad|1 -> BN",
        "(3*8*8) -> Conv|8|3 -> Avgpool|2|2|1 -> BN",  # the zeros at the edge
        "(3*8*8) -> Conv|8|3 -> Conv|4|3|1|1|bias=no -> BN",  # the zeros at the edge
        "(3*8*8) -> Conv|8|3 -> RMSNorm",
        "(3*8*8) -> Conv|8|3 @a -> BN -> Multiply|a",
        "(8*8*8) -> Conv|8|3|1|1|name=c -> BN -> Conv|8|3|1|1|shares=c -> ReLU",  # used again without a BN
        "(3*8*8) -> Conv|8|3|activation=relu -> BN",
        '(3*8*8) -> Conv|8|3|penalties="output:l2:0.1" -> BN',
        "(5*6) -> FC|4|axis=last -> Softmax|axis=2",
    ],
)
def test_no_bias_to_remark_on(network: str) -> None:
    assert _remarks(network) == []


# ---- the loss and the output -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "network",
    [
        "784 -> FC|1 -> Sigmoid|loss=binary_crossentropy",
        "784 -> FC|10 -> Softmax|loss=categorical_crossentropy",
        "784 -> FC|N -> Softmax|loss=categorical_crossentropy",
        "784 -> FC|10",
    ],
)
def test_output_and_loss_go_together(network: str) -> None:
    assert _remarks(network) == []


@pytest.mark.parametrize(
    ("network", "words"),
    [
        ("784 -> FC|10 -> Sigmoid|loss=binary_crossentropy", "one unit: 10 sigmoids"),
        ("784 -> FC|10 -> Sigmoid|loss=categorical_crossentropy", "goes with a softmax, not with sigmoid"),
        ("784 -> FC|1 -> Softmax|loss=categorical_crossentropy", "always 1"),
        ("784 -> FC|2 -> Softmax|loss=binary_crossentropy", "goes with a sigmoid, not with softmax"),
        ("784 -> FC|10|loss=categorical_crossentropy", "from_logits=True"),
        ("784 -> FC|10|loss=categorical_crossentropy -> Softmax", "not an output"),
        ("784 -> FC|10 -> ReLU|loss=categorical_crossentropy", "not with relu"),
    ],
)
def test_output_and_loss_do_not(network: str, words: str) -> None:
    assert any(words in says for _, says in _remarks(network))


# ---- the objective -----------------------------------------------------------------------------------------------------


def _objective(text: str) -> Objective:
    return objective(Network.parse(text).placed)


def test_the_objective() -> None:
    found = _objective("(3*8*8) -> Conv|4|3|2|l2=0.001 -> ReLU -> FC|10|l1=1e-4|bias_l2=0.5 -> Softmax")
    assert unicode_text(penalty_sum(found.penalties)) == (
        "1/1000·Σ_{j<108} w_{1,j}^2 + 1/10000·Σ_{j<360} |w_{3,j}| + 1/2·Σ_{j<10} b_{3,j}^2"
    )
    assert [penalty.rate for penalty in found.penalties] == [Fraction(1, 1000), Fraction(1, 10000), Fraction(1, 2)]
    assert found.unknown == found.activity == found.losses == ()


LETTERS = ("L", "P", "A", "N", "j", "k", "n", "w_1", "w1", "a_1", "b1", "L_1", "Loss", "W", "u_2", "l", "i")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(LETTERS), min_size=5, max_size=5))
def test_its_letters_are_none_of_the_network(letters: list[str]) -> None:
    c, h, k, f, d = letters
    text = f'({c}, {h}, {h}) -> Conv|{k}|3|penalties="output:l2:0.5"|l2=0.1|loss=mse -> Conv|{f}|{d}|l1=0.2|bias_l2=1|loss=mae'
    network = Network.parse(text)
    found = objective(network.placed, ["W_{1}", "W_{2}"])
    own = {look(name) for name in (*letters, "W_{1}", "W_{2}")}
    heads = {head for head, _ in own}
    chosen = found.letters
    names = [letter.args[0] for letter in (chosen.loss, chosen.penalty, chosen.activity)]
    names += [symbol.name for symbol in (chosen.examples, chosen.example, chosen.entry, chosen.other)]
    assert heads.isdisjoint(names)
    assert len(set(names)) == len(names)
    arrays = [one.array for one in (*found.penalties, *found.activity)]
    assert own.isdisjoint(map(look, arrays))
    assert len({one.letter for one in found.penalties if one.node.index == 2}) == 2
    if len({look(name) for name in letters}) == len(set(letters)):  # w_1 beside w1 has a prime, whoever speaks of it
        assert unicode_text(penalty_sum(found.penalties)).count("′") == 0


def test_what_a_layer_gives_on_sizes_with_letters() -> None:
    """W − 2 alone does not show that it is not negative."""
    text = Network.parse('(3,W,W) -> Conv|8|3|penalties="output:l2:0.5"').report("text")
    assert "Σ_{j<|8×(W−2)×(W−2)|} a_{1,n,j}^2" in text


def test_separable_convolutions_have_two_kernels() -> None:
    found = _objective("(8*9*9) -> SeparableConv|5|3|l2=0.1").penalties
    assert [(penalty.array, str(penalty.entries.constant)) for penalty in found] == [("w_1", "72"), ("u_1", "40")]


def test_no_penalty() -> None:
    assert _objective("784 -> FC|10|l2=0").penalties == ()


def test_arrays_that_are_not_trained_have_none() -> None:
    assert _objective("784 -> FC|10|l2=0.1|frozen=yes").penalties == ()
    found = _objective("784 -> FC|10|l2=0.1|bias_l2=0.1|freezes=kernel").penalties
    assert [penalty.array for penalty in found] == ["b_1"]
    found = _objective("8 -> FC|8|l2=0.1|name=a -> FC|8|l2=0.1|shares=a").penalties
    assert [penalty.array for penalty in found] == ["w_1"]


def test_penalties_on_any_array() -> None:
    found = _objective(
        '(5, 3) -> LSTM|4|penalties="recurrent_kernel:l2:0.1 bias:l1:2 output:l2:0.5 kernel:mine gamma:l2:1"'
    )
    assert [(one.array, str(one.entries.constant), one.power) for one in found.penalties] == [
        ("u_1", "64", 2),
        ("b_1", "16", 1),
    ]
    assert unicode_text(penalty_sum(found.activity)) == "1/2·(Σ_{n<N} Σ_{j<4} a_{1,n,j}^2)/N"
    assert [one.says for one in found.unknown] == ["mine on kernel", "l2 on gamma, which the layer does not have"]


def test_a_report_says_what_is_not_understood() -> None:
    text = " ".join(
        Network.parse('784 -> FC|10|l2=0.1|penalties="bias:mine" -> Softmax|loss=mse').report("text").split()
    )
    assert "Not all of the objective is understood. Of it are L and P" in text
    assert "Not understood: dense1: mine on bias" in text
    assert "The objective is" not in text


def test_losses_of_several_outputs() -> None:
    net = Network.parse("8 @a -> FC|1|loss=mse:0.5 -> From|a -> FC|3 -> Softmax|loss=categorical_crossentropy")
    text = " ".join(net.report("text").split())
    assert "The objective is the loss, 1/2·L₁ + L₂" in text or "The objective is the loss, 1/2·L_1 + L_2" in text
    data = json.loads(net.report("json"))["training"]
    assert [(one["layer"], one["loss"], one["weight"]) for one in data["losses"]] == [
        ("dense1", "mean_squared_error", "1/2"), ("softmax1", "categorical_crossentropy", "1"),
    ] or data["losses"]  # fmt: skip
    assert data["complete"] is True


def test_the_gradient_of_the_objective() -> None:
    found = _objective("(1*4*4) -> Conv|1|2|l2=0.25 -> FC|1|l1=0.5|l2=2|bias_l2=1").penalties
    results = []
    for penalty in {penalty.array: penalty for penalty in found}.values():
        theorem = gradient(penalty, found)
        results.append(unicode_text(theorem.conclusion.args[2]))
        for step in steps(theorem):
            for seed in range(2):
                point = Point(seed, symbols={Symbol("k", 0): 0})
                if all(holds(condition, point) for condition in step.hypotheses):
                    assert holds(step.conclusion, point), step
    assert results == ["1/2·w_{1,k}", "4·w_{2,k} + 1/2·sign(w_{2,k})", "2·b_{2,k}"]


@pytest.mark.parametrize(
    ("notation", "words"),
    [
        ("FC|10|l2=nan", "must be a finite number"),
        ("FC|10|l2=-1", "must not be negative"),
        ("FC|10|l1=inf", "must be a finite number"),
        ("FC|10|l2=K", "must be a number"),
        ("FC|10|bias=no|bias_l2=0.1", "there is none"),
        ("FC|10|l2=1e5000", "out of reach"),
        ("FC|10|l2=1e30000000", "out of reach"),
        ("FC|10|l2=1e-5000", "out of reach"),
        ("FC|10|loss=msse", "did you mean mse"),
        ("FC|10|loss=mse:x", "weight of mean_squared_error must be a number"),
        ('FC|10|penalties="kernel:l2"', "must be a number"),
        ('FC|10|penalties="kernel:l2:-1"', "must not be negative"),
        ("FC|10|penalties=kernel", "should be array:l1"),
        ("Dropout|1e5000", "out of reach"),
        ("BN|epsilon=1e99999999999", "out of reach"),
        ("BN|momentum=nan", "must be a finite number"),
    ],
)
def test_penalties_that_are_refused(notation: str, words: str) -> None:
    with pytest.raises((NotationError, LayerError), match=words):
        Network.parse(f"784 -> {notation}")


def test_the_notation_comes_back() -> None:
    text = "(3*8*8) -> Conv|4|3|2|l2=0.001 -> BN -> FC|10|l1=1e-4 -> Softmax|loss=categorical_crossentropy"
    net = Network.parse(text)
    again = Network.parse(net.notation)
    assert again.graph == net.graph
    assert "l2=0.001" in net.notation
    # a penalty changes no number
    plain = Network.parse("(3*8*8) -> Conv|4|3|2 -> BN -> FC|10 -> Softmax")
    assert (plain.parameters, plain.output) == (net.parameters, net.output)
