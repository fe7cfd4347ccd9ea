"""Notes for taking weights from one network into another, on differences that sizes do not show: the positions of windows, biases
and statistics, the order of gates, and the order in which a Flatten reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symnet.errors import SymnetError
from symnet.frameworks.refusals import default
from symnet.layers.declaration.base import Layer
from symnet.layers.laws.padding import EXPLICIT, SAME, SAME_LOWER, Padding
from symnet.network.alignment import Alignment, alignment
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.network.repairs import with_layer

__all__ = ["PortNote", "port_notes"]

#: The order in which each framework stores the gates of recurrent layers.
GATES = {
    ("LSTM", "torch"): "input, forget, cell, output",
    ("LSTM", "keras"): "input, forget, cell, output",
    ("LSTM", "tensorflow"): "input, forget, cell, output",
    ("LSTM", "onnx"): "input, output, forget, cell",
    ("GRU", "torch"): "reset, update, new",
    ("GRU", "keras"): "update, reset, new",
    ("GRU", "tensorflow"): "update, reset, new",
    ("GRU", "onnx"): "update, reset, new",
}


#: Kinds of layers of two networks that are paired, in their order.
FAMILIES = (
    ("Conv", "Depthwise", "SeparableConv", "Deconv", "FC"),
    ("BN",),
    ("LayerNorm", "RMSNorm", "GroupNorm", "InstanceNorm"),
    ("LSTM", "GRU", "RNN"),
    ("Flatten",),
    ("Maxpool",),
    ("Avgpool",),
)


@dataclass(frozen=True)
class PortNote:
    """One difference between two paired layers. ``what`` is ``windows``, ``bias``, ``statistics``, ``epsilon``, ``gates``, ``biases``,
    ``reset``, ``padding`` or ``order``; ``words`` say what differs and what to do.
    """

    first: str
    second: str
    what: str
    words: str


def port_notes(left: Network, right: Network, windows: Alignment) -> list[PortNote]:
    """The differences between paired layers of two networks, whose sizes may be equal; ``windows`` is their alignment.

    >>> one, two = (Network.parse(f"(3*32*32) -> Conv|8|3|2|{how}") for how in ("same", "1"))
    >>> [note.words for note in port_notes(one, two, alignment(one, two))]
    ['with a ZeroPad of 1 before and 1 after every axis and padding valid in place of same in conv1 of the first the windows are the same']
    """
    notes = [*_total_shift(left, windows), *_padded(left, right, windows)]
    for one, two in _pairs(left, right):
        notes += _notes_on_pair(one, two)
    return notes


def _pairs(left: Network, right: Network) -> Iterator[tuple[Placed, Placed]]:
    """The pairs of layers of the same kinds, in order; none for kinds that the networks do not have in the same order."""
    for kinds in FAMILIES:
        ours, theirs = (
            [one for one in net.placed if one.layer is not None and one.layer.kind in kinds] for net in (left, right)
        )
        if [one.layer and one.layer.kind for one in ours] == [one.layer and one.layer.kind for one in theirs]:
            yield from zip(ours, theirs, strict=True)


def _notes_on_pair(one: Placed, two: Placed) -> Iterator[PortNote]:
    weights = [{weight.name for weight in node.applied.weights} for node in (one, two)]
    for mine, other, which, without in (
        (weights[0], weights[1], "first", "second"),
        (weights[1], weights[0], "second", "first"),
    ):
        if "bias" in mine and "bias" not in other and not any(name.startswith("bias") for name in other):
            words = f"{one.name} has a bias in the {which} and none in the {without}: it ports where the bias is 0"
            yield PortNote(one.name, two.name, "bias", words)
    yield from _gates(one, two)
    yield from _order(one, two)
    yield from _statistics(one, two, weights)
    yield from _epsilon(one, two)
    yield from _pads(one, two)


def _pads(one: Placed, two: Placed) -> Iterator[PortNote]:
    """A note on padding that takes part in a pool of one network only: zeros of a layer before it, or entries that a mean counts."""
    found = [getattr(node.layer, "padding", None) for node in (one, two)]
    paddings = [padding for padding in found if isinstance(padding, Padding)]
    if one.layer is None or len(paddings) < 2:
        return
    pads = [
        padding.mode == EXPLICIT and any(amount.constant != 0 for pair in padding.pairs for amount in pair)
        for padding in paddings
    ]
    same = [padding.mode in (SAME, SAME_LOWER) for padding in paddings]
    if one.layer.kind == "Avgpool" and ((pads[0] and same[1]) or (pads[1] and same[0])):
        which = "first" if pads[0] else "second"
        words = (
            f"{one.name} leaves the padding out of its means where it is same: where they reach it, they agree only with "
            f"count_include_pad=False in the {which}, which PyTorch does not do unasked"
        )
        yield PortNote(one.name, two.name, "padding", words)
    if one.layer.kind == "Maxpool" and not any(same) and pads[0] != pads[1]:
        which, other = ("first", "second") if pads[0] else ("second", "first")
        words = (
            f"{one.name} pads with no number in the {which}; zeros that stand there in the {other} take part in its maxima, which agree "
            "where no entry is negative"
        )
        yield PortNote(one.name, two.name, "padding", words)


def _epsilon(one: Placed, two: Placed) -> Iterator[PortNote]:
    """A note on another number that is added to the variance, by which all outputs differ a little."""
    if one.layer is None or two.layer is None:
        return
    numbers = [getattr(layer, "epsilon", None) or default(layer, "epsilon") for layer in (one.layer, two.layer)]
    if None not in numbers and float(numbers[0]) != float(numbers[1]):
        words = f"{one.name} adds {numbers[0]} to the variance in the first and {numbers[1]} in the second: give both the same epsilon"
        yield PortNote(one.name, two.name, "epsilon", words)


def _statistics(one: Placed, two: Placed, weights: list[set[str]]) -> Iterator[PortNote]:
    """Notes on statistics that only one layer stores as parameters, and on a scale or shift that only one has."""
    if one.layer is None or one.layer.kind != "BN":
        return
    for name, words in (("moving_mean", "moving statistics"), ("gamma", "scale"), ("beta", "shift")):
        has = [name in names for names in weights]
        if has[0] != has[1]:
            which = "first" if has[0] else "second"
            yield PortNote(
                one.name, two.name, "statistics", f"{one.name} holds its {words} as parameters in the {which} only"
            )


def _gates(one: Placed, two: Placed) -> Iterator[PortNote]:
    """Notes on another order of gates, or another number of biases."""
    if one.layer is None or two.layer is None or one.layer.kind not in ("LSTM", "GRU", "RNN"):
        return
    orders = [GATES.get((layer.kind, layer.framework or "")) for layer in (one.layer, two.layer)]
    if None not in orders and orders[0] != orders[1]:
        words = f"the gates of {one.name} stand as {orders[0]} in the first and as {orders[1]} in the second: reorder the rows"
        yield PortNote(one.name, two.name, "gates", words)
    after = [_resets_after(layer) for layer in (one.layer, two.layer)]
    if after[0] != after[1]:
        last, first = ("first", "second") if after[0] else ("second", "first")
        words = (
            f"{one.name} applies its reset gate after the recurrent product in the {last} and before it in the {first}"
        )
        yield PortNote(
            one.name, two.name, "reset", f"{words}: no weights make them equal, reset_after=True in the {first} does"
        )
        return
    counts = [sum(weight.name.startswith("bias") for weight in node.applied.weights) for node in (one, two)]
    if counts[0] != counts[1]:
        fewer, more = ("first", "second") if counts[0] < counts[1] else ("second", "first")
        words = f"{one.name} has {max(counts)} bias vectors a direction in the {more} and {min(counts)} in the {fewer}"
        how = "" if one.layer.kind == "GRU" else ": their sum is the one"
        yield PortNote(one.name, two.name, "biases", words + how)


def _resets_after(layer: Layer) -> bool | None:
    """Whether a GRU applies its reset gate after the recurrent product; ``None`` for other layers."""
    if layer.kind != "GRU":
        return None
    own = getattr(layer, "reset_after", None)
    return bool(default(layer, "reset_after", True) if own is None else own)


def _order(one: Placed, two: Placed) -> Iterator[PortNote]:
    """A note if a Flatten, or a dense layer on an image, reads the channels last in one network and first in the other."""
    if one.layer is None or one.layer.kind not in ("Flatten", "FC") or not one.inputs or not two.inputs:
        return
    shapes = one.inputs[0], two.inputs[0]
    if any(not shape.axes or shape.channels.constant == 1 for shape in shapes):
        return
    channel_ends = [0 if shape.channel_index == 0 else 1 for shape in shapes]
    if channel_ends[0] != channel_ends[1]:
        words = ["first" if end == 0 else "last" for end in channel_ends]
        size = " × ".join(str(dim.constant or "_") for dim in (shapes[0].channels, *shapes[0].axes))
        yield PortNote(
            one.name, two.name, "order",
            f"{one.name} reads the channels {words[0]} in the first and {words[1]} in the second: permute the weights that read its "
            f"{size} entries",
        )  # fmt: skip


def _padded(left: Network, right: Network, windows: Alignment) -> Iterator[PortNote]:
    """A note on the ZeroPad that gives SAME the windows of padding in numbers, if one does."""
    if windows.aligned is not False:
        return
    names = {(shift.first, shift.second): None for shift in windows.shifts}
    for first, second in names:
        for net, name, other, theirs, which in (
            (left, first, right, second, "first"),
            (right, second, left, first, "second"),
        ):
            amounts = _amounts(other, theirs)
            if amounts is None or not _is_same(net, name):
                continue
            changed = _with_padding(net, name, amounts)
            pair = (changed, right) if which == "first" else (left, changed)
            if changed is not None and not _shifted(alignment(*[one for one in pair if one is not None]), first):
                before, after = amounts
                pools = "Max" in _kind(net, name)
                only = " (where no entry is negative: a max pool does not pad with 0)" if pools else ""
                yield PortNote(
                    first, second, "windows",
                    f"with a ZeroPad of {before} before and {after} after every axis and padding valid in place of same in {name} of "
                    f"the {which} the windows are the same{only}",
                )  # fmt: skip


def _shifted(windows: Alignment, name: str) -> bool:
    return windows.aligned is None or any(shift.first == name for shift in windows.shifts)


def _padding(network: Network, name: str) -> Padding | None:
    layer = next((one.layer for one in network.placed if one.name == name), None)
    padding = getattr(layer, "padding", None)
    return padding if isinstance(padding, Padding) and _kind(network, name) != "Deconv" else None


def _kind(network: Network, name: str) -> str:
    return next((one.layer.kind for one in network.placed if one.name == name and one.layer is not None), "")


def _is_same(network: Network, name: str) -> bool:
    padding = _padding(network, name)
    return padding is not None and padding.mode in (SAME, SAME_LOWER)


def _amounts(network: Network, name: str) -> tuple[int, int] | None:
    """The padding as two numbers, before and after every axis; ``None`` if it has no such form."""
    padding = _padding(network, name)
    if padding is None or padding.mode != EXPLICIT:
        return None
    pairs = {tuple(amount.constant for amount in pair) for pair in padding.pairs}
    if len(pairs) != 1:
        return None
    before, after = pairs.pop()
    return None if before is None or after is None else (before, after)


def _with_padding(network: Network, name: str, amounts: tuple[int, int]) -> Network | None:
    names = network.graph.names()
    changed = with_layer(network.graph, names.index(name), padding=(amounts,)) if name in names else None
    try:
        return None if changed is None else Network.of(changed)
    except SymnetError:
        return None


def _total_shift(left: Network, windows: Alignment) -> Iterator[PortNote]:
    """A note on the total shift of the last windows on the input, if several layers in sequence are shifted."""
    names = [one.name for one in left.placed]
    chain = all(len(one.sources) < 2 for one in left.placed) and not any(one.members for one in windows.shifts)
    spread = any(map_ is not None and map_.spread is not None for one in left.placed for map_ in one.applied.maps)
    if spread or not chain or len({one.first for one in windows.shifts}) < 2:
        return
    totals: dict[str, int] = {}
    for shift in windows.shifts:
        distance = _distance(left, names.index(shift.first), shift.axis) if shift.first in names else None
        if distance is None:
            return
        totals[shift.axis] = totals.get(shift.axis, 0) + shift.shift * distance
    last = windows.shifts[-1]
    for total in dict.fromkeys(totals.values()):
        axes = " and ".join(axis for axis, one in totals.items() if one == total)
        late = "later" if total > 0 else "earlier"
        words = f"in all, what one entry of the output sees starts {abs(total)} entries of the input {late} in the second ({axes})"
        if total:
            yield PortNote(last.first, last.second, "windows", words)


def _distance(network: Network, index: int, axis: str) -> int | None:
    """The distance on the input between neighbouring entries that a layer reads; ``None`` if it is no number."""
    total = 1
    while network.placed[index].sources:
        index = network.placed[index].sources[0]
        node = network.placed[index]
        if axis not in node.output.axis_names:
            return None if node.sources else total
        position = node.output.axis_names.index(axis)
        map_ = node.applied.maps[position] if position < len(node.applied.maps) else None
        if map_ is not None:
            stride = map_.field.stride.constant if map_.field is not None else None
            if stride is None or (map_.field is not None and map_.field.per.constant != 1):
                return None
            total *= stride
    return total
