"""Changes that may mend a network that breaks at a layer: other numbers of one layer, a Crop where branches meet, another input.

Each is a whole network; whether it works is for the caller to work out. :mod:`symnet.network.advice` words the errors of every
command with them, and the doctor lists them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import gcd, prod
from typing import Any

from symnet.errors import SymnetError
from symnet.graph import Graph, Node
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.joins import Crop
from symnet.layers.laws.padding import EXPLICIT, Padding
from symnet.network.propagate import Placed
from symnet.terms.term import Term

__all__ = ["Repair", "numbers_of", "repairs", "towards", "with_layer"]

#: Layers that join tensors of the same axes.
JOINS = ("Add", "Concat", "Multiply", "Subtract", "Average", "Maximum", "Minimum")

#: Paddings of a layer of a branch that are tried.
PADDINGS = 12


@dataclass(frozen=True)
class Repair:
    """One change: in words (``conv2: padding=3``), its kind, what it costs a person, the network with it, and the layer as it is
    then written."""

    words: str
    kind: str
    cost: float
    graph: Graph
    notation: str


def with_layer(graph: Graph, place: int, **values: Any) -> Graph | None:
    """The graph with other values for one layer, numbered from 0; ``None`` where there is no such layer."""
    node = graph.nodes[place]
    try:
        changed = replace(node, layer=replace(node.layer, **values))
    except (SymnetError, TypeError):
        return None
    return replace(graph, nodes=(*graph.nodes[:place], changed, *graph.nodes[place + 1 :]))


def numbers_of(sizes: Sequence[Term] | None) -> list[int]:
    """Sizes as numbers, or none where one of them is a letter."""
    found = [] if sizes is None else [size.constant for size in sizes]
    return [number for number in found if number is not None] if None not in found else []


def repairs(graph: Graph, place: int, placed: Sequence[Placed]) -> Iterator[Repair]:
    """What may help where the layer numbered ``place``, from 0, breaks; ``placed`` are the tensors before it, the input first."""
    node = graph.nodes[place]
    inputs = [placed[source] for source in node.sources]
    kind = node.layer.kind
    if getattr(node.layer, "kernel", None) is not None:
        yield from _windows(graph, place, inputs)
        yield from _smaller_before(graph, place, placed)
    if getattr(node.layer, "groups", None) is not None and inputs:
        yield from _groups(graph, place, inputs[0])
    if getattr(node.layer, "heads", None) is not None and inputs:
        yield from _divisors(graph, place, "heads", inputs[0].output.dims[-1].constant)
    if kind in ("Reshape", "View"):
        yield from _reshape(graph, place, inputs[0])
    if kind in JOINS and len(inputs) > 1:
        yield from _join(graph, place, placed, inputs)


def towards(graph: Graph, placed: Sequence[Placed], target: Sequence[Term | None]) -> Iterator[Repair]:
    """What may help where a network works, and gives other sizes than those that are wanted (``None`` matches any)."""
    given = placed[graph.first_output].output
    if len(given.dims) != len(target):
        return
    pairs = [(target[place], size) for place, size in zip(given.axis_indices, given.axes, strict=True)]
    gaps = [
        (a.constant or 0) - (b.constant or 0)
        for a, b in pairs
        if a is not None and None not in (a.constant, b.constant)
    ]
    way = _ancestors(graph, graph.first_output)
    if any(gaps):
        yield from _resized(graph, way, gaps)
    wanted = target[given.channel_index]
    if wanted is not None and wanted is not given.channels:
        yield from _filters(graph, way, wanted.constant)


def _changed(graph: Graph, place: int, kind: str, cost: float, **values: Any) -> Iterator[Repair]:
    made = with_layer(graph, place, **values)
    if made is not None and made != graph:
        name = graph.names()[place]
        words = ", ".join(f"{key}={_value(value)}" for key, value in values.items())
        yield Repair(f"{name}: {words}", kind, cost, made, made.nodes[place].layer.notation)


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return "*".join(map(_value, value))
    return value.mode if isinstance(value, Padding) else str(value)


def _constant(layer: Layer, name: str) -> list[int]:
    value = getattr(layer, name, None)
    return numbers_of(value if isinstance(value, tuple) else None if value is None else (value,))


def _even_padding(layer: Layer) -> int | None:
    """The padding where it is one number before and after every axis, which every framework can say."""
    padding = getattr(layer, "padding", None)
    if not isinstance(padding, Padding) or padding.mode not in (EXPLICIT, "valid"):
        return None
    amounts = numbers_of([amount for pair in padding.pairs for amount in pair]) or [0]
    return amounts[0] if len(set(amounts)) == 1 else None


def _explicit(layer: Layer) -> bool:
    """Whether its framework takes padding as a number: Keras has words only."""
    return layer.framework not in ("keras", "tensorflow") and "padding" in {spec.name for spec in layer.specs()}


def _windows(graph: Graph, place: int, inputs: Sequence[Placed]) -> Iterator[Repair]:
    """A padding or a kernel with which the window fits."""
    layer = graph.nodes[place].layer
    kernel, sizes = _constant(layer, "kernel"), numbers_of(inputs[0].output.axes) if inputs else []
    if not kernel or not sizes:
        return
    dilation = max(_constant(layer, "dilation") or [1])
    reach = [dilation * (size - 1) + 1 for size in (kernel * len(sizes))[: len(sizes)]]
    here = _even_padding(layer)
    if here is not None and layer.kind != "Deconv":
        needed = max(-(-(r - n) // 2) for r, n in zip(reach, sizes, strict=True))
        if _explicit(layer) and needed > here:
            yield from _changed(graph, place, "padding", 1, padding=needed)
        yield from _changed(graph, place, "padding", 1.2, padding=Padding("same"))
    smallest = min(sizes)
    if smallest < max(reach) and dilation == 1:
        yield from _changed(graph, place, "argument", 1.5, kernel=smallest)


def _smaller_before(graph: Graph, place: int, placed: Sequence[Placed]) -> Iterator[Repair]:
    """A layer before it that makes tensors smaller does not."""
    reached, cost = place, 2.0
    while reached > 0 and cost < 2.5:
        sources = graph.nodes[reached].sources
        reached = sources[0] - 1 if sources else -1
        if reached < 0:
            return
        layer = graph.nodes[reached].layer
        strides = _constant(layer, "stride")
        if strides and max(strides) > 1:
            cost += 0.1
            if layer.kind.startswith("Conv"):
                yield from _changed(graph, reached, "stride", cost, stride=1)
            else:
                yield _without(graph, reached, cost)


def _without(graph: Graph, place: int, cost: float) -> Repair:
    """A layer left out."""
    before = graph.nodes[place].sources[0]
    names = graph.names()

    def moved(source: int) -> int:
        return before if source == place + 1 else source - (source > place + 1)

    nodes = tuple(
        replace(node, sources=tuple(map(moved, node.sources)))
        for number, node in enumerate(_named(graph))
        if number != place
    )
    made = replace(graph, nodes=nodes, declared=tuple(map(moved, graph.declared)))
    return Repair(f"{names[place]} left out", "layer", cost, made, "")


def _named(graph: Graph) -> list[Node]:
    """The nodes, each with the name that it has in the graph."""
    return [
        node if node.layer.name else replace(node, layer=node.layer.with_name(name))
        for node, name in zip(graph.nodes, graph.names(), strict=True)
    ]


def _groups(graph: Graph, place: int, before: Placed) -> Iterator[Repair]:
    layer = graph.nodes[place].layer
    channels, filters, groups = before.output.channels.constant, _constant(layer, "filters"), _constant(layer, "groups")
    if channels is None or not filters or not groups or groups[0] < 2:
        return
    shared = gcd(channels, filters[0])
    ways = sorted((n for n in range(1, shared + 1) if shared % n == 0), key=lambda n: (abs(n - groups[0]), n))
    for number, way in enumerate(ways[:2]):
        yield from _changed(graph, place, "argument", 1 + 0.1 * number, groups=way)
    if channels % groups[0] == 0:
        for size in dict.fromkeys((-(-filters[0] // groups[0]) * groups[0], filters[0] // groups[0] * groups[0])):
            if size:
                yield from _changed(graph, place, "argument", 1.4, filters=size)


def _divisors(graph: Graph, place: int, name: str, whole: int | None) -> Iterator[Repair]:
    now = _constant(graph.nodes[place].layer, name)
    if whole is None or not now:
        return
    ways = sorted((n for n in range(1, whole + 1) if whole % n == 0), key=lambda n: (abs(n - now[0]), n))
    for number, way in enumerate(ways[:2]):
        yield from _changed(graph, place, "argument", 1 + 0.1 * number, **{name: way})


def _reshape(graph: Graph, place: int, before: Placed) -> Iterator[Repair]:
    """Another number in the sizes of a reshape."""
    layer = graph.nodes[place].layer
    target = getattr(layer, "target", None)
    sizes, total = numbers_of(before.output.dims), [size.constant for size in target or ()]
    if not sizes or None in total:
        return
    wanted = [size for size in total if size is not None]
    for number in range(len(wanted)):
        rest = prod(size for other, size in enumerate(wanted) if other != number and size > 0)
        if rest and prod(sizes) % rest == 0 and prod(sizes) // rest != wanted[number]:
            new = tuple(prod(sizes) // rest if other == number else size for other, size in enumerate(wanted))
            yield from _changed(graph, place, "argument", 1 + 0.1 * number, target=new)


def _ancestors(graph: Graph, source: int) -> list[int]:
    """The layers (from 0) that a tensor depends on, the nearest first."""
    found: dict[int, None] = {}
    waiting = [source]
    while waiting:
        here = waiting.pop(0)
        if here and here - 1 not in found:
            found[here - 1] = None
            waiting += graph.nodes[here - 1].sources
    return sorted(found, reverse=True)


def _join(graph: Graph, place: int, placed: Sequence[Placed], inputs: Sequence[Placed]) -> Iterator[Repair]:
    """Branches that do not agree: mended on the way, or cropped where they meet."""
    first = inputs[0]
    for number, other in enumerate(inputs[1:], 1):
        if len(first.output.dims) != len(other.output.dims):
            continue
        gaps = [
            (a.constant or 0) - (b.constant or 0)
            for a, b in zip(first.output.axes, other.output.axes, strict=True)
            if a.constant is not None and b.constant is not None
        ]
        ways = [_ancestors(graph, source) for source in (first.index, other.index)]
        common = set(ways[0]) & set(ways[1])
        if any(gaps):
            for sign, way in zip((-1, 1), ways, strict=True):
                alone = [one for one in way if one not in common]
                yield from _resized(graph, alone, [sign * gap for gap in gaps])
            for big, small in ((0, number), (number, 0)):
                yield _cropped(graph, place, big, small)
        if graph.nodes[place].layer.kind != "Concat":
            pairs = ((ways[0], other), (ways[1], first))
            for way, wanted in pairs:
                yield from _filters(graph, [one for one in way if one not in common], wanted.output.channels.constant)


def _resized(graph: Graph, layers: Sequence[int], missing: Sequence[int]) -> Iterator[Repair]:
    """A layer of a branch that gives ``missing`` entries more."""
    for count, one in enumerate([place for place in layers if _constant(graph.nodes[place].layer, "kernel")][:4]):
        layer = graph.nodes[one].layer
        if layer.kind == "Deconv" and max(missing) > 0 and min(missing) >= 0:
            now = max(_constant(layer, "output_padding") or [0])
            yield from _changed(graph, one, "output_padding", 1 + 0.1 * count, output_padding=now + max(missing))
        elif layer.kind != "Deconv":
            here = _even_padding(layer)
            if here is not None and _explicit(layer):
                for padding in range(min(PADDINGS, max(_constant(layer, "kernel")) + 1)):
                    if padding != here:
                        yield from _changed(graph, one, "padding", 1.2 + 0.1 * count, padding=padding)
            yield from _changed(graph, one, "padding", 1.3 + 0.1 * count, padding=Padding("same"))
            if layer.kind.startswith("Conv"):
                for stride in (1, 2):
                    yield from _changed(graph, one, "stride", 1.8 + 0.1 * count, stride=stride)


def _filters(graph: Graph, layers: Sequence[int], wanted: int | None) -> Iterator[Repair]:
    for one in layers:
        layer = graph.nodes[one].layer
        name = next((name for name in ("filters", "units") if getattr(layer, name, None) is not None), None)
        if name is not None:
            if wanted is not None:
                yield from _changed(graph, one, "argument", 1.05, **{name: wanted})
            return


def _cropped(graph: Graph, place: int, big: int, small: int) -> Repair:
    """A Crop of one of the joined tensors to another's size, before the join."""
    nodes = _named(graph)
    join = nodes[place]
    names = {source: "input" if source == 0 else graph.names()[source - 1] for source in join.sources}
    crop = Node(Crop(framework=join.layer.framework), (join.sources[big], join.sources[small]))
    sources = tuple(place + 1 if number == big else source for number, source in enumerate(join.sources))

    def moved(source: int) -> int:
        return source + (source > place)

    after = [replace(node, sources=tuple(map(moved, node.sources))) for node in nodes[place + 1 :]]
    made = replace(
        graph,
        nodes=(*nodes[:place], crop, replace(join, sources=sources), *after),
        declared=tuple(map(moved, graph.declared)),
    )
    words = f"{names[join.sources[big]]} cropped to {names[join.sources[small]]} before {graph.names()[place]}"
    return Repair(words, "layer", 3, made, "Crop")
