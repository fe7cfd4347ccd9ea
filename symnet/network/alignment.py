"""Compares the windows from which equal sizes of two networks come.

SAME padding and padding 1 give the same sizes at stride 2, but for even inputs their windows are one entry apart: the classic
mistake with weights from another framework. Layers with windows are compared pairwise, in order. Padding and cropping by
a layer of its own is added to the windows after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from typing import NamedTuple

from symnet.errors import SymnetError
from symnet.layers.laws.law import AxisMap
from symnet.network.closed_forms import ClosedForm
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.network.receptive import POINT
from symnet.terms.evaluation import evaluate
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.polynomial import from_polynomial, normal_form, subtract
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of
from symnet.terms.worked_out import plus, times

__all__ = ["Alignment", "Shift", "alignment"]

ONE, ZERO = integer(1), integer(0)

#: The largest number of residues of an input size to compare, and a number of periods after which every window fits.
RESIDUES, LARGE = 256, 2**12


class Shift(NamedTuple):
    """The number of entries by which the windows of a layer start later in the second network. ``members`` are the input sizes of
    ``symbol`` for which this is so, ``None`` for all; ``windows`` are both extents if they differ. For
    a ``transposed`` layer it is the entries that an input is spread over that start later.
    """

    first: str
    second: str
    axis: str
    shift: int
    members: IntegerSet | None = None
    symbol: Symbol | None = None
    windows: tuple[int, int] | None = None
    transposed: bool = False


@dataclass(frozen=True)
class Alignment:
    """``shifts`` are the nonzero shifts; ``aligned`` is ``None`` if the layers with windows do not pair up, or have letters."""

    aligned: bool | None
    shifts: tuple[Shift, ...] = ()


class _Windowed(NamedTuple):
    """One axis of a layer with windows: the size that it reads, and how many entries earlier layers added before its start. Where
    tensors join, or such entries are not read by windows, each entry is its own window and there is no map.
    """

    name: str
    axis: str
    map_: AxisMap | None
    size: Term
    form: ClosedForm
    added: Term

    @property
    def moved(self) -> bool:
        """Whether a layer has windows on the axis, or entries were added before its start."""
        return self.map_ is not None or self.added.constant != 0

    @property
    def extent_and_stride(self) -> tuple[Term, Term] | None:
        """Of the windows, or of the entries over which a transposed layer spreads an input; ``None`` if the layer has neither."""
        if self.map_ is None:
            return POINT.size, POINT.stride
        spread = self.map_.spread
        if spread is not None:
            return plus(times(plus(spread.taps, integer(-1)), spread.apart), ONE), spread.stride
        return None if self.map_.field is None else (self.map_.field.size, self.map_.field.stride)

    def before(self, size: Term) -> Term | None:
        """Returns the distance from the start of the first window to the first entry, on an input of ``size``; for a transposed
        layer from the start of the first input's entries to that of the output. ``None`` if it is unknown.
        """
        spread = None if self.map_ is None else self.map_.spread
        if spread is not None:  # an entry that was added before is a stride further on
            return plus(spread.padding, times(integer(-1), times(self.added, spread.stride)))
        field = POINT if self.map_ is None else self.map_.field_on(size)
        return None if field is None else plus(self.added, field.padding)


def alignment(left: Network, right: Network) -> Alignment:
    """Compares the windows of two networks, layer by layer.

    >>> one, two = (Network.parse(f"(3*32*32) -> Conv|8|3|2|{how}") for how in ("same", "1"))
    >>> alignment(one, two).shifts[0].shift
    -1
    """
    first_layers, second_layers = _windowed(left), _windowed(right)
    if [one.map_ is None for one in first_layers] != [two.map_ is None for two in second_layers]:
        first_layers, second_layers = (
            [layer for layer in both if layer.moved] for both in (first_layers, second_layers)
        )
    if len(first_layers) != len(second_layers):
        return Alignment(None)
    shifts: list[Shift] = []
    for one, two in zip(first_layers, second_layers, strict=True):
        shifts_of_pair = _shifts(one, two)
        if shifts_of_pair is None:
            return Alignment(None)
        shifts += shifts_of_pair
    return Alignment(not shifts, tuple(shifts))


def _windowed(network: Network) -> list[_Windowed]:
    """The axes with windows of all layers, in order."""
    placed = network.placed
    added: list[list[Term]] = [[ZERO] * len(placed[0].axes)]  # by tensor and axis: entries added since the last window
    windowed: list[_Windowed] = []
    for node in placed[1:]:
        added_here: list[Term] = [ZERO] * len(node.axes)
        read_entrywise = {(source, axis) for source in node.sources for axis in range(len(placed[source].axes))}
        for position, (map_, origin) in enumerate(zip(node.applied.maps, node.origins, strict=False)):
            if origin is None or len(node.sources) > 1:
                continue
            source = node.sources[origin[0]]
            before = added[source][origin[1]]
            read_entrywise.discard((source, origin[1]))
            field = None if map_ is None else map_.field
            if map_ is None:
                added_here[position] = before
            elif (
                field and not node.applied.weights and (field.size, field.stride) == (ONE, ONE)
            ):  # it only pads or crops
                added_here[position] = plus(before, field.padding)
            else:
                axis, name = placed[source].axes[origin[1]], node.output.axis_names[position]
                windowed.append(_Windowed(node.name, name, map_, axis.size, axis.at_number or axis.form, before))
        windowed += [
            _entries(node.name, placed[source], axis, added[source][axis]) for source, axis in sorted(read_entrywise)
        ]
        added.append(added_here)
    for end in network.graph.outputs():
        windowed += [_entries(placed[end].name, placed[end], axis, one) for axis, one in enumerate(added[end])]
    return windowed


def _entries(name: str, source: Placed, axis: int, added: Term) -> _Windowed:
    """Returns the record of an axis that a layer reads entry by entry."""
    tensor_axis = source.axes[axis]
    return _Windowed(
        name, source.output.axis_names[axis], None, tensor_axis.size, tensor_axis.at_number or tensor_axis.form, added
    )


def _shifts(one: _Windowed, two: _Windowed) -> list[Shift] | None:
    """The differences between the windows of two layers; ``None`` if they depend on letters."""
    if one.map_ is two.map_ and one.size is two.size and one.added is two.added:
        return []
    first, second = one.extent_and_stride, two.extent_and_stride
    if first is None or second is None or _spreads(one) != _spreads(two):
        return None
    extents, strides = [first[0].constant, second[0].constant], [first[1].constant, second[1].constant]
    if None in extents or None in strides or strides[0] != strides[1]:
        return None
    windows = None if extents[0] == extents[1] else (extents[0] or 0, extents[1] or 0)
    cases = _cases(one, two, strides[0] or 1)
    if cases is None:
        return None
    shifts: list[Shift] = []
    for shift in sorted(set(cases.values())):
        if shift == 0 and windows is None:
            continue
        residues = [residue for residue, other in cases.items() if other == shift]
        everywhere = len(residues) == len(cases)
        members = None if everywhere else _classes(residues, len(cases))
        symbol = None if everywhere else symbols_of(one.size, two.size)[0]
        shifts.append(Shift(one.name, two.name, one.axis, -shift, members, symbol, windows, _spreads(one)))
    return shifts


def _spreads(layer: _Windowed) -> bool:
    """Whether the layer is a transposed one, which spreads its entries."""
    return layer.map_ is not None and layer.map_.spread is not None


def _cases(one: _Windowed, two: _Windowed, stride: int) -> dict[int, int] | None:
    """Returns by residue of the input size the second's padding before the start minus the first's; ``None`` if unknown."""
    letters = {*symbols_of(one.size), *symbols_of(two.size)}
    if not letters or not any(layer.map_ and layer.map_.law.placing for layer in (one, two)):
        difference = _difference_of(one.before(one.size), two.before(two.size))
        return None if difference is None else {0: difference}
    divisors = [layer.form.divisor.constant for layer in (one, two) if isinstance(layer.form.base, Symbol)]
    if len(divisors) < 2 or None in divisors or any(len(symbols_of(layer.size)) != 1 for layer in (one, two)):
        return None
    period = lcm(*(divisor or 1 for divisor in divisors)) * stride
    if period > RESIDUES:
        return None
    apart = {residue: _difference(one, two, LARGE * period + residue) for residue in range(period)}
    for shorter in range(1, period + 1):
        if period % shorter == 0 and all(apart[residue] == apart[residue % shorter] for residue in apart):
            return None if None in apart.values() else {residue: apart[residue] or 0 for residue in range(shorter)}
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
    return _difference_of(*before)


def _difference_of(one: Term | None, two: Term | None) -> int | None:
    """The difference of two terms, second minus first, if it is the same for all values of their letters; else ``None``."""
    if one is None or two is None:
        return None
    return from_polynomial(subtract(normal_form(two), normal_form(one))).constant


def _classes(residues: Sequence[int], modulus: int) -> IntegerSet:
    parts = [part for residue in residues for part in IntegerSet.residue_class(residue, modulus, 1).parts]
    return IntegerSet(tuple(parts))
