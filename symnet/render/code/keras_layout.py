"""How Keras is told where the channels are."""

from __future__ import annotations

from symnet.layers.shape import CHANNELS_FIRST, Shape
from symnet.render.code.said import Asked, Cannot

__all__ = ["first", "more", "ranked", "windowed"]

#: Layers that cannot be told where the channels are.
_LAST_ONLY = ("layers.Cropping1D", "layers.UpSampling1D")
_FORMAT = 'data_format="channels_first"'


def first(shape: Shape) -> bool:
    """Whether the channels must be said to come first."""
    return shape.layout == CHANNELS_FIRST and len(shape.dims) > 1


def more(call: str, argument: str) -> str:
    """The call with one argument more."""
    return f"{call[:-1]}{'' if call.endswith('()') else ', '}{argument})"


def windowed(call: str, shape: Shape) -> str:
    """With where the channels are."""
    if not first(shape):
        return call
    if call.startswith(_LAST_ONLY):
        raise Cannot(f"Keras has {call.partition('(')[0].removeprefix('layers.')} for channels last only")
    return more(call, _FORMAT)


def ranked(asked: Asked) -> None:
    """Raises :class:`Cannot` where there are more axes than Keras has layers for."""
    if asked.rank > 3:
        raise Cannot(f"Keras has it for one, two or three axes, not for {asked.rank}")
