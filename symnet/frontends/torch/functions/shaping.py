"""Functions that rearrange the same entries."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import BATCH
from symnet.frontends.ops import arranging, joining
from symnet.frontends.torch.functions.calculating import calculated
from symnet.frontends.torch.placing import dimension
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.declaration.base import product
from symnet.layers.kinds.reshaping import ChannelShuffle
from symnet.terms.term import Term

__all__ = ["FUNCTIONS", "flatten", "open_sizes", "permuted", "reshaped"]


def open_sizes(sizes: Any) -> list[Term | None]:
    """Sizes as torch takes them, with −1 as ``None``."""
    return [None if type(size) is int and size == -1 else term_of(size) for size in sizes]


def reshaped(trace: Trace, x: Value, sizes: Any, name: str = "reshape") -> Value:
    """The same entries with other sizes, of which one may be −1."""
    return trace.like(x, arranging.reshaped(trace, x.flow, open_sizes(sizes), name))


def permuted(trace: Trace, x: Value, order: Any, name: str = "permute") -> Value:
    """The dimensions in another order."""
    return trace.like(x, arranging.permuted(trace, x.flow, list(order), name))


def flatten(trace: Trace, x: Value, start_dim: int = 0, end_dim: int = -1, name: str = "flatten") -> Value:
    """``torch.flatten``."""
    if not x.ndim:  # counts as one dimension
        dimension(x, start_dim, 1), dimension(x, end_dim, 1)
        return reshaped(trace, x, (1,), name)
    first, last = dimension(x, start_dim), dimension(x, end_dim)
    if first > last:
        raise ModelError(trace.wrong(f"flattens from dimension {first} to {last}"))
    return trace.like(x, arranging.flattened(trace, x.flow, first, last, name))


def _unflatten(trace: Trace, x: Value, dim: int, sizes: Any) -> Value:
    return trace.like(x, arranging.unflattened(trace, x.flow, dimension(x, dim), open_sizes(sizes)))


def _reshape(trace: Trace, x: Value, *sizes: Any, shape: Any = None, size: Any = None) -> Value:
    wanted = sizes or (shape if shape is not None else size,)
    if len(wanted) == 1 and isinstance(wanted[0], tuple | list):
        wanted = tuple(wanted[0])
    if any(not isinstance(part, int | Term) for part in wanted):  # view(dtype)
        return trace.like(x, x.flow)
    return reshaped(trace, x, wanted)


def _permute(trace: Trace, x: Value, *dims: Any, **named: Any) -> Value:
    order = named.get("dims", dims[0] if len(dims) == 1 and isinstance(dims[0], tuple | list) else dims)
    return permuted(trace, x, order)


def _transpose(trace: Trace, x: Value, dim0: int, dim1: int, **_: Any) -> Value:
    order = list(range(x.ndim))
    one, two = dimension(x, dim0), dimension(x, dim1)
    order[one], order[two] = two, one
    return permuted(trace, x, order, "transpose")


def _swapped(most: int | None) -> Handler:
    """A handler for a transposed matrix: ``t`` of at most 2 dimensions, ``mT`` of 2 or more."""

    def handler(trace: Trace, x: Value) -> Value:
        if (most is None and x.ndim < 2) or (most is not None and x.ndim > most):
            raise ModelError(trace.wrong(f"transposes a matrix, and gets a tensor of {x.ndim} dimensions"))
        return x if x.ndim < 2 else _transpose(trace, x, -1, -2)

    return handler


def _movedim(trace: Trace, x: Value, source: Any, destination: Any) -> Value:
    sources = [dimension(x, dim) for dim in (source if isinstance(source, tuple | list) else (source,))]
    targets = [dimension(x, dim) for dim in (destination if isinstance(destination, tuple | list) else (destination,))]
    order = [dim for dim in range(x.ndim) if dim not in sources]
    for target, found in sorted(zip(targets, sources, strict=True)):
        order.insert(target, found)
    return permuted(trace, x, order, "movedim")


def _unsqueeze(trace: Trace, x: Value, dim: int) -> Value:
    return trace.like(x, arranging.unsqueezed(trace, x.flow, dimension(x, dim, 1)))


def _squeeze(trace: Trace, x: Value, dim: Any = None) -> Value:
    dims = None if dim is None else dim if isinstance(dim, tuple | list) else (dim,)
    chosen = None if dims is None else [dimension(x, one) for one in dims]
    return trace.like(x, arranging.squeezed(trace, x.flow, chosen))


def _repeat(trace: Trace, x: Value, *times: Any) -> Value:
    wanted = list(times[0] if len(times) == 1 and isinstance(times[0], tuple | list) else times)
    return trace.like(x, joining.repeated(trace, x.flow, [term_of(count) for count in wanted]))


def _tile(trace: Trace, x: Value, *times: Any) -> Value:
    wanted = list(times[0] if len(times) == 1 and isinstance(times[0], tuple | list) else times)
    return _repeat(trace, x, [1] * (x.ndim - len(wanted)) + wanted)


def _repeat_interleave(trace: Trace, x: Value, repeats: int, dim: int | None = None, **_: Any) -> Value:
    if dim is None or not isinstance(repeats, int):
        raise ModelError(trace.where("repeats entries in a way that symnet does not know"))
    count = term_of(repeats)
    flow = joining.along(trace, x.flow, dimension(x, dim), count, "repeat_interleave")
    return trace.like(x, x.flow if count.constant == 1 else flow)


def _channel_shuffle(trace: Trace, x: Value, groups: int) -> Value:
    return trace.add(ChannelShuffle(groups), x, name="channel_shuffle")


def _numel(trace: Trace, x: Value) -> int:
    return trace.size(product(*x.sizes))


def _expand(trace: Trace, x: Any, *sizes: Any, **_: Any) -> Value:
    """``expand``: sizes 1 are expanded to other sizes."""
    wanted = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], tuple | list) else sizes
    x = trace.constant(x, len(wanted), _batch_among(wanted))
    return trace.like(x, joining.expanded(trace, x.flow, open_sizes(wanted)))


def _batch_among(sizes: Any) -> int | None:
    """The index of the batch among these sizes; ``None`` if it is not among them."""
    return next((place for place, size in enumerate(open_sizes(sizes)) if size is BATCH), None)


def _rotated(trace: Trace, x: Value, k: int = 1, dims: Any = (0, 1)) -> Value:
    return _transpose(trace, x, *dims) if k % 2 else trace.like(x, x.flow)


def _summed_to(trace: Trace, x: Value, *sizes: Any) -> Value:
    """``sum_to_size``: leading dimensions, and those that become 1, are summed."""
    wanted = open_sizes(sizes[0] if len(sizes) == 1 and isinstance(sizes[0], tuple | list) else sizes)
    more = x.ndim - len(wanted)
    if more:
        x = trace.function("sum", (x, tuple(range(more))), {})
    dims = tuple(
        dim for dim, size in enumerate(wanted) if size is not None and size.constant == 1 != x.sizes[dim].constant
    )
    return trace.function("sum", (x, dims), {"keepdim": True}) if dims else x


def _strided(trace: Trace, x: Any, size: Any, *_: Any, **named: Any) -> Value:
    """``as_strided``, ``resize_``: entries where the memory has them, in sizes that are given."""
    return calculated(trace, "strided", [term_of(one) for one in size], trace.constant(x))


def _resized(trace: Trace, x: Any, *sizes: Any, **_: Any) -> Value:
    return _strided(trace, x, sizes[0] if len(sizes) == 1 and isinstance(sizes[0], tuple | list) else sizes)


FUNCTIONS: dict[str, Handler] = {
    "as_strided": _strided,
    "resize": _resized,
    "resize_as": lambda trace, x, other, **_: _strided(trace, x, trace.constant(other).sizes),
    "flatten": flatten,
    "ravel": lambda trace, x: flatten(trace, x),
    "unflatten": _unflatten,
    "reshape": _reshape,
    "view": _reshape,
    "reshape_as": lambda trace, x, other: reshaped(trace, x, other.sizes),
    "view_as": lambda trace, x, other: reshaped(trace, x, other.sizes),
    "permute": _permute,
    "transpose": _transpose,
    "swapaxes": _transpose,
    "swapdims": _transpose,
    "t": _swapped(2),
    "T": lambda trace, x: permuted(trace, x, range(x.ndim - 1, -1, -1), "transpose"),
    "mT": _swapped(None),
    "adjoint": _swapped(None),
    "mH": _swapped(None),
    "H": _swapped(2),
    "rot90": _rotated,
    "sum_to_size": _summed_to,
    "movedim": _movedim,
    "moveaxis": _movedim,
    "unsqueeze": _unsqueeze,
    "squeeze": _squeeze,
    "repeat": _repeat,
    "tile": _tile,
    "repeat_interleave": _repeat_interleave,
    "channel_shuffle": _channel_shuffle,
    "numel": _numel,
    "size": lambda trace, x, dim=None: x.size(dim),
    "expand": _expand,
    "expand_as": lambda trace, x, other: _expand(trace, x, *other.sizes),
    "broadcast_to": _expand,
}
