"""Reducing all entries along some dimensions to one number; the batch may be among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symnet.frontends.flow import Flow, Site
from symnet.layers.declaration.base import Layer

__all__ = ["reduced"]


def reduced(
    site: Site, make: Callable[[tuple[int, ...], bool], Layer], x: Flow, dims: Sequence[int], keep: bool, name: str
) -> Flow:
    """The tensor without these dimensions, or with size 1 there if ``keep``. ``make`` gets the numbers of the
    network's sizes and returns the layer. Along the batch the network does not change: the result is the same for all
    examples.
    """
    gone = sorted({place for dim in dims if (place := x.places[dim]) is not None})
    tensor = x.tensor
    if gone:
        tensor = site.layer(make(tuple(place + 1 for place in gone), keep), tensor, name=name)
    batch = None if x.batch in dims else x.batch
    places: list[int | None] = []
    for dim, place in enumerate(x.places):
        if keep or dim not in dims:
            places.append(None if place is None else place if keep else place - sum(one < place for one in gone))
    if batch is not None and not keep:
        batch -= sum(dim < batch for dim in set(dims))
    return Flow(tensor, tuple(places), batch)
