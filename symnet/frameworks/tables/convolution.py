"""Convolutions in every framework."""

from __future__ import annotations

from collections.abc import Mapping

from symnet.frameworks.convention import KERAS, ONNX, TENSORFLOW, TORCH, Convention
from symnet.frameworks.rules import below_either, below_stride, causal_1d, stride_or_dilation, unit_stride_same
from symnet.frameworks.tables.shared import (
    CEILING,
    EVEN,
    INFERRED,
    NO_AMOUNTS,
    NO_MODES,
    NO_MODES_BUT_SAME,
    ONNX_NN,
    ONNX_WINDOW,
    TF,
    TF_WINDOW,
    UPPER_ONLY,
    same_names,
)

__all__ = ["CONVOLUTIONS"]

#: The padding of a transposed layer is cropped from its output.
_CROP = "write Cropping after it"
_NO_CROPS = {"same": f"no padding='same'; {_CROP}", "same_lower": f"no padding='same_lower'; {_CROP}"}
_CROPS_EVENLY = {"uneven": f"the same padding before and after only; {_CROP}"}
_TORCH_CONV, _KERAS_CONV = "torch/nn/modules/conv.py", "keras/src/layers/convolutional/"

# "channels" and "outputs" are input and output channels; so is "groups" if every channel is a group
_TORCH_WINDOW = {"kernel": "kernel_size", **same_names("stride", "padding", "dilation", "groups", "bias")}
_KERAS_WINDOW = {
    "kernel": "kernel_size",
    "stride": "strides",
    "padding": "padding",
    "dilation": "dilation_rate",
    "bias": "use_bias",
}
#: Arguments without defaults in tf.nn.
_TF_ALWAYS = ("stride", "padding")

_NO_MORE_IN_TF = {**UPPER_ONLY, "causal": NO_MODES["causal"]}

#: Conventions by kind of layer, then framework.
CONVOLUTIONS: Mapping[str, Mapping[str, Convention]] = {
    "Conv": {
        TORCH: Convention(
            "torch.nn.Conv{rank}d",
            _TORCH_CONV,
            {"channels": "in_channels", "filters": "out_channels", **_TORCH_WINDOW},
            lacks={**NO_MODES_BUT_SAME, **EVEN},
            rules=(unit_stride_same,),
        ),
        KERAS: Convention(
            "keras.layers.Conv{rank}D",
            _KERAS_CONV + "base_conv.py",
            {"filters": "filters", **_KERAS_WINDOW, "groups": "groups"},
            lacks={**UPPER_ONLY, **NO_AMOUNTS},
            rules=(stride_or_dilation, causal_1d),
        ),
        TENSORFLOW: Convention(
            "tf.nn.conv{rank}d",
            TF,
            {**TF_WINDOW, "bias": "tf.nn.bias_add"},
            CEILING,
            NO_MODES_BUT_SAME,
            always=_TF_ALWAYS,
        ),
        ONNX: Convention(
            "Conv",
            ONNX_NN,
            {**ONNX_WINDOW, "groups": "group", "bias": "the input B"},
            lacks={"causal": "no auto_pad for it; give pads"},
            usual=INFERRED,
        ),
    },
    "Depthwise": {
        TORCH: Convention(
            "torch.nn.Conv{rank}d",
            _TORCH_CONV,
            {"channels": "in_channels", "outputs": "out_channels", **_TORCH_WINDOW},
            lacks={"same_lower": NO_MODES["same_lower"], **EVEN},
            rules=(unit_stride_same,),
            usual={"groups": "1"},
        ),
        KERAS: Convention(
            "keras.layers.DepthwiseConv{rank}D",
            _KERAS_CONV + "base_depthwise_conv.py",
            {**_KERAS_WINDOW, "multiplier": "depth_multiplier"},
            lacks={**UPPER_ONLY, **NO_AMOUNTS},
            ranks=(1, 2),
        ),
        TENSORFLOW: Convention(
            "tf.nn.depthwise_conv2d",
            TF,
            {**TF_WINDOW, "kernel": "filter", "bias": "tf.nn.bias_add"},
            CEILING,
            _NO_MORE_IN_TF,
            always=_TF_ALWAYS,
            ranks=(2,),
        ),
        ONNX: Convention(
            "Conv",
            ONNX_NN,
            {**ONNX_WINDOW, "groups": "group", "bias": "the input B"},
            usual={**INFERRED, "groups": "1"},
        ),
    },
    "SeparableConv": {
        TORCH: Convention("", instead="write Depthwise without bias, then Conv|K|1: symnet code does"),
        KERAS: Convention(
            "keras.layers.SeparableConv{rank}D",
            _KERAS_CONV + "base_separable_conv.py",
            {"filters": "filters", **_KERAS_WINDOW, "multiplier": "depth_multiplier"},
            lacks={**UPPER_ONLY, **NO_AMOUNTS},
            ranks=(1, 2),
        ),
        TENSORFLOW: Convention(
            "tf.nn.separable_conv2d",
            TF,
            {**TF_WINDOW, "kernel": "depthwise_filter", "bias": "tf.nn.bias_add"},
            CEILING,
            _NO_MORE_IN_TF,
            always=_TF_ALWAYS,
            ranks=(2,),
        ),
        ONNX: Convention("", instead="write Conv with as many groups as channels, then Conv|K|1"),
    },
    "Deconv": {
        TORCH: Convention(
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
        KERAS: Convention(
            "keras.layers.Conv{rank}DTranspose",
            _KERAS_CONV
            + "base_conv_transpose.py; keras/src/backend/common/backend_utils.py, _get_output_shape_given_tf_padding",
            {"filters": "filters", **_KERAS_WINDOW, "output_padding": "output_padding"},
            {"valid": "stretched", "same": "centred"},
            {
                "same_lower": _NO_CROPS["same_lower"],
                "amounts": f"no amounts of padding; {_CROP}",
                "groups": "no groups here",
                "output": "no output size; output_padding gives it",
            },
            (below_stride, stride_or_dilation),
        ),
        TENSORFLOW: Convention(
            "tf.nn.conv{rank}d_transpose",
            TF + "; tensorflow/core/kernels/conv_grad_shape_utils.cc",
            {**TF_WINDOW, "output": "output_shape", "bias": "tf.nn.bias_add"},
            {"valid": "stretched"},
            {
                "same_lower": _NO_CROPS["same_lower"],
                "groups": "no groups here",
                "output_padding": "no output_padding; give output=",
            },
            always=(*_TF_ALWAYS, "output"),
            usual={"padding": "SAME"},
        ),
        ONNX: Convention(
            "ConvTranspose",
            ONNX_NN + ", convTransposeShapeInference",
            {
                **ONNX_WINDOW,
                "output_padding": "output_padding",
                "output": "output_shape",
                "groups": "group",
                "bias": "the input B",
            },
            {"same": "cropped", "output": "pads"},
            rules=(below_either,),
            usual=INFERRED,
        ),
    },
}
