"""Copies of ONNX models with other attributes, arrays and nodes. Arrays of real numbers keep only their sizes, as
nothing else of them is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = [
    "attribute",
    "call",
    "constant_of",
    "light",
    "with_array_of",
    "with_attributes",
    "with_constant",
    "with_node_before",
]

#: onnx.TensorProto: float32, float16, float64, bfloat16; integers of 64 bits.
REAL, INT64 = (1, 10, 11, 16), 7

#: Arrays of real numbers with more entries lose their numbers.
KEPT = 64


def light(model: Any) -> Any:
    """A copy of a model whose large arrays of real numbers have no data, which makes further copies fast."""
    import onnx

    made = onnx.ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    made.functions.extend(model.functions)
    graph = made.graph
    graph.name = model.graph.name or "graph"
    for part in ("node", "input", "output", "sparse_initializer"):
        getattr(graph, part).extend(getattr(model.graph, part))
    for tensor in model.graph.initializer:
        large = tensor.data_type in REAL and _entries(tensor.dims) > KEPT
        graph.initializer.add().CopyFrom(_without_numbers(tensor, tensor.dims) if large else tensor)
    return made


def _entries(dims: Sequence[int]) -> int:
    total = 1
    for size in dims:
        total *= size
    return total


def _without_numbers(tensor: Any, dims: Sequence[int]) -> Any:
    """An array of the same kind with the sizes ``dims`` and no data."""
    made = type(tensor)(name=tensor.name, data_type=tensor.data_type, dims=dims)
    made.data_location = type(tensor).EXTERNAL
    made.external_data.add(key="location", value="weights")
    return made


def _copy(model: Any) -> Any:
    made = type(model)()
    made.CopyFrom(model)
    return made


def attribute(node: Any, name: str) -> Any:
    """The value of an attribute; ``None`` if the node does not have it."""
    from onnx.helper import get_attribute_value

    found = next((one for one in node.attribute if one.name == name), None)
    return None if found is None else get_attribute_value(found)


def with_attributes(model: Any, place: int, values: Mapping[str, Any]) -> Any:
    """The model with other attributes of the node ``place``; the value ``None`` removes an attribute."""
    from onnx.helper import make_attribute

    made = _copy(model)
    node = made.graph.node[place]
    kept = [one for one in node.attribute if one.name not in values]
    more = [make_attribute(name, value) for name, value in values.items() if value is not None]
    del node.attribute[:]
    node.attribute.extend([*kept, *more])
    return made


def with_array_of(model: Any, name: str, dims: Sequence[int]) -> Any:
    """The model with another shape for one array of real numbers."""
    made = _copy(model)
    held = next(one for one in made.graph.initializer if one.name == name)
    held.CopyFrom(_without_numbers(held, dims))
    return made


def constant_of(model: Any, name: str) -> list[int] | None:
    """The integers of a small initializer or ``Constant``; ``None`` if ``name`` is not such an array."""
    from onnx import numpy_helper

    tensor = next((one for one in _tensors(model) if one[0] == name), None)
    if tensor is None or tensor[1].data_type != INT64 or _entries(tensor[1].dims) > 8 or tensor[1].data_location:
        return None
    return [int(value) for value in numpy_helper.to_array(tensor[1]).reshape(-1)]


def _tensors(model: Any) -> Iterator[tuple[str, Any]]:
    for one in model.graph.initializer:
        yield one.name, one
    for node in model.graph.node:
        if node.op_type == "Constant":
            yield from ((node.output[0], one.t) for one in node.attribute if one.name == "value")


def with_constant(model: Any, name: str, values: Sequence[int]) -> Any:
    """The model with other integers in a small array."""
    import numpy
    from onnx import numpy_helper

    made = _copy(model)
    tensor = next(one for key, one in _tensors(made) if key == name)
    dims = tuple(tensor.dims) or () if len(values) == 1 else (len(values),)
    fresh = numpy_helper.from_array(numpy.array(values, numpy.int64).reshape(dims), tensor.name)
    tensor.CopyFrom(fresh)
    return made


def with_node_before(
    model: Any, place: int, read: int, kind: str, values: Mapping[str, Any], more: Sequence[Sequence[int]] = ()
) -> Any:
    """The model with a new node between the node ``place`` and its input ``read``; ``more`` are arrays of integers
    that the new node reads as well.
    """
    import numpy
    from onnx import numpy_helper
    from onnx.helper import make_node

    made = _copy(model)
    nodes = list(made.graph.node)
    given = nodes[place].input[read]
    taken = {name for node in nodes for name in (*node.input, *node.output)} | {
        one.name for one in made.graph.initializer
    }
    name = f"{given}_{kind.lower()}"
    while name in taken:
        name += "_"
    arrays = [
        numpy_helper.from_array(numpy.array(array, numpy.int64), f"{name}_{number}")
        for number, array in enumerate(more)
    ]
    made.graph.initializer.extend(arrays)
    nodes[place].input[read] = name
    fresh = make_node(kind, [given, *(one.name for one in arrays)], [name], name=name, **values)
    del made.graph.node[:]
    made.graph.node.extend([*nodes[:place], fresh, *nodes[place:]])
    return made


def call(node: Any) -> str:
    """The call of ``onnx.helper`` that makes the node, as text."""
    from onnx.helper import get_attribute_value

    def value(one: Any) -> str:
        found = get_attribute_value(one)
        if isinstance(found, bytes):
            return repr(found.decode("utf-8", "replace"))
        return repr(found) if isinstance(found, int | float | list) else "…"

    values = "".join(f", {one.name}={value(one)}" for one in node.attribute)
    return f'helper.make_node("{node.op_type}", {list(node.input)}, {list(node.output)}{values})'
