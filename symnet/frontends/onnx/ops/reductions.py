"""Operators that reduce all entries along some dimensions to one number."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.values import Value
from symnet.frontends.ops.reducing import reduced
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.reductions import Max, Mean, Min, Prod, Reduce, Reduction, Sum
from symnet.terms.propositions import Eq

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
    return _along(call, axes or list(range(flow.ndim)), _FUNCTIONS.get(call.op, ""))


def _determinant(call: Call) -> Value:
    """A number for each square matrix, which the last two dimensions are."""
    flow = call.flow()
    rows, columns = (call.dimension(axis, flow.ndim) for axis in (-2, -1))
    if flow.batch in (rows, columns):
        raise LayerError("works on the last two dimensions, and one of them holds the batch")
    call.suppose(Eq(flow.sizes[rows], flow.sizes[columns]))

    def layer(numbers: tuple[int, ...], keepdims: bool) -> Layer:
        return Reduce(numbers, keepdims=keepdims, function="determinant")

    return reduced(call, layer, flow, [rows, columns], False, call.word)


def _arg(call: Call) -> Value:
    return _along(call, [call.attribute("axis", 0)], call.op.lower())


def _along(call: Call, axes: list[int], function: str) -> Value:
    flow, keep = call.flow(), bool(call.attribute("keepdims", 1))
    over = sorted({call.dimension(axis, flow.ndim) for axis in axes})
    kind = _KINDS.get(call.op)

    def layer(numbers: tuple[int, ...], keepdims: bool) -> Layer:
        return kind(numbers, keepdims=keepdims) if kind else Reduce(numbers, keepdims=keepdims, function=function)

    return reduced(call, layer, flow, over, keep, call.word)


REDUCTIONS: dict[str, Handler] = {
    **dict.fromkeys((*_KINDS, *_FUNCTIONS), _reduce),
    **dict.fromkeys(("ArgMax", "ArgMin"), _arg),
    "Det": _determinant,
}
