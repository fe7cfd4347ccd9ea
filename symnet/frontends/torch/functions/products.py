"""Sums of products of tensors: matrix products, einsum, attention."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.torch.placing import aligned, axis_of, dimension, moved
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.elementwise import Activation
from symnet.layers.products import Einsum, MatMul

__all__ = ["FUNCTIONS"]


def _matmul(trace: Trace, x: Any, other: Any, name: str = "matmul", **_: Any) -> Value:
    one, two = trace.constant(x), trace.constant(other)
    if min(one.ndim, two.ndim) >= 2:
        one, two = _beside_the_batch(trace, one, two, name), _beside_the_batch(trace, two, one, name)
    if one.batch is not None and two.batch is not None and one.batch - one.ndim != two.batch - two.ndim:
        raise ModelError(trace.where("multiplies matrices whose batch stands in different places"))
    for part in (one, two):
        if part.batch is not None and part.batch >= part.ndim - (2 if part is two else 1) and part.ndim > 1:
            raise ModelError(trace.where("multiplies along the batch"))
    batch = one.batch if one.batch is not None else two.batch
    if one.batch is None and two.batch is not None:
        batch = two.batch + max(one.ndim - two.ndim, 0)
    return trace.add(MatMul(), one, two, batch=batch, name=name, kind=one.kind)


def _beside_the_batch(trace: Trace, one: Value, two: Value, name: str) -> Value:
    """A matrix without a batch, with no size of its own where the other one has its batch."""
    if one.batch is not None or two.batch is None or two.batch + one.ndim - two.ndim < 0:
        return one
    return aligned(trace, one, max(one.ndim, two.ndim), two.batch + max(one.ndim - two.ndim, 0), name)


def _of_matrices(rank: int) -> Handler:
    """A product of two tensors that have so many dimensions, as ``mm`` and ``bmm`` want."""

    def handler(trace: Trace, x: Any, other: Any, **_: Any) -> Value:
        for part in (x, other):
            if part.ndim != rank:
                raise ModelError(trace.wrong(f"multiplies tensors of {rank} dimensions, and gets one of {part.ndim}"))
        return _matmul(trace, x, other)

    return handler


def _einsum(trace: Trace, equation: str, *operands: Any) -> Value:
    items = operands[0] if len(operands) == 1 and isinstance(operands[0], tuple | list) else operands
    tensors = [trace.constant(item) for item in items]
    plain = equation.replace(" ", "")
    left, arrow, right = plain.partition("->")
    terms = left.split(",")
    if "." in plain or not arrow or len(terms) != len(tensors):
        raise ModelError(
            trace.where(f"einsum({equation!r}) is written in a way that symnet does not know; name every size and ->")
        )
    letters = {terms[place][item.batch] for place, item in enumerate(tensors) if item.batch is not None}
    if len(letters) > 1 or any(letter not in right for letter in letters):
        raise ModelError(trace.where(f"einsum({equation!r}) sums over the batch"))
    letter = letters.pop() if letters else ""
    ours = [term.replace(letter, "") if letter else term for term in (*terms, right)]
    batch = right.index(letter) if letter else None
    return trace.add(Einsum(equation=f"{','.join(ours[:-1])}->{ours[-1]}"), *tensors, batch=batch, name="einsum")


def _attention(
    trace: Trace, query: Value, key: Value, value: Value, attn_mask: Any = None, *_: Any, **named: Any
) -> Value:
    order = [*range(key.ndim - 2), key.ndim - 1, key.ndim - 2]
    if named.get("enable_gqa"):
        raise ModelError(trace.where("shares keys among the heads of queries in scaled_dot_product_attention"))
    scores = _matmul(trace, query, moved(trace, key, order, "attention.transpose"), name="attention.scores")
    if is_value(attn_mask):
        scores = trace.function("add", (scores, attn_mask), {})
    weights = trace.add(Activation("softmax", axis=axis_of(scores, -1)), scores, name="attention.softmax")
    return _matmul(trace, weights, value, name="attention")


def _addmm(trace: Trace, bias: Any, x: Value, other: Any, **_: Any) -> Value:
    return trace.function("add", (_matmul(trace, x, other), bias), {})


def _dot_last(trace: Trace, x: Value, other: Value, **_: Any) -> Value:
    return trace.function("sum", (trace.function("mul", (x, other), {}),), {"dim": dimension(x, -1)})


FUNCTIONS: dict[str, Handler] = {
    **dict.fromkeys(("matmul", "mv"), _matmul),
    "mm": _of_matrices(2),
    "bmm": _of_matrices(3),
    "rmatmul": lambda trace, x, other: _matmul(trace, other, x),
    "einsum": _einsum,
    "scaled_dot_product_attention": _attention,
    "addmm": _addmm,
    "dot": _dot_last,
    "cosine_similarity": lambda trace, x, other, dim=1, eps=1e-8: trace.function(
        "sum", (trace.function("mul", (x, other), {}), dim), {}
    ),
}
