"""How Keras is told where the channels are."""

from __future__ import annotations

from symnet.frameworks.calls import Call
from symnet.layers.declaration.shape import CHANNELS_FIRST, Shape
from symnet.render.code.statement import Cannot, Site

__all__ = ["first", "ranked", "windowed"]

#: Layers that cannot be told where the channels are.
_LAST_ONLY = ("keras.layers.Cropping1D", "keras.layers.UpSampling1D")


def first(shape: Shape) -> bool:
    """Whether the channels must be said to come first."""
    return shape.layout == CHANNELS_FIRST and len(shape.dims) > 1


def windowed(call: Call, shape: Shape) -> Call:
    """With where the channels are."""
    if not first(shape):
        return call
    if call.target in _LAST_ONLY:
        raise Cannot(f"Keras has {call.target.removeprefix('keras.layers.')} for channels last only")
    return call.having(data_format="channels_first")


def ranked(site: Site) -> None:
    """Raises :class:`Cannot` where there are more axes than Keras has layers for."""
    if site.rank > 3:
        raise Cannot(f"Keras has it for one, two or three axes, not for {site.rank}")
