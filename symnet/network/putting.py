"""Terms in the place of letters, in a whole graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from symnet.graph import Graph
from symnet.layers.padding import Padding
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["graph_symbols", "put_in_graph"]


def graph_symbols(graph: Graph) -> list[Symbol]:
    """The letters of the input's sizes and of the layers, as they are met."""
    return symbols_of(*graph.input.dims, *(symbol for node in graph.nodes for symbol in node.layer.symbols))


def put_in_graph(graph: Graph, chosen: Mapping[Term, Term]) -> Graph:
    """The graph with terms in the place of letters; layers that have none of them stay the same objects."""
    nodes = tuple(
        replace(
            node,
            layer=replace(
                node.layer, **{f.name: _put(getattr(node.layer, f.name), chosen) for f in fields(node.layer)}
            ),
        )
        if not chosen.keys().isdisjoint(node.layer.symbols)
        else node
        for node in graph.nodes
    )
    return replace(graph, input=replace(graph.input, dims=_put(graph.input.dims, chosen)), nodes=nodes)


def _put(value: Any, chosen: Mapping[Term, Term]) -> Any:
    if isinstance(value, Term):
        put = substitute(value, chosen)
        return put if put.constant is None else integer(put.constant)
    if isinstance(value, Padding):
        return Padding(value.mode, _put(value.pairs, chosen))
    return tuple(_put(item, chosen) for item in value) if isinstance(value, tuple) else value
