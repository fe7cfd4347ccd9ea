"""Functions that write entries of one tensor into another, whose sizes stay: scatter, index_add, masked_scatter."""

from __future__ import annotations

from typing import Any

from symnet.frontends.ops.arranging import in_sizes
from symnet.frontends.torch.functions.joining import joined
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.kinds.merges import Combine
from symnet.layers.kinds.reductions import Reduce
from symnet.terms.term import integer

__all__ = ["FUNCTIONS"]


def _written(name: str) -> Handler:
    """What is written, and where, is read as one number of each example beside every entry."""

    def handler(trace: Trace, x: Any, *rest: Any, **named: Any) -> Value:
        x = trace.constant(x)
        made = trace.add(Activation(name), x, name=name)
        for other in (*rest, *named.values()):
            if is_value(other) and other.batch is not None and other.tensor is not x.tensor and x.batch is not None:
                made = _beside(trace, made, other, name)
        return made

    return handler


def _beside(trace: Trace, x: Value, other: Value, name: str) -> Value:
    """``x``, which now depends on another tensor, too."""
    dims = tuple(range(1, len(other.tensor.shape.dims) + 1))
    one = trace.layer(Reduce(dims, keepdims=False, function="entries"), other.tensor, name=f"{name}.entries")
    ones = len(x.tensor.shape.dims)
    row = in_sizes(trace, one, [integer(1)] * ones, f"{name}.sizes")
    return trace.like(x, x.flow.on(trace.layer(Combine(function=name), x.tensor, row, name=name)))


def _masked(trace: Trace, x: Any, mask: Any, *_: Any, **named: Any) -> Value:
    """``masked_scatter``: the tensor and the mask stretch to each other."""
    return joined(
        trace, lambda: Combine(function="masked_scatter"), "masked_scatter", trace.constant(x), trace.constant(mask)
    )


FUNCTIONS: dict[str, Handler] = {
    "masked_scatter": _masked,
    **{name: _written(name) for name in (
        "scatter", "scatter_add", "scatter_reduce", "index_add", "index_copy", "index_fill", "index_put", "index_reduce",
        "slice_scatter", "select_scatter", "diagonal_scatter", "put", "renorm",
    )},
}  # fmt: skip
