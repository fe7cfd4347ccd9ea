"""What the operators of onnxruntime do before and after their main layer: add inputs, apply a function, change the layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.values import Array, Value
from symnet.frontends.ops.arranging import permuted
from symnet.frontends.ops.joining import joined
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.kinds.merges import Add

__all__ = ["activated", "added", "channels_first", "channels_last", "in_layout"]


def added(call: Call, x: Flow, *indices: int, name: str = "add") -> Flow:
    """The sum with those of these inputs that are there."""
    for index in indices:
        if call.has(index):
            other = call.value(index)
            flow = other if isinstance(other, Flow) else call.placed(other, call.node.input[index], [x])
            x = joined(call, Add(), [x, flow], name)
    return x


def activated(call: Call, x: Flow, name: str | None = None) -> Flow:
    """The function that the attribute ``activation`` names, or ``name``, behind another layer of the same node."""
    function = str(call.attribute("activation", "") or "").lower() if name is None else name
    return call.on(x, Activation(function), function) if function else x


def channels_first(call: Call, x: Flow) -> Flow:
    """A tensor with its last dimension after the first one."""
    return permuted(call, x, [0, x.ndim - 1, *range(1, x.ndim - 1)], "first")


def channels_last(call: Call, x: Flow) -> Flow:
    """A tensor with its second dimension as the last one."""
    return permuted(call, x, [0, *range(2, x.ndim), 1], "last")


def in_layout(handler: Handler) -> Handler:
    """The operator on tensors whose channels come last, if the node says so; its outputs are arranged likewise."""

    def apply(call: Call) -> Value | Sequence[Value | None]:
        if not (call.op.startswith("Nhwc") or call.attribute("channels_last", 0)):
            return handler(call)
        first = replace(call, inputs=[channels_first(call, call.flow(0)), *call.inputs[1:]])
        made = handler(first)
        found = [made] if isinstance(made, Flow | Array) else list(made)
        return [channels_last(call, one) if isinstance(one, Flow) else one for one in found]

    return apply
