"""The constructors of the layers of PyTorch and Keras: their arguments in order, as in torch 2.13 and keras 3.15.

An argument is a field of symnet's kind, by its name or alias. ``argument:field`` names the field, ``argument:field+field`` two fields
that get the same value; ``argument~`` does not change what the layer computes and is ignored; ``argument=value`` must have that
value, since symnet's kind has no other. ``argument?`` may be ``None``, which is its default; the default of ``argument?2`` is 2,
where symnet's field has another default or none. Arguments after a ``*`` are keyword-only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from symnet.frameworks.convention import KERAS, TORCH

__all__ = [
    "ALWAYS", "DATA_FORMAT", "INSTEAD", "PREFIXES", "Parameter", "classes", "signature", "starts_numbers",
]  # fmt: skip

#: The framework of a class, by the prefix before its name.
PREFIXES: Mapping[str, str] = {
    **dict.fromkeys(("nn", "torch.nn", "torch.nn.modules"), TORCH),
    **dict.fromkeys(
        ("layers", "keras.layers", "tf.keras.layers", "tensorflow.keras.layers", "keras", "tf.keras"), KERAS
    ),
}


class Parameter(NamedTuple):
    """One argument: its field or ``None``, a second field with the same value (``also``), and the only allowed value (``fixed``).
    ``default`` is the framework's default if it differs from the field's; the word ``None`` is one of its values.
    """

    name: str
    field: str | None
    fixed: str | None = None
    also: str | None = None
    default: str | None = None


_WINDOW = "kernel_size stride padding dilation groups bias padding_mode=zeros"
_POOL = "kernel_size stride? padding"
_INPLACE = ("ReLU", "ReLU6", "SELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid")
_PLAIN = ("Sigmoid", "Tanh", "LogSigmoid", "Softsign", "Identity", "Tanhshrink")

_TORCH = {
    "Conv#d": f"in_channels out_channels {_WINDOW}",
    "ConvTranspose#d": "in_channels out_channels kernel_size stride padding output_padding groups bias dilation "
    "padding_mode=zeros",
    "MaxPool#d": f"{_POOL} dilation return_indices=False ceil_mode",
    "AvgPool#d": f"{_POOL} ceil_mode count_include_pad=True * divisor_override=None",
    "LPPool#d": "norm_type kernel_size stride? ceil_mode",
    "AdaptiveAvgPool#d": "output_size",
    "AdaptiveMaxPool#d": "output_size return_indices=False",
    "Linear": "in_features out_features bias",
    "BatchNorm#d": "num_features eps momentum affine:scale+center track_running_stats=True",
    "InstanceNorm#d": "num_features eps momentum~ affine track_running_stats=False",
    "GroupNorm": "num_groups num_channels eps affine:scale+center",
    **dict.fromkeys(("Dropout", "Dropout#d", "AlphaDropout"), "p:rate inplace~"),
    **dict.fromkeys(_INPLACE, "inplace~"),
    **dict.fromkeys(_PLAIN, ""),
    "LeakyReLU": "negative_slope:alpha inplace~",
    "ELU": "alpha inplace~",
    "CELU": "alpha inplace~",
    "GELU": "approximate=none",
    "Softplus": "beta=1 threshold=20",
    "Softmax": "dim:axis?",
    "LogSoftmax": "dim:axis?",
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

_KERAS_CONV = "padding data_format? dilation_rate groups activation? use_bias"
_KERAS_RNN = "units activation=tanh {}use_bias"
_SEQUENCES = "* return_sequences return_state=False go_backwards~ stateful~ unroll~ dropout~ recurrent_dropout~"

_KERAS = {
    "Conv#D": f"filters kernel_size strides {_KERAS_CONV}",
    "Conv#DTranspose": "filters kernel_size strides padding output_padding? data_format? dilation_rate activation? use_bias",
    "Conv3DTranspose": "filters kernel_size strides padding data_format? output_padding? dilation_rate activation? use_bias",
    "DepthwiseConv#D": "kernel_size strides padding depth_multiplier data_format? dilation_rate activation? use_bias",
    "SeparableConv#D": "filters kernel_size strides padding data_format? dilation_rate depth_multiplier activation? use_bias",
    "MaxPooling#D": "pool_size?2 strides? padding data_format?",
    "AveragePooling#D": "pool_size strides? padding data_format?",
    **{f"Global{name}Pooling#D": "data_format? keepdims" for name in ("Max", "Average")},
    "Dense": "units activation? use_bias",
    "BatchNormalization": "axis=-1 momentum epsilon center scale",
    "LayerNormalization": "axis epsilon center scale",
    "GroupNormalization": "groups axis=-1 epsilon center scale",
    "Dropout": "rate noise_shape~ seed~",
    "SpatialDropout1D": "rate seed~",
    "SpatialDropout#D": "rate data_format? seed~",
    "Activation": "activation:function",
    "ReLU": "max_value=None negative_slope=0 threshold=0",
    "LeakyReLU": "negative_slope:alpha",
    "ELU": "alpha",
    "PReLU": "alpha_initializer~ alpha_regularizer=None alpha_constraint=None shared_axes?",
    "Softmax": "axis",
    "Flatten": "data_format?",
    "Embedding": "input_dim output_dim",
    "LSTM": _KERAS_RNN.format("recurrent_activation=sigmoid ") + f" {_SEQUENCES}",
    "GRU": _KERAS_RNN.format("recurrent_activation=sigmoid ") + f" {_SEQUENCES} reset_after",
    "SimpleRNN": _KERAS_RNN.format("") + f" {_SEQUENCES}",
    "UpSampling1D": "size?2",
    "UpSampling2D": "size?2 data_format? interpolation",
    "UpSampling3D": "size?2 data_format?",
    "ZeroPadding#D": "padding?1 data_format?",
    "Cropping1D": "cropping?1",
    "Cropping2D": "cropping?0 data_format?",
    "Cropping3D": "cropping?1 data_format?",
    "Reshape": "target_shape",
    "Permute": "dims",
    "RepeatVector": "n",
}

#: Keyword arguments that every layer of the framework has.
_EVERYWHERE = {TORCH: "device~ dtype~", KERAS: "name? dtype~ trainable=True"}
#: Fields that are always set for a class: PyTorch's recurrent layers return every state.
ALWAYS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    TORCH: {name: {"return_sequences": "yes"} for name in ("RNN", "GRU", "LSTM")},
    KERAS: {},
}
#: The argument that must agree with the order of the network's sizes.
DATA_FORMAT = "data_format"
#: The argument between bars that has the meaning of a value which calls do not take.
INSTEAD: Mapping[tuple[str, str], str] = {("track_running_stats", "false"): "statistics=none"}
#: Initializers of weights, which no size or count depends on.
_STARTS = re.compile(r"\w+_initializer")

_SIGNATURES: Mapping[str, Mapping[str, str]] = {TORCH: _TORCH, KERAS: _KERAS}


def classes(framework: str) -> Iterator[str]:
    """The names of all classes with a known signature."""
    for name in _SIGNATURES[framework]:
        yield from (name.replace("#", rank) for rank in ("123" if "#" in name else "1"))


def signature(framework: str, name: str) -> tuple[tuple[Parameter, ...], dict[str, Parameter]] | None:
    """The arguments of a class in order, and all of them by name; ``None`` for an unknown class.

    >>> order, known = signature("torch", "Conv2d")
    >>> [parameter.name for parameter in order[:3]], known["in_channels"].field
    (['in_channels', 'out_channels', 'kernel_size'], 'in_channels')
    """
    known = _SIGNATURES[framework]
    arguments = known.get(name, known.get(re.sub(r"[123](?=[dD])", "#", name)))
    if arguments is None:
        return None
    positional, _, named = arguments.partition("*")
    order = tuple(map(_parameter, positional.split()))
    every = map(_parameter, (*_EVERYWHERE[framework].split(), *named.split()))
    return order, {parameter.name: parameter for parameter in (*every, *order)}


def _parameter(word: str) -> Parameter:
    name, sign, value, default = re.fullmatch(r"(\w+)([:=~]?)([\w.+-]*)(\?\w*)?", word).groups()  # type: ignore[union-attr]
    if sign == "=":
        return Parameter(name, None, value)
    field, _, also = (value or name).partition("+")
    usual = None if not default else default[1:] or "None"
    return Parameter(name, None if sign == "~" else field, also=also or None, default=usual)


def starts_numbers(name: str) -> bool:
    """Returns whether an argument only sets the initial weights."""
    return bool(_STARTS.fullmatch(name))
