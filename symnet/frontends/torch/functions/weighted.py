"""Functions with their weights as arguments: normalization, embedding, PReLU."""

from __future__ import annotations

from typing import Any

from symnet.frontends.torch.making import dense, embedded, layer_normed, prelu, require_statistics, rms_normed
from symnet.frontends.torch.placing import channels_first, one_for_each
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.normalization import BatchNorm, GroupNorm, InstanceNorm

__all__ = ["FUNCTIONS"]


def _layer_norm(
    trace: Trace, x: Value, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5, *_: Any
) -> Value:
    return layer_normed(trace, x, normalized_shape, weight, bias, eps, "layer_norm")


def _rms_norm(trace: Trace, x: Value, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Value:
    return rms_normed(trace, x, normalized_shape, weight, eps, "rms_norm")


def _batch_norm(
    trace: Trace,
    x: Value,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    *_: Any,
    **named: Any,
) -> Value:
    layer = BatchNorm(
        scale=weight is not None, center=bias is not None, statistics="none" if running_mean is None else "buffers"
    )
    x, _more = channels_first(trace, x)
    one_for_each(trace, x.sizes[1], "channels", mean=running_mean, variance=running_var, weight=weight, bias=bias)
    return trace.add(layer, x, holds={"gamma": weight, "beta": bias}, name="batch_norm")


def _group_norm(
    trace: Trace, x: Value, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5, *_: Any
) -> Value:
    layer = GroupNorm(num_groups, scale=weight is not None, center=bias is not None, epsilon=eps)
    x, _more = channels_first(trace, x)
    one_for_each(trace, x.sizes[1], "channels", weight=weight, bias=bias)
    return trace.add(layer, x, holds={"gamma": weight, "beta": bias}, name="group_norm")


def _instance_norm(
    trace: Trace,
    x: Value,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    *_: Any,
    **named: Any,
) -> Value:
    layer = InstanceNorm(affine=weight is not None)
    x, _more = channels_first(trace, x)
    one_for_each(trace, x.sizes[1], "channels", mean=running_mean, variance=running_var, weight=weight, bias=bias)
    if use_input_stats:
        require_statistics(trace, x)
    return trace.add(layer, x, holds={"gamma": weight, "beta": bias}, name="instance_norm")


def _embedding(trace: Trace, x: Value, weight: Any, *_: Any, **named: Any) -> Value:
    return embedded(trace, x, weight, "embedding")


def _plain_batch_norm(
    trace: Trace, x: Value, weight: Any, bias: Any, mean: Any, variance: Any, *_: Any, **named: Any
) -> Value:
    return _batch_norm(trace, x, mean, variance, weight, bias)


def _plain_instance_norm(
    trace: Trace,
    x: Value,
    weight: Any = None,
    bias: Any = None,
    mean: Any = None,
    variance: Any = None,
    use_input_stats: bool = True,
    *_: Any,
    **named: Any,
) -> Value:
    return _instance_norm(trace, x, mean, variance, weight, bias, use_input_stats)


def _plain_embedding(trace: Trace, weight: Any, x: Value, *_: Any, **named: Any) -> Value:
    return embedded(trace, x, weight, "embedding")


FUNCTIONS: dict[str, Handler] = {
    # the compiled functions take their arguments in another order than torch.nn.functional
    "aten.batch_norm": _plain_batch_norm,
    "aten.instance_norm": _plain_instance_norm,
    "aten.embedding": _plain_embedding,
    "linear": lambda trace, x, weight, bias=None: dense(trace, x, weight, bias, "linear"),
    "layer_norm": _layer_norm,
    "rms_norm": _rms_norm,
    "batch_norm": _batch_norm,
    "group_norm": _group_norm,
    "instance_norm": _instance_norm,
    "embedding": _embedding,
    "prelu": lambda trace, x, weight: prelu(trace, x, weight, "prelu"),
}
