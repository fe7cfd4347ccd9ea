"""Layers with weights, as modules and functions alike make them."""

from __future__ import annotations

from typing import Any

from symnet.frontends.torch.placing import aligned, axis_of, dimension, reshaped, same_features
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Trace
from symnet.layers.dense import Dense
from symnet.layers.elementwise import PReLU
from symnet.layers.embedding import Embedding
from symnet.layers.merges import Add, Multiply
from symnet.layers.normalization import LayerNorm
from symnet.terms.propositions import Le
from symnet.terms.term import integer

__all__ = ["dense", "embedded", "layer_normed", "prelu"]


def _named(name: str, part: str) -> str:
    return f"{name}.{part}".strip(".")


def dense(trace: Trace, x: Value, weight: Any, bias: Any, name: str = "") -> Value:
    """A dense layer on the last size. Weights that another layer holds count there, and the bias of its own here."""
    found = x.sizes[-1].constant
    if found is not None:
        same_features(trace, x, -1, weight.shape[1], "inputs")
    axis_of(x, -1)
    tied = bias is not None and id(weight) in trace.weights.holders and id(bias) not in trace.weights.holders
    layer = Dense(weight.shape[0], bias=bias is not None and not tied, inputs=weight.shape[1], axis="last")
    made = trace.add(layer, x, holds={"kernel": weight, "bias": None if tied else bias}, name=name)
    if not tied:
        return made
    offset = trace.constant(bias, (*(1,) * (made.ndim - 2), weight.shape[0]))
    return trace.add(Add(), made, aligned(trace, offset, made.ndim, made.batch, "bias"), name=_named(name, "bias"))


def layer_normed(
    trace: Trace, x: Value, normalized: Any, weight: Any, bias: Any, epsilon: float | None, name: str = ""
) -> Value:
    """Layer normalization over the last sizes; where those are symbols, its factors ask that they be the numbers."""
    count = len(normalized)
    axes = tuple(axis_of(x, place) for place in range(x.ndim - count, x.ndim))
    for place, wanted in enumerate(normalized):
        same_features(trace, x, place - count, wanted, "features")
    known = [x.sizes[dimension(x, place - count)].constant for place in range(count)] == list(normalized)
    if known:
        layer = LayerNorm(axes, scale=weight is not None, center=bias is not None, epsilon=epsilon)
        return trace.add(layer, x, holds={"gamma": weight, "beta": bias}, name=name)
    x = trace.add(LayerNorm(axes, scale=False, center=False, epsilon=epsilon), x, name=name)
    for part, array, join in (("weight", weight, Multiply), ("bias", bias, Add)):
        if array is not None:
            held = aligned(trace, trace.constant(array), x.ndim, x.batch, part)
            x = trace.add(join(), x, held, name=_named(name, part))
    return x


def embedded(trace: Trace, x: Value, weight: Any, name: str = "") -> Value:
    """Rows of a table for the numbers in a tensor of any sizes."""
    words, features = weight.shape
    if x.stop is not None:  # numbers that count the steps: as many as there are rows at most
        trace.known.suppose(Le(x.stop, integer(words)))
    sizes = x.sizes
    rest = [size for place, size in enumerate(sizes) if place != x.batch]
    flat = x
    if len(rest) != 1:
        flat = reshaped(
            trace, x, [*([sizes[x.batch]] if x.batch is not None else []), -1 if rest else 1], _named(name, "row")
        )
    made = trace.add(Embedding(words, features), flat, holds={"embeddings": weight}, name=name, kind=weight.dtype)
    if len(rest) == 1:
        return made
    return reshaped(trace, made, [*sizes, integer(features)], _named(name, "sizes"))


def prelu(trace: Trace, x: Value, weight: Any, name: str = "") -> Value:
    """A ReLU with trained slopes."""
    return trace.add(PReLU(weight.numel()), x, holds={"alpha": weight}, name=name)
