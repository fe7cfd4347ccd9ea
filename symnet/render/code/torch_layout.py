"""How PyTorch keeps the tensors of a network: channels first, whatever the network has."""

from __future__ import annotations

from symnet.layers.declaration.shape import CHANNELS_LAST, SEQUENCE, Shape
from symnet.render.code.statement import Site, Statement

__all__ = ["as_written", "channels_first", "dim", "held"]


def held(shape: Shape) -> bool:
    """Whether a tensor that has its channels last is kept with channels first."""
    return shape.layout == CHANNELS_LAST and len(shape.dims) > 1


def dim(shape: Shape, index: int) -> int:
    """The number of a size in the tensor, where the batch is 0."""
    if not held(shape):
        return index + 1
    return 1 if index == shape.channel_index else index + 2


def as_written(statement: Statement, site: Site) -> Statement:
    """Something that reads the sizes in their order, channels last where the network has them so."""
    return statement.wrapped(
        "{}.movedim(1, -1)" if held(site.shape) else "{}", "{}.movedim(-1, 1)" if held(site.output) else "{}"
    )


def channels_first(statement: Statement, site: Site) -> Statement:
    """Something that reads channels from the first size."""
    last = site.shape.layout == SEQUENCE
    return statement.wrapped("{}.movedim(-1, 1)" if last else "{}", "{}.movedim(1, -1)" if last else "{}")
