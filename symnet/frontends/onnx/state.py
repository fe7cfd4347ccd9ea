"""The state of an import: the value of each name, its readers, and the layers so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from symnet.errors import LayerError
from symnet.frontends.building import Builder, Tensor
from symnet.frontends.flow import BATCH, Flow, tidy
from symnet.frontends.onnx.constants.arrays import from_numbers
from symnet.frontends.onnx.dimension_names import DimensionNames
from symnet.frontends.onnx.model_file import significant_bits, small_numbers
from symnet.frontends.onnx.values import Array, Numbers, Source, Value
from symnet.frontends.onnx.weights import Weights
from symnet.frontends.ops.products import whole_size
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.arrays import Parameter
from symnet.layers.kinds.guards import Require
from symnet.printing.text import text
from symnet.terms.evaluation import holds
from symnet.terms.propositions import Le, Proposition
from symnet.terms.term import Term, integer, symbols_of

__all__ = ["State"]


class State:
    """The state that the handlers of operators read and extend.

    ``values`` has the value of each name, ``sequences`` the tensors of names that are sequences, ``readers`` the nodes
    that read a name; ``weights`` records which layer counts an array; ``arrays`` has the tensors made from arrays, by
    name and number of dimensions; ``fused`` maps a node's output to the output of a node that its layer also covers;
    ``batch`` is the number of samples.
    """

    def __init__(self, model: Any, in_parts: frozenset[str]) -> None:
        self.model, self.graph = model, model.graph
        self.builder = Builder("ONNX")
        self.values: dict[str, Value | None] = {}
        self.sequences: dict[str, tuple[Value, ...]] = {}
        self.arrays: dict[tuple[str, int], Flow] = {}
        self.weights = Weights(self._hold, in_parts)
        self.nodes = _live(self.graph)
        self.readers: dict[str, list[Any]] = {}
        for node in self.nodes:
            for name in _read_by(node):
                self.readers.setdefault(name, []).append(node)
        self.results = {value.name for value in self.graph.output}
        self.inferred: Any = None  # the graph with inferred shapes, computed on demand
        self.fused: dict[str, str] = {}
        self.skipped: set[str] = set()
        self.dimension_names = DimensionNames()
        self.requirements: list[Require] = []
        self.supposed: set[Proposition] = set()
        self.multiples: dict[Term, Term] = {}  # sizes that hypotheses make multiples of a number: H is 7·⌊H/7⌋
        self.batch: Term = BATCH

    def sizes(self, flow: Flow) -> tuple[Term, ...]:
        """All sizes of a tensor, with the batch as the number that the file fixes, if any."""
        if self.batch is BATCH or flow.batch is None:
            return flow.sizes
        return tuple(
            tidy(self.batch * flow.share(dim)) if dim == flow.batch else flow.share(dim) for dim in range(flow.ndim)
        )

    def is_read(self, name: str) -> bool:
        """Whether a node reads the value, or it is an output of the model."""
        return bool(name) and (name in self.readers or name in self.results)

    def only_reader(self, name: str) -> Any | None:
        """The only node that reads the value; ``None`` if there are others or it is an output."""
        readers = self.readers.get(name, [])
        return readers[0] if len(readers) == 1 and name not in self.results else None

    def assume_at_most(self, size: Term, limit: int) -> None:
        """Adds the hypothesis ``size`` ≤ ``limit``."""
        self.require(Le(size, integer(limit)), "rounding of real numbers")

    def require(self, asked: Proposition, because: str) -> None:
        """Adds a hypothesis of the whole network. Raises :class:`LayerError` if no size satisfies it."""
        if not symbols_of(*asked.args):
            if not holds(asked):
                raise LayerError(f"{because}: {text(asked)} does not hold")
        elif all(layer.proposition is not asked for layer in self.requirements):
            self.supposed.add(asked)
            found = whole_size(asked)
            if found is not None:
                self.multiples.setdefault(*found)
            self.requirements.append(Require.of(asked, because).with_name(f"{because} needs {text(asked)}"))  # type: ignore[arg-type]

    def forget(self, start: int) -> None:
        """Removes all layers after the first ``start`` entries."""
        names = self.builder.names_after(start)
        self.builder.back_to(start)
        self.weights.forget(names)
        self.arrays = {key: flow for key, flow in self.arrays.items() if flow.tensor.place < start}

    def begin_again(self, names: Collection[str]) -> None:
        """Forgets what was made for these names in an earlier turn of a loop: tensors of arrays, and layers of two nodes."""
        self.arrays = {key: flow for key, flow in self.arrays.items() if key[0] not in names}
        self.skipped -= set(names)
        self.fused = {name: taken for name, taken in self.fused.items() if name not in names}

    def fuse(self, node: Any, into: str) -> None:
        """Marks a node as covered by the layer of another node, whose output is ``into``."""
        self.fused[into] = node.output[0]
        self.skipped.add(node.output[0])

    def origin(self, node: Any) -> str:
        """The name of a node in messages: ``/layer1/conv1/Conv (Conv)``."""
        return f"{node.name or next((name for name in node.output if name), '')} ({node.op_type})"

    def name(self, node: Any) -> str:
        """The name of a node's layer."""
        return (node.name or next((name for name in node.output if name), "")).strip("/") or str(node.op_type).lower()

    # ---- layers and arrays ---------------------------------------------------------------------------------------

    def add(
        self, node: Any, layer: Layer, tensors: Sequence[Tensor], weights: Mapping[str, Array], suffix: str
    ) -> Tensor:
        """Adds a layer of a node. Arrays that an earlier layer holds do not count again."""
        name = self.builder.free(f"{self.name(node)}.{suffix}" if suffix else self.name(node))
        layer = self.weights.counted(layer, name, weights)
        tensor = self.builder.add(layer, *tensors, name=name, origin=self.origin(node))
        if BATCH in symbols_of(*tensor.shape.dims):
            raise LayerError("gives a size that depends on the batch")
        return tensor

    def initializer(self, tensor: Any) -> Array:
        """The array of an initializer; its numbers are read on demand, and only if there are few."""
        dims = [integer(size) for size in tensor.dims]
        bits = significant_bits(tensor.data_type)
        trained = bool(bits and dims)
        self.weights.add(tensor.name, dims, trained=trained)

        def read() -> Numbers | None:
            numbers = small_numbers(tensor)
            return None if numbers is None else from_numbers(numbers)

        return Array(dims, read, sources=(Source(tensor.name),), trained=trained, bits=bits)

    def _hold(self, name: str, dims: Sequence[Term]) -> str:
        """An array of the file as a tensor of its own, which counts all of it; returns the layer's name."""
        free = self.builder.free(name.strip("/") or "array")
        self.builder.add(Parameter(dims or (integer(1),)), name=free, origin=f"{name} (initializer)")
        return free

    def load_arrays(self) -> None:
        """Loads the arrays of the file: its initializers."""
        for tensor in self.graph.initializer:
            self.values[tensor.name] = self.initializer(tensor)
        for tensor in self.graph.sparse_initializer:
            dims = [integer(size) for size in tensor.dims]
            name = tensor.values.name
            self.weights.add(name, dims, trained=True)
            bits = significant_bits(tensor.values.data_type)
            self.values[name] = Array(dims, sources=(Source(name),), trained=True, bits=bits)


def _live(graph: Any) -> list[Any]:
    """The nodes that an output depends on, in their order."""
    needed = {value.name for value in graph.output}
    found = []
    for node in reversed(graph.node):
        if any(name in needed for name in node.output if name):
            found.append(node)
            needed.update(_read_by(node))
    return found[::-1]


def _read_by(node: Any) -> list[str]:
    """The names that a node reads, including those that its inner graphs read or output."""
    found = [name for name in node.input if name]
    for attribute in node.attribute:
        for inner in [attribute.g, *attribute.graphs] if attribute.type in (5, 10) else []:
            found += [value.name for value in inner.output]
            found += [name for step in inner.node for name in _read_by(step)]
    return found
