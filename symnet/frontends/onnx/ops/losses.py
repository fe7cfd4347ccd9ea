"""Losses: a number for each target, or one for all."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.values import Value
from symnet.frontends.ops.joining import joined
from symnet.frontends.ops.reducing import reduced
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.kinds.merges import Combine
from symnet.layers.kinds.reductions import Mean, Reduce, Sum

__all__ = ["LOSSES"]


def _loss(call: Call, scores: Flow, function: str) -> Value:
    """The scores (N, C, …) of the targets (N, …), which are numbers of classes; all together unless ``reduction`` is none."""
    targets = call.flow(1)
    if targets.ndim != scores.ndim - 1:
        raise LayerError(f"has scores of {scores.ndim} dimensions and targets of {targets.ndim}")

    def layer(axis: tuple[int, ...], keep: bool) -> Layer:
        return Reduce(axis, keepdims=keep, function=function)

    each = reduced(call, layer, scores, [1], False, call.word)
    made = joined(call, Combine(function=function), [each, targets], call.word)
    reduction = call.attribute("reduction", "mean")
    if reduction == "none":
        return made
    kind = Sum if reduction == "sum" else Mean
    return reduced(
        call, lambda axis, keep: kind(axis, keepdims=keep), made, range(made.ndim), False, f"{call.word}.{reduction}"
    )


def _cross_entropy(call: Call) -> Sequence[Value]:
    scores = call.flow(0)
    scores, _ = call.axis_of(scores, call.dimension(1, scores.ndim))
    logs = call.on(scores, Activation("logsoftmax"), f"{call.word}.log")
    return _loss(call, logs, "cross_entropy"), logs


LOSSES: dict[str, Handler] = {
    "NegativeLogLikelihoodLoss": lambda call: _loss(call, call.flow(0), "nll"),
    "SoftmaxCrossEntropyLoss": _cross_entropy,
}
