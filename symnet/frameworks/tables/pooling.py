"""Pooling in every framework."""

from __future__ import annotations

from collections.abc import Mapping

from symnet.frameworks.convention import KERAS, ONNX, TENSORFLOW, TORCH, Convention
from symnet.frameworks.rules import half_kernel
from symnet.frameworks.tables.shared import (
    CEILING,
    EVEN,
    NO_AMOUNTS,
    NO_MODES,
    ONNX_NN,
    ONNX_WINDOW,
    TF,
    UPPER_ONLY,
    absent,
    same_names,
)

__all__ = ["POOLING"]

_TORCH_POOL = "torch/nn/modules/pooling.py; aten/src/ATen/native/Pool.h"
_KERAS_POOL = "keras/src/layers/pooling/base_pooling.py"
_NO_DILATION = {"dilation": "no dilation here"}
_NO_CEIL = {"ceil_mode": "no ceil_mode; pad unevenly before it (ZeroPad)"}
_TORCH_POOL_WINDOW = {"kernel": "kernel_size", **same_names("stride", "padding")}
_TF_POOL = {"kernel": "ksize", "stride": "strides", "padding": "padding"}
_TF_ALWAYS = ("stride", "padding")
_KERAS_POOL_LACKS = {**UPPER_ONLY, **NO_AMOUNTS, **_NO_DILATION, **_NO_CEIL}
_KERAS_POOL_NAMES = {"kernel": "pool_size", "stride": "strides", "padding": "padding"}


def _pool(
    keras: str, torch: str, tensorflow: str, onnx: str, torch_dilation: bool, keras_usual: Mapping[str, str]
) -> dict[str, Convention]:
    more = same_names(*["dilation"] * torch_dilation, "ceil_mode")
    lacks = {**NO_MODES, **EVEN, **({} if torch_dilation else _NO_DILATION)}
    return {
        TORCH: Convention(torch, _TORCH_POOL, {**_TORCH_POOL_WINDOW, **more}, lacks=lacks, rules=(half_kernel,)),
        KERAS: Convention(keras, _KERAS_POOL, _KERAS_POOL_NAMES, lacks=_KERAS_POOL_LACKS, usual=keras_usual),
        TENSORFLOW: Convention(
            tensorflow, TF, _TF_POOL, CEILING, {**UPPER_ONLY, **_NO_DILATION, **_NO_CEIL}, always=_TF_ALWAYS
        ),
        ONNX: Convention(onnx, ONNX_NN, {**ONNX_WINDOW, "ceil_mode": "ceil_mode"}, {"stride": 1}),
    }


#: Conventions by kind of layer, then framework.
POOLING: Mapping[str, Mapping[str, Convention]] = {
    "Maxpool": _pool(
        "keras.layers.MaxPooling{rank}D",
        "torch.nn.MaxPool{rank}d",
        "tf.nn.max_pool{rank}d",
        "MaxPool",
        True,
        {"kernel": "2"},
    ),
    "Avgpool": _pool(
        "keras.layers.AveragePooling{rank}D",
        "torch.nn.AvgPool{rank}d",
        "tf.nn.avg_pool{rank}d",
        "AveragePool",
        False,
        {},
    ),
    "LpPool": {
        TORCH: Convention(
            "torch.nn.LPPool{rank}d",
            _TORCH_POOL,
            same_names("stride", "ceil_mode", kernel="kernel_size", norm="norm_type"),
            lacks={**NO_MODES, **NO_AMOUNTS, **_NO_DILATION},
            always=("norm",),
        ),
        KERAS: absent("take the power, average, and take the root with keras.ops"),
        TENSORFLOW: absent("take the power, average (tf.nn.avg_pool2d), and take the root"),
        ONNX: Convention("LpPool", ONNX_NN, {**ONNX_WINDOW, "ceil_mode": "ceil_mode", "norm": "p"}, {"stride": 1}),
    },
    "GlobalAvgPool": {
        TORCH: Convention("torch.nn.AdaptiveAvgPool{rank}d", _TORCH_POOL, positional=(1,)),
        KERAS: Convention(
            "keras.layers.GlobalAveragePooling{rank}D",
            "keras/src/layers/pooling/base_global_pooling.py",
            {"keepdims": "keepdims"},
        ),
        TENSORFLOW: Convention(
            "tf.reduce_mean", "tensorflow/python/ops/math_ops.py", {"keepdims": "keepdims"}, axes="axis"
        ),
        ONNX: Convention("GlobalAveragePool", ONNX_NN, {}, {"keepdims": True}),
    },
    "GlobalMaxPool": {
        TORCH: Convention("torch.nn.AdaptiveMaxPool{rank}d", _TORCH_POOL, positional=(1,)),
        KERAS: Convention(
            "keras.layers.GlobalMaxPooling{rank}D",
            "keras/src/layers/pooling/base_global_pooling.py",
            {"keepdims": "keepdims"},
        ),
        TENSORFLOW: Convention(
            "tf.reduce_max", "tensorflow/python/ops/math_ops.py", {"keepdims": "keepdims"}, axes="axis"
        ),
        ONNX: Convention("GlobalMaxPool", ONNX_NN, {}, {"keepdims": True}),
    },
    "AdaptiveAvgPool": {
        TORCH: Convention("torch.nn.AdaptiveAvgPool{rank}d", _TORCH_POOL, {"output": "output_size"}),
        KERAS: Convention(
            "keras.layers.AdaptiveAveragePooling{rank}D",
            "keras/src/layers/pooling/base_adaptive_pooling.py",
            {"output": "output_size"},
        ),
        TENSORFLOW: Convention(
            "tf.keras.layers.AdaptiveAveragePooling{rank}D",
            "keras/src/layers/pooling/base_adaptive_pooling.py",
            {"output": "output_size"},
        ),
        ONNX: absent("pool with a kernel and stride that give this size, where one does"),
    },
    "AdaptiveMaxPool": {
        TORCH: Convention("torch.nn.AdaptiveMaxPool{rank}d", _TORCH_POOL, {"output": "output_size"}),
        KERAS: Convention(
            "keras.layers.AdaptiveMaxPooling{rank}D",
            "keras/src/layers/pooling/base_adaptive_pooling.py",
            {"output": "output_size"},
        ),
        TENSORFLOW: Convention(
            "tf.keras.layers.AdaptiveMaxPooling{rank}D",
            "keras/src/layers/pooling/base_adaptive_pooling.py",
            {"output": "output_size"},
        ),
        ONNX: absent("pool with a kernel and stride that give this size, where one does"),
    },
}
