"""The windows of a layer on each axis, from field values that hold for all axes or one axis each."""

from __future__ import annotations

from functools import cache

from symnet.errors import LayerError
from symnet.layers.declaration.base import per_axis
from symnet.layers.declaration.expected import counted_axes, require_axes, require_axis
from symnet.layers.declaration.fields import Sizes
from symnet.layers.laws.padding import EXPLICIT, Padding
from symnet.layers.laws.window import Window
from symnet.terms.term import Term

__all__ = ["windows"]


@cache
def windows(
    axes: int, kernel: Sizes, stride: Sizes, padding: Padding, dilation: Sizes, rank: Term | None
) -> tuple[Window, ...]:
    """The window on each of ``axes`` axes. Raises :class:`LayerError` if the values are for another number of axes, or
    there are more than three.

    >>> from symnet.terms.term import integer
    >>> one, three = integer(1), integer(3)
    >>> [window.stride for window in windows(2, (three,), (one, three), Padding(), (one,), None)]
    [<Int 1>, <Int 3>]
    """
    require_axis(axes)
    if axes > 3:
        raise LayerError(f"moves along at most 3 axes, got {axes}")
    require_axes(rank, axes)
    if padding.mode == EXPLICIT and len(padding.pairs) not in (1, axes):
        raise LayerError(f"padding has {len(padding.pairs)} amounts for {counted_axes(axes)}")
    per_axis_values = zip(
        per_axis(kernel, axes, "kernel"),
        per_axis(stride, axes, "stride"),
        per_axis(dilation, axes, "dilation"),
        strict=True,
    )
    return tuple(Window(*sizes, *padding.amounts(axis)) for axis, sizes in enumerate(per_axis_values))
