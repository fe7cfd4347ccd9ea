"""Normalization: statistics, factors and offsets."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.values import Array, Flow, Value
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.inputs import Held
from symnet.layers.kinds.normalization import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, RMSNorm
from symnet.layers.kinds.reductions import Mean
from symnet.layers.kinds.rescaling import LocalResponseNorm

__all__ = ["NORMALIZATION"]


def _epsilon(call: Call) -> str | None:
    value = call.attribute("epsilon")
    return None if value is None else f"{value:.7g}"


def _over_channels(call: Call, names: dict[str, int]) -> tuple[Flow, dict[str, Array]]:
    """The input, whose second dimension is the channels, and arrays with a number for each of them."""
    flow = call.image()
    if not flow.shape.dims:
        raise LayerError("normalizes the channels, and its input has none")
    weights = {name: call.array(index) for name, index in names.items() if call.has(index)}
    for name, array in weights.items():
        if array.count != flow.shape.dims[0].constant:
            raise LayerError(f"has {name} for {array.count} channels, and its input has other ones")
    return flow, weights


def _batch_norm(call: Call) -> Sequence[Value | None]:
    names = {"gamma": 1, "beta": 2, "moving_mean": 3, "moving_variance": 4}
    flow, weights = _over_channels(call, names)
    layer = BatchNorm(epsilon=_epsilon(call))
    return flow.on(call.add(layer, flow.tensor, weights=weights)), weights["moving_mean"], weights["moving_variance"]


def _instance_norm(call: Call) -> Value:
    flow, weights = _over_channels(call, {"gamma": 1, "beta": 2})
    return flow.on(call.add(InstanceNorm(affine=True, epsilon=_epsilon(call)), flow.tensor, weights=weights))


def _group_norm(call: Call) -> Value:
    flow, groups = call.image(), call.attribute("num_groups", 1)
    weights = {"gamma": call.array(1), "beta": call.array(2)}
    channels = flow.shape.channels.constant
    if all(array.count == channels for array in weights.values()):
        return flow.on(call.add(GroupNorm(groups, epsilon=_epsilon(call)), flow.tensor, weights=weights))
    # up to opset 20 there was a factor and an offset for each group
    layer: Layer = GroupNorm(groups, scale=False, center=False, epsilon=_epsilon(call))
    tensor = call.add(layer, flow.tensor)
    for name, array in weights.items():
        tensor = call.add(Held(array.count or 0), tensor, weights={"numbers": array}, name=name)
    return flow.on(tensor)


def _over_last(call: Call, names: dict[str, int]) -> tuple[Flow, tuple[int, ...], dict[str, Array]]:
    """The input, the numbers of the sizes from ``axis`` on, and arrays of these sizes."""
    flow = call.flow()
    first = flow.axis(call.attribute("axis", -1))
    places = [flow.place(axis) for axis in range(first, flow.rank)]
    weights = {name: call.array(index) for name, index in names.items() if call.has(index)}
    wanted = [flow.shape.dims[place].constant for place in places]
    for name, array in weights.items():
        if [size.constant for size in array.dims] != wanted:
            raise LayerError(f"has {name} of other sizes than those it normalizes")
    return flow, tuple(place + 1 for place in places), weights


def _layer_norm(call: Call) -> Sequence[Value | None]:
    flow, axes, weights = _over_last(call, {"gamma": 1, "beta": 2})
    axis = (-1,) if axes == (len(flow.shape.dims),) else axes
    layer = LayerNorm(axis, scale="gamma" in weights, center="beta" in weights, epsilon=_epsilon(call))
    return flow.on(call.add(layer, flow.tensor, weights=weights)), *_statistics(call, flow, axes)


def _statistics(call: Call, flow: Flow, axes: tuple[int, ...]) -> list[Value | None]:
    """The mean and the deviation, where something reads them."""
    return [
        flow.on(call.add(Mean(axes, keepdims=True), flow.tensor, name=name)) if call.wants(index) else None
        for index, name in ((1, "mean"), (2, "deviation"))
    ]


def _rms_norm(call: Call) -> Value:
    flow, axes, weights = _over_last(call, {"gamma": 1})
    axis = (-1,) if axes == (len(flow.shape.dims),) else axes
    layer = RMSNorm(axis, scale="gamma" in weights, epsilon=_epsilon(call))
    return flow.on(call.add(layer, flow.tensor, weights=weights))


def _local(call: Call) -> Value:
    flow = call.image()
    return flow.on(call.add(LocalResponseNorm(call.attribute("size", 5)), flow.tensor))


NORMALIZATION: dict[str, Handler] = {
    "BatchNormalization": _batch_norm,
    "InstanceNormalization": _instance_norm,
    "GroupNormalization": _group_norm,
    "LayerNormalization": _layer_norm,
    "RMSNormalization": _rms_norm,
    "LRN": _local,
}
