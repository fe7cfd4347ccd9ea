"""Words and argument names that several rows have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symnet.frameworks.convention import KERAS, TENSORFLOW, Convention

__all__ = [
    "BATCH_FIRST", "CEILING", "EVEN", "INFERRED", "NO_AMOUNTS", "NO_MODES", "NO_MODES_BUT_SAME", "ONNX_NN", "ONNX_WINDOW", "TF",
    "TF_WINDOW", "UPPER_ONLY", "absent", "in_tensorflow", "keras_too", "same_names",
]  # fmt: skip

_PAD = "write ZeroPad before it"
NO_MODES = {mode: f"no padding='{mode}'; {_PAD}" for mode in ("same", "same_lower", "causal")}
NO_MODES_BUT_SAME = {mode: NO_MODES[mode] for mode in ("same_lower", "causal")}
UPPER_ONLY = {"same_lower": NO_MODES["same_lower"]}
NO_AMOUNTS = {"amounts": f"no amounts of padding; {_PAD}"}
EVEN = {"uneven": f"the same padding before and after only; {_PAD}"}
#: VALID as ⌈(W − F + 1)/S⌉.
CEILING = {"valid": "ceiling"}
TF, ONNX_NN = "tensorflow/python/ops/nn_ops.py", "onnx/defs/nn/defs.cc"
TF_WINDOW = {"kernel": "filters", "stride": "strides", "padding": "padding", "dilation": "dilations"}
ONNX_WINDOW = {"kernel": "kernel_shape", "stride": "strides", "padding": "pads or auto_pad", "dilation": "dilations"}


#: What ONNX reads off the weights where it is left out.
INFERRED = {"kernel": "the sizes of W"}


def same_names(*names: str, **others: str) -> dict[str, str]:
    """Fields that the framework calls as we do, and others."""
    return {**{name: name for name in names}, **others}


#: Our shapes are those of one example of a batch, which comes first.
BATCH_FIRST = {"batch_first": True}


def keras_too(call: str, source: str, names: dict[str, str], **more: Any) -> dict[str, Convention]:
    """A Keras layer, which TensorFlow has as tf.keras."""
    found = Convention(f"keras.layers.{call}", source, names, **more)
    return {KERAS: found, TENSORFLOW: in_tensorflow(found)}


def in_tensorflow(keras: Convention) -> Convention:
    """What Keras has is in TensorFlow as ``tf.keras``."""
    around = {value: f"tf.{outer}" for value, outer in keras.around.items()}
    variants = {name: in_tensorflow(found) for name, found in keras.variants.items()}
    return replace(keras, target=f"tf.{keras.target}" if keras.target else "", around=around, variants=variants)


def absent(instead: str) -> Convention:
    """A framework without such a layer, and what to do there."""
    return Convention("", instead=instead)
