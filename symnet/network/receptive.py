"""Receptive fields: what one entry of a tensor sees of the input.

A stack of windows is one window: size 1 + Σ (Fᵢ − 1)·∏S, stride ∏S, padding Σ Pᵢ·∏S (Araujo, Norris, Sim 2019,
"Computing Receptive Fields of Convolutional Neural Networks"), symbols and all.

* Where branches meet, an entry sees all that the branches see: where they are centred alike, the largest of their fields.
* Transposed layers and upsampling make a pattern of windows that repeats itself (:mod:`symnet.network.periods`): the
  size is the largest window, the stride may be a fraction (``stride`` inputs for ``per`` entries), the padding is the
  first entry's.
* SAME padding on an input of known size is divided as that size has it. On a symbol the field is that of inputs which the
  stride divides, with the padding of any size beside it; where branches join, with what it rests on.
* After a layer that looks at everything (dense, global pooling, attention, recurrence) there is no field, and
  :func:`unbounded` says why.
"""

from __future__ import annotations

from dataclasses import replace

from symnet.layers.kinds.joins import Crop
from symnet.layers.laws.law import AxisMap, Field
from symnet.layers.laws.windows import same_before
from symnet.network.periods import Periods, joined, repeating, through_spread, through_window
from symnet.network.propagate import Placed
from symnet.terms.node import children_first
from symnet.terms.polynomial import from_polynomial, normal_form, subtract
from symnet.terms.propositions import Divides
from symnet.terms.term import Product, Sum, Term, integer, substitute
from symnet.terms.walks import has_more_parts
from symnet.terms.worked_out import plus, times

__all__ = ["POINT", "receptive_fields", "then", "unbounded"]

#: What an input entry sees: itself.
POINT = Field(integer(1), integer(1), integer(0), integer(0))

#: Sizes of fields with more parts than this stay as they came about.
LONG = 60

#: One window that may have symbols, or a pattern of numbers.
Seen = Field | Periods


def _reduced(field: Field) -> Field:
    """The field of one window with its parts as polynomials: F for 1·(F − 1) + 1. Long ones stay as they came about."""
    exact = None if field.exact is None else _in_short(field.exact)
    beyond = None if field.beyond is None else _in_short(field.beyond)
    size, stride, padding = (_in_short(part) for part in (field.size, field.stride, field.padding))
    return replace(field, size=size, stride=stride, padding=padding, beyond=beyond, exact=exact)


def _in_short(term: Term) -> Term:
    if term.constant is not None or not term.children or has_more_parts(term, LONG):
        return term
    known: dict[Term, Term] = {}
    for node in children_first(term):
        if isinstance(node, Sum | Product):
            known[node] = from_polynomial(normal_form(substitute(node, known)))
        elif isinstance(node, Term) and node.children:
            known[node] = substitute(node, known)
    return known[term]


def then(before: Field, window: Field) -> Field:
    """The field of a window over entries that have the field ``before``."""
    if before == POINT:
        return Field(window.size, window.stride, window.padding, window.after, exact=window.exact, asks=window.asks)
    lost = bool(before.asks) and before.exact is None
    exact = None
    if not lost and (before.asks or window.asks):
        exact = plus(before.shown_padding, times(window.shown_padding, before.stride))
    reach = plus(before.size, times(_in_short(plus(window.size, integer(-1))), before.stride))
    padding = plus(before.padding, times(window.padding, before.stride))
    return Field(
        reach,
        times(before.stride, window.stride),
        padding,
        plus(before.after, times(window.after, before.stride)),
        exact=exact,
        asks=tuple(dict.fromkeys((*before.asks, *window.asks))),
    )


def receptive_fields(placed: tuple[Placed, ...]) -> tuple[tuple[Field | None, ...], ...]:
    """Position by position, the field of each axis; ``None`` where an axis no longer sees a window of the input."""
    return tuple(tuple(seen.field() if isinstance(seen, Periods) else seen for seen in axes) for axes in _seen(placed))


def unbounded(placed: tuple[Placed, ...], index: int, position: int = 0) -> str | None:
    """Why an axis of the tensor at ``index`` has no field, naming the layer that is to blame; ``None`` where it has one.

    >>> from symnet.network.network import Network
    >>> net = Network.parse("(3*32*32) -> Conv|8|3 -> GlobalAvgPool|keepdims=yes -> ReLU")
    >>> unbounded(net.placed, 3)
    'globalavgpool1 looks at its whole input'
    """
    fields = _seen(placed)
    if position >= len(placed[index].axes) or fields[index][position] is not None:
        return None
    place = placed[index]
    while True:
        origin = place.origins[position] if position < len(place.origins) else None
        if place.applied.mixes:
            return f"{place.name} looks at its whole input"
        if origin is None:
            return f"{place.name} creates new axes"
        first, axis = place.sources[origin[0]], origin[1]
        lost = [
            source for source in (first, *place.sources) if axis >= len(fields[source]) or fields[source][axis] is None
        ]
        if not lost:
            break
        place, position = placed[lost[0]], min(axis, len(placed[lost[0]].axes) - 1)
        if not place.axes:
            return f"{place.name} has no axes"
    if len(place.sources) > 1:
        return (
            f"the branches that meet at {place.name} have different strides, or are aligned for some input sizes only"
        )
    return f"what {place.name} sees depends on values that are not numbers"


def _seen(placed: tuple[Placed, ...]) -> list[tuple[Seen | None, ...]]:
    fields: list[tuple[Seen | None, ...]] = []
    for place in placed:
        if place.sources:
            known: dict[object, Seen | None] = {}  # equal axes are worked out once
            found: list[Seen | None] = []
            for position in range(len(place.axes)):
                key = _key(place, position, placed, fields)
                if key not in known:
                    known[key] = _axis(place, position, placed, fields)
                found.append(known[key])
            fields.append(tuple(found))
        else:
            fields.append(tuple(POINT for _ in place.axes))
    return fields


def _key(place: Placed, position: int, placed: tuple[Placed, ...], fields: list[tuple[Seen | None, ...]]) -> object:
    map_ = place.applied.maps[position] if position < len(place.applied.maps) else None
    origin = place.origins[position] if position < len(place.origins) else None
    if origin is None or len(place.sources) > 1:
        return position
    source = place.sources[0]
    return map_, placed[source].axes[origin[1]], fields[source][origin[1]]


def _axis(
    place: Placed, position: int, placed: tuple[Placed, ...], fields: list[tuple[Seen | None, ...]]
) -> Seen | None:
    origin = place.origins[position] if position < len(place.origins) else None
    if place.applied.mixes or origin is None:
        return None
    axis = origin[1]
    if isinstance(place.layer, Crop):
        return _cropped(placed[place.sources[0]], placed[place.sources[1]], axis, fields[place.sources[0]][axis])
    seen = [fields[source][axis] if axis < len(fields[source]) else None for source in place.sources]
    before = _together(seen)
    map_ = place.applied.maps[position]
    if map_ is None or before is None:
        return before
    return _mapped(before, map_, placed[place.sources[origin[0]]], axis)


def _mapped(before: Seen, map_: AxisMap, source: Placed, axis: int) -> Seen | None:
    """After a layer that moves a window, or spreads its entries."""
    if map_.spread is not None:
        periods = before if isinstance(before, Periods) else repeating(before)
        return None if periods is None else _one(through_spread(periods, map_.spread))
    size = source.axes[axis].size
    window = map_.field_on(size)
    if window is None:
        return None
    if map_.law.placing is not None and size.constant is None:  # SAME divides its padding by the size
        exact = same_before(size, window, map_.law)
        if exact is not None:
            window = replace(window, exact=exact, asks=(Divides(window.stride, size),))
    window = _reduced(window)
    return then(before, window) if isinstance(before, Field) else _one(through_window(before, window))


def _together(seen: list[Seen | None]) -> Seen | None:
    """Where branches join, an entry sees what all of them see; they must step alike. What a field rests on is all that those of
    the branches do."""
    asks = tuple(dict.fromkeys(one for branch in seen if isinstance(branch, Field) for one in branch.asks))
    if not asks or all(branch == seen[0] for branch in seen):
        return _joined(seen)
    found = _joined([replace(one, exact=None, asks=()) if isinstance(one, Field) else one for one in seen])
    return replace(found, asks=asks) if isinstance(found, Field) else found


def _joined(seen: list[Seen | None]) -> Seen | None:
    first, known = seen[0], [branch for branch in seen if branch is not None]
    if len(known) < len(seen):
        return None
    if all(branch == first for branch in known):
        return first
    branches = [repeating(branch) if isinstance(branch, Field) else branch for branch in known]
    numbers = [branch for branch in branches if branch is not None]
    if len(numbers) < len(branches):
        return None
    for branch in known:  # the largest is often all of it: its padding after the end is then known, too
        if isinstance(branch, Field) and joined(numbers) == repeating(branch):
            return branch
    return _one(joined(numbers))


def _one(periods: Periods | None) -> Seen | None:
    """A pattern of a single window is that window."""
    if periods is None or len(periods.windows) > 1:
        return periods
    return periods.field()


def _cropped(source: Placed, other: Placed, axis: int, before: Seen | None) -> Seen | None:
    """The middle of a tensor: half of what is dropped is dropped before the start."""
    gap = subtract(normal_form(source.axes[axis].size), normal_form(other.axes[axis].size))
    dropped = from_polynomial(gap).constant
    if before is None or dropped is None:
        return None
    window = Field(integer(1), integer(1), integer(-(dropped // 2)), integer(dropped // 2 - dropped))
    return then(before, window) if isinstance(before, Field) else _one(through_window(before, window))
