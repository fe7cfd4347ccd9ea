"""Models for the tests, built by hand, and what ONNX itself says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

from symnet.frontends.flow import BATCH, Flow
from symnet.frontends.onnx.importer import Importer
from symnet.frontends.onnx.values import Array
from symnet.public import Network
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Term, symbols_of

__all__ = ["differences", "inferred", "model", "node", "onnx", "read", "reference", "weight", "with_sizes"]


def node(op: str, inputs: str, outputs: str = "y", **attributes: Any) -> Any:
    """A node; names are separated by spaces, ``-`` is an input that is left out."""
    names = ["" if name == "-" else name for name in inputs.split()]
    return onnx.helper.make_node(op, names, outputs.split(), name=f"{op.lower()}_{outputs.split()[0]}", **attributes)


def weight(name: str, *dims: int, numbers: Any = None) -> Any:
    """An initializer of zeros, or of the numbers given."""
    found = np.zeros(dims, np.float32) if numbers is None else np.array(numbers)
    return onnx.numpy_helper.from_array(found, name)


def model(
    nodes: Sequence[Any],
    inputs: Mapping[str, Sequence[Any]],
    weights: Sequence[Any] = (),
    *,
    outputs: str = "y",
    opset: int = 21,
    integers: Sequence[str] = (),
) -> Any:
    """A model of these nodes."""
    kinds = {name: onnx.TensorProto.INT64 if name in integers else onnx.TensorProto.FLOAT for name in inputs}
    graph = onnx.helper.make_graph(
        list(nodes),
        "a test",
        [onnx.helper.make_tensor_value_info(name, kinds[name], list(dims)) for name, dims in inputs.items()],
        [onnx.helper.make_empty_tensor_value_info(name) for name in outputs.split()],
        list(weights),
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)], ir_version=8)


def read(proto: Any, input: Any = None, *, opaque: bool = False) -> tuple[Importer, Network]:
    """The importer, which knows what each name stands for, and the network."""
    importer = Importer(proto, input, opaque=opaque)
    return importer, importer.network("a test")


def with_sizes(proto: Any, sizes: Mapping[str, Sequence[int]]) -> Any:
    """The model with numbers for the dimensions of its inputs."""
    found = onnx.ModelProto()
    found.CopyFrom(proto)
    for value in found.graph.input:
        for size, number in zip(value.type.tensor_type.shape.dim, sizes.get(value.name, ()), strict=False):
            size.Clear()
            size.dim_value = number
    del found.graph.value_info[:]
    for value in found.graph.output:
        value.ClearField("type")
    return found


def inferred(proto: Any, sizes: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """What ``onnx.shape_inference`` says of every value, where it knows all of its dimensions."""
    graph = onnx.shape_inference.infer_shapes(with_sizes(proto, sizes), data_prop=True).graph
    known = {}
    for value in (*graph.value_info, *graph.output):
        if value.type.HasField("tensor_type") and value.type.tensor_type.HasField("shape"):
            dims = value.type.tensor_type.shape.dim
            if all(size.WhichOneof("value") == "dim_value" for size in dims):
                known[value.name] = [size.dim_value for size in dims]
    return known


def reference(proto: Any, inputs: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """What ``onnx.reference`` computes: the shape of every output, by running the model on zeros."""
    runner = ReferenceEvaluator(proto)
    kinds = {value.name: value.type.tensor_type.elem_type for value in proto.graph.input}
    zeros = {name: np.zeros(dims, onnx.helper.tensor_dtype_to_np_dtype(kinds[name])) for name, dims in inputs.items()}
    names = [value.name for value in proto.graph.output]
    return {name: list(np.shape(found)) for name, found in zip(names, runner.run(None, zeros), strict=True)}


def _number(size: Term, importer: Importer, sizes: Mapping[str, Sequence[int]]) -> int:
    values = {}
    for symbol in symbols_of(size):
        found = _symbol(symbol.name, importer, sizes)
        assert found is not None, f"{symbol.name} is no dimension of an input"
        values[symbol] = found
    return evaluate(size, values)


def _symbol(name: str, importer: Importer, sizes: Mapping[str, Sequence[int]]) -> int | None:
    for value in importer.state.graph.input:
        for axis, size in enumerate(value.type.tensor_type.shape.dim):
            if value.name in sizes and (size.dim_param == name or (name == BATCH.name and axis == 0)):
                return sizes[value.name][axis]
    return None


def differences(
    proto: Any, sizes: Mapping[str, Sequence[int]], wanted: Mapping[str, list[int]] | None = None
) -> list[Any]:
    """Where the importer's dimensions are not those of ONNX, at the sizes given. By ``onnx.shape_inference``, or as wanted."""
    importer, _ = read(proto)
    known = inferred(proto, sizes) if wanted is None else wanted
    found, compared = [], 0
    for name, value in importer.state.values.items():
        dims = (
            importer.state.sizes(value) if isinstance(value, Flow) else value.dims if isinstance(value, Array) else None
        )
        if name in known and dims is not None:
            compared += 1
            ours = [_number(size, importer, sizes) for size in dims]
            if ours != list(known[name]):
                found.append((name, ours, known[name]))
    assert compared, "nothing was compared"
    return found
