"""Placing layers with weights, for modules and functions alike."""

from __future__ import annotations

from math import prod
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.building import Tensor
from symnet.frontends.flow import tidy
from symnet.frontends.ops.arranging import ordered, unsqueezed, whole
from symnet.frontends.ops.joining import joined
from symnet.frontends.ops.selecting import looked_up, taken
from symnet.frontends.torch.placing import along, dimension, entries_exist, one_for_each, same_features, with_features
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Trace
from symnet.layers.declaration.base import product
from symnet.layers.kinds.dense import Dense
from symnet.layers.kinds.elementwise import PReLU
from symnet.layers.kinds.embedding import Embedding
from symnet.layers.kinds.merges import Add, Multiply
from symnet.layers.kinds.normalization import LayerNorm, RMSNorm
from symnet.terms.propositions import Le
from symnet.terms.term import integer

__all__ = ["bagged", "dense", "embedded", "layer_normed", "offset", "prelu", "require_statistics", "rms_normed"]


def _named(name: str, part: str) -> str:
    return f"{name}.{part}".strip(".")


def dense(trace: Trace, x: Value, weight: Any, bias: Any, name: str = "") -> Value:
    """A dense layer on the last size. Weights that another layer holds count there, but its own bias counts here.
    Weights computed from the input make it a matrix product.
    """
    if is_value(weight):
        made = trace.function("matmul", (x, trace.function("t", (weight,), {}) if weight.ndim > 1 else weight), {})
        return made if bias is None else trace.function("add", (made, bias), {})
    same_features(trace, x, -1, weight.shape[1], "inputs")
    one_for_each(trace, integer(weight.shape[0]), "outputs", bias=bias)
    x = trace.like(x, (whole if x.flow.places[-1] is None else ordered)(trace, x.flow, name))
    tied = bias is not None and id(weight) in trace.weights.holders and id(bias) not in trace.weights.holders
    layer = Dense(weight.shape[0], bias=bias is not None and not tied, inputs=weight.shape[1], axis="last")
    made = trace.add(layer, x, holds={"kernel": weight, "bias": None if tied else bias}, name=name)
    return offset(trace, made, bias, made.ndim - 1, name) if tied else made


def offset(trace: Trace, x: Value, bias: Any, dim: int, name: str = "") -> Value:
    """A bias added along a dimension, if the layer before has none of its own."""
    held = trace.constant(bias)
    flow = held.flow
    for _ in range(x.ndim - 1 - dim):
        flow = unsqueezed(trace, flow, flow.ndim, "bias")
    return trace.like(x, joined(trace, Add(), [x.flow, flow], _named(name, "bias")))


def require_statistics(trace: Trace, x: Value) -> None:
    """Adds the hypothesis that a channel has more than one entry, as the statistics of instance normalization require
    (torch/nn/functional.py, ``_verify_spatial_size``).
    """
    trace.known.suppose(Le(integer(2), tidy(product(*x.tensor.shape.axes))))


def layer_normed(
    trace: Trace, x: Value, normalized: Any, weight: Any, bias: Any, epsilon: float | None, name: str = ""
) -> Value:
    """Layer normalization over the last sizes; symbolic sizes must equal the numbers of its factors."""
    count = len(normalized)
    for place, wanted in enumerate(normalized):
        x = with_features(trace, x, place - count, wanted, "features")
    one_for_each(trace, term_of(prod(normalized)), "features", weight=weight, bias=bias)
    x, axes = along(trace, x, range(x.ndim - count, x.ndim))
    known = [x.sizes[dimension(x, place - count)].constant for place in range(count)] == list(normalized)
    if known and (weight is not None or bias is None):
        layer = LayerNorm(axes, scale=weight is not None, center=bias is not None, epsilon=epsilon)
        return trace.add(layer, x, holds={"gamma": weight, "beta": bias}, name=name)
    x = trace.add(LayerNorm(axes, scale=False, center=False, epsilon=epsilon), x, name=name)
    for part, array, join in (("weight", weight, Multiply), ("bias", bias, Add)):
        if array is not None:
            x = trace.like(x, joined(trace, join(), [x.flow, trace.constant(array).flow], _named(name, part)))
    return x


def rms_normed(trace: Trace, x: Value, normalized: Any, weight: Any, epsilon: float | None, name: str = "") -> Value:
    """Root-mean-square normalization over the last sizes."""
    count = len(normalized)
    for place, wanted in enumerate(normalized):
        x = with_features(trace, x, place - count, wanted, "features")
    one_for_each(trace, term_of(prod(normalized)), "features", weight=weight)
    x, axes = along(trace, x, range(x.ndim - count, x.ndim))
    layer = RMSNorm(axes, scale=weight is not None, epsilon=epsilon)
    return trace.add(layer, x, holds={"gamma": weight}, name=name)


def embedded(trace: Trace, x: Value, weight: Any, name: str = "") -> Value:
    """Rows of a table for the indices in a tensor of any shape."""
    words, features = weight.shape
    entries_exist(trace, x, integer(words))

    def table(row: Tensor) -> Tensor:
        return trace.layer(Embedding(words, features), row, holds={"embeddings": weight}, name=name)

    return trace.like(x, looked_up(trace, x.flow, table, integer(features), _named(name, "row")), weight.dtype)


def bagged(trace: Trace, x: Any, weight: Any, offsets: Any, last: bool = False, name: str = "") -> Value:
    """Rows of a table put together: those of each row of numbers, or of the numbers from each of ``offsets`` to the next one (to the
    last one of them, where it says where the numbers end)."""
    x = trace.constant(x)
    rows = embedded(trace, x, weight, name)
    if offsets is None:
        if x.ndim != 2:
            raise ModelError(trace.wrong("puts rows of numbers together, or numbers between offsets"))
        made: Value = trace.function("sum", (rows, 1), {})
        return made
    if x.ndim != 1:
        raise ModelError(trace.wrong("has offsets, and rows of numbers besides"))
    offsets = trace.constant(offsets)
    if x.batch is not None or offsets.batch is not None:
        raise ModelError(trace.where("puts numbers of the batch together by offsets"))
    bags = tidy(offsets.sizes[0] - 1) if last else offsets.sizes[0]
    return trace.like(rows, taken(trace, rows.flow, 0, [bags], _named(name, "bags")))


def prelu(trace: Trace, x: Value, weight: Any, name: str = "") -> Value:
    """A ReLU with trained slopes."""
    return trace.add(PReLU(weight.numel()), x, holds={"alpha": weight}, name=name)
