"""Packed sequences: the steps of sequences of several lengths behind one another.

How many steps there are is known from numbers only. They are taken as if every sequence had as many as the longest one, so that N
sequences of T steps are N·T entries.
"""

from __future__ import annotations

from typing import Any

from symnet.frontends.flow import Flow
from symnet.frontends.torch.placing import same_sizes
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.arrays import Parameter

__all__ = ["FUNCTIONS", "exchanged", "packed", "padded"]


def packed(trace: Trace, x: Value) -> Value:
    """Sequences (N, T, …) as N·T entries."""
    made: Value = trace.function("flatten", (x, 0, 1), {})
    return made


def padded(trace: Trace, entries: Value, steps: Value) -> Value:
    """The entries of packed sequences as sequences (N, T, …); ``steps`` has one entry for each of the T steps."""
    made: Value = trace.function("unflatten", (entries, 0, (-1, steps.shape[0])), {})
    return made


def exchanged(trace: Trace, x: Value, batch_first: bool) -> Value:
    """Sequences with batch and steps exchanged unless ``batch_first``: from the caller's order to (N, T, …), and back."""
    return x if batch_first else trace.function("transpose", (x, 0, 1), {})


def _pack(trace: Trace, x: Value, lengths: Any, batch_first: bool = False) -> tuple[Value, Value]:
    """The entries, and for each step how many sequences have it."""
    import torch

    x = exchanged(trace, trace.constant(x), batch_first)
    same_sizes(trace, lengths, x.sizes[:1], "the lengths of sequences")
    steps = Flow.of(trace.layer(Parameter((x.sizes[1],), fixed=True), name="steps"), None)
    return packed(trace, x), trace.like(x, steps, torch.int64)


def _pad(
    trace: Trace,
    entries: Value,
    steps: Value,
    batch_first: bool = False,
    padding_value: float = 0.0,
    total_length: int = -1,
) -> tuple[Value, Value]:
    """The sequences, filled up to ``total_length`` steps if that is more, and their lengths."""
    import torch

    x = padded(trace, entries, steps)
    if total_length > 0:
        x = trace.function("pad", (x, [0, 0] * (x.ndim - 2) + [0, total_length - x.shape[1]]), {})
    lengths = trace.function("sum", (trace.function("flatten", (x, 1), {}), 1), {})
    return exchanged(trace, x, batch_first), trace.like(lengths, lengths.flow, torch.int64)


FUNCTIONS: dict[str, Handler] = {"_pack_padded_sequence": _pack, "_pad_packed_sequence": _pad}
