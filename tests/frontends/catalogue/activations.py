"""The activations of the catalogue, by their names in the three frameworks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["ACTIVATIONS"]

#: Activations: what each is in PyTorch (torch.nn), in Keras (a name), and as nodes of ONNX.
ACTIVATIONS: dict[str, tuple[Any, str, Sequence[tuple[str, dict[str, Any]]]]] = {
    "relu": ("ReLU", "relu", [("Relu", {})]),
    "relu6": ("ReLU6", "relu6", [("Clip", {"min": 0.0, "max": 6.0})]),
    "sigmoid": ("Sigmoid", "sigmoid", [("Sigmoid", {})]),
    "tanh": ("Tanh", "tanh", [("Tanh", {})]),
    "elu": ("ELU", "elu", [("Elu", {})]),
    "selu": ("SELU", "selu", [("Selu", {})]),
    "celu": ("CELU", "celu", [("Celu", {})]),
    "gelu": ("GELU", "gelu", [("Gelu", {})]),
    "softplus": ("Softplus", "softplus", [("Softplus", {})]),
    "softsign": ("Softsign", "softsign", [("Softsign", {})]),
    "leaky_relu": ("LeakyReLU", "leaky_relu", [("LeakyRelu", {})]),
    "hard_sigmoid": ("Hardsigmoid", "hard_sigmoid", [("HardSigmoid", {})]),
    "hard_swish": ("Hardswish", "hard_swish", [("HardSwish", {})]),
    "mish": ("Mish", "mish", [("Mish", {})]),
    "log_sigmoid": ("LogSigmoid", "log_sigmoid", [("Sigmoid", {}), ("Log", {})]),
}
