"""Every kind of layer as Keras says it. A network that has its channels first keeps them so: ``data_format="channels_first"``."""

from __future__ import annotations

from typing import Any

from symnet.layers.axes import along, place
from symnet.layers.convolution import Conv
from symnet.layers.normalization import GroupNorm
from symnet.layers.padding import EXPLICIT, Padding
from symnet.layers.profile import KERAS
from symnet.layers.spatial import amounts
from symnet.render.code.calls import activation, calls, rates, stepped, with_fields
from symnet.render.code.keras_arranging import ARRANGING
from symnet.render.code.keras_layout import first, more, ranked, windowed
from symnet.render.code.python import number
from symnet.render.code.said import Asked, Cannot, Handler, Said
from symnet.terms.term import Term, integer

__all__ = ["KERAS_LAYERS"]


def _table(asked: Asked) -> Said:
    """Windows, from the tables of frameworks."""
    ranked(asked)
    found, note = calls(asked.layer, KERAS, asked.shape, asked.say)
    penalties = _penalties(asked.layer)
    made = [windowed(call, asked.shape) for call in found]
    if penalties:
        made[-1] = more(made[-1], penalties)
    return Said.of(*made, note=note)


def _deconv(asked: Asked) -> Said:
    """With amounts of padding: without them, and what they would have cut off cropped."""
    layer = asked.layer
    if (
        layer.padding.mode != EXPLICIT
        or layer.output is not None
        or all(a.constant == 0 for pair in layer.padding.pairs for a in pair)
    ):
        return _table(asked)
    ranked(asked)
    added = layer.output_padding or (integer(0),)
    whole = with_fields(layer, padding=Padding(), output_padding=added)
    (call,), _ = calls(whole, KERAS, asked.shape, asked.say)
    around = _around(asked, tuple(layer.padding.amounts(axis) for axis in range(asked.rank)))
    crop = windowed(f"layers.Cropping{asked.rank}D({around})", asked.shape)
    return Said((("", windowed(call, asked.shape)), ("_crop", crop)), "{m1}({m0}({x0}))")


def _plain(asked: Asked) -> Said:
    """Layers that read features from the last size."""
    found, note = calls(asked.layer, KERAS, asked.shape, asked.say)
    penalties = _penalties(asked.layer)
    return Said.of(*found[:-1], more(found[-1], penalties) if penalties else found[-1], note=note)


def _penalties(layer: Any) -> str:
    """The penalties of its weights, where it has any."""
    kernel = [(name.upper(), getattr(layer, name, None)) for name in ("l1", "l2")]
    given = [(name, value) for name, value in kernel if value is not None]
    found = []
    if len(given) == 1:
        found.append(f"kernel_regularizer=keras.regularizers.{given[0][0]}({number(given[0][1])})")
    elif given:
        both = ", ".join(f"{name.lower()}={number(value)}" for name, value in given)
        found.append(f"kernel_regularizer=keras.regularizers.L1L2({both})")
    if getattr(layer, "bias_l2", None) is not None:
        found.append(f"bias_regularizer=keras.regularizers.L2({number(layer.bias_l2)})")
    return ", ".join(found)


def _recurrent(asked: Asked) -> Said:
    layer = asked.layer
    if layer.kind == "GRU" and layer.bias_vectors and layer.bias_vectors != 1 + (layer.reset_after is not False):
        raise Cannot("Keras has one bias vector a gate, two with reset_after")
    (call,), _ = calls(layer, KERAS, stepped(asked.shape), asked.say)
    said = Said.of(call)
    if len(asked.shape.dims) == 1:  # one step
        return Said(
            (("_step", f"layers.Reshape((1, {asked.say(asked.shape.dims[0])}))"), ("", call)), "{m1}({m0}({x0}))"
        )
    return said


def _channel_norm(asked: Asked) -> Said:
    (call,), _ = calls(asked.layer, KERAS, asked.shape, asked.say)
    early = first(asked.shape) and getattr(asked.layer, "axis", None) is None
    return Said.of(more(call, "axis=1") if early else call)


def _instance_norm(asked: Asked) -> Said:
    layer = asked.layer
    eps = layer.epsilon or "1e-05"
    same = GroupNorm(1, scale=bool(layer.affine), center=bool(layer.affine), epsilon=eps)
    (call,), _ = calls(same, KERAS, asked.shape, asked.say)
    call = call.replace("GroupNormalization(1", "GroupNormalization(-1", 1)
    return Said.of(more(call, "axis=1") if first(asked.shape) else call)


def _normalization(asked: Asked) -> Said:
    axis = [place(size, len(asked.shape.dims)) + 1 for size in asked.layer.axis]
    said = "" if axis == [len(asked.shape.dims)] else f"axis={axis[0] if len(axis) == 1 else tuple(axis)}"
    if asked.layer.known:
        raise Cannot("its mean and variance are given, and symnet does not know them")
    return Said.of(f"layers.Normalization({said})")


def _global(function: str) -> Handler:
    def handler(asked: Asked) -> Said:
        ranked(asked)
        keep = "keepdims=True" if len(asked.output.dims) > 1 else ""
        return Said.of(windowed(f"layers.Global{function}Pooling{asked.rank}D({keep})", asked.shape))

    return handler


def _adaptive(asked: Asked) -> Said:
    said = _table(asked)
    return Said(said.makes, said.do, fixed=True)


def _around(asked: Asked, pairs: tuple[tuple[Term, Term], ...]) -> str:
    said = [(asked.say(before), asked.say(after)) for before, after in pairs]
    if len({amount for pair in said for amount in pair}) == 1:
        return said[0][0]
    whole = [f"({before}, {after})" for before, after in said]
    return whole[0] if len(whole) == 1 else f"({', '.join(whole)})"


def _pad(asked: Asked) -> Said:
    ranked(asked)
    if asked.layer.mode not in ("zeros", "constant"):
        raise Cannot(f"Keras pads with zeros, not with mode={asked.layer.mode}")
    around = _around(asked, amounts(asked.layer.padding, asked.rank))
    return Said.of(windowed(f"layers.ZeroPadding{asked.rank}D({around})", asked.shape))


def _cropping(asked: Asked) -> Said:
    ranked(asked)
    around = _around(asked, amounts(asked.layer.cropping, asked.rank))
    return Said.of(windowed(f"layers.Cropping{asked.rank}D({around})", asked.shape))


def _sizes(asked: Asked, sizes: tuple[Term, ...]) -> str:
    said = [asked.say(size) for size in sizes]
    return said[0] if len(said) == 1 else f"({', '.join(said)})"


def _mode(asked: Asked, allowed: tuple[str, ...], usual: str) -> str:
    mode = "bilinear" if asked.rank == 2 and asked.layer.mode == "linear" else asked.layer.mode
    if mode not in allowed:
        raise Cannot(f"Keras has no mode={mode} for {asked.rank} axes")
    return "" if mode == usual else f', interpolation="{mode}"'


_SMOOTH = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")


def _upsample(asked: Asked) -> Said:
    ranked(asked)
    mode = _mode(asked, _SMOOTH if asked.rank == 2 else ("nearest",), "nearest")
    return Said.of(windowed(f"layers.UpSampling{asked.rank}D({_sizes(asked, asked.layer.factor)}{mode})", asked.shape))


def _resize(asked: Asked) -> Said:
    if asked.rank != 2:
        raise Cannot(f"Keras resizes two axes, not {asked.rank}")
    both = asked.layer.output * 2 if len(asked.layer.output) == 1 else asked.layer.output
    call = f"layers.Resizing({', '.join(map(asked.say, both))}{_mode(asked, _SMOOTH, 'bilinear')})"
    return Said.of(windowed(call, asked.shape))


def _activation(asked: Asked) -> Said:
    layer, shape = asked.layer, asked.shape
    rank = len(shape.dims)
    if not rank:
        return activation(layer, KERAS, -1, -1)
    index = along(layer.axis, shape)
    last = rank - 1
    return activation(layer, KERAS, -1 if index == last else index + 1, -1 if shape.channel_index == last else 1)


def _prelu(asked: Asked) -> Said:
    layer, shape = asked.layer, asked.shape
    if layer.num_parameters is not None or (layer.shared_axes is None and layer.framework == "torch"):
        one = layer.num_parameters is None or layer.num_parameters.constant == 1
        shared = range(len(shape.dims)) if one else shape.axis_places
        axes = tuple(integer(index + 1) for index in shared) or None
        layer = with_fields(layer, num_parameters=None, shared_axes=axes, framework=None)
    (call,), _ = calls(layer, KERAS, shape, asked.say)
    return Said.of(call)


def _glu(asked: Asked) -> Said:
    index = place(asked.layer.axis, len(asked.shape.dims))
    return Said(
        do="keras.activations.glu({x0})"
        if index == len(asked.shape.dims) - 1
        else f"keras.activations.glu({{x0}}, axis={index + 1})"
    )


def _dropout(asked: Asked) -> Said:
    return Said.of(f"layers.Dropout({number(asked.layer.rate or '0.5')})")


def _rescaling(asked: Asked) -> Said:
    given = rates(asked.layer, offset="offset")
    return Said.of(f"layers.Rescaling({number(asked.layer.scale or '1')}{given and ', '}{given})")


def _scale(asked: Asked) -> Said:
    given = ["axis=1"] * first(asked.shape) + ["bias=True"] * asked.layer.bias
    return Said.of(f"Scale({', '.join(given)})", helpers=("Scale",))


def _attention(asked: Asked) -> Said:
    (call,), _ = calls(asked.layer, KERAS, asked.shape, asked.say)
    if asked.layer.kv_heads is not None:
        if len(asked.shape.dims) != 2:
            raise Cannot("Keras has GroupQueryAttention for sequences (T, D); flatten the axes before")
        if asked.layer.value_dim is not None or asked.layer.output_dim is not None:
            raise Cannot("Keras has GroupQueryAttention with values as long as keys, and as many features out as in")
    return Said((("", call),), "{m0}({x0}, {x0})")


def _cross_attention(asked: Asked) -> Said:
    layer = asked.layer
    if layer.kv_heads is not None:
        raise Cannot("Keras has shared heads of keys in GroupQueryAttention, which symnet writes for one sequence only")
    _, heads, key = asked.place.applied.weights[0].shape
    given = [f"num_heads={asked.say(heads)}", f"key_dim={asked.say(key)}"]
    given += [f"value_dim={asked.say(layer.value_dim)}"] if layer.value_dim is not None else []
    given += [f"output_shape={asked.say(layer.output_dim)}"] if layer.output_dim is not None else []
    given += [] if layer.bias else ["use_bias=False"]
    call = f"layers.MultiHeadAttention({', '.join(given)})"
    return Said((("", call),), f"{{m0}}({{x0}}, {{x{len(asked.inputs) - 1}}}, {{x1}})")


def _position(asked: Asked) -> Said:
    length = asked.place.applied.weights[0].shape[0]
    return Said.of(f"PositionEmbedding({asked.say(length)})", helpers=("PositionEmbedding",))


def _token(asked: Asked) -> Said:
    return Said.of("ClassToken()", helpers=("ClassToken",))


def _squeeze_excitation(asked: Asked) -> Said:
    shape, layer = asked.shape, asked.layer
    units = asked.place.applied.weights[0].shape[0]
    makes: list[tuple[str, str]] = []
    if asked.rank > 0:
        ranked(asked)
        makes.append(("_mean", windowed(f"layers.GlobalAveragePooling{asked.rank}D(keepdims=True)", shape)))
    for size, name, end in ((units, '"relu"', "_squeeze"), (shape.channels, '"sigmoid"', "_excite")):
        made = [f"layers.Dense({asked.say(size)}{'' if layer.bias else ', use_bias=False'})"]
        if asked.rank > 0:
            made = [windowed(call, shape) for call in calls(Conv(size, 1, bias=layer.bias), KERAS, shape, asked.say)[0]]
        makes.append((end, more(made[0], f"activation={name}")))
    before = tuple(f"{{m{index}}}({'{factors}' if index else '{x0}'})" for index in range(len(makes)))
    return Said(
        (*makes, ("_multiply", "layers.Multiply()")), f"{{m{len(makes)}}}([{{x0}}, {{factors}}])", before=before
    )


def _no(why: str) -> Handler:
    def handler(asked: Asked) -> Said:
        raise Cannot(why)

    return handler


#: By kind of layer.
KERAS_LAYERS: dict[str, Handler] = {
    **dict.fromkeys(("Conv", "Depthwise", "SeparableConv", "Maxpool", "Avgpool"), _table),
    "Deconv": _deconv,
    **dict.fromkeys(("AdaptiveAvgPool", "AdaptiveMaxPool"), _adaptive),
    **dict.fromkeys(("FC", "Embedding", "LayerNorm", "RMSNorm"), _plain),
    **dict.fromkeys(("RNN", "GRU", "LSTM"), _recurrent),
    **dict.fromkeys(("BN", "GroupNorm"), _channel_norm),
    "InstanceNorm": _instance_norm,
    "Normalization": _normalization,
    "LpPool": _no("Keras has no such layer"),
    "GlobalAvgPool": _global("Average"),
    "GlobalMaxPool": _global("Max"),
    "ZeroPad": _pad,
    "Cropping": _cropping,
    "Upsample": _upsample,
    "Resize": _resize,
    "PixelShuffle": _no("Keras has no such layer; write it with Reshape and Permute"),
    "PixelUnshuffle": _no("Keras has no such layer; write it with Reshape and Permute"),
    "Activation": _activation,
    "PReLU": _prelu,
    "GLU": _glu,
    "Dropout": _dropout,
    "Rescaling": _rescaling,
    "Scale": _scale,
    "LRN": _no("Keras has no such layer"),
    "PositionEmbedding": _position,
    "ClassToken": _token,
    "MultiHeadAttention": _attention,
    "CrossAttention": _cross_attention,
    "SE": _squeeze_excitation,
    **ARRANGING,
    "ChannelShuffle": _no("Keras has no such layer; write it with Reshape and Permute"),
}
