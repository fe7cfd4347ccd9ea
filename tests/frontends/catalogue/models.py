"""The catalogue: small models, each a function of a writer and its inputs, which the three writers turn into three models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.frontends.catalogue.activations import ACTIVATIONS

__all__ = ["MODELS", "CatalogueModel"]

#: Sizes of an input without the batch, as PyTorch has them: numbers, or letters that stand for any size.
Sizes = tuple[Any, ...]

STATISTICS = "PyTorch keeps the moving statistics in buffers, which are no parameters"
ONE_BIAS = "Keras has one bias a gate where PyTorch and ONNX have two"


@dataclass(frozen=True)
class CatalogueModel:
    """A model, the sizes of its inputs, and in what the frameworks differ, with the reason."""

    write: Callable[..., Any]
    inputs: tuple[Sizes, ...]
    differs: Mapping[str, str] = field(default_factory=dict)
    integers: bool = False


IMAGE, SMALL, LINE, VOLUME = (3, "H", "W"), (3, 16, 20), (3, "L"), (2, "D", "H", "W")
VECTOR, STEPS = (12,), ("T", 8)

MODELS: dict[str, CatalogueModel] = {}


def _add(name: str, write: Callable[..., Any], *inputs: Sizes, **more: Any) -> None:
    MODELS[name] = CatalogueModel(write, inputs, **more)


# ---- convolutions and pools ----------------------------------------------------------------------------------------------

for rank, image in ((1, LINE), (2, IMAGE), (3, VOLUME)):
    for kernel, stride, padding in ((3, 1, 0), (3, 2, 1), (5, 3, 2), (1, 1, 0), (4, 2, 1)):
        _add(
            f"conv{rank}d-{kernel}-{stride}-{padding}",
            lambda b, x, k=kernel, s=stride, p=padding: b.conv(x, 8, k, s, p),
            image,
        )
    _add(f"conv{rank}d-no-bias", lambda b, x: b.conv(x, 4, 3, bias=False), image)
    _add(f"conv{rank}d-dilated", lambda b, x: b.conv(x, 4, 3, padding=2, dilation=2), image)
    _add(f"conv{rank}d-two", lambda b, x: b.conv(b.conv(x, 4, 3, 2), 6, 3, 2), image)
    for kernel, stride in ((2, None), (3, 2), (2, 1)):
        _add(f"max-pool{rank}d-{kernel}-{stride}", lambda b, x, k=kernel, s=stride: b.max_pool(x, k, s), image)
        _add(f"average-pool{rank}d-{kernel}-{stride}", lambda b, x, k=kernel, s=stride: b.average_pool(x, k, s), image)
    _add(f"global-average{rank}d", lambda b, x: b.dense(b.global_average(b.conv(x, 8, 3)), 5), image)
    _add(f"global-max{rank}d", lambda b, x: b.global_max(b.conv(x, 8, 3)), image)
    _add(f"pad{rank}d", lambda b, x: b.conv(b.pad(x, 1, 2), 4, 3), image)
    _add(f"crop{rank}d", lambda b, x: b.crop(b.conv(x, 4, 3), 1, 2), image)
    _add(f"upsample{rank}d", lambda b, x: b.upsample(b.conv(x, 4, 3), 2), image)
    _add(f"batch-norm{rank}d", lambda b, x: b.batch_norm(b.conv(x, 6, 3)), image, differs={"parameters": STATISTICS})
    for kernel, stride in ((2, 2), (3, 2), (3, 1)):
        _add(f"deconv{rank}d-{kernel}-{stride}", lambda b, x, k=kernel, s=stride: b.deconv(x, 5, k, s), image)
for rank, image in ((1, LINE), (2, IMAGE)):
    _add(f"depthwise{rank}d", lambda b, x: b.depthwise(x, 3, 2, 1), image)
    _add(f"separable{rank}d", lambda b, x: b.conv(b.depthwise(x, 3, 1, 1), 8, 1), image)
_add("conv2d-groups", lambda b, x: b.conv(b.conv(x, 8, 1), 12, 3, groups=4), IMAGE)
_add("group-norm", lambda b, x: b.group_norm(b.conv(x, 8, 3), 4), IMAGE)

# ---- activations, dense layers -------------------------------------------------------------------------------------------

for name in ACTIVATIONS:
    _add(f"activation-{name}", lambda b, x, n=name: b.dense(b.activation(b.dense(x, 7), n), 3), VECTOR)
    _add(f"activation-{name}-image", lambda b, x, n=name: b.activation(b.conv(x, 4, 3), n), IMAGE)
_add("dense", lambda b, x: b.dense(x, 5), VECTOR)
_add("dense-no-bias", lambda b, x: b.dense(x, 5, bias=False), VECTOR)
_add("softmax", lambda b, x: b.softmax(b.dense(x, 5)), VECTOR)
_add("dropout", lambda b, x: b.dense(b.dropout(b.dense(x, 6)), 5), VECTOR)
_add("dense-on-steps", lambda b, x: b.dense(x, 5), STEPS)
_add("layer-norm", lambda b, x: b.layer_norm(b.dense(x, 6)), STEPS)
_add("batch-norm-vector", lambda b, x: b.batch_norm(b.dense(x, 6)), VECTOR, differs={"parameters": STATISTICS})
_add("shared", lambda b, x: b.shared_dense(b.shared_dense(x, 12, "one"), 12, "one"), VECTOR)
_add("shared-and-another", lambda b, x: b.dense(b.add(b.shared_dense(x, 6, "a"), b.shared_dense(x, 6, "a")), 2), VECTOR)


def lenet(b: Any, x: Any) -> Any:
    x = b.max_pool(b.activation(b.conv(x, 6, 5, padding=2), "tanh"), 2)
    x = b.max_pool(b.activation(b.conv(x, 16, 5), "tanh"), 2)
    return b.softmax(b.dense(b.activation(b.dense(b.flatten(x), 20), "tanh"), 10))


def vgg(b: Any, x: Any) -> Any:
    for filters in (4, 8):
        x = b.activation(b.conv(x, filters, 3, padding=1), "relu")
        x = b.max_pool(b.activation(b.conv(x, filters, 3, padding=1), "relu"), 2)
    return b.dense(b.flatten(x), 10)


def residual(b: Any, x: Any) -> Any:
    x = b.conv(x, 8, 3, padding=1)
    y = b.activation(b.conv(x, 8, 3, padding=1), "relu")
    return b.activation(b.add(x, b.conv(y, 8, 3, padding=1)), "relu")


def bottleneck(b: Any, x: Any) -> Any:
    y = b.activation(b.batch_norm(b.conv(x, 4, 1)), "relu")
    y = b.activation(b.batch_norm(b.conv(y, 4, 3, 2, 1)), "relu")
    return b.add(b.batch_norm(b.conv(y, 16, 1)), b.batch_norm(b.conv(x, 16, 1, 2)))


def dense_block(b: Any, x: Any) -> Any:
    for _ in range(3):
        x = b.concat(x, b.conv(b.activation(x, "relu"), 4, 3, padding=1))
    return b.average_pool(b.conv(x, 6, 1), 2)


def inception(b: Any, x: Any) -> Any:
    narrow = b.conv(x, 4, 1)
    wide = b.conv(b.conv(x, 3, 1), 6, 5, padding=2)
    return b.concat(narrow, b.conv(x, 5, 3, padding=1), wide)


def u_net(b: Any, x: Any) -> Any:
    top = b.conv(x, 4, 3, padding=1)
    bottom = b.conv(b.max_pool(top, 2), 8, 3, padding=1)
    return b.conv(b.concat(top, b.deconv(bottom, 4, 2, 2)), 2, 1)


def u_net_cropped(b: Any, x: Any) -> Any:
    top = b.conv(x, 4, 3)
    bottom = b.conv(b.max_pool(top, 2), 8, 3)
    return b.concat(b.crop(top, 2, 2), b.upsample(bottom, 2))


def squeeze_excitation(b: Any, x: Any) -> Any:
    x = b.conv(x, 8, 3, padding=1)
    means = b.activation(b.dense(b.global_average(x), 2), "relu")
    return b.weigh(x, b.activation(b.dense(means, 8), "sigmoid"))


def mobile(b: Any, x: Any) -> Any:
    y = b.activation(b.conv(x, 12, 1, bias=False), "relu6")
    y = b.activation(b.depthwise(y, 3, 1, 1), "relu6")
    return b.add(x, b.conv(y, 3, 1, bias=False))


def attention(b: Any, x: Any) -> Any:
    query, key, value = b.dense(x, 6), b.dense(x, 6), b.dense(x, 5)
    return b.dense(b.matmul(b.softmax(b.matmul(query, key, transposed=True)), value), 8)


def transformer(b: Any, x: Any) -> Any:
    x = b.add(x, attention(b, b.layer_norm(x)))
    return b.add(x, b.dense(b.activation(b.dense(b.layer_norm(x), 16), "gelu"), 8))


def mixer(b: Any, x: Any) -> Any:
    tokens = b.transpose(b.dense(b.transpose(b.layer_norm(x)), 10))
    return b.add(x, b.dense(b.activation(b.dense(tokens, 12), "gelu"), 8))


def autoencoder(b: Any, x: Any) -> Any:
    code = b.activation(b.conv(b.activation(b.conv(x, 4, 3, 2, 1), "relu"), 8, 3, 2, 1), "relu")
    return b.activation(b.deconv(b.deconv(code, 4, 2, 2), 3, 2, 2), "sigmoid")


def gated(b: Any, x: Any) -> Any:
    return b.multiply(b.activation(b.dense(x, 9), "sigmoid"), b.activation(b.dense(x, 9), "tanh"))


def highway(b: Any, x: Any) -> Any:
    gate = b.activation(b.dense(x, 12), "sigmoid")
    return b.add(b.multiply(gate, b.dense(x, 12)), b.subtract(x, b.multiply(gate, x)))


def two_outputs(b: Any, x: Any) -> Any:
    x = b.activation(b.conv(x, 8, 3), "relu")
    return b.conv(x, 4, 1), b.dense(b.global_average(x), 2)


def turned_twice(b: Any, x: Any) -> Any:
    x = b.transpose(b.embedding(x, 50, 8))
    return b.transpose(x)


MIXED: dict[str, tuple[Any, tuple[Sizes, ...], dict[str, Any]]] = {
    "lenet": (lenet, ((1, 28, 28),), {}),
    "vgg": (vgg, (SMALL,), {}),
    "residual": (residual, (IMAGE,), {}),
    "bottleneck": (bottleneck, (IMAGE,), {"differs": {"parameters": STATISTICS}}),
    "dense-block": (dense_block, (IMAGE,), {}),
    "inception": (inception, (IMAGE,), {}),
    "u-net": (u_net, ((3, 16, 24),), {}),
    "u-net-any": (u_net, (IMAGE,), {}),
    "u-net-cropped": (u_net_cropped, ((3, 20, 24),), {}),
    "squeeze-excitation": (squeeze_excitation, (IMAGE,), {}),
    "mobile": (mobile, (IMAGE,), {}),
    "attention": (attention, (STEPS,), {}),
    "transformer": (transformer, (STEPS,), {}),
    "mixer": (mixer, ((10, 8),), {}),
    "autoencoder": (autoencoder, (IMAGE,), {}),
    "gated": (gated, (VECTOR,), {}),
    "highway": (highway, (VECTOR,), {}),
    "two-outputs": (two_outputs, (IMAGE,), {}),
    "two-inputs": (lambda b, x, y: b.dense(b.concat_features(b.dense(x, 4), y), 3), ((12,), (5,)), {}),
    "siamese": (
        lambda b, x, y: b.subtract(b.shared_dense(x, 6, "s"), b.shared_dense(y, 6, "s")),
        ((12,), (12,)),
        {},
    ),
    "maximum": (lambda b, x: b.maximum(b.dense(x, 5), b.dense(x, 5)), (VECTOR,), {}),
    "mean-of-steps": (lambda b, x: b.dense(b.mean(x, 1), 4), (STEPS,), {}),
    "largest-of-steps": (lambda b, x: b.largest(b.dense(x, 4), 1), (STEPS,), {}),
    "reshape": (lambda b, x: b.dense(b.reshape(b.dense(x, 12), 3, 4), 5), (VECTOR,), {}),
    "every-second-step": (lambda b, x: b.dense(b.slice(x, 1, 0, None, 2), 4), (STEPS,), {}),
    "without-the-first-steps": (lambda b, x: b.slice(b.dense(x, 4), 1, 2, None), (STEPS,), {}),
    "embedding": (lambda b, x: b.dense(b.embedding(x, 50, 8), 3), (("T",),), {"integers": True}),
    "bag-of-words": (lambda b, x: b.dense(b.mean(b.embedding(x, 50, 8), 1), 3), (("T",),), {"integers": True}),
    "embedding-turned-twice": (turned_twice, (("T",),), {"integers": True}),
}
for name, (write, inputs, options) in MIXED.items():
    _add(name, write, *inputs, **options)

# ---- recurrent layers ----------------------------------------------------------------------------------------------------


def _recurrent(b: Any, x: Any, kind: str, every: bool, both: bool) -> Any:
    return b.dense(b.recurrent(x, kind, 6, every, both), 3)


for kind in ("LSTM", "GRU", "RNN"):
    more = {} if kind == "GRU" else {"parameters": ONE_BIAS, "trainable": ONE_BIAS}
    for every in (True, False):
        _add(f"{kind}-{every}", partial(_recurrent, kind=kind, every=every, both=False), STEPS, differs=more)
    _add(f"{kind}-both", partial(_recurrent, kind=kind, every=True, both=True), STEPS, differs=more)
_add(
    "two-LSTMs",
    lambda b, x: b.recurrent(b.recurrent(x, "LSTM", 5), "LSTM", 4),
    STEPS,
    differs={"parameters": ONE_BIAS, "trainable": ONE_BIAS},
)
_add(
    "language-model",
    lambda b, x: b.dense(b.recurrent(b.embedding(x, 40, 8), "GRU", 7), 40),
    ("T",),
    integers=True,
)
