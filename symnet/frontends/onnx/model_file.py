"""Reading a model's file: attributes, dimensions, small arrays. Of weights only the sizes are read."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from symnet.errors import ModelError

if TYPE_CHECKING:  # ``read_model`` is called first and reports that onnx is missing
    import numpy as np

__all__ = ["SMALL", "attributes", "dimensions", "read_model", "significant_bits", "small_numbers"]

#: Arrays with at most so many entries are read as numbers; larger ones are weights.
SMALL = 4096

#: The number of significant bits of each real element type (onnx.TensorProto.DataType), including the implicit one:
#: float32, float16, float64, bfloat16, and 8- and 4-bit floats. Arrays of these types are trained.
_BITS = {1: 24, 10: 11, 11: 53, 16: 8, 17: 4, 18: 4, 19: 3, 20: 3, 23: 2, 24: 1}
_EXTERNAL = 1  # onnx.TensorProto.EXTERNAL


def read_model(model: Any) -> Any:
    """The ``onnx.ModelProto`` of a file, without its external data; an already loaded ModelProto is returned
    unchanged. Raises :class:`ModelError`, in one line, if there is no such file or no model in it.
    """
    path = os.fspath(model) if isinstance(model, str | os.PathLike) else None
    if path is not None:
        try:
            with open(path, "rb"):
                pass
        except OSError as refused:
            raise ModelError(f"cannot read {path}: {refused.strerror or refused}") from None
    try:
        import onnx
    except ImportError:
        raise ModelError("reading an ONNX model takes the package onnx: pip install symnet[onnx]") from None
    if isinstance(model, onnx.ModelProto):
        return _inlined(model, "the model")
    if path is None:
        raise ModelError(f"from_onnx takes a path or an onnx.ModelProto, got {type(model).__name__}")
    try:
        found = onnx.load(path, format="protobuf", load_external_data=False)
    except OSError as refused:
        raise ModelError(f"cannot read {path}: {refused.strerror or refused}") from None
    except Exception as refused:  # noqa: BLE001  # protobuf raises errors of its own for bytes that are no message
        raise ModelError(f"{path} is no ONNX model: {' '.join(str(refused).split())[:200]}") from None
    if not found.HasField("graph") or not found.graph.node:
        raise ModelError(f"{path} is no ONNX model: it has no graph")
    return _inlined(found, path)


def _inlined(model: Any, name: str) -> Any:
    """The model with its local functions inlined."""
    if not model.functions:
        return model
    from onnx import inliner

    try:
        return inliner.inline_local_functions(model)
    except Exception as refused:  # noqa: BLE001  # whatever is wrong with them is told in a line
        raise ModelError(
            f"{name} has functions that cannot be written out: {' '.join(str(refused).split())[:200]}"
        ) from None


def attributes(node: Any) -> dict[str, Any]:
    """The attributes of a node by name: numbers, texts, lists of them, tensors and graphs as messages. Raises
    :class:`ModelError` for a malformed attribute.
    """
    return {attribute.name: _ATTRIBUTE.get(attribute.type, _message)(attribute) for attribute in node.attribute}


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _message(attribute: Any) -> Any:
    return attribute


#: Readers by onnx.AttributeProto.AttributeType.
_ATTRIBUTE: dict[int, Callable[[Any], Any]] = {
    1: lambda attribute: attribute.f,
    2: lambda attribute: attribute.i,
    3: lambda attribute: _text(attribute.s),
    4: lambda attribute: attribute.t,
    6: lambda attribute: list(attribute.floats),
    7: lambda attribute: list(attribute.ints),
    8: lambda attribute: [_text(item) for item in attribute.strings],
}


def significant_bits(element: int) -> int:
    """The number of significant bits of an element type; 0 for integers and truth values.

    >>> significant_bits(1), significant_bits(7)
    (24, 0)
    """
    return _BITS.get(element, 0)


def dimensions(value: Any) -> list[Any] | None:
    """The dimensions of a value, each a number, a name or ``None``; ``None`` if even their number is unknown."""
    kind = value.type
    if not kind.HasField("tensor_type") or not kind.tensor_type.HasField("shape"):
        return None
    result: list[Any] = []
    for size in kind.tensor_type.shape.dim:
        which = size.WhichOneof("value")
        result.append(size.dim_value if which == "dim_value" else size.dim_param or None if which else None)
    return result


def small_numbers(tensor: Any) -> np.ndarray[Any, Any] | None:
    """The entries of a small numeric array; ``None`` for an array that is large, stored externally, or of text."""
    total = 1
    for size in tensor.dims:
        total *= size
    if total > SMALL or tensor.data_location == _EXTERNAL or tensor.data_type == 8:
        return None
    from onnx import numpy_helper

    try:
        found: np.ndarray[Any, Any] = numpy_helper.to_array(tensor)
    except Exception as refused:  # noqa: BLE001  # bytes that are too few, of an unknown type, …
        raise ModelError(f"ONNX: {tensor.name}: {' '.join(str(refused).split())[:200]}") from None
    return found
