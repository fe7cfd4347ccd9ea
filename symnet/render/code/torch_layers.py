"""Every kind of layer as PyTorch says it.

PyTorch has channels first. A network that has them last is kept channels first; layers that read the last size, or all sizes
in their order, turn tensors round and back.
"""

from __future__ import annotations

from symnet.layers.axes import along, place, places
from symnet.layers.convolution import Conv, Depthwise
from symnet.layers.padding import SAME, Padding
from symnet.layers.profile import TORCH
from symnet.layers.shape import SEQUENCE
from symnet.layers.spatial import amounts
from symnet.layers.window import windows
from symnet.render.code.calls import activation, calls, rates, stepped, with_fields
from symnet.render.code.python import number
from symnet.render.code.said import Asked, Cannot, Handler, Said
from symnet.render.code.torch_arranging import ARRANGING
from symnet.render.code.torch_layout import as_written, channels_first, dim, held
from symnet.terms.term import Term, integer, times

__all__ = ["TORCH_LAYERS"]


def _table(asked: Asked) -> Said:
    """Windows and normalization of channels, from the tables of frameworks."""
    if asked.rank > 3:
        raise Cannot(f"PyTorch has it for one, two or three axes, not for {asked.rank}")
    try:
        found, note = calls(asked.layer, TORCH, asked.shape, asked.say)
    except Cannot:
        padding = getattr(asked.layer, "padding", None)
        if padding is None or padding.mode != SAME or asked.layer.kind in ("Deconv", "Avgpool", "LpPool"):
            raise
        return channels_first(_padded_same(asked), asked)
    return channels_first(Said.of(*found, note=note), asked)


def _padded_same(asked: Asked) -> Said:
    """SAME padding whose amounts depend on sizes that are symbols: worked out as the model runs."""
    layer, rank = asked.layer, asked.rank
    (call,), _ = calls(with_fields(layer, padding=Padding()), TORCH, asked.shape, asked.say)
    axes = windows(rank, layer.kernel, getattr(layer, "steps", layer.stride), Padding(), layer.dilation, None)
    sizes = [
        tuple(map(asked.say, part)) for part in zip(*((w.kernel, w.stride, w.dilation) for w in axes), strict=True)
    ]
    given = ", ".join(f"({', '.join(part)}{',' * (rank == 1)})" for part in sizes)
    value = ', float("-inf")' if layer.kind == "Maxpool" else ""
    return Said((("", call),), f"{{m0}}(pad_same({{x0}}, {given}{value}))", helpers=("pad_same",))


def _features(asked: Asked) -> Said:
    """Layers that read features from the last size."""
    found, note = calls(asked.layer, TORCH, asked.shape, asked.say)
    return as_written(Said.of(*found, note=note), asked)


def _layer_norm(asked: Asked) -> Said:
    over = places(asked.layer.axis, len(asked.shape.dims))
    if len(over) > 1 or over[0] == asked.rank:
        return _features(asked)
    # one size that is not the last: to the end and back
    at = dim(asked.shape, over[0])
    turned = asked.shape.new(
        (*(size for place_, size in enumerate(asked.shape.dims) if place_ != over[0]), asked.shape.dims[over[0]])
    )
    (call,), _ = calls(with_fields(asked.layer, axis=(integer(-1),)), TORCH, turned, asked.say)
    return Said.of(call).wrapped(f"{{}}.movedim({at}, -1)", f"{{}}.movedim(-1, {at})")


def _separable(asked: Asked) -> Said:
    layer = asked.layer
    depthwise = Depthwise(
        layer.kernel, layer.stride, layer.padding, multiplier=layer.multiplier, dilation=layer.dilation, bias=False
    )
    (first, *rest), note = calls(depthwise, TORCH, asked.shape, asked.say)
    between = asked.shape.with_axes(times(asked.shape.channels, layer.multiplier), asked.shape.axes)
    (last,), _ = calls(Conv(layer.filters, 1, bias=layer.bias), TORCH, between, asked.say)
    said = Said.of(first, *rest, last, note=note)
    ends = [*(("_pad",) if rest else ()), "_depthwise", ""]
    return channels_first(Said(tuple(zip(ends, (make for _, make in said.makes), strict=True)), said.do), asked)


def _global(function: str) -> Handler:
    def handler(asked: Asked) -> Said:
        if asked.rank > 3:
            raise Cannot(f"PyTorch has it for one, two or three axes, not for {asked.rank}")
        pool = f"nn.Adaptive{function}Pool{asked.rank}d(1)"
        keeps = len(asked.output.dims) > 1
        said = Said.of(pool) if keeps else Said((("", pool), ("_flatten", "nn.Flatten()")), "{m1}({m0}({x0}))")
        if keeps:
            return channels_first(said, asked)
        return said.wrapped("{}.movedim(-1, 1)" if asked.shape.layout == SEQUENCE else "{}", "{}")

    return handler


_PADS = {
    "zeros": "Zero",
    "reflect": "Reflection",
    "replicate": "Replication",
    "circular": "Circular",
    "constant": "Constant",
}


def _pad(asked: Asked) -> Said:
    if asked.rank > 3:
        raise Cannot(f"PyTorch has it for one, two or three axes, not for {asked.rank}")
    pairs = amounts(asked.layer.padding, asked.rank)
    around = [asked.say(amount) for pair in reversed(pairs) for amount in pair]
    plain = around[0] if len(set(around)) == 1 else f"({', '.join(around)})"
    value = ", 0.0" if asked.layer.mode == "constant" else ""
    return channels_first(Said.of(f"nn.{_PADS[asked.layer.mode]}Pad{asked.rank}d({plain}{value})"), asked)


def _ends(asked: Asked, before: Term, after: Term, dim: int) -> str:
    """``2:-2``: what is left of a size."""
    start = "" if before.constant == 0 else asked.say(before)
    if after.constant == 0:
        return f"{start}:"
    return (
        f"{start}:{-after.constant}"
        if after.constant is not None
        else f"{start} : {{x0}}.size({dim}) - ({asked.say(after)})"
    )


def _cropping(asked: Asked) -> Said:
    pairs = dict(zip(asked.shape.axis_places, amounts(asked.layer.cropping, asked.rank), strict=True))
    kept = [":"] * (len(asked.shape.dims) + 1)
    for index, (before, after) in pairs.items():
        kept[dim(asked.shape, index)] = _ends(asked, before, after, dim(asked.shape, index))
    return Said(do=f"{{x0}}[{', '.join(kept)}]")


_LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


def _mode(asked: Asked) -> str:
    mode = asked.layer.mode
    if mode in ("lanczos3", "lanczos5") or (mode == "bicubic" and asked.rank != 2) or asked.rank > 3:
        raise Cannot(f"PyTorch has no mode={mode} for {asked.rank} axes")
    mode = _LINEAR[asked.rank] if mode in _LINEAR.values() else mode
    return "" if mode == "nearest" else f', mode="{mode}"'


def _sizes(asked: Asked, sizes: tuple[Term, ...]) -> str:
    said = [asked.say(size) for size in sizes]
    return said[0] if len(said) == 1 else f"({', '.join(said)})"


def _upsample(asked: Asked) -> Said:
    call = f"nn.Upsample(scale_factor={_sizes(asked, asked.layer.factor)}{_mode(asked)})"
    return channels_first(Said.of(call), asked)


def _resize(asked: Asked) -> Said:
    size = _sizes(asked, asked.layer.output)
    return channels_first(Said.of(f"nn.Upsample(size={size}{_mode(asked)})"), asked)


def _shuffle(name: str) -> Handler:
    def handler(asked: Asked) -> Said:
        if asked.rank != 2:
            raise Cannot(f"PyTorch has it for two axes, not for {asked.rank}")
        return Said.of(f"nn.{name}({asked.say(asked.layer.factor)})")

    return handler


def _activation(asked: Asked) -> Said:
    shape = asked.shape
    index = along(asked.layer.axis, shape)
    word = asked.layer.function.lower()
    if word == "exponential":
        return Said(do="torch.exp({x0})")
    if not shape.dims:
        return activation(asked.layer, TORCH, -1, -1)
    at = dim(shape, index)
    return activation(asked.layer, TORCH, -1 if at == len(shape.dims) else at, dim(shape, shape.channel_index))


def _prelu(asked: Asked) -> Said:
    layer, shape = asked.layer, asked.shape
    if layer.num_parameters is None:
        shared = places(layer.shared_axes or (), len(shape.dims), "shared axis")
        if sorted(shared) == list(range(len(shape.dims))):
            layer = with_fields(layer, shared_axes=None, num_parameters=integer(1))
        elif sorted(shared) == sorted(shape.axis_places):
            layer = with_fields(layer, shared_axes=None, num_parameters=shape.channels)
        else:
            raise Cannot("PyTorch has one slope for all entries, or one a channel; write PReLU|1")
    found, _ = calls(layer, TORCH, shape, asked.say)
    return channels_first(Said.of(*found), asked)


def _glu(asked: Asked) -> Said:
    at = dim(asked.shape, place(asked.layer.axis, len(asked.shape.dims)))
    return Said.of("nn.GLU()" if at == len(asked.shape.dims) else f"nn.GLU(dim={at})")


def _dropout(asked: Asked) -> Said:
    return Said.of(f"nn.Dropout({'' if asked.layer.rate is None else number(asked.layer.rate)})")


def _rescaling(asked: Asked) -> Said:
    scale, offset = asked.layer.scale, asked.layer.offset
    times_ = "" if scale is None else f" * {number(scale)}"
    return Said(do="{x0}" + times_ + ("" if offset is None else f" + {number(offset)}"))


def _local_response(asked: Asked) -> Said:
    more = rates(asked.layer, alpha="alpha", beta="beta", bias="k")
    return Said.of(f"nn.LocalResponseNorm({asked.say(asked.layer.size)}{more and ', '}{more})")


def _scale(asked: Asked) -> Said:
    ones = 0 if asked.shape.layout == SEQUENCE else asked.rank
    bias = ", bias=True" if asked.layer.bias else ""
    return Said.of(f"Scale({asked.say(asked.shape.channels)}, {ones}{bias})", helpers=("Scale",))


def _recurrent(asked: Asked) -> Said:
    layer = asked.layer
    (call,), _ = calls(layer, TORCH, stepped(asked.shape), asked.say)
    do = "{m0}({x0})"
    if layer.return_sequences:
        do += "[0]"
    elif layer.bidirectional:  # the last of one direction, the first of the other
        do = f"torch.cat({do}[1]{'[0]' if layer.kind == 'LSTM' else ''}[-2:].unbind(), dim=1)"
    else:
        do += "[0][:, -1]"
    said = Said((("", call),), do)
    if len(asked.shape.dims) == 1:
        return said.wrapped("{}.unsqueeze(1)", "{}")
    return said.wrapped(
        "{}.movedim(1, -1)" if held(asked.shape) else "{}", "{}.movedim(-1, 1)" if held(asked.output) else "{}"
    )


def _attention(asked: Asked) -> Said:
    if len(asked.shape.dims) != 2:
        raise Cannot("PyTorch has attention for sequences (T, D); flatten the axes before")
    (call,), _ = calls(asked.layer, TORCH, asked.shape, asked.say)
    return as_written(Said((("", call),), "{m0}({x0}, {x0}, {x0}, need_weights=False)[0]"), asked)


def _cross_attention(asked: Asked) -> Said:
    layer, shapes = asked.layer, asked.inputs
    features, heads, key = asked.place.applied.weights[0].shape
    whole = None if heads.constant is None or key.constant is None else heads.constant * key.constant
    if layer.key_dim is not None and (whole is None or whole != features.constant):
        raise Cannot("PyTorch has embed_dim / num_heads numbers a head")
    if layer.value_dim is not None or layer.output_dim is not None or layer.kv_heads is not None:
        raise Cannot("PyTorch has embed_dim / num_heads numbers a head, and as many features out as in")
    if any(len(shape.dims) != 2 for shape in shapes):
        raise Cannot("PyTorch has attention for sequences (T, D); flatten the axes before")
    more = "" if layer.bias else ", bias=False"
    sizes = f", kdim={asked.say(shapes[1].dims[-1])}, vdim={asked.say(shapes[-1].dims[-1])}"
    call = f"nn.MultiheadAttention({asked.say(features)}, {asked.say(heads)}{more}{sizes}, batch_first=True)"
    read = [f"{{x{at}}}.movedim(1, -1)" if held(shape) else f"{{x{at}}}" for at, shape in enumerate(shapes)]
    do = f"{{m0}}({read[0]}, {read[1]}, {read[-1]}, need_weights=False)[0]"
    return Said((("", call),), do + (".movedim(-1, 1)" if held(asked.output) else ""))


def _position(asked: Asked) -> Said:
    length, features = asked.place.applied.weights[0].shape
    said = Said.of(f"PositionEmbedding({asked.say(length)}, {asked.say(features)})", helpers=("PositionEmbedding",))
    return as_written(said, asked)


def _token(asked: Asked) -> Said:
    said = Said.of(f"ClassToken({asked.say(asked.output.dims[-1])})", helpers=("ClassToken",))
    return as_written(said, asked)


def _squeeze_excitation(asked: Asked) -> Said:
    units = asked.place.applied.weights[0].shape[0]
    bias = "" if asked.layer.bias else ", bias=False"
    call = f"SqueezeExcitation({asked.say(asked.shape.channels)}, {asked.say(units)}{bias})"
    return channels_first(Said.of(call, helpers=("SqueezeExcitation",)), asked)


def _no(why: str) -> Handler:
    def handler(asked: Asked) -> Said:
        raise Cannot(why)

    return handler


#: By kind of layer.
TORCH_LAYERS: dict[str, Handler] = {
    **dict.fromkeys(
        ("Conv", "Depthwise", "Deconv", "Maxpool", "Avgpool", "LpPool", "AdaptiveAvgPool", "AdaptiveMaxPool", "BN",
         "GroupNorm", "InstanceNorm"), _table,
    ),
    **dict.fromkeys(("FC", "Embedding", "RMSNorm"), _features),
    **dict.fromkeys(("RNN", "GRU", "LSTM"), _recurrent),
    "LayerNorm": _layer_norm,
    "SeparableConv": _separable,
    "GlobalAvgPool": _global("Avg"),
    "GlobalMaxPool": _global("Max"),
    "ZeroPad": _pad,
    "Cropping": _cropping,
    "Upsample": _upsample,
    "Resize": _resize,
    "PixelShuffle": _shuffle("PixelShuffle"),
    "PixelUnshuffle": _shuffle("PixelUnshuffle"),
    "Activation": _activation,
    "PReLU": _prelu,
    "GLU": _glu,
    "Dropout": _dropout,
    "Rescaling": _rescaling,
    "Scale": _scale,
    "LRN": _local_response,
    "Normalization": _no("PyTorch has no such layer; subtract the mean and divide by the deviation in the data set"),
    "PositionEmbedding": _position,
    "ClassToken": _token,
    "MultiHeadAttention": _attention,
    "CrossAttention": _cross_attention,
    "SE": _squeeze_excitation,
    **ARRANGING,
}  # fmt: skip
