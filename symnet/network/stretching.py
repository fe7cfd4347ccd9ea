"""Sizes that are 1 for all values of a network's letters stretch in joins; at numbers they are 1 by chance, so the joins are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from symnet.errors import LayerError
from symnet.graph import Graph
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.merges import Elementwise
from symnet.network.propagate import Placed, propagate
from symnet.network.substitution import put_in_graph
from symnet.terms.term import Term

__all__ = ["at_terms"]


def at_terms(graph: Graph, chosen: Mapping[Term, Term]) -> Graph:
    """The graph with terms substituted for letters. If it then fits no longer, since a size that is 1 for all letters is a number that
    is 1 by chance, the joins that stretch such a size have ``stretch``.

    >>> from symnet.notation.parse import parse_network
    >>> from symnet.terms.term import Symbol, integer
    >>> graph = at_terms(parse_network("(3*W*W) @a -> Maxpool|W -> Add|a"), {Symbol("W"): integer(5)})
    >>> [node.layer.notation for node in graph.nodes]
    ['Maxpool|5', 'Add|stretch=yes']
    """
    there = put_in_graph(graph, dict(chosen))
    if not any(isinstance(node.layer, Elementwise) and not node.layer.stretch for node in graph.nodes):
        return there
    if _fitting(there) is not None:
        return there
    placed = _fitting(graph)
    if placed is None:  # there are no sizes of letters to go by
        return there
    nodes = [
        replace(node, layer=_stretching(node.layer))
        if isinstance(node.layer, Elementwise) and _stretches(before)
        else node
        for node, before in zip(there.nodes, placed[1:], strict=True)
    ]
    return replace(there, nodes=tuple(nodes))


def _fitting(graph: Graph) -> tuple[Placed, ...] | None:
    try:
        return propagate(graph)
    except LayerError:
        return None


def _stretching(layer: Layer) -> Layer:
    changed: dict[str, Any] = {"stretch": True}
    return replace(layer, **changed)


def _stretches(node: Placed) -> bool:
    """Returns whether an input of a join has a size that is 1 along an axis, where the output has another."""
    outputs = node.output.dims
    return any(
        size.constant == 1 and output.constant != 1
        for shape in node.inputs
        for index, (size, output) in enumerate(zip(shape.dims, outputs, strict=True))
        if index in shape.axis_indices
    )
