"""Runs of an ONNX model at chosen sizes with zeros as data: by onnxruntime if it is installed, else by ONNX's
evaluator.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from symnet.frontends.checking import SECONDS
from symnet.frontends.onnx.runtimes import TooSlow, by_evaluator, by_onnxruntime

__all__ = ["run"]

#: Models with more array entries in total are not run; the evaluator, which is slow, also runs none with more nodes.
ENTRIES, NODES = 1 << 26, 200

#: The batch size of a run.
BATCH = 2


def run(model: Any, given: Sequence[Any] | None) -> tuple[str | None, str]:
    """The runtime that ran the model at this input without the batch, such as ``onnxruntime 1.20``, or ``None`` if it
    was not run; and the error message if it failed, else an empty text.
    """
    shapes = _shapes(model, given)
    if shapes is None or sum(prod(one.dims) for one in model.graph.initializer) > ENTRIES:
        return None, ""
    return _run(_with_zeros(model), shapes)


def _shapes(model: Any, given: Sequence[Any] | None) -> dict[str, tuple[int, ...]] | None:
    """The sizes of each input with its batch; ``None`` if one of them is not a number."""
    held = {one.name for one in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in held]
    found: dict[str, tuple[int, ...]] = {}
    for value in inputs:
        dims = [size.dim_value or None for size in value.type.tensor_type.shape.dim]
        if given is not None and len(inputs) == 1 and len(dims) == len(given) + 1:
            dims = [dims[0], *(size if isinstance(size, int) else None for size in given)]
        if dims:
            dims[0] = dims[0] or BATCH
        if None in dims:
            return None
        found[value.name] = tuple(size or 0 for size in dims)
    return found


def _with_zeros(model: Any) -> Any:
    """The model with zeros in the arrays without data, and without its declared output sizes."""
    import numpy
    from onnx import numpy_helper
    from onnx.helper import tensor_dtype_to_np_dtype

    made = type(model)()
    made.CopyFrom(model)
    for tensor in made.graph.initializer:
        if tensor.data_location:
            zeros = numpy.zeros(tuple(tensor.dims), tensor_dtype_to_np_dtype(tensor.data_type))
            tensor.CopyFrom(numpy_helper.from_array(zeros, tensor.name))
    return made


def _run(model: Any, shapes: dict[str, tuple[int, ...]]) -> tuple[str | None, str]:
    import numpy
    from onnx.helper import tensor_dtype_to_np_dtype

    for value in model.graph.input:
        if value.name in shapes:
            for size, number in zip(value.type.tensor_type.shape.dim, shapes[value.name], strict=True):
                size.Clear()
                size.dim_value = number
    feeds = {
        value.name: numpy.zeros(shapes[value.name], tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type))
        for value in model.graph.input
        if value.name in shapes
    }
    try:
        import onnxruntime
    except ImportError:
        return _evaluated(model, feeds)
    title = f"onnxruntime {_version(onnxruntime)}"
    try:
        by_onnxruntime(model, feeds, SECONDS)
    except TooSlow:
        return None, ""
    except Exception as error:  # noqa: BLE001  # the runtime's own errors
        return title, str(error)
    return title, ""


def _evaluated(model: Any, feeds: dict[str, Any]) -> tuple[str | None, str]:
    import onnx

    if len(model.graph.node) > NODES:
        return None, ""
    title = f"the evaluator of onnx {_version(onnx)}"
    try:
        by_evaluator(model, feeds)
    except Exception as error:  # noqa: BLE001  # the evaluator's own errors
        return title, str(error) or type(error).__name__
    return title, ""


def _version(package: Any) -> str:
    return ".".join(str(package.__version__).split(".")[:2])
