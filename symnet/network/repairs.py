"""Changes that may mend a network which breaks at a layer: other numbers of a layer, a Crop where branches meet, another input.

Each change is a whole network; the caller works out whether it is valid. :mod:`symnet.network.advice` adds them to the errors of
every command, and the doctor lists them.
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
from symnet.layers.kinds.merges import Elementwise
from symnet.layers.laws.padding import EXPLICIT, Padding
from symnet.network.propagate import Placed
from symnet.terms.term import Term

__all__ = ["Repair", "numbers_of", "repairs", "towards", "with_layer"]

#: Layers that join tensors with the same axes.
JOINS = ("Add", "Concat", "Multiply", "Subtract", "Average", "Maximum", "Minimum")

#: The number of paddings of a branch's layer to try.
PADDINGS = 12


@dataclass(frozen=True)
class Repair:
    """One change: in words (``conv2: padding=3``), its kind, its cost (the smaller, the simpler for a person), the network with it,
    and the changed layer in notation.
    """

    words: str
    kind: str
    cost: float
    graph: Graph
    notation: str


#: Besides the least padding with which a window fits, this many larger ones are tried.
MORE = 8


def with_layer(graph: Graph, index: int, **values: Any) -> Graph | None:
    """The graph with other values for the layer ``index``, counted from 0; ``None`` if the layer refuses them."""
    node = graph.nodes[index]
    try:
        changed = replace(node, layer=replace(node.layer, **values))
    except (SymnetError, TypeError):
        return None
    return replace(graph, nodes=(*graph.nodes[:index], changed, *graph.nodes[index + 1 :]))


def numbers_of(sizes: Sequence[Term] | None) -> list[int]:
    """The sizes as numbers; empty if one of them is a letter."""
    numbers = [] if sizes is None else [size.constant for size in sizes]
    return [number for number in numbers if number is not None] if None not in numbers else []


def repairs(graph: Graph, index: int, placed: Sequence[Placed]) -> Iterator[Repair]:
    """Changes to try if the layer ``index``, counted from 0, does not fit; ``placed`` are the tensors before it, the input first."""
    node = graph.nodes[index]
    inputs = [placed[source] for source in node.sources]
    kind = node.layer.kind
    if getattr(node.layer, "kernel", None) is not None:
        yield from _windows(graph, index, inputs)
        yield from _smaller_before(graph, index, placed)
    if getattr(node.layer, "groups", None) is not None and inputs:
        yield from _groups(graph, index, inputs[0])
    if getattr(node.layer, "heads", None) is not None and inputs and inputs[0].output.dims:
        yield from _divisors(graph, index, "heads", inputs[0].output.dims[-1].constant)
    if kind in ("Reshape", "View"):
        yield from _reshape(graph, index, inputs[0])
    if kind in JOINS and len(inputs) > 1:
        yield from _join(graph, index, placed, inputs)


def towards(graph: Graph, placed: Sequence[Placed], target: Sequence[Term | None]) -> Iterator[Repair]:
    """Changes to try if a network is valid but has another output than ``target``, in which ``None`` matches any size."""
    output = placed[graph.first_output].output
    if len(output.dims) != len(target):
        return
    pairs = [(target[index], size) for index, size in zip(output.axis_indices, output.axes, strict=True)]
    gaps = [
        (a.constant or 0) - (b.constant or 0)
        for a, b in pairs
        if a is not None and None not in (a.constant, b.constant)
    ]
    way = _ancestors(graph, graph.first_output)
    if any(gaps):
        yield from _resized(graph, way, gaps)
    wanted = target[output.channel_index]
    if wanted is not None and wanted is not output.channels:
        yield from _filters(graph, way, wanted.constant)


def _changed(graph: Graph, index: int, kind: str, cost: float, **values: Any) -> Iterator[Repair]:
    changed_graph = with_layer(graph, index, **values)
    if changed_graph is not None and changed_graph != graph:
        name = graph.names()[index]
        words = ", ".join(f"{key}={_value(value)}" for key, value in values.items())
        yield Repair(f"{name}: {words}", kind, cost, changed_graph, changed_graph.nodes[index].layer.notation)


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return "*".join(map(_value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.mode if isinstance(value, Padding) else str(value)


def _constant(layer: Layer, name: str) -> list[int]:
    value = getattr(layer, name, None)
    return numbers_of(value if isinstance(value, tuple) else None if value is None else (value,))


def _even_padding(layer: Layer) -> int | None:
    """The padding if it is one number on all sides, which every framework can express; else ``None``."""
    padding = getattr(layer, "padding", None)
    if not isinstance(padding, Padding) or padding.mode not in (EXPLICIT, "valid"):
        return None
    amounts = numbers_of([amount for pair in padding.pairs for amount in pair]) or [0]
    return amounts[0] if len(set(amounts)) == 1 else None


def _explicit(layer: Layer) -> bool:
    """Returns whether the layer's framework takes padding as a number; Keras only has words for it."""
    return layer.framework not in ("keras", "tensorflow") and "padding" in {spec.name for spec in layer.specs()}


def _windows(graph: Graph, index: int, inputs: Sequence[Placed]) -> Iterator[Repair]:
    """Yields a padding or a kernel with which the window fits."""
    layer = graph.nodes[index].layer
    kernel, sizes = _constant(layer, "kernel"), numbers_of(inputs[0].output.axes) if inputs else []
    if not kernel or not sizes:
        return
    dilation = max(_constant(layer, "dilation") or [1])
    reach = [dilation * (size - 1) + 1 for size in (kernel * len(sizes))[: len(sizes)]]
    here = _even_padding(layer)
    if here is not None and layer.kind != "Deconv":
        needed = max(-(-(r - n) // 2) for r, n in zip(reach, sizes, strict=True))
        if _explicit(layer) and needed > here:
            for more in range(min(max(reach) - needed, MORE)):
                yield from _changed(graph, index, "padding", 1 + 1.9 * (more > 0) + 0.01 * more, padding=needed + more)
        yield from _changed(graph, index, "padding", 1.2, padding=Padding("same"))
    smallest = min(sizes)
    if smallest < max(reach) and dilation == 1:
        yield from _changed(graph, index, "argument", 1.5, kernel=smallest)


def _smaller_before(graph: Graph, index: int, placed: Sequence[Placed]) -> Iterator[Repair]:
    """Yields the network without the shrinking of a layer before: stride 1, or the layer left out."""
    reached, cost = index, 2.0
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


def _without(graph: Graph, index: int, cost: float) -> Repair:
    """The network without a layer."""
    before = graph.nodes[index].sources[0]
    names = graph.names()

    def moved(source: int) -> int:
        return before if source == index + 1 else source - (source > index + 1)

    nodes = tuple(
        replace(node, sources=tuple(map(moved, node.sources)))
        for number, node in enumerate(_with_explicit_names(graph))
        if number != index
    )
    changed_graph = replace(graph, nodes=nodes, declared=tuple(map(moved, graph.declared)))
    return Repair(f"{names[index]} left out", "layer", cost, changed_graph, "")


def _with_explicit_names(graph: Graph) -> list[Node]:
    """The nodes with explicit names, so that they keep the names that they have in the graph."""
    return [
        node if node.layer.name else replace(node, layer=node.layer.with_name(name))
        for node, name in zip(graph.nodes, graph.names(), strict=True)
    ]


def _groups(graph: Graph, index: int, before: Placed) -> Iterator[Repair]:
    layer = graph.nodes[index].layer
    channels, filters, groups = before.output.channels.constant, _constant(layer, "filters"), _constant(layer, "groups")
    if channels is None or not filters or not groups or groups[0] < 2:
        return
    shared = gcd(channels, filters[0])
    ways = sorted((n for n in range(1, shared + 1) if shared % n == 0), key=lambda n: (abs(n - groups[0]), n))
    for number, way in enumerate(ways[:2]):
        yield from _changed(graph, index, "argument", 1 + 0.1 * number, groups=way)
    if channels % groups[0] == 0:
        for size in dict.fromkeys((-(-filters[0] // groups[0]) * groups[0], filters[0] // groups[0] * groups[0])):
            if size:
                yield from _changed(graph, index, "argument", 1.4, filters=size)


def _divisors(graph: Graph, index: int, name: str, total: int | None) -> Iterator[Repair]:
    now = _constant(graph.nodes[index].layer, name)
    if total is None or not now:
        return
    ways = sorted((n for n in range(1, total + 1) if total % n == 0), key=lambda n: (abs(n - now[0]), n))
    for number, way in enumerate(ways[:2]):
        yield from _changed(graph, index, "argument", 1 + 0.1 * number, **{name: way})


def _reshape(graph: Graph, index: int, before: Placed) -> Iterator[Repair]:
    """Yields another number in the sizes of a reshape."""
    layer = graph.nodes[index].layer
    target = getattr(layer, "target", None)
    sizes, total = numbers_of(before.output.dims), [size.constant for size in target or ()]
    if not sizes or None in total:
        return
    wanted = [size for size in total if size is not None]
    for number in range(len(wanted)):
        rest = prod(size for other, size in enumerate(wanted) if other != number and size > 0)
        if rest and prod(sizes) % rest == 0 and prod(sizes) // rest != wanted[number]:
            new = tuple(prod(sizes) // rest if other == number else size for other, size in enumerate(wanted))
            yield from _changed(graph, index, "argument", 1 + 0.1 * number, target=new)


def _ancestors(graph: Graph, source: int) -> list[int]:
    """The layers that a tensor depends on, counted from 0, the nearest first."""
    layers: dict[int, None] = {}
    waiting = [source]
    while waiting:
        here = waiting.pop(0)
        if here and here - 1 not in layers:
            layers[here - 1] = None
            waiting += graph.nodes[here - 1].sources
    return sorted(layers, reverse=True)


def _join(graph: Graph, index: int, placed: Sequence[Placed], inputs: Sequence[Placed]) -> Iterator[Repair]:
    """Yields changes for branches whose sizes differ: in a layer of a branch, or a crop where they meet."""
    first = inputs[0]
    if isinstance(graph.nodes[index].layer, Elementwise) and any(
        size.constant == 1 for each in inputs for size in each.output.axes
    ):
        yield from _changed(graph, index, "argument", 0.9, stretch=True)
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
                yield _cropped(graph, index, big, small)
        if graph.nodes[index].layer.kind != "Concat":
            pairs = ((ways[0], other), (ways[1], first))
            for way, wanted in pairs:
                yield from _filters(graph, [one for one in way if one not in common], wanted.output.channels.constant)


def _resized(graph: Graph, layers: Sequence[int], missing: Sequence[int]) -> Iterator[Repair]:
    """Yields changes to a layer of a branch that add ``missing`` entries to its output."""
    for count, one in enumerate([index for index in layers if _constant(graph.nodes[index].layer, "kernel")][:4]):
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


def _cropped(graph: Graph, index: int, big: int, small: int) -> Repair:
    """A Crop of one of the joined tensors to the size of another, before the join."""
    nodes = _with_explicit_names(graph)
    join = nodes[index]
    names = {source: "input" if source == 0 else graph.names()[source - 1] for source in join.sources}
    crop = Node(Crop(framework=join.layer.framework), (join.sources[big], join.sources[small]))
    sources = tuple(index + 1 if number == big else source for number, source in enumerate(join.sources))

    def moved(source: int) -> int:
        return source + (source > index)

    after = [replace(node, sources=tuple(map(moved, node.sources))) for node in nodes[index + 1 :]]
    changed_graph = replace(
        graph,
        nodes=(*nodes[:index], crop, replace(join, sources=sources), *after),
        declared=tuple(map(moved, graph.declared)),
    )
    words = f"{names[join.sources[big]]} cropped to {names[join.sources[small]]} before {graph.names()[index]}"
    return Repair(words, "layer", 3, changed_graph, "Crop")
