"""What torch's functions and modules ask of a tensor's dimensions: where features stand, how many there are, images."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.ops import arranging
from symnet.frontends.ops.windows import image
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Trace
from symnet.terms.propositions import Eq
from symnet.terms.term import integer

__all__ = ["along", "channels_first", "dimension", "numbers", "same_features"]


def numbers(value: Any, count: int) -> tuple[Any, ...]:
    """One number, or one for each of ``count`` axes."""
    return tuple(value) * (1 if len(value) == count else count) if isinstance(value, tuple | list) else (value,) * count


def dimension(x: Value, dim: int, more: int = 0) -> int:
    """A dimension counted from 0, the batch among them; ``more`` are those that are about to be added."""
    return arranging.dimension(x.trace, x.flow, dim, more)


def along(trace: Trace, x: Value, dims: Any) -> tuple[Value, Any]:
    """The tensor with all its sizes in the network, and the numbers of these dimensions (or of one) there, from 1. Raises
    :class:`ModelError` for the batch, along which no layer of a network works."""
    several = isinstance(dims, tuple | list | range)
    places = [dimension(x, dim) for dim in (dims if several else (dims,))]
    if x.batch in places:
        raise ModelError(trace.where("works along the batch"))
    x = trace.moved(x, arranging.whole(trace, x.flow, ""))
    axes = tuple(x.flow.axis(place) for place in places)
    return x, axes if several else axes[0]


def channels_first(trace: Trace, x: Value, rank: int | None = None) -> tuple[Value, int]:
    """The tensor as (batch, C, …), as layers of images read it, with how many sizes stand before the axes there (those that are
    merged with the batch). Raises :class:`ModelError` for another number of axes than ``rank``."""
    flow, more = image(trace, x.flow, rank)
    return trace.moved(x, flow), more


def same_features(trace: Trace, x: Value, dim: int, wanted: int, what: str) -> None:
    """Refuse a tensor whose size ``dim`` is another number than ``wanted``; a letter must be that number."""
    place = dimension(x, dim)
    found = x.sizes[place]
    if found.constant is not None and found.constant != wanted:
        raise ModelError(trace.wrong(f"is for {wanted} {what}, and gets {found.constant}"))
    if place == x.batch:
        raise ModelError(trace.where(f"is for {wanted} {what}, and gets the batch there"))
    trace.known.suppose(Eq(found, integer(wanted)))
