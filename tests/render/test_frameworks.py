"""``symnet explain KIND --framework ...``: a layer in a framework's words, and how the others write it."""

from __future__ import annotations

import json

import pytest

from symnet.cli import main
from symnet.frameworks.convention import TITLES
from symnet.frameworks.tables import CONVENTIONS
from symnet.render.catalogue import explain


def text(kind: str, framework: str) -> str:
    return " ".join(explain(kind, framework=framework).split())


@pytest.mark.parametrize("kind", CONVENTIONS)
@pytest.mark.parametrize("framework", TITLES)
def test_every_recorded_layer_is_explained(kind: str, framework: str) -> None:
    shown = text(kind, framework)
    assert f"In {TITLES[framework]}" in shown
    data = json.loads(explain(kind, "json", framework))
    convention = CONVENTIONS[kind].get(framework)
    assert data["call"] == (convention.target.format(rank=2) if convention and convention.target else None)
    if convention is None or not convention.target:
        assert f"{TITLES[framework]} has no such layer" in shown
        return
    assert data["source"] == convention.source
    assert [argument["theirs"] for argument in data["arguments"]] == list(convention.arguments.values())
    for words in convention.lacks.values():
        assert words in data["refuses"]
    for row in data["written"]:
        for other in TITLES:
            assert row[other]["calls"] or row[other]["why"]


@pytest.mark.parametrize(
    ("kind", "framework", "said"),
    [
        ("conv", "torch", "out_channels filters required number of filters"),
        ("conv", "keras", "strides stride 1 step from one window to the next"),
        ("conv", "torch", "padding='same' is not supported for strided convolutions"),
        ("conv", "torch", "torch/nn/modules/conv.py"),
        ("conv", "tensorflow", "⌈(W − F + 1)/S⌉"),
        ("maxpool", "keras", "PyTorch: torch.nn.MaxPool2d(kernel_size=2)"),
        ("maxpool", "onnx", "strides stride 1"),
        ("deconv", "keras", "S·(W − 1) + max(F, S)"),
        ("bn", "torch", "eps epsilon 1e-05"),
        ("bn", "keras", "epsilon epsilon 0.001"),
        ("lstm", "torch", "Keras: cannot: Keras has one bias vector a gate"),
        ("lstm", "keras", "PyTorch: one_bias(torch.nn.LSTM(input_size=4096, hidden_size=256, batch_first=True))"),
        ("lstm", "keras", "(symnet code defines one_bias)"),
        (
            "lstm",
            "torch",
            "merge how the two directions become one (PyTorch has no way of merging directions but concatenation)",
        ),
        ("lstm", "keras", "keras.layers.Bidirectional(keras.layers.LSTM(units=64))"),
        ("fc", "torch", "torch.nn.Flatten(), then torch.nn.Linear(in_features=800, out_features=256)"),
        ("mha", "keras", "keras.layers.MultiHeadAttention(key_dim=64, num_heads=12)"),
    ],
)
def test_what_is_said(kind: str, framework: str, said: str) -> None:
    assert said in text(kind, framework)


def test_strided_same_in_pytorch_is_a_pad_that_is_computed() -> None:
    """A 5x5 window with stride 2 on 28 needs 3 more: 1 before and 2 after. torch pads the last axis first."""
    data = json.loads(explain("conv2d", "json", "torch"))
    (same,) = (row for row in data["written"] if row["layer"] == "Conv|32|5*5|2|same")
    pad, conv = same["torch"]["calls"]
    assert pad == "torch.nn.ZeroPad2d((1, 2, 1, 2))"
    assert conv == "torch.nn.Conv2d(in_channels=1, out_channels=32, kernel_size=5, stride=2)"
    assert "stride 1 only" in same["torch"]["why"]
    assert same["keras"]["calls"] == ["keras.layers.Conv2D(filters=32, kernel_size=5, strides=2, padding='same')"]


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "conv", "--framework", "torch", "--format", "markdown"]) == 0
    assert "| `kernel_size` | `kernel` | required | extent of a filter |" in capsys.readouterr().out
    assert main(["explain", "add", "--framework", "torch"]) == 0
    assert "torch.add" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kind", "framework", "shown"),
    [
        ("LRN", "keras", "Keras has no such layer."),
        ("LRN", "torch", "torch.nn.LocalResponseNorm(size=5)"),
        (
            "LRN",
            "tensorflow",
            "tf.nn.local_response_normalization(x, depth_radius=2, bias=1.0, alpha=2e-05, beta=0.75)",
        ),
        ("relu", "keras", "Keras: keras.layers.ReLU()"),
        ("concat", "keras", "axis axis -1"),
        ("mean", "onnx", "keepdims keepdims yes"),
        ("maxpool", "keras", "pool_size kernel 2"),
        ("deconv", "tensorflow", "padding padding SAME"),
        ("groupnorm", "onnx", "num_groups groups required"),
        ("globalavgpool", "tensorflow", "tf.reduce_mean(x, axis=[1, 2])"),
        ("pixelshuffle", "keras", "Instead: write Reshape, Permute and Reshape; symnet code does."),
        ("convlstm", "keras", "keras.layers.ConvLSTM2D(filters=16, kernel_size=3, padding='same')"),
        ("argmax", "keras", "keras.ops.argmax(x, axis=1)"),
    ],
)
def test_rows(kind: str, framework: str, shown: str) -> None:
    assert shown in text(kind, framework)


def test_explain_and_code_agree_on_what_there_is() -> None:
    """A kind with a row can be written on one of its examples, and one without is refused, or spelled out with other layers.
    Which entries are taken is not said, an input is no layer, and the example of attention has heads that PyTorch lacks.
    """
    for framework in ("torch", "keras"):
        for kind in CONVENTIONS:
            lines = [row[framework] for row in json.loads(explain(kind, "json", framework))["written"]]
            if CONVENTIONS[kind][framework].target and kind not in ("Take", "Input", "CrossAttention"):
                assert any(line["calls"] for line in lines), (kind, framework)
            for line in lines:
                assert line["calls"] or line["why"]
