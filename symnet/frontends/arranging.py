"""The order of an imported network's layers: the model's main output last, and nothing that no output needs."""

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
    """The nodes with ``outputs[0]`` as the last place, where no other output needs it; parts that lead to no output and to
    none of the places ``holding`` (parameters) are left out. All others keep their order. And where the outputs are then.

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
    """The nodes with one more last one, where something is no output and no node reads it: that one reads it beside the first
    output, and gives the first output. And where the outputs are then.
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
    """The nodes with ``layers`` right after the input."""
    count = len(layers)
    first = tuple(Node(layer, (place,)) for place, layer in enumerate(layers))
    return (*first, *(replace(node, sources=tuple(place + count for place in node.sources)) for node in nodes))


def _needs(nodes: Sequence[Node]) -> list[tuple[int, ...]]:
    """What each place needs before it: what it reads, and whose weights it uses."""
    places = {node.layer.name: place for place, node in enumerate(nodes, 1)}
    found: list[tuple[int, ...]] = [()]
    for node in nodes:
        shared = places.get(node.layer.shares) if node.layer.shares else None
        found.append(node.sources if shared is None else (*node.sources, shared))
    return found


def _reached(before: Sequence[tuple[int, ...]], ends: Sequence[int]) -> set[int]:
    """These places and all that they need, the input left out."""
    found: set[int] = set()
    waiting = list(ends)
    while waiting:
        place = waiting.pop()
        if place and place not in found:
            found.add(place)
            waiting += before[place]
    return found
