"""Whether equal sizes of two networks also come from the same windows.

SAME padding and padding 1 give the same sizes at stride 2, and for even inputs the windows stand one entry apart: the
classic fault of weights that were taken from another framework. Layers with windows are compared pairwise, in order. What is
padded or cropped by a layer of its own counts with the windows that come after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from typing import NamedTuple

from symnet.errors import SymnetError
from symnet.layers.laws.law import AxisMap, Field
from symnet.network.forms import Form
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.network.receptive import POINT
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.polynomial import from_polynomial, normal_form, subtract
from symnet.terms.term import Symbol, Term, evaluate, integer, substitute, symbols_of
from symnet.terms.worked_out import plus

__all__ = ["Alignment", "Shift", "alignment"]

ONE, ZERO = integer(1), integer(0)

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
    """One axis of a layer with windows, the size that it reads, and how many entries layers before it added before the start.
    Where tensors join, or what was added is not read by windows, the windows are the entries themselves, without a map."""

    name: str
    axis: str
    map_: AxisMap | None
    size: Term
    form: Form
    added: Term

    @property
    def moved(self) -> bool:
        """Whether it has windows of a layer, or entries that are moved."""
        return self.map_ is not None or self.added.constant != 0

    @property
    def field(self) -> Field | None:
        """The window."""
        return POINT if self.map_ is None else self.map_.field

    def before(self, size: Term) -> Term | None:
        """Padding before the start of all, on an input of ``size``."""
        field = POINT if self.map_ is None else self.map_.field_on(size)
        return None if field is None else plus(self.added, field.padding)


def alignment(left: Network, right: Network) -> Alignment:
    """The windows of two networks, layer by layer.

    >>> one, two = (Network.parse(f"(3*32*32) -> Conv|8|3|2|{how}") for how in ("same", "1"))
    >>> alignment(one, two).shifts[0].shift
    -1
    """
    ours, theirs = _windowed(left), _windowed(right)
    if [one.map_ is None for one in ours] != [two.map_ is None for two in theirs]:
        ours, theirs = ([layer for layer in both if layer.moved] for both in (ours, theirs))
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
    placed = network.placed
    added: list[list[Term]] = [[ZERO] * len(placed[0].axes)]  # by tensor and axis: since the windows before it
    found: list[_Windowed] = []
    for place in placed[1:]:
        here: list[Term] = [ZERO] * len(place.axes)
        gone = {(source, axis) for source in place.sources for axis in range(len(placed[source].axes))}
        for position, (map_, origin) in enumerate(zip(place.applied.maps, place.origins, strict=False)):
            if origin is None or len(place.sources) > 1 or (map_ is not None and map_.field is None):
                continue
            source = place.sources[origin[0]]
            before = added[source][origin[1]]
            gone.discard((source, origin[1]))
            if map_ is None or map_.field is None:
                here[position] = before
            elif not place.applied.weights and (map_.field.size, map_.field.stride) == (
                ONE,
                ONE,
            ):  # it only pads or crops
                here[position] = plus(before, map_.field.padding)
            else:
                axis, name = placed[source].axes[origin[1]], place.output.axis_names[position]
                found.append(_Windowed(place.name, name, map_, axis.size, axis.here or axis.form, before))
        found += [_entries(place.name, placed[source], axis, added[source][axis]) for source, axis in sorted(gone)]
        added.append(here)
    for end in network.graph.outputs():
        found += [_entries(placed[end].name, placed[end], axis, one) for axis, one in enumerate(added[end])]
    return found


def _entries(name: str, source: Placed, axis: int, added: Term) -> _Windowed:
    """The entries of a tensor, that a layer reads one by one."""
    here = source.axes[axis]
    return _Windowed(name, source.output.axis_names[axis], None, here.size, here.here or here.form, added)


def _shifts(one: _Windowed, two: _Windowed) -> list[Shift] | None:
    """What is not the same about the windows of two layers; ``None`` where that depends on letters."""
    if one.map_ is two.map_ and one.size is two.size and one.added is two.added:
        return []
    fields = (one.field, two.field)
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
    if not letters or not any(layer.map_ and layer.map_.law.placing for layer in (one, two)):
        difference = _apart(one.before(one.size), two.before(two.size))
        return None if difference is None else {0: difference}
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
    before: list[Term | None] = []
    for layer in (one, two):
        (symbol,) = symbols_of(layer.size)
        try:
            size = integer(evaluate(substitute(layer.size, {symbol: integer(number)})))
        except SymnetError:
            return None
        before.append(layer.before(size))
    return _apart(*before)


def _apart(one: Term | None, two: Term | None) -> int | None:
    """How much more the second is, for all values of their letters."""
    if one is None or two is None:
        return None
    return from_polynomial(subtract(normal_form(two), normal_form(one))).constant


def _classes(residues: Sequence[int], modulus: int) -> IntegerSet:
    parts = [part for residue in residues for part in IntegerSet.residue_class(residue, modulus, 1).parts]
    return IntegerSet(tuple(parts))
