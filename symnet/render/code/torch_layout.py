"""How PyTorch keeps the tensors of a network: channels first, whatever the network has."""

from __future__ import annotations

from symnet.layers.shape import CHANNELS_LAST, SEQUENCE, Shape
from symnet.render.code.said import Asked, Said

__all__ = ["as_written", "channels_first", "dim", "held"]


def held(shape: Shape) -> bool:
    """Whether a tensor that has its channels last is kept with channels first."""
    return shape.layout == CHANNELS_LAST and len(shape.dims) > 1


def dim(shape: Shape, index: int) -> int:
    """The number of a size in the tensor, where the batch is 0."""
    if not held(shape):
        return index + 1
    return 1 if index == shape.channel_index else index + 2


def as_written(said: Said, asked: Asked) -> Said:
    """Something that reads the sizes in their order, channels last where the network has them so."""
    return said.wrapped(
        "{}.movedim(1, -1)" if held(asked.shape) else "{}", "{}.movedim(-1, 1)" if held(asked.output) else "{}"
    )


def channels_first(said: Said, asked: Asked) -> Said:
    """Something that reads channels from the first size."""
    last = asked.shape.layout == SEQUENCE
    return said.wrapped("{}.movedim(-1, 1)" if last else "{}", "{}.movedim(1, -1)" if last else "{}")
