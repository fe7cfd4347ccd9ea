"""Functions with windows: pooling, padding, resizing, and convolution with weights as arguments."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import batch_share, tidy
from symnet.frontends.ops import windows
from symnet.frontends.torch.making import offset
from symnet.frontends.torch.placing import channels_first, dimension, numbers, one_for_each, terms, with_features
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.convolution import Conv
from symnet.layers.kinds.pooling import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, LpPool, MaxPool
from symnet.layers.kinds.spatial import Resize, Upsample
from symnet.layers.kinds.transposed import Deconv
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import FloorDiv, Mod, integer

__all__ = [
    "FUNCTIONS", "adapted", "convolved", "interpolate", "padded", "pooled", "shuffled", "transposed", "unfolded", "unshuffled",
]  # fmt: skip


#: The number of axes that a mode of interpolation is for (torch/nn/functional.py, ``interpolate``).
AXES_OF_MODES = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}


def _each(amounts: Any, rank: int, more: int, nothing: Any) -> tuple[Any, ...]:
    """One amount per axis; ``nothing`` along the ``more`` sizes merged with the batch."""
    return (*(nothing,) * more, *numbers(amounts, rank))


def convolved(
    trace: Trace,
    x: Value,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
    name: str = "",
) -> Value:
    """A convolution with these weights."""
    rank = weight.dim() - 2
    x, more = channels_first(trace, x, rank)
    x = with_features(trace, x, -rank - 1, weight.shape[1] * groups, "channels")
    filters, kernel = weight.shape[0], tuple(weight.shape[2:])
    one_for_each(trace, integer(filters), "filters", bias=bias)
    tied = (
        bias is not None
        and id(weight) in trace.weights.holders
        and trace.is_parameter(bias)
        and id(bias) not in trace.weights.holders
    )
    layer = Conv(
        filters, _each(kernel, rank, more, 1), _each(stride, rank, more, 1),
        padding if isinstance(padding, str) else _each(padding, rank, more, 0),
        dilation=_each(dilation, rank, more, 1), groups=groups, bias=bias is not None and not tied,
    )  # fmt: skip
    made = trace.add(layer, x, holds={"kernel": weight, "bias": None if tied else bias}, name=name)
    return offset(trace, made, bias, made.ndim - rank - 1, name) if tied else made


def transposed(
    trace: Trace, x: Value, weight: Any, bias: Any, stride: Any, padding: Any, output_padding: Any, groups: int, dilation: Any,
    output_size: Any = None, name: str = "",
) -> Value:  # fmt: skip
    """A transposed convolution with these weights."""
    rank = weight.dim() - 2
    x, more = channels_first(trace, x, rank)
    x = with_features(trace, x, -rank - 1, weight.shape[0], "channels")
    one_for_each(trace, integer(weight.shape[1] * groups), "filters", bias=bias)
    plain = all(amount == 0 for amount in numbers(output_padding, rank))
    wanted = None if output_size is None else (*x.tensor.shape.axes[:more], *tuple(map(term_of, output_size))[-rank:])
    layer = Deconv(
        weight.shape[1] * groups, _each(tuple(weight.shape[2:]), rank, more, 1), _each(stride, rank, more, 1),
        _each(padding, rank, more, 0), output_padding=None if wanted or plain else _each(output_padding, rank, more, 0),
        output=wanted, dilation=_each(dilation, rank, more, 1), groups=groups, bias=bias is not None,
    )  # fmt: skip
    return trace.add(layer, x, holds={"kernel": weight, "bias": bias}, name=name)


def pooled(
    trace: Trace, kind: type[Layer], rank: int, x: Value, kernel: Any, stride: Any, padding: Any, ceil_mode: bool, *,
    dilation: Any = 1, name: str = "", **named: Any,
) -> Value:  # fmt: skip
    """A pooling layer of this kind on ``rank`` axes; ``stride`` is the kernel if it is not set."""
    x, more = channels_first(trace, x, rank)
    step = kernel if stride is None or (isinstance(stride, tuple | list) and not len(stride)) else stride
    layer = kind(
        _each(terms(kernel), rank, more, 1), _each(terms(step), rank, more, 1), _each(terms(padding), rank, more, 0),
        dilation=_each(dilation, rank, more, 1), ceil_mode=bool(ceil_mode), **named,
    )  # fmt: skip
    return trace.add(layer, x, name=name)


def adapted(trace: Trace, kind: Any, rank: int, x: Value, output_size: Any, name: str = "") -> Value:
    """An adaptive pooling layer with this output size on each axis; ``None`` keeps the size."""
    x, more = channels_first(trace, x, rank)
    axes = x.tensor.shape.axes
    sizes = _each(output_size, rank, more, None)
    wanted = [axes[at] if size is None else term_of(size) for at, size in enumerate(sizes)]
    return trace.add(kind(wanted), x, name=name)


def padded(trace: Trace, x: Value, pad: Sequence[Any], mode: str = "constant") -> Value:
    """``torch.nn.functional.pad``: (before, after) of the last dimension, then of the one before it, …; negative
    amounts crop.
    """
    pairs = {
        dimension(x, -1 - place): (term_of(pad[2 * place]), term_of(pad[2 * place + 1]))
        for place in range(len(pad) // 2)
    }
    mode = {"constant": "zeros"}.get(mode, mode)
    for dim, (
        before,
        after,
    ) in pairs.items():  # torch crops both ends before it pads (aten/src/ATen/native/PadNd.cpp)
        size = x.sizes[dim]
        for amount in (before, after):
            if amount.constant is not None and amount.constant < 0 and batch_share(size) is None:
                trace.known.suppose(Le(integer(-amount.constant), size))
                size = tidy(size + amount)
    return trace.like(x, windows.padded(trace, x.flow, pairs, mode))


def interpolate(
    trace: Trace, x: Value, size: Any = None, scale_factor: Any = None, mode: str = "nearest", align_corners: Any = None,
    recompute_scale_factor: Any = None, antialias: bool = False, name: str = "",
) -> Value:  # fmt: skip
    """``torch.nn.functional.interpolate``: to a size, or by a factor, whose product is rounded down."""
    x, more = channels_first(trace, x)
    rank = x.ndim - 2
    axes = x.tensor.shape.axes
    mode = {"nearest-exact": "nearest"}.get(mode, mode)
    if rank != AXES_OF_MODES.get(mode, rank):
        raise ModelError(trace.wrong(f"interpolates {rank} axes with mode {mode}, which is for {AXES_OF_MODES[mode]}"))
    name = name or ("" if type(trace.module).__name__.startswith("Upsampl") else "interpolate")
    if size is not None:
        wanted = (*axes[:more], *map(term_of, numbers(size, rank)))
        return trace.add(Resize(wanted, mode=mode), x, name=name)
    factors = [float(factor) for factor in numbers(scale_factor, rank)]
    if all(factor == int(factor) for factor in factors):
        return trace.add(Upsample((*(1,) * more, *map(int, factors)), mode=mode), x, name=name)
    sizes = list(axes[:more])
    for axis, factor in zip(axes[more:], factors, strict=True):
        top, bottom = factor.as_integer_ratio()
        if axis.constant is not None:
            sizes.append(integer(floor(axis.constant * factor)))
        elif bottom <= 1 << 10:
            sizes.append(tidy(FloorDiv(axis * top, integer(bottom))))
        else:
            raise ModelError(
                trace.where(
                    f"scales a symbolic size by {factors}, which is no simple fraction; say --input with numbers"
                )
            )
    return trace.add(Resize(tuple(sizes), mode=mode), x, name=name)


def shuffled(trace: Trace, x: Value, factor: int, name: str = "") -> Value:
    """Channels rearranged into blocks of entries; images may have other sizes before their channels."""
    if x.ndim > 4:
        images = shuffled(trace, trace.function("flatten", (x, 0, x.ndim - 4), {}), factor, name)
        made: Value = trace.function("unflatten", (images, 0, x.shape[:-3]), {})
        return made
    return trace.like(x, windows.shuffled(trace, x.flow, factor, name))


def unshuffled(trace: Trace, x: Value, factor: int, name: str = "") -> Value:
    """Blocks of entries rearranged into channels; torch requires whole blocks."""
    if x.ndim > 4:
        images = unshuffled(trace, trace.function("flatten", (x, 0, x.ndim - 4), {}), factor, name)
        made: Value = trace.function("unflatten", (images, 0, x.shape[:-3]), {})
        return made
    x, more = channels_first(trace, x, 2)
    for size in x.tensor.shape.axes[more:]:
        whole = Eq(Mod(size, integer(factor)), integer(0))
        trace.known.require(whole, f"takes blocks of {factor} of a size that is no multiple of it")
    return trace.like(x, windows.unshuffled(trace, x.flow, factor, name))


def _pool(kind: type[Layer], rank: int) -> Handler:
    def handler(
        trace: Trace, x: Value, kernel_size: Any, stride: Any = None, padding: Any = 0, *rest: Any, ceil_mode: bool = False,
        dilation: Any = 1, count_include_pad: bool = True, divisor_override: Any = None, return_indices: bool = False,
    ) -> Value:  # fmt: skip
        if kind is MaxPool:
            dilation, ceil_mode = (*rest, *(dilation, ceil_mode)[len(rest) :])[:2]
        elif rest:
            ceil_mode = rest[0]
        made = pooled(trace, kind, rank, x, kernel_size, stride, padding, ceil_mode, dilation=dilation, name="pool")
        return (made, made) if return_indices else made

    return handler


def _lp_pool(rank: int) -> Handler:
    def handler(
        trace: Trace, x: Value, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
    ) -> Value:
        return pooled(trace, LpPool, rank, x, kernel_size, stride, 0, ceil_mode, norm=norm_type, name="pool")

    return handler


def _adaptive(kind: Any, rank: int) -> Handler:
    def handler(trace: Trace, x: Value, output_size: Any, return_indices: bool = False) -> Any:
        made = adapted(trace, kind, rank, x, output_size, "pool")
        return (made, made) if return_indices else made

    return handler


def _conv(
    trace: Trace,
    x: Value,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Value:
    return convolved(trace, x, weight, bias, stride, padding, dilation, groups, name="conv")


def _conv_transpose(
    trace: Trace, x: Value, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
    groups: int = 1, dilation: Any = 1,
) -> Value:  # fmt: skip
    return transposed(trace, x, weight, bias, stride, padding, output_padding, groups, dilation, name="deconv")


def unfolded(trace: Trace, x: Value, kernel: Any, dilation: Any, padding: Any, stride: Any, name: str = "") -> Value:
    """Every window of an image as a column."""
    if x.ndim != 4:
        raise ModelError(trace.where(f"takes windows of images (batch, C, H, W), and gets {x.ndim} dimensions"))
    extent, step, added, apart = (
        list(map(term_of, numbers(given, 2))) for given in (kernel, stride, padding, dilation)
    )
    return trace.like(x, windows.columns(trace, x.flow, extent, step, added, apart, name or "unfold"))


FUNCTIONS: dict[str, Handler] = {
    "constant_pad_nd": lambda trace, x, pad, value=None: padded(trace, x, pad),
    "_upsample_bilinear2d_aa": lambda trace, x, output_size, align_corners=False, scale_factors=None, *_, **named: (
        interpolate(
            trace, x, output_size, scale_factors if output_size is None else None, "bilinear", name="interpolate"
        )
    ),
    "nn.unfold": lambda trace, x, kernel_size, dilation=1, padding=0, stride=1: unfolded(
        trace, x, kernel_size, dilation, padding, stride
    ),
    "pad": lambda trace, x, pad, mode="constant", value=None: padded(trace, x, pad, mode),
    "interpolate": interpolate,
    "upsample": interpolate,
    "pixel_shuffle": lambda trace, x, upscale_factor: shuffled(trace, x, upscale_factor, "shuffle"),
    "pixel_unshuffle": lambda trace, x, downscale_factor: unshuffled(trace, x, downscale_factor, "unshuffle"),
    **{f"conv{rank}d": _conv for rank in (1, 2, 3)},
    **{f"conv_transpose{rank}d": _conv_transpose for rank in (1, 2, 3)},
    **{f"max_pool{rank}d": _pool(MaxPool, rank) for rank in (1, 2, 3)},
    **{f"avg_pool{rank}d": _pool(AvgPool, rank) for rank in (1, 2, 3)},
    **{f"lp_pool{rank}d": _lp_pool(rank) for rank in (1, 2, 3)},
    **{f"adaptive_avg_pool{rank}d": _adaptive(AdaptiveAvgPool, rank) for rank in (1, 2, 3)},
    **{f"adaptive_max_pool{rank}d": _adaptive(AdaptiveMaxPool, rank) for rank in (1, 2, 3)},
}
