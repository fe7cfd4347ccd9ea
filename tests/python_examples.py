"""The networks of examples/ as a person writes them in Python."""

from __future__ import annotations

from typing import Any

import symnet
from symnet import (
    BN,
    FC,
    LSTM,
    Add,
    ClassToken,
    Concat,
    Conv,
    Crop,
    Deconv,
    Depthwise,
    Dropout,
    Embedding,
    Flatten,
    From,
    GlobalAvgPool,
    Label,
    LayerNorm,
    MaxPool,
    Network,
    PositionEmbedding,
    Repeat,
    Reshape,
    Slice,
    Softmax,
    ZeroPad,
)
from symnet import AdaptiveAvgPool as AdaptivePool
from symnet import MultiHeadAttention as Attention

Layers = list[Any]


def relu(*layers: Any) -> Layers:
    return [*layers, symnet.ReLU()]


def alexnet(w: Any = 224) -> Network:
    features = [
        *relu(Conv(64, 11, 4, 2)), MaxPool(3, 2),
        *relu(Conv(192, 5, 1, 2)), MaxPool(3, 2),
        *relu(Conv(384, 3, 1, 1)), *relu(Conv(256, 3, 1, 1)), *relu(Conv(256, 3, 1, 1)), MaxPool(3, 2),
    ]  # fmt: skip
    dense = [Dropout(0.5), *relu(FC(4096)), Dropout(0.5), *relu(FC(4096)), FC(1000)]
    return Network((3, w, w), [features, AdaptivePool(6), Flatten(), dense], framework="torch")


def alexnet_v2() -> Network:
    layers = [
        *relu(Conv(64, 11, 4, "valid", name="conv1")), MaxPool(3, 2, name="pool1"),
        *relu(Conv(192, 5, 1, "same", name="conv2")), MaxPool(3, 2, name="pool2"),
        *relu(Conv(384, 3, 1, "same", name="conv3")), *relu(Conv(384, 3, 1, "same", name="conv4")),
        *relu(Conv(256, 3, 1, "same", name="conv5")), MaxPool(3, 2, name="pool5"),
    ]  # fmt: skip
    return Network(("W", "W", 3), layers, layout="HWC", framework="tensorflow")


def autoencoder() -> Network:
    down = [relu(Conv(filters, 3, 2, 1)) for filters in (16, 32, 64)]
    up = [relu(Deconv(filters, 3, 2, 1, output_padding=1)) for filters in (32, 16)]
    return Network((3, "W", "W"), [down, up, Deconv(3, 3, 2, 1, output_padding=1), symnet.Sigmoid()])


def dqn() -> Network:
    layers = [
        *relu(Conv(32, (8, 8), 4, "same")), MaxPool((2, 2), 2, "same"),
        *relu(Conv(64, (4, 4), 2, "same")), *relu(Conv(64, (3, 3), 1, "same")),
        Reshape(1600), *relu(FC(512)), FC(2),
    ]  # fmt: skip
    return Network("HWC:80x80x4", layers, framework="tensorflow")


def googlenet(w: Any = 224) -> Network:
    def conv(*given: Any) -> Layers:
        return relu(Conv(*given, bias=False), BN())

    def inception(one: int, three: tuple[int, int], five: tuple[int, int], pool: int) -> Layers:
        return [
            Label("x"), *conv(one, 1), Label("one"),
            From("x"), *conv(three[0], 1), *conv(three[1], 3, 1, 1), Label("three"),
            From("x"), *conv(five[0], 1), *conv(five[1], 3, 1, 1), Label("five"),
            From("x"), MaxPool(3, 1, 1, ceil_mode=True), *conv(pool, 1), Label("pool"),
            From("one"), Concat("three", "five", "pool"),
        ]  # fmt: skip

    def auxiliary(start: str, end: str) -> Layers:
        head = [AdaptivePool(4), *conv(128, 1), Flatten(), *relu(FC(1024)), Dropout(0.7), FC(1000)]
        return [Label(start), *head, Label(end), From(start), symnet.Identity()]

    layers = [
        *conv(64, 7, 2, 3), MaxPool(3, 2, ceil_mode=True),
        *conv(64, 1), *conv(192, 3, 1, 1), MaxPool(3, 2, ceil_mode=True),
        inception(64, (96, 128), (16, 32), 32), inception(128, (128, 192), (32, 96), 64),
        MaxPool(3, 2, ceil_mode=True),
        inception(192, (96, 208), (16, 48), 64), *auxiliary("x4a", "aux1"),
        inception(160, (112, 224), (24, 64), 64), inception(128, (128, 256), (24, 64), 64),
        inception(112, (144, 288), (32, 64), 64), *auxiliary("x4d", "aux2"),
        inception(256, (160, 320), (32, 128), 128), MaxPool(2, 2, ceil_mode=True),
        inception(256, (160, 320), (32, 128), 128), inception(384, (192, 384), (48, 128), 128),
        AdaptivePool(1), Flatten(), Dropout(0.2), FC(1000),
    ]  # fmt: skip
    return Network((3, w, w), layers, framework="torch")


def lstm_language_model(words: int = 10000, units: int = 650) -> Network:
    block = [Dropout(0.5), LSTM(units, return_sequences=True)]
    return Network(35, [Embedding(words, units), Repeat(2, block), Dropout(0.5), FC(words), Softmax()])


def mlp() -> Network:
    return Network(784, [*relu(FC("K")), *relu(FC("K")), FC(10)])


def mnist() -> Network:
    layers = [
        *relu(Conv(32, (5, 5), 1)), MaxPool((2, 2)), *relu(Conv(32, (3, 3), 1)), MaxPool((2, 2)),
        Dropout(0.2), Flatten(), *relu(FC(256)), FC(10), Softmax(),
    ]  # fmt: skip
    return Network((1, 28, 28), layers)


def mobilenet_v1(w: Any = 224) -> Network:
    def normed(layer: Any) -> Layers:
        return [layer, BN(), symnet.ReLU6()]

    def block(filters: int, stride: int = 1) -> Layers:
        depthwise = Depthwise(3, 1, "same", bias=False) if stride == 1 else Depthwise(3, stride, bias=False)
        pad = [] if stride == 1 else [ZeroPad(((0, 1),))]
        return [*pad, *normed(depthwise), *normed(Conv(filters, 1, bias=False))]

    layers = [
        *normed(Conv(32, 3, 2, "same", bias=False)),
        block(64), block(128, 2), block(128), block(256, 2), block(256), block(512, 2),
        Repeat(5, block(512)), block(1024, 2), block(1024),
        GlobalAvgPool(keepdims=True), Dropout(0.001), Conv(1000, 1), Reshape(1000), Softmax(),
    ]  # fmt: skip
    return Network((w, w, 3), layers, layout="HWC", framework="keras")


def mobilenet_v2(w: Any = 224) -> Network:
    def normed(layer: Any) -> Layers:
        return [layer, BN(), symnet.ReLU6()]

    def block(wide: int, filters: int, stride: int = 1) -> Layers:
        depthwise = normed(Depthwise(3, stride, 1, bias=False))
        return [*normed(Conv(wide, 1, bias=False)), *depthwise, Conv(filters, 1, bias=False), BN()]

    def residual(times: int, wide: int, filters: int) -> Any:
        return Repeat(times, [Label("x"), *block(wide, filters), Add("x")])

    layers = [
        *normed(Conv(32, 3, 2, 1, bias=False)), *normed(Depthwise(3, 1, 1, bias=False)), Conv(16, 1, bias=False), BN(),
        block(96, 24, 2), residual(1, 144, 24), block(144, 32, 2), residual(2, 192, 32),
        block(192, 64, 2), residual(3, 384, 64), block(384, 96), residual(2, 576, 96),
        block(576, 160, 2), residual(2, 960, 160), block(960, 320),
        *normed(Conv(1280, 1, bias=False)), GlobalAvgPool(), Dropout(0.2), FC(1000),
    ]  # fmt: skip
    return Network((3, w, w), layers, framework="torch")


def resnet18() -> Network:
    def block(filters: int, stride: int, around: str) -> Layers:
        first = relu(Conv(filters, 3, stride, 1, bias=False), BN())
        return [*first, Conv(filters, 3, 1, 1, bias=False), BN(), *relu(Add(around))]

    def smaller(stage: int, filters: int) -> Layers:
        x, down = f"x{stage}", f"down{stage}"
        shortcut = [Label(x), Conv(filters, 1, 2, bias=False), BN(), Label(down), From(x)]
        return [*shortcut, *block(filters, 2, down), Repeat(1, [Label("x"), *block(filters, 1, "x")])]

    stem = [*relu(Conv(64, 7, 2, 3, bias=False), BN()), MaxPool(3, 2, 1)]
    stages = [*smaller(2, 128), *smaller(3, 256), *smaller(4, 512)]
    first = Repeat(2, [Label("x"), *block(64, 1, "x")])
    return Network((3, "W", "W"), [*stem, first, *stages, GlobalAvgPool(), FC(1000)], framework="torch")


def resnet50() -> Network:
    def block(filters: int, stride: int, around: str) -> Layers:
        narrow = [*relu(Conv(filters, 1, bias=False), BN()), *relu(Conv(filters, 3, stride, 1, bias=False), BN())]
        return [*narrow, Conv(4 * filters, 1, bias=False), BN(), *relu(Add(around))]

    def stage(number: int, filters: int, blocks: int) -> Layers:
        x, down, stride = f"x{number}", f"down{number}", 1 if number == 1 else 2
        shortcut = Conv(4 * filters, 1, bias=False) if stride == 1 else Conv(4 * filters, 1, stride, bias=False)
        rest = Repeat(blocks - 1, [Label("x"), *block(filters, 1, "x")])
        return [Label(x), shortcut, BN(), Label(down), From(x), *block(filters, stride, down), rest]

    stem = [*relu(Conv(64, 7, 2, 3, bias=False), BN()), MaxPool(3, 2, 1)]
    stages = [*stage(1, 64, 3), *stage(2, 128, 4), *stage(3, 256, 6), *stage(4, 512, 3)]
    classes = [Label("features"), GlobalAvgPool(), FC(1000), Label("classes"), From("features"), symnet.Identity()]
    return Network((3, "W", "W"), [*stem, *stages, *classes], framework="torch")


def resnet50_keras(w: Any = 224) -> Network:
    def block(filters: int, stride: int, around: str) -> Layers:
        first = Conv(filters, 1) if stride == 1 else Conv(filters, 1, stride)
        narrow = [*relu(first, BN()), *relu(Conv(filters, 3, 1, "same"), BN())]
        return [*narrow, Conv(4 * filters, 1), BN(), *relu(Add(around))]

    def stage(number: int, filters: int, blocks: int) -> Layers:
        x, down, stride = f"x{number}", f"down{number}", 1 if number == 2 else 2
        shortcut = Conv(4 * filters, 1) if stride == 1 else Conv(4 * filters, 1, stride)
        rest = Repeat(blocks - 1, [Label("x"), *block(filters, 1, "x")])
        return [Label(x), shortcut, BN(), Label(down), From(x), *block(filters, stride, down), rest]

    stem = [ZeroPad(3), *relu(Conv(64, 7, 2), BN()), ZeroPad(1), MaxPool(3, 2)]
    stages = [*stage(2, 64, 3), *stage(3, 128, 4), *stage(4, 256, 6), *stage(5, 512, 3)]
    layers = [*stem, *stages, GlobalAvgPool(), FC(1000), Softmax()]
    return Network((w, w, 3), layers, layout="HWC", framework="keras")


def transformer_encoder(features: int = 512) -> Network:
    block = [
        Label("x"), Attention(8), Add("x"), LayerNorm(),
        Label("y"), *relu(FC(f"4*{features}")), FC(features), Add("y"), LayerNorm(),
    ]  # fmt: skip
    return Network(("T", features), [Repeat(6, block)])


def unet() -> Network:
    def double(filters: int) -> Any:
        return Repeat(2, relu(Conv(filters, 3)))

    down: Layers = []
    for level, filters in enumerate((64, 128, 256, 512), 1):
        down += [double(filters), Label(f"level{level}"), MaxPool(2)]
    up: Layers = []
    for level, filters in ((4, 512), (3, 256), (2, 128), (1, 64)):
        name = f"up{level}"
        up += [Deconv(filters, 2, 2), Label(name), From(f"level{level}"), Crop(name), Concat(name), double(filters)]
    return Network((1, "W", "W"), [*down, double(1024), *up, Conv(2, 1)])


def vae(z: int = 32) -> Network:
    encoder = [relu(Conv(filters, 4, 2)) for filters in (32, 64, 128, 256)]
    code = [FC(z), Label("mean"), From("seen"), FC(z), Label("deviation"), Add("mean")]
    decoder = [relu(Deconv(filters, kernel, 2)) for filters, kernel in ((128, 5), (64, 5), (32, 6))]
    layers = [
        encoder, Flatten(), Label("seen"), *code, FC(1024), Reshape((1, 1, 1024)), decoder, Deconv(3, 6, 2), symnet.Sigmoid()
    ]  # fmt: skip
    return Network((64, 64, 3), layers, layout="HWC")


def vgg16() -> Network:
    sizes = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))
    features = [[Repeat(times, relu(Conv(filters, 3, 1, 1))), MaxPool(2)] for times, filters in sizes]
    dense = [Repeat(2, [*relu(FC(4096)), Dropout(0.5)]), FC(1000)]
    return Network((3, "W", "W"), [features, AdaptivePool(7), Flatten(), dense])


def vit_b_16(features: int = 768) -> Network:
    block = [
        Label("x"), LayerNorm(), Attention(12), Add("x"),
        Label("y"), LayerNorm(), FC(f"4*{features}", axis="last"), symnet.GELU(), FC(features, axis="last"), Add("y"),
    ]  # fmt: skip
    tokens = [
        Conv(features, 16, 16),
        Reshape((features, 196)),
        symnet.Permute((2, 1)),
        ClassToken(),
        PositionEmbedding(),
        Dropout(0),
    ]
    return Network((3, 224, 224), [tokens, Repeat(12, block), LayerNorm(), Slice(1, 0, 1), Flatten(), FC(1000)])
