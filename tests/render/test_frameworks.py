"""``symnet explain KIND --framework ...``: a layer in a framework's words, and how the others write it."""

from __future__ import annotations

import json

import pytest

from symnet.cli import main
from symnet.errors import LayerError
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
        (
            "lstm",
            "keras",
            "PyTorch: cannot: PyTorch trains 4,458,496 numbers there, not 4,457,472; biases=2 makes them the same",
        ),
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
    assert main(["explain", "add", "--framework", "torch"]) == 2
    assert capsys.readouterr().err.startswith("symnet: Add: no convention of PyTorch is recorded")


def test_a_layer_without_conventions_says_so() -> None:
    with pytest.raises(LayerError, match="the same layer everywhere"):
        explain("relu", framework="keras")
