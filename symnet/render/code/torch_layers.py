"""PyTorch statements of every kind of layer.

PyTorch has channels first. A network with channels last is computed with channels first; layers that read the last axis, or
all axes in their order, move the channels to the end and back.
"""

from __future__ import annotations

from symnet.frameworks.calls import Call, Value, one_for_all
from symnet.frameworks.convention import KERAS, TORCH
from symnet.layers.declaration.axes import index_of_axis, index_or_channels, indices_of_axes
from symnet.layers.declaration.shape import SEQUENCE
from symnet.layers.kinds.spatial import amounts
from symnet.render.code.activations import activation
from symnet.render.code.framework_calls import calls, with_fields, with_one_step
from symnet.render.code.python import number
from symnet.render.code.statement import Cannot, Handler, Site, Statement
from symnet.render.code.torch_arranging import ARRANGING
from symnet.render.code.torch_layout import channels_first, dim, in_network_order, moved_to_front
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
    """Returns the statement of a layer whose features are on the last axis."""
    return in_network_order(Statement.of(*calls(site.layer, TORCH, site.shape)), site)


def _last_norm(site: Site) -> Statement:
    """Returns the statement of a norm over the last axes. A single other axis is moved to the end and back."""
    normalized = indices_of_axes(site.layer.axis, len(site.shape.dims))
    if len(normalized) > 1 or normalized[0] == site.rank:
        return _features(site)
    moved = dim(site.shape, normalized[0])
    moved_shape = site.shape.new(
        (
            *(size for index, size in enumerate(site.shape.dims) if index != normalized[0]),
            site.shape.dims[normalized[0]],
        )
    )
    (call,) = calls(with_fields(site.layer, axis=(integer(-1),)), TORCH, moved_shape)
    return Statement.of(call).wrapped(f"{{}}.movedim({moved}, -1)", f"{{}}.movedim(-1, {moved})")


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
    """Returns the slice ``2:-2`` that crops an axis."""
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

#: Warning about bicubic interpolation, where Keras uses another coefficient of the cubic.
BICUBIC = "bicubic: PyTorch's cubic has the coefficient -0.75, Keras's and TensorFlow's -0.5"


def _interpolated(name: str) -> Handler:
    def handler(site: Site) -> Statement:
        mode = site.layer.mode
        if mode in ("lanczos3", "lanczos5") or (mode == "bicubic" and site.rank != 2) or site.rank > 3:
            raise Cannot(f"PyTorch has no mode={mode} for {site.rank} axes")
        if mode == "area" and name == "scale_factor":
            mode = "nearest"  # each pixel is the mean of a single pixel
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
    """Returns an adaptive pool, which computes the means over areas."""
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
    axis = dim(shape, index_or_channels(site.layer.axis, shape))
    return activation(site, TORCH, -1 if axis == len(shape.dims) else axis, dim(shape, shape.channel_index))


def _prelu(site: Site) -> Statement:
    layer, shape = site.layer, site.shape
    if not shape.dims:
        raise Cannot("PyTorch has slopes of channels, and a single number has none")
    if layer.num_parameters is None and layer.framework != TORCH:
        shared = indices_of_axes(layer.shared_axes or (), len(shape.dims), "shared axis")
        shared_or_one = {
            index for index in range(len(shape.dims)) if index in shared or shape.dims[index].constant == 1
        }
        if shared_or_one == set(range(len(shape.dims))):
            layer = with_fields(layer, shared_axes=None, num_parameters=integer(1), framework=None)
        elif set(shared) == set(shape.axis_indices):
            layer = with_fields(layer, shared_axes=None, num_parameters=shape.channels, framework=None)
        else:
            sizes = tuple(integer(1) if index in shared else size for index, size in enumerate(shape.dims))
            return in_network_order(Statement.of(Call("PReLU", sizes), helpers=("PReLU",)), site)
    return channels_first(Statement.of(*calls(layer, TORCH, shape)), site)


def _glu(site: Site) -> Statement:
    axis = dim(site.shape, index_of_axis(site.layer.axis, len(site.shape.dims)))
    named: tuple[tuple[str, Value], ...] = () if axis == len(site.shape.dims) else (("dim", axis),)
    return Statement.of(Call("torch.nn.GLU", (), named))


def _dropout(site: Site) -> Statement:
    rate: tuple[Value, ...] = () if site.layer.rate is None else (float(site.layer.rate),)
    return Statement.of(Call("torch.nn.Dropout", rate))


def _rescaling(site: Site) -> Statement:
    scale, offset = site.layer.scale, site.layer.offset
    factor = "" if scale is None else f" * {number(scale)}"
    return Statement(do="{x0}" + factor + ("" if offset is None else f" + {number(offset)}"))


def _local_response(site: Site) -> Statement:
    statement = channels_first(Statement.of(*calls(site.layer, TORCH, site.shape)), site)
    return statement if site.rank else statement.wrapped("{}.unsqueeze(-1)", "{}.squeeze(-1)")


def _scale(site: Site) -> Statement:
    ones = 0 if site.shape.layout == SEQUENCE else site.rank
    bias: tuple[tuple[str, Value], ...] = (("bias", True),) if site.layer.bias else ()
    return Statement.of(Call("Scale", (site.shape.channels, ones), bias), helpers=("Scale",))


def _recurrent(site: Site) -> Statement:
    layer = site.layer
    one_bias = layer.bias_vectors == 1 and layer.kind != "GRU"
    if one_bias:
        layer = with_fields(layer, biases="2", framework=None)
    shape = with_one_step(site.shape)
    (call,) = calls(layer, TORCH, shape)
    helpers: tuple[str, ...] = ()
    if one_bias:
        call, helpers = Call("one_bias", (call,)), ("one_bias",)
    do = "{m0}({x0})"
    if layer.return_sequences:
        do += "[0]"
    elif layer.bidirectional:  # the last step of one direction and the first of the other
        do = f"torch.cat({do}[1]{'[0]' if layer.kind == 'LSTM' else ''}[-2:].unbind(), dim=1)"
    else:
        do += "[0][:, -1]"
    made = Statement((("", call),), do, helpers)
    if len(site.shape.dims) == 1:  # one step
        return made.wrapped("{}.unsqueeze(1)", "{}.movedim(-1, 1)" if moved_to_front(site.output) else "{}")
    return made.wrapped(
        "{}.movedim(1, -1)" if moved_to_front(site.shape) else "{}",
        "{}.movedim(-1, 1)" if moved_to_front(site.output) else "{}",
    )


def _attention(site: Site) -> Statement:
    if len(site.shape.dims) != 2:
        raise Cannot("PyTorch has attention for sequences (T, D); flatten the axes before")
    (call,) = calls(site.layer, TORCH, site.shape)
    return in_network_order(Statement((("", call),), "{m0}({x0}, {x0}, {x0}, need_weights=False)[0]"), site)


def _cross_attention(site: Site) -> Statement:
    layer, shapes = site.layer, site.inputs
    features, heads, key = site.record.applied.weights[0].shape
    total = None if heads.constant is None or key.constant is None else heads.constant * key.constant
    if layer.key_dim is not None and (total is None or total != features.constant):
        raise Cannot("PyTorch has embed_dim / num_heads numbers a head")
    if layer.value_dim is not None or layer.output_dim is not None or layer.kv_heads is not None:
        raise Cannot("PyTorch has embed_dim / num_heads numbers a head, and as many features out as in")
    if any(len(shape.dims) != 2 for shape in shapes):
        raise Cannot("PyTorch has attention for sequences (T, D); flatten the axes before")
    named: dict[str, Value] = {} if layer.bias else {"bias": False}
    named |= {"kdim": shapes[1].dims[-1], "vdim": shapes[-1].dims[-1], "batch_first": True}
    call = Call("torch.nn.MultiheadAttention", (features, heads), tuple(named.items()))
    read = [
        f"{{x{number}}}.movedim(1, -1)" if moved_to_front(shape) else f"{{x{number}}}"
        for number, shape in enumerate(shapes)
    ]
    do = f"{{m0}}({read[0]}, {read[1]}, {read[-1]}, need_weights=False)[0]"
    return Statement((("", call),), do + (".movedim(-1, 1)" if moved_to_front(site.output) else ""))


def _position(site: Site) -> Statement:
    sizes = site.record.applied.weights[0].shape
    return in_network_order(Statement.of(Call("PositionEmbedding", sizes), helpers=("PositionEmbedding",)), site)


def _token(site: Site) -> Statement:
    return in_network_order(Statement.of(Call("ClassToken", (site.output.dims[-1],)), helpers=("ClassToken",)), site)


def _squeeze_excitation(site: Site) -> Statement:
    units = site.record.applied.weights[0].shape[0]
    bias: tuple[tuple[str, Value], ...] = () if site.layer.bias else (("bias", False),)
    call = Call("SqueezeExcitation", (site.shape.channels, units), bias)
    return channels_first(Statement.of(call, helpers=("SqueezeExcitation",)), site)


def _no(why: str) -> Handler:
    def handler(site: Site) -> Statement:
        raise Cannot(why)

    return handler


#: The function that makes the statement of each kind of layer.
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
