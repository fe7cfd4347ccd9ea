"""A part of a network as a network of its own: consecutive layers, with the input of the first as input."""

from __future__ import annotations

from dataclasses import replace

from symnet.errors import LayerError
from symnet.graph import Graph
from symnet.network.propagate import Placed

__all__ = ["cut"]


def cut(graph: Graph, placed: tuple[Placed, ...], first: int, last: int) -> Graph:
    """The graph of the layers ``first`` to ``last``, counted from 1. Raises :class:`symnet.LayerError` if one of them reads a tensor
    from before, other than the input of the first.
    """
    if first > last:
        raise LayerError("there is no layer in this part of the network")
    nodes = graph.nodes[first - 1 : last]
    start = nodes[0].sources[0] if nodes[0].sources else first - 1
    names = graph.names()
    shared = any(node.layer.shares for node in nodes)
    kept = []
    for number, node in enumerate(nodes, first):
        outside = [source for source in node.sources if source < first and source != start]
        if outside:
            raise LayerError(
                f"{placed[number].title} reads {placed[outside[0]].name}, which is not in this part of the network"
            )
        sources = tuple(0 if source == start else source - first + 1 for source in node.sources)
        layer = node.layer if node.layer.name or not shared else node.layer.with_name(names[number - 1])
        kept.append(replace(node, layer=layer, sources=sources))
    label = graph.nodes[start - 1].label if start else graph.input_label
    return Graph(placed[start].output, tuple(kept), label)
