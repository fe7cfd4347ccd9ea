"""Every line of the interface's notation section, as it stands there."""

from __future__ import annotations

import pytest

from symnet import Network, SymnetError, solve
from symnet.notation.parse import parse_network, parse_question
from symnet.notation.writer import write_network

#: Notation, the output, the parameters.
LINES = [
    ("(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10", "(10,)", "217706"),
    ("(1*28*28) → FC|10  # a comment", "(10,)", "7850"),
    ("(1*28*28)\n  -> Conv|32|5*5|1  # a line may break\n\n  -> FC\n|10", "(10,)", "185162"),
    ("(C*H*W) -> ReLU", "(C, H, W)", "0"),
    ("C*H*W -> ReLU", "(C, H, W)", "0"),
    ("(C, H, W) -> ReLU", "(C, H, W)", "0"),
    ("3x224x224 -> Conv|64|7|2|3", "(64, 112, 112)", "9472"),
    ("HWC:80x80x4 -> Conv|32|8|4|same", "(20, 20, 32)", "8224"),
    ("784 -> Dense|10", "(10,)", "7850"),
    ("(T, 8) -> LSTM|16", "(16,)", "1600"),
    ("(3*9*9) -> cOnV2D|8|3 -> MaxPooling2D|2 -> linear|4", "(4,)", "516"),
    ("(3*9*9) -> ConvTranspose|8|3|2 -> bn", "(8, 19, 19)", "256"),
    ("(3*9*9) -> Conv|8|3|KERNEL_SIZE=3", None, "twice"),
    ("(3*9*9) -> Conv|8|3|padding=1*2", "(8, 9, 11)", "224"),
    ("(3*9*9) -> Conv|8|3|1|(1, 2)", "(8, 10, 10)", "224"),
    ("(3*9*9) -> Conv|8|3|1|valid -> Conv|8|3|2|same -> Conv|8|3|1|same_lower", "(8, 4, 4)", "1392"),
    ("HWC:9x3 -> Conv|8|3|1|causal", "(9, 8)", "80"),
    ("(3*W*W) -> Conv|(2*K)|3|2|same", "(2*K, (W + 1)//2, (W + 1)//2)", "56*K"),
    ("(3*9*9) -> Conv|3|3|1|1 @a -> Conv|3|3|1|1 -> Add|a -> Concat|a|input -> From|a -> Multiply|a", "(3, 9, 9)", "168"),
    ("(3*9*9) @a -> Conv|3|3 -> From|a -> Maxpool|1 -> Crop|a", "(3, 9, 9)", "84"),
    ("8 -> 3 * [FC|8 -> ReLU]", "(8,)", "216"),
    ("let K = 32\n(3*9*9) -> Conv|K|3", "(32, 7, 7)", "896"),
    ("(8*9*9) -> BN|framework=torch", "(8, 9, 9)", "16"),
    ("let framework = torch\n(8*9*9) -> BN", "(8, 9, 9)", "16"),
    ('(3*9*9) -> Conv|8|3|name="conv1"', "(8, 7, 7)", "224"),
    ("3xHxW -> Conv|8|1", "(8, H, W)", "32"),
    ("784 -> FC|(min(3, 4) + max(1, 2)*ceildiv(7, 2) - 9//2 % 3 + 2**3)", "(18,)", "14130"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "output", "parameters"), LINES)
def test_lines(text: str, output: str | None, parameters: str) -> None:
    if output is None:
        with pytest.raises(SymnetError, match=parameters):
            Network.parse(text)
        return
    network = Network.parse(text)
    assert (str(network.output), str(network.parameters)) == (output, parameters)
    assert parse_network(write_network(network.graph)) == parse_network(text)


def test_questions() -> None:
    assert list(solve("(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)")) == [2]
    assert list(solve("(3,224,224) -> Conv|64|7*7|S|3 = (_, 112, _)")) == [2]
    assert list(solve("(3,9,9) -> Conv|3|F|1|1 = input")) == [3]
    assert parse_question("examples/resnet50.net = (_, 7, 7)", lambda name: "(3*W*W) -> Conv|8|3").target is not None


@pytest.mark.parametrize(
    "text", ["__import__('os')", "784 -> FC|(1).real", "784 -> FC|lambda: 3", "784 -> FC|(K if K else 1)"]
)
def test_nothing_is_evaluated(text: str) -> None:
    with pytest.raises(SymnetError):
        Network.parse(text)


@pytest.mark.frameworks
def test_what_is_imported_prints_and_comes_back() -> None:
    import torch

    from symnet import from_torch

    model = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.BatchNorm2d(8), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Linear(128, 10),
    )  # fmt: skip
    network = from_torch(model, (3, 8, 8))
    again = Network.parse(network.notation)
    assert again.graph == network.graph
    assert Network.parse(" ".join(network.notation.split())).graph == network.graph
