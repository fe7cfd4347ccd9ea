"""A graph, node by node: arrays are folded, everything else becomes layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from symnet.errors import LayerError, ModelError, TermError
from symnet.frontends.building import Builder, Tensor
from symnet.frontends.onnx.call import Call
from symnet.frontends.onnx.dimension_names import DimensionNames
from symnet.frontends.onnx.folding import FOLDS
from symnet.frontends.onnx.inputs import Inputs
from symnet.frontends.onnx.known import Unfolded, from_numbers
from symnet.frontends.onnx.opaque import opaque_values
from symnet.frontends.onnx.operators import OPERATORS
from symnet.frontends.onnx.reading import dimensions, significant_bits, small_numbers
from symnet.frontends.onnx.real_arithmetic import Disagrees
from symnet.frontends.onnx.values import Array, Flow, Numbers, Source, Value
from symnet.frontends.onnx.weights import Weights
from symnet.layers.arrays import Parameter
from symnet.layers.base import Layer
from symnet.layers.required import Require
from symnet.layers.shape import Shape
from symnet.printing.text import text
from symnet.public import Network
from symnet.terms.propositions import Le, Proposition, holds
from symnet.terms.term import Term, integer, symbols_of

__all__ = ["Importer"]

#: Domains whose operators are those of ONNX.
_STANDARD = ("", "ai.onnx")
#: What a handler meets in a node that is none of its operator's.
_BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Importer:
    """Builds the network of a model's graph.

    ``values`` has what each name stands for; ``readers`` which nodes read it; ``weights`` which layer counts an array;
    ``in_parts`` the arrays that are read in parts which are not together the whole.
    """

    def __init__(self, model: Any, sizes: Any, *, opaque: bool, in_parts: frozenset[str] = frozenset()) -> None:
        self.model, self.graph, self.opaque = model, model.graph, opaque
        self._sizes, self._in_parts = sizes, in_parts
        self.builder = Builder("ONNX")
        self.opset = next((entry.version for entry in model.opset_import if entry.domain in _STANDARD), 1)
        self.values: dict[str, Value | None] = {}
        self.arrays: dict[tuple[str, Shape | None], Flow] = {}
        self.weights = Weights(self._hold, in_parts)
        self.nodes = _live(self.graph)
        self.readers: dict[str, list[Any]] = {}
        for node in self.nodes:
            for name in _read_by(node):
                self.readers.setdefault(name, []).append(node)
        self.results = {value.name for value in self.graph.output}
        self.inferred: Any = None  # the graph with inferred shapes, once somebody asks
        self.fused: dict[str, str] = {}  # by a node's output: that of another node, which its layer does as well
        self.skipped: set[str] = set()
        self.dimension_names = DimensionNames()
        self.requirements: list[Require] = []
        inputs = Inputs(self, sizes)
        self.batch: Term = inputs.batch
        for tensor in self.graph.initializer:
            self.values[tensor.name] = self._initializer(tensor)
        for tensor in self.graph.sparse_initializer:
            dims = [integer(size) for size in tensor.dims]
            name = tensor.values.name
            self.weights.add(name, dims, trained=True)
            self.values[name] = Array(
                dims, sources=(Source(name),), trained=True, bits=significant_bits(tensor.values.data_type)
            )
        inputs.place()

    def network(self, title: str) -> Network:
        """The network of all nodes that an output depends on. Raises :class:`ModelError` naming the first node that cannot be
        imported."""
        for node in self.nodes:
            if node.output[0] not in self.skipped:
                self._run(node)
        overlapping = self.weights.overlapping()
        if overlapping - self._in_parts:
            again = Importer(self.model, self._sizes, opaque=self.opaque, in_parts=overlapping | self._in_parts)
            return again.network(title)
        if not self.graph.output:
            raise ModelError("ONNX: the model has no output")
        if not any(isinstance(self.values.get(name), Flow) for name in self.results):
            raise ModelError(f"ONNX: the output {min(self.results)} does not depend on the model's input")
        outputs = [self.values.get(value.name) for value in self.graph.output]
        for value, given in zip(self.graph.output, outputs, strict=True):
            self._as_declared(value, given)
        return self.builder.network(
            title, [output.tensor for output in outputs if isinstance(output, Flow)], self.requirements
        )

    def _as_declared(self, value: Any, given: Value | None) -> None:
        """Raises where the file says another size of an output than its operators give."""
        declared = dimensions(value)
        if not isinstance(given, Flow) or declared is None:
            return
        sizes = given.sizes(self.batch)
        differ = len(declared) != len(sizes) or any(
            isinstance(size, int) and ours.constant not in (None, size)
            for size, ours in zip(declared, sizes, strict=True)
        )
        if differ:
            said, ours = (
                " × ".join("?" if size is None else str(size) for size in declared),
                " × ".join("N" if size is self.batch and size.constant is None else text(size) for size in sizes),
            )
            raise ModelError(
                f"ONNX: the file says that its output {value.name} is {said}, and its operators give {ours}"
            )

    def is_read(self, name: str) -> bool:
        """Whether a node reads the value, or it is an output of the model."""
        return bool(name) and (name in self.readers or name in self.results)

    def only_reader(self, name: str) -> Any | None:
        """The one node that reads the value, if nothing else does."""
        found = self.readers.get(name, [])
        return found[0] if len(found) == 1 and name not in self.results else None

    def assume_at_most(self, size: Term, limit: int) -> None:
        """What is read from the file holds only as long as ``size`` is at most ``limit``."""
        self.require(Le(size, integer(limit)), "rounding of real numbers")

    def require(self, asked: Proposition, because: str) -> None:
        """A hypothesis of the whole network. Raises :class:`LayerError` where no size satisfies it."""
        if not symbols_of(*asked.args):
            if not holds(asked):
                raise LayerError(f"{because}: {text(asked)} does not hold")
        elif all(layer.proposition is not asked for layer in self.requirements):
            self.requirements.append(Require.of(asked, because).with_name(f"{because} needs {text(asked)}"))  # type: ignore[arg-type]

    # ---- a node --------------------------------------------------------------------------------------------------

    def _run(self, node: Any) -> None:
        origin = self.origin(node)
        inputs = [self._read(name, origin) for name in node.input]
        call = Call(self, node, inputs, self.opset)
        start = len(self.builder)
        try:
            found = self._values(call)
        except (LayerError, TermError) as refused:
            if not self.opaque:
                more = "" if isinstance(refused, _Told | Disagrees) else "; --opaque takes its shape from the file"
                raise ModelError(f"ONNX: {origin}: {refused}{more}") from None
            found = opaque_values(self, call, start)
        except ModelError:
            if not self.opaque:
                raise
            found = opaque_values(self, call, start)
        except _BROKEN as broken:  # a file may hold anything: attributes of other types, too few inputs, …
            words = f"is not as its operator asks ({type(broken).__name__}: {broken})"
            raise ModelError(f"ONNX: {origin}: {words}") from None
        given = [found] if isinstance(found, Array | Flow) else list(found)
        for name, value in zip(node.output, given + [None] * len(node.output), strict=False):
            if name:
                self.values[name] = value
        taken = self.fused.get(node.output[0])
        if taken is not None:
            self.values[taken] = self.values[node.output[0]]

    def _read(self, name: str, origin: str) -> Value | None:
        if not name:
            return None
        if name not in self.values:
            raise ModelError(f"ONNX: {origin}: reads {name}, which nothing before it gives")
        found = self.values[name]
        if found is None:
            raise ModelError(f"ONNX: {origin}: reads {name}, an output that is not known")
        return found

    def branch(self, node: Any, graph: Any) -> list[Value | None]:
        """The outputs of a graph inside ``node``, with all its nodes as if they stood there."""
        for tensor in graph.initializer:
            self.values[tensor.name] = self._initializer(tensor)
        for inner in graph.node:
            for name in inner.input:
                self.readers.setdefault(name, []).append(inner)
        names = [value.name for value in graph.output]
        for name in names:
            self.readers.setdefault(name, []).append(node)
        for inner in graph.node:
            if inner.output[0] not in self.skipped:
                self._run(inner)
        return [self.values.get(name) for name in names]

    def forget(self, start: int) -> None:
        """Take away all layers after the first ``start`` places."""
        names = self.builder.names_after(start)
        self.builder.back_to(start)
        self.weights.forget(names)
        self.arrays = {key: flow for key, flow in self.arrays.items() if flow.tensor.place < start}

    def fuse(self, node: Any, into: str) -> None:
        """A node that the layer of another one, which gives ``into``, does as well."""
        self.fused[into] = node.output[0]
        self.skipped.add(node.output[0])

    def _values(self, call: Call) -> Value | Sequence[Value | None]:
        node = call.node
        standard = node.domain in _STANDARD
        fold = FOLDS.get(node.op_type) if standard else None
        if fold is not None and not any(isinstance(value, Flow) for value in call.inputs):
            with suppress(Unfolded):
                folded = fold(call)
                if folded is not None:
                    return folded
        if call.opset < 7 and "broadcast" in call.given:
            raise _Told(
                f"stretches sizes as operators did up to opset 6, and the model is of opset {call.opset}; "
                "convert it with onnx.version_converter"
            )
        handler = OPERATORS.get(node.op_type) if standard else None
        if handler is None:
            output = next((name for name in node.output if name), "")
            domain = node.domain or "ai.onnx"
            raise _Told(
                f"no layer is known for {node.op_type} (domain {domain}, opset {self._version(node.domain)}; output {output}); "
                "--opaque takes its shape from the file, as an assumption"
            )
        return handler(call)

    def _version(self, domain: str) -> int:
        names = _STANDARD if domain in _STANDARD else (domain,)
        return next((entry.version for entry in self.model.opset_import if entry.domain in names), 0)

    def origin(self, node: Any) -> str:
        """How messages name a node: ``/layer1/conv1/Conv (Conv)``."""
        return f"{node.name or next((name for name in node.output if name), '')} ({node.op_type})"

    def name(self, node: Any) -> str:
        """How its layer is called."""
        return (node.name or next((name for name in node.output if name), "")).strip("/") or str(node.op_type).lower()

    # ---- a layer -------------------------------------------------------------------------------------------------

    def add(
        self, call: Call, layer: Layer, tensors: Sequence[Tensor], weights: Mapping[str, Array], suffix: str
    ) -> Tensor:
        """A layer of a node. Arrays that a layer before it holds do not count again."""
        name = self.builder.free(f"{self.name(call.node)}.{suffix}" if suffix else self.name(call.node))
        layer = self.weights.counted(layer, name, weights)
        tensor = self.builder.add(layer, *tensors, name=name, origin=self.origin(call.node))
        if self.batch.constant is None and any(self.batch in symbols_of(size) for size in tensor.shape.dims):
            raise LayerError("gives a size that depends on the batch")
        return tensor

    def _initializer(self, tensor: Any) -> Array:
        """The array of an initializer: its sizes now, its numbers when they are asked for and few."""
        dims = [integer(size) for size in tensor.dims]
        bits = significant_bits(tensor.data_type)
        trained = bool(bits and dims)
        self.weights.add(tensor.name, dims, trained=trained)

        def read() -> Numbers | None:
            numbers = small_numbers(tensor)
            return None if numbers is None else from_numbers(numbers)

        return Array(dims, read, sources=(Source(tensor.name),), trained=trained, bits=bits)

    def _hold(self, name: str, dims: Sequence[Term]) -> str:
        """An array of the file as a tensor of its own, which counts it whole."""
        free = self.builder.free(name.strip("/") or "array")
        self.builder.add(Parameter(dims or (integer(1),)), name=free, origin=f"{name} (initializer)")
        return free


class _Told(LayerError):
    """A refusal that already says what to do."""


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
    """The names that a node reads, and those that the graphs inside it read or give."""
    found = [name for name in node.input if name]
    for attribute in node.attribute:
        for inner in [attribute.g, *attribute.graphs] if attribute.type in (5, 10) else []:
            found += [value.name for value in inner.output]
            found += [name for step in inner.node for name in _read_by(step)]
    return found
