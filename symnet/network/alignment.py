"""Whether equal sizes of two networks also come from the same windows.

SAME padding and padding 1 give the same sizes at stride 2, and for even inputs the windows stand one entry apart: the
classic fault of weights that were taken from another framework. Layers with windows are compared pairwise, in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from typing import NamedTuple

from symnet.errors import SymnetError
from symnet.layers.law import AxisMap
from symnet.network.forms import Form
from symnet.network.network import Network
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import Symbol, Term, evaluate, integer, substitute, symbols_of

__all__ = ["Alignment", "Shift", "alignment"]

#: Residues of an input size that are told apart; so many periods on every window fits.
RESIDUES, LARGE = 256, 2**12


class Shift(NamedTuple):
    """How much later the windows of a layer of the second network start on their input than the first one's, and for which
    sizes of the input, all unless given; ``windows`` are their extents where these differ."""

    first: str
    second: str
    axis: str
    shift: int
    members: IntegerSet | None = None
    symbol: Symbol | None = None
    windows: tuple[int, int] | None = None


@dataclass(frozen=True)
class Alignment:
    """``aligned`` is ``None`` where the layers with windows are not pairs, or have letters; ``shifts`` are those that are not 0."""

    aligned: bool | None
    shifts: tuple[Shift, ...] = ()


class _Windowed(NamedTuple):
    """One axis of a layer with windows, and the size that it reads."""

    name: str
    axis: str
    map_: AxisMap
    size: Term
    form: Form


def alignment(left: Network, right: Network) -> Alignment:
    """The windows of two networks, layer by layer.

    >>> one, two = (Network.parse(f"(3*32*32) -> Conv|8|3|2|{how}") for how in ("same", "1"))
    >>> alignment(one, two).shifts[0].shift
    -1
    """
    ours, theirs = _windowed(left), _windowed(right)
    if len(ours) != len(theirs):
        return Alignment(None)
    shifts: list[Shift] = []
    for one, two in zip(ours, theirs, strict=True):
        found = _shifts(one, two)
        if found is None:
            return Alignment(None)
        shifts += found
    return Alignment(not shifts, tuple(shifts))


def _windowed(network: Network) -> list[_Windowed]:
    found: list[_Windowed] = []
    for place in network.placed[1:]:
        for map_, origin, name in zip(place.applied.maps, place.origins, place.output.axis_names, strict=False):
            if map_ is not None and origin is not None and map_.law.field is not None:
                axis = network.placed[place.sources[origin[0]]].axes[origin[1]]
                found.append(_Windowed(place.name, name, map_, axis.size, axis.here or axis.form))
    return found


def _shifts(one: _Windowed, two: _Windowed) -> list[Shift] | None:
    """What is not the same about the windows of two layers; ``None`` where that depends on letters."""
    if one.map_ is two.map_ and one.size is two.size:
        return []
    fields = (one.map_.field, two.map_.field)
    if fields[0] is None or fields[1] is None:
        return None
    extents = [field.size.constant for field in fields if field]
    strides = [field.stride.constant for field in fields if field]
    if None in extents or None in strides or strides[0] != strides[1]:
        return None
    windows = None if extents[0] == extents[1] else (extents[0] or 0, extents[1] or 0)
    cases = _cases(one, two, strides[0] or 1)
    if cases is None:
        return None
    found: list[Shift] = []
    for shift in sorted(set(cases.values())):
        if shift == 0 and windows is None:
            continue
        residues = [residue for residue, other in cases.items() if other == shift]
        everywhere = len(residues) == len(cases)
        members = None if everywhere else _classes(residues, len(cases))
        symbol = None if everywhere else symbols_of(one.size, two.size)[0]
        found.append(Shift(one.name, two.name, one.axis, -shift, members, symbol, windows))
    return found


def _cases(one: _Windowed, two: _Windowed, stride: int) -> dict[int, int] | None:
    """By the residue of the input's size: padding before the start, the second's more than the first's."""
    letters = {*symbols_of(one.size), *symbols_of(two.size)}
    if not letters or (one.map_.law.placing is None and two.map_.law.placing is None):
        before = [_before(layer, layer.size) for layer in (one, two)]
        return None if before[0] is None or before[1] is None else {0: before[1] - before[0]}
    divisors = [layer.form.divisor.constant for layer in (one, two) if isinstance(layer.form.base, Symbol)]
    if len(divisors) < 2 or None in divisors or any(len(symbols_of(layer.size)) != 1 for layer in (one, two)):
        return None
    period = lcm(*(divisor or 1 for divisor in divisors)) * stride
    if period > RESIDUES:
        return None
    found = {residue: _difference(one, two, LARGE * period + residue) for residue in range(period)}
    for shorter in range(1, period + 1):
        if period % shorter == 0 and all(found[residue] == found[residue % shorter] for residue in found):
            return None if None in found.values() else {residue: found[residue] or 0 for residue in range(shorter)}
    return None


def _difference(one: _Windowed, two: _Windowed, number: int) -> int | None:
    before: list[int] = []
    for layer in (one, two):
        (symbol,) = symbols_of(layer.size)
        try:
            size = integer(evaluate(substitute(layer.size, {symbol: integer(number)})))
        except SymnetError:
            return None
        padding = _before(layer, size)
        if padding is None:
            return None
        before.append(padding)
    return before[1] - before[0]


def _before(layer: _Windowed, size: Term) -> int | None:
    field = layer.map_.field_on(size)
    return None if field is None else field.padding.constant


def _classes(residues: Sequence[int], modulus: int) -> IntegerSet:
    parts = [part for residue in residues for part in IntegerSet.residue_class(residue, modulus, 1).parts]
    return IntegerSet(tuple(parts))
