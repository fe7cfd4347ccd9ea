"""Attention of onnxruntime, which becomes the layers that its decomposition would give."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.flow import Flow, tidy
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.ops.attention import attended, in_heads, merged
from symnet.frontends.onnx.ops.products import dense
from symnet.frontends.onnx.values import Array, Value
from symnet.frontends.ops.arranging import permuted
from symnet.frontends.ops.joining import concatenated, joined, stacked
from symnet.frontends.ops.selecting import chosen, cut, sliced
from symnet.layers.kinds.merges import Add
from symnet.terms.propositions import Eq
from symnet.terms.term import Term, integer

__all__ = ["FUSED_ATTENTION"]

_NAMES = ("query", "key", "value")


def _in_one(call: Call) -> Sequence[Value | None]:
    """Attention: queries, keys and values from one matrix; the keys and values of all steps are the second output."""
    if call.has(4):
        raise LayerError("reads earlier keys and values in one tensor, whose batch is not first")
    x, kernel = call.samples(0), call.array(1)
    bias = call.array(2) if call.has(2) else None
    heads = call.attribute("num_heads", 1)
    made = dense(call, x, kernel, kernel.dims[0], kernel.dims[1], bias)
    lengths = list(map(integer, call.attribute("qkv_hidden_sizes") or ()))
    if not lengths:
        each = (kernel.dims[1].constant or 0) // 3
        lengths = [integer(each)] * 3
    if kernel.dims[1].constant != sum(length.constant or 0 for length in lengths):
        raise LayerError("has weights for other queries, keys and values than it says")
    query, key, value = (
        in_heads(call, part, heads, name) for part, name in zip(cut(call, made, 2, lengths), _NAMES, strict=True)
    )
    mask = call.inputs[5] if call.has(5) else None
    result, _ = attended(call, query, key, value, mask)
    present = stacked(call, [key, value], 0, "present") if call.wants(1) else None
    return merged(call, result), present


def _of_three(call: Call) -> Sequence[Value | None]:
    """MultiHeadAttention: queries (N, T, D), keys and values as many steps or given in heads; or all packed in one tensor."""
    heads = call.attribute("num_heads", 1)
    query = call.samples(0)
    if query.ndim == 5:  # (N, T, heads, 3, features)
        parts = [_unpacked(call, query, number, name) for number, name in enumerate(_NAMES)]
    elif call.has(1) and call.flow(1).ndim == 5:  # (N, S, heads, 2, features)
        both = call.samples(1)
        parts = [in_heads(call, query, heads, "query"), *(_unpacked(call, both, at, _NAMES[at + 1]) for at in range(2))]
    else:
        flows = [call.samples(index) for index in range(3)]
        flows = _biased(call, flows) if call.has(3) else flows
        parts = [x if x.ndim == 4 else in_heads(call, x, heads, name) for x, name in zip(flows, _NAMES, strict=True)]
    query, key, value = parts
    if call.has(6) and call.has(7):
        key, value = (
            concatenated(call, [call.samples(index), x], 2, f"{name}.all")
            for index, x, name in ((6, key, "key"), (7, value, "value"))
        )
    result, _ = attended(call, query, key, value, call.inputs[5] if call.has(5) else None)
    return merged(call, result), key, value


def _unpacked(call: Call, x: Flow, number: int, name: str) -> Flow:
    """The tensor ``number`` of those packed in (N, steps, heads, several, features), as heads."""
    return permuted(call, chosen(call, x, 3, integer(number), name), (0, 2, 1, 3), f"{name}.heads")


def _biased(call: Call, flows: Sequence[Flow]) -> list[Flow]:
    """Queries, keys and values with their part of one bias."""
    if any(flow.ndim != 3 for flow in flows):
        raise LayerError("adds a bias to keys that are given in heads")
    bias = call.value(3)
    whole = bias if isinstance(bias, Flow) else call.placed(bias, call.node.input[3])
    found, start = [], integer(0)
    for flow, name in zip(flows, _NAMES, strict=True):
        end: Term = tidy(start + flow.sizes[2])
        part = sliced(call, whole, 0, start, end, name=f"{name}.bias")
        found.append(joined(call, Add(), [flow, part], f"{name}.biased"))
        start = end  # type: ignore[assignment]
    call.suppose(Eq(whole.sizes[0], start))
    return found


def _in_groups(call: Call) -> Sequence[Value | None]:
    """GroupQueryAttention: several heads of queries share one of keys and values, to which those of earlier steps are put."""
    heads, shared = call.attribute("num_heads", 1), call.attribute("kv_num_heads", 1)
    query = call.samples(0)
    if call.has(1):
        flows = [query, call.samples(1), call.samples(2)]
    else:  # all in one: (heads + 2·shared) times the features of a head
        each = (query.share(2).constant or 0) // (heads + 2 * shared)
        flows = list(cut(call, query, 2, [integer(each * count) for count in (heads, shared, shared)]))
    query, key, value = (
        in_heads(call, x, count, name) for x, count, name in zip(flows, (heads, shared, shared), _NAMES, strict=True)
    )
    if call.has(3) and call.has(4):
        key, value = (
            concatenated(call, [call.samples(index), x], 2, f"{name}.all")
            for index, x, name in ((3, key, "key"), (4, value, "value"))
        )
    result, _ = attended(call, query, key, value, None)
    total = call.inputs[6] if call.has(6) else None
    if not isinstance(total, Array):  # a value of the model's input says how many steps the next call gets
        return merged(call, result), None, None
    call.suppose(Eq(key.sizes[2], call.terms(6)[0]))
    return merged(call, result), key, value


FUSED_ATTENTION: dict[str, Handler] = {
    "Attention": _in_one,
    "MultiHeadAttention": _of_three,
    "GroupQueryAttention": _in_groups,
}
