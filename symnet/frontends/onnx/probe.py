"""An ONNX model prepared for a run at chosen sizes, for the comparison with symnet.

Large weights are replaced by zeros, and the model outputs the sizes of its tensors instead of the tensors, so that
nothing large is kept. Small integer arrays, the arithmetic on sizes inside a graph, are output as numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from symnet.frontends.checking import Point, disagreement, work_at
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.model_file import dimensions
from symnet.frontends.onnx.state import State
from symnet.frontends.onnx.values import Array, Value
from symnet.public import Network
from symnet.terms.term import Symbol, Term, symbols_of

__all__ = ["BYTES", "REAL", "WORK", "NotRun", "Probe"]

#: Real arrays with more entries than this are replaced by zeros.
KEPT_ENTRIES = 1 << 16

#: Limits of a run: bytes, and multiply-adds.
BYTES, WORK = 1 << 30, 20_000_000_000

#: Arrays of sizes with at most so many entries are compared number by number.
COMPARED_ENTRIES = 64

#: Element types (onnx.TensorProto): int64, text, and the real types for which zeros are made.
_INT64, _STRING, REAL = 7, 8, (1, 10, 11)

#: The prefix of names that are added to the graph.
_SIZES = "symnet_sizes_of_"


class NotRun(Exception):
    """The reason why a model is not run."""


@dataclass
class Probe:
    """A model with the state of its import."""

    state: State
    network: Network
    title: str = "the runtime"

    def __post_init__(self) -> None:
        weights = {tensor.name for tensor in self.state.graph.initializer}
        self.inputs = [value for value in self.state.graph.input if value.name not in weights]
        dims = [size for value in self.inputs for size in self._dims(value.name)]
        self.symbols: list[Symbol] = [one for one in symbols_of(*dims) if one is not self.state.batch]

    def _dims(self, name: str) -> tuple[Term, ...]:
        """The sizes of an input, including the batch."""
        found = self.state.values.get(name)
        return self.state.sizes(found) if isinstance(found, Flow) else ()

    def batch(self, point: Point) -> int:
        """The batch of a run: the one that the file fixes; 1 if a larger one is too much work."""
        fixed = self.state.batch.constant
        if fixed is not None:
            return fixed
        return point.batch if work_at(self.network, point) * point.batch <= WORK else 1

    def whole(self, point: Point) -> Point:
        """The point with the number of the batch."""
        batch = self.batch(point)
        symbol = {self.state.batch: batch} if isinstance(self.state.batch, Symbol) else {}
        return Point({**point.sizes, **symbol}, batch)

    def given(self, point: Point) -> tuple[tuple[int, ...], ...]:
        """The sizes of the inputs, without the batch."""
        shapes = []
        for value in self.inputs:
            flow = self.state.values.get(value.name)
            if isinstance(flow, Flow):
                shapes.append(
                    point.shape([size for axis, size in enumerate(self.state.sizes(flow)) if axis != flow.batch])
                )
        return tuple(shapes)

    # ---- the run
    # -----------------------------------------------------------------------------------------------------

    def refuse_large(self, point: Point) -> None:
        """Raises :class:`NotRun` if a run would exceed the limits on memory or work."""
        at = self.whole(point)
        if work_at(self.network, point) * self.batch(point) > WORK:
            raise NotRun(f"a run takes more than {WORK:,} multiply-adds")
        last: dict[str, int] = {}
        for number, node in enumerate(self.state.graph.node):
            last |= dict.fromkeys(node.input, number)
        held = sum(prod(tensor.dims) for tensor in self.state.graph.initializer)
        for number, node in enumerate(self.state.graph.node):
            held += sum(self._entries(name, at) for name in node.output)
            if held * 4 > BYTES:
                raise NotRun(f"a run takes more than {BYTES >> 20:,} MB")
            held -= sum(
                self._entries(name, at) for name in {*node.input, *node.output} if last.get(name, number) <= number
            )

    def _entries(self, name: str, at: Point) -> int:
        value = self.state.values.get(name)
        if value is None or not name:
            return 0
        return prod(at.shape(_sizes(value, self.state)))

    def model(self, point: Point) -> Any:
        """The model at these sizes, with the sizes of its tensors and the numbers of small ones as outputs."""
        import onnx

        copied = onnx.ModelProto()
        copied.CopyFrom(_without_weights(self.state.model))
        graph, at = copied.graph, self.whole(point)
        for value in graph.input:
            if isinstance(self.state.values.get(value.name), Flow):
                sizes = at.shape(self._dims(value.name))
                for size, number in zip(value.type.tensor_type.shape.dim, sizes, strict=True):
                    size.Clear()
                    size.dim_value = number
        del graph.value_info[:]
        del graph.output[:]
        zeros = []
        for tensor in self.state.graph.initializer:
            external = tensor.data_location == onnx.TensorProto.EXTERNAL
            if external and tensor.data_type not in REAL:
                raise NotRun("numbers of the model stand in other files")
            if tensor.data_type in REAL and (external or prod(tensor.dims) > KEPT_ENTRIES):
                zeros += _zeros(onnx, tensor, graph)
            else:
                graph.initializer.add().CopyFrom(tensor)
        nodes = [*zeros, *copied.graph.node]
        for name, value in self.compared().items():
            if isinstance(value, Flow) or not _few_integers(value):
                nodes.append(onnx.helper.make_node("Shape", [name], [_SIZES + name]))
                graph.output.append(onnx.helper.make_tensor_value_info(_SIZES + name, _INT64, None))
            else:
                graph.output.append(onnx.helper.make_tensor_value_info(name, _INT64, None))
        del copied.graph.node[:]
        copied.graph.node.extend(nodes)
        return copied

    def compared(self) -> dict[str, Value]:
        """The values that are compared: outputs of the graph's own nodes."""
        values_ = {}
        for node in self.state.graph.node:
            for name in node.output:
                value = self.state.values.get(name)
                if (name and isinstance(value, Flow)) or (isinstance(value, Array) and name in self.integers):
                    values_[name] = value
        return values_

    @cached_property
    def integers(self) -> set[str]:
        """The names of outputs that are 64-bit integers, as arithmetic on sizes is."""
        import onnx

        graph = onnx.shape_inference.infer_shapes(_without_weights(self.state.model)).graph
        values = (*graph.value_info, *graph.output)
        return {value.name for value in values if value.type.tensor_type.elem_type == _INT64}

    def feeds(self, model: Any, point: Point) -> dict[str, Any]:
        """Zeros for every input."""
        import onnx

        weights = {tensor.name for tensor in self.state.graph.initializer}
        found = {}
        for value in model.graph.input:
            if value.name in weights:
                continue
            kind = value.type.tensor_type.elem_type
            if kind == _STRING:
                raise NotRun("its input is text")
            sizes = dimensions(value) or []
            if not all(isinstance(size, int) for size in sizes):
                sizes = [size if isinstance(size, int) else 1 for size in sizes]  # an input that no node reads
            found[value.name] = np.zeros(sizes, onnx.helper.tensor_dtype_to_np_dtype(kind))
        return found

    # ---- the results
    # -------------------------------------------------------------------------------------------------

    def agreeing(self, results: Mapping[str, Any], point: Point) -> int:
        """The number of nodes whose results agree with symnet. Raises :class:`ModelError` for the first one that
        differs.
        """
        at = self.whole(point)
        producers = {name: node for node in self.state.graph.node for name in node.output}
        for name, value in self.compared().items():
            if _SIZES + name in results:
                theirs, ours = tuple(map(int, results[_SIZES + name])), at.shape(_sizes(value, self.state))
            elif isinstance(value, Array) and name in results:
                theirs = tuple(map(int, np.asarray(results[name]).reshape(-1)))
                ours = tuple(at.value(entry) for entry in value.entries.reshape(-1))  # type: ignore[union-attr]
            else:
                continue
            if theirs != ours:
                what = f"{self.state.origin(producers[name])}: {name}"
                raise disagreement("ONNX", what, self.given(point), self.batch(point), [theirs], [ours]) from None
        return len(results)


def _sizes(value: Value, state: State) -> tuple[Term, ...]:
    return state.sizes(value) if isinstance(value, Flow) else value.dims


def _few_integers(array: Array) -> bool:
    if array.count is None or array.count > COMPARED_ENTRIES or array.entries is None:
        return False
    return all(isinstance(entry, Term) for entry in array.entries.reshape(-1))


def _without_weights(model: Any) -> Any:
    """The model without the contents of its arrays."""
    import onnx

    made = onnx.ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    made.graph.name = model.graph.name or "graph"
    made.graph.node.extend(model.graph.node)
    made.graph.input.extend(model.graph.input)
    made.graph.output.extend(model.graph.output)
    made.graph.sparse_initializer.extend(model.graph.sparse_initializer)
    return made


def _zeros(onnx: Any, tensor: Any, graph: Any) -> list[Any]:
    """A node that produces zeros in place of an array."""
    shape = f"symnet_shape_of_{tensor.name}"
    graph.initializer.append(onnx.helper.make_tensor(shape, _INT64, [len(tensor.dims)], list(tensor.dims)))
    zero = onnx.helper.make_tensor("zero", tensor.data_type, [1], [0.0])
    for place, value in enumerate(graph.input):
        if value.name == tensor.name:  # an input with a default value
            del graph.input[place]
            break
    return [onnx.helper.make_node("ConstantOfShape", [shape], [tensor.name], value=zero)]
