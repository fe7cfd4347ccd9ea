"""ONNX models that work, made by ``onnx.helper``, how one number of them is broken, and how code of the doctor's is put into them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["MODELS", "Graph", "broken", "made", "put", "run"]

Shape = tuple[int, ...]


class Graph(NamedTuple):
    """``nodes`` are the arguments of ``make_node``; ``arrays`` the shapes of real arrays, ``numbers`` arrays of whole numbers."""

    input: Shape
    nodes: Sequence[tuple[Any, ...]]
    arrays: Mapping[str, Shape]
    numbers: Mapping[str, Sequence[int]] = {}


def node(kind: str, reads: str, gives: str, **attributes: Any) -> tuple[Any, ...]:
    return (kind, reads.split(), [gives], attributes)


CONV = node("Conv", "x w1 b1", "c", pads=[1, 1, 1, 1], kernel_shape=[3, 3])
POOL = node("MaxPool", "c", "p", kernel_shape=[2, 2], strides=[2, 2])

#: Models that every runtime takes, each with one input ``x`` and one output ``y``.
MODELS = {
    "dense after convolutions": Graph(
        (1, 14, 14),
        [CONV, POOL, node("Flatten", "p", "f"), node("Gemm", "f w2 b2", "y", transB=1)],
        {"w1": (4, 1, 3, 3), "b1": (4,), "w2": (10, 196), "b2": (10,)},
    ),
    "reshape": Graph(
        (1, 14, 14),
        [CONV, POOL, node("Reshape", "p s", "f"), node("MatMul", "f w2", "m"), node("Add", "m b2", "y")],
        {"w1": (4, 1, 3, 3), "b1": (4,), "w2": (196, 10), "b2": (10,)},
        {"s": [-1, 196]},
    ),
    "u net": Graph(
        (3, 16, 12),
        [
            node("Conv", "x w1 b1", "c", pads=[1, 1, 1, 1]), POOL, node("ConvTranspose", "p w2", "u", strides=[2, 2]),
            node("Concat", "c u", "j", axis=1), node("Conv", "j w3", "y"),
        ],
        {"w1": (4, 3, 3, 3), "b1": (4,), "w2": (4, 4, 2, 2), "w3": (2, 8, 1, 1)},
    ),
    "residual": Graph(
        (4, 9, 9),
        [
            node("Conv", "x w1 b1", "c", pads=[1, 1, 1, 1], strides=[2, 2]), node("Conv", "x w2", "d", strides=[2, 2]),
            node("Add", "c d", "a"), node("Relu", "a", "r"), node("GlobalAveragePool", "r", "g"),
            node("Flatten", "g", "f", axis=1), node("Gemm", "f w3", "y", transB=1),
        ],
        {"w1": (6, 4, 3, 3), "b1": (6,), "w2": (6, 4, 1, 1), "w3": (5, 6)},
    ),
    "channels last": Graph(
        (8, 9, 3),
        [
            node("Transpose", "x", "t", perm=[0, 3, 1, 2]), node("Conv", "t w1", "c", group=1),
            node("AveragePool", "c", "p", kernel_shape=[2, 3], strides=[2, 2]), node("Transpose", "p", "y", perm=[0, 2, 3, 1]),
        ],
        {"w1": (4, 3, 3, 3)},
    ),
    "depthwise": Graph(
        (8, 10, 10),
        [
            node("Conv", "x w1", "c", group=8, pads=[1, 1, 1, 1]), node("Conv", "c w2", "d"),
            node("Add", "x d", "y"),
        ],
        {"w1": (8, 1, 3, 3), "w2": (8, 8, 1, 1)},
    ),
    "sequence": Graph(
        (12, 20),
        [
            node("Transpose", "x", "t", perm=[0, 2, 1]), node("Conv", "t w1", "c", pads=[1, 1]),
            node("MaxPool", "c", "p", kernel_shape=[3], strides=[3]),
            node("Flatten", "p", "f"), node("Gemm", "f w2", "y", transB=1),
        ],
        {"w1": (16, 20, 3), "w2": (7, 64)},
    ),
    "attention": Graph(
        (10, 8),
        [
            node("MatMul", "x wq", "q"), node("MatMul", "x wk", "k"), node("Transpose", "k", "t", perm=[0, 2, 1]),
            node("MatMul", "q t", "s"), node("Softmax", "s", "a", axis=-1), node("MatMul", "x wv", "v"), node("MatMul", "a v", "y"),
        ],
        {"wq": (8, 4), "wk": (8, 4), "wv": (8, 6)},
    ),
    "autoencoder": Graph(
        (1, 28, 28),
        [
            node("Conv", "x w1", "c", pads=[1, 1, 1, 1], strides=[2, 2]), node("Relu", "c", "r"),
            node("ConvTranspose", "r w2", "d", pads=[1, 1, 1, 1], strides=[2, 2], output_padding=[1, 1]), node("Sub", "d x", "y"),
        ],
        {"w1": (4, 1, 3, 3), "w2": (4, 1, 3, 3)},
    ),
}  # fmt: skip


def made(graph: Graph) -> Any:
    """The model."""
    import numpy
    from onnx import TensorProto, helper, numpy_helper

    held = [numpy_helper.from_array(numpy.zeros(shape, numpy.float32), name) for name, shape in graph.arrays.items()]
    held += [numpy_helper.from_array(numpy.array(list(values)), name) for name, values in graph.numbers.items()]
    nodes = [helper.make_node(kind, reads, gives, **more) for kind, reads, gives, more in graph.nodes]
    for number, one in enumerate(nodes):
        one.name = f"{one.op_type.lower()}_{number}"
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", *graph.input])
    y = helper.make_empty_tensor_value_info("y")
    y.type.tensor_type.elem_type = TensorProto.FLOAT
    found = helper.make_model(
        helper.make_graph(nodes, "g", [x], [y], held), opset_imports=[helper.make_opsetid("", 17)]
    )
    found.ir_version = 8
    return found


def run(model: Any, shape: Shape) -> Shape:
    """The shape that onnxruntime gives for a batch of three."""
    import numpy
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    for value in model.graph.input:
        for size, number in zip(value.type.tensor_type.shape.dim[1:], shape, strict=True):
            size.dim_value = number
    how = onnxruntime.RunOptions()
    how.log_severity_level = 4
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return tuple(session.run(None, {"x": numpy.zeros((3, *shape), numpy.float32)}, how)[0].shape)


def broken(graph: Graph) -> Iterator[tuple[str, Graph]]:
    """The model with one number changed, in many ways, each in words."""
    for place, (kind, reads, gives, more) in enumerate(graph.nodes):
        for name, value in more.items():
            for other in _others(value):
                nodes = [*graph.nodes[:place], (kind, reads, gives, {**more, name: other}), *graph.nodes[place + 1 :]]
                yield f"{kind} {name}={other}", graph._replace(nodes=nodes)
    for held, field in ((graph.arrays, "arrays"), (graph.numbers, "numbers")):
        for name, value in held.items():
            for other in _others(list(value)):
                yield f"{name} {other}", graph._replace(**{field: {**held, name: tuple(other)}})


def _others(value: Any) -> Iterator[Any]:
    if isinstance(value, int):
        yield from {value + 1, value * 2, max(value - 1, 0)} - {value}
        return
    for place, one in enumerate(value):
        for other in sorted({one + 1, one * 2, max(one - 1, 0)} - {one}):
            yield [*value[:place], other, *value[place + 1 :]]


def put(model: Any, code: str, breaks: str) -> Any:
    """The model with code of the doctor's in it: nodes take the place of those that give the same, or stand before the one that
    ``breaks``; arrays take the place of those of their names."""
    import numpy
    from onnx import NodeProto, helper, numpy_helper

    made = type(model)()
    made.CopyFrom(model)
    for line in code.split("\n"):
        call, _, arrays = line.partition("  # with ")
        found = eval(call, {"helper": helper, "numpy_helper": numpy_helper, "numpy": numpy})  # our own words
        nodes = list(made.graph.node)
        if not isinstance(found, NodeProto):
            next(one for one in made.graph.initializer if one.name == found.name).CopyFrom(found)
            continue
        there = next((one for one in nodes if one.output == found.output), None)
        if there is not None:
            found.name = there.name
            there.CopyFrom(found)
            continue
        place = next(number for number, one in enumerate(nodes) if breaks in (one.name, *one.output))
        reads = nodes[place].input
        reads[list(reads).index(found.input[0])] = found.output[0]
        more = ast.literal_eval(f"[{arrays}]") if arrays else []
        for name, numbers in zip(found.input[1:], more, strict=True):
            made.graph.initializer.append(numpy_helper.from_array(numpy.array(numbers), name))
        del made.graph.node[:]
        made.graph.node.extend([*nodes[:place], found, *nodes[place:]])
    return made
