"""Normalization in every framework."""

from __future__ import annotations

from collections.abc import Mapping

from symnet.frameworks.convention import KERAS, OFFSET_ALONE, ONNX, TENSORFLOW, TORCH, Convention
from symnet.frameworks.tables.shared import ONNX_NN, in_keras_and_tensorflow, in_tensorflow

__all__ = ["NORMALIZATION"]

_TORCH_NORM, _KERAS_NORM = "torch/nn/modules/normalization.py", "keras/src/layers/normalization/"

#: The field ``center`` is refused without ``scale``.
_NO_OFFSET_ALONE = {OFFSET_ALONE: "no offset without a factor"}

#: Instance normalization as group normalization with one channel per group.
_INSTANCES = Convention(
    "keras.layers.GroupNormalization",
    _KERAS_NORM + "group_normalization.py",
    {"affine": "scale and center", "epsilon": "epsilon"},
    {"affine": True, "epsilon": "0.001"},
    fixed={"groups": -1},
)

NORMALIZATION: Mapping[str, Mapping[str, Convention]] = {
    "BN": {
        TORCH: Convention(
            "torch.nn.BatchNorm{rank}d",
            "torch/nn/modules/batchnorm.py",
            {
                "channels": "num_features",
                "momentum": "momentum",
                "epsilon": "eps",
                "scale": "affine",
                "center": "bias",
                "statistics": "track_running_stats",
            },
            {"statistics": "buffers", "momentum": "0.1", "epsilon": "1e-05"},
            {"axis": "the channels only", **_NO_OFFSET_ALONE},
            spelled={"statistics=buffers": None, "statistics=none": ("track_running_stats", False)},
        ),
        **in_keras_and_tensorflow(
            "BatchNormalization",
            _KERAS_NORM + "batch_normalization.py",
            {name: name for name in ("scale", "center", "axis", "momentum", "epsilon")},
            defaults={"momentum": "0.99", "epsilon": "0.001", "axis": "-1"},
        ),
        ONNX: Convention(
            "BatchNormalization",
            ONNX_NN,
            {"momentum": "momentum", "epsilon": "epsilon"},
            {"momentum": "0.9", "epsilon": "1e-05"},
            {"axis": "the channels only"},
        ),
    },
    "LayerNorm": {
        TORCH: Convention(
            "torch.nn.LayerNorm",
            _TORCH_NORM,
            {"axis": "normalized_shape", "scale": "elementwise_affine", "center": "bias", "epsilon": "eps"},
            {"epsilon": "1e-05"},
            _NO_OFFSET_ALONE,
            always=("axis",),
        ),
        **in_keras_and_tensorflow(
            "LayerNormalization",
            _KERAS_NORM + "layer_normalization.py",
            {name: name for name in ("axis", "scale", "center", "epsilon")},
            defaults={"epsilon": "0.001", "axis": "-1"},
        ),
        ONNX: Convention(
            "LayerNormalization",
            ONNX_NN,
            {"axis": "axis", "epsilon": "epsilon", "center": "the input B"},
            {"axis": "-1", "epsilon": "1e-05"},
        ),
    },
    "GroupNorm": {
        TORCH: Convention(
            "torch.nn.GroupNorm",
            _TORCH_NORM,
            {
                "groups": "num_groups",
                "channels": "num_channels",
                "scale": "affine",
                "center": "bias",
                "epsilon": "eps",
            },
            {"epsilon": "1e-05"},
            _NO_OFFSET_ALONE,
            always=("groups",),
        ),
        **in_keras_and_tensorflow(
            "GroupNormalization",
            _KERAS_NORM + "group_normalization.py",
            {name: name for name in ("groups", "scale", "center", "epsilon")},
            defaults={"groups": "32", "epsilon": "0.001"},
        ),
        ONNX: Convention(
            "GroupNormalization",
            ONNX_NN,
            {"groups": "num_groups", "epsilon": "epsilon"},
            {"epsilon": "1e-05"},
            always=("groups",),
        ),
    },
    "InstanceNorm": {
        TORCH: Convention(
            "torch.nn.InstanceNorm{rank}d",
            "torch/nn/modules/instancenorm.py",
            {"channels": "num_features", "affine": "affine", "epsilon": "eps"},
            {"epsilon": "1e-05"},
        ),
        KERAS: _INSTANCES,
        TENSORFLOW: in_tensorflow(_INSTANCES),
        ONNX: Convention(
            "InstanceNormalization",
            ONNX_NN,
            {"epsilon": "epsilon"},
            {"affine": True, "epsilon": "1e-05"},
            {"affine=no": "a scale and a bias always"},
        ),
    },
    "RMSNorm": {
        TORCH: Convention(
            "torch.nn.RMSNorm",
            _TORCH_NORM,
            {"axis": "normalized_shape", "scale": "elementwise_affine", "epsilon": "eps"},
            {"epsilon": "1.1920928955078125e-07"},
            always=("axis",),
        ),
        **in_keras_and_tensorflow(
            "RMSNormalization",
            _KERAS_NORM + "rms_normalization.py",
            {"axis": "axis", "epsilon": "epsilon"},
            defaults={"epsilon": "1e-06", "axis": "-1"},
            lacks={"scale": "a factor always"},
        ),
        ONNX: Convention(
            "RMSNormalization",
            ONNX_NN,
            {"axis": "axis", "epsilon": "epsilon"},
            {"epsilon": "1e-05"},
            {"scale": "a factor always"},
        ),
    },
}
