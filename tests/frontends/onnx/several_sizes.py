"""Small models for one operator each, compared at several sizes with onnxruntime, or where that has no such operator with ONNX's
reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tests.frontends.onnx.protos import differences, model, node, onnx, read, reference

__all__ = ["BACK", "IMAGE", "STEPS", "TWO", "agree", "agree_on", "graph", "one", "ours", "runtime", "table", "whole"]

IMAGE = {"x": ["batch", 3, "H", "W"]}
STEPS = {"x": ["batch", "T", 8]}
TWO = {**STEPS, "z": ["batch", "T", 8]}
INPUTS = {"H": (8, 10, 16), "W": (12, 6, 14), "T": (8, 9, 17)}
BACK = {"kernel_shape": [2, 2], "strides": [2, 2]}


def whole(name: str, *numbers: int) -> Any:
    return onnx.numpy_helper.from_array(np.array(numbers, np.int64), name)


def one(name: str, number: Any, kind: Any = np.int64) -> Any:
    return onnx.numpy_helper.from_array(np.array(number, kind), name)


def table(name: str, *dims: int, kind: Any = np.int64) -> Any:
    return onnx.numpy_helper.from_array(np.zeros(dims, kind), name)


def ours(op: str, inputs: str, outputs: str = "y", **attributes: Any) -> Any:
    """A node of onnxruntime's own domain."""
    made = node(op, inputs, outputs, **attributes)
    made.domain = "com.microsoft"
    return made


def graph(nodes: Sequence[Any], inputs: Sequence[str], outputs: Sequence[str]) -> Any:
    """A graph inside a node, whose inputs have no declared sizes; ``it`` and ``go`` are a loop's number and condition."""
    kinds = {"it": onnx.TensorProto.INT64, "go": onnx.TensorProto.BOOL, "on": onnx.TensorProto.BOOL}

    def value(name: str) -> Any:
        rank = [] if name in kinds else None
        return onnx.helper.make_tensor_value_info(name, kinds.get(name, onnx.TensorProto.FLOAT), rank)

    return onnx.helper.make_graph(
        list(nodes), "inside", [value(name) for name in inputs], [value(name) for name in outputs]
    )


def runtime(proto: Any, sizes: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """The shapes that onnxruntime gives for zeros."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    kinds = {value.name: value.type.tensor_type.elem_type for value in proto.graph.input}
    zeros = {name: np.zeros(dims, onnx.helper.tensor_dtype_to_np_dtype(kinds[name])) for name, dims in sizes.items()}
    names = [value.name for value in proto.graph.output]
    return {name: list(np.shape(found)) for name, found in zip(names, session.run(names, zeros), strict=True)}


def agree(
    nodes: Sequence[Any], inputs: Any, weights: Sequence[Any] = (), *, outputs: str = "y", opset: int = 20, integers: Sequence[str] = (),
    parameters: int | None = None,
) -> None:  # fmt: skip
    proto = model(nodes, inputs, weights, outputs=outputs, opset=opset, integers=integers)
    proto.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
    for place in range(3):
        numbers = {"batch": 2, **{name: values[place] for name, values in INPUTS.items()}}
        sizes = {name: [numbers.get(size, size) for size in dims] for name, dims in inputs.items()}
        try:
            wanted = runtime(proto, sizes)
        except Exception:  # noqa: BLE001  # what onnxruntime does not have is asked of the reference
            wanted = reference(proto, sizes)
        assert differences(proto, sizes, wanted) == [], sizes
    if parameters is not None:
        assert read(proto)[1].parameters == parameters


def agree_on(case: tuple[Any, ...]) -> None:
    """One case of a table: what :func:`agree` takes, or a pair of that and what it takes by name."""
    positional, named = case if isinstance(case[0], tuple) else (case, {})
    agree(*positional, **named)
