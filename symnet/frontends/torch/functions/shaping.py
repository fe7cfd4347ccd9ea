"""Functions that arrange the same entries anew."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.torch.known import BATCH
from symnet.frontends.torch.placing import axis_of, dimension, moved, reshaped
from symnet.frontends.torch.sizes import Size, term_of
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.base import product
from symnet.layers.reshaping import ChannelShuffle, Flatten, Repeat, Squeeze
from symnet.terms.term import Term, integer

__all__ = ["FUNCTIONS", "flatten"]


def flatten(trace: Trace, x: Value, start_dim: int = 0, end_dim: int = -1, name: str = "flatten") -> Value:
    """``torch.flatten``."""
    first, last = dimension(x, start_dim), dimension(x, end_dim)
    if x.batch is not None and first <= x.batch <= last:
        if first == last:
            return x
        raise ModelError(trace.where("flattens the batch together with other sizes; flatten from dimension 1"))
    if first == last:
        return x
    layer = Flatten(start_dim=axis_of(x, first), end_dim=axis_of(x, last))
    before = x.batch is not None and x.batch > last
    return trace.add(layer, x, batch=x.batch - (last - first) if before else x.batch, name=name)


def _unflatten(trace: Trace, x: Value, dim: int, sizes: Any) -> Value:
    place = dimension(x, dim)
    return reshaped(trace, x, _filled_in(x, place, sizes), "unflatten")


def _filled_in(x: Value, place: int, sizes: Any) -> list[Any]:
    from symnet.layers.axes import quotient

    rest = product(*(term_of(size) for size in sizes if not (type(size) is int and size == -1)))
    share = quotient(x.sizes[place], rest)[0]
    parts = [share if type(size) is int and size == -1 else size for size in sizes]
    return [*x.sizes[:place], *parts, *x.sizes[place + 1 :]]


def _reshape(trace: Trace, x: Value, *sizes: Any, shape: Any = None, size: Any = None) -> Value:
    wanted = sizes or (shape if shape is not None else size,)
    if len(wanted) == 1 and isinstance(wanted[0], tuple | list):
        wanted = tuple(wanted[0])
    if any(not isinstance(part, int | Term) for part in wanted):  # view(dtype)
        return trace.seen(x, x.batch)
    return reshaped(trace, x, wanted, "reshape")


def _permute(trace: Trace, x: Value, *dims: Any, **named: Any) -> Value:
    order = named.get("dims", dims[0] if len(dims) == 1 and isinstance(dims[0], tuple | list) else dims)
    return moved(trace, x, order, "permute")


def _transpose(trace: Trace, x: Value, dim0: int, dim1: int, **_: Any) -> Value:
    order = list(range(x.ndim))
    one, two = dimension(x, dim0), dimension(x, dim1)
    order[one], order[two] = two, one
    return moved(trace, x, order, "transpose")


def _reversed_last(trace: Trace, x: Value) -> Value:
    return _transpose(trace, x, -1, -2)


def _movedim(trace: Trace, x: Value, source: Any, destination: Any) -> Value:
    sources = [dimension(x, dim) for dim in (source if isinstance(source, tuple | list) else (source,))]
    targets = [dimension(x, dim) for dim in (destination if isinstance(destination, tuple | list) else (destination,))]
    order = [dim for dim in range(x.ndim) if dim not in sources]
    for target, found in sorted(zip(targets, sources, strict=True)):
        order.insert(target, found)
    return moved(trace, x, order, "movedim")


def _unsqueeze(trace: Trace, x: Value, dim: int) -> Value:
    place = dimension(x, dim, 1)
    sizes: list[Any] = list(x.sizes)
    sizes.insert(place, integer(1))
    return reshaped(trace, x, sizes, "unsqueeze")


def _squeeze(trace: Trace, x: Value, dim: Any = None) -> Value:
    if dim is None:
        gone = [place for place, size in enumerate(x.sizes) if size.constant == 1]
    else:
        dims = dim if isinstance(dim, tuple | list) else (dim,)
        gone = [place for place in (dimension(x, one) for one in dims) if place != x.batch and _is_one(trace, x, place)]
    if not gone:
        return x
    batch = None if x.batch is None else x.batch - sum(place < x.batch for place in gone)
    return trace.add(Squeeze(tuple(axis_of(x, place) for place in gone)), x, batch=batch, name="squeeze")


def _is_one(trace: Trace, x: Value, place: int) -> bool:
    return bool(trace.size(x.sizes[place]) == 1)


def _repeat(trace: Trace, x: Value, *times: Any) -> Value:
    wanted = list(times[0] if len(times) == 1 and isinstance(times[0], tuple | list) else times)
    if len(wanted) > x.ndim:
        x = reshaped(trace, x, [integer(1)] * (len(wanted) - x.ndim) + list(x.sizes), "repeat.sizes")
    if x.batch is None and (place := next((at for at, part in enumerate(wanted) if _is_batch(part)), None)) is not None:
        x = _as_batch(trace, x, place)
    for place, count in enumerate(wanted):
        if place == x.batch:
            if not _is_batch(count) and count != 1:
                raise ModelError(trace.where("repeats the batch"))
        elif isinstance(count, Size) or count != 1:
            x = trace.add(Repeat(term_of(count), axis=axis_of(x, place)), x, name="repeat")
    return x


def _is_batch(count: Any) -> bool:
    return isinstance(count, Size) and count.term is BATCH


def _as_batch(trace: Trace, x: Value, place: int) -> Value:
    """A size 1 of a tensor that is the same for the whole batch, as the batch."""
    sizes = [size for at, size in enumerate(x.sizes) if at != place]
    return trace.seen(reshaped(trace, x, sizes, "repeat.sizes"), place)


def _repeat_interleave(trace: Trace, x: Value, repeats: int, dim: int | None = None, **_: Any) -> Value:
    if dim is None or not isinstance(repeats, int):
        raise ModelError(trace.where("repeats entries in a way that symnet does not know"))
    return trace.add(Repeat(term_of(repeats), axis=axis_of(x, dim)), x, name="repeat_interleave")


def _channel_shuffle(trace: Trace, x: Value, groups: int) -> Value:
    return trace.add(ChannelShuffle(groups), x, name="channel_shuffle")


def _numel(trace: Trace, x: Value) -> int:
    return trace.size(product(*x.sizes))


FUNCTIONS: dict[str, Handler] = {
    "flatten": flatten,
    "ravel": lambda trace, x: flatten(trace, x),
    "unflatten": _unflatten,
    "reshape": _reshape,
    "view": _reshape,
    "reshape_as": lambda trace, x, other: reshaped(trace, x, other.sizes, "reshape"),
    "view_as": lambda trace, x, other: reshaped(trace, x, other.sizes, "reshape"),
    "permute": _permute,
    "transpose": _transpose,
    "swapaxes": _transpose,
    "swapdims": _transpose,
    "t": _reversed_last,
    "T": lambda trace, x: moved(trace, x, range(x.ndim - 1, -1, -1), "transpose"),
    "mT": _reversed_last,
    "adjoint": _reversed_last,
    "movedim": _movedim,
    "moveaxis": _movedim,
    "unsqueeze": _unsqueeze,
    "squeeze": _squeeze,
    "repeat": _repeat,
    "tile": _repeat,
    "repeat_interleave": _repeat_interleave,
    "channel_shuffle": _channel_shuffle,
    "numel": _numel,
    "size": lambda trace, x, dim=None: x.size(dim),
}
