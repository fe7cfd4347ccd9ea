"""Building a network from a framework's model, layer by layer; the sizes of a layer are known as soon as it is added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from symnet.errors import LayerError, ModelError
from symnet.frontends.arranging import arranged, behind, used
from symnet.graph import Graph, Node
from symnet.layers.declaration.base import Layer, Weight
from symnet.layers.declaration.shape import CHANNELS_FIRST, SEQUENCE, Shape
from symnet.layers.kinds.inputs import Input
from symnet.layers.kinds.reshaping import Layout
from symnet.network.costs import work_sets
from symnet.network.propagate import Placed, place_input, place_layer
from symnet.public import Network
from symnet.terms.term import symbols_of

__all__ = ["Builder", "Tensor"]

#: Kinds of layers that give the numbers that they get, or some of them, in another arrangement.
ARRANGING = frozenset(
    ("Reshape", "Flatten", "Permute", "Squeeze", "ExpandDims", "Layout", "Slice", "Split", "Take", "Repeat")
)


@dataclass(frozen=True)
class Tensor:
    """An output in the network under construction: the index of its layer, and its shape without the batch."""

    place: int
    shape: Shape


class Builder:
    """Collects layers in the order in which they are applied.

    >>> from symnet.layers.kinds.convolution import Conv
    >>> from symnet.terms.term import Symbol, integer
    >>> builder = Builder("Keras")
    >>> image = builder.input(Shape((integer(3), Symbol("H"), Symbol("W"))))
    >>> builder.add(Conv(8, 3), image, name="stem", origin="stem (Conv2D)").shape.dims[0]
    <Int 8>
    >>> builder.network("a stem").placed[-1].name
    'stem'
    """

    def __init__(self, framework: str) -> None:
        self.framework = framework  # the name of the framework in messages
        self._nodes: list[Node] = []
        self._placed: list[Placed] = []
        self._held: dict[str, tuple[Weight, ...]] = {}  # the weights of each layer, by name
        self._notes: list[str] = []  # remarks for the user that no layer expresses
        self._merges_batch = False  # whether that was remarked

    def input(self, shape: Shape, name: str = "input") -> Tensor:
        """Adds an input: the network's input first, then further ones as layers."""
        if not self._placed:
            self._placed.append(place_input(shape))
            return Tensor(0, shape)
        return self.add(Input(shape.dims, layout=shape.layout), name=name, origin=f"{name} (input)")

    def add(self, layer: Layer, *inputs: Tensor, name: str, origin: str) -> Tensor:
        """Adds a layer on ``inputs`` and returns its output. ``origin`` names it in the model, with its class:
        ``layer1.0.conv1 (torch.nn.Conv2d)``. Raises :class:`ModelError` if it does not fit.
        """
        # a sequential layer reads the last size as features, even if earlier layers had channels there
        if layer.sequential:
            inputs = tuple(self._as_steps(tensor, name, origin) for tensor in inputs)
        layer = layer.with_name(self.free(name))
        sources = tuple(tensor.place for tensor in inputs)
        try:
            placed = place_layer(layer.name or "", layer, sources, self._placed, self._held)
        except LayerError as refused:
            raise ModelError(
                f"{self.framework}: {origin}: {refused}",
                layer=refused.layer,
                condition=refused.condition,
                fits=refused.fits,
            ) from None
        self._placed.append(placed)
        self._nodes.append(Node(layer, sources, origin=origin))
        return Tensor(placed.index, placed.output)

    def _as_steps(self, tensor: Tensor, name: str, origin: str) -> Tensor:
        shape = tensor.shape
        if len(shape.dims) != 2 or shape.layout != CHANNELS_FIRST or not shape.spatial:
            return tensor
        return self.add(Layout(SEQUENCE), tensor, name=f"{name}.layout", origin=origin)

    def layer(self, place: int) -> Layer:
        """The layer with this index."""
        return self._nodes[place - 1].layer

    def arrays(self, place: int) -> tuple[str, ...]:
        """The names of the arrays of the layer with this index, its own or shared."""
        return tuple(weight.name for weight in self._held[self._placed[place].name])

    def amend(self, place: int, **fields: Any) -> None:
        """Sets fields of a layer after it was added, on which no size depends: its penalties, its loss."""
        layer = replace(self.layer(place), **fields)
        self._nodes[place - 1] = replace(self._nodes[place - 1], layer=layer)
        self._placed[place] = replace(self._placed[place], layer=layer)

    def note(self, sentence: str) -> None:
        """Adds a remark for the user that no layer of the network expresses."""
        self._notes.append(sentence)

    def note_merged_batch(self, sizes: str, share: str) -> None:
        """Adds a remark on the layer added last, whose tensor has the batch merged into a size: once for a model."""
        if not self._merges_batch:
            self._merges_batch = True
            self.note(
                f"in the model the batch is merged into a size, first by {self.last_name}, whose tensor is {sizes}; "
                f"here it is one example's part, {share}"
            )

    def free(self, name: str) -> str:
        """``name``, with a number appended if a layer has it already."""
        found, number = name, 1
        while found in self._held:
            number += 1
            found = f"{name}_{number}"
        return found

    def __len__(self) -> int:
        return len(self._placed)

    def back_to(self, length: int) -> None:
        """Removes all layers after the first ``length`` entries, which include the input."""
        for placed in self._placed[length:]:
            del self._held[placed.name]
        del self._placed[length:]
        del self._nodes[max(length - 1, 0) :]

    def names_after(self, length: int) -> set[str]:
        """The names of all layers after the first ``length`` entries."""
        return {placed.name for placed in self._placed[length:]}

    def is_given(self, tensor: Tensor) -> bool:
        """Whether its numbers are those of an input, or some of them, in whatever arrangement."""
        place = tensor.place
        while place and self.layer(place).kind in ARRANGING:
            (place,) = self._nodes[place - 1].sources
        return place == 0 or isinstance(self.layer(place), Input)

    @property
    def last_name(self) -> str:
        """The name of the layer that was added last."""
        return self._placed[-1].name

    def weights_of(self, name: str) -> tuple[Weight, ...]:
        """The weights of the layer with this name."""
        return self._held[name]

    def counted(self, tensor: Tensor) -> int | None:
        """The number of parameters of the layer that produces ``tensor``; ``None`` if it depends on symbols."""
        weights = self._placed[tensor.place].applied.weights
        sizes = [[size.constant for size in weight.shape] for weight in weights]
        return None if any(None in shape for shape in sizes) else sum(map(prod, sizes))  # type: ignore[arg-type]

    def network(
        self, title: str, outputs: Sequence[Tensor] = (), requires: Sequence[Layer] = (), *, arrange: bool = True
    ) -> Network:
        """The network of all layers so far, with these ``outputs``. With ``arrange`` the first output comes last if
        the order permits, and layers that no output needs are left out unless they have parameters, work or
        conditions. ``requires`` are layers inserted right after the input.
        """
        if not self._placed:
            raise ModelError(f"{self.framework}: the model has no input")
        nodes, given = tuple(self._nodes), tuple(tensor.place for tensor in outputs)
        if outputs and arrange:
            nodes, given = arranged(nodes, given, [place.index for place in self._placed if _counts(place)])
            nodes, given = used(nodes, given)
        nodes = behind(nodes, requires)
        declared = tuple(place + len(requires) for place in given)
        same = list(nodes) == self._nodes  # otherwise the indices have changed
        graph = Graph(self._placed[0].output, nodes, declared=declared, notes=tuple(self._notes))
        network = Network.of(graph, tuple(self._placed) if same else None)
        network.title = title
        return network


def _counts(placed: Placed) -> bool:
    """Whether a layer belongs to the model even if no output needs it: it has parameters or work, or conditions on
    sizes with letters (those on numbers hold, or it would not have been added).
    """
    if placed.layer is None:
        return False
    axes = any(map_ is not None for map_ in placed.applied.maps) and bool(symbols_of(*placed.output.dims))
    return bool(
        placed.applied.weights
        or symbols_of(*(condition.proposition for condition in placed.applied.conditions))
        or isinstance(placed.layer, Input)
        or axes
        or work_sets(placed)
    )
