"""Layers that move, join or reduce numbers, in every framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symnet.frameworks.convention import KERAS, ONNX, TENSORFLOW, TORCH, Convention
from symnet.frameworks.tables.shared import absent, in_tensorflow

__all__ = ["ARRANGING", "JOINS", "REDUCTIONS"]

_TORCH, _KERAS_OPS, _KERAS = "torch/_torch_docs.py", "keras/src/ops/numpy.py", "keras/src/layers/"
_ONNX_TENSOR, _ONNX_MATH, _ONNX_REDUCE = (
    "onnx/defs/tensor/defs.cc",
    "onnx/defs/math/defs.cc",
    "onnx/defs/reduction/defs.cc",
)
_ONNX_LOGIC = "onnx/defs/math/defs.cc"


def _row(torch: Convention, keras: Convention, onnx: Convention) -> dict[str, Convention]:
    """A row of the table; TensorFlow has what Keras has."""
    return {TORCH: torch, KERAS: keras, TENSORFLOW: in_tensorflow(keras), ONNX: onnx}


def _torch(name: str, **more: Any) -> Convention:
    return Convention(f"torch.{name}", _TORCH, **more)


def _ops(name: str, **more: Any) -> Convention:
    return Convention(f"keras.ops.{name}", _KERAS_OPS, **more)


def _layer(name: str, where: str, **more: Any) -> Convention:
    return Convention(f"keras.layers.{name}", _KERAS + where, **more)


def _reduction(torch: str, keras: str, onnx: str) -> dict[str, Convention]:
    return _row(
        _torch(torch, arguments={"axis": "dim", "keepdims": "keepdim"}, usual=_ALL if torch in ("mean", "sum") else {}),
        _ops(keras, arguments={"axis": "axis", "keepdims": "keepdims"}, usual=_ALL),
        Convention(
            onnx, _ONNX_REDUCE, {"axis": "the input axes", "keepdims": "keepdims"}, {"keepdims": True}, usual=_ALL
        ),
    )


#: Without an axis all sizes are reduced, the batch as well.
_ALL = {"axis": "all sizes"}


def _merge(torch: Convention, name: str, onnx: str) -> dict[str, Convention]:
    return _row(torch, _layer(name, f"merging/{name.lower()}.py"), Convention(onnx, _ONNX_MATH))


#: Conventions by kind of layer, then framework.
REDUCTIONS: Mapping[str, Mapping[str, Convention]] = {
    "Mean": _reduction("mean", "mean", "ReduceMean"),
    "Sum": _reduction("sum", "sum", "ReduceSum"),
    "Max": _reduction("amax", "max", "ReduceMax"),
    "Min": _reduction("amin", "min", "ReduceMin"),
    "Prod": _reduction("prod", "prod", "ReduceProd"),
    "Reduce": _row(
        _torch(
            "argmax", arguments={"function": "the function's name", "axis": "dim", "keepdims": "keepdim"}, usual=_ALL
        ),
        _ops(
            "argmax", arguments={"function": "the function's name", "axis": "axis", "keepdims": "keepdims"}, usual=_ALL
        ),
        Convention(
            "ArgMax",
            _ONNX_REDUCE,
            {"function": "the operator's name", "axis": "axis", "keepdims": "keepdims"},
            {"axis": "0", "keepdims": True},
        ),
    ),
}

JOINS: Mapping[str, Mapping[str, Convention]] = {
    "Add": _merge(_torch("add"), "Add", "Add"),
    "Subtract": _merge(_torch("sub"), "Subtract", "Sub"),
    "Multiply": _merge(_torch("mul"), "Multiply", "Mul"),
    "Average": _merge(absent("write the sum over the number of tensors: (x + y) / 2"), "Average", "Mean"),
    "Maximum": _merge(_torch("maximum"), "Maximum", "Max"),
    "Minimum": _merge(_torch("minimum"), "Minimum", "Min"),
    "Combine": _row(
        _torch("div", arguments={"function": "the function's name: div, pow"}),
        _ops("divide", arguments={"function": "the function's name: divide, power"}),
        Convention("Div", _ONNX_MATH, {"function": "the operator's name: Div, Pow"}),
    ),
    "Concat": _row(
        _torch("cat", arguments={"axis": "dim"}, defaults={"axis": "0"}),
        _layer("Concatenate", "merging/concatenate.py", arguments={"axis": "axis"}, defaults={"axis": "-1"}),
        Convention("Concat", _ONNX_TENSOR, {"axis": "axis"}, always=("axis",)),
    ),
    "Crop": _row(
        absent("slice the middle out of the larger tensor; symnet code defines a function for it"),
        absent("crop by half of the difference (Cropping2D); symnet code defines a function for it"),
        absent("use Slice, with starts and ends from the two shapes"),
    ),
    "Dot": _row(
        _torch("einsum", arguments={"axes": "letters that stand twice in the equation"}),
        _layer("Dot", "merging/dot.py", arguments={"axes": "axes"}),
        Convention("Einsum", _ONNX_MATH, {"axes": "letters that stand twice in the equation"}),
    ),
    "MatMul": _row(_torch("matmul"), _ops("matmul"), Convention("MatMul", _ONNX_MATH)),
    "Einsum": _row(
        _torch("einsum", arguments={"equation": "equation"}),
        _ops("einsum", arguments={"equation": "subscripts"}),
        Convention("Einsum", _ONNX_MATH, {"equation": "equation"}),
    ),
}

_NO_PART = {
    "start_dim": "all sizes but the batch flattened; write Reshape",
    "end_dim": "all sizes but the batch flattened; write Reshape",
}

ARRANGING: Mapping[str, Mapping[str, Convention]] = {
    "Flatten": _row(
        Convention("torch.nn.Flatten", "torch/nn/modules/flatten.py", {"start_dim": "start_dim", "end_dim": "end_dim"}),
        _layer("Flatten", "reshaping/flatten.py", lacks=_NO_PART),
        Convention("Flatten", "onnx/defs/nn/defs.cc", {"start_dim": "axis"}),
    ),
    "Reshape": _row(
        _torch("reshape", arguments={"target": "shape"}),
        _layer("Reshape", "reshaping/reshape.py", arguments={"target": "target_shape"}),
        Convention("Reshape", _ONNX_TENSOR, {"target": "the input shape"}),
    ),
    "Permute": _row(
        _torch("permute", arguments={"order": "dims"}),
        _layer("Permute", "reshaping/permute.py", arguments={"order": "dims"}),
        Convention("Transpose", _ONNX_TENSOR, {"order": "perm"}, usual={"order": "reversed"}),
    ),
    "ExpandDims": _row(
        _torch("unsqueeze", arguments={"axis": "dim"}, always=("axis",)),
        _ops("expand_dims", arguments={"axis": "axis"}, always=("axis",)),
        Convention("Unsqueeze", _ONNX_TENSOR, {"axis": "the input axes"}, always=("axis",)),
    ),
    "Squeeze": _row(
        _torch("squeeze", arguments={"axis": "dim"}),
        _ops("squeeze", arguments={"axis": "axis"}),
        Convention("Squeeze", _ONNX_TENSOR, {"axis": "the input axes"}),
    ),
    "Repeat": _row(
        _torch("Tensor.repeat", arguments={"times": "a number for every size", "axis": "a number for every size"}),
        _layer("RepeatVector", "reshaping/repeat_vector.py", arguments={"times": "n", "axis": "keras.ops.tile"}),
        Convention("Tile", _ONNX_TENSOR, {"times": "the input repeats", "axis": "the input repeats"}),
    ),
    "Slice": _row(
        absent("index it: x[:, 1:3]"),
        absent("index it: x[:, 1:3]"),
        Convention(
            "Slice",
            _ONNX_TENSOR,
            {
                "axis": "the input axes",
                "start": "the input starts",
                "stop": "the input ends",
                "step": "the input steps",
            },
            usual={"axis": "all sizes"},
            always=("start", "stop"),
        ),
    ),
    "Split": _row(
        _torch(
            "chunk",
            arguments={"parts": "chunks", "index": "an index of the result", "axis": "dim"},
            defaults={"axis": "0"},
        ),
        _ops(
            "split",
            arguments={"parts": "indices_or_sections", "index": "an index of the result", "axis": "axis"},
            defaults={"axis": "0"},
        ),
        Convention(
            "Split",
            _ONNX_TENSOR,
            {"parts": "num_outputs", "index": "the output", "axis": "axis"},
            {"axis": "0"},
            usual={"parts": "the input split"},
        ),
    ),
    "Take": _row(
        _torch("index_select", arguments={"axis": "dim", "entries": "index"}),
        _ops("take", arguments={"entries": "indices", "axis": "axis"}, usual={"axis": "all sizes"}),
        Convention("Gather", _ONNX_TENSOR, {"axis": "axis", "entries": "the input indices"}, {"axis": "0"}),
    ),
    "ChannelShuffle": _row(
        Convention("torch.nn.ChannelShuffle", "torch/nn/modules/channelshuffle.py", {"groups": "groups"}),
        absent("write Reshape, Permute and Reshape; symnet code does"),
        absent("use Reshape, Transpose and Reshape"),
    ),
    "Layout": _row(*[absent("leave it out: it moves nothing, and says which size holds the channels")] * 3),
    "Input": _row(
        absent("give forward one more argument"),
        Convention("keras.Input", "keras/src/layers/core/input_layer.py", {"shape": "shape"}, usual={"shape": "None"}),
        absent("give the graph one more input"),
    ),
    "Parameter": _row(
        Convention("torch.nn.Parameter", "torch/nn/parameter.py", {"shape": "data"}, usual={"shape": "None"}),
        absent("call self.add_weight(shape=...) in a layer of your own"),
        absent("give the graph one more initializer"),
    ),
    "Opaque": _row(*[absent("write the layer that it stands for: symnet knows only what comes out of it")] * 3),
    "Held": _row(*[absent("leave it out: nothing uses its numbers")] * 3),
    "Unused": _row(*[absent("leave it out: nothing uses what it reads")] * 3),
    "Require": _row(*[absent("leave it out: it computes nothing, and says which sizes fit")] * 3),
}
