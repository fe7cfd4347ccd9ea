"""From a graph to a network, node by node: known arrays are folded, everything else becomes layers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from symnet.errors import LayerError, ModelError, TermError
from symnet.frontends.flow import BATCH, Flow
from symnet.frontends.onnx.call import Call
from symnet.frontends.onnx.constants.arrays import Unfolded
from symnet.frontends.onnx.constants.real_arithmetic import Disagrees
from symnet.frontends.onnx.constants.table import FOLDS
from symnet.frontends.onnx.inputs import Inputs
from symnet.frontends.onnx.model_file import dimensions
from symnet.frontends.onnx.opaque import opaque_values
from symnet.frontends.onnx.ops.contributed.table import CONTRIBUTED
from symnet.frontends.onnx.ops.table import OPERATORS
from symnet.frontends.onnx.state import State
from symnet.frontends.onnx.values import Array, Value
from symnet.frontends.ops.products import shown
from symnet.public import Network

__all__ = ["Importer"]

#: The operators of other domains.
_CONTRIBUTED = {"com.microsoft": CONTRIBUTED}
#: Domains that contain ONNX's standard operators.
_STANDARD = ("", "ai.onnx")
#: Exceptions that a handler meets in a node that does not conform to its operator.
_BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Importer:
    """Builds the network of a model's graph. ``sizes`` are other sizes for its inputs; ``in_parts`` are the arrays of
    which parts are read that do not make up the whole.
    """

    def __init__(self, model: Any, sizes: Any, *, opaque: bool, in_parts: frozenset[str] = frozenset()) -> None:
        self.opaque, self._sizes, self._in_parts = opaque, sizes, in_parts
        # the graphs inside nodes whose readers are known, by what they make
        self._branches: set[tuple[str, ...]] = set()
        self.opset = next((entry.version for entry in model.opset_import if entry.domain in _STANDARD), 1)
        self.state = State(model, in_parts)
        inputs = Inputs(self.state, sizes)
        self.state.batch = inputs.batch
        self.state.load_arrays()
        inputs.place()

    def network(self, title: str) -> Network:
        """The network of all nodes that an output depends on. Raises :class:`ModelError` with the first node that
        cannot be imported.
        """
        for node in self.state.nodes:
            if node.output[0] not in self.state.skipped:
                self._run(node)
        overlapping = self.state.weights.overlapping()
        if overlapping - self._in_parts:
            again = Importer(self.state.model, self._sizes, opaque=self.opaque, in_parts=overlapping | self._in_parts)
            return again.network(title)
        if not self.state.graph.output:
            raise ModelError("ONNX: the model has no output")
        if not any(isinstance(self.state.values.get(name), Flow) for name in self.state.results):
            raise ModelError(f"ONNX: the output {min(self.state.results)} does not depend on the model's input")
        outputs = [self.state.values.get(value.name) for value in self.state.graph.output]
        for value, given in zip(self.state.graph.output, outputs, strict=True):
            self._as_declared(value, given)
        return self.state.builder.network(
            title, [output.tensor for output in outputs if isinstance(output, Flow)], self.state.requirements
        )

    def _as_declared(self, value: Any, given: Value | None) -> None:
        """Raises :class:`ModelError` if the file declares another size of an output than its operators give."""
        declared = dimensions(value)
        if not isinstance(given, Flow) or declared is None:
            return
        sizes = self.state.sizes(given)
        differ = len(declared) != len(sizes) or any(
            isinstance(size, int) and ours.constant not in (None, size)
            for size, ours in zip(declared, sizes, strict=True)
        )
        if differ:
            said, ours = (
                " × ".join("?" if size is None else str(size) for size in declared),
                " × ".join("N" if size is BATCH else shown([size]) for size in sizes),
            )
            raise ModelError(
                f"ONNX: the file says that its output {value.name} is {said}, and its operators give {ours}"
            )

    def _run(self, node: Any) -> None:
        origin = self.state.origin(node)
        inputs = [self._read(name, origin) for name in node.input]
        call = Call(self.state, node, inputs, self.opset, self.branch)
        start = len(self.state.builder)
        try:
            found = self._values(call)
        except (LayerError, TermError) as refused:
            if not self.opaque:
                more = "" if isinstance(refused, _Told | Disagrees) else "; --opaque takes its shape from the file"
                about = getattr(refused, "condition", None), getattr(refused, "fits", None)
                raise ModelError(
                    f"ONNX: {origin}: {refused}{more}",
                    layer=node.name or node.output[0],
                    condition=about[0],
                    fits=about[1],
                ) from None
            found = opaque_values(self.state, call, start)
        except ModelError as refused:
            if not self.opaque:
                refused.layer = refused.layer or node.name or node.output[0]
                raise
            found = opaque_values(self.state, call, start)
        except _BROKEN as broken:  # a file may contain anything: attributes of other types, too few inputs, …
            words = f"is not as its operator asks ({type(broken).__name__}: {broken})"
            raise ModelError(f"ONNX: {origin}: {words}") from None
        given = [found] if isinstance(found, Array | Flow) else list(found)
        for name, value in zip(node.output, given + [None] * len(node.output), strict=False):
            if name:
                self.state.values[name] = value
        taken = self.state.fused.get(node.output[0])
        if taken is not None:
            self.state.values[taken] = self.state.values[node.output[0]]

    def _read(self, name: str, origin: str) -> Value | None:
        if not name:
            return None
        if name in self.state.sequences:
            return None
        if name not in self.state.values:
            raise ModelError(f"ONNX: {origin}: reads {name}, which nothing before it gives")
        found = self.state.values[name]
        if found is None:
            raise ModelError(f"ONNX: {origin}: reads {name}, an output that is not known")
        return found

    def branch(self, node: Any, graph: Any) -> list[Value | None]:
        """The outputs of a graph inside ``node``, whose nodes are imported in its place: again in each turn of a loop."""
        state = self.state
        for tensor in graph.initializer:
            state.values[tensor.name] = state.initializer(tensor)
        names, made = [value.name for value in graph.output], tuple(inner.output[0] for inner in graph.node)
        if made not in self._branches:
            self._branches.add(made)
            for inner in graph.node:
                for name in inner.input:
                    state.readers.setdefault(name, []).append(inner)
            for name in names:
                state.readers.setdefault(name, []).append(node)
        state.begin_again(made)
        for inner in graph.node:
            if inner.output[0] not in state.skipped:
                self._run(inner)
        return [state.values.get(name) for name in names]

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
        handler = (OPERATORS if standard else _CONTRIBUTED.get(node.domain, {})).get(node.op_type)
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
        return next((entry.version for entry in self.state.model.opset_import if entry.domain in names), 0)


class _Told(LayerError):
    """A refusal that already says what to do."""
