"""Keras statements of every kind of layer. A network with channels first keeps them so: ``data_format="channels_first"``."""

from __future__ import annotations

from symnet.frameworks.calls import Call, Value
from symnet.frameworks.convention import KERAS, TORCH
from symnet.layers.declaration.axes import index_of_axis, index_or_channels, indices_of_axes
from symnet.layers.kinds.normalization import GroupNorm
from symnet.layers.kinds.spatial import amounts
from symnet.render.code.activations import activation
from symnet.render.code.framework_calls import calls, with_one_step
from symnet.render.code.keras_arranging import ARRANGING
from symnet.render.code.keras_layout import first, ranked, windowed
from symnet.render.code.keras_windows import KERAS_WINDOWS, padded_amounts, penalties
from symnet.render.code.statement import Cannot, Handler, Site, Statement
from symnet.terms.term import integer

__all__ = ["KERAS_LAYERS"]


def _features(site: Site) -> Statement:
    """Returns the statement of a layer whose features are on the last axis."""
    return Statement.of(*calls(site.layer, KERAS, site.shape)).having(**penalties(site.layer))


def _recurrent(site: Site) -> Statement:
    layer = site.layer
    if layer.kind == "GRU" and layer.bias_vectors and layer.bias_vectors != 1 + (layer.reset_after is not False):
        raise Cannot("Keras has one bias vector a gate, two with reset_after")
    (call,) = calls(layer, KERAS, with_one_step(site.shape))
    if len(site.shape.dims) == 1:  # one step
        return Statement.of(Call("keras.layers.Reshape", ((1, site.shape.dims[0]),)), call)
    return Statement.of(call)


def _channel_norm(site: Site) -> Statement:
    (call,) = calls(site.layer, KERAS, site.shape)
    axis = getattr(site.layer, "axis", None)
    index = site.shape.channel_index if axis is None else index_of_axis(axis, len(site.shape.dims))
    call = call.without("axis")
    return Statement.of(call if index == site.rank else call.having(axis=index + 1))


def _batch_norm(site: Site) -> Statement:
    made = _channel_norm(site)
    if site.layer.statistics == "none":
        return made.noted("the network keeps no moving statistics: call it with training=True, Keras keeps them")
    return made


def _instance_norm(site: Site) -> Statement:
    layer = site.layer
    affine = bool(layer.affine)
    same = GroupNorm(1, scale=affine, center=affine, epsilon=layer.epsilon, framework=None)
    (call,) = calls(same, KERAS, site.shape)
    return Statement.of(call.having(groups=-1, **({"axis": 1} if first(site.shape) else {})))


def _last_norm(site: Site) -> Statement:
    """Returns the statement of a norm over any axes, which Keras counts with the batch."""
    normalized = sorted(indices_of_axes(site.layer.axis, len(site.shape.dims)))
    (call,) = calls(site.layer, KERAS, site.shape)
    call = call.without("axis")
    if normalized == [site.rank]:
        return Statement.of(call)
    if site.layer.kind == "RMSNorm" and normalized != list(range(normalized[0], site.rank + 1)):
        raise Cannot("Keras normalizes the last sizes, and no others")
    axis: Value = normalized[0] + 1 if len(normalized) == 1 else tuple(index + 1 for index in normalized)
    return Statement.of(call.having(axis=axis))


def _normalization(site: Site) -> Statement:
    axis = [index_of_axis(size, len(site.shape.dims)) + 1 for size in site.layer.axis]
    named: dict[str, Value] = {}
    if axis != [len(site.shape.dims)]:
        named["axis"] = axis[0] if len(axis) == 1 else tuple(axis)
    if site.layer.known:
        raise Cannot("its mean and variance are given, and symnet does not know them")
    return Statement.of(Call("keras.layers.Normalization", (), tuple(named.items())))


def _pad(site: Site) -> Statement:
    ranked(site)
    pairs = amounts(site.layer.padding, site.rank)
    if site.layer.mode in ("zeros", "constant"):
        call = Call(f"keras.layers.ZeroPadding{site.rank}D", (padded_amounts(pairs),))
        return Statement.of(windowed(call, site.shape))
    if site.layer.mode == "circular":
        raise Cannot("Keras has no padding that goes round")
    around = [f"({site.say(before)}, {site.say(after)})" for before, after in pairs]
    pads = ["(0, 0)", "(0, 0)", *around] if first(site.shape) else ["(0, 0)", *around, "(0, 0)"]
    mode = "reflect" if site.layer.mode == "reflect" else "edge"
    if mode == "edge":
        raise Cannot("Keras repeats no entries at the border; PyTorch does")
    return Statement(do=f'{{ops}}.pad({{x0}}, [{", ".join(pads)}], mode="{mode}")')


def _cropping(site: Site) -> Statement:
    ranked(site)
    around = padded_amounts(amounts(site.layer.cropping, site.rank))
    return Statement.of(windowed(Call(f"keras.layers.Cropping{site.rank}D", (around,)), site.shape))


_SMOOTH = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")

#: Warning about bicubic interpolation, where PyTorch uses another coefficient of the cubic.
BICUBIC = "bicubic: Keras's cubic has the coefficient -0.5, PyTorch's -0.75"
NEAREST = "nearest: Keras takes the entry nearest to the middle; PyTorch, unless told nearest-exact, the one below"


def _mode(site: Site, allowed: tuple[str, ...]) -> str:
    mode: str = "bilinear" if site.rank == 2 and site.layer.mode == "linear" else site.layer.mode
    if mode not in allowed:
        raise Cannot(f"Keras has no mode={mode} for {site.rank} axes")
    return mode


def _upsample(site: Site) -> Statement:
    ranked(site)
    mode = _mode(site, _SMOOTH if site.rank == 2 else ("nearest",))
    sizes = site.layer.factor
    named: tuple[tuple[str, Value], ...] = () if mode == "nearest" else (("interpolation", mode),)
    call = Call(f"keras.layers.UpSampling{site.rank}D", (sizes[0] if len(sizes) == 1 else sizes,), named)
    return Statement.of(windowed(call, site.shape)).noted(BICUBIC if mode == "bicubic" else "")


def _resize(site: Site) -> Statement:
    if site.rank != 2:
        raise Cannot(f"Keras resizes two axes, not {site.rank}")
    both = site.layer.output * 2 if len(site.layer.output) == 1 else site.layer.output
    mode = _mode(site, _SMOOTH)
    named: tuple[tuple[str, Value], ...] = () if mode == "bilinear" else (("interpolation", mode),)
    made = Statement.of(windowed(Call("keras.layers.Resizing", both, named), site.shape))
    may_differ = mode == "nearest" and site.layer.framework != KERAS and not _integer_factors(site)
    return made.noted(BICUBIC if mode == "bicubic" else NEAREST if may_differ else "")


def _integer_factors(site: Site) -> bool:
    """Returns whether every axis grows by an integer factor, for which "nearest" is the same in every framework."""
    pairs = [(old.constant, new.constant) for old, new in zip(site.shape.axes, site.output.axes, strict=True)]
    return all(old and new and new % old == 0 for old, new in pairs)


def _activation(site: Site) -> Statement:
    shape = site.shape
    rank = len(shape.dims)
    if not rank:
        return activation(site, KERAS, -1, -1)
    index, last = index_or_channels(site.layer.axis, shape), rank - 1
    return activation(site, KERAS, -1 if index == last else index + 1, -1 if shape.channel_index == last else 1)


def _prelu(site: Site) -> Statement:
    layer, shape = site.layer, site.shape
    rank = len(shape.dims)
    if not rank:
        raise Cannot("Keras has slopes of sizes, and a single number has none")
    if layer.num_parameters is not None or (layer.shared_axes is None and layer.framework == TORCH):
        one = layer.num_parameters is None or layer.num_parameters.constant == 1
        shared = tuple(range(rank)) if one else shape.axis_indices
    else:
        shared = tuple(sorted(indices_of_axes(layer.shared_axes or (), rank, "shared axis")))
    axes = Call("keras.layers.PReLU")
    return Statement.of(axes.having(shared_axes=tuple(index + 1 for index in shared)) if shared else axes)


def _glu(site: Site) -> Statement:
    index = index_of_axis(site.layer.axis, len(site.shape.dims))
    last = index == len(site.shape.dims) - 1
    return Statement(do="{activations}.glu({x0})" if last else f"{{activations}}.glu({{x0}}, axis={index + 1})")


def _dropout(site: Site) -> Statement:
    return Statement.of(Call("keras.layers.Dropout", (float(site.layer.rate or "0.5"),)))


def _rescaling(site: Site) -> Statement:
    scale, offset = site.layer.scale, site.layer.offset
    named: tuple[tuple[str, Value], ...] = () if offset is None else (("offset", float(offset)),)
    return Statement.of(Call("keras.layers.Rescaling", (float(scale or "1"),), named))


def _scale(site: Site) -> Statement:
    named: dict[str, Value] = {"axis": 1} if first(site.shape) else {}
    named |= {"bias": True} if site.layer.bias else {}
    return Statement.of(Call("Scale", (), tuple(named.items())), helpers=("Scale",))


def _attention(site: Site) -> Statement:
    if len(site.shape.dims) != 2:
        raise Cannot("Keras has attention for sequences (T, D); flatten the axes before")
    (call,) = calls(site.layer, KERAS, site.shape)
    if site.layer.kv_heads is not None and (site.layer.value_dim is not None or site.layer.output_dim is not None):
        raise Cannot("Keras has GroupQueryAttention with values as long as keys, and as many features out as in")
    return Statement((("", call),), "{m0}({x0}, {x0})")


def _cross_attention(site: Site) -> Statement:
    layer = site.layer
    if layer.kv_heads is not None:
        raise Cannot("Keras has shared heads of keys in GroupQueryAttention, which symnet writes for one sequence only")
    _, heads, key = site.record.applied.weights[0].shape
    named: dict[str, Value] = {"num_heads": heads, "key_dim": key}
    named |= {"value_dim": layer.value_dim} if layer.value_dim is not None else {}
    named |= {"output_shape": layer.output_dim} if layer.output_dim is not None else {}
    named |= {} if layer.bias else {"use_bias": False}
    call = Call("keras.layers.MultiHeadAttention", (), tuple(named.items()))
    return Statement((("", call),), f"{{m0}}({{x0}}, {{x{len(site.inputs) - 1}}}, {{x1}})")


def _position(site: Site) -> Statement:
    length = site.record.applied.weights[0].shape[0]
    return Statement.of(Call("PositionEmbedding", (length,)), helpers=("PositionEmbedding",))


def _token(site: Site) -> Statement:
    return Statement.of(Call("ClassToken"), helpers=("ClassToken",))


def _squeeze_excitation(site: Site) -> Statement:
    shape, layer = site.shape, site.layer
    units = site.record.applied.weights[0].shape[0]
    bias: dict[str, Value] = {} if layer.bias else {"use_bias": False}
    makes: list[tuple[str, Call]] = []
    if site.rank > 0:
        ranked(site)
        mean = Call(f"keras.layers.GlobalAveragePooling{site.rank}D", (), (("keepdims", True),))
        makes.append(("_mean", windowed(mean, shape)))
    for size, function, suffix in ((units, "relu", "_squeeze"), (shape.channels, "sigmoid", "_excite")):
        made = Call("keras.layers.Dense", (size,))
        if site.rank > 0:
            made = windowed(Call(f"keras.layers.Conv{site.rank}D", (size, 1)), shape)
        makes.append((suffix, made.having(**bias, activation=function)))
    before = tuple(f"{{m{index}}}({'{factors}' if index else '{x0}'})" for index in range(len(makes)))
    return Statement(
        (*makes, ("", Call("keras.layers.Multiply"))), f"{{m{len(makes)}}}([{{x0}}, {{factors}}])",
        before=before,
    )  # fmt: skip


def _pixel_shuffle(site: Site) -> Statement:
    """Returns a reshape that splits the channels, a permutation, and a reshape that merges the pixels."""
    if site.rank != 2:
        raise Cannot(
            f"Keras arranges channels as pixels by Reshape and Permute; symnet writes it for two axes, not {site.rank}"
        )
    r, (height, width) = site.layer.factor, site.shape.axes
    channels = site.output.channels
    if first(site.shape):
        return _rearranged(site, (channels, r, r, height, width), (1, 4, 2, 5, 3))
    return _rearranged(site, (height, width, channels, r, r), (1, 4, 2, 5, 3))


def _pixel_unshuffle(site: Site) -> Statement:
    if site.rank != 2:
        raise Cannot(
            f"Keras arranges pixels as channels by Reshape and Permute; symnet writes it for two axes, not {site.rank}"
        )
    r, (height, width) = site.layer.factor, site.output.axes
    channels = site.shape.channels
    if first(site.shape):
        return _rearranged(site, (channels, height, r, width, r), (1, 3, 5, 2, 4))
    return _rearranged(site, (height, r, width, r, channels), (1, 3, 5, 2, 4))


def _shuffled_channels(site: Site) -> Statement:
    groups, shape = site.layer.groups, site.shape
    if groups.constant is None or shape.channels.constant is None:
        raise Cannot("Keras has it by Reshape and Permute, of channels and groups that are numbers")
    inner = integer(shape.channels.constant // groups.constant)
    if first(shape):
        rest = range(3, 3 + site.rank)
        return _rearranged(site, (groups, inner, *shape.axes), (2, 1, *rest))
    count = len(shape.axes)
    return _rearranged(site, (*shape.axes, groups, inner), (*range(1, count + 1), count + 2, count + 1))


def _rearranged(site: Site, apart: tuple[object, ...], order: tuple[int, ...]) -> Statement:
    return Statement.of(
        Call("keras.layers.Reshape", (apart,)),  # type: ignore[arg-type]
        Call("keras.layers.Permute", (order,)),
        Call("keras.layers.Reshape", (site.output.dims,)),
        fixed=True,
    )


def _no(why: str) -> Handler:
    def handler(site: Site) -> Statement:
        raise Cannot(why)

    return handler


#: The function that makes the statement of each kind of layer.
KERAS_LAYERS: dict[str, Handler] = {
    **KERAS_WINDOWS,
    **dict.fromkeys(("FC", "Embedding"), _features),
    **dict.fromkeys(("LayerNorm", "RMSNorm"), _last_norm),
    **dict.fromkeys(("RNN", "GRU", "LSTM"), _recurrent),
    "ConvLSTM": _features,
    "BN": _batch_norm,
    "GroupNorm": _channel_norm,
    "InstanceNorm": _instance_norm,
    "Normalization": _normalization,
    "ZeroPad": _pad,
    "Cropping": _cropping,
    "Upsample": _upsample,
    "Resize": _resize,
    "PixelShuffle": _pixel_shuffle,
    "PixelUnshuffle": _pixel_unshuffle,
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
    "ChannelShuffle": _shuffled_channels,
}
