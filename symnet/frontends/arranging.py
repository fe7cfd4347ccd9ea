"""The order of an imported network's layers: the model's main output last, without layers that no output needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from symnet.graph import Node
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.inputs import Unused

__all__ = ["arranged", "behind", "used"]


def arranged(
    nodes: Sequence[Node], outputs: Sequence[int], holding: Iterable[int] = ()
) -> tuple[tuple[Node, ...], tuple[int, ...]]:
    """The nodes with the layer of ``outputs[0]`` last, unless another output needs it, and the new indices of the
    outputs. Nodes that lead neither to an output nor to one in ``holding`` (they have parameters) are left out; the
    others keep their order.

    >>> from symnet.layers.kinds.elementwise import Activation
    >>> relu, tanh, unused = (Activation(name, name=name) for name in ("relu", "tanh", "sigmoid"))
    >>> found, places = arranged([Node(relu, (0,)), Node(unused, (1,)), Node(tanh, (0,))], [1, 3])
    >>> [node.layer.name for node in found], places
    (['tanh', 'relu'], (2, 1))
    """
    before = _needs(nodes)
    kept = _reached(before, [*outputs, *holding])
    read = {source for place in kept for source in before[place]}
    others = [place for place in kept if place not in read and place != outputs[0]]
    early = _reached(before, [*others, *outputs[1:]])
    order = [place for place in sorted(kept) if place in early] + [
        place for place in sorted(kept) if place not in early
    ]
    place_of = {0: 0, **{old: new for new, old in enumerate(order, 1)}}
    moved = tuple(
        replace(nodes[old - 1], sources=tuple(place_of[source] for source in nodes[old - 1].sources)) for old in order
    )
    return moved, tuple(place_of[place] for place in outputs)


def used(nodes: Sequence[Node], outputs: Sequence[int]) -> tuple[tuple[Node, ...], tuple[int, ...]]:
    """The nodes with a final ``Unused`` node if some result is neither an output nor read: it reads that result beside
    the first output, and passes the first output on. Also the new indices of the outputs.
    """
    read = {source for node in nodes for source in node.sources}
    others = [place for place in range(1, len(nodes) + 1) if place not in read and place not in outputs]
    if not others or not outputs:
        return tuple(nodes), tuple(outputs)
    taken = {node.layer.name for node in nodes}
    name = next(name for name in ("unused", *map("unused_{}".format, range(2, len(nodes) + 3))) if name not in taken)
    last = Node(Unused(name=name), (outputs[0], *others))
    place = len(nodes) + 1
    return (*nodes, last), tuple(place if output == outputs[0] else output for output in outputs)


def behind(nodes: Sequence[Node], layers: Sequence[Layer]) -> tuple[Node, ...]:
    """The nodes with ``layers`` inserted right after the input."""
    count = len(layers)
    first = tuple(Node(layer, (place,)) for place, layer in enumerate(layers))
    return (*first, *(replace(node, sources=tuple(place + count for place in node.sources)) for node in nodes))


def _needs(nodes: Sequence[Node]) -> list[tuple[int, ...]]:
    """For each node, the nodes it needs: its sources, and the layer whose weights it shares."""
    places = {node.layer.name: place for place, node in enumerate(nodes, 1)}
    needs: list[tuple[int, ...]] = [()]
    for node in nodes:
        shared = places.get(node.layer.shares) if node.layer.shares else None
        needs.append(node.sources if shared is None else (*node.sources, shared))
    return needs


def _reached(before: Sequence[tuple[int, ...]], ends: Sequence[int]) -> set[int]:
    """The indices of these nodes and of all they need, without the input."""
    reached: set[int] = set()
    stack = list(ends)
    while stack:
        place = stack.pop()
        if place and place not in reached:
            reached.add(place)
            stack += before[place]
    return reached
