"""One node of a graph as its operator's handler sees it: inputs, attributes, and a way to place layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from symnet.errors import LayerError
from symnet.frontends.building import Tensor
from symnet.frontends.onnx.constants.numbers import as_fraction
from symnet.frontends.onnx.model_file import attributes
from symnet.frontends.onnx.state import State
from symnet.frontends.onnx.values import Array, Flow, Value
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import CHANNELS_FIRST, Shape
from symnet.layers.kinds.arrays import Parameter
from symnet.layers.kinds.reshaping import Layout, Reshape
from symnet.terms.term import Term, integer

__all__ = ["Call", "Handler"]


@dataclass
class Call:
    """A node. Its methods raise :class:`LayerError` in words; the importer says which node it is."""

    state: State
    node: Any
    inputs: Sequence[Value | None]
    opset: int
    #: the outputs of a graph inside a node
    branch: Callable[[Any, Any], Sequence[Value | None]]
    given: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.given = attributes(self.node)

    # ---- what it is given ------------------------------------------------------------------------------------------

    @property
    def op(self) -> str:
        """The operator's name."""
        return str(self.node.op_type)

    @property
    def batch(self) -> Term:
        """How many samples there are: a number, or a symbol of its own."""
        return self.state.batch

    def attribute(self, name: str, default: Any = None) -> Any:
        """An attribute, or its default."""
        return self.given.get(name, default)

    def has(self, index: int) -> bool:
        """Whether input ``index`` is there."""
        return index < len(self.inputs) and self.inputs[index] is not None

    def wants(self, index: int) -> bool:
        """Whether anything reads output ``index``."""
        return index < len(self.node.output) and self.state.is_read(self.node.output[index])

    def value(self, index: int) -> Value:
        """Input ``index``."""
        found = self.inputs[index] if index < len(self.inputs) else None
        if found is None:
            raise LayerError(f"input {index} is missing")
        return found

    def operand(self, index: int) -> Value:
        """Input ``index``; an array that has an entry for each sample as a tensor."""
        found = self.value(index)
        return found if isinstance(found, Flow) or self.batch not in found.dims else self.loose(index)

    def flow(self, index: int = 0) -> Flow:
        """Input ``index`` as a tensor with a size for every dimension but the batch."""
        return self.tight(self.loose(index))

    def loose(self, index: int = 0) -> Flow:
        """Input ``index`` as a tensor, in which dimensions of size 1 may be left out."""
        found = self.value(index)
        return found if isinstance(found, Flow) else self.placed(found, self.node.input[index])

    def plain(self, index: int = 0) -> Flow:
        """Input ``index``, whose first dimension is the batch."""
        found = self.flow(index)
        if not found.plain:
            raise LayerError(f"reads the first dimension as the batch, and input {index} has its batch elsewhere")
        return found

    def image(self, index: int = 0) -> Flow:
        """Input ``index`` as (channels, axes), whatever it was before."""
        found = self.plain(index)
        if len(found.shape.dims) > 1 and found.shape.channel_index:
            found = found.on(self.add(Layout(CHANNELS_FIRST), found.tensor, name="layout"))
        return found

    @property
    def arrays(self) -> list[Array]:
        """The inputs that are arrays."""
        return [value for value in self.inputs if isinstance(value, Array)]

    def array(self, index: int) -> Array:
        """Input ``index``, which must be known before the model runs."""
        found = self.value(index)
        if isinstance(found, Flow):
            raise LayerError(f"input {index} depends on the model's input")
        return found

    def entries(self, index: int) -> list[Any]:
        """The numbers of input ``index``, in a row."""
        found = self.array(index).entries
        numbers = None if found is None else list(found.reshape(-1))
        if numbers is None or any(number is None for number in numbers):
            raise LayerError(f"input {index} ({self.node.input[index]}) is not known before the model runs")
        return numbers

    def terms(self, index: int) -> list[Term]:
        """The integers of input ``index``."""
        numbers = self.entries(index)
        if not all(isinstance(number, Term) for number in numbers):
            raise LayerError(f"input {index} ({self.node.input[index]}) has numbers that are no integers")
        return numbers

    def ints(self, name: str, index: int | None = None) -> list[int] | None:
        """Integers that are an attribute, or input ``index`` in newer versions; ``None`` where neither is there."""
        if name in self.given:
            return list(self.given[name])
        if index is None or not self.has(index):
            return None
        numbers = [term.constant for term in self.terms(index)]
        if None in numbers:
            raise LayerError(f"{name} depend on the size of the input")
        return numbers  # type: ignore[return-value]

    def scale(self, index: int) -> str | None:
        """The one number of an array, as text; ``None`` where it is not known."""
        found = self.array(index).entries
        number = None if found is None else as_fraction(found.reshape(-1)[0])
        return None if number is None else f"{float(number):g}"

    # ---- what it does ----------------------------------------------------------------------------------------------

    def add(self, layer: Layer, *tensors: Tensor, weights: dict[str, Array] | None = None, name: str = "") -> Tensor:
        """A layer. ``weights`` says which arrays its weights are, by their names (two names: two weights in one array), so
        that each array counts once."""
        return self.state.add(self.node, layer, tensors, weights or {}, name)

    def placed(self, array: Array, name: str, shape: Shape | None = None) -> Flow:
        """An array as a tensor of its own, the same for all samples; ``shape`` says how it is read."""
        known = self.state.arrays.get((name, shape))
        if known is not None and shape is None:
            return known
        dims, place = shape.dims if shape else array.dims or (integer(1),), None
        if shape is None and self.batch.constant is None and self.batch in dims and len(dims) > 1:
            place = dims.index(self.batch)  # as many as there are samples: one for each
            dims = dims[:place] + dims[place + 1 :]
        layer = Parameter(dims, fixed=not array.trained, layout=shape.layout if shape else None)
        tensor = self.add(layer, weights={"array": array} if array.trained else {}, name=name)
        groups = tuple((index,) for index in range(len(dims))) if shape or array.dims else ()
        flow = Flow(tensor, groups, None) if place is None else Flow.of(tensor, place)
        self.state.arrays[name, shape] = flow
        return flow

    def tight(self, flow: Flow) -> Flow:
        """The same tensor with a size for every dimension but the batch."""
        if not flow.loose:
            return flow
        dims: list[Term] = []
        groups: list[tuple[int, ...]] = []
        for axis, group in enumerate(flow.groups):
            sizes = [flow.shape.dims[place] for place in group]
            if not sizes and axis != flow.batch:
                sizes = [integer(1)]
            groups.append(tuple(range(len(dims), len(dims) + len(sizes))))
            dims += sizes
        return Flow(self.add(Reshape(tuple(dims)), flow.tensor, name="dims"), tuple(groups), flow.batch, flow.lead)


#: What an operator does: its first output, or several.
Handler = Callable[[Call], "Value | Sequence[Value | None]"]
