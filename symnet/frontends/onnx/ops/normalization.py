"""Normalization operators: statistics, factors and offsets."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.values import Array, Value
from symnet.frontends.ops.arranging import whole
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.inputs import Held
from symnet.layers.kinds.normalization import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, RMSNorm
from symnet.layers.kinds.reductions import Mean
from symnet.layers.kinds.rescaling import LocalResponseNorm

__all__ = ["NORMALIZATION", "over_last"]


def _epsilon(call: Call) -> str | None:
    value = call.attribute("epsilon")
    return None if value is None else f"{value:.7g}"


def _over_channels(call: Call, names: dict[str, int]) -> tuple[Flow, dict[str, Array]]:
    """The input, whose second dimension is the channels, and arrays with one number per channel."""
    flow, _more = call.image()
    weights = {name: call.array(index) for name, index in names.items() if call.has(index)}
    for name, array in weights.items():
        if array.count != flow.sizes[1].constant:
            raise LayerError(f"has {name} for {array.count} channels, and its input has other ones")
    return flow, weights


def _batch_norm(call: Call) -> Sequence[Value | None]:
    names = {"gamma": 1, "beta": 2, "moving_mean": 3, "moving_variance": 4}
    flow, weights = _over_channels(call, names)
    layer = BatchNorm(epsilon=_epsilon(call))
    return call.on(flow, layer, weights=weights), weights["moving_mean"], weights["moving_variance"]


def _instance_norm(call: Call) -> Value:
    flow, weights = _over_channels(call, {"gamma": 1, "beta": 2})
    return call.on(flow, InstanceNorm(affine=True, epsilon=_epsilon(call)), weights=weights)


def _group_norm(call: Call) -> Value:
    (flow, _more), groups = call.image(), call.attribute("num_groups", 1)
    weights = {"gamma": call.array(1), "beta": call.array(2)}
    channels = flow.sizes[1].constant
    if all(array.count == channels for array in weights.values()):
        return call.on(flow, GroupNorm(groups, epsilon=_epsilon(call)), weights=weights)
    # up to opset 20 there was one factor and offset per group
    layer: Layer = GroupNorm(groups, scale=False, center=False, epsilon=_epsilon(call))
    flow = call.on(flow, layer)
    for name, array in weights.items():
        flow = call.on(flow, Held(array.count or 0), name, weights={"numbers": array})
    return flow


def over_last(
    call: Call, names: dict[str, int], x: Flow | None = None
) -> tuple[Flow, tuple[int, ...], dict[str, Array]]:
    """The first input or ``x``, the numbers of the sizes from ``axis`` on, and arrays of these sizes."""
    flow = call.flow() if x is None else x
    first = call.dimension(call.attribute("axis", -1), flow.ndim)
    flow = call.single(flow, *range(first, flow.ndim))
    if flow.batch is not None and flow.batch >= first:
        raise LayerError(f"works along dimension {flow.batch}, which holds the batch")
    flow = whole(call, flow, "")
    axes = tuple(flow.axis(axis) for axis in range(first, flow.ndim))
    weights = {name: call.array(index) for name, index in names.items() if call.has(index)}
    wanted = [flow.dims[axis - 1].constant for axis in axes]
    for name, array in weights.items():
        if [size.constant for size in array.dims] != wanted:
            raise LayerError(f"has {name} of other sizes than those it normalizes")
    return flow, axes, weights


def _layer_norm(call: Call) -> Sequence[Value | None]:
    flow, axes, weights = over_last(call, {"gamma": 1, "beta": 2})
    axis = (-1,) if axes == (len(flow.dims),) else axes
    layer = LayerNorm(axis, scale="gamma" in weights, center="beta" in weights, epsilon=_epsilon(call))
    return call.on(flow, layer, weights=weights), *_statistics(call, flow, axes)


def _statistics(call: Call, flow: Flow, axes: tuple[int, ...]) -> list[Value | None]:
    """The mean and the deviation, each only if it is read."""
    return [
        call.on(flow, Mean(axes, keepdims=True), name) if call.wants(index) else None
        for index, name in ((1, "mean"), (2, "deviation"))
    ]


def _rms_norm(call: Call) -> Value:
    flow, axes, weights = over_last(call, {"gamma": 1})
    axis = (-1,) if axes == (len(flow.dims),) else axes
    layer = RMSNorm(axis, scale="gamma" in weights, epsilon=_epsilon(call))
    return call.on(flow, layer, weights=weights)


def _local(call: Call) -> Value:
    return call.on(call.image()[0], LocalResponseNorm(call.attribute("size", 5)))


NORMALIZATION: dict[str, Handler] = {
    "BatchNormalization": _batch_norm,
    "InstanceNormalization": _instance_norm,
    "GroupNormalization": _group_norm,
    "LayerNormalization": _layer_norm,
    **dict.fromkeys(("RMSNormalization", "SimplifiedLayerNormalization"), _rms_norm),
    "LRN": _local,
}
