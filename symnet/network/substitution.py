"""Substitutes terms for letters in a whole graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from symnet.graph import Graph
from symnet.layers.declaration.substitution import put_in_layer, put_in_sizes
from symnet.terms.term import Symbol, Term, symbols_of

__all__ = ["graph_symbols", "put_in_graph"]


def graph_symbols(graph: Graph) -> list[Symbol]:
    """The letters of the input's sizes and of the layers, in the order of occurrence."""
    return symbols_of(*graph.input.dims, *(symbol for node in graph.nodes for symbol in node.layer.symbols))


def put_in_graph(graph: Graph, chosen: Mapping[Term, Term]) -> Graph:
    """The graph with the terms ``chosen`` substituted for letters; layers without these letters stay the same objects."""
    nodes = tuple(replace(node, layer=put_in_layer(node.layer, chosen)) for node in graph.nodes)
    return replace(graph, input=replace(graph.input, dims=put_in_sizes(graph.input.dims, chosen)), nodes=nodes)
