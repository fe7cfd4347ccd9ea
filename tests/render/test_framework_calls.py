"""How a layer is written in each framework: argument names, the pad to insert, and why it cannot be."""

from __future__ import annotations

import pytest

from symnet.frameworks.calls import printed
from symnet.frameworks.tables import CONVENTIONS
from symnet.layers.declaration.registry import KINDS, lookup
from symnet.layers.declaration.shape import CHANNELS_LAST, Shape
from symnet.notation.parse import parse_network
from symnet.render.code.framework_calls import calls_or_reason
from symnet.terms.term import Symbol, integer

IMAGE = Shape((integer(4), integer(9), integer(10)))

WRITTEN = [
    (
        "Conv|8|3*5|groups=2|bias=no",
        "keras",
        "keras.layers.Conv2D(filters=8, kernel_size=(3, 5), use_bias=False, groups=2)",
    ),
    ("Conv|8|3|2|1", "torch", "torch.nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3, stride=2, padding=1)"),
    (
        "Conv|8|3|2|same",
        "torch",
        "torch.nn.ZeroPad2d((0, 1, 1, 1)) torch.nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3, stride=2)",
    ),
    (
        "Conv|8|3|2|1",
        "keras",
        "keras.layers.ZeroPadding2D(1) keras.layers.Conv2D(filters=8, kernel_size=3, strides=2)",
    ),
    (
        "Conv|8|3|2|same",
        "tensorflow",
        "tf.nn.conv2d(x, filters=tf.zeros([3, 3, 4, 8]), strides=2, padding='SAME') tf.nn.bias_add(x, bias=tf.zeros([8]))",
    ),
    ("Conv|8|3|2|(0, 1)", "onnx", "Conv(kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1])"),
    ("Conv|8|3|1|same_lower", "onnx", "Conv(kernel_shape=[3, 3], auto_pad='SAME_LOWER')"),
    ("Conv|8|3|1|causal", "onnx", "Pad(pads=[0, 0, 2, 2, 0, 0, 0, 0]) Conv(kernel_shape=[3, 3])"),
    ("Depthwise|3|multiplier=2", "torch", "torch.nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3, groups=4)"),
    (
        "Depthwise|3|multiplier=2",
        "tensorflow",
        "tf.nn.depthwise_conv2d(x, filter=tf.zeros([3, 3, 4, 2]), strides=[1, 1, 1, 1], padding='VALID')"
        " tf.nn.bias_add(x, bias=tf.zeros([8]))",
    ),
    (
        "Maxpool|3|2|1",
        "tensorflow",
        "tf.nn.max_pool2d(x, ksize=3, strides=2, padding=[[0, 0], [1, 1], [1, 1], [0, 0]])",
    ),
    ("Maxpool|2", "onnx", "MaxPool(kernel_shape=[2, 2], strides=[2, 2])"),
    ("Maxpool|2|ceil_mode=yes", "torch", "torch.nn.MaxPool2d(kernel_size=2, ceil_mode=True)"),
    ("Deconv|8|2|3", "torch", "torch.nn.ConvTranspose2d(in_channels=4, out_channels=8, kernel_size=2, stride=3)"),
    ("Deconv|8|2|3", "keras", "keras.layers.Conv2DTranspose(filters=8, kernel_size=2, strides=3, output_padding=0)"),
    (
        "Deconv|8|3|2|output=20*22",
        "keras",
        "keras.layers.Conv2DTranspose(filters=8, kernel_size=3, strides=2, output_padding=1)",
    ),
    (
        "Deconv|8|3|2|output=20*21",
        "torch",
        "torch.nn.ConvTranspose2d(in_channels=4, out_channels=8, kernel_size=3, stride=2, output_padding=(1, 0))",
    ),
    (
        "Deconv|8|3|2|output_padding=1",
        "tensorflow",
        "tf.nn.conv2d_transpose(x, filters=tf.zeros([3, 3, 8, 4]), strides=2, padding='VALID', output_shape=[tf.shape(x)[0], 20, 22, 8])"
        " tf.nn.bias_add(x, bias=tf.zeros([8]))",
    ),
    # 0 is no padding for Keras: its paddings are words
    ("Conv|8|3|1|0", "keras", "keras.layers.Conv2D(filters=8, kernel_size=3)"),
    ("Conv|8|3|1|0*0", "torch", "torch.nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3)"),
    (
        "Conv|8|3|1|(0, 0)",
        "tensorflow",
        "tf.nn.conv2d(x, filters=tf.zeros([3, 3, 4, 8]), strides=1, padding='VALID') tf.nn.bias_add(x, bias=tf.zeros([8]))",
    ),
    ("Conv|8|3|1|0", "onnx", "Conv(kernel_shape=[3, 3])"),
    ("Depthwise|3|1|0", "keras", "keras.layers.DepthwiseConv2D(kernel_size=3)"),
    ("SeparableConv|8|3|1|0", "keras", "keras.layers.SeparableConv2D(filters=8, kernel_size=3)"),
    ("Maxpool|2|2|0", "keras", "keras.layers.MaxPooling2D(pool_size=2, strides=2)"),
    ("Avgpool|3|2|0", "keras", "keras.layers.AveragePooling2D(pool_size=3, strides=2)"),
    ("Deconv|8|3|2|0", "keras", "keras.layers.Conv2DTranspose(filters=8, kernel_size=3, strides=2)"),
    # without output_padding its 'valid' would give 3 more
    ("Deconv|8|2|3|0", "keras", "keras.layers.Conv2DTranspose(filters=8, kernel_size=2, strides=3, output_padding=0)"),
    ("GlobalAvgPool", "torch", "torch.nn.AdaptiveAvgPool2d(1)"),
    ("GlobalAvgPool|keepdims=yes", "onnx", "GlobalAveragePool()"),
    ("AdaptiveAvgPool|7", "torch", "torch.nn.AdaptiveAvgPool2d(output_size=7)"),
]

CANNOT = [
    ("Conv|8|3|2|dilation=2", "keras", "Keras takes a stride or a dilation above 1, not both"),
    ("SeparableConv|8|3", "torch", "PyTorch has no such layer"),
    ("Maxpool|2|ceil_mode=yes", "keras", "Keras has no ceil_mode; pad unevenly before it (ZeroPad)"),
    ("LpPool|2", "keras", "Keras has no such layer"),
    ("GlobalAvgPool", "onnx", "ONNX keeps every axis, of size 1"),
    ("Deconv|8|3|2|same", "torch", "PyTorch has no padding='same'"),
    ("Deconv|8|3|2|1", "keras", "Keras has no amounts of padding"),
]


def layer_of(notation: str):
    return parse_network(f"(4*9*10) -> {notation}").nodes[0].layer


@pytest.mark.parametrize(("notation", "framework", "expected"), WRITTEN)
def test_written(notation: str, framework: str, expected: str) -> None:
    found = calls_or_reason(layer_of(notation), framework, IMAGE)
    assert " ".join(map(printed, found.calls)) == expected
    assert found.source
    pads = ("torch.nn.ZeroPad", "keras.layers.ZeroPadding", "tf.pad", "Pad")
    padded = any(call.target in pads or call.target.startswith(pads) for call in found.calls)
    assert padded == bool(found.why)


@pytest.mark.parametrize(("notation", "framework", "why"), CANNOT)
def test_cannot_be_written(notation: str, framework: str, why: str) -> None:
    found = calls_or_reason(layer_of(notation), framework, IMAGE)
    assert found.calls == ()
    assert found.why.startswith(why)


def test_channels_last() -> None:
    shape = Shape((integer(9), integer(10), integer(4)), CHANNELS_LAST)
    pad, *_ = calls_or_reason(layer_of("Conv|8|3|2|same_lower"), "tensorflow", shape).calls
    assert printed(pad) == "tf.pad(x, [[0, 0], [1, 1], [1, 0], [0, 0]])"


def test_a_padding_that_depends_on_the_input() -> None:
    shape = Shape((integer(4), Symbol("H"), Symbol("W")))
    assert calls_or_reason(layer_of("Conv|8|3|2|same"), "torch", shape).why.endswith("depends on the size of the input")
    assert calls_or_reason(layer_of("Conv|8|3|2|1"), "torch", shape).calls


def test_zeros_are_not_always_what_a_pool_pads_with() -> None:
    pad, _ = calls_or_reason(layer_of("Maxpool|3|2|1"), "keras", IMAGE).calls
    assert printed(pad).endswith("constant_values=float('-inf'))")
    assert calls_or_reason(layer_of("Avgpool|3|2|same"), "torch", IMAGE).why.endswith(
        "the zeros then count in the mean"
    )


def test_profiles_are_of_kinds_and_fields_that_exist() -> None:
    kinds = {kind.kind: kind for kind in KINDS}
    beside = {"channels", "outputs", "groups"}
    for kind, frameworks in CONVENTIONS.items():
        assert kind in kinds, kind
        assert lookup(kind) is not None
        names = {spec.name for spec in kinds[kind].specs()} | beside
        for framework, profile in frameworks.items():
            assert profile.source or profile.instead
            assert set(profile.arguments) <= names, (kind, framework, set(profile.arguments) - names)
