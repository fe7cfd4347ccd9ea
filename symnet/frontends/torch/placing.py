"""Where the dimensions of a tensor of torch stand in a shape of symnet, which has no batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.torch.known import BATCH
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Trace
from symnet.layers.axes import quotient
from symnet.layers.base import product
from symnet.layers.reshaping import Permute, Reshape
from symnet.layers.shape import CHANNELS_FIRST
from symnet.terms.propositions import Eq
from symnet.terms.term import Term, integer, symbols_of

__all__ = ["aligned", "axis_of", "channels_first", "dimension", "moved", "numbers", "reshaped", "same_features"]


def numbers(value: Any, count: int) -> tuple[Any, ...]:
    """One number, or one for each of ``count`` axes."""
    return tuple(value) * (1 if len(value) == count else count) if isinstance(value, tuple | list) else (value,) * count


def dimension(x: Value, dim: int, more: int = 0) -> int:
    """A dimension counted from 0, the batch among them; ``more`` are those that are about to be added."""
    rank: int = x.ndim + more
    if not -rank <= dim < rank:
        raise ModelError(x.trace.wrong(f"speaks of dimension {dim} of {rank}"))
    return dim % rank


def axis_of(x: Value, dim: int) -> int:
    """The number of a dimension among symnet's sizes, from 1. Raises :class:`ModelError` for the batch."""
    place = dimension(x, dim)
    if place == x.batch:
        raise ModelError(x.trace.where("works along the batch"))
    return place + 1 if x.batch is None or place < x.batch else place


def channels_first(trace: Trace, x: Value, rank: int | None = None) -> Value:
    """The tensor as (batch, C, …), as convolutions read it. Raises :class:`ModelError` for another number of axes than ``rank``."""
    axes = len(x.tensor.shape.dims) - 1
    if x.batch not in (0, None) or (rank is not None and axes != rank):
        wanted = "" if rank is None else f" with {rank} of the axes"
        raise ModelError(trace.wrong(f"reads (batch, channels, …){wanted}, and gets {_shown(x)}"))
    if x.tensor.shape.layout == CHANNELS_FIRST or not axes:
        return x
    order = range(1, axes + 2)
    return trace.add(Permute(tuple(order), layout=CHANNELS_FIRST), x, name="channels_first")


def _shown(x: Value) -> str:
    from symnet.printing.text import unicode_text

    return f"({', '.join(map(unicode_text, x.sizes))})"


def same_features(trace: Trace, x: Value, dim: int, wanted: int, what: str) -> None:
    """Refuse a tensor whose size ``dim`` is another number than ``wanted``; a letter must be that number."""
    found = x.sizes[dimension(x, dim)]
    if found.constant is not None and found.constant != wanted:
        raise ModelError(trace.wrong(f"is for {wanted} {what}, and gets {found.constant}"))
    trace.known.suppose(Eq(found, integer(wanted)))


def moved(trace: Trace, x: Value, order: Sequence[int], name: str) -> Value:
    """The dimensions in another order; the batch may move, too."""
    order = [dimension(x, dim) for dim in order]
    if sorted(order) != list(range(x.ndim)):
        raise ModelError(
            trace.wrong(f"{name}: each of the {x.ndim} dimensions is wanted once, not {', '.join(map(str, order))}")
        )
    batch = None if x.batch is None else order.index(x.batch)
    old = [place for place in order if place != x.batch]
    places = [place - (x.batch is not None and place > x.batch) for place in old]
    if places == sorted(places):
        return x if batch == x.batch else trace.seen(x, batch)
    shape = x.tensor.shape
    landed = places.index(shape.channel_index)
    last = len(places) - 1
    layout = "channels_first" if landed == 0 else "channels_last" if landed == last else None
    return trace.add(Permute(tuple(place + 1 for place in places), layout=layout), x, batch=batch, name=name)


def reshaped(trace: Trace, x: Value, sizes: Sequence[Any], name: str) -> Value:
    """The same entries in other sizes, one of which may be −1."""
    wanted: list[Term | None] = [None if type(size) is int and size == -1 else term_of(size) for size in sizes]
    if x.batch is None and not any(size is BATCH for size in wanted):
        return _filled(trace, x, wanted, None, name)
    batch = next((place for place, size in enumerate(wanted) if size is BATCH), None)
    if batch is None:
        batch = _free(trace, x, wanted)
    rest = [size for place, size in enumerate(wanted) if place != batch]
    if any(size is not None and BATCH in symbols_of(size) for size in rest):
        raise ModelError(trace.where("puts the size of the batch in two places"))
    return _filled(trace, x, rest, batch, name)


def _free(trace: Trace, x: Value, wanted: list[Term | None]) -> int:
    """The place of the batch where −1 stands for it."""
    if None in wanted and _product([size for size in wanted if size is not None]) == _product(x.tensor.shape.dims):
        return wanted.index(None)
    if None in wanted and wanted.index(None) == 0 and not _constant(x):
        rest = product(*(size for size in wanted if size is not None))
        if not quotient(product(*x.tensor.shape.dims), rest)[1]:
            return 0  # for the sizes that fit, it is the batch
    raise ModelError(trace.where("puts the batch and other sizes into one"))


def _constant(x: Value) -> bool:
    return all(size.constant is not None for size in x.tensor.shape.dims)


def _product(sizes: Sequence[Term]) -> Any:
    from symnet.layers.base import product
    from symnet.terms.polynomial import normal_form

    return normal_form(product(*sizes))


def _filled(trace: Trace, x: Value, sizes: list[Term | None], batch: int | None, name: str) -> Value:
    dims = x.tensor.shape.dims
    if [size for size in sizes if size is not None] == list(dims) and None not in sizes:
        return x if batch == x.batch else trace.seen(x, batch)
    if not sizes:
        raise ModelError(trace.where("makes a tensor without sizes"))
    return trace.add(Reshape(tuple(-1 if size is None else size for size in sizes)), x, batch=batch, name=name)


def aligned(trace: Trace, x: Value, rank: int, batch: int | None, name: str) -> Value:
    """The tensor with sizes 1 before it as far as ``rank`` dimensions (the batch at ``batch``), so that a join can stretch it."""
    if x.batch is not None and batch is not None and x.batch + rank - x.ndim != batch:
        raise ModelError(trace.where(f"{name}: the batch of the two tensors stands in different places"))
    sizes: list[Any] = [1] * (rank - x.ndim) + list(x.sizes)
    if x.batch is None and batch is not None:
        if term_of(sizes[batch]).constant != 1:
            raise ModelError(
                trace.where(f"{name}: a tensor without a batch has {sizes[batch]} where the other has its batch")
            )
        del sizes[batch]
    elif x.batch is not None:
        del sizes[x.batch + rank - x.ndim]
    terms = [term_of(size) if isinstance(size, int) else size for size in sizes]
    if terms == list(x.tensor.shape.dims):
        return x if x.batch is None or x.batch == batch else trace.seen(x, batch)
    return trace.add(Reshape(tuple(terms)), x, batch=x.batch if batch is None else batch, name=f"{name}.sizes")
