"""Sums of products of tensors: matrix products, einsum, attention."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.ops.multiplying import einsum, multiplied
from symnet.frontends.ops.products import divided, shown
from symnet.frontends.torch.functions.shaping import permuted
from symnet.frontends.torch.placing import along, dimension
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.elementwise import Activation

__all__ = ["FUNCTIONS", "matmul"]


def matmul(trace: Trace, x: Any, other: Any, name: str = "matmul", **_: Any) -> Value:
    """``torch.matmul`` of tensors and arrays."""
    arrays = [item for item in (x, other) if is_value(item)]
    rank = max(x.ndim, other.ndim) if min(x.ndim, other.ndim) >= 2 else None
    batch = next((item.batch + (rank or item.ndim) - item.ndim for item in arrays if item.batch is not None), None)
    inside = batch if rank is not None and batch is not None and batch < rank - 2 else None
    one, two = (trace.constant(item, rank if inside is not None else None, inside) for item in (x, other))
    return trace.like(one, multiplied(trace, one.flow, two.flow, name))


def _of_matrices(rank: int) -> Handler:
    """A handler for a matrix product of tensors with exactly ``rank`` dimensions (``mm``, ``bmm``)."""

    def handler(trace: Trace, x: Any, other: Any, **_: Any) -> Value:
        for part in (x, other):
            if part.ndim != rank:
                raise ModelError(trace.wrong(f"multiplies tensors of {rank} dimensions, and gets one of {part.ndim}"))
        return matmul(trace, x, other)

    return handler


def _einsum(trace: Trace, equation: str, *operands: Any) -> Value:
    items = operands[0] if len(operands) == 1 and isinstance(operands[0], tuple | list) else operands
    tensors = [trace.constant(item) for item in items]
    return trace.like(tensors[0], einsum(trace, equation, [item.flow for item in tensors]))


def _attention(
    trace: Trace, query: Value, key: Value, value: Value, attn_mask: Any = None, *_: Any, **named: Any
) -> Value:
    order = [*range(key.ndim - 2), key.ndim - 1, key.ndim - 2]
    if named.get("enable_gqa"):  # keys and values are shared among heads of queries
        heads, shared = query.sizes[-3], key.sizes[-3]
        count, exact = divided(trace, heads, shared)
        if not exact:
            raise ModelError(trace.wrong(f"shares {shown([shared])} heads of keys among {shown([heads])} of queries"))
        key, value = (trace.function("repeat_interleave", (part, trace.size(count), -3), {}) for part in (key, value))
    scores = matmul(trace, query, permuted(trace, key, order, "attention.transpose"), name="attention.scores")
    if is_value(attn_mask):
        scores = trace.function("add", (scores, attn_mask), {})
    scores, axis = along(trace, scores, -1)
    weights = trace.add(Activation("softmax", axis=axis), scores, name="attention.softmax")
    return matmul(trace, weights, value, name="attention")


def _addmm(trace: Trace, bias: Any, x: Value, other: Any, **_: Any) -> Value:
    return trace.function("add", (matmul(trace, x, other), bias), {})


def _dot_last(trace: Trace, x: Value, other: Value, **_: Any) -> Value:
    return trace.function("sum", (trace.function("mul", (x, other), {}),), {"dim": dimension(x, -1)})


def _grouped(trace: Trace, x: Any, other: Any, *_: Any, **named: Any) -> Value:
    """Rows in groups, each multiplied by its own matrix of a stack; the work is that of a single matrix."""
    if x.ndim != 2 or other.ndim != 3:
        raise ModelError(trace.where("multiplies groups of columns, or stacks by stacks"))
    return matmul(trace, x, trace.function("select", (trace.constant(other), 0, 0), {}), name="grouped_mm")


FUNCTIONS: dict[str, Handler] = {
    **dict.fromkeys(("grouped_mm", "_grouped_mm", "grouped_mm_fallback"), _grouped),
    **dict.fromkeys(("matmul", "mv"), matmul),
    "mm": _of_matrices(2),
    "bmm": _of_matrices(3),
    "rmatmul": lambda trace, x, other: matmul(trace, other, x),
    "einsum": _einsum,
    "scaled_dot_product_attention": _attention,
    **dict.fromkeys(("addmm", "baddbmm", "addmv"), _addmm),
    "dot": _dot_last,
    "cosine_similarity": lambda trace, x, other, dim=1, eps=1e-8: trace.function(
        "sum", (trace.function("mul", (x, other), {}), dim), {}
    ),
}
