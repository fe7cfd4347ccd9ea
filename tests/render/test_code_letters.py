"""Layers with letters: what a framework has for one value of a letter only is written so that it holds for all, or refused."""

from __future__ import annotations

import itertools

import pytest

from symnet import Network, SymnetError
from symnet.errors import ModelError
from tests.generated import arguments, plain, run, symbols
from tests.render.test_code_keras import Sized

#: What stands in the code, word for word.
WRITTEN = [
    ("(3*W*W) -> Conv|8|F|S|P", "keras", ["ZeroPadding2D(P,", "Conv2D(8, F, strides=S, data_format"]),
    ("HWC:W*W*3 -> Maxpool|F|S|P", "keras", ["(0, 0), (P, P), (P, P), (0, 0)", 'float("-inf")']),
    ("(3*W*W) -> Conv|8|F|S|P|framework=keras", "keras", ["Conv2D(8, F, strides=S, data_format"]),  # P is 0 there
    ("(3*W*W) -> Conv|8|F|S|same", "torch", ["pad_same(x, (self.F, self.F), (self.S, self.S), (1, 1))"]),
    ("(3*W*W) -> Conv|8|F|1|same", "torch", ['padding="same"']),
    ("(3*L) -> Conv|8|F|1|causal|dilation=D", "torch", ["nn.ZeroPad1d((D * (F - 1), 0))"]),
    ("(3*L) -> Conv|8|F|S|(P,Q)", "torch", ["nn.ZeroPad1d((P, Q))", "nn.Conv1d(3, 8, kernel_size=F, stride=S)"]),
]


SOME_VALUES = [
    ("(3*W*W) -> Conv|8|3|S|dilation=D", "keras", "it runs where S ≤ 1 ∨ D ≤ 1"),
    ("(3*W*W) -> Conv|8|3|2|dilation=D", "keras", "it runs where D ≤ 1"),
    ("(3*W*W) -> Depthwise|3|S|dilation=2", "keras", ""),
    ("(3*W*W) -> Maxpool|2|2|P|ceil_mode=yes", "torch", "it runs where P ≤ ⌊2/2⌋"),
    ("(3*W*W) -> Conv|8|3|1|dilation=D", "keras", ""), ("(3*W*W) -> Maxpool|F|S|(F//2)", "torch", ""),
    ("(3*W*W) -> Maxpool|F|S|P", "torch", ""), ("(3*W*W) -> Avgpool|F|S|P", "torch", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "framework", "remark"), SOME_VALUES)
def test_what_runs_for_some_values_only_says_so(text: str, framework: str, remark: str) -> None:
    written = Network.parse(text).code(framework)
    assert ("it runs where" in written) == bool(remark), written
    assert remark in written


@pytest.mark.frameworks
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", ["(3*W*W) -> Maxpool|F|S|P", "(3*W*W) -> Avgpool|F|S|P", "(3*W) -> Maxpool|F|S|P"])
def test_a_pool_may_be_padded_by_more_than_half_its_kernel(text: str) -> None:
    network = Network.parse(text)
    values = {"F": 2, "P": 3, "S": 2}
    numbers = network.at(W=9, **values)
    assert _output(network, "torch", values, numbers) == _wanted(numbers, "torch")


@pytest.mark.parametrize(("text", "framework", "parts"), WRITTEN)
def test_what_holds_for_every_value(text: str, framework: str, parts: list[str]) -> None:
    written = Network.parse(text).code(framework)
    assert all(part in written for part in parts), written


REFUSED = [
    ("(4*W*W) -> Deconv|8|F|S|groups=G", "keras", "no groups here"),
    ("(3*W*W) -> Avgpool|F|S|dilation=D", "keras", "no dilation here"),
    ("(3*W*W) -> Deconv|8|F|S|(P,Q)", "torch", "the same padding before and after only"),
]


@pytest.mark.parametrize(("text", "framework", "why"), REFUSED)
def test_what_holds_for_one_value_only(text: str, framework: str, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        Network.parse(text).code(framework)


KINDS = ("Conv|8|F", "Depthwise|F", "SeparableConv|8|F", "Maxpool|F", "Avgpool|F", "Deconv|8|F")
PADDINGS = ("P", "(P,Q)", "same", "same_lower", "causal")
VALUES = {"W": 9, "P": 1, "Q": 0, "F": 3, "S": 2, "D": 2}


def sayable(framework: str) -> list[str]:
    """Every kind with every padding, and a convolution with a dilation, where the framework has it."""
    found: list[str] = []
    for start, kind, padding in itertools.product(("(3*W)", "(3*W*W)", "HWC:W*W*3"), KINDS, PADDINGS):
        for tail in ("S|" + padding, f"1|{padding}|dilation=D") if kind.startswith("Conv") else ("S|" + padding,):
            text = f"{start} -> {kind}|{tail}"
            try:
                Network.parse(text).code(framework)
            except SymnetError:
                continue
            found.append(text)
    return found


@pytest.mark.frameworks
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("framework", ["torch", "keras"])
def test_values_for_the_letters(framework: str) -> None:
    """With values for its letters the model gives the sizes of the network with these values."""
    texts = sayable(framework)
    assert len(texts) > 40
    for text in texts:
        net = Network.parse(text)
        values = {name: VALUES[name] for name in VALUES if name in symbols(net)}
        numbers = net.at(**values)
        assert _output(net, framework, values, numbers) == _wanted(numbers, framework), text


def _wanted(numbers: Network, framework: str) -> tuple[int | None, ...]:
    last = numbers.placed[-1]
    return plain(last) if framework == "torch" else tuple(size.constant for size in last.output.dims)


def _output(net: Network, framework: str, values: dict[str, int], numbers: Network) -> tuple[int, ...]:
    space, _ = run(net, framework)
    if framework == "torch":
        import torch

        model = space["Model"](**arguments(space["Model"].__init__, values))
        return tuple(model(torch.zeros(1, *plain(numbers.placed[0]))).shape[1:])
    import keras

    entry = tuple(size.constant or 0 for size in numbers.placed[0].output.dims)
    space["keras"] = Sized(keras, [entry])
    return tuple(space["model"](**arguments(space["model"], values)).outputs[0].shape[1:])
