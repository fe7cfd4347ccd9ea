"""Operators that make one number of all those along some dimensions."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.values import Value
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.reductions import Max, Mean, Min, Prod, Reduce, Reduction, Sum

__all__ = ["REDUCTIONS"]

_KINDS: dict[str, type[Reduction]] = {
    "ReduceMean": Mean, "ReduceSum": Sum, "ReduceMax": Max, "ReduceMin": Min, "ReduceProd": Prod,
}  # fmt: skip
_FUNCTIONS = {
    "ReduceL1": "l1", "ReduceL2": "l2", "ReduceLogSum": "logsum", "ReduceLogSumExp": "logsumexp", "ReduceSumSquare": "sumsquare",
}  # fmt: skip


def _reduce(call: Call) -> Value:
    flow = call.flow()
    axes = call.ints("axes", 1)
    if not axes and call.attribute("noop_with_empty_axes", 0):
        return flow
    return _along(call, axes or list(range(flow.rank)), _FUNCTIONS.get(call.op, ""))


def _arg(call: Call) -> Value:
    return _along(call, [call.attribute("axis", 0)], call.op.lower())


def _along(call: Call, axes: list[int], function: str) -> Value:
    flow, keep = call.flow(), bool(call.attribute("keepdims", 1))
    over = sorted({flow.axis(axis) for axis in axes})
    if flow.batch in over:
        raise LayerError("makes one number of all samples: it works along the batch")
    if not over:
        return flow
    numbers = tuple(flow.place(axis) + 1 for axis in over)
    kind = _KINDS.get(call.op)
    layer: Layer = kind(numbers, keepdims=keep) if kind else Reduce(numbers, keepdims=keep, function=function)
    tensor = call.add(layer, flow.tensor)
    return flow.on(tensor) if keep else flow.without(over, tensor)


REDUCTIONS: dict[str, Handler] = {
    **dict.fromkeys((*_KINDS, *_FUNCTIONS), _reduce),
    **dict.fromkeys(("ArgMax", "ArgMin"), _arg),
}
