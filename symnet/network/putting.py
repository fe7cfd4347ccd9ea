"""Terms in the place of letters, in a whole graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from symnet.graph import Graph
from symnet.layers.declaration.substitution import put_in_layer, put_in_sizes
from symnet.terms.term import Symbol, Term, symbols_of

__all__ = ["graph_symbols", "put_in_graph"]


def graph_symbols(graph: Graph) -> list[Symbol]:
    """The letters of the input's sizes and of the layers, as they are met."""
    return symbols_of(*graph.input.dims, *(symbol for node in graph.nodes for symbol in node.layer.symbols))


def put_in_graph(graph: Graph, chosen: Mapping[Term, Term]) -> Graph:
    """The graph with terms in the place of letters; layers that have none of them stay the same objects."""
    nodes = tuple(replace(node, layer=put_in_layer(node.layer, chosen)) for node in graph.nodes)
    return replace(graph, input=replace(graph.input, dims=put_in_sizes(graph.input.dims, chosen)), nodes=nodes)
