"""Attention as one operator, and sums of products by an equation: the same layers that spelling them out would give."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.constants.numbers import sign_of
from symnet.frontends.onnx.ops.merges import Frame, joined
from symnet.frontends.onnx.sizes import divided
from symnet.frontends.onnx.values import Flow, Value
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.kinds.joins import Concat
from symnet.layers.kinds.merges import Add
from symnet.layers.kinds.products import Einsum
from symnet.layers.kinds.reshaping import Permute, Repeat, Reshape
from symnet.terms.term import Term, integer

__all__ = ["ATTENTION"]

_NAMES = ("query", "key", "value")


def _heads(call: Call, index: int) -> Flow:
    """Queries, keys or values as (heads, steps, features)."""
    flow = call.plain(index)
    if flow.rank == 4:
        return flow
    if flow.rank != 3:
        raise LayerError(f"reads queries, keys and values of 3 or 4 dimensions, got {flow.rank}")
    heads = call.attribute("kv_num_heads" if index else "q_num_heads")
    steps, features = flow.shape.dims
    if heads is None:
        raise LayerError("does not say how many heads there are")
    each, whole = divided(features, integer(heads))
    if not whole:
        raise LayerError(f"has {heads} heads that do not share the features evenly")
    tensor = call.add(Reshape((steps, integer(heads), each)), flow.tensor, name=f"{_NAMES[index]}.heads")
    return Flow.of(call.add(Permute((2, 1, 3)), tensor, name=_NAMES[index]))


def _with_past(call: Call, flow: Flow, index: int) -> Flow:
    """The steps before these, kept from earlier calls, and these."""
    if not call.has(index + 3):
        return flow
    past = call.plain(index + 3)
    return flow.on(call.add(Concat(axis=2), past.tensor, flow.tensor, name=f"{_NAMES[index]}.all"))


def _shared(call: Call, flow: Flow, heads: Term, name: str) -> Flow:
    """Heads of keys or values that several heads of queries share."""
    own = flow.shape.dims[0]
    times, whole = divided(heads, own)
    if not whole:
        raise LayerError("has heads of queries that do not share those of keys evenly")
    return flow if times.constant == 1 else flow.on(call.add(Repeat(times, axis=1), flow.tensor, name=f"{name}.shared"))


def _reaches(mask: Flow, scores: Flow) -> bool:
    """Whether the mask is for all steps; one that is shorter says nothing of the others."""
    size, steps = (flow.shape.dims[-1] for flow in (mask, scores))
    return mask.rank == scores.rank and (size.constant == 1 or sign_of(size, steps) == 0)


def _attention(call: Call) -> Sequence[Value | None]:
    query = _heads(call, 0)
    key, value = (_with_past(call, _heads(call, index), index) for index in (1, 2))
    heads = query.shape.dims[0]
    keys, values = _shared(call, key, heads, "key"), _shared(call, value, heads, "value")
    scores = query.on(call.add(Einsum(equation="htk,hsk->hts"), query.tensor, keys.tensor, name="scores"))
    mask = call.inputs[3] if call.has(3) else None
    if isinstance(mask, Flow) and _reaches(mask, scores):
        frame = Frame((scores, mask))
        scores = scores.on(call.add(Add(), *joined(call, (scores, mask), frame, call.node.input[:4:3]), name="masked"))
    weights = call.add(Activation("softmax", axis=3), scores.tensor, name="softmax")
    tensor = call.add(Einsum(equation="hts,hsv->htv"), weights, values.tensor)
    flat = len(call.flow(0).shape.dims) == 2
    if flat:
        tensor = call.add(Permute((2, 1, 3)), tensor, name="back")
        steps, _, each = tensor.shape.dims
        tensor = call.add(Reshape((steps, heads * each)), tensor, name="output")
    return Flow.of(tensor), key, value, scores


def _einsum(call: Call) -> Value:
    """By an equation, in which the batch has a letter, too."""
    text = call.attribute("equation", "").replace(" ", "")
    flows = [call.flow(index) for index in range(len(call.inputs))]
    left, arrow, right = text.partition("->")
    sides = left.split(",")
    if (
        "." in text
        or len(sides) != len(flows)
        or any(len(side) != flow.rank for side, flow in zip(sides, flows, strict=True))
    ):
        raise LayerError(f"has the equation {text!r}, which is not one letter for each dimension")
    if not arrow:
        letters = sorted(set(left) - {","})
        right = "".join(letter for letter in letters if left.count(letter) == 1)
    batches = {side[flow.batch] for side, flow in zip(sides, flows, strict=True) if flow.batch is not None}
    if len(batches) != 1 or any(flow.merged for flow in flows):
        raise LayerError(f"has the equation {text!r}, in which the batch is not one letter")
    (batch,) = batches
    if right.count(batch) != 1 or any(
        side.count(batch) != (flow.batch is not None) for side, flow in zip(sides, flows, strict=True)
    ):
        raise LayerError(f"has the equation {text!r}, which sums over the batch")
    equation = ",".join(side.replace(batch, "") for side in sides) + "->" + right.replace(batch, "")
    tensor = call.add(Einsum(equation=equation), *(flow.tensor for flow in flows))
    return Flow.of(tensor, right.index(batch))


ATTENTION: dict[str, Handler] = {"Attention": _attention, "Einsum": _einsum}
