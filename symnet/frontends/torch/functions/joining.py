"""Functions of several tensors: sums, products, concatenation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.torch.placing import aligned, axis_of, dimension, reshaped
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.base import Layer
from symnet.layers.elementwise import Activation
from symnet.layers.joins import Concat
from symnet.layers.merges import Add, Combine, Maximum, Minimum, Multiply, Subtract
from symnet.layers.reshaping import Reshape

__all__ = ["FUNCTIONS", "joined"]


def _is_array(item: Any) -> bool:
    return is_value(item) or hasattr(item, "dtype")


def joined(trace: Trace, layer: Callable[[], Layer], name: str, *items: Any) -> Value:
    """Tensors (of ours, the model's parameters, or given numbers) and plain numbers, joined number by number."""
    arrays = [
        item
        for item in items
        if _is_array(item) and not (not is_value(item) and item.dim() == 0 and not trace.is_parameter(item))
    ]
    ranks = [item.ndim for item in arrays]
    if len(arrays) < 2:
        return trace.add(Activation(name), arrays[0], name=name)
    rank = max(ranks)
    batch = next((item.batch + rank - item.ndim for item in arrays if is_value(item) and item.batch is not None), None)
    ready = [aligned(trace, _placed(trace, item, rank, batch), rank, batch, name) for item in arrays]
    first = next((item for item in ready if item.batch is not None), ready[0])
    return trace.add(layer(), *ready, batch=first.batch, name=name, kind=first.kind)


def _placed(trace: Trace, item: Any, rank: int, batch: int | None) -> Value:
    """An array as a tensor in the network, with the sizes it needs to be joined where it is not there yet."""
    if is_value(item):
        return item
    sizes = [1] * (rank - item.dim()) + list(item.shape)
    if batch is not None and sizes[batch] == 1:
        del sizes[batch]
        return trace.constant(item, tuple(sizes))
    return trace.constant(item)


def _join(layer: Callable[[], Layer], name: str) -> Handler:
    def handler(trace: Trace, x: Any, other: Any, *_: Any, **named: Any) -> Value:
        return joined(trace, layer, name, x, other)

    return handler


def _combine(name: str) -> Handler:
    return _join(lambda: Combine(function=name), name)


def _cat(trace: Trace, tensors: Sequence[Any], dim: int = 0, *, axis: int | None = None, out: Any = None) -> Value:
    dim = dim if axis is None else axis
    found = [item for item in tensors if is_value(item)]
    batch = next((item.batch for item in found if item.batch is not None), None)
    rank = tensors[0].ndim
    ready = [aligned(trace, trace.constant(item), rank, batch, "cat") for item in tensors]
    first = next((item for item in ready if item.batch is not None), ready[0])
    if len(ready) == 1:
        return first
    return trace.add(Concat(axis=axis_of(first, dim)), *ready, batch=first.batch, name="cat")


def _stack(trace: Trace, tensors: Sequence[Any], dim: int = 0, *, out: Any = None) -> Value:
    ready = [trace.constant(item) for item in tensors]
    place = dimension(ready[0], dim, 1)
    wide = [_unsqueezed(trace, item, place) for item in ready]
    if len(wide) == 1:
        return wide[0]
    batch = wide[0].batch
    at = place if batch is None or place < batch else place - 1
    return trace.add(Concat(axis=at + 1), *wide, batch=batch, name="stack")


def _unsqueezed(trace: Trace, x: Value, place: int) -> Value:
    sizes: list[Any] = list(x.sizes)
    sizes.insert(place, term_of(1))
    return reshaped(trace, x, sizes, "unsqueeze")


def _broadcast_to(trace: Trace, x: Any, *sizes: Any, **_: Any) -> Value:
    """``expand``: a size 1 becomes another one; the batch may be one of them."""
    wanted: Sequence[Any] = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], tuple | list) else sizes
    rank = len(wanted)
    before = [None] * (rank - x.ndim) + list(x.sizes if is_value(x) else x.shape)
    kept = [type(size) is int and size == -1 for size in wanted]
    terms = [term_of(old) if keep else term_of(new) for old, new, keep in zip(before, wanted, kept, strict=True)]
    from symnet.frontends.torch.known import BATCH

    batch = next((place for place, size in enumerate(terms) if size is BATCH), None)
    if not is_value(x):
        sizes_left = [size or 1 for place, size in enumerate(before) if place != batch]
        x = trace.constant(x, tuple(sizes_left))
    if x.batch is None and batch is not None:
        x = aligned(trace, x, rank, batch, "expand") if x.ndim == rank else trace.seen(x, batch)
        x = trace.seen(x, batch)
    rest = [size for place, size in enumerate(terms) if place != batch]
    have = x.tensor.shape.dims
    if len(have) < len(rest):
        x = trace.add(Reshape((*(1,) * (len(rest) - len(have)), *have)), x, batch=batch, name="expand.sizes")
        have = x.tensor.shape.dims
    for place, (old, new) in enumerate(zip(have, rest, strict=True)):
        if old is not new and old.constant == 1:
            from symnet.layers.reshaping import Repeat

            x = trace.add(Repeat(new, axis=place + 1), x, batch=batch, name="expand")
        elif old is not new and not trace.known.decide(_equal(old, new)):
            raise ModelError(trace.where(f"expands {old.constant or old} to {new.constant or new}"))
    return x


def _equal(old: Any, new: Any) -> Any:
    from symnet.terms.propositions import Eq

    return Eq(old, new)


def _compared(trace: Trace, x: Any, other: Any, *_: Any, **named: Any) -> Value:
    return joined(trace, lambda: Combine(function="compare"), "compare", x, other)


FUNCTIONS: dict[str, Handler] = {
    **{name: _join(Add, "add") for name in ("add", "radd", "iadd")},
    **{name: _join(Subtract, "sub") for name in ("sub", "rsub", "isub", "subtract")},
    **{name: _join(Multiply, "mul") for name in ("mul", "rmul", "imul", "multiply")},
    **{
        name: _combine("divide")
        for name in ("div", "truediv", "rtruediv", "rdiv", "divide", "true_divide", "floordiv", "itruediv")
    },
    **{name: _combine("power") for name in ("pow", "rpow", "ipow")},
    **{name: _combine("remainder") for name in ("remainder", "fmod", "mod", "floor_divide")},
    **{name: _combine("and") for name in ("and", "or", "xor", "logical_and", "logical_or", "rand", "ror")},
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "greater", "less", "greater_equal", "less_equal"), _compared),
    "atan2": _combine("atan2"),
    "lerp": lambda trace, x, end, weight: joined(trace, lambda: Combine(function="lerp"), "lerp", x, end, weight),
    "where": lambda trace, chosen, x, other: joined(
        trace, lambda: Combine(function="where"), "where", chosen, x, other
    ),
    "addcmul": lambda trace, x, one, two, value=1: joined(
        trace, lambda: Combine(function="addcmul"), "addcmul", x, one, two
    ),
    "maximum": _join(Maximum, "maximum"),
    "minimum": _join(Minimum, "minimum"),
    "cat": _cat,
    "concat": _cat,
    "concatenate": _cat,
    "stack": _stack,
    "expand": _broadcast_to,
    "expand_as": lambda trace, x, other: _broadcast_to(trace, x, *other.sizes),
    "broadcast_to": _broadcast_to,
}
