"""One node of a graph as its operator's handler sees it: inputs, attributes, and placing layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from symnet.errors import LayerError, ModelError
from symnet.frontends.building import Tensor
from symnet.frontends.flow import BATCH, Flow, batch_share, tidy
from symnet.frontends.onnx.constants.numbers import as_fraction, sign_of
from symnet.frontends.onnx.model_file import attributes
from symnet.frontends.onnx.state import State
from symnet.frontends.onnx.values import Array, Value
from symnet.frontends.ops.arranging import whole
from symnet.frontends.ops.products import shown
from symnet.frontends.ops.windows import image
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.arrays import Parameter
from symnet.printing.text import unicode_text
from symnet.terms.evaluation import holds
from symnet.terms.propositions import Eq, Le, Proposition
from symnet.terms.term import Term, integer, symbols_of

__all__ = ["Call", "Handler"]


@dataclass
class Call:
    """One node; implements :class:`symnet.frontends.flow.Site` for its operator. Its methods raise
    :class:`LayerError`, to which the importer adds the node's name.
    """

    state: State
    node: Any
    inputs: Sequence[Value | None]
    opset: int
    #: runs a graph inside the node and returns its outputs
    branch: Callable[[Any, Any], Sequence[Value | None]]
    given: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.given = attributes(self.node)

    # ---- inputs and attributes
    # ---------------------------------------------------------------------------------------

    @property
    def op(self) -> str:
        """The operator's name."""
        return str(self.node.op_type)

    @property
    def word(self) -> str:
        """The name of the operator's own layer in the algebra of tensors; it gets the node's name in the network."""
        return self.op.lower()

    @property
    def batch(self) -> Term:
        """The batch: the number that the file fixes, or N."""
        return self.state.batch

    def attribute(self, name: str, default: Any = None) -> Any:
        """The value of an attribute, or ``default``."""
        return self.given.get(name, default)

    def has(self, index: int) -> bool:
        """Whether input ``index`` is present."""
        return index < len(self.inputs) and self.inputs[index] is not None

    def wants(self, index: int) -> bool:
        """Whether output ``index`` is read by another node."""
        return index < len(self.node.output) and self.state.is_read(self.node.output[index])

    def value(self, index: int) -> Value:
        """Input ``index``. Raises :class:`LayerError` if it is missing."""
        found = self.inputs[index] if index < len(self.inputs) else None
        if found is None:
            raise LayerError(f"input {index} is missing")
        return found

    def flow(self, index: int = 0) -> Flow:
        """Input ``index`` as a tensor; an array becomes a tensor of the network."""
        found = self.value(index)
        return found if isinstance(found, Flow) else self.placed(found, self.node.input[index])

    def samples(self, index: int = 0) -> Flow:
        """Input ``index`` with the batch in its first dimension, alone or merged. Raises :class:`LayerError` if the
        batch is elsewhere.
        """
        found = self.flow(index)
        if found.batch not in (0, None):
            raise LayerError(f"reads the first dimension as the batch, and input {index} has its batch elsewhere")
        return found

    def image(self, index: int = 0, axes: int | None = None) -> tuple[Flow, int]:
        """Input ``index`` as (batch, channels, axes), and the number of sizes merged with the batch that are between
        channels and axes in the network.
        """
        return image(self, self.flow(index), axes)

    @property
    def arrays(self) -> list[Array]:
        """The inputs that are arrays."""
        return [value for value in self.inputs if isinstance(value, Array)]

    def array(self, index: int) -> Array:
        """Input ``index`` as an array that is known before the model runs. Raises :class:`LayerError` if it depends on
        the model's input.
        """
        found = self.value(index)
        if isinstance(found, Flow):
            raise LayerError(f"input {index} depends on the model's input")
        return found

    def entries(self, index: int) -> list[Any]:
        """The entries of input ``index`` in a list. Raises :class:`LayerError` if they are not known."""
        found = self.array(index).entries
        numbers = None if found is None else list(found.reshape(-1))
        if numbers is None or any(number is None for number in numbers):
            raise LayerError(f"input {index} ({self.node.input[index]}) is not known before the model runs")
        return numbers

    def terms(self, index: int) -> list[Term]:
        """The integer entries of input ``index``. Raises :class:`LayerError` for other entries."""
        numbers = self.entries(index)
        if not all(isinstance(number, Term) for number in numbers):
            raise LayerError(f"input {index} ({self.node.input[index]}) has numbers that are no integers")
        return numbers

    def ints(self, name: str, index: int | None = None) -> list[int] | None:
        """Integers from an attribute, or from input ``index`` as in newer versions; ``None`` if there is neither."""
        if name in self.given:
            return list(self.given[name])
        if index is None or not self.has(index):
            return None
        numbers = [term.constant for term in self.terms(index)]
        if None in numbers:
            raise LayerError(f"{name} depend on the size of the input")
        return numbers  # type: ignore[return-value]

    def scale(self, index: int) -> str | None:
        """The first entry of an array as text; ``None`` if it is not known."""
        found = self.array(index).entries
        number = None if found is None else as_fraction(found.reshape(-1)[0])
        return None if number is None else f"{float(number):g}"

    # ---- sizes -----------------------------------------------------------------------------------------------------

    def sizes(self, value: Value) -> tuple[Term, ...]:
        """The dimensions of a value in the model, with the batch as the number that the file fixes, if any."""
        return value.dims if isinstance(value, Array) else self.state.sizes(value)

    def dimension(self, axis: int, rank: int) -> int:
        """The dimension ``axis`` of ``rank``, counted from the end if negative. Raises :class:`LayerError` if there is
        none.
        """
        if not -rank <= axis < rank:
            raise LayerError(f"there is no dimension {axis}: it has {rank}")
        return axis % rank

    def single(self, x: Flow, *dims: int) -> Flow:
        """The tensor with a fixed batch of one sample treated as a size 1, if the operator works along that dimension."""
        return Flow(x.tensor, x.places) if x.batch in dims and x.batch_alone and self.batch.constant == 1 else x

    def axis_of(self, x: Flow, dim: int) -> tuple[Flow, int]:
        """The tensor with all its sizes in the network, and the number (from 1) of dimension ``dim`` there. Raises
        :class:`LayerError` for the batch.
        """
        x = self.single(x, dim)
        if dim == x.batch:
            raise LayerError(f"works along dimension {dim}, which holds the batch")
        x = whole(self, x, "")
        return x, x.axis(dim)

    # ---- layers and hypotheses
    # ---------------------------------------------------------------------------------------

    def layer(self, layer: Layer, *tensors: Tensor, name: str = "", weights: dict[str, Array] | None = None) -> Tensor:
        """Places a layer. ``weights`` maps the names of its weights to their arrays (two names separated by a space
        share one array), so that each array counts once.
        """
        suffix = name.removeprefix(self.word).strip(".")
        return self.state.add(self.node, layer, tensors, weights or {}, suffix)

    def on(self, x: Flow, layer: Layer, name: str = "", weights: dict[str, Array] | None = None) -> Flow:
        """Places a layer on a tensor whose dimensions keep their positions."""
        return x.on(self.layer(layer, x.tensor, name=name, weights=weights))

    def refusal(self, what: str) -> ModelError:
        """An error that says ``what`` of the node, to be raised."""
        return ModelError(f"ONNX: {self.state.origin(self.node)}: {what}; --opaque takes its shape from the file")

    def suppose(self, proposition: Proposition) -> None:
        """Adds a hypothesis. Raises :class:`LayerError` if it contains the batch or never holds."""
        if BATCH in symbols_of(proposition):
            raise LayerError(f"needs {unicode_text(proposition)}, and the batch is left open")
        if self.decide(proposition):
            return
        self.state.require(proposition, self.state.name(self.node))

    def decide(self, proposition: Proposition) -> bool | None:
        """Whether the proposition holds for all sizes; ``None`` if that depends on them."""
        if not symbols_of(proposition):
            return holds(proposition)
        if proposition in self.state.supposed:
            return True
        gap = sign_of(*proposition.args)
        if gap is None:
            return None
        return gap == 0 if isinstance(proposition, Eq) else gap <= 0 if isinstance(proposition, Le) else gap < 0

    def usual(self, term: Term) -> int | None:
        """The value of a constant term; symbols of a file have no usual values."""
        return term.constant

    def multiples(self) -> dict[Term, Term]:
        """Sizes that hypotheses make multiples of a number."""
        return self.state.multiples

    def note_merged_batch(self, sizes: str, share: str) -> None:
        """Tells the user that the batch is merged into one of the sizes of the layer added last."""
        self.state.builder.note_merged_batch(sizes, share)

    # ---- arrays as tensors -----------------------------------------------------------------------------------------

    def placed(self, array: Array, name: str, beside: Sequence[Flow] = ()) -> Flow:
        """An array as a tensor of the network, the same for all samples, with as many dimensions as the tensors
        ``beside`` it, and without the size 1 where those have their batch.
        """
        rank = max((flow.ndim for flow in beside), default=array.rank)
        sizes = (*(integer(1),) * (rank - array.rank), *array.dims)
        known = self.state.arrays.get((name, len(sizes)))
        if known is not None:
            return known
        batch = next((dim for dim, size in enumerate(sizes) if BATCH in symbols_of(size)), None)
        share = None if batch is None else batch_share(sizes[batch])
        if batch is not None and share is None:
            raise LayerError(f"reads {name} of sizes {shown(sizes)}, of which one is no multiple of the batch")
        dims = [share if dim == batch and share is not None else size for dim, size in enumerate(sizes)]
        places = {flow.batch + len(sizes) - flow.ndim for flow in beside if flow.batch is not None and flow.batch_alone}
        out = batch if batch is not None and share is not None and share.constant == 1 else None
        if batch is None and len(places) == 1 and sizes[min(places)].constant == 1:
            out = min(places)
        kept = [dim for dim in range(len(sizes)) if dim != out]
        layout = next((flow.tensor.shape.layout for flow in beside if len(flow.dims) == len(kept)), None)
        layer = Parameter(
            tuple(dims[dim] for dim in kept) or (integer(1),), fixed=not array.trained, layout=layout if kept else None
        )
        tensor = self.layer(layer, weights={"array": array} if array.trained else {}, name=name)
        place_of = {dim: place for place, dim in enumerate(kept)}
        flow = Flow(tensor, tuple(place_of.get(dim) for dim in range(len(sizes))), batch)
        self.state.arrays[name, len(sizes)] = flow
        return flow

    def operands(self, indices: Sequence[int]) -> list[Flow]:
        """Inputs that are combined elementwise or concatenated, all as tensors."""
        values = [self.value(index) for index in indices]
        flows = [value for value in values if isinstance(value, Flow)]
        return [
            value if isinstance(value, Flow) else self.placed(value, self.node.input[index], flows)
            for index, value in zip(indices, values, strict=True)
        ]

    def tidied(self, sizes: Sequence[Term]) -> list[Term]:
        """Sizes in normal form."""
        return [tidy(size) for size in sizes]


#: The result of an operator: its first output, or several.
Handler = Callable[[Call], "Value | Sequence[Value | None]"]
