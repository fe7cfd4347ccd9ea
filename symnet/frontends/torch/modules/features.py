"""Modules on features: dense layers, normalization, embedding, activations, dropout."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frameworks.convention import TORCH
from symnet.frameworks.tables.activations import ACTIVATIONS, names_by_framework
from symnet.frontends.torch.functions.shaping import FUNCTIONS, flatten
from symnet.frontends.torch.functions.weighted import bilinear, scaled
from symnet.frontends.torch.making import dense, embedded, layer_normed, prelu, require_statistics, rms_normed
from symnet.frontends.torch.placing import along, channels_first, with_features
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.elementwise import GLU, Activation, Dropout
from symnet.layers.kinds.normalization import BatchNorm, GroupNorm, InstanceNorm
from symnet.layers.kinds.rescaling import LocalResponseNorm
from symnet.layers.kinds.reshaping import ChannelShuffle

__all__ = ["MODULES"]


def _linear(trace: Trace, module: Any, x: Value) -> Value:
    return dense(trace, x, module.weight, module.bias)


def _embedding(trace: Trace, module: Any, x: Value) -> Value:
    return embedded(trace, x, module.weight)


def _activation(name: str) -> Handler:
    function = ACTIVATIONS[name][TORCH] if name in ACTIVATIONS else None

    def handler(trace: Trace, module: Any, x: Value) -> Value:
        alpha = getattr(module, function.alpha, None) if function is not None and function.alpha else None
        usual = function is None or alpha is None or alpha == function.usual
        return trace.add(Activation(name) if usual else Activation(name, alpha=f"{alpha:.7g}"), x)

    return handler


def _hard_tanh(trace: Trace, module: Any, x: Value) -> Value:
    """ReLU6 is a Hardtanh with other bounds and shares its ``forward``."""
    return trace.add(Activation("relu6" if (module.min_val, module.max_val) == (0, 6) else "hardtanh"), x)


def _softmax(name: str) -> Handler:
    def handler(trace: Trace, module: Any, x: Value) -> Value:
        dim = module.dim if getattr(module, "dim", None) is not None else (0 if x.ndim in (1, 3) else 1)
        x, axis = along(trace, x, dim)
        return trace.add(Activation(name, axis=axis), x)

    return handler


def _softmax_of_channels(trace: Trace, module: Any, x: Value) -> Value:
    if x.ndim != 4:
        raise ModelError(trace.wrong(f"is for images (batch, C, H, W), and gets {x.ndim} dimensions"))
    return trace.add(Activation("softmax2d"), x)


def _dropout(trace: Trace, module: Any, x: Value) -> Value:
    return trace.add(Dropout(module.p), x)


def _identity(trace: Trace, module: Any, x: Value, *_: Any) -> Value:
    return trace.add(Activation("identity"), x)


def _flatten(trace: Trace, module: Any, x: Value) -> Value:
    return flatten(trace, x, module.start_dim, module.end_dim, "")


def _unflatten(trace: Trace, module: Any, x: Value) -> Any:
    return FUNCTIONS["unflatten"](trace, x, module.dim, module.unflattened_size)


def _require_rank(trace: Trace, module: Any, x: Value) -> None:
    """Raises if a module such as BatchNorm2d gets another number of axes than its name says; those of one axis also
    accept none.
    """
    axes = {"1d": (0, 1), "2d": (2,), "3d": (3,)}.get(type(module).__name__[-2:])
    if axes is not None and x.ndim - 2 not in axes:
        raise ModelError(trace.wrong(f"is for {' or '.join(map(str, axes))} axes, and gets {x.ndim - 2}"))


def _batch_norm(trace: Trace, module: Any, x: Value) -> Value:
    _require_rank(trace, module, x)
    x = with_features(trace, x, 1, module.num_features, "channels")
    x, _more = channels_first(trace, x)
    layer = BatchNorm(
        scale=module.weight is not None, center=module.bias is not None, epsilon=module.eps,
        statistics="buffers" if module.track_running_stats else "none", momentum=module.momentum,
        fixed=trace.root.training and not module.training and module.track_running_stats,
    )  # fmt: skip
    return trace.add(layer, x, holds={"gamma": module.weight, "beta": module.bias})


def _instance_norm(trace: Trace, module: Any, x: Value) -> Value:
    layer = InstanceNorm(affine=module.weight is not None, epsilon=module.eps)
    x = channels_first(trace, x)[0]
    if module.affine:
        x = with_features(trace, x, 1, module.num_features, "channels")
    if module.training or not module.track_running_stats:
        require_statistics(trace, x)
    if module.affine and module.bias is None:
        return scaled(trace, trace.add(InstanceNorm(affine=False), x), module.weight)
    return trace.add(layer, x, holds={"gamma": module.weight, "beta": module.bias})


def _layer_norm(trace: Trace, module: Any, x: Value) -> Value:
    return layer_normed(trace, x, module.normalized_shape, module.weight, module.bias, module.eps)


def _group_norm(trace: Trace, module: Any, x: Value) -> Value:
    x = with_features(trace, x, 1, module.num_channels, "channels")
    layer = GroupNorm(
        module.num_groups, scale=module.weight is not None, center=module.bias is not None, epsilon=module.eps
    )
    return trace.add(layer, channels_first(trace, x)[0], holds={"gamma": module.weight, "beta": module.bias})


def _rms_norm(trace: Trace, module: Any, x: Value) -> Value:
    return rms_normed(trace, x, module.normalized_shape, module.weight, module.eps)


def _local_response_norm(trace: Trace, module: Any, x: Value) -> Value:
    return trace.add(LocalResponseNorm(module.size, alpha=module.alpha, beta=module.beta, bias=module.k), x)


def _prelu(trace: Trace, module: Any, x: Value) -> Value:
    return prelu(trace, x, module.weight)


def _glu(trace: Trace, module: Any, x: Value) -> Value:
    x, axis = along(trace, x, module.dim)
    return trace.add(GLU(axis), x)


def _channel_shuffle(trace: Trace, module: Any, x: Value) -> Value:
    return trace.add(ChannelShuffle(module.groups), x)


def _bilinear(trace: Trace, module: Any, one: Value, two: Value) -> Value:
    return bilinear(trace, one, two, module.weight, module.bias)


_ACTIVATION, _NORM, _DROPOUT = (
    "torch.nn.modules.activation.",
    "torch.nn.modules.normalization.",
    "torch.nn.modules.dropout.",
)
#: Our names of the activations that are modules. Functions along a dimension and the identity have handlers of their
#: own.
_CLASSES = {
    name: word for name, word in names_by_framework(TORCH).items() if name[0].isupper() and not ACTIVATIONS[word][TORCH].axis
} | {"Threshold": "threshold"}  # fmt: skip

MODULES: dict[str, Handler] = {
    "torch.nn.modules.linear.Linear": _linear,
    "torch.nn.modules.linear.Bilinear": _bilinear,
    "torch.nn.modules.linear.Identity": _identity,
    "torch.nn.modules.sparse.Embedding": _embedding,
    "torch.nn.modules.flatten.Flatten": _flatten,
    "torch.nn.modules.flatten.Unflatten": _unflatten,
    "torch.nn.modules.batchnorm._BatchNorm": _batch_norm,
    "torch.nn.modules.instancenorm._InstanceNorm": _instance_norm,
    f"{_NORM}LayerNorm": _layer_norm,
    f"{_NORM}GroupNorm": _group_norm,
    f"{_NORM}RMSNorm": _rms_norm,
    f"{_NORM}LocalResponseNorm": _local_response_norm,
    f"{_NORM}CrossMapLRN2d": _local_response_norm,
    "torch.nn.modules.channelshuffle.ChannelShuffle": _channel_shuffle,
    **{f"{_ACTIVATION}{name}": _activation(ours) for name, ours in _CLASSES.items()},
    **{f"{_ACTIVATION}{name}": _softmax(name.lower()) for name in ("Softmax", "LogSoftmax", "Softmin")},
    f"{_ACTIVATION}Softmax2d": _softmax_of_channels,
    f"{_ACTIVATION}Hardtanh": _hard_tanh,
    f"{_ACTIVATION}PReLU": _prelu,
    f"{_ACTIVATION}GLU": _glu,
    **{f"{_DROPOUT}{name}": _dropout for name in (
        "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout",
    )},
}  # fmt: skip
