"""Graphs of layers: an input shape and nodes in order, each after the nodes it reads from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import CHANNELS_FIRST, SEQUENCE, VECTOR, Shape

__all__ = ["Graph", "Node", "input_layout"]


def input_layout(sizes: int, readers: Iterable[Layer]) -> str:
    """How an input of so many sizes is read where nobody says: one size is a vector, two before a recurrent layer are steps
    and features, all others are channels and axes."""
    if sizes == 1:
        return VECTOR
    return SEQUENCE if sizes == 2 and any(layer.sequential for layer in readers) else CHANNELS_FIRST


@dataclass(frozen=True)
class Node:
    """A layer in its place. ``sources`` are positions: 0 is the input, 1 the first layer, …; ``origin`` says where an imported
    layer came from: ``layer1.0.conv1 (torch.nn.Conv2d)``."""

    layer: Layer
    sources: tuple[int, ...]
    label: str | None = None
    origin: str = field(default="", compare=False)


@dataclass(frozen=True)
class Graph:
    """An input and the layers in order. ``declared`` are the positions of what the model gives, in its order, where an importer
    knows them; notation does not say it, and there every output that no layer reads is an output of the network."""

    input: Shape
    nodes: tuple[Node, ...]
    input_label: str | None = None
    declared: tuple[int, ...] = field(default=(), compare=False)
    #: what is read otherwise than many people would mean it, each in a sentence
    notes: tuple[str, ...] = field(default=(), compare=False)

    def names(self) -> tuple[str, ...]:
        """The name of every layer: its own, or its kind's prefix and a number (conv1, conv2, maxpool1, …)."""
        return self._names

    @cached_property
    def _names(self) -> tuple[str, ...]:
        taken = {node.layer.name for node in self.nodes if node.layer.name}
        counts: dict[str, int] = {}
        names: list[str] = []
        for node in self.nodes:
            name = node.layer.name
            while name is None:
                prefix = node.layer.prefix
                counts[prefix] = counts.get(prefix, 0) + 1
                candidate = f"{prefix}{counts[prefix]}"
                name = candidate if candidate not in taken else None
            names.append(name)
        return tuple(names)

    @property
    def framework(self) -> str | None:
        """The framework that all layers name, where it is one and the same."""
        named = {node.layer.framework for node in self.nodes}
        return named.pop() if len(named) == 1 else None

    def outputs(self) -> tuple[int, ...]:
        """The positions of what the network gives: those declared, else those that no layer reads."""
        return tuple(dict.fromkeys(self.declared)) or self.unread()

    @property
    def first_output(self) -> int:
        """The position of what the network gives first: of the outputs that are declared, else the last layer."""
        return self.declared[0] if self.declared else len(self.nodes)

    def unread(self) -> tuple[int, ...]:
        """The positions of layers that no layer reads; the last one's is always among them."""
        read = {source for node in self.nodes for source in node.sources}
        return tuple(place for place in range(1, len(self.nodes) + 1) if place not in read) or (0,)

    def ends(self) -> tuple[int, ...]:
        """The outputs, and after them what else no layer reads: all that must be given for every layer to count."""
        return tuple(dict.fromkeys((*self.outputs(), *self.unread())))
