"""Every kind of layer as PyTorch says it.

PyTorch has channels first. A network that has them last is kept channels first; layers that read the last size, or all sizes
in their order, turn tensors round and back.
"""

from __future__ import annotations

from symnet.frameworks.calls import Call, Value, one_for_all
from symnet.frameworks.convention import KERAS, TORCH
from symnet.layers.declaration.axes import index_of_axis, index_or_channels, indices_of_axes
from symnet.layers.declaration.shape import SEQUENCE
from symnet.layers.kinds.spatial import amounts
from symnet.render.code.activations import activation
from symnet.render.code.framework_calls import calls, stepped, with_fields
from symnet.render.code.python import number
from symnet.render.code.statement import Cannot, Handler, Site, Statement
from symnet.render.code.torch_arranging import ARRANGING
from symnet.render.code.torch_layout import as_written, channels_first, dim, held
from symnet.render.code.torch_windows import TORCH_WINDOWS, few_axes
from symnet.terms.term import Term, integer

__all__ = ["TORCH_LAYERS"]


def _batch_norm(site: Site) -> Statement:
    axis = site.layer.axis
    if axis is not None and index_of_axis(axis, len(site.shape.dims)) == site.shape.channel_index:
        site = site.with_fields(axis=None)
    return _channel_norm(site)


def _channel_norm(site: Site) -> Statement:
    few_axes(site)
    return channels_first(Statement.of(*calls(site.layer, TORCH, site.shape)), site)


def _instance_norm(site: Site) -> Statement:
    if site.rank < 1:
        raise Cannot("it normalizes each channel along its axes, and there are none")
    return _channel_norm(site)


def _features(site: Site) -> Statement:
    """Layers that read features from the last size."""
    return as_written(Statement.of(*calls(site.layer, TORCH, site.shape)), site)


def _last_norm(site: Site) -> Statement:
    """Layers that normalize the last sizes; one size that is not the last is turned to the end and back."""
    over = indices_of_axes(site.layer.axis, len(site.shape.dims))
    if len(over) > 1 or over[0] == site.rank:
        return _features(site)
    at = dim(site.shape, over[0])
    turned = site.shape.new(
        (*(size for place_, size in enumerate(site.shape.dims) if place_ != over[0]), site.shape.dims[over[0]])
    )
    (call,) = calls(with_fields(site.layer, axis=(integer(-1),)), TORCH, turned)
    return Statement.of(call).wrapped(f"{{}}.movedim({at}, -1)", f"{{}}.movedim(-1, {at})")


_PADS = {
    "zeros": "Zero",
    "reflect": "Reflection",
    "replicate": "Replication",
    "circular": "Circular",
    "constant": "Constant",
}


def _pad(site: Site) -> Statement:
    few_axes(site)
    pairs = amounts(site.layer.padding, site.rank)
    around = one_for_all(tuple(amount for pair in reversed(pairs) for amount in pair))
    value: tuple[Value, ...] = (0.0,) if site.layer.mode == "constant" else ()
    return channels_first(
        Statement.of(Call(f"torch.nn.{_PADS[site.layer.mode]}Pad{site.rank}d", (around, *value))), site
    )


def _ends(site: Site, before: Term, after: Term, dim: int) -> str:
    """``2:-2``: what is left of a size."""
    start = "" if before.constant == 0 else site.say(before)
    if after.constant == 0:
        return f"{start}:"
    return (
        f"{start}:{-after.constant}"
        if after.constant is not None
        else f"{start} : {{x0}}.size({dim}) - ({site.say(after)})"
    )


def _cropping(site: Site) -> Statement:
    pairs = dict(zip(site.shape.axis_indices, amounts(site.layer.cropping, site.rank), strict=True))
    kept = [":"] * (len(site.shape.dims) + 1)
    for index, (before, after) in pairs.items():
        kept[dim(site.shape, index)] = _ends(site, before, after, dim(site.shape, index))
    return Statement(do=f"{{x0}}[{', '.join(kept)}]")


_LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}

#: Keras takes another coefficient in the cubic.
BICUBIC = "bicubic: PyTorch's cubic has the coefficient -0.75, Keras's and TensorFlow's -0.5"


def _interpolated(name: str) -> Handler:
    def handler(site: Site) -> Statement:
        mode = site.layer.mode
        if mode in ("lanczos3", "lanczos5") or (mode == "bicubic" and site.rank != 2) or site.rank > 3:
            raise Cannot(f"PyTorch has no mode={mode} for {site.rank} axes")
        if mode == "area" and name == "scale_factor":
            mode = "nearest"  # each pixel is the mean of one
        mode = _LINEAR[site.rank] if mode in _LINEAR.values() else mode
        if mode == "nearest" and name == "size" and site.layer.framework == KERAS:
            mode = "nearest-exact"
        sizes = site.layer.factor if name == "scale_factor" else site.layer.output
        named: dict[str, Value] = {name: one_for_all(sizes) if len(sizes) == 1 else sizes}
        if mode == "area":
            return channels_first(_area(site), site)
        named |= {} if mode == "nearest" else {"mode": mode}
        made = Statement.of(Call("torch.nn.Upsample", (), tuple(named.items())))
        return channels_first(made.noted(BICUBIC if mode == "bicubic" else ""), site)

    return handler


def _area(site: Site) -> Statement:
    """Means over areas are adaptive pools."""
    sizes = site.layer.output
    return Statement.of(Call(f"torch.nn.AdaptiveAvgPool{site.rank}d", (sizes[0] if len(sizes) == 1 else sizes,)))


def _shuffle(name: str) -> Handler:
    def handler(site: Site) -> Statement:
        if site.rank != 2:
            raise Cannot(f"PyTorch has it for two axes, not for {site.rank}")
        return Statement.of(Call(f"torch.nn.{name}", (site.layer.factor,)))

    return handler


def _activation(site: Site) -> Statement:
    shape = site.shape
    if not shape.dims:
        return activation(site, TORCH, -1, -1)
    at = dim(shape, index_or_channels(site.layer.axis, shape))
    return activation(site, TORCH, -1 if at == len(shape.dims) else at, dim(shape, shape.channel_index))


def _prelu(site: Site) -> Statement:
    layer, shape = site.layer, site.shape
    if not shape.dims:
        raise Cannot("PyTorch has slopes of channels, and a single number has none")
    if layer.num_parameters is None and layer.framework != TORCH:
        shared = indices_of_axes(layer.shared_axes or (), len(shape.dims), "shared axis")
        alike = {index for index in range(len(shape.dims)) if index in shared or shape.dims[index].constant == 1}
        if alike == set(range(len(shape.dims))):
            layer = with_fields(layer, shared_axes=None, num_parameters=integer(1), framework=None)
        elif set(shared) == set(shape.axis_indices):
            layer = with_fields(layer, shared_axes=None, num_parameters=shape.channels, framework=None)
        else:
            sizes = tuple(integer(1) if index in shared else size for index, size in enumerate(shape.dims))
            return as_written(Statement.of(Call("PReLU", sizes), helpers=("PReLU",)), site)
    return channels_first(Statement.of(*calls(layer, TORCH, shape)), site)


def _glu(site: Site) -> Statement:
    at = dim(site.shape, index_of_axis(site.layer.axis, len(site.shape.dims)))
    named: tuple[tuple[str, Value], ...] = () if at == len(site.shape.dims) else (("dim", at),)
    return Statement.of(Call("torch.nn.GLU", (), named))


def _dropout(site: Site) -> Statement:
    rate: tuple[Value, ...] = () if site.layer.rate is None else (float(site.layer.rate),)
    return Statement.of(Call("torch.nn.Dropout", rate))


def _rescaling(site: Site) -> Statement:
    scale, offset = site.layer.scale, site.layer.offset
    times_ = "" if scale is None else f" * {number(scale)}"
    return Statement(do="{x0}" + times_ + ("" if offset is None else f" + {number(offset)}"))


def _local_response(site: Site) -> Statement:
    found = channels_first(Statement.of(*calls(site.layer, TORCH, site.shape)), site)
    return found if site.rank else found.wrapped("{}.unsqueeze(-1)", "{}.squeeze(-1)")


def _scale(site: Site) -> Statement:
    ones = 0 if site.shape.layout == SEQUENCE else site.rank
    more: tuple[tuple[str, Value], ...] = (("bias", True),) if site.layer.bias else ()
    return Statement.of(Call("Scale", (site.shape.channels, ones), more), helpers=("Scale",))


def _recurrent(site: Site) -> Statement:
    layer = site.layer
    one_bias = layer.bias_vectors == 1 and layer.kind != "GRU"
    if one_bias:
        layer = with_fields(layer, biases="2", framework=None)
    shape = stepped(site.shape)
    (call,) = calls(layer, TORCH, shape)
    helpers: tuple[str, ...] = ()
    if one_bias:
        call, helpers = Call("one_bias", (call,)), ("one_bias",)
    do = "{m0}({x0})"
    if layer.return_sequences:
        do += "[0]"
    elif layer.bidirectional:  # the last of one direction, the first of the other
        do = f"torch.cat({do}[1]{'[0]' if layer.kind == 'LSTM' else ''}[-2:].unbind(), dim=1)"
    else:
        do += "[0][:, -1]"
    made = Statement((("", call),), do, helpers)
    if len(site.shape.dims) == 1:  # one step
        return made.wrapped("{}.unsqueeze(1)", "{}.movedim(-1, 1)" if held(site.output) else "{}")
    return made.wrapped(
        "{}.movedim(1, -1)" if held(site.shape) else "{}", "{}.movedim(-1, 1)" if held(site.output) else "{}"
    )


def _attention(site: Site) -> Statement:
    if len(site.shape.dims) != 2:
        raise Cannot("PyTorch has attention for sequences (T, D); flatten the axes before")
    (call,) = calls(site.layer, TORCH, site.shape)
    return as_written(Statement((("", call),), "{m0}({x0}, {x0}, {x0}, need_weights=False)[0]"), site)


def _cross_attention(site: Site) -> Statement:
    layer, shapes = site.layer, site.inputs
    features, heads, key = site.place.applied.weights[0].shape
    whole = None if heads.constant is None or key.constant is None else heads.constant * key.constant
    if layer.key_dim is not None and (whole is None or whole != features.constant):
        raise Cannot("PyTorch has embed_dim / num_heads numbers a head")
    if layer.value_dim is not None or layer.output_dim is not None or layer.kv_heads is not None:
        raise Cannot("PyTorch has embed_dim / num_heads numbers a head, and as many features out as in")
    if any(len(shape.dims) != 2 for shape in shapes):
        raise Cannot("PyTorch has attention for sequences (T, D); flatten the axes before")
    named: dict[str, Value] = {} if layer.bias else {"bias": False}
    named |= {"kdim": shapes[1].dims[-1], "vdim": shapes[-1].dims[-1], "batch_first": True}
    call = Call("torch.nn.MultiheadAttention", (features, heads), tuple(named.items()))
    read = [f"{{x{at}}}.movedim(1, -1)" if held(shape) else f"{{x{at}}}" for at, shape in enumerate(shapes)]
    do = f"{{m0}}({read[0]}, {read[1]}, {read[-1]}, need_weights=False)[0]"
    return Statement((("", call),), do + (".movedim(-1, 1)" if held(site.output) else ""))


def _position(site: Site) -> Statement:
    sizes = site.place.applied.weights[0].shape
    return as_written(Statement.of(Call("PositionEmbedding", sizes), helpers=("PositionEmbedding",)), site)


def _token(site: Site) -> Statement:
    return as_written(Statement.of(Call("ClassToken", (site.output.dims[-1],)), helpers=("ClassToken",)), site)


def _squeeze_excitation(site: Site) -> Statement:
    units = site.place.applied.weights[0].shape[0]
    more: tuple[tuple[str, Value], ...] = () if site.layer.bias else (("bias", False),)
    call = Call("SqueezeExcitation", (site.shape.channels, units), more)
    return channels_first(Statement.of(call, helpers=("SqueezeExcitation",)), site)


def _no(why: str) -> Handler:
    def handler(site: Site) -> Statement:
        raise Cannot(why)

    return handler


#: By kind of layer.
TORCH_LAYERS: dict[str, Handler] = {
    **TORCH_WINDOWS,
    "BN": _batch_norm,
    "GroupNorm": _channel_norm,
    "InstanceNorm": _instance_norm,
    **dict.fromkeys(("FC", "Embedding"), _features),
    **dict.fromkeys(("LayerNorm", "RMSNorm"), _last_norm),
    **dict.fromkeys(("RNN", "GRU", "LSTM"), _recurrent),
    "ZeroPad": _pad,
    "Cropping": _cropping,
    "Upsample": _interpolated("scale_factor"),
    "Resize": _interpolated("size"),
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
}
