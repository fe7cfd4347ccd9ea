"""Sums that are normalized, and embeddings that are summed and normalized."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.building import Tensor
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.ops.contributed.joining import activated, added, channels_first, channels_last
from symnet.frontends.onnx.ops.normalization import over_last
from symnet.frontends.onnx.values import Array, Value
from symnet.frontends.ops.calculating import calculated
from symnet.frontends.ops.joining import joined
from symnet.frontends.ops.products import shown
from symnet.frontends.ops.selecting import looked_up, sliced
from symnet.layers.kinds.embedding import Embedding
from symnet.layers.kinds.merges import Add
from symnet.layers.kinds.normalization import GroupNorm, LayerNorm, RMSNorm
from symnet.terms.propositions import Le

__all__ = ["FUSED_NORMALIZATION"]


def _normalized(call: Call, total: Flow, names: dict[str, int], *, simple: bool = False) -> Flow:
    """A tensor normalized over its features, with the arrays in the inputs that ``names`` says."""
    names = {name: index for name, index in names.items() if call.has(index)}
    flow, axes, weights = over_last(call, names, total)
    axis = (-1,) if axes == (len(flow.dims),) else axes
    layer = RMSNorm(axis) if simple else LayerNorm(axis, center="beta" in weights)
    return call.on(flow, layer, weights=weights)


def _with_skip(call: Call) -> Sequence[Value | None]:
    """The sum of two tensors and a bias, normalized; the sum is the fourth output."""
    total = added(call, call.flow(0), 1, 4, name="sum")
    return _normalized(call, total, {"gamma": 2, "beta": 3}), None, None, total


def _simple_with_skip(call: Call) -> Sequence[Value | None]:
    total = added(call, call.flow(0), 1, 3, name="sum")
    return _normalized(call, total, {"gamma": 2}, simple=True), None, None, total


def _of_groups(call: Call) -> Sequence[Value | None]:
    """Groups of channels normalized, which come last unless ``channels_last`` is 0; the sum before is the second output."""
    x = call.flow(0)
    total = added(call, x, 3, 4, name="sum") if call.op == "SkipGroupNorm" else x
    last = bool(call.attribute("channels_last", 1))
    flow = channels_first(call, total) if last else total
    weights = {"gamma": call.array(1), "beta": call.array(2)}
    for name, array in weights.items():
        if array.count != flow.sizes[1].constant:
            raise LayerError(f"has {name} for {array.count} channels, and its input has {shown([flow.sizes[1]])}")
    made = call.on(flow, GroupNorm(call.attribute("groups", 1)), weights=weights)
    made = activated(call, made, "silu" if call.attribute("activation", 0) else "")
    return (channels_last(call, made) if last else made), total


def _embedded(call: Call) -> Sequence[Value | None]:
    """The embeddings of words, positions and segments, whose sum is the third output; the second one is a number for each example."""
    words, positions = call.samples(0), call.array(3)
    total = _rows(call, words, call.array(2), "words")
    if call.has(8):
        places = _rows(call, call.samples(8), positions, "positions")
    else:
        call.suppose(Le(words.sizes[1], positions.dims[0]))
        places = sliced(call, call.placed(positions, call.node.input[3]), 0, stop=words.sizes[1], name="positions")
    total = joined(call, Add(), [total, places], "sum")
    if call.has(1) and call.has(4):
        total = joined(call, Add(), [total, _rows(call, call.samples(1), call.array(4), "segments")], "all")
    mask = calculated(call, "mask", [words.sizes[0]], [words]) if call.wants(1) else None
    return _normalized(call, total, {"gamma": 5, "beta": 6}), mask, total


def _rows(call: Call, index: Flow, table: Array, name: str) -> Flow:
    layer = Embedding(table.dims[0], table.dims[1])

    def rows(row: Tensor) -> Tensor:
        return call.layer(layer, row, weights={"embeddings": table}, name=name)

    return looked_up(call, index, rows, table.dims[1], name)


FUSED_NORMALIZATION: dict[str, Handler] = {
    "SkipLayerNormalization": _with_skip,
    "SkipSimplifiedLayerNormalization": _simple_with_skip,
    **dict.fromkeys(("GroupNorm", "SkipGroupNorm"), _of_groups),
    "EmbedLayerNormalization": _embedded,
}
