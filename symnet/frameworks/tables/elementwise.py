"""Activations, dropout, rescaling, padding, resizing and layers of single models in every framework."""

from __future__ import annotations

from collections.abc import Mapping

from symnet.frameworks.convention import KERAS, ONNX, TENSORFLOW, TORCH, Convention
from symnet.frameworks.tables.shared import BATCH_FIRST, absent, in_tensorflow

__all__ = ["ELEMENTWISE", "SPATIAL"]

_ACTIVATION = "torch/nn/modules/activation.py"
_KERAS_RESHAPING = "keras/src/layers/reshaping/"


def _row(
    torch: Convention, keras: Convention, onnx: Convention, tensorflow: Convention | None = None
) -> dict[str, Convention]:
    """A row of the table; TensorFlow has what Keras has, unless ``tensorflow`` is passed."""
    return {TORCH: torch, KERAS: keras, TENSORFLOW: tensorflow or in_tensorflow(keras), ONNX: onnx}


_DEFINED = "symnet code defines a layer for it"
_TRAINED_ARRAY = absent(f"add a trained array; {_DEFINED}")
_ONNX_WEIGHTS = absent("use Mul, and Add for an offset, with initializers")
_BLOCK = absent("write it with its own layers")

#: Conventions by kind of layer, then framework.
ELEMENTWISE: Mapping[str, Mapping[str, Convention]] = {
    "Activation": _row(
        Convention(
            "torch.nn.ReLU",
            _ACTIVATION,
            {"function": "the module's name", "alpha": "alpha, negative_slope or lambd", "axis": "dim of Softmax"},
            usual={"alpha": "1.0, LeakyReLU 0.01, shrinks 0.5", "axis": "none: torch asks for it"},
        ),
        Convention(
            "keras.layers.Activation",
            "keras/src/layers/activations/activation.py",
            {"function": "activation", "alpha": "alpha, negative_slope or threshold", "axis": "axis of Softmax"},
            usual={"alpha": "1.0, LeakyReLU 0.3, shrinks 0.5", "axis": "-1"},
        ),
        Convention(
            "Relu",
            "onnx/defs/math/defs.cc",
            {"function": "the operator's name", "alpha": "the attribute alpha", "axis": "axis of Softmax"},
            usual={"alpha": "1.0, LeakyRelu 0.01", "axis": "-1"},
        ),
    ),
    "GLU": _row(
        Convention("torch.nn.GLU", _ACTIVATION, {"axis": "dim"}),
        Convention("keras.activations.glu", "keras/src/activations/activations.py", {"axis": "axis"}),
        absent("use Split, Sigmoid of the second half, and Mul"),
    ),
    "Dropout": _row(
        Convention("torch.nn.Dropout", "torch/nn/modules/dropout.py", {"rate": "p"}, {"rate": "0.5"}),
        Convention(
            "keras.layers.Dropout", "keras/src/layers/regularization/dropout.py", {"rate": "rate"}, always=("rate",)
        ),
        Convention("Dropout", "onnx/defs/nn/defs.cc", {"rate": "the input ratio"}, {"rate": "0.5"}),
    ),
    "Rescaling": _row(
        absent("calculate it in forward: x * scale + offset"),
        Convention(
            "keras.layers.Rescaling",
            "keras/src/layers/preprocessing/rescaling.py",
            {"scale": "scale", "offset": "offset"},
            always=("scale",),
            usual={"offset": "0.0"},
        ),
        absent("use Mul and Add"),
    ),
    "Scale": _row(
        absent(f"multiply with a trained array; {_DEFINED}"),
        absent(f"multiply with a trained array; {_DEFINED}"),
        _ONNX_WEIGHTS,
    ),
    "LRN": _row(
        Convention(
            "torch.nn.LocalResponseNorm",
            "torch/nn/modules/normalization.py",
            {"channels": "size", "alpha": "alpha", "beta": "beta", "bias": "k"},
            {"alpha": "0.0001", "beta": "0.75", "bias": "1.0"},
            always=("channels",),
        ),
        absent("divide by the mean square of the neighbouring channels with keras.ops"),
        Convention(
            "LRN",
            "onnx/defs/nn/defs.cc",
            {"channels": "size", "alpha": "alpha", "beta": "beta", "bias": "bias"},
            {"alpha": "0.0001", "beta": "0.75", "bias": "1.0"},
            always=("channels",),
        ),
        Convention(
            "tf.nn.local_response_normalization",
            "tensorflow/python/ops/nn_ops.py",
            {
                "channels": "depth_radius: half of size - 1",
                "alpha": "alpha: divided by size",
                "beta": "beta",
                "bias": "bias",
            },
            usual={"channels": "depth_radius 5", "alpha": "1", "beta": "0.5", "bias": "1"},
        ),
    ),
    "Normalization": _row(
        absent("subtract the mean of the data and divide by their deviation before the model"),
        Convention("keras.layers.Normalization", "keras/src/layers/preprocessing/normalization.py", {"axis": "axis"}),
        absent("use Sub and Div with the numbers of the data"),
    ),
    "PositionEmbedding": _row(_TRAINED_ARRAY, _TRAINED_ARRAY, absent("use Add with an initializer")),
    "ClassToken": _row(
        absent(f"join a trained array with the sequence; {_DEFINED}"),
        absent(f"join a trained array with the sequence; {_DEFINED}"),
        absent("use Concat with an initializer"),
    ),
    "CrossAttention": _row(
        Convention(
            "torch.nn.MultiheadAttention",
            _ACTIVATION,
            {"heads": "num_heads", "bias": "bias"},
            lacks={
                "key_dim": "embed_dim / num_heads numbers a head",
                "value_dim": "embed_dim / num_heads numbers a head",
                "output_dim": "as many features out as in",
                "kv_heads": "as many heads of keys as of queries",
            },
            from_weights={"embed_dim": (0, 0)},
            fixed=BATCH_FIRST,
        ),
        Convention(
            "keras.layers.MultiHeadAttention",
            "keras/src/layers/attention/multi_head_attention.py",
            {
                "heads": "num_heads",
                "key_dim": "key_dim",
                "value_dim": "value_dim",
                "output_dim": "output_shape",
                "bias": "use_bias",
            },
            always=("key_dim",),
        ),
        absent("use MatMul for queries, keys and values, then Attention"),
    ),
    "WindowAttention": _row(
        absent("take torchvision.models.swin_transformer.ShiftedWindowAttention"),
        _BLOCK,
        absent("export the model that has it"),
    ),
    "PatchMerging": _row(
        absent("take torchvision.models.swin_transformer.PatchMerging"), _BLOCK, absent("export the model that has it")
    ),
    "PooledAttention": _row(
        absent("take torchvision.models.video.mvit.MultiscaleAttention"), _BLOCK, absent("export the model that has it")
    ),
    "SE": _row(
        absent(f"take torchvision.ops.SqueezeExcitation; {_DEFINED}"),
        absent("write GlobalAveragePooling2D, two Dense or Conv2D layers and Multiply; symnet code does"),
        absent("use GlobalAveragePool, two Conv, Relu, Sigmoid and Mul"),
    ),
}

SPATIAL: Mapping[str, Mapping[str, Convention]] = {
    "ZeroPad": _row(
        Convention(
            "torch.nn.ZeroPad{rank}d",
            "torch/nn/modules/padding.py",
            {"padding": "padding", "mode": "the module's name: ReflectionPad2d, ReplicationPad2d, CircularPad2d"},
        ),
        Convention(
            "keras.layers.ZeroPadding{rank}D",
            _KERAS_RESHAPING + "zero_padding2d.py",
            {"padding": "padding", "mode": "keras.ops.pad(mode)"},
            lacks={"mode": "zeros only; keras.ops.pad reflects"},
            usual={"padding": "1"},
        ),
        Convention(
            "Pad", "onnx/defs/tensor/defs.cc", {"padding": "the input pads", "mode": "mode"}, usual={"mode": "constant"}
        ),
    ),
    "Cropping": _row(
        absent("index it: x[:, :, 1:-1, 1:-1]"),
        Convention(
            "keras.layers.Cropping{rank}D",
            _KERAS_RESHAPING + "cropping2d.py",
            {"cropping": "cropping"},
            usual={"cropping": "0"},
        ),
        Convention("Slice", "onnx/defs/tensor/defs.cc", {"cropping": "the inputs starts and ends"}),
    ),
    "Upsample": _row(
        Convention(
            "torch.nn.Upsample",
            "torch/nn/modules/upsampling.py",
            {"factor": "scale_factor", "mode": "mode"},
            usual={"factor": "None"},
        ),
        Convention(
            "keras.layers.UpSampling{rank}D",
            _KERAS_RESHAPING + "up_sampling2d.py",
            {"factor": "size", "mode": "interpolation"},
            usual={"factor": "2"},
        ),
        Convention("Resize", "onnx/defs/tensor/defs.cc", {"factor": "the input scales", "mode": "mode"}),
    ),
    "Resize": _row(
        Convention(
            "torch.nn.Upsample",
            "torch/nn/modules/upsampling.py",
            {"output": "size", "mode": "mode"},
            usual={"output": "None", "mode": "nearest"},
        ),
        Convention(
            "keras.layers.Resizing",
            "keras/src/layers/preprocessing/image_preprocessing/resizing.py",
            {"output": "height, width", "mode": "interpolation"},
        ),
        Convention(
            "Resize",
            "onnx/defs/tensor/defs.cc",
            {"output": "the input sizes", "mode": "mode"},
            usual={"mode": "nearest"},
        ),
    ),
    "PixelShuffle": _row(
        Convention("torch.nn.PixelShuffle", "torch/nn/modules/pixelshuffle.py", {"factor": "upscale_factor"}),
        absent("write Reshape, Permute and Reshape; symnet code does"),
        Convention("DepthToSpace", "onnx/defs/tensor/defs.cc", {"factor": "blocksize"}, fixed={"mode": "CRD"}),
    ),
    "PixelUnshuffle": _row(
        Convention("torch.nn.PixelUnshuffle", "torch/nn/modules/pixelshuffle.py", {"factor": "downscale_factor"}),
        absent("write Reshape, Permute and Reshape; symnet code does"),
        absent("use Reshape, Transpose and Reshape: SpaceToDepth orders the channels otherwise"),
    ),
}
