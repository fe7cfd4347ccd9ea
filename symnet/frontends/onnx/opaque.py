"""Nodes that are not understood, with ``opaque``: their sizes come from the file or from onnx's shape inference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet.errors import LayerError, ModelError
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call
from symnet.frontends.onnx.model_file import SMALL, dimensions
from symnet.frontends.onnx.state import State
from symnet.frontends.onnx.values import Array, Value
from symnet.layers.declaration.shape import CHANNELS_FIRST, VECTOR
from symnet.layers.kinds.inputs import Opaque
from symnet.terms.term import Term

__all__ = ["opaque_values"]


def opaque_values(state: State, call: Call, start: int) -> Sequence[Value | None]:
    """The outputs of a node as layers with assumed sizes and parameters. Layers placed for it after the first
    ``start`` entries are removed.
    """
    state.forget(start)
    origin = state.origin(call.node)
    flows = [value for value in call.inputs if isinstance(value, Flow)]
    arrays = [value for value in call.inputs if isinstance(value, Array) and value.trained]
    if not flows:
        raise ModelError(f"ONNX: {origin}: reads nothing that depends on the model's input")
    found: list[Value | None] = []
    for index, name in enumerate(call.node.output):
        if not state.is_read(name):
            found.append(None)
            continue
        sizes = _sizes(state, name)
        if sizes is None:
            raise ModelError(
                f"ONNX: {origin}: the file does not say the shape of {name}, nor does onnx.shape_inference"
            )
        parameters = 0 if any(value is not None for value in found) else _parameters(state, arrays)
        layer = Opaque(
            output=sizes,
            parameters=parameters,
            according="the ONNX file",
            layout=VECTOR if len(sizes) == 1 else CHANNELS_FIRST,
        )
        try:
            tensor = call.layer(layer, *(flow.tensor for flow in flows), name=f"{index}" if index else "")
        except LayerError as refused:
            raise ModelError(f"ONNX: {origin}: {refused}") from None
        found.append(Flow.of(tensor))
    return found


def _parameters(state: State, arrays: Sequence[Array]) -> int:
    """The number of parameters that this node is the first to use."""
    total = 0
    for array in arrays:
        if state.weights.claim(array, ""):
            total += array.count or 0
    return total


def _sizes(state: State, name: str) -> tuple[Term, ...] | None:
    """The sizes of a value without its first dimension; ``None`` if they are unknown."""
    for graph in (state.graph, None):
        values = _values(graph if graph is not None else _inferred(state))
        dims = dimensions(values[name]) if name in values else None
        if dims is not None and len(dims) > 1 and None not in dims[1:] and 0 not in dims[1:]:
            return tuple(state.dimension_names.term(size, name) for size in dims[1:])
    return None


def _values(graph: Any) -> dict[str, Any]:
    return {value.name: value for value in (*graph.value_info, *graph.output)}


def _inferred(state: State) -> Any:
    """The graph with inferred shapes, computed without large weights."""
    import onnx

    if state.inferred is None:
        slim = onnx.ModelProto(ir_version=state.model.ir_version, opset_import=state.model.opset_import)
        graph = state.graph
        slim.graph.name = graph.name or "graph"
        slim.graph.node.extend(graph.node)
        slim.graph.input.extend(graph.input)
        slim.graph.output.extend(graph.output)
        known = {value.name for value in graph.input}
        for tensor in graph.initializer:
            array = state.values[tensor.name]
            if isinstance(array, Array) and (array.count or 0) <= SMALL and array.entries is not None:
                slim.graph.initializer.append(tensor)
            elif tensor.name not in known:
                slim.graph.input.append(
                    onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, list(tensor.dims))
                )
        try:
            state.inferred = onnx.shape_inference.infer_shapes(slim, data_prop=True).graph
        except Exception:  # noqa: BLE001  # whatever it cannot infer is simply not known
            state.inferred = slim.graph
    return state.inferred
