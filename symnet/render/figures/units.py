"""The boxes of the network figure: a layer with those that only work on the entries of its tensor, and the edges between boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from symnet.layers.kinds.joins import Crop
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.render.modules import module_of

__all__ = ["Unit", "shared_module", "units_of"]


@dataclass(frozen=True)
class Unit:
    """Layers that stand in one box: the first, and those that follow on the same tensor. ``sources`` are the positions of the
    boxes that it reads, each once; ``edges`` the layers behind them, (from, to) by their numbers."""

    number: int
    places: tuple[Placed, ...]
    sources: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]
    module: tuple[str, ...] = ()

    @property
    def first(self) -> Placed:
        """The layer that gives the box its words."""
        return self.places[0]

    @property
    def last(self) -> Placed:
        """The layer whose output leaves the box."""
        return self.places[-1]

    @cached_property
    def key(self) -> Hashable:
        """Equal for boxes that look the same."""
        return tuple(map(_key, self.places))


def _key(place: Placed) -> Hashable:
    layer = place.layer
    what: Hashable = layer.kind if layer is not None and layer.kind == "Dropout" else layer and layer.unnamed
    return what, place.output.dims, tuple(shape.dims for shape in place.inputs)


def units_of(network: Network) -> list[Unit]:
    """The boxes in the network's order; the input is the first."""
    readers = Counter(source for place in network.placed for source in place.sources)
    given = set(network.graph.outputs())
    modules = [(), *(module_of(node.origin) for node in network.graph.nodes)]
    runs: list[list[Placed]] = []
    for place in network.placed:
        before = network.placed[place.index - 1] if place.index else None
        alone = before is not None and readers[before.index] == 1 and before.index not in given
        alone = alone and _within(modules[place.index], modules[runs[-1][0].index])
        if before is not None and runs and alone and before.layer is not None and _belongs(place, before, runs[-1]):
            runs[-1].append(place)
        else:
            runs.append([place])
    where = {place.index: number for number, run in enumerate(runs) for place in run}
    return [_unit(number, run, where, modules[run[0].index]) for number, run in enumerate(runs)]


def _belongs(place: Placed, before: Placed, run: list[Placed]) -> bool:
    """Whether a layer only works on the entries of the tensor before it (activations, normalization, dropout), or joins what
    was cropped for it."""
    if isinstance(before.layer, Crop) and len(run) == 1:
        return before.index in place.sources and len(place.sources) > 1
    alone = place.sources == (before.index,) and place.output == before.output
    return alone and not any(place.applied.maps) and all(len(weight.shape) <= 1 for weight in place.applied.weights)


def _within(module: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a module is the other or one inside it."""
    return module[: len(other)] == other


def _unit(number: int, run: Sequence[Placed], where: dict[int, int], module: tuple[str, ...]) -> Unit:
    edges = {
        where[source]: (source, place.index)
        for place in reversed(run)
        for source in reversed(place.sources)
        if where[source] != number
    }
    ordered = sorted(edges)
    return Unit(number, tuple(run), tuple(ordered), tuple(edges[source] for source in ordered), module)


def shared_module(units: Iterable[Unit]) -> tuple[str, ...]:
    """The innermost module that all the boxes stand in."""
    modules = [unit.module for unit in units]
    depth = next((at for at, names in enumerate(zip(*modules, strict=False)) if len(set(names)) > 1), None)
    return min(modules, key=len)[:depth]
