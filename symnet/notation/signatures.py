"""The constructors of PyTorch's and Keras's layers: their arguments in their own order, as torch 2.13 and keras 3.15 have them.

An argument is a field of our kind by its own name or alias. ``argument:field`` names the field; ``argument~`` has no bearing on
what a layer computes and is not read; ``argument=value`` must have that value, since our kind has no other. Arguments after
a ``*`` are read by keyword only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from symnet.frameworks.convention import KERAS, TORCH

__all__ = ["PREFIXES", "Parameter", "classes", "signature", "starts_numbers"]

#: What stands before a class, and whose it is.
PREFIXES: Mapping[str, str] = {
    **dict.fromkeys(("nn", "torch.nn", "torch.nn.modules"), TORCH),
    **dict.fromkeys(
        ("layers", "keras.layers", "tf.keras.layers", "tensorflow.keras.layers", "keras", "tf.keras"), KERAS
    ),
}


class Parameter(NamedTuple):
    """One argument: the ``field`` that it is, or ``None``; ``fixed`` is the value that it must have, if there is one."""

    name: str
    field: str | None
    fixed: str | None = None


_WINDOW = "kernel_size stride padding dilation groups bias padding_mode=zeros"
_POOL = "kernel_size stride padding"
_INPLACE = ("ReLU", "ReLU6", "SELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid")
_PLAIN = ("Sigmoid", "Tanh", "LogSigmoid", "Softsign", "Identity", "Tanhshrink")

_TORCH = {
    "Conv#d": f"in_channels out_channels {_WINDOW}",
    "ConvTranspose#d": "in_channels out_channels kernel_size stride padding output_padding groups bias dilation "
    "padding_mode=zeros",
    "MaxPool#d": f"{_POOL} dilation return_indices=False ceil_mode",
    "AvgPool#d": f"{_POOL} ceil_mode count_include_pad=True * divisor_override=None",
    "LPPool#d": "norm_type kernel_size stride ceil_mode",
    "AdaptiveAvgPool#d": "output_size",
    "AdaptiveMaxPool#d": "output_size return_indices=False",
    "Linear": "in_features out_features bias",
    "BatchNorm#d": "num_features eps momentum affine=True track_running_stats=True",
    "InstanceNorm#d": "num_features eps momentum~ affine track_running_stats=False",
    "GroupNorm": "num_groups num_channels eps affine=True",
    **dict.fromkeys(("Dropout", "Dropout#d", "AlphaDropout"), "p:rate inplace~"),
    **dict.fromkeys(_INPLACE, "inplace~"),
    **dict.fromkeys(_PLAIN, ""),
    "LeakyReLU": "negative_slope:alpha inplace~",
    "ELU": "alpha inplace~",
    "CELU": "alpha inplace~",
    "GELU": "approximate=none",
    "Softplus": "beta=1 threshold=20",
    "Softmax": "dim:axis",
    "LogSoftmax": "dim:axis",
    "PReLU": "num_parameters init~",
    "GLU": "dim:axis",
    "Flatten": "start_dim end_dim",
    "Embedding": "num_embeddings embedding_dim padding_idx~ max_norm~ norm_type~ scale_grad_by_freq~ sparse~",
    "RNN": "input_size hidden_size num_layers nonlinearity=tanh bias batch_first~ dropout~ bidirectional",
    "GRU": "input_size hidden_size num_layers bias batch_first~ dropout~ bidirectional",
    "LSTM": "input_size hidden_size num_layers bias batch_first~ dropout~ bidirectional proj_size",
    "PixelShuffle": "upscale_factor",
    "PixelUnshuffle": "downscale_factor",
    "ZeroPad#d": "padding",
    "ChannelShuffle": "groups",
}

_KERAS_CONV = "padding data_format~ dilation_rate groups activation use_bias"
_KERAS_RNN = "units activation=tanh {}use_bias"
_SEQUENCES = "* return_sequences return_state=False go_backwards~ stateful~ unroll~ dropout~ recurrent_dropout~"

_KERAS = {
    "Conv#D": f"filters kernel_size strides {_KERAS_CONV}",
    "Conv#DTranspose": "filters kernel_size strides padding output_padding data_format~ dilation_rate activation use_bias",
    "Conv3DTranspose": "filters kernel_size strides padding data_format~ output_padding dilation_rate activation use_bias",
    "DepthwiseConv#D": "kernel_size strides padding depth_multiplier data_format~ dilation_rate activation use_bias",
    "SeparableConv#D": "filters kernel_size strides padding data_format~ dilation_rate depth_multiplier activation use_bias",
    **{f"{name}Pooling#D": "pool_size strides padding data_format~" for name in ("Max", "Average")},
    **{f"Global{name}Pooling#D": "data_format~ keepdims" for name in ("Max", "Average")},
    "Dense": "units activation use_bias",
    "BatchNormalization": "axis=-1 momentum epsilon center scale",
    "LayerNormalization": "axis epsilon center scale",
    "GroupNormalization": "groups axis=-1 epsilon center scale",
    "Dropout": "rate noise_shape~ seed~",
    "SpatialDropout1D": "rate seed~",
    "SpatialDropout#D": "rate data_format~ seed~",
    "Activation": "activation:function",
    "ReLU": "max_value=None negative_slope=0 threshold=0",
    "LeakyReLU": "negative_slope:alpha",
    "ELU": "alpha",
    "Softmax": "axis",
    "Flatten": "data_format~",
    "Embedding": "input_dim output_dim",
    "LSTM": _KERAS_RNN.format("recurrent_activation=sigmoid ") + f" {_SEQUENCES}",
    "GRU": _KERAS_RNN.format("recurrent_activation=sigmoid ") + f" {_SEQUENCES} reset_after",
    "SimpleRNN": _KERAS_RNN.format("") + f" {_SEQUENCES}",
    "UpSampling1D": "size",
    "UpSampling2D": "size data_format~ interpolation",
    "UpSampling3D": "size data_format~",
    "ZeroPadding#D": "padding data_format~",
    "Cropping1D": "cropping",
    "Cropping#D": "cropping data_format~",
    "Reshape": "target_shape",
    "Permute": "dims",
    "RepeatVector": "n",
}

#: Arguments that every layer of the framework has, by keyword.
_EVERYWHERE = {TORCH: "device~ dtype~", KERAS: "name dtype~ trainable=True"}
#: How numbers are started, which no keyword of ours says and no size or count depends on.
_STARTS = re.compile(r"\w+_initializer")

_SIGNATURES: Mapping[str, Mapping[str, str]] = {TORCH: _TORCH, KERAS: _KERAS}


def classes(framework: str) -> Iterator[str]:
    """The names of all classes that are read."""
    for name in _SIGNATURES[framework]:
        yield from (name.replace("#", rank) for rank in ("123" if "#" in name else "1"))


def signature(framework: str, name: str) -> tuple[tuple[Parameter, ...], dict[str, Parameter]] | None:
    """The arguments of a class in order, and all of them by name; ``None`` if it is not known.

    >>> order, known = signature("torch", "Conv2d")
    >>> [parameter.name for parameter in order[:3]], known["in_channels"].field
    (['in_channels', 'out_channels', 'kernel_size'], 'in_channels')
    """
    known = _SIGNATURES[framework]
    written = known.get(name, known.get(re.sub(r"[123](?=[dD])", "#", name)))
    if written is None:
        return None
    placed, _, named = written.partition("*")
    order = tuple(map(_parameter, placed.split()))
    every = map(_parameter, (*_EVERYWHERE[framework].split(), *named.split()))
    return order, {parameter.name: parameter for parameter in (*every, *order)}


def _parameter(word: str) -> Parameter:
    name, sign, value = re.fullmatch(r"(\w+)([:=~]?)(.*)", word).groups()  # type: ignore[union-attr]
    if sign == "=":
        return Parameter(name, None, value)
    return Parameter(name, None if sign == "~" else value or name)


def starts_numbers(name: str) -> bool:
    """Whether an argument says only with which numbers training starts."""
    return bool(_STARTS.fullmatch(name))
