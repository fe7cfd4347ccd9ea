"""Attention as one operator, and einsum: they become the layers that their decomposition would give."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.flow import Flow, tidy
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.constants.numbers import sign_of
from symnet.frontends.onnx.sizes import divided
from symnet.frontends.onnx.values import Value
from symnet.frontends.ops.arranging import permuted, reshaped
from symnet.frontends.ops.calculating import calculated
from symnet.frontends.ops.joining import along, concatenated, joined
from symnet.frontends.ops.multiplying import einsum, summed
from symnet.layers.declaration.base import product
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.kinds.merges import Add
from symnet.terms.propositions import Eq
from symnet.terms.term import Term, integer

__all__ = ["ATTENTION", "attended", "in_heads", "merged"]

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
    return in_heads(call, x, heads, _NAMES[index])


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
    for side in ("left", "right"):
        if call.attribute(f"{side}_window_size", -1) < -1:
            raise LayerError(
                f"has a {side} window of {call.attribute(f'{side}_window_size')} steps; −1 is one without an end"
            )
    query = _heads(call, 0)
    key, value = (_with_past(call, _heads(call, index), index) for index in (1, 2))
    result, scores = attended(call, query, key, value, call.inputs[3] if call.has(3) else None)
    if call.flow(0).ndim == 3:
        result = merged(call, result)
    return result, key, value, scores


def attended(call: Call, query: Flow, key: Flow, value: Flow, mask: Value | None) -> tuple[Flow, Flow]:
    """What heads (batch, heads, steps, features) attend to, in the same order, and the scores; ``mask`` is added to them."""
    heads = query.share(1)
    keys, values = _shared(call, key, heads, "key"), _shared(call, value, heads, "value")
    scores = summed(call, ["nhtk", "nhsk"], "nhts", [query, keys], "scores")
    if isinstance(mask, Flow) and _reaches(mask, scores):
        scores = joined(call, Add(), [scores, mask], "masked")
    wide, axis = call.axis_of(scores, 3)
    weights = call.on(wide, Activation("softmax", axis=axis), "softmax")
    return summed(call, ["nhts", "nhsv"], "nhtv", [weights, values], call.word), scores


def merged(call: Call, x: Flow) -> Flow:
    """Heads (batch, heads, steps, features) as (batch, steps, heads · features)."""
    x = permuted(call, x, (0, 2, 1, 3), "back")
    return reshaped(call, x, [*x.sizes[:2], product(*x.sizes[2:])], "output")


def in_heads(call: Call, x: Flow, heads: int, name: str) -> Flow:
    """Features (batch, steps, heads · features) as heads (batch, heads, steps, features)."""
    each, whole = divided(x.share(2), integer(heads))
    if not whole:
        raise LayerError(f"has {heads} heads that do not share the features evenly")
    x = reshaped(call, x, [*x.sizes[:2], integer(heads), each], f"{name}.heads")
    return permuted(call, x, (0, 2, 1, 3), name)


def _einsum(call: Call) -> Value:
    equation = call.attribute("equation", "")
    return einsum(call, equation, [call.flow(index) for index in range(len(call.inputs))], call.word)


def _linear_attention(call: Call) -> Sequence[Value | None]:
    """Attention without scores: a state of keys × values for each head, which each step changes and reads."""
    query, key, value = (call.samples(index) for index in range(3))
    heads, others = (integer(call.attribute(name, 1)) for name in ("q_num_heads", "kv_num_heads"))
    (keys, one), (values, two) = (divided(x.share(2), others) for x in (key, value))
    if not one or not two:
        raise LayerError("has heads that do not share the features evenly")
    call.suppose(Eq(query.sizes[2], tidy(heads * keys)))
    for x in (key, value):
        call.suppose(Eq(x.sizes[1], query.sizes[1]))
    reads = [call.samples(index) for index in range(6) if call.has(index)]
    state = calculated(call, "state", [query.sizes[0], others, keys, values], reads[1:]) if call.wants(1) else None
    return calculated(call, call.word, [*query.sizes[:2], tidy(heads * values)], reads), state


ATTENTION: dict[str, Handler] = {
    "Attention": _attention, "LinearAttention": _linear_attention, "Einsum": _einsum,
}  # fmt: skip
