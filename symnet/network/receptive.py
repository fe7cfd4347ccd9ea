"""Receptive fields: the entries of the input that one entry of a tensor depends on.

A stack of windows is one window: size 1 + Σ (Fᵢ − 1)·∏S, stride ∏S, padding Σ Pᵢ·∏S (Araujo, Norris, Sim 2019,
"Computing Receptive Fields of Convolutional Neural Networks"), for numbers and symbols.

* Where branches meet, an entry depends on the fields of all branches; if they are centred alike, this is the largest of them.
* Transposed layers and upsampling make a periodic pattern of windows (:mod:`symnet.network.periods`): the size is that of the
  largest window, the stride may be a fraction (``stride`` inputs for ``per`` entries), the padding is the first entry's.
* SAME padding on an input of known size is the padding of that size. On a symbol the field is that of inputs which the stride
  divides, beside the padding of any size; where branches join, it has all conditions of the branches.
* After a layer that mixes all entries (dense, global pooling, attention, recurrence) there is no field, and :func:`unbounded` says
  why.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

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

#: The field of an input entry: the entry itself.
POINT = Field(integer(1), integer(1), integer(0), integer(0))

#: Parts of fields with more terms are not simplified.
LONG = 60

#: A field: one window, which may have symbols, or a pattern of windows in numbers.
AnyField = Field | Periods


def _reduced(field: Field) -> Field:
    """A window with its parts simplified as polynomials: F for 1·(F − 1) + 1."""
    exact = None if field.exact is None else _simplified(field.exact)
    beyond = None if field.beyond is None else _simplified(field.beyond)
    size, stride, padding = (_simplified(part) for part in (field.size, field.stride, field.padding))
    return replace(field, size=size, stride=stride, padding=padding, beyond=beyond, exact=exact)


def _simplified(term: Term) -> Term:
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
    reach = plus(before.size, times(_simplified(plus(window.size, integer(-1))), before.stride))
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
    """The field of each axis, by tensor; ``None`` where an axis has no bounded field."""
    return tuple(
        tuple(seen.field() if isinstance(seen, Periods) else seen for seen in axes)
        for axes in _fields_by_tensor(placed)
    )


def unbounded(placed: tuple[Placed, ...], index: int, position: int = 0) -> str | None:
    """The reason why an axis of the tensor ``index`` has no field, which names the layer; ``None`` if it has one.

    >>> from symnet.network.network import Network
    >>> net = Network.parse("(3*32*32) -> Conv|8|3 -> GlobalAvgPool|keepdims=yes -> ReLU")
    >>> unbounded(net.placed, 3)
    'globalavgpool1 looks at its whole input'
    """
    fields = _fields_by_tensor(placed)
    if position >= len(placed[index].axes) or fields[index][position] is not None:
        return None
    node = placed[index]
    while True:
        origin = node.origins[position] if position < len(node.origins) else None
        if node.layer is not None and node.layer.kind == "WindowAttention":
            return f"what an entry of {node.name} sees depends on its position in its window"
        if node.applied.mixes:
            return f"{node.name} looks at its whole input"
        if origin is None:
            return f"{node.name} creates new axes"
        first, axis = node.sources[origin[0]], origin[1]
        lost = [
            source for source in (first, *node.sources) if axis >= len(fields[source]) or fields[source][axis] is None
        ]
        if not lost:
            break
        node, position = placed[lost[0]], min(axis, len(placed[lost[0]].axes) - 1)
        if not node.axes:
            return f"{node.name} has no axes"
    if any(_stretches(node, position, placed, source) for source in node.sources):
        return f"{node.name} stretches a size 1, so that each entry sees all that its only entry sees"
    if len(node.sources) > 1:
        return f"the branches that meet at {node.name} have different strides, or are aligned for some input sizes only"
    return f"what {node.name} sees depends on values that are not numbers"


def _fields_by_tensor(placed: tuple[Placed, ...]) -> list[tuple[AnyField | None, ...]]:
    """The fields of all axes, by tensor, with patterns of windows."""
    fields: list[tuple[AnyField | None, ...]] = []
    for node in placed:
        if node.sources:
            by_key: dict[object, AnyField | None] = {}  # equal axes are worked out once
            axis_fields: list[AnyField | None] = []
            for position in range(len(node.axes)):
                key = _key(node, position, placed, fields)
                if key not in by_key:
                    by_key[key] = _axis(node, position, placed, fields)
                axis_fields.append(by_key[key])
            fields.append(tuple(axis_fields))
        else:
            fields.append(tuple(POINT for _ in node.axes))
    return fields


def _key(node: Placed, position: int, placed: tuple[Placed, ...], fields: list[tuple[AnyField | None, ...]]) -> object:
    map_ = node.applied.maps[position] if position < len(node.applied.maps) else None
    origin = node.origins[position] if position < len(node.origins) else None
    if origin is None or len(node.sources) > 1:
        return position
    source = node.sources[0]
    return map_, placed[source].axes[origin[1]], fields[source][origin[1]]


def _axis(
    node: Placed, position: int, placed: tuple[Placed, ...], fields: list[tuple[AnyField | None, ...]]
) -> AnyField | None:
    origin = node.origins[position] if position < len(node.origins) else None
    if node.applied.mixes or origin is None:
        return None
    axis = origin[1]
    if isinstance(node.layer, Crop):
        return _cropped(placed[node.sources[0]], placed[node.sources[1]], axis, fields[node.sources[0]][axis])
    seen = [fields[source][axis] if axis < len(fields[source]) else None for source in node.sources]
    if any(map(partial(_stretches, node, position, placed), node.sources, seen)):
        return None
    before = _merged(seen)
    map_ = node.applied.maps[position]
    if map_ is None or before is None:
        return before
    return _mapped(before, map_, placed[node.sources[origin[0]]], axis)


def _stretches(
    node: Placed, position: int, placed: tuple[Placed, ...], source: int, seen: AnyField | None = None
) -> bool:
    """Returns whether a join repeats the only entry of a source along this axis: each entry sees what that one sees. An input of its
    own has no entries of the first input to see.
    """
    origin = node.origins[position]
    axes = placed[source].axes
    if len(node.sources) < 2 or origin is None or origin[1] >= len(axes):
        return False
    axis = axes[origin[1]]
    own_input = seen == POINT and axis.form.term.constant is not None
    return axis.size.constant == 1 and node.axes[position].size.constant != 1 and not own_input


def _mapped(before: AnyField, map_: AxisMap, source: Placed, axis: int) -> AnyField | None:
    """The field after a layer whose windows or spread ``map_`` describes."""
    if map_.spread is not None:
        periods = before if isinstance(before, Periods) else repeating(before)
        return None if periods is None else _as_window(through_spread(periods, map_.spread))
    size = source.axes[axis].size
    window = map_.field_on(size)
    if window is None:
        return None
    if map_.law.placing is not None and size.constant is None:  # SAME padding depends on the size
        exact = same_before(size, window, map_.law)
        if exact is not None:
            window = replace(window, exact=exact, asks=(Divides(window.stride, size),))
    window = _reduced(window)
    return then(before, window) if isinstance(before, Field) else _as_window(through_window(before, window))


def _merged(seen: list[AnyField | None]) -> AnyField | None:
    """The field where branches join: what any of them sees; their strides must agree. It has the conditions of all branches."""
    asks = tuple(dict.fromkeys(one for branch in seen if isinstance(branch, Field) for one in branch.asks))
    if not asks or all(branch == seen[0] for branch in seen):
        return _joined(seen)
    merged = _joined([replace(one, exact=None, asks=()) if isinstance(one, Field) else one for one in seen])
    return replace(merged, asks=asks) if isinstance(merged, Field) else merged


def _joined(seen: list[AnyField | None]) -> AnyField | None:
    first, known = seen[0], [branch for branch in seen if branch is not None]
    if len(known) < len(seen):
        return None
    if all(branch == first for branch in known):
        return first
    branches = [repeating(branch) if isinstance(branch, Field) else branch for branch in known]
    numbers = [branch for branch in branches if branch is not None]
    if len(numbers) < len(branches):
        return None
    for branch in known:  # often the largest one covers the others: then its padding after the end is known
        if isinstance(branch, Field) and joined(numbers) == repeating(branch):
            return branch
    return _as_window(joined(numbers))


def _as_window(periods: Periods | None) -> AnyField | None:
    """A pattern of a single window as that window."""
    if periods is None or len(periods.windows) > 1:
        return periods
    return periods.field()


def _cropped(source: Placed, other: Placed, axis: int, before: AnyField | None) -> AnyField | None:
    """The field of the middle of a tensor: half of what is dropped is dropped before the start."""
    gap = subtract(normal_form(source.axes[axis].size), normal_form(other.axes[axis].size))
    dropped = from_polynomial(gap).constant
    if before is None or dropped is None:
        return None
    window = Field(integer(1), integer(1), integer(-(dropped // 2)), integer(dropped // 2 - dropped))
    return then(before, window) if isinstance(before, Field) else _as_window(through_window(before, window))
