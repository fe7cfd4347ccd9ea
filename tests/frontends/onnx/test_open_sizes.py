"""Operators of ONNX along a size W that is open: for each W from 1 to 13 the hypotheses either leave it out, or onnxruntime runs
the operator and gives the size that was derived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime
import pytest

from symnet.errors import SymnetError
from tests.frontends.onnx.protos import model, node, read, weight, with_sizes

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def ints(name: str, *numbers: int) -> Any:
    return weight(name, numbers=np.array(numbers, np.int64))


def floats(name: str, *sizes: int) -> Any:
    return weight(name, numbers=np.ones(sizes, np.float32))


#: By name: the operator, its inputs after x, and its attributes. x is (N, 4, W), or (N, 4, W, W) where ``rank`` is 4.
OPERATORS: dict[str, tuple[str, Sequence[Any], dict[str, Any]]] = {
    "top": ("TopK", [ints("k", 3)], {"axis": 2, "outputs": "y other"}),
    "squeeze": ("Squeeze", [], {}),
    "squeeze last": ("Squeeze", [ints("axes", 2)], {}),
    "split": ("Split", [], {"axis": 2, "num_outputs": 2, "outputs": "y other"}),
    "split second": ("Split", [], {"axis": 2, "num_outputs": 2, "outputs": "other y"}),
    "split three": ("Split", [], {"axis": 2, "num_outputs": 3, "outputs": "one two y"}),
    "split lengths": ("Split", [ints("lengths", 2, 5)], {"axis": 2, "outputs": "other y"}),
    "split equal": ("Split", [ints("lengths", 3, 3)], {"axis": 2, "outputs": "other y"}),
    "slice": ("Slice", [ints("from", 2), ints("to", 5), ints("axes", 2)], {}),
    "slice end": ("Slice", [ints("from", -3), ints("to", 2**40), ints("axes", 2)], {}),
    "slice most": ("Slice", [ints("from", 0), ints("to", -3), ints("axes", 2)], {}),
    "slice step": ("Slice", [ints("from", 1), ints("to", 2**40), ints("axes", 2), ints("steps", 3)], {}),
    "slice middle": ("Slice", [ints("from", -6), ints("to", 4), ints("axes", 2)], {}),
    "slice back": ("Slice", [ints("from", -1), ints("to", -(2**40)), ints("axes", 2), ints("steps", -1)], {}),
    "gather": ("Gather", [ints("entries", 0, 3)], {"axis": 2}),
    "gather end": ("Gather", [ints("entries", -1, -4)], {"axis": 2}),
    "gather one": ("Gather", [weight("entry", numbers=np.array(4))], {"axis": 2}),
    "gather one of a row": ("Gather", [ints("entry", -3)], {"axis": 2}),
    "gather elements": ("GatherElements", [weight("entries", numbers=np.full((1, 4, 2), 2))], {"axis": 2}),
    "pad": ("Pad", [ints("pads", 0, 0, -2, 0, 0, 3)], {}),
    "pad less": ("Pad", [ints("pads", 0, 0, 3, 0, 0, -5)], {}),
    "pad reflect": ("Pad", [ints("pads", 0, 0, 2, 0, 0, 3)], {"mode": "reflect"}),
    "pad edge": ("Pad", [ints("pads", 0, 0, 2, 0, 0, -3)], {"mode": "edge"}),
    "pad wrap": ("Pad", [ints("pads", 0, 0, 2, 0, 0, 3)], {"mode": "wrap"}),
    "resize": ("Resize", ["", weight("scales", numbers=np.array([1, 1, 0.5], np.float32))], {}),
    "resize larger": ("Resize", ["", weight("scales", numbers=np.array([1, 1, 1.5], np.float32))], {}),
    "reshape": ("Reshape", [ints("sizes", 0, -1, 8)], {}),
    "reshape pairs": ("Reshape", [ints("sizes", 0, 0, -1, 2)], {}),
    "reshape seven": ("Reshape", [ints("sizes", 0, 4, 7)], {}),
    "expand": ("Expand", [ints("sizes", 1, 4, 5)], {}),
    "expand one": ("Expand", [ints("sizes", 4, 1)], {}),
    "tile": ("Tile", [ints("times", 1, 2, 3)], {}),
    "scatter": (
        "ScatterElements",
        [weight("entries", numbers=np.full((1, 4, 2), 2)), floats("with", 1, 4, 2)],
        {"axis": 2},
    ),
    "max pool": ("MaxPool", [], {"kernel_shape": [3], "strides": [2], "ceil_mode": 1}),
    "max pool dilated": ("MaxPool", [], {"kernel_shape": [3], "strides": [2], "pads": [1, 1], "dilations": [2]}),
    "max pool same": ("MaxPool", [], {"kernel_shape": [3], "strides": [2], "auto_pad": "SAME_UPPER"}),
    "average pool": ("AveragePool", [], {"kernel_shape": [4], "strides": [3], "pads": [2, 2], "ceil_mode": 1}),
    "lp pool": ("LpPool", [], {"kernel_shape": [3], "strides": [2]}),
    "conv": ("Conv", [floats("w", 2, 4, 5)], {"strides": [2], "pads": [1, 1]}),
    "conv same": ("Conv", [floats("w", 2, 4, 5)], {"strides": [2], "auto_pad": "SAME_LOWER"}),
    "conv transpose": ("ConvTranspose", [floats("w", 4, 2, 3)], {"strides": [2], "pads": [2, 2]}),
    "conv transpose more": (
        "ConvTranspose",
        [floats("w", 4, 2, 3)],
        {"strides": [2], "pads": [1, 1], "output_padding": [1]},
    ),
    "depth": ("DepthToSpace", [], {"blocksize": 2, "rank": 4}),
    "space": ("SpaceToDepth", [], {"blocksize": 2, "rank": 4}),
    "add": ("Add", [floats("w", 5)], {}),
    "where": ("Where", [floats("w", 4, 5)], {"order": "flags x w"}),
    "multiply": ("MatMul", [floats("w", 5, 3)], {}),
    "gemm": ("Gemm", [floats("w", 5, 3)], {"rank": 2}),
    "layer norm": ("LayerNormalization", [floats("w", 6)], {"axis": -1}),
    "instance norm": ("InstanceNormalization", [floats("w", 4), floats("b", 4)], {}),
    "cumulative sum": ("CumSum", [weight("axis", numbers=np.array(2))], {}),
    "mean": ("ReduceMean", [ints("axes", 2)], {"keepdims": 0}),
    "argmax": ("ArgMax", [], {"axis": 2}),
    "triangle": ("Trilu", [weight("k", numbers=np.array(1))], {}),
    "lrn": ("LRN", [], {"size": 3, "rank": 4}),
    "softmax": ("Softmax", [], {"axis": 2}),
    "flatten": ("Flatten", [], {"axis": 1}),
    "transpose": ("Transpose", [], {"perm": [0, 2, 1]}),
    "unsqueeze": ("Unsqueeze", [ints("axes", 2)], {}),
    "product": ("Einsum", [floats("w", 5, 3)], {"equation": "ncw,wd->ncd"}),
    "one of a channel": ("PRelu", [floats("w", 5)], {}),
    "rnn": (
        "GRU",
        [floats("w", 1, 9, 5), floats("r", 1, 9, 3)],
        {"hidden_size": 3, "outputs": "y other", "turned": True},
    ),
}


def _proto(name: str) -> Any:
    operator, arguments, attributes = OPERATORS[name]
    named = dict(attributes)
    sizes = {2: ["N", "W"], 3: ["N", 4, "W"], 4: ["N", 4, "W", "W"]}[named.pop("rank", 3)]
    weights = [argument for argument in arguments if argument]
    names = named.pop("order", " ".join(["x", *(argument.name if argument else "-" for argument in arguments)]))
    nodes = [
        node(
            operator,
            names,
            named.pop("outputs", "y"),
            **{key: value for key, value in named.items() if key != "turned"},
        )
    ]
    if "turned" in named:  # steps first
        nodes = [
            node("Transpose", "x", "steps", perm=[1, 0, 2]),
            node(operator, names.replace("x", "steps"), "y other", hidden_size=3),
        ]
    if "flags" in names:
        weights = [*weights, weight("flags", numbers=np.array([True]))]
    return model(nodes, {"x": sizes}, weights, outputs="y"), sizes


def _size_in_onnxruntime(proto: Any, sizes: Sequence[Any], width: int) -> tuple[int, ...] | None:
    """The sizes of the output for a batch of one; ``None`` where onnxruntime refuses."""
    given = [{"N": 1, "W": width}.get(size, size) for size in sizes]
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    found = with_sizes(proto, {"x": given})
    for value in found.graph.output:
        value.type.tensor_type.elem_type = 0
    try:
        session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
        made = session.run(["y"], {"x": np.ones(given, np.float32)})[0]
    except Exception:  # noqa: BLE001  # onnxruntime raises classes of its own
        return None
    return tuple(made.shape)


@pytest.mark.parametrize("name", OPERATORS)
def test_every_size_is_onnxruntimes_or_left_out(name: str) -> None:
    proto, sizes = _proto(name)
    try:
        _, network = read(proto)
    except SymnetError as refused:
        assert name in REFUSED, refused
        return
    kept = []
    for width in range(1, 14):
        try:
            size = tuple(int(entry) for entry in network.at(W=width).output)
        except SymnetError:
            continue
        there = _size_in_onnxruntime(proto, sizes, width)
        assert there is not None, f"W = {width}: onnxruntime refuses"
        assert there in ((1, *size), size), f"W = {width}"
        kept.append(width)
    assert kept


#: Operators that are refused in words.
REFUSED = {"layer norm", "one of a channel", "rnn"}
