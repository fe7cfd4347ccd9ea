"""Convolutions and pools."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.values import Array, Value
from symnet.frontends.ops.calculating import beside, calculated
from symnet.frontends.ops.products import shown
from symnet.frontends.ops.reducing import reduced
from symnet.frontends.ops.windows import every_axis
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.convolution import Conv
from symnet.layers.kinds.pooling import AvgPool, GlobalAvgPool, GlobalMaxPool, LpPool, MaxPool
from symnet.layers.kinds.reductions import Max, Mean, Reduce
from symnet.layers.kinds.transposed import Deconv
from symnet.layers.laws.padding import EXPLICIT, SAME, SAME_LOWER, VALID, Padding
from symnet.terms.term import Term, integer

__all__ = ["WINDOWS", "convolved", "per_axis"]

_MODES = {"VALID": VALID, "SAME_UPPER": SAME, "SAME_LOWER": SAME_LOWER}


def _padding(call: Call, axes: int, more: int) -> Padding:
    """The padding from ``auto_pad`` or ``pads`` (all amounts before, then all after); none along the ``more`` sizes
    merged with the batch.
    """
    mode = call.attribute("auto_pad", "NOTSET") or "NOTSET"
    if mode != "NOTSET":
        if mode not in _MODES:
            raise LayerError(f"has auto_pad={mode}, which is none of NOTSET, VALID, SAME_UPPER and SAME_LOWER")
        if more and mode != "VALID":
            raise LayerError(f"has auto_pad={mode} on tensors that are merged with the batch")
        return Padding(_MODES[mode])
    pads = call.attribute("pads") or [0] * (2 * axes)
    if len(pads) != 2 * axes:
        raise LayerError(f"has {len(pads)} pads for {axes} axes")
    if not any(pads):
        return Padding()
    pairs = tuple((integer(before), integer(after)) for before, after in zip(pads[:axes], pads[axes:], strict=True))
    return Padding(EXPLICIT, every_axis(pairs, more, (integer(0), integer(0))))


def per_axis(values: Sequence[int] | None, axes: int) -> tuple[int, ...]:
    """One value per axis; 1 if there are none."""
    found = tuple(values or (1,) * axes)
    if len(found) != axes:
        raise LayerError(f"has {len(found)} values for {axes} axes")
    return found


def _each(values: Sequence[int] | None, axes: int, more: int, nothing: int = 1) -> tuple[int, ...]:
    """One value per axis, collapsed if all are equal; ``nothing`` along the ``more`` sizes merged with the batch."""
    return every_axis(per_axis(values, axes), more, nothing)


def _weights(call: Call, kernel: int, bias: int) -> dict[str, Array]:
    found = {"kernel": call.array(kernel)}
    if call.has(bias):
        found["bias"] = call.array(bias)
    return found


def _kernel(call: Call, weight: Array, more: int) -> tuple[int, ...]:
    """The extents of the kernel: an attribute, or the last sizes of the weights, which must not say otherwise."""
    held = [size.constant or 0 for size in weight.dims[2:]]
    given = call.attribute("kernel_shape") or held
    if list(given) != held:
        raise LayerError(f"has kernel_shape={list(given)}, and its weights are {' × '.join(map(str, held))} windows")
    return _each(given, weight.rank - 2, more)


def _same_filters(weights: dict[str, Array], filters: int | None) -> None:
    """Raises where there is not one number of the bias for each filter."""
    bias = weights.get("bias")
    dims = [] if bias is None else [size.constant for size in bias.dims]
    if bias is not None and None not in dims and dims != [filters]:
        raise LayerError(f"its bias has {' × '.join(map(str, dims))} numbers, and there are {filters} filters")


def _image(call: Call, axes: int) -> tuple[Flow, int]:
    """The input of a layer whose weights are for so many axes. Raises :class:`LayerError` for another number."""
    rank = call.flow(0).ndim - 2
    if rank != axes:
        raise LayerError(f"has weights for {axes} axes, and its input has {rank}")
    return call.image(0, axes)


def _same_channels(flow: Flow, wanted: Term) -> None:
    channels = flow.sizes[1]
    if channels is not wanted and channels.constant != wanted.constant:
        raise LayerError(
            f"its weights are for {wanted.constant} channels, and its input has {_channel_count(channels)}"
        )


def _channel_count(size: Term) -> str:
    """The number of channels, or for a letter the hint to fix it."""
    return f"{size.constant}" if size.constant is not None else f"{shown([size])}; say how many with --input"


def convolved(call: Call, kernel: int = 1, bias: int = 2) -> Flow:
    """A convolution of the first input by the weights in input ``kernel`` and the bias in input ``bias``, if there is one."""
    weights = _weights(call, kernel, bias)
    weight = weights["kernel"]
    axes, groups = weight.rank - 2, call.attribute("group", 1)
    flow, more = _image(call, axes)
    _same_channels(flow, integer((weight.dims[1].constant or 0) * groups))
    _same_filters(weights, weight.dims[0].constant)
    layer = Conv(
        weight.dims[0],
        _kernel(call, weight, more),
        _each(call.attribute("strides"), axes, more),
        _padding(call, axes, more),
        dilation=_each(call.attribute("dilations"), axes, more),
        groups=groups,
        bias="bias" in weights,
    )
    return call.on(flow, layer, weights=weights)


def _causal(call: Call) -> Sequence[Value]:
    """CausalConvWithState: each channel's window ends at the entry itself; the last F − 1 entries are the next state."""
    x, kernel = call.samples(0), call.array(1)
    weights = {"kernel": kernel} | ({"bias": call.array(2)} if call.has(2) else {})
    channels, extent = kernel.dims[0], kernel.dims[2].constant or 1
    _same_channels(x, channels)
    padding = Padding(EXPLICIT, ((integer(extent - 1), integer(0)),)) if extent > 1 else Padding()
    layer = Conv(channels, (extent,), padding=padding, groups=channels, bias="bias" in weights)
    made = call.on(x, layer, weights=weights)
    if call.has(3):
        made = beside(call, made, call.samples(3), call.word)
    if not call.wants(1):
        return [made]
    return [made, calculated(call, "state", [*x.sizes[:2], integer(extent - 1)], [x])]


def _deconv(call: Call) -> Value:
    weights = _weights(call, 1, 2)
    weight = weights["kernel"]
    axes, groups = weight.rank - 2, call.attribute("group", 1)
    flow, more = _image(call, axes)
    _same_channels(flow, weight.dims[0])
    _same_filters(weights, (weight.dims[1].constant or 0) * groups)
    added, output = call.attribute("output_padding"), call.attribute("output_shape")
    if not output and call.attribute("auto_pad") in ("SAME_UPPER", "SAME_LOWER"):
        _covered(call, weight, added or [0] * axes)
        added = None  # the output is the input times the stride; output_padding only shifts the pads
    layer = Deconv(
        (weight.dims[1].constant or 0) * groups,
        _kernel(call, weight, more),
        _each(call.attribute("strides"), axes, more),
        _padding(call, axes, more),
        output_padding=_each(added, axes, more, 0) if added and any(added) and not output else None,
        output=(*flow.tensor.shape.axes[:more], *output[-axes:]) if output else None,
        dilation=_each(call.attribute("dilations"), axes, more),
        groups=groups,
        bias="bias" in weights,
        framework="onnx",
    )
    return call.on(flow, layer, weights=weights)


def _covered(call: Call, weight: Array, added: Sequence[int]) -> None:
    """Raises :class:`LayerError` if SAME would need negative pads: there the specification and runtimes differ."""
    kernel = call.attribute("kernel_shape") or [size.constant for size in weight.dims[2:]]
    ones = (1,) * len(kernel)
    strides, dilations = call.attribute("strides") or ones, call.attribute("dilations") or ones
    for extent, stride, dilation, more in zip(kernel, strides, dilations, added, strict=True):
        reach = dilation * (extent - 1) + 1 + more
        if reach < stride:
            raise LayerError(
                f"has a kernel that reaches over {reach} entries, less than its stride {stride}, and auto_pad: the operator's text "
                "and runtimes disagree on its size there"
            )


def _pool(kind: type[MaxPool | AvgPool | LpPool]) -> Handler:
    def pool(call: Call) -> Sequence[Value]:
        flow, more = call.image(0)
        axes = flow.ndim - 2
        named = {"norm": f"{call.attribute('p', 2):g}"} if kind is LpPool else {}
        layer = kind(
            _each(call.attribute("kernel_shape", ()), axes, more),
            _each(call.attribute("strides"), axes, more),
            _padding(call, axes, more),
            dilation=_each(call.attribute("dilations"), axes, more),
            ceil_mode=bool(call.attribute("ceil_mode", 0)),
            **named,
        )
        found = call.on(flow, layer)
        return found, found  # the second output of MaxPool: the index of each maximum

    return pool


def _global(kind: type[GlobalAvgPool | GlobalMaxPool]) -> Handler:
    def pool(call: Call) -> Value:
        flow, more = call.image(0)
        if more:  # sizes merged with the batch keep their own results
            make = {GlobalAvgPool: Mean, GlobalMaxPool: Max}[kind]
            return reduced(
                call, lambda axis, keep: make(axis, keepdims=keep), flow, range(2, flow.ndim), True, call.word
            )
        return call.on(flow, kind(keepdims=True))

    return pool


def _global_norm(call: Call) -> Value:
    flow, _more = call.image(0)

    def layer(axis: tuple[int, ...], keep: bool) -> Layer:
        return Reduce(axis, keepdims=keep, function="norm")

    return reduced(call, layer, flow, range(2, flow.ndim), True, call.word)


WINDOWS: dict[str, Handler] = {
    "Conv": convolved,
    "ConvInteger": lambda call: convolved(call, 1, 9),
    "QLinearConv": lambda call: convolved(call, 3, 8),
    "ConvTranspose": _deconv,
    "CausalConvWithState": _causal,
    "MaxPool": _pool(MaxPool),
    "AveragePool": _pool(AvgPool),
    "LpPool": _pool(LpPool),
    "GlobalAveragePool": _global(GlobalAvgPool),
    "GlobalMaxPool": _global(GlobalMaxPool),
    "GlobalLpPool": _global_norm,
}
