"""Generated code, not run: that it is Python in one style, safe whatever the names are, and what it refuses."""

from __future__ import annotations

import ast
import io
import json
import keyword
import shutil
import subprocess
import sys
import tokenize
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from symnet import Activation, Conv, Dense, Input, ModelError, Network, SymnetError
from symnet.cli import main
from symnet.graph import Graph
from symnet.render.code import FRAMEWORKS, code, code_data
from symnet.render.code.python import broken, comment, identifier
from symnet.terms.term import Symbol, integer
from tests.generated import NETWORKS, network
from tests.hostile import HOSTILE, named

FRAMEWORK = pytest.mark.parametrize("framework", FRAMEWORKS)


@cache
def written(framework: str) -> dict[str, str]:
    found = {}
    for name in NETWORKS:
        try:
            found[name] = code(network(name), framework)
        except SymnetError:
            continue
    return found


@FRAMEWORK
def test_everything_that_is_written_is_python(framework: str) -> None:
    found = written(framework)
    assert len(found) > 130
    for name, text in found.items():
        ast.parse(text)
        assert "\ue000" not in text, name
        assert "{x" not in text, name


#: What a framework cannot say of the examples and the known networks.
CANNOT = {
    "keras": {"examples/googlenet.net"},  # pools that round up
    "torch": set(),
}


@FRAMEWORK
def test_all_examples_are_written_but_these(framework: str) -> None:
    wanted = {name for name in NETWORKS if name.startswith(("examples/", "known/"))}
    assert wanted - set(written(framework)) == CANNOT[framework]


@FRAMEWORK
def test_it_is_formatted(framework: str, tmp_path: Path) -> None:
    """As ruff (and black) format it, but for what stands between the operators of sizes."""
    ruff = shutil.which("ruff") or str(Path(sys.executable).with_name("ruff"))
    if not Path(ruff).exists():
        pytest.skip("ruff is not installed")
    for index, (name, text) in enumerate(written(framework).items()):
        (tmp_path / f"{framework}{index}.py").write_text(f"# {name!a}\n{text}", encoding="utf-8")
    done = subprocess.run(
        [ruff, "format", "--isolated", "--diff", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[:4000]


# ---- names --------------------------------------------------------------------------------------------------------

NAMES = (
    *HOSTILE,
    *keyword.kwlist,
    "__init__", "__class__", "self", "forward", "training", "x", "inputs", "torch", "nn", "keras", "layers", "model", "Model",
    '"); import os; os.system("true") #', "'''", '"""', "\\", "\n    import os", "1", "a b", "{x0}", "{m0}", "", "ﬁ", "ｉｆ", "conv2d",
    "re_lu_1", "\x00", "\r", "\u2028", "e" * 5000,
)  # fmt: skip


def tokens(text: str) -> list[tuple[int, str]]:
    """What Python reads: comments and line breaks left out, names and strings by their kind."""
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    found = [(t.type, t.string) for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type not in skipped]
    after = [*(string for _, string in found[1:]), ""]
    return [token for token, behind in zip(found, after, strict=True) if token[1] != "," or behind not in ")]"]


@FRAMEWORK
@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:40])
def test_names_reach_the_code_as_names_only(name: str, framework: str) -> None:
    def built(word: str) -> Network:
        layers = [Conv(8, 3, name=word), Activation("relu"), Conv(4, 3, name=f"{word} 2"), Dense(10, name="tail")]
        net = Network((1, 9, 9), layers)
        nodes = [replace(node, label=word) if index == 1 else node for index, node in enumerate(net.graph.nodes)]
        nodes[3] = replace(nodes[3], sources=(2,))
        found = Network.of(Graph(net.graph.input, tuple(nodes)))
        found.title = word
        return found

    tame, found = (tokens(code(built(word), framework)) for word in ("tame", name))
    assert [kind for kind, _ in tame] == [kind for kind, _ in found]
    for (kind, one), (_, two) in zip(tame, found, strict=True):
        if one == two:
            continue
        assert kind in (tokenize.NAME, tokenize.STRING)
        word = two.strip('"')
        assert word.isascii()
        assert word.isidentifier()
        assert not keyword.iskeyword(word)
        assert "__" not in word


SYMBOLS = (
    "lambda",
    "None",
    "self",
    "torch",
    "x0",
    "m0",
    "x",
    "y",
    "inputs",
    "layers",
    "卷",
    "ü",
    "init",
    "range",
    "Model",
    "K",
)


@FRAMEWORK
@pytest.mark.parametrize("name", SYMBOLS)
def test_names_of_symbols(name: str, framework: str) -> None:
    size = Symbol(name)
    layers = [Conv(size, 3, name="x0"), Conv(size * 2, 3), Dense(10), Dense(size + 1)]
    text = code(Network((size, integer(9), integer(9)), layers), framework)
    ast.parse(text)
    for kind, word in tokens(text):
        assert kind != tokenize.NAME or (word.isascii() and word.isidentifier())


@pytest.mark.parametrize("title", HOSTILE, ids=lambda title: ascii(title)[:40])
def test_titles_are_comments(title: str) -> None:
    net = named(title)
    plain = tokens(code(net, "torch"))
    net.title = title + "\nimport os"
    assert tokens(code(net, "torch")) == plain


def test_identifiers() -> None:
    assert identifier("conv.1") == "conv_1"
    assert identifier("1x1") == "layer_1x1"
    assert identifier("é") == "e"
    assert identifier("卷积") == "layer"
    assert identifier("None") == "None_"
    assert identifier("match") == "match_"


def test_comments_stay_comments() -> None:
    for line in comment("a\nimport os\r\x0bb\u2028c " + "long " * 60):
        assert line.startswith("#")
        assert len(line) <= 88
        assert line.isprintable()


def test_long_lines_are_broken() -> None:
    for line in broken(
        "self.layer = nn.Conv2d(" + ", ".join(f"argument{index}=1" for index in range(12)) + ")", "    "
    ):
        assert len(line) <= 88


# ---- what is written ------------------------------------------------------------------------------------------------


def test_a_chain_is_a_sequential() -> None:
    net = Network.parse("(1*28*28) -> Conv|32|5 -> ReLU -> Maxpool|2 -> Flatten -> FC|10")
    assert "class Model(nn.Sequential):" in net.code("torch")
    assert net.code("torch") == code(net, "torch")


def test_repeats_are_blocks_and_loops() -> None:
    net = network("own/blocks")
    torch, keras = net.code("torch"), net.code("keras")
    assert torch.count("class Block(nn.Module):") == 1  # one class for both widths
    assert "*[Block(8) for _ in range(3)]," in torch
    assert "*[Block(16) for _ in range(4)]," in torch
    assert keras.count("for _ in range(") == 2


def test_symbols_are_arguments() -> None:
    net = Network.parse("(3*W*W) -> Conv|K|3|S -> FC|10|axis=last")
    assert "def __init__(self, K, S, W):" in net.code("torch")
    net = Network.parse("(3*W*H) -> Conv|K|3 -> GlobalAvgPool -> FC|(K//2)")
    assert "def model(K):" in net.code("keras")
    assert "keras.Input((3, None, None))" in net.code("keras")
    assert "nn.Linear(K, K // 2)" in net.code("torch")


def test_several_inputs_and_outputs() -> None:
    keras = network("own/several inputs").code("keras")
    assert "return keras.Model([inputs, input1], x)" in keras
    assert "def forward(self, x, input1):" in network("own/several inputs").code("torch")
    assert "return keras.Model(inputs, [b, dense1])" in network("own/several outputs").code("keras")


def test_channels_last_in_pytorch_is_said() -> None:
    net = Network.parse("HWC:28x28x1 -> Conv|8|3 -> LayerNorm -> Flatten -> FC|10")
    text = net.code("torch")
    assert "PyTorch has channels first" in text
    assert "self.ln1(x.movedim(1, -1)).movedim(-1, 1)" in text


def test_same_padding_of_symbols_is_worked_out_as_the_model_runs() -> None:
    text = Network.parse("(3*W*W) -> Conv|8|3|2|same -> Maxpool|3|2|same").code("torch")
    assert "self.conv1(pad_same(x, (3, 3), (2, 2), (1, 1)))" in text
    assert 'float("-inf")' in text


def test_conventions_are_carried_over() -> None:
    """Keras's epsilon is not PyTorch's; its momentum is the weight of what was there."""
    net = Network.parse("(8*9*9) -> BN|framework=keras|momentum=0.9")
    assert "nn.BatchNorm2d(8, momentum=0.1" not in net.code("torch")  # that is the default there
    assert "eps=0.001" in net.code("torch")
    assert "momentum=0.8" in Network.parse("(8*9*9) -> BN|framework=torch|momentum=0.2").code("keras")


# ---- refusals -------------------------------------------------------------------------------------------------------

REFUSED = [
    ("(3*9*9) -> LpPool|3 -> LRN -> Conv|8|3", "keras", ["layer 1 (lppool1, LpPool)", "layer 2 (lrn1, LRN)"]),
    (
        "(T, 8) -> GRU|8|reset_after=no",
        "torch",
        ["layer 1 (gru1, GRU)", "the reset gate after the recurrent matrix only"],
    ),
    ("(3*9*9) -> Opaque|output=8", "torch", ["what an opaque layer computes is not known"]),
    ("(3*9*9) -> Held|10", "keras", ["no layer; leave it out"]),
    ("(3*9*9) -> Maxpool|2|ceil_mode=yes", "keras", ["no ceil_mode"]),
    ("(8*9*9) -> BN|scale=no", "torch", ["no offset without a factor"]),
    ('(8*9*9) -> Activation|"relu(); import os"', "torch", ["no activation of that name"]),
    ("(8*W*W) -> Deconv|8|2|3", "keras", ["Keras gives"]),
]


@pytest.mark.parametrize(("text", "framework", "said"), REFUSED)
def test_refusals(text: str, framework: str, said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ModelError) as refused:
        Network.parse(text).code(framework)
    for words in said:
        assert words in str(refused.value)
    assert main(["code", text, "--framework", framework]) == 2
    error = capsys.readouterr().err
    assert error.startswith("symnet: no ")
    assert error.count("\n") == 1


def test_shared_weights_that_are_used_otherwise() -> None:
    text = '(8*9*9) -> Conv|8|3|1|1|name="one" -> Conv|8|3|2|1|shares="one"'
    with pytest.raises(ModelError, match="shares the weights of a layer with other arguments"):
        Network.parse(text).code("torch")


def test_unknown_framework() -> None:
    with pytest.raises(SymnetError, match="use keras or torch"):
        Network.parse("8 -> FC|2").code("onnx")


# ---- the command ----------------------------------------------------------------------------------------------------


def test_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    net = "784 -> FC|32 -> ReLU -> FC|10"
    assert main(["code", net, "--framework", "torch"]) == 0
    printed = capsys.readouterr().out
    assert printed == Network.parse(net).code("torch")
    file = tmp_path / "model.py"
    assert main(["code", net, "--framework", "torch", "-o", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == printed
    assert main(["code", net, "--framework", "keras", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data == code_data(Network.parse(net), "keras")
    assert main(["code", net]) == 2


def test_an_input_alone() -> None:
    for framework in FRAMEWORKS:
        ast.parse(Network((3, 4, 4)).code(framework))
    assert Network((3, 4, 4), [Input((3, 4, 4))]).code("torch")


# ---- what is written out, since frameworks differ -------------------------------------------------------------------

SAID = [
    ("(1*L) -> Maxpool|3|framework=onnx", "torch", "nn.MaxPool1d(kernel_size=3, stride=1)"),
    ("(1*L) -> Maxpool|3|padding=0|framework=onnx", "torch", "nn.MaxPool1d(kernel_size=3, stride=1)"),
    ("(1*L) -> Maxpool|2|2|(0, 1)", "torch", 'nn.ConstantPad1d((0, 1), float("-inf"))'),
    ("(1*8*8) -> Maxpool|2|2|(0, 1)", "keras", 'constant_values=float("-inf")'),
    ("(4*8*8) -> Avgpool|3|2|same", "torch", "torch.ones_like(x)"),
    ("(4*8*8) -> LeakyReLU", "keras", "layers.LeakyReLU(negative_slope=0.01)"),
    ("(4*8*8) -> LeakyReLU|framework=keras", "torch", "nn.LeakyReLU(negative_slope=0.3)"),
    ("(4*8*8) -> BN", "keras", "epsilon=1e-05"),
    ("(4*8*8) -> InstanceNorm", "keras", "groups=-1"),
    ("(4*8*8) -> Upsample|2|mode=bicubic", "keras", "# bicubic: Keras's cubic has the coefficient -0.5"),
    ("(4*8*8) -> Resize|5|mode=nearest", "keras", "# nearest: Keras takes the entry nearest to the middle"),
    ("8 -> FC|4|l2=0.1", "torch", "# trained with a penalty that PyTorch's loss must add: 0.1 times"),
    ("8 -> FC|4|l2=0.1", "keras", "kernel_regularizer=keras.regularizers.L2(0.1)"),
    ("HWC:8x8x4 -> SeparableConv|4|3|l2=0.1", "keras", "pointwise_regularizer=keras.regularizers.L2(0.1)"),
    ("HWC:8x8x4 -> Depthwise|3|l2=0.1", "keras", "depthwise_regularizer=keras.regularizers.L2(0.1)"),
    ('8 -> FC|4 -> Softmax|loss="categorical_crossentropy"', "torch", "# trained with the loss categorical_crossentropy"),
    ('8 -> FC|4|freezes="bias"', "torch", 'freeze(nn.Linear(8, 4), "bias")'),
    ('8 -> FC|4|freezes="bias"', "keras", "dense1.bias.trainable = False"),
    ("(5, 6) -> BiLSTM|4|frozen=yes", "keras", "lstm1.trainable = False"),
    ("(5, 6) -> LSTM|4", "torch", "one_bias(nn.LSTM(6, 4, batch_first=True))"),
    ("(4*8*8) -> LogSoftmax|axis=1", "keras", "ops.log_softmax(inputs, axis=1)"),
    ("HWC:10x8x8x3 -> ConvLSTM|4|3|padding=same", "keras", 'layers.ConvLSTM2D(4, 3, padding="same")'),
    ("8 -> LRN|3", "torch", "self.lrn1(x.unsqueeze(-1)).squeeze(-1)"),
    ("(3*H*W) -> Conv|K|3|frozen=yes -> Reshape|(-1)*K", "torch", "def __init__(self, K):"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "framework", "said"), SAID)
def test_what_is_written_out(text: str, framework: str, said: str) -> None:
    assert said in " ".join(Network.parse(text).code(framework).split("\n"))


@pytest.mark.parametrize(
    ("text", "framework", "why"),
    [
        ("(1*L) -> Maxpool|2|2|(0, 1)|ceil_mode=yes", "torch", "PyTorch gives"),
        ("HWC:6x6x6x4 -> Depthwise|3", "keras", "Keras has it for 1 or 2 axes, not for 3"),
        ("HWC:6x6x6x4 -> SeparableConv|4|3", "keras", "Keras has it for 1 or 2 axes, not for 3"),
        ("8 -> InstanceNorm", "torch", "there are none"),
        ('8 -> FC|4|borrows="kernel"', "torch", "its kernel is another layer's"),
    ],
)
def test_what_would_be_something_else_is_refused(text: str, framework: str, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        Network.parse(text).code(framework)


@FRAMEWORK
@pytest.mark.parametrize("kind", ["Conv|8|3|1|1", "SE|2", "BN", "FC|9|axis=last", "PReLU"])
def test_shared_weights_are_trained_as_their_owner_says(kind: str, framework: str) -> None:
    first = Network.parse(f'(8*9*9) -> {kind}|name="one"|frozen=yes -> ReLU -> {kind}|shares="one"')
    text = first.code(framework)
    assert "trainable=False" in text or "requires_grad_(False)" in text
