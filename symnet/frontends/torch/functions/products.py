"""Sums of products of tensors: matrix products, einsum, attention."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.ops.multiplying import einsum, multiplied
from symnet.frontends.ops.products import divided, shown
from symnet.frontends.torch.functions.shaping import permuted
from symnet.frontends.torch.placing import along, dimension
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.elementwise import Activation
from symnet.terms.term import integer

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


def _contracted(trace: Trace, x: Any, other: Any, dims: Any = 2, **_: Any) -> Value:
    """``tensordot``: the sum over dimensions of both, the last ones and the first ones where there is only their number."""
    one, two = trace.constant(x), trace.constant(other)
    pairs = (range(one.ndim - dims, one.ndim), range(dims)) if isinstance(dims, int) else dims
    left, right = ([pair] if isinstance(pair, int) else list(pair) for pair in pairs)
    letters = iter(ascii_letters)
    first = [next(letters) for _ in range(one.ndim)]
    second = [next(letters) for _ in range(two.ndim)]
    for ours, theirs in zip(left, right, strict=True):
        second[dimension(two, theirs)] = first[dimension(one, ours)]
    rest = [letter for letter in (*first, *second) if (letter in first) is not (letter in second)]
    made: Value = _einsum(trace, f"{''.join(first)},{''.join(second)}->{''.join(rest)}", one, two)
    return made


def _inner(trace: Trace, x: Any, other: Any, **_: Any) -> Value:
    """The sum over the last dimension of both; a number multiplies."""
    one, two = trace.constant(x), trace.constant(other)
    if not one.ndim or not two.ndim:
        made: Value = trace.function("mul", (one, two), {})
        return made
    return _contracted(trace, one, two, ([-1], [-1]))


def _many(trace: Trace, *tensors: Any, **_: Any) -> Value:
    """``multi_dot``: a product of matrices, of which a vector may stand at either end, in the order of the least work."""
    items = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], tuple | list) else tensors
    ready = [trace.constant(item) for item in items]
    while len(ready) > 1:
        at = _cut(trace, ready)
        if at is None:
            ready[:2] = [matmul(trace, ready[0], ready[1])]
        else:
            ready = [part[0] if len(part) == 1 else _many(trace, part) for part in (ready[:at], ready[at:])]
            return matmul(trace, *ready)
    made: Value = ready[0]
    return made


def _cut(trace: Trace, matrices: Sequence[Value]) -> int | None:
    """Where the last product of a chain is, so that all take the least work; nothing where it is one only."""
    if len(matrices) < 3:
        return None
    first, last = matrices[0], matrices[-1]
    ends = [*((integer(1), first.sizes[0]) if first.ndim == 1 else first.sizes)]
    ends += [one.sizes[1] for one in matrices[1:-1]] + [last.sizes[1] if last.ndim > 1 else integer(1)]
    numbers = [size.constant for size in ends]
    if None in numbers:
        raise ModelError(
            trace.where("multiplies several matrices in the order of the least work, which letters leave open")
        )
    sizes = [number or 1 for number in numbers]
    least: dict[tuple[int, int], tuple[int, int]] = {(one, one): (0, one) for one in range(len(matrices))}
    for width in range(1, len(matrices)):
        for start in range(len(matrices) - width):
            end = start + width
            least[start, end] = min(
                (least[start, at][0] + least[at + 1, end][0] + sizes[start] * sizes[at + 1] * sizes[end + 1], at + 1)
                for at in range(start, end)
            )
    return least[0, len(matrices) - 1][1]


FUNCTIONS: dict[str, Handler] = {
    **dict.fromkeys(("_scaled_mm", "_scaled_mm_v2"), lambda trace, x, other, *_, **named: matmul(trace, x, other)),
    "tensordot": _contracted,
    "inner": _inner,
    **dict.fromkeys(("linalg_multi_dot", "chain_matmul"), _many),
    "vdot": _dot_last,
    "addbmm": lambda trace, bias, x, other, **_: trace.function(
        "add", (_einsum(trace, "bij,bjk->ik", x, other), bias), {}
    ),
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
