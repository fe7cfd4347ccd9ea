"""The boxes of the network figure, each a layer with the elementwise layers after it; and the edges between boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from symnet.layers.kinds.joins import Crop
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.render.module_paths import module_of

__all__ = ["Unit", "shared_module", "units_of"]


@dataclass(frozen=True)
class Unit:
    """The layers in one box: the first one, and those that follow on the same tensor. ``sources`` are the numbers of the boxes that it
    reads, each once; ``edges`` are the numbers of the layers behind them, as pairs (from, to). A box ``outside`` of what a figure shows
    stands for a tensor that is read there.
    """

    number: int
    layers: tuple[Placed, ...]
    sources: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]
    module: tuple[str, ...] = ()
    outside: bool = False

    @property
    def first(self) -> Placed:
        """The layer that gives the box its words."""
        return self.layers[0]

    @property
    def last(self) -> Placed:
        """The layer whose output leaves the box."""
        return self.layers[-1]

    @cached_property
    def key(self) -> Hashable:
        """A key that is equal for boxes that look the same."""
        return self.outside, tuple(map(_key, self.layers))


def _key(node: Placed) -> Hashable:
    layer = node.layer
    what: Hashable = layer.kind if layer is not None and layer.kind == "Dropout" else layer and layer.unnamed
    return what, node.output.dims, tuple(shape.dims for shape in node.inputs)


def units_of(network: Network) -> list[Unit]:
    """The boxes in the network's order; the first one is the input."""
    readers = Counter(source for node in network.placed for source in node.sources)
    normalized = _sums_are_normalized(network, readers)
    outputs = set(network.graph.outputs())
    modules = [(), *(module_of(node.origin) for node in network.graph.nodes)]
    runs: list[list[Placed]] = []
    for node in network.placed:
        before = network.placed[node.index - 1] if node.index else None
        alone = before is not None and readers[before.index] == 1 and before.index not in outputs
        alone = alone and _within(modules[node.index], modules[runs[-1][0].index])
        if (
            before is not None
            and runs
            and alone
            and before.layer is not None
            and _belongs(node, before, runs[-1], normalized)
        ):
            runs[-1].append(node)
        else:
            runs.append([node])
    box_of = {node.index: number for number, run in enumerate(runs) for node in run}
    return [_unit(number, run, box_of, modules[run[0].index]) for number, run in enumerate(runs)]


def _sums_are_normalized(network: Network, readers: Mapping[int, int]) -> bool:
    """Returns whether every sum of the network is read only by a normalization, so that both are one box: "add & norm". Where some sums
    are read by others, too, a normalization after one of them is the beginning of what follows, or its end.
    """
    sums = [node for node in network.placed if node.layer is not None and node.layer.kind == "Add"]
    weighted = {node.sources[0] for node in network.placed if node.applied.weights and len(node.sources) == 1}
    return all(readers[node.index] == 1 and node.index in weighted for node in sums)


def _belongs(node: Placed, before: Placed, run: list[Placed], normalized: bool) -> bool:
    """Returns whether a layer only works on the entries of the tensor before it (activation, normalization, dropout), or joins
    tensors that were cropped for it. A normalization belongs to a layer with parameters, or to a sum where all of them are normalized.
    """
    if isinstance(before.layer, Crop) and len(run) == 1:
        return before.index in node.sources and len(node.sources) > 1
    if node.sources != (before.index,) or node.output != before.output or any(node.applied.maps):
        return False
    first = run[0]
    kept = bool(first.applied.weights) or (normalized and first.layer is not None and first.layer.kind == "Add")
    return not node.applied.weights or (kept and all(len(weight.shape) <= 1 for weight in node.applied.weights))


def _within(module: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Returns whether a module is the other one or inside it."""
    return module[: len(other)] == other


def _unit(number: int, run: Sequence[Placed], box_of: dict[int, int], module: tuple[str, ...]) -> Unit:
    edges = {
        box_of[source]: (source, node.index)
        for node in reversed(run)
        for source in reversed(node.sources)
        if box_of[source] != number
    }
    ordered = sorted(edges)
    return Unit(number, tuple(run), tuple(ordered), tuple(edges[source] for source in ordered), module)


def shared_module(units: Iterable[Unit]) -> tuple[str, ...]:
    """The innermost module that all the boxes are in."""
    modules = [unit.module for unit in units]
    depth = next((depth for depth, names in enumerate(zip(*modules, strict=False)) if len(set(names)) > 1), None)
    return min(modules, key=len)[:depth]
