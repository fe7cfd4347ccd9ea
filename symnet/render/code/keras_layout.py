"""The argument ``data_format`` of Keras layers."""

from __future__ import annotations

from symnet.frameworks.calls import Call
from symnet.layers.declaration.shape import CHANNELS_FIRST, Shape
from symnet.render.code.statement import Cannot, Site

__all__ = ["first", "ranked", "windowed"]

#: Layers without the argument ``data_format``.
_LAST_ONLY = ("keras.layers.Cropping1D", "keras.layers.UpSampling1D")


def first(shape: Shape) -> bool:
    """Returns whether ``data_format="channels_first"`` is needed: channels are first and there are other axes."""
    return shape.layout == CHANNELS_FIRST and len(shape.dims) > 1


def windowed(call: Call, shape: Shape) -> Call:
    """Returns the call with ``data_format`` where the channels are first. Raises :class:`Cannot` for a layer that has no such
    argument.
    """
    if not first(shape):
        return call
    if call.target in _LAST_ONLY:
        raise Cannot(f"Keras has {call.target.removeprefix('keras.layers.')} for channels last only")
    return call.having(data_format="channels_first")


def ranked(site: Site) -> None:
    """Raises :class:`Cannot` if there are more than the three axes that Keras has layers for."""
    if site.rank > 3:
        raise Cannot(f"Keras has it for one, two or three axes, not for {site.rank}")
