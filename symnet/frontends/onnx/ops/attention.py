"""Attention as one operator, and einsum: they become the layers that their decomposition would give."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.constants.numbers import sign_of
from symnet.frontends.onnx.sizes import divided
from symnet.frontends.onnx.values import Value
from symnet.frontends.ops.arranging import permuted, reshaped
from symnet.frontends.ops.joining import along, concatenated, joined
from symnet.frontends.ops.multiplying import einsum, summed
from symnet.layers.declaration.base import product
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.kinds.merges import Add
from symnet.terms.term import Term, integer

__all__ = ["ATTENTION"]

_NAMES = ("query", "key", "value")


def _heads(call: Call, index: int) -> Flow:
    """Queries, keys or values as (batch, heads, steps, features)."""
    x = call.samples(index)
    if x.ndim == 4:
        return x
    if x.ndim != 3:
        raise LayerError(f"reads queries, keys and values of 3 or 4 dimensions, got {x.ndim}")
    heads = call.attribute("kv_num_heads" if index else "q_num_heads")
    if heads is None:
        raise LayerError("does not say how many heads there are")
    each, whole = divided(x.share(2), integer(heads))
    if not whole:
        raise LayerError(f"has {heads} heads that do not share the features evenly")
    x = reshaped(call, x, [*x.sizes[:2], integer(heads), each], f"{_NAMES[index]}.heads")
    return permuted(call, x, (0, 2, 1, 3), _NAMES[index])


def _with_past(call: Call, x: Flow, index: int) -> Flow:
    """The steps cached from earlier calls, followed by those of this call."""
    if not call.has(index + 3):
        return x
    return concatenated(call, [call.samples(index + 3), x], 2, f"{_NAMES[index]}.all")


def _shared(call: Call, x: Flow, heads: Term, name: str) -> Flow:
    """Heads of keys or values repeated for the heads of queries that share them."""
    times, whole = divided(heads, x.share(1))
    if not whole:
        raise LayerError("has heads of queries that do not share those of keys evenly")
    return x if times.constant == 1 else along(call, x, 1, times, f"{name}.shared")


def _reaches(mask: Flow, scores: Flow) -> bool:
    """Whether the mask covers all steps; a shorter one does not constrain sizes."""
    size, steps = mask.sizes[-1], scores.sizes[-1]
    return mask.ndim == scores.ndim and (size.constant == 1 or sign_of(size, steps) == 0)


def _attention(call: Call) -> Sequence[Value | None]:
    query = _heads(call, 0)
    key, value = (_with_past(call, _heads(call, index), index) for index in (1, 2))
    heads = query.share(1)
    keys, values = _shared(call, key, heads, "key"), _shared(call, value, heads, "value")
    scores = summed(call, ["nhtk", "nhsk"], "nhts", [query, keys], "scores")
    mask = call.inputs[3] if call.has(3) else None
    if isinstance(mask, Flow) and _reaches(mask, scores):
        scores = joined(call, Add(), [scores, mask], "masked")
    wide, axis = call.axis_of(scores, 3)
    weights = call.on(wide, Activation("softmax", axis=axis), "softmax")
    result = summed(call, ["nhts", "nhsv"], "nhtv", [weights, values], call.word)
    if call.flow(0).ndim == 3:
        result = permuted(call, result, (0, 2, 1, 3), "back")
        result = reshaped(call, result, [*result.sizes[:2], product(*result.sizes[2:])], "output")
    return result, key, value, scores


def _einsum(call: Call) -> Value:
    equation = call.attribute("equation", "")
    return einsum(call, equation, [call.flow(index) for index in range(len(call.inputs))], call.word)


ATTENTION: dict[str, Handler] = {"Attention": _attention, "Einsum": _einsum}
