"""Receptive fields: what one entry of a tensor sees of the input.

A stack of windows is one window: size 1 + Σ (Fᵢ − 1)·∏S, stride ∏S, padding Σ Pᵢ·∏S (Araujo, Norris, Sim 2019,
"Computing Receptive Fields of Convolutional Neural Networks").
"""

from __future__ import annotations

from symnet.layers.law import Field
from symnet.network.propagate import Placed
from symnet.terms.term import integer, plus, times

__all__ = ["POINT", "receptive_fields", "then"]

#: What an input entry sees: itself.
POINT = Field(integer(1), integer(1), integer(0), integer(0))


def then(before: Field, window: Field) -> Field:
    """The field of a window over entries that have the field ``before``."""
    if before == POINT:
        return window
    reach = plus(before.size, times(plus(window.size, integer(-1)), before.stride))
    padding = plus(before.padding, times(window.padding, before.stride))
    return Field(reach, times(before.stride, window.stride), padding, plus(before.after, times(window.after, before.stride)))


def receptive_fields(placed: tuple[Placed, ...]) -> tuple[tuple[Field | None, ...], ...]:
    """Position by position, the field of each axis; ``None`` where an axis no longer sees a window of the input."""
    fields: list[tuple[Field | None, ...]] = []
    for place in placed:
        if not place.sources:
            fields.append(tuple(POINT for _ in place.axes))
            continue
        sources = [(placed[source], fields[source]) for source in place.sources]
        fields.append(tuple(_field(place, position, sources) for position in range(len(place.axes))))
    return tuple(fields)


def _field(place: Placed, position: int, sources: list[tuple[Placed, tuple[Field | None, ...]]]) -> Field | None:
    if place.applied.mixes:
        return None
    map_ = place.applied.maps[position] if position < len(place.applied.maps) else None
    seen = [fields[position] for _, fields in sources if position < len(fields)]
    if len(seen) != len(sources) or None in seen:
        return None
    widest = _widest([field for field in seen if field is not None])
    if map_ is None:
        carried = any(position < len(before.axes) and before.axes[position] is place.axes[position] for before, _ in sources)
        return widest if carried else None
    return None if map_.field is None or widest is None else then(widest, map_.field)


def _widest(fields: list[Field]) -> Field | None:
    """Where branches join, an entry sees the largest of their fields; they must step alike."""
    first = fields[0]
    if all(field == first for field in fields):
        return first
    numbers: list[tuple[int, Field]] = []
    for field in fields:
        if field.stride is not first.stride or field.size.constant is None:
            return None
        numbers.append((field.size.constant, field))
    return max(numbers, key=lambda pair: pair[0])[1]
