"""A parsed network before any size is worked out: an input shape, and layers in order, each after the layers it reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import CHANNELS_FIRST, SEQUENCE, VECTOR, Shape

__all__ = ["Graph", "Node", "input_layout"]


def input_layout(sizes: int, readers: Iterable[Layer]) -> str:
    """The default layout of an input with ``sizes`` dimensions (the batch left out) that the layers ``readers`` read.

    One size is a vector; two before a recurrent layer are steps and features; otherwise channels come first, then axes.
    """
    if sizes == 1:
        return VECTOR
    return SEQUENCE if sizes == 2 and any(layer.sequential for layer in readers) else CHANNELS_FIRST


@dataclass(frozen=True)
class Node:
    """A layer in a graph. ``sources`` are the positions it reads: 0 is the input, 1 the first layer, …; ``origin`` names the
    layer of the framework that it was imported from, as in ``layer1.0.conv1 (torch.nn.Conv2d)``.
    """

    layer: Layer
    sources: tuple[int, ...]
    label: str | None = None
    origin: str = field(default="", compare=False)


@dataclass(frozen=True)
class Graph:
    """An input shape and the layers in order. ``declared`` are the positions of the outputs in their order, where an importer
    knows them; it is empty for notation, in which every layer that no other layer reads is an output.
    """

    input: Shape
    nodes: tuple[Node, ...]
    input_label: str | None = None
    declared: tuple[int, ...] = field(default=(), compare=False)
    #: sentences about text that many people would mean differently than it was read
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
        """The framework that all layers name, or ``None`` if they name several or none."""
        named = {node.layer.framework for node in self.nodes}
        return named.pop() if len(named) == 1 else None

    def outputs(self) -> tuple[int, ...]:
        """The positions of the outputs: those declared, else those of the layers that no layer reads."""
        return tuple(dict.fromkeys(self.declared)) or self.unread()

    @property
    def first_output(self) -> int:
        """The position of the first output: the first one declared, else the last layer."""
        return self.declared[0] if self.declared else len(self.nodes)

    def unread(self) -> tuple[int, ...]:
        """The positions of the layers that no layer reads; the last layer is always among them."""
        read = {source for node in self.nodes for source in node.sources}
        return tuple(position for position in range(1, len(self.nodes) + 1) if position not in read) or (0,)

    def ends(self) -> tuple[int, ...]:
        """The outputs, then the other layers that no layer reads: computing these computes every layer."""
        return tuple(dict.fromkeys((*self.outputs(), *self.unread())))
