"""Messages and argument names that several rows share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symnet.frameworks.convention import KERAS, TENSORFLOW, Convention

__all__ = [
    "BATCH_FIRST",
    "CEILING",
    "EVEN",
    "INFERRED",
    "NO_AMOUNTS",
    "NO_MODES",
    "NO_MODES_BUT_SAME",
    "ONNX_NN",
    "ONNX_WINDOW",
    "TF",
    "TF_WINDOW",
    "UPPER_ONLY",
    "absent",
    "in_keras_and_tensorflow",
    "in_tensorflow",
    "same_names",
]  # fmt: skip

_PAD = "write ZeroPad before it"
NO_MODES = {mode: f"no padding='{mode}'; {_PAD}" for mode in ("same", "same_lower", "causal")}
NO_MODES_BUT_SAME = {mode: NO_MODES[mode] for mode in ("same_lower", "causal")}
UPPER_ONLY = {"same_lower": NO_MODES["same_lower"]}
NO_AMOUNTS = {"amounts": f"no amounts of padding; {_PAD}"}
EVEN = {"uneven": f"the same padding before and after only; {_PAD}"}
#: VALID in the form ⌈(W − F + 1)/S⌉.
CEILING = {"valid": "ceiling"}
TF, ONNX_NN = "tensorflow/python/ops/nn_ops.py", "onnx/defs/nn/defs.cc"
TF_WINDOW = {"kernel": "filters", "stride": "strides", "padding": "padding", "dilation": "dilations"}
ONNX_WINDOW = {"kernel": "kernel_shape", "stride": "strides", "padding": "pads or auto_pad", "dilation": "dilations"}


#: What ONNX infers from the weights if it is left out.
INFERRED = {"kernel": "the sizes of W"}


def same_names(*names: str, **others: str) -> dict[str, str]:
    """Fields that have the same name in the framework, and others."""
    return {**{name: name for name in names}, **others}


#: Our shapes leave out the batch, which comes first.
BATCH_FIRST = {"batch_first": True}


def in_keras_and_tensorflow(call: str, source: str, names: dict[str, str], **more: Any) -> dict[str, Convention]:
    """A Keras layer, and the same as tf.keras for TensorFlow."""
    keras = Convention(f"keras.layers.{call}", source, names, **more)
    return {KERAS: keras, TENSORFLOW: in_tensorflow(keras)}


def in_tensorflow(keras: Convention) -> Convention:
    """A Keras convention with the names of ``tf.keras``."""
    wrappers = {value: f"tf.{outer}" for value, outer in keras.wrappers.items()}
    variants = {name: in_tensorflow(variant) for name, variant in keras.variants.items()}
    return replace(keras, target=f"tf.{keras.target}" if keras.target else "", wrappers=wrappers, variants=variants)


def absent(instead: str) -> Convention:
    """A framework without such a layer; ``instead`` says what to write."""
    return Convention("", instead=instead)
