"""The order of axes in PyTorch code: tensors have channels first, even if the network has them last."""

from __future__ import annotations

from symnet.layers.declaration.shape import CHANNELS_LAST, SEQUENCE, Shape
from symnet.render.code.statement import Site, Statement

__all__ = ["channels_first", "dim", "in_network_order", "moved_to_front"]


def moved_to_front(shape: Shape) -> bool:
    """Returns whether the network has the channels of this tensor last, so that they are moved to the front."""
    return shape.layout == CHANNELS_LAST and len(shape.dims) > 1


def dim(shape: Shape, index: int) -> int:
    """Returns the axis index in the PyTorch tensor, where the batch is axis 0."""
    if not moved_to_front(shape):
        return index + 1
    return 1 if index == shape.channel_index else index + 2


def in_network_order(statement: Statement, site: Site) -> Statement:
    """Wraps a statement that needs the axes in the network's order: channels are moved to the end before it and back after."""
    return statement.wrapped(
        "{}.movedim(1, -1)" if moved_to_front(site.shape) else "{}",
        "{}.movedim(-1, 1)" if moved_to_front(site.output) else "{}",
    )


def channels_first(statement: Statement, site: Site) -> Statement:
    """Wraps a statement that reads the channels on axis 1, where a sequence has its features on the last axis."""
    last = site.shape.layout == SEQUENCE
    return statement.wrapped("{}.movedim(-1, 1)" if last else "{}", "{}.movedim(1, -1)" if last else "{}")
