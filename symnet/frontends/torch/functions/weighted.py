"""Functions with their weights as arguments: normalization, embedding, PReLU."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.torch.functions.calculating import calculated
from symnet.frontends.torch.making import bagged, dense, embedded, layer_normed, prelu, require_statistics, rms_normed
from symnet.frontends.torch.placing import channels_first, one_for_each
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.normalization import BatchNorm, GroupNorm, InstanceNorm
from symnet.terms.term import integer

__all__ = ["FUNCTIONS", "bilinear", "scaled"]


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
    x, _more = channels_first(trace, x)
    one_for_each(trace, x.sizes[1], "channels", mean=running_mean, variance=running_var, weight=weight, bias=bias)
    if use_input_stats:
        require_statistics(trace, x)
    if (weight is None) is (bias is None):
        layer = InstanceNorm(affine=weight is not None)
        return trace.add(layer, x, holds={"gamma": weight, "beta": bias}, name="instance_norm")
    x = trace.add(InstanceNorm(affine=False), x, name="instance_norm")
    return scaled(trace, x, weight) if bias is None else scaled(trace, x, bias, "add")


def scaled(trace: Trace, x: Value, weight: Any, by: str = "mul") -> Value:
    """Each channel multiplied by its weight; ``by="add"`` adds it."""
    row = trace.function("reshape", (trace.constant(weight), -1, *[1] * (x.ndim - 2)), {})
    made: Value = trace.function(by, (x, row), {})
    return made


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


def _native_layer_norm(
    trace: Trace, x: Value, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> tuple[Value, ...]:
    """With the mean and the reciprocal of the deviation, whose sizes along what is normalized are 1."""
    made = layer_normed(trace, x, normalized_shape, weight, bias, eps, "layer_norm")
    dims = tuple(range(-len(normalized_shape), 0))
    return made, *(trace.function(name, (x, dims), {"keepdim": True}) for name in ("mean", "var"))


def _native_group_norm(
    trace: Trace, x: Value, weight: Any, bias: Any, count: Any, channels: Any, entries: Any, groups: int, eps: float
) -> tuple[Value, ...]:
    """With the mean and the reciprocal of the deviation of each group of every example."""
    made = _group_norm(trace, x, groups, weight, bias, eps)
    sizes = [x.sizes[0], integer(groups)]
    return made, *(calculated(trace, name, sizes, trace.constant(x)) for name in ("mean", "deviation"))


def _native_batch_norm(trace: Trace, x: Value, weight: Any, bias: Any, *rest: Any, **named: Any) -> tuple[Value, ...]:
    """With the mean and the reciprocal of the deviation of each channel, where they are worked out and not given."""
    training = next((one for one in (*rest, *named.values()) if isinstance(one, bool)), False)
    mean = rest[0] if rest and not isinstance(rest[0], bool) else None
    made = _batch_norm(trace, x, mean, None, weight, bias)
    count = made.sizes[1] if training else integer(0)
    return made, *(calculated(trace, name, [count], trace.constant(x)) for name in ("mean", "deviation"))


def _bilinear(trace: Trace, one: Any, two: Any, weight: Any, bias: Any = None) -> Value:
    return bilinear(trace, trace.constant(one), trace.constant(two), weight, bias)


def bilinear(trace: Trace, one: Value, two: Value, weight: Any, bias: Any) -> Value:
    """y_k = x₁ᵀ A_k x₂ + b_k: an einsum of both inputs with the weights."""
    if one.ndim != two.ndim:
        raise ModelError(trace.where("is for two tensors (…, features)"))
    made: Value = trace.function("einsum", ("...x,kxy,...y->...k", one, trace.constant(weight), two), {})
    if bias is not None:
        made = trace.function("add", (made, trace.constant(bias)), {})
    return made


def _embedding_bag(
    trace: Trace, x: Any, weight: Any, offsets: Any = None, *_: Any, include_last_offset: bool = False, **named: Any
) -> Value:
    return bagged(trace, x, weight, offsets, include_last_offset, "embedding_bag")


FUNCTIONS: dict[str, Handler] = {
    "native_layer_norm": _native_layer_norm,
    "native_group_norm": _native_group_norm,
    **dict.fromkeys(("native_batch_norm", "_native_batch_norm_legit"), _native_batch_norm),
    "bilinear": _bilinear,
    "embedding_bag": _embedding_bag,
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
