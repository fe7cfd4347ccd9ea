"""The table of frameworks: what each knows of every kind of layer.

Recorded on torch 2.13, keras 3.15, tensorflow 2.21 and onnx 1.23; where a framework's versions differ, these count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symnet.errors import LayerError
from symnet.layers.base import Condition, Layer
from symnet.layers.feature_profiles import FEATURE_PROFILES
from symnet.layers.padding import CAUSAL, SAME, SAME_LOWER
from symnet.layers.profile import KERAS, OFFSET_ALONE, ONNX, TENSORFLOW, TITLES, TORCH, Profile
from symnet.layers.refusals import (
    below_either,
    below_stride,
    causal_1d,
    half_kernel,
    stride_or_dilation,
    unit_stride_same,
)
from symnet.layers.window import Window

__all__ = ["PROFILES", "default", "profile_of", "refusals", "require_sayable"]


# ---- the tables ----------------------------------------------------------------------------------------------

_PAD = "write ZeroPad before it"
_NO_MODES = {
    SAME: f"no padding='same'; {_PAD}",
    SAME_LOWER: f"no padding='same_lower'; {_PAD}",
    CAUSAL: f"no padding='causal'; {_PAD}",
}
_UPPER_ONLY = {SAME_LOWER: f"no padding='same_lower'; {_PAD}"}
_NO_AMOUNTS = {"amounts": f"no amounts of padding; {_PAD}"}
_EVEN = {"uneven": f"the same padding before and after only; {_PAD}"}
#: The padding of a transposed layer takes away from its output.
_CROP = "write Cropping after it"
_NO_CROPS = {SAME: f"no padding='same'; {_CROP}", SAME_LOWER: f"no padding='same_lower'; {_CROP}"}
_CROPS_EVENLY = {"uneven": f"the same padding before and after only; {_CROP}"}
_NO_DILATION = {"dilation": "no dilation here"}
#: VALID as ⌈(W − F + 1)/S⌉.
_CEILING = {"valid": "ceiling"}
_NO_CEIL = {"ceil_mode": "no ceil_mode; pad unevenly before it (ZeroPad)"}

_TORCH_CONV, _TORCH_POOL = "torch/nn/modules/conv.py", "torch/nn/modules/pooling.py; aten/src/ATen/native/Pool.h"
_KERAS_CONV, _KERAS_POOL = "keras/src/layers/convolutional/", "keras/src/layers/pooling/base_pooling.py"
_TF, _ONNX = "tensorflow/python/ops/nn_ops.py", "onnx/defs/nn/defs.cc"


def _same_names(*names: str, **others: str) -> dict[str, str]:
    return {**{name: name for name in names}, **others}


# "channels" and "outputs" are the channels of the input and output; so is "groups" where every channel is a group
_TORCH_WINDOW = {"kernel": "kernel_size", **_same_names("stride", "padding", "dilation", "groups", "bias")}
_TORCH_POOL_WINDOW = {"kernel": "kernel_size", **_same_names("stride", "padding")}
_KERAS_WINDOW = {
    "kernel": "kernel_size",
    "stride": "strides",
    "padding": "padding",
    "dilation": "dilation_rate",
    "bias": "use_bias",
}
_TF_WINDOW = {"kernel": "filters", "stride": "strides", "padding": "padding", "dilation": "dilations"}
#: tf.nn has no defaults for these.
_TF_ALWAYS = ("stride", "padding")
_TF_POOL = {"kernel": "ksize", "stride": "strides", "padding": "padding"}
_ONNX_WINDOW = {"kernel": "kernel_shape", "stride": "strides", "padding": "pads or auto_pad", "dilation": "dilations"}
_KERAS_POOL_LACKS = {**_UPPER_ONLY, **_NO_AMOUNTS, **_NO_DILATION, **_NO_CEIL}
_KERAS_POOL_NAMES = {"kernel": "pool_size", "stride": "strides", "padding": "padding"}


def _pool(keras: str, torch: str, tensorflow: str, onnx: str, torch_dilation: bool) -> dict[str, Profile]:
    more = _same_names(*["dilation"] * torch_dilation, "ceil_mode")
    lacks = {**_NO_MODES, **_EVEN, **({} if torch_dilation else _NO_DILATION)}
    return {
        TORCH: Profile(torch, _TORCH_POOL, {**_TORCH_POOL_WINDOW, **more}, lacks=lacks, rules=(half_kernel,)),
        KERAS: Profile(keras, _KERAS_POOL, _KERAS_POOL_NAMES, lacks=_KERAS_POOL_LACKS),
        TENSORFLOW: Profile(
            tensorflow, _TF, _TF_POOL, _CEILING, {**_UPPER_ONLY, **_NO_DILATION, **_NO_CEIL}, always=_TF_ALWAYS
        ),
        ONNX: Profile(onnx, _ONNX, {**_ONNX_WINDOW, "ceil_mode": "ceil_mode"}, {"stride": 1}),
    }


#: By kind of layer, then framework.
PROFILES: Mapping[str, Mapping[str, Profile]] = {
    "Conv": {
        TORCH: Profile(
            "torch.nn.Conv{rank}d",
            _TORCH_CONV,
            {"channels": "in_channels", "filters": "out_channels", **_TORCH_WINDOW},
            lacks={SAME_LOWER: _NO_MODES[SAME_LOWER], CAUSAL: _NO_MODES[CAUSAL], **_EVEN},
            rules=(unit_stride_same,),
        ),
        KERAS: Profile(
            "keras.layers.Conv{rank}D",
            _KERAS_CONV + "base_conv.py",
            {"filters": "filters", **_KERAS_WINDOW, "groups": "groups"},
            lacks={**_UPPER_ONLY, **_NO_AMOUNTS},
            rules=(stride_or_dilation, causal_1d),
        ),
        TENSORFLOW: Profile(
            "tf.nn.conv{rank}d",
            _TF,
            {**_TF_WINDOW, "bias": "tf.nn.bias_add"},
            _CEILING,
            {SAME_LOWER: _NO_MODES[SAME_LOWER], CAUSAL: _NO_MODES[CAUSAL]},
            always=_TF_ALWAYS,
        ),
        ONNX: Profile(
            "Conv",
            _ONNX,
            {**_ONNX_WINDOW, "groups": "group", "bias": "the input B"},
            lacks={CAUSAL: "no auto_pad for it; give pads"},
        ),
    },
    "Depthwise": {
        TORCH: Profile(
            "torch.nn.Conv{rank}d",
            _TORCH_CONV,
            {"channels": "in_channels", "outputs": "out_channels", **_TORCH_WINDOW},
            lacks={SAME_LOWER: _NO_MODES[SAME_LOWER], **_EVEN},
            rules=(unit_stride_same,),
        ),
        KERAS: Profile(
            "keras.layers.DepthwiseConv{rank}D",
            _KERAS_CONV + "base_depthwise_conv.py",
            {**_KERAS_WINDOW, "multiplier": "depth_multiplier"},
            lacks={**_UPPER_ONLY, **_NO_AMOUNTS},
        ),
        TENSORFLOW: Profile(
            "tf.nn.depthwise_conv2d",
            _TF,
            {**_TF_WINDOW, "kernel": "filter", "bias": "tf.nn.bias_add"},
            _CEILING,
            _UPPER_ONLY,
            always=_TF_ALWAYS,
        ),
        ONNX: Profile("Conv", _ONNX, {**_ONNX_WINDOW, "groups": "group", "bias": "the input B"}),
    },
    "SeparableConv": {
        KERAS: Profile(
            "keras.layers.SeparableConv{rank}D",
            _KERAS_CONV + "base_separable_conv.py",
            {"filters": "filters", **_KERAS_WINDOW, "multiplier": "depth_multiplier"},
            lacks={**_UPPER_ONLY, **_NO_AMOUNTS},
        ),
        TENSORFLOW: Profile(
            "tf.nn.separable_conv2d",
            _TF,
            {**_TF_WINDOW, "kernel": "depthwise_filter", "bias": "tf.nn.bias_add"},
            _CEILING,
            _UPPER_ONLY,
            always=_TF_ALWAYS,
        ),
    },
    "Deconv": {
        TORCH: Profile(
            "torch.nn.ConvTranspose{rank}d",
            _TORCH_CONV + "; aten/src/ATen/native/NaiveConvolutionTranspose2d.cpp",
            {
                "channels": "in_channels",
                "filters": "out_channels",
                **_TORCH_WINDOW,
                "output_padding": "output_padding",
                "output": "forward(output_size)",
            },
            lacks={**_NO_CROPS, **_CROPS_EVENLY},
            rules=(below_either,),
        ),
        KERAS: Profile(
            "keras.layers.Conv{rank}DTranspose",
            _KERAS_CONV
            + "base_conv_transpose.py; keras/src/backend/common/backend_utils.py, _get_output_shape_given_tf_padding",
            {"filters": "filters", **_KERAS_WINDOW, "output_padding": "output_padding"},
            {"valid": "stretched", "same": "centred"},
            {
                SAME_LOWER: _NO_CROPS[SAME_LOWER],
                "amounts": f"no amounts of padding; {_CROP}",
                "groups": "no groups here",
                "output": "no output size; output_padding gives it",
            },
            (below_stride, stride_or_dilation),
        ),
        TENSORFLOW: Profile(
            "tf.nn.conv{rank}d_transpose",
            _TF + "; tensorflow/core/kernels/conv_grad_shape_utils.cc",
            {**_TF_WINDOW, "output": "output_shape", "bias": "tf.nn.bias_add"},
            {"valid": "stretched"},
            {
                SAME_LOWER: _NO_CROPS[SAME_LOWER],
                "groups": "no groups here",
                "output_padding": "no output_padding; give output=",
            },
            always=_TF_ALWAYS,
        ),
        ONNX: Profile(
            "ConvTranspose",
            _ONNX + ", convTransposeShapeInference",
            {
                **_ONNX_WINDOW,
                "output_padding": "output_padding",
                "output": "output_shape",
                "groups": "group",
                "bias": "the input B",
            },
            {"same": "cropped", "output": "pads"},
            rules=(below_either,),
        ),
    },
    "Maxpool": _pool(
        "keras.layers.MaxPooling{rank}D", "torch.nn.MaxPool{rank}d", "tf.nn.max_pool{rank}d", "MaxPool", True
    ),
    "Avgpool": _pool(
        "keras.layers.AveragePooling{rank}D", "torch.nn.AvgPool{rank}d", "tf.nn.avg_pool{rank}d", "AveragePool", False
    ),
    "LpPool": {
        TORCH: Profile(
            "torch.nn.LPPool{rank}d",
            _TORCH_POOL,
            _same_names("stride", "ceil_mode", kernel="kernel_size", norm="norm_type"),
            lacks={**_NO_MODES, **_NO_AMOUNTS, **_NO_DILATION},
            always=("norm",),
        ),
        ONNX: Profile("LpPool", _ONNX, {**_ONNX_WINDOW, "ceil_mode": "ceil_mode", "norm": "p"}, {"stride": 1}),
    },
    "GlobalAvgPool": {
        TORCH: Profile("torch.nn.AdaptiveAvgPool{rank}d(1)", _TORCH_POOL, {}),
        KERAS: Profile(
            "keras.layers.GlobalAveragePooling{rank}D",
            "keras/src/layers/pooling/base_global_pooling.py",
            {"keepdims": "keepdims"},
        ),
        TENSORFLOW: Profile("tf.reduce_mean", "tensorflow/python/ops/math_ops.py", {"keepdims": "keepdims"}),
        ONNX: Profile("GlobalAveragePool", _ONNX, {}, {"keepdims": True}),
    },
    "GlobalMaxPool": {
        TORCH: Profile("torch.nn.AdaptiveMaxPool{rank}d(1)", _TORCH_POOL, {}),
        KERAS: Profile(
            "keras.layers.GlobalMaxPooling{rank}D",
            "keras/src/layers/pooling/base_global_pooling.py",
            {"keepdims": "keepdims"},
        ),
        TENSORFLOW: Profile("tf.reduce_max", "tensorflow/python/ops/math_ops.py", {"keepdims": "keepdims"}),
        ONNX: Profile("GlobalMaxPool", _ONNX, {}, {"keepdims": True}),
    },
    "AdaptiveAvgPool": {
        TORCH: Profile("torch.nn.AdaptiveAvgPool{rank}d", _TORCH_POOL, {"output": "output_size"}),
        KERAS: Profile(
            "keras.layers.AdaptiveAveragePooling{rank}D",
            "keras/src/layers/pooling/base_adaptive_pooling.py",
            {"output": "output_size"},
        ),
    },
    "AdaptiveMaxPool": {
        TORCH: Profile("torch.nn.AdaptiveMaxPool{rank}d", _TORCH_POOL, {"output": "output_size"}),
        KERAS: Profile(
            "keras.layers.AdaptiveMaxPooling{rank}D",
            "keras/src/layers/pooling/base_adaptive_pooling.py",
            {"output": "output_size"},
        ),
    },
    **FEATURE_PROFILES,
}


def profile_of(layer: Layer) -> Profile | None:
    """The profile of the layer's framework, if it names one and this table knows the kind. Raises :class:`LayerError`
    where the framework has no such layer.

    >>> from symnet.layers.convolution import Conv
    >>> profile_of(Conv(64, 3, framework="torch")).call
    'torch.nn.Conv{rank}d'
    """
    if layer.framework is None or layer.kind not in PROFILES:
        return None
    found = PROFILES[layer.kind].get(layer.framework)
    if found is None:
        raise LayerError(f"{TITLES[layer.framework]} has no such layer; write it with others, or leave framework= out")
    return found


def default(layer: Layer, name: str, otherwise: Any = None) -> Any:
    """What the layer's framework takes for granted for ``name``.

    >>> from symnet.layers.pooling import MaxPool
    >>> default(MaxPool(2), "stride"), default(MaxPool(2, framework="onnx"), "stride")
    (None, 1)
    """
    found = profile_of(layer)
    return otherwise if found is None else found.defaults.get(name, otherwise)


def refusals(layer: Layer, windows: tuple[Window, ...], mode: str) -> tuple[Condition, ...]:
    """What the layer's framework asks of a layer with windows; nothing without a framework."""
    found = profile_of(layer)
    return () if found is None else found.refusals(layer, windows, mode)


def require_sayable(layer: Layer) -> None:
    """Raises :class:`LayerError` for a value that the layer's framework has no way to say. In ``lacks``, ``field`` is
    any value but the usual one, ``field=value`` that one.
    """
    found = profile_of(layer)
    if found is None or not found.lacks:
        return
    for spec in layer.specs():
        value = getattr(layer, spec.name)
        if value is None or spec.required:
            continue
        usual = (None if spec.default is None else spec.coerce(spec.default), found.defaults.get(spec.name))
        words = found.lacks.get(f"{spec.name}={spec.show(value)}")
        if words is None and value not in usual:
            words = found.lacks.get(spec.name)
        if words is not None:
            raise LayerError(f"{TITLES[layer.framework or '']} has {words}")
    if OFFSET_ALONE in found.lacks and not getattr(layer, "scale", True) and getattr(layer, "center", False):
        raise LayerError(f"{TITLES[layer.framework or '']} has {found.lacks[OFFSET_ALONE]}")
