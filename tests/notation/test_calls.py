"""Layers as PyTorch's and Keras's code calls them: what is read is what the framework means."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from importlib import import_module

import pytest

from symnet import Network
from symnet.errors import LayerError, NotationError, SymnetError
from symnet.layers.declaration.registry import lookup
from symnet.notation.parse import parse_network
from symnet.notation.signatures import DATA_FORMAT, Parameter, classes, signature
from symnet.notation.writer import write_network

CALLS = [
    ("(3,8,8)", "Conv2d(3, 8, 3, padding=1)", "Conv2d|8|3|1|1|in_channels=3|framework=torch"),
    ("(3,8,8)", "nn.Conv2d(3, 8, 3, padding=1)", "Conv2d|8|3|1|1|in_channels=3|framework=torch"),
    ("(3,8,8)", "torch.nn.Conv2d(3, 8, (3, 5), 2, (1, 2), bias=False)",
     "Conv2d|8|3*5|2|1*2|bias=no|in_channels=3|framework=torch"),
    ("(3,8,8)", "nn.Conv2d(3, 6, 3, 1, 'same', 2, 3)",
     "Conv2d|6|3|1|same|dilation=2|groups=3|in_channels=3|framework=torch"),
    ("(3,8,8)", "nn.Conv2d(in_channels=3, out_channels=2*4, kernel_size=[3, 3])", "Conv2d|(2*4)|3*3|in_channels=3|framework=torch"),
    ("(3,8)", "Conv1d(3, 8, 3)", "Conv1d|8|3|in_channels=3|framework=torch"),
    ("(3,8,8)", "nn.ConvTranspose2d(3, 8, 3, 2, 1, 1)",
     "Deconv|8|3|2|1|output_padding=1|in_channels=3|framework=torch|rank=2"),
    ("(3,8,8)", "MaxPool2d(3, 2, 1)", "Maxpool|3|2|1|rank=2|framework=torch"),
    ("(3,8,8)", "MaxPool2d(2, stride=None)", "Maxpool|2|rank=2|framework=torch"),
    ("(3,8,8)", "nn.AvgPool2d(kernel_size=2)", "Avgpool|2|rank=2|framework=torch"),
    ("(3,8,8)", "nn.AdaptiveAvgPool2d((1, 1))", "AdaptiveAvgPool|1*1|rank=2|framework=torch"),
    ("(3,8,8)", "nn.ZeroPad2d((1, 2, 3, 4))", "ZeroPad|(3, 4)*(1, 2)|rank=2|framework=torch"),
    ("(3,8,8)", "BatchNorm2d(3)", "BN|rank=2|in_channels=3|framework=torch"),
    ("(4,8,8)", "nn.GroupNorm(2, 4)", "GroupNorm|2|in_channels=4|framework=torch"),
    ("784", "nn.Linear(784, 10)", "FC|10|in_features=784|framework=torch"),
    ("784", "Linear(in_features=784, out_features=10, bias=False)", "FC|10|in_features=784|bias=no|framework=torch"),
    ("784", "nn.ReLU(inplace=True)", "ReLU|framework=torch"),
    ("784", "ReLU()", "ReLU"),
    ("784", "nn.LeakyReLU(0.1)", "LeakyReLU|0.1|framework=torch"),
    ("784", "Dropout(0.5)", "Dropout|0.5"),
    ("(3,8,8)", "Flatten()", "Flatten"),
    ("(T,8)", "LSTM(8, 16)", "LSTM|16|return_sequences=yes|in_channels=8|framework=torch"),
    ("(T,8)", "LSTM(16)", "LSTM|16|framework=keras"),
    ("(T,8)", "nn.GRU(8, 16, 2, bidirectional=True)",
     "GRU|16|return_sequences=yes|layers=2|bidirectional=yes|in_channels=8|framework=torch"),
    ("(T,8)", "nn.LSTM(8, 16, bias=False)", "LSTM|16|return_sequences=yes|biases=0|in_channels=8|framework=torch"),
    ("(T,8)", "layers.GRU(16, return_sequences=True)", "GRU|16|return_sequences=yes|framework=keras"),
    ("HWC:8x8x3", "Conv2D(32, (5,5), strides=1)", "Conv2D|32|5*5|1|framework=keras"),
    ("HWC:8x8x3", "layers.Conv2D(32, 3, 2, 'same', activation='relu', use_bias=False)",
     "Conv2D|32|3|2|same|activation=relu|bias=no|framework=keras"),
    ("HWC:8x8x3", "tf.keras.layers.DepthwiseConv2D(3, depth_multiplier=2)", "DepthwiseConv2D|3|multiplier=2|framework=keras"),
    ("HWC:8x8x3", "keras.layers.MaxPooling2D((2, 2), strides=None, padding=\"same\")", "Maxpool|2*2|padding=same|rank=2|framework=keras"),
    ("HWC:8x8x3", "ZeroPadding2D(((1, 2), (3, 4)))", "ZeroPad|(1, 2)*(3, 4)|rank=2|framework=keras"),
    ("HWC:8x8x3", "ZeroPadding2D((1, 2))", "ZeroPad|1*2|rank=2|framework=keras"),
    ("HWC:8x8x3", "UpSampling2D((2, 3))", "Upsample|2*3|rank=2|framework=keras"),
    ("HWC:8x8x3", "BatchNormalization(momentum=0.9)", "BN|momentum=0.9|framework=keras"),
    ("HWC:8x8x3", "GlobalAveragePooling2D()", "GlobalAvgPool|rank=2|framework=keras"),
    ("784", 'layers.Dense(10, activation="relu")', "FC|10|activation=relu|framework=keras"),
    ("784", "Dense(10, 'softmax', kernel_initializer='he_normal', name='out')",
     'FC|10|activation=softmax|name="out"|framework=keras'),
    ("784", "Dense(units=K)", "FC|K|framework=keras"),
    ("(T)", "Embedding(1000, 64)", "Embedding|1000|64"),
    ("(3,8,8)", "Conv(8, 3, padding=1)", "Conv|8|3|1|1"),
    ("784", "FC(10)", "FC|10"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "call", "bars"), CALLS)
def test_calls(source: str, call: str, bars: str) -> None:
    called, written = parse_network(f"{source} -> {call}"), parse_network(f"{source} -> {bars}")
    assert called == written
    assert parse_network(write_network(called)) == called
    assert Network.parse(f"{source} -> {call} @a -> ReLU() -> Add|a").output is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(4,8,8) -> nn.Conv2d(3, 8, 3)", "is for 3 channels, got 4"),
        ("(4,8,8) -> nn.BatchNorm2d(3)", "is for 3 channels, got 4"),
        ("(4,8,8) -> nn.ConvTranspose2d(1, 8, 3)", "is for 1 channel, got 4"),
        ("(T,8) -> nn.LSTM(9, 16)", "is for 9 channels, got 8"),
        ("784 -> nn.Linear(785, 10)", "its weights are for so many inputs: 784 = 785 does not hold"),
    ],
)
def test_pytorch_says_how_many_channels_come_in(text: str, message: str) -> None:
    with pytest.raises(LayerError, match=message):
        Network.parse(text)


def test_channels_that_are_a_letter_are_a_hypothesis() -> None:
    assert "C ∈ {3}" in Network.parse("(C,8,8) -> nn.Conv2d(3, 8, 3)").report("text")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("conv2d(3, 8, 3)", "unknown layer 'conv2d'"),
        ("nn.Conv2D(3, 8, 3)", "unknown layer 'Conv2D'"),
        ("F.relu(3)", "F.relu\\(…\\) is a function of tensors: a network has its layer; did you mean 'relu'"),
        ("nn.Conv2d(3, 8)", "Conv2d needs kernel_size"),
        ("nn.Conv2d(3, 8, 3, 1, 1, 1, 1, True, 'zeros', 1)", "Conv2d takes no more than 9 arguments without a name"),
        ("nn.Conv2d(3, 8, 3, strides=1)", "Conv2d has no 'strides' that is known here"),
        ("nn.Conv2d(3, 8, 3, kernel_size=3)", "Conv2d has kernel_size twice"),
        (
            "nn.Conv2d(3, 8, 3, padding_mode='reflect')",
            "Conv2d: padding_mode can only be zeros in a call, not 'reflect', which computes something else",
        ),
        (
            "nn.AvgPool2d(2, count_include_pad=False)",
            "AvgPool2d: count_include_pad can only be True in a call, not 'False', which computes something else",
        ),
        ("conv(8, 3)", r"the arguments of conv\(…\) are not known: write them between bars: Conv\|8\|3"),
        ("maxpool(K)", r"write them between bars: Maxpool\|K"),
        ("fc()", r"write them between bars: FC\b"),
        (
            "nn.MultiheadAttention(4, 2)",
            r"the arguments of MultiheadAttention\(…\) are not known: write them between bars",
        ),
        ("Conv2D(8, 3, input_shape=(8, 8, 3))", "input_shape: the sizes of the input stand first"),
        ("Conv2D(8, 3, kernel_regularizer='l2')", "Conv2D has no 'kernel_regularizer' that is known here"),
        ("Conv2d(3, , 8)", "an argument of Conv2d is empty"),
        ("Conv2d(3, 8, 3", "this parenthesis is not closed"),
        ("Foo(3)", "unknown layer kind 'Foo"),
        ("nn.Foo(3)", "unknown layer kind 'nn.Foo"),
    ],
)
def test_what_is_not_read_is_said(call: str, message: str) -> None:
    with pytest.raises(SymnetError, match=message):
        parse_network(f"(3,8,8) -> {call}")


def test_only_an_open_parenthesis_is_said_to_be_open() -> None:
    for text, sign in (("(3,8,8) -> Conv|8|(3|4)", "|"), ("(C=3,8,8) -> Conv|8|3", "="), ("(3 -> 8) -> Conv|8", "->")):
        with pytest.raises(NotationError, match="unexpected") as refused:
            parse_network(text)
        assert repr(sign) in refused.value.message
        assert text[refused.value.position or 0 :].startswith(sign)


MEANT = [
    ("(T,8)", "nn.RNN(8, 16, bias=None)", "SimpleRNN|16|return_sequences=yes|biases=0|in_channels=8|framework=torch"),
    ("(1,8,8)", "nn.Conv2d(1, 8, 3, bias=None)", "Conv2d|8|3|bias=no|in_channels=1|framework=torch"),
    ("(1,8,8)", "nn.MaxPool2d(2, None, ceil_mode=None)", "Maxpool|2|rank=2|ceil_mode=no|framework=torch"),
    ("(1,8,8)", "layers.MaxPooling2D()", "Maxpool|2|rank=2|framework=keras"),
    ("(1,8)", "layers.MaxPooling1D(strides=1)", "Maxpool|2|1|rank=1|framework=keras"),
    ("(1,8,8,8)", "layers.UpSampling3D()", "Upsample|2|rank=3|framework=keras"),
    ("(1,8,8)", "layers.ZeroPadding2D()", "ZeroPad|1|rank=2|framework=keras"),
    ("(1,8)", "layers.Cropping1D()", "Cropping|1|rank=1|framework=keras"),
    ("(1,8,8)", "layers.Cropping2D()", "Cropping|0|rank=2|framework=keras"),
    ("(3,8,8)", "layers.PReLU(shared_axes=[2, 3])", "PReLU|shared_axes=2*3|framework=keras"),
    ("(3,8,8)", "nn.BatchNorm2d(3, affine=False)", "BN|scale=no|center=no|rank=2|in_channels=3|framework=torch"),
    ("(4,8,8)", "nn.GroupNorm(2, 4, affine=False)", "GroupNorm|2|scale=no|center=no|in_channels=4|framework=torch"),
    ("784", "layers.Dense(10, activation=None, name=None)", "FC|10|framework=keras"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "call", "bars"), MEANT)
def test_what_is_left_out_or_none_is_what_the_framework_takes(source: str, call: str, bars: str) -> None:
    assert parse_network(f"{source} -> {call}") == parse_network(f"{source} -> {bars}")


@pytest.mark.parametrize("name", ["RNN", "GRU", "LSTM"])
def test_pytorch_gives_every_state(name: str) -> None:
    assert Network.parse(f"10x8 -> nn.{name}(8,16) -> nn.Linear(16,5)").output == (10, 5)
    assert Network.parse("10x8 -> layers.GRU(16) -> layers.Dense(5)").output == (5,)


@pytest.mark.parametrize("framework", ["torch", "keras"])
def test_none_is_never_a_size_of_its_own(framework: str) -> None:
    """Every argument of every class is None in turn: it is refused in words, or nothing without a name comes in."""
    refused = read = 0
    for name in classes(framework):
        order, _ = signature(framework, name) or ((), {})
        values = [parameter.fixed or ("4" if parameter.field else "None") for parameter in order]
        for place, parameter in enumerate(order):
            for none in ("None", "(None, None)", "(1, None)"):
                words = [
                    f"{one.name}={value}" for one, value in zip(order, values, strict=True) if _required(name, one)
                ]
                others = [word for word in words if not word.startswith(f"{order[place].name}=")]
                call = f"{'nn' if framework == 'torch' else 'layers'}.{name}({', '.join([*others, f'{parameter.name}={none}'])})"
                try:
                    graph = parse_network(f"(4,16,16) -> {call}")
                except SymnetError:
                    refused += 1
                    continue
                read += 1
                assert not [note for note in graph.notes if "without a name" in note], call
    assert refused > 50
    assert read > 20


def _required(name: str, parameter: Parameter) -> bool:
    found = lookup(name)
    assert found is not None
    specs = [spec for spec in found[0].specs() if spec.required]
    return any(parameter.field in (spec.name, *spec.aliases) for spec in specs) and parameter.field is not None


@pytest.mark.parametrize(
    "name", sorted(name for name in classes("keras") if DATA_FORMAT in (signature("keras", name) or ((), {}))[1])
)
def test_data_format_is_that_of_the_network_or_refused(name: str) -> None:
    order, _ = signature("keras", name) or ((), {})
    words = [f"{one.name}=1" for one in order if _required(name, one)]
    axes = next((int(digit) for digit in re.findall(r"([123])D", name)), 2)
    sizes = ["9"] * axes
    first, last = f"CHW:{'x'.join(['4', *sizes])}", f"HWC:{'x'.join([*sizes, '4'])}"
    for mine, other, wanted in ((first, last, "channels_first"), (last, first, "channels_last")):
        call = f"layers.{name}({', '.join([*words, f'data_format={wanted!r}'])})"
        bare = f"layers.{name}({', '.join([*words, 'data_format=None'])})"
        assert parse_network(f"{mine} -> {call}") == parse_network(f"{mine} -> {bare}")
        with pytest.raises(NotationError, match=f"write {mine} -> … as the input, or leave data_format out"):
            parse_network(f"{other} -> {call}")
        with pytest.raises(NotationError, match=f"did you mean '{wanted}'"):
            parse_network(f"{mine} -> {call.replace('channels_', 'chanels_')}")


def test_data_format_after_a_change_of_layout() -> None:
    turned = "(3,8,8) -> Permute|2*3*1 -> Layout|channels_last -> Conv2D(8, 3, data_format={!r})"
    assert parse_network(turned.format("channels_last"))
    with pytest.raises(NotationError, match="stand channels last here: leave data_format out"):
        parse_network(turned.format("channels_first"))
    with pytest.raises(NotationError, match="write HWC:784 -> … as the input"):
        parse_network("784 -> Reshape((28, 28, 1)) -> Conv2D(8, 3, data_format='channels_last')")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("nn.AdaptiveAvgPool2d((1, None))", "output_size cannot be None here, which keeps the size that comes in"),
        ("layers.AveragePooling2D()", "AveragePooling2D needs pool_size"),  # Keras 3 has no default there
        ("layers.Conv2D(8, 3, activation='foo')", "unknown activation 'foo'"),
        ("layers.Activation('softmx')", "did you mean 'softmax'"),
        ("nn.Conv2d(3, None, 3)", "out_channels cannot be None here"),
        ("nn.Conv2d(3, 8, 3, None)", "stride cannot be None here"),
        ("nn.BatchNorm2d(3, momentum=None)", "momentum cannot be None here"),
        ("PReLU()", r"not the same: write nn.PReLU\(…\) of PyTorch or layers.PReLU\(…\) of Keras"),
        ("nn.BatchNorm2d(3, track_running_stats=False)", r"that is BN\|statistics=none\|framework=torch"),
    ],
)
def test_what_would_be_another_layer_is_refused(call: str, message: str) -> None:
    with pytest.raises(NotationError, match=message):
        parse_network(f"(3,8,8) -> {call}")


@pytest.mark.parametrize("framework", ["torch", "keras"])
def test_every_argument_in_the_table_is_a_field(framework: str) -> None:
    for name in classes(framework):
        found, arguments = lookup(name), signature(framework, name)
        assert found is not None, name
        assert arguments is not None
        names = {alias for spec in found[0].specs() for alias in (spec.name, *spec.aliases)}
        for parameter in arguments[1].values():
            if parameter.field != DATA_FORMAT:
                assert {parameter.field, parameter.also} <= {None, *names}, (name, parameter)


def _same_defaults(name: str, order: tuple[Parameter, ...], real: Mapping[str, inspect.Parameter]) -> None:
    """What may be None is what has None for its default; what our kind cannot leave out has the framework's default."""
    kind, preset = lookup(name) or (None, {})
    assert kind is not None
    needed = {
        word
        for spec in kind.specs()
        if spec.required and spec.name not in preset
        for word in (spec.name, *spec.aliases)
    }
    for parameter in order:
        usual = real[parameter.name].default
        if parameter.field is not None and usual is None:
            assert parameter.default == "None", (name, parameter)
        elif parameter.default is not None:
            numbers = set(re.findall(r"\d+", str(usual)))
            assert numbers == {parameter.default}, (name, parameter)
        elif parameter.field in needed:
            assert usual is inspect.Parameter.empty or name.endswith("Dropout"), (name, parameter)


@pytest.mark.frameworks
@pytest.mark.parametrize(("framework", "module"), [("torch", "torch.nn"), ("keras", "keras.layers")])
def test_the_table_is_that_of_the_installed_framework(framework: str, module: str) -> None:
    found = import_module(module)
    seen = 0
    for name in classes(framework):
        if not hasattr(found, name):  # LPPool3d is younger than some, Conv3D of a depthwise kind does not exist
            continue
        order, known = signature(framework, name) or ((), {})
        real = list(inspect.signature(getattr(found, name).__init__).parameters)[1:]
        if "args" in real:  # recurrent layers of PyTorch, and functions without arguments
            continue
        seen += 1
        written = [parameter.name for parameter in order]
        assert written == real[: len(written)], name
        _same_defaults(name, order, inspect.signature(getattr(found, name).__init__).parameters)
        named = {"name", "dtype", "device", "trainable", "divisor_override"}  # what bases have, or some ranks only
        assert known.keys() - named <= set(real), name
    assert seen > 30
