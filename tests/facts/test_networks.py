"""What the facts say of networks: redundant biases, losses and outputs, the objective with its penalties and gradient."""

from __future__ import annotations

from fractions import Fraction

import pytest
from mpmath import mpf

from symnet import Network
from symnet.errors import LayerError, NotationError
from symnet.facts.lints import lints
from symnet.facts.objective import gradient, objective, penalties
from symnet.kernel.real.printing import unicode_text
from symnet.kernel.real.theorem import steps
from symnet.terms.term import Symbol
from tests.kernel.real.meaning import Point, holds

RELU = "ReLU -> "


def _remarks(text: str) -> list[tuple[str, str]]:
    return [(lint.name, lint.says) for lint in lints(Network.parse(text).placed)]


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
    ],
)
def test_a_bias_that_normalization_takes_away(network: str, layer: str, saved: int) -> None:
    net = Network.parse(network)
    (lint,) = lints(net.placed)
    assert (lint.name, lint.fact) == (layer, "batchnorm-bias")
    assert f"redundant: {saved} parameters" in lint.says
    assert lint.theorem is not None
    assert lint.saves is lint.theorem.conclusion.args[1]
    # what is said to be saved is what bias=no saves
    without = Network.parse(
        network.replace(" -> BN", "|bias=no -> BN").replace(" -> InstanceNorm", "|bias=no -> InstanceNorm")
    )
    assert net.parameters - without.parameters == saved
    assert lints(without.placed) == ()


def test_a_symbolic_saving() -> None:
    (lint,) = lints(Network.parse("(C*H*W) -> Conv|K|3 -> BN").placed)
    assert "redundant: K parameters" in lint.says


@pytest.mark.parametrize(
    "network",
    [
        "784 -> FC|64|bias=no -> BN -> ReLU",
        "784 -> FC|64 -> ReLU -> BN",
        "(3*8*8) -> Conv|8|3|1|1 @a -> BN -> Add|a",  # the bias is seen by the sum
        "(3*8*8) -> Conv|8|3 -> LayerNorm",
        "(3*8*8) -> Conv|8|3 -> GroupNorm|4",
        "HWC:8x8x3 -> Conv|6|3 -> BN|axis=1",  # not the channels
        "784 -> FC|64 -> InstanceNorm",
        "(8*4*4) -> Depthwise|3|multiplier=2 -> BN",  # two biases a channel: shape (C, m)
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
        ("784 -> FC|10|loss=categorical_crossentropy -> Softmax", "not the output"),
        ("784 -> FC|10 -> ReLU|loss=categorical_crossentropy", "not with relu"),
    ],
)
def test_output_and_loss_do_not(network: str, words: str) -> None:
    ((_, says),) = _remarks(network)
    assert words in says


# ---- the objective -----------------------------------------------------------------------------------------------------


def test_the_objective() -> None:
    net = Network.parse("(3*8*8) -> Conv|4|3|2|l2=0.001 -> ReLU -> FC|10|l1=1e-4|bias_l2=0.5 -> Softmax")
    whole = objective(net.placed)
    assert whole is not None
    assert unicode_text(whole) == (
        "L + 1/1000·Σ_{j<108} w_{1,j}^2 + 1/10000·Σ_{j<360} |w_{3,j}| + 1/2·Σ_{j<10} b_{3,j}^2"
    )
    assert [penalty.rate for penalty in penalties(net.placed)] == [
        Fraction(1, 1000),
        Fraction(1, 10000),
        Fraction(1, 2),
    ]


def test_separable_convolutions_have_two_kernels() -> None:
    found = penalties(Network.parse("(8*9*9) -> SeparableConv|5|3|l2=0.1").placed)
    assert [(penalty.array, str(penalty.entries.constant)) for penalty in found] == [("w_1", "72"), ("u_1", "40")]


def test_no_penalty() -> None:
    assert objective(Network.parse("784 -> FC|10|l2=0").placed) is None


def test_the_gradient_of_the_objective() -> None:
    net = Network.parse("(1*4*4) -> Conv|1|2|l2=0.25 -> FC|1|l1=0.5|l2=2|bias_l2=1")
    found = penalties(net.placed)
    results = []
    for penalty in {penalty.array: penalty for penalty in found}.values():
        theorem = gradient(penalty, found)
        results.append(unicode_text(theorem.conclusion.args[2]))
        for step in steps(theorem):
            for seed in range(2):
                point = Point(seed, symbols={Symbol("k", 0): 0})
                if all(holds(condition, point) for condition in step.hypotheses):
                    assert holds(step.conclusion, point), step
    assert results == ["1/2·w_{1,k}", "4·w_{2,k} + 1/2·sign(w_{2,k})", "2·b_{2,k}"] or results == [
        "1/2·w_{1,k}", "1/2·sign(w_{2,k}) + 4·w_{2,k}", "2·b_{2,k}",
    ]  # fmt: skip
    assert mpf(1)


@pytest.mark.parametrize(
    ("notation", "words"),
    [
        ("FC|10|l2=nan", "must be a finite number"),
        ("FC|10|l2=-1", "must not be negative"),
        ("FC|10|l1=inf", "must be a finite number"),
        ("FC|10|l2=K", "must be a number"),
        ("FC|10|bias=no|bias_l2=0.1", "there is none"),
        ("FC|10|loss=mse", "loss must be one of binary_crossentropy, categorical_crossentropy"),
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
