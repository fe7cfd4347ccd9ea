"""What stands before the sizes of an input and says what each is: CHW: and HWC:, with N: for the batch before them."""

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
    """The layout of an example, how many sizes it has, and whether the batch stands before it. CHW, HWC and TD are also said of
    examples with more or fewer axes; then ``sizes`` is ``None``."""

    layout: str
    sizes: int | None
    batch: bool


def data_format(prefix: str) -> DataFormat | None:
    """What a prefix says; ``None`` if it is none.

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
    """What the sizes of a shape are called: C, H and W.

    >>> letters(3, "channels_last"), letters(2, "sequence"), letters(1, "vector")
    (('H', 'W', 'C'), ('T', 'D'), ('N',))
    """
    if sizes == 1 or layout == VECTOR:
        return ("N",) * sizes
    if layout == SEQUENCE and sizes == 2:
        return ("T", "D")
    axes = AXIS_NAMES.get(sizes - 1, ("A",) * (sizes - 1))
    return ("C", *axes) if layout == CHANNELS_FIRST else (*axes, "C")


def formats(given: Shape, layers: Sequence[Layer], sources: Sequence[tuple[int, ...]]) -> list[str]:
    """The order of sizes after the input and after every layer: that of what comes in, unless the layer says another."""
    found = [given.data_format]
    for layer, read in zip(layers, sources, strict=True):
        said = getattr(layer, "order", None) if layer.kind == "Layout" else getattr(layer, "layout", None)
        if said is not None:
            found.append(CHANNELS_LAST if said in (CHANNELS_LAST, SEQUENCE) else CHANNELS_FIRST)
        else:
            found.append(found[read[0]] if read else CHANNELS_FIRST)
    return found


def input_in_format(given: Shape, wanted: str) -> str:
    """How the same input is written so that channels stand first or last.

    >>> from symnet.terms.term import Symbol, integer
    >>> input_in_format(Shape((integer(3), Symbol("H"), Symbol("W"))), "channels_last")
    'HWC:HxWx3'
    """
    sizes = given.dims
    if len(sizes) > 1:
        sizes = (given.channels, *given.axes) if wanted == CHANNELS_FIRST else (*given.axes, given.channels)
    return ("CHW:" if wanted == CHANNELS_FIRST else "HWC:") + "x".join(map(in_product, sizes))


def in_product(size: Term) -> str:
    """A size as it stands between the ``x`` of a shape: what is more than a name or a number stands in parentheses."""
    plain = text(size)
    return plain if is_one_size(plain) or plain.isdigit() else f"({plain})"
