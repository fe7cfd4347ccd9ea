"""Networks from functions on symbolic tensors in Python.

    x = Input(3, "H", "W")
    y = Conv(64, 3, 1, 1)(x)
    net = Network(x, Add()(x, y))

A layer that is called several times has one set of weights, which counts once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

from symnet.errors import LayerError
from symnet.graph import Graph, Node, input_layout
from symnet.kernel.rules import polynomial_identity
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import CHANNELS_LAST, SEQUENCE, Shape
from symnet.layers.kinds import inputs as given
from symnet.layers.kinds.merges import Add, Combine, Multiply, Subtract
from symnet.layers.kinds.products import MatMul
from symnet.network.listed import Described, settled, with_framework
from symnet.network.propagate import propagate
from symnet.network.value import Sizes, Value
from symnet.terms.sympy_letters import merged

__all__ = ["Input", "Tensor", "TensorAttributeError", "is_symbolic", "traced_graph"]

_counter = count()


#: What is said where a number stands beside a tensor.
_NUMBERS = "a number beside a symbolic tensor changes no size: leave it out, or place Rescaling(scale=2)(y)"


class TensorAttributeError(LayerError, AttributeError):
    """An attribute that tensors of frameworks have and symbolic ones do not."""


class Tensor:
    """The output of a layer that was called on symbolic tensors.

    >>> from symnet.layers.kinds.convolution import Conv
    >>> y = Conv(64, 3, 1, 1)(Input(3, "H", "W"))
    >>> y, y.shape
    (<tensor of Conv|64|3|padding=1>, (64, H, W))
    """

    def __init__(self, layer: Layer, sources: tuple[Tensor, ...]) -> None:
        self.layer, self.sources = layer, sources
        self.label: str | None = None
        self._order = next(_counter)

    @property
    def order(self) -> int:
        """The number of the call; layers stand in the network in the order of their calls."""
        return self._order

    @property
    def shape(self) -> Sizes:
        """Its sizes, without the batch. Raises :class:`symnet.LayerError` if a layer before it does not fit."""
        inputs = [tensor for tensor in _before((self,)) if isinstance(tensor.layer, given.Input)]
        if not inputs:
            raise LayerError("this tensor comes from no Input")
        graph, letters = traced_graph(inputs, self)
        placed = propagate(graph)[-1]
        return Sizes(Value(size, partial(polynomial_identity, size, size), letters) for size in placed.output.dims)

    def named(self, label: str) -> Tensor:
        """The same tensor with a label that notation shows: ``@a``."""
        self.label = label
        return self

    def through(self, layer: Layer, inputs: tuple[Any, ...]) -> Tensor:
        """The output of a layer that is called on ``inputs``."""
        return _called(layer, inputs)

    def __add__(self, other: Any) -> Tensor:
        return _joined(Add(), self, other)

    def __sub__(self, other: Any) -> Tensor:
        return _joined(Subtract(), self, other)

    def __mul__(self, other: Any) -> Tensor:
        return _joined(Multiply(), self, other)

    def __matmul__(self, other: Any) -> Tensor:
        return _joined(MatMul(), self, other)

    def __truediv__(self, other: Any) -> Tensor:
        return _joined(Combine(function="div"), self, other)

    def __radd__(self, other: Any) -> Tensor:
        if type(other) is int and other == 0:  # where sum(tensors) starts
            return self
        return self.__rsub__(other)

    def __rsub__(self, other: Any) -> Tensor:
        raise LayerError(_NUMBERS)

    __rmul__ = __rtruediv__ = __pow__ = __rsub__

    def __neg__(self) -> Tensor:
        raise LayerError(_NUMBERS)

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        raise LayerError("a symbolic tensor has no length: its sizes are y.shape, without the batch")

    def __getitem__(self, index: Any) -> Tensor:
        raise LayerError(
            "a part of a symbolic tensor is a layer: Slice(1, 0, 4)(y) has the first four entries of size 1, Split(2)(y) a half"
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise TensorAttributeError(
            f"a symbolic tensor has no {name}: write a layer, such as Flatten()(y) or Permute((2, 1))(y)"
        )

    def __repr__(self) -> str:
        return f"<tensor of {self.layer.notation}>"


class Input(Tensor):
    """A symbolic input of a network: its sizes one by one, or as one tuple, without the batch. Two of them are two inputs, even with the
    same sizes.

    ``layout`` is ``"HWC"`` for channels last, ``"TD"`` for steps and features, which is also the default for two sizes that a recurrent
    layer reads.

    >>> Input(3, "H", "W"), Input((80, 80, 4), layout="HWC"), Input(3, "H", "W").shape
    (<Input|3*H*W>, <Input|80*80*4|layout=channels_last>, (3, H, W))
    """

    kind = given.Input.kind
    layer: given.Input

    def __init__(self, *shape: Any, **named: Any) -> None:
        super().__init__(given.Input(*shape, **named), ())

    @property
    def notation(self) -> str:
        """The input in notation, as it stands among the layers of a network."""
        return self.layer.notation

    @property
    def name(self) -> str | None:
        """Its name, or ``None``."""
        return self.layer.name

    def __repr__(self) -> str:
        return repr(self.layer)


def _called(layer: Layer, inputs: tuple[Any, ...]) -> Tensor:
    least, most = layer.reads
    sources = tuple(_tensor(one, layer) for one in inputs)
    if layer.labels:
        raise LayerError(f"{layer.kind}: on symbolic tensors a join is given tensors, and no names: {layer.labels!r}")
    if not least <= len(sources) or (most is not None and len(sources) > most):
        wanted = str(least) if least == most else f"at least {least}" if most is None else f"{least} to {most}"
        raise LayerError(f"{layer.notation} is called on {wanted} tensor{'s' * (wanted != '1')}, got {len(sources)}")
    return Tensor(layer, sources)


def _joined(layer: Layer, one: Tensor, other: Any) -> Tensor:
    """The output of a join of two tensors that is written as an operator."""
    if isinstance(other, int | float):
        raise LayerError(_NUMBERS)
    return _called(layer, (one, other))


def _tensor(one: Any, layer: Layer) -> Tensor:
    if isinstance(one, Tensor):
        return one
    if isinstance(one, Layer) and one.reads == (0, 0):
        return Tensor(one, ())
    raise LayerError(f"{layer.notation} is called on symbolic tensors such as Input(3, 'H', 'W'), got {one!r:.60}")


def is_symbolic(value: Any) -> bool:
    """Returns whether a value is a symbolic tensor or a list of symbolic tensors."""
    if isinstance(value, tuple | list):
        return bool(value) and all(is_symbolic(one) for one in value)
    return isinstance(value, Tensor)


def _before(outputs: Iterable[Tensor]) -> list[Tensor]:
    """The outputs and all tensors that they are made from, in the order of the calls."""
    tensors: set[Tensor] = set()
    waiting = list(outputs)
    while waiting:
        tensor = waiting.pop()
        if tensor not in tensors:
            tensors.add(tensor)
            waiting.extend(tensor.sources)
    return sorted(tensors, key=lambda tensor: tensor.order)


def traced_graph(inputs: Any, outputs: Any, framework: str | None = None) -> Described:
    """The graph from inputs to outputs, each one tensor or a list. Raises :class:`symnet.LayerError` if an output needs another
    input.
    """
    starts = [_start(one) for one in (inputs if isinstance(inputs, tuple | list) else (inputs,))]
    ends = [_end(one) for one in (outputs if isinstance(outputs, tuple | list) else (outputs,))]
    if not starts or not ends:
        raise LayerError("a network has at least one input and one output")
    if len(set(starts)) < len(starts):
        raise LayerError("an input is named twice")
    tensors = [tensor for tensor in _before(ends) if tensor not in starts]
    for tensor in tensors:
        if isinstance(tensor.layer, given.Input):
            raise LayerError(f"the output depends on {tensor.layer!r}, which is not among the inputs of the network")
    last = ends[-1]
    # the output that is named last becomes the last layer
    if all(last not in tensor.sources for tensor in tensors) and last in tensors:
        tensors = [*(tensor for tensor in tensors if tensor is not last), last]
    order = [*starts, *tensors]
    positions = {tensor: position for position, tensor in enumerate(order)}
    nodes = [
        Node(_layer(tensor, order), tuple(positions[source] for source in tensor.sources), tensor.label)
        for tensor in order[1:]
    ]
    letters = merged(tensor.layer.letters for tensor in order)
    declared = tuple(positions[end] for end in ends)
    graph = Graph(_shape(starts[0], tensors), tuple(nodes), starts[0].label)
    if declared != graph.outputs():
        graph = replace(graph, declared=declared)
    return Described(settled(with_framework(_shared(graph, order[1:]), framework)), letters)


def _start(one: Any) -> Tensor:
    if not isinstance(one, Tensor) or not isinstance(one.layer, given.Input):
        raise LayerError(f"a network starts from inputs such as Input(3, 'H', 'W'), got {one!r:.60}")
    return one


def _end(one: Any) -> Tensor:
    if not isinstance(one, Tensor):
        raise LayerError(f"a network ends in what layers give on symbolic tensors, got {one!r:.60}")
    return one


def _readers(tensor: Tensor, tensors: list[Tensor]) -> list[Layer]:
    return [reader.layer for reader in tensors if tensor in reader.sources]


def _shape(start: Tensor, tensors: list[Tensor]) -> Shape:
    layer = start.layer
    if not isinstance(layer, given.Input):
        raise LayerError(f"{layer!r} is no input")
    layout = layer.layout or input_layout(len(layer.shape), _readers(start, tensors))
    return Shape(layer.shape, layout, CHANNELS_LAST if layer.layout == CHANNELS_LAST else "")


def _layer(tensor: Tensor, tensors: list[Tensor]) -> Layer:
    """The layer as it stands in the graph; an input of two sizes that a recurrent layer reads gets the layout of steps."""
    layer = tensor.layer
    if not isinstance(layer, given.Input):
        return layer
    layout = layer.layout
    if layout is None and input_layout(len(layer.shape), _readers(tensor, tensors)) == SEQUENCE:
        layout = SEQUENCE
    return given.Input(layer.shape, layout=layout, name=layer.name)


def _shared(graph: Graph, tensors: list[Tensor]) -> Graph:
    """The graph in which a repeated call of a layer shares the weights of its first call."""
    first: dict[int, int] = {}
    again: dict[int, int] = {}
    for index, tensor in enumerate(tensors):
        if first.setdefault(id(tensor.layer), index) != index:
            again[index] = first[id(tensor.layer)]
    if not again:
        return graph
    placed = propagate(graph)[1:]
    names = graph.names()
    nodes = list(graph.nodes)
    for index, origin in again.items():
        if placed[origin].applied.weights or placed[origin].applied.buffers:
            layer = nodes[index].layer
            nodes[index] = replace(nodes[index], layer=replace(layer, shares=layer.shares or names[origin], name=None))
    return replace(graph, nodes=tuple(nodes))
