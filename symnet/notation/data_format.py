"""Prefixes of an input that name its sizes: CHW: and HWC:, with N: for a batch before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import AXIS_NAMES, CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, VECTOR, Shape
from symnet.printing.text import text
from symnet.terms.size_names import is_one_size
from symnet.terms.term import Term

__all__ = ["DataFormat", "data_format", "formats", "in_product", "input_in_format", "letters"]

_CHANNELS_FIRST = re.compile(r"C([LTW]|HW|[DT]HW)")
_CHANNELS_LAST = re.compile(r"([LW]|HW|[DT]HW)C")
_STEPS = re.compile(r"[TL]D|TC")


class DataFormat(NamedTuple):
    """The layout of an example, its number of sizes, and whether a batch comes first. CHW, HWC and TD are also used for examples with
    more or fewer axes; then ``sizes`` is ``None``.
    """

    layout: str
    sizes: int | None
    batch: bool


def data_format(prefix: str) -> DataFormat | None:
    """The data format that a prefix names, or ``None`` for another word.

    >>> data_format("NHWC"), data_format("hwc"), data_format("HCW")
    (DataFormat(layout='channels_last', sizes=3, batch=True), DataFormat(layout='channels_last', sizes=None, batch=False), None)
    """
    name = prefix.upper()
    batch = name[:1] in ("N", "B")
    example = name[batch:]
    sizes = None if name in ("CHW", "HWC", "TD") else len(example)
    if _CHANNELS_FIRST.fullmatch(example):
        return DataFormat(CHANNELS_FIRST, sizes, batch)
    if _CHANNELS_LAST.fullmatch(example):
        return DataFormat(CHANNELS_LAST, sizes, batch)
    if _STEPS.fullmatch(example):
        return DataFormat(SEQUENCE, sizes, batch)
    return DataFormat(VECTOR, 1, batch) if batch and example in ("C", "D") else None


def letters(sizes: int, layout: str) -> tuple[str, ...]:
    """The names of a shape's sizes, as C, H and W.

    >>> letters(3, "channels_last"), letters(2, "sequence"), letters(1, "vector")
    (('H', 'W', 'C'), ('T', 'D'), ('N',))
    """
    if sizes == 1 or layout == VECTOR:
        return ("N",) * sizes
    if layout == SEQUENCE and sizes == 2:
        return ("T", "D")
    axes = AXIS_NAMES.get(sizes - 1, ("A",) * (sizes - 1))
    return ("C", *axes) if layout == CHANNELS_FIRST else (*axes, "C")


def formats(input_shape: Shape, layers: Sequence[Layer], sources: Sequence[tuple[int, ...]]) -> list[str]:
    """The order of sizes of the input and after every layer: the order of its first input, unless the layer sets another."""
    orders = [input_shape.data_format]
    for layer, read in zip(layers, sources, strict=True):
        layer_order = getattr(layer, "order", None) if layer.kind == "Layout" else getattr(layer, "layout", None)
        if layer_order is not None:
            orders.append(CHANNELS_LAST if layer_order in (CHANNELS_LAST, SEQUENCE) else CHANNELS_FIRST)
        else:
            orders.append(orders[read[0]] if read else CHANNELS_FIRST)
    return orders


def input_in_format(input_shape: Shape, wanted: str) -> str:
    """The same input in notation with channels first or last.

    >>> from symnet.terms.term import Symbol, integer
    >>> input_in_format(Shape((integer(3), Symbol("H"), Symbol("W"))), "channels_last")
    'HWC:HxWx3'
    """
    sizes = input_shape.dims
    if len(sizes) > 1:
        sizes = (
            (input_shape.channels, *input_shape.axes)
            if wanted == CHANNELS_FIRST
            else (*input_shape.axes, input_shape.channels)
        )
    return ("CHW:" if wanted == CHANNELS_FIRST else "HWC:") + "x".join(map(in_product, sizes))


def in_product(size: Term) -> str:
    """A size as a factor between the ``x`` of a shape, in parentheses unless it is a name or a number."""
    plain = text(size)
    return plain if is_one_size(plain) or plain.isdigit() else f"({plain})"
