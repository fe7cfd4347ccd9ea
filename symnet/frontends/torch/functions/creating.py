"""Functions that create tensors of given sizes: zeros, ranges. Their numbers are not parameters."""

from __future__ import annotations

from math import trunc
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.ops.calculating import constant
from symnet.frontends.torch.nothing import Nothing
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value, value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.terms.term import integer

__all__ = ["FUNCTIONS", "filled"]


def filled(trace: Trace, sizes: Any, kind: Any, name: str) -> Value:
    """A constant tensor with these sizes, which may include the batch."""
    terms = [term_of(size) for size in sizes]
    if any(size.constant == 0 for size in terms):
        nothing: Any = Nothing(tuple(terms), trace.refusal)
        return value(trace, nothing, trace.kind if kind is None else kind)
    return value(trace, constant(trace, terms, name), trace.kind if kind is None else kind)


def _sizes(sizes: tuple[Any, ...]) -> Any:
    return sizes[0] if len(sizes) == 1 and isinstance(sizes[0], tuple | list) else sizes


def _of_sizes(name: str) -> Handler:
    def handler(trace: Trace, *sizes: Any, size: Any = None, dtype: Any = None, **_: Any) -> Value:
        return filled(trace, _sizes(sizes) if size is None else size, dtype, name)

    return handler


def _new(name: str) -> Handler:
    def handler(trace: Trace, x: Value, *sizes: Any, size: Any = None, dtype: Any = None, **_: Any) -> Value:
        return filled(trace, _sizes(sizes) if size is None else size, dtype or x.kind, name)

    return handler


def _like(name: str) -> Handler:
    def handler(trace: Trace, x: Value, *_: Any, dtype: Any = None, **named: Any) -> Value:
        return filled(trace, x.sizes, dtype or x.kind, name)

    return handler


def _full(trace: Trace, size: Any, *_: Any, dtype: Any = None, **named: Any) -> Value:
    return filled(trace, size, dtype, "full")


def _new_full(trace: Trace, x: Value, size: Any, *_: Any, dtype: Any = None, **named: Any) -> Value:
    return filled(trace, size, dtype or x.kind, "full")


def _arange(trace: Trace, *ends: Any, dtype: Any = None, **_: Any) -> Value:
    import torch

    start, stop, step = (0, *ends, 1) if len(ends) == 1 else (*ends, 1)[:3]
    floats = [end for end in (start, stop, step) if isinstance(end, float)]
    if floats and all(end.is_integer() for end in floats):
        start, stop, step = (end if isinstance(end, int) else trunc(end) for end in (start, stop, step))
        dtype = dtype or trace.kind
    if not all(isinstance(end, int) for end in (start, stop, step)):
        raise ModelError(trace.where("counts in steps that are no integers"))
    length = -((start - stop) // step)
    return filled(trace, (length,), dtype or torch.int64, "arange")


def _linspace(trace: Trace, start: Any, end: Any, steps: Any, **_: Any) -> Value:
    return filled(trace, (steps,), None, "linspace")


def _meshgrid(trace: Trace, *arrays: Any, indexing: str = "ij") -> tuple[Value, ...]:
    found = [trace.constant(item) for item in _sizes(arrays)]
    sizes = [item.sizes[0] if item.sizes else integer(1) for item in found]
    if indexing == "xy":
        sizes[:2] = sizes[1::-1]
    return tuple(filled(trace, sizes, item.kind, "meshgrid") for item in found)


def _eye(trace: Trace, rows: Any, columns: Any = None, **_: Any) -> Value:
    return filled(trace, (rows, rows if columns is None else columns), None, "eye")


def _histogram(trace: Trace, x: Value, bins: int = 100, *_: Any, **named: Any) -> Value:
    """``histc``: the number of entries of all examples in each bin."""
    return filled(trace, (bins,), x.kind, "histc")


FUNCTIONS: dict[str, Handler] = {
    "histc": _histogram,
    **{name: _of_sizes(name) for name in ("zeros", "ones", "empty", "rand", "randn")},
    **{f"new_{name}": _new(name) for name in ("zeros", "ones", "empty")},
    **{f"{name}_like": _like(name) for name in ("zeros", "ones", "empty", "rand", "randn", "full", "randint")},
    "new_empty_strided": lambda trace, x, size, *_, dtype=None, **named: filled(trace, size, dtype or x.kind, "empty"),
    "empty_strided": lambda trace, size, *_, dtype=None, **named: filled(trace, size, dtype, "empty"),
    "full": _full,
    "new_full": _new_full,
    "arange": _arange,
    "linspace": _linspace,
    "meshgrid": _meshgrid,
    "eye": _eye,
}
