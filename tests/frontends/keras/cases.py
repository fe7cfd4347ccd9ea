"""Small models, one or a few for every class of layer: the sizes of the inputs, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = [
    "CASES", "IMAGE", "OTHER", "ROW", "ROWS", "ROW_OTHER", "SAME_ROWS", "TWO_ROWS", "VECTORS", "Case", "build", "one",
]  # fmt: skip

Sizes = tuple[int | None, ...]


class Case(NamedTuple):
    """``inputs`` are sizes, ``others`` further sizes of the same inputs; ``make`` gets keras and the inputs."""

    name: str
    inputs: tuple[Sizes, ...]
    others: tuple[Sizes, ...]
    make: Callable[..., Any]

    def __str__(self) -> str:
        return self.name


def build(case: Case, sizes: tuple[Sizes, ...]) -> Any:
    """The functional model of Keras."""
    import keras

    keras.utils.clear_session(free_memory=False)  # names begin anew
    inputs = [keras.Input(shape, name=f"in{number}") for number, shape in enumerate(sizes)]
    outputs = case.make(keras, *inputs)
    return keras.Model(inputs, outputs)


IMAGE, OTHER = ((13, 16, 6),), ((9, 21, 6),)
FIRST, FIRST_OTHER = ((6, 13, 16),), ((6, 9, 21),)
ROW, ROW_OTHER = ((17, 6),), ((10, 6),)
VOLUME, VOLUME_OTHER = ((7, 8, 9, 4),), ((9, 7, 12, 4),)
VECTOR, VECTOR_OTHER = ((10,),), ((12,),)


def _layer(name: str, inputs: Any, others: Any, cls: str, *args: Any, **named: Any) -> Case:
    return Case(
        name,
        inputs,
        others,
        lambda keras, *x: getattr(keras.layers, cls)(*args, **named)(x[0] if len(x) == 1 else list(x)),
    )


def one(cls: str, *args: Any, on: tuple[Any, Any] = (IMAGE, OTHER), **named: Any) -> Case:
    shown = ", ".join([*map(repr, args), *(f"{name}={value!r}" for name, value in named.items())])
    return _layer(f"{cls}({shown})", *on, cls, *args, **named)


ROWS, VOLUMES, VECTORS, FIRSTS = (ROW, ROW_OTHER), (VOLUME, VOLUME_OTHER), (VECTOR, VECTOR_OTHER), (FIRST, FIRST_OTHER)
TWO_ROWS = (((5, 6), (8, 6)), ((9, 6), (3, 6)))
SAME_ROWS = (((5, 6), (5, 6)), ((9, 6), (9, 6)))

_WINDOWS = [
    one("Conv1D", 8, 3, on=ROWS),
    one("Conv1D", 8, 3, strides=2, padding="same", on=ROWS),
    one("Conv1D", 8, 3, padding="causal", dilation_rate=2, use_bias=False, on=ROWS),
    one("Conv2D", 8, 3),
    one("Conv2D", 8, (5, 3), strides=(2, 3), padding="same", activation="relu"),
    one("Conv2D", 9, 3, dilation_rate=(2, 1), groups=3, kernel_regularizer="l2"),
    one("Conv2D", 8, 3, strides=2, data_format="channels_first", on=FIRSTS),
    one("Conv3D", 5, 3, strides=(1, 2, 2), padding="same", on=VOLUMES),
    one("Conv1DTranspose", 5, 3, strides=2, on=ROWS),
    one("Conv2DTranspose", 5, 3),
    one("Conv2DTranspose", 5, 3, strides=2, padding="same"),
    one("Conv2DTranspose", 5, (4, 2), strides=3, padding="valid", use_bias=False),
    one("Conv2DTranspose", 5, 3, strides=2, padding="same", output_padding=1),
    one("Conv2DTranspose", 5, 3, strides=(2, 3), output_padding=(1, 2)),
    one("Conv3DTranspose", 2, 3, strides=2, padding="same", on=VOLUMES),
    one("DepthwiseConv1D", 3, depth_multiplier=2, on=ROWS),
    one("DepthwiseConv2D", 3, strides=2, padding="same", depth_multiplier=3, depthwise_regularizer="l1"),
    one("SeparableConv1D", 7, 3, on=ROWS),
    one("SeparableConv2D", 7, 3, strides=2, depth_multiplier=2, use_bias=False),
    one("MaxPooling1D", on=ROWS),
    one("MaxPooling2D", 3, strides=2, padding="same"),
    one("MaxPooling2D", (2, 3)),
    one("MaxPooling3D", 2, on=VOLUMES),
    one("AveragePooling1D", 3, strides=1, on=ROWS),
    one("AveragePooling2D", 3, strides=2),
    one("AveragePooling2D", 2, data_format="channels_first", on=FIRSTS),
    one("AveragePooling3D", 2, padding="same", on=VOLUMES),
    *(
        one(f"Global{kind}Pooling{rank}D", keepdims=keep, on=on)
        for kind in ("Max", "Average")
        for rank, on in ((1, ROWS), (2, (IMAGE, OTHER)), (3, VOLUMES))
        for keep in (False, True)
    ),
    one("GlobalAveragePooling2D", data_format="channels_first", on=FIRSTS),
    one("AdaptiveMaxPooling2D", (3, 4)),
    one("AdaptiveAveragePooling2D", 4),
    one("AdaptiveAveragePooling1D", 4, on=ROWS),
    one("ZeroPadding1D", 2, on=ROWS),
    one("ZeroPadding1D", (1, 2), on=ROWS),
    one("ZeroPadding2D", ((1, 2), (3, 0))),
    one("ZeroPadding2D", 3, data_format="channels_first", on=FIRSTS),
    one("ZeroPadding3D", (1, 2, 3), on=VOLUMES),
    one("Cropping1D", (1, 3), on=ROWS),
    one("Cropping2D", ((1, 2), (3, 0))),
    one("Cropping3D", 1, on=VOLUMES),
    one("UpSampling1D", 3, on=ROWS),
    one("UpSampling2D", (2, 3), interpolation="bilinear"),
    one("UpSampling2D", 2, data_format="channels_first", on=FIRSTS),
    one("UpSampling3D", 2, on=VOLUMES),
    one("Resizing", 7, 9),
    one("Resizing", 7, 9, interpolation="nearest", crop_to_aspect_ratio=True),
    one("CenterCrop", 7, 8),
    one("RandomCrop", 7, 8),
]

_FEATURES = [
    one("Dense", 7, on=VECTORS),
    one("Dense", 7, activation="softmax", use_bias=False, bias_regularizer=None),
    one("Dense", 7, on=FIRSTS),
    one("Activation", "gelu"),
    one("Activation", "hard_silu"),
    one("ReLU", max_value=6),
    one("ReLU", negative_slope=0.1),
    one("LeakyReLU", 0.2),
    one("ELU"),
    one("Softmax"),
    one("Softmax", axis=1),
    one("PReLU"),
    one("PReLU", shared_axes=[1, 2]),
    one("BatchNormalization"),
    one("BatchNormalization", scale=False),
    one("BatchNormalization", axis=1, center=False, on=FIRSTS),
    one("BatchNormalization", trainable=False),
    one("BatchNormalization", on=VECTORS),
    one("LayerNormalization"),
    one("LayerNormalization", axis=(2, 3), scale=False),
    one("LayerNormalization", rms_scaling=True),
    one("RMSNormalization"),
    one("GroupNormalization", 3),
    one("GroupNormalization", -1, center=False),
    one("GroupNormalization", 2, axis=1, on=FIRSTS),
    one("UnitNormalization"),
    one("Normalization"),
    one("Normalization", axis=None),
    one("Normalization", mean=1.0, variance=2.0),
    one("Rescaling", 1 / 255, offset=-1),
    *(one(name, 0.3) for name in ("Dropout", "GaussianDropout", "GaussianNoise", "AlphaDropout", "SpatialDropout2D")),
    one("SpatialDropout1D", 0.3, on=ROWS),
    one("SpatialDropout3D", 0.3, on=VOLUMES),
    one("ActivityRegularization", 0.1),
    one("Identity"),
    one("Masking", on=ROWS),
    *(one(name) for name in ("RandomFlip", "AutoContrast")),
    *(one(name, 0.2) for name in ("RandomBrightness", "RandomContrast", "RandomRotation", "RandomZoom")),
    one("RandomTranslation", 0.1, 0.2),
    one("Embedding", 50, 8, on=(((7,),), ((11,),))),
]

_ARRANGING = [
    one("Flatten"),
    one("Flatten", on=VECTORS),
    one("Flatten", data_format="channels_first", on=FIRSTS),
    _layer("Reshape", ((12, 6),), ((12, 6),), "Reshape", (6, -1, 3)),
    _layer("Reshape to a vector", ((12, 6),), ((4, 18),), "Reshape", (72,)),
    _layer("Reshape with a rest", ((12, 6),), ((5, 6),), "Reshape", (-1, 3)),
    one("Permute", (2, 1), on=ROWS),
    one("Permute", (3, 1, 2)),
    one("RepeatVector", 5, on=VECTORS),
    *(
        _layer(f"{name} of two", *SAME_ROWS, name)
        for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")
    ),
    _layer("Multiply stretches", ((13, 16, 6), (1, 1, 6)), ((9, 9, 6), (1, 1, 6)), "Multiply"),
    _layer("Add of two ranks", ((6,), (5, 6)), ((6,), (7, 6)), "Add"),
    _layer("Add of three", (*SAME_ROWS[0], (5, 6)), (*SAME_ROWS[1], (9, 6)), "Add"),
    _layer("Concatenate along an axis", *TWO_ROWS, "Concatenate", axis=1),
    _layer("Dot", *TWO_ROWS, "Dot", axes=2),
    _layer("Dot of vectors", ((6,), (6,)), ((8,), (8,)), "Dot", axes=1),
    _layer("Dot along two axes", ((5, 6), (7, 5)), ((8, 6), (4, 8)), "Dot", axes=(1, 2)),
]


CASES = (*_WINDOWS, *_FEATURES, *_ARRANGING)
