"""Functions with windows: pooling, padding, resizing, and convolution with given weights."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.torch.known import tidy
from symnet.frontends.torch.placing import aligned, axis_of, channels_first, numbers, same_features
from symnet.frontends.torch.sizes import Size, term_of
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.arrays import Parameter
from symnet.layers.base import Layer
from symnet.layers.convolution import Conv
from symnet.layers.joins import Concat
from symnet.layers.merges import Add
from symnet.layers.pooling import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, LpPool, MaxPool
from symnet.layers.reshaping import Reshape
from symnet.layers.spatial import Cropping, PixelShuffle, PixelUnshuffle, Resize, Upsample, ZeroPad
from symnet.layers.transposed import Deconv
from symnet.terms.propositions import Eq
from symnet.terms.term import FloorDiv, Mod, integer

__all__ = ["FUNCTIONS", "convolved", "interpolate", "padded", "pooled", "transposed", "unshuffled"]


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
    x = channels_first(trace, x, rank)
    same_features(trace, x, -rank - 1, weight.shape[1] * groups, "channels")
    filters, kernel = weight.shape[0], tuple(weight.shape[2:])
    tied = (
        bias is not None
        and id(weight) in trace.weights.holders
        and trace.is_parameter(bias)
        and id(bias) not in trace.weights.holders
    )
    layer = Conv(
        filters, kernel, numbers(stride, rank), padding if isinstance(padding, str) else numbers(padding, rank),
        dilation=numbers(dilation, rank), groups=groups, bias=bias is not None and not tied,
    )  # fmt: skip
    made = trace.add(layer, x, holds={"kernel": weight, "bias": None if tied else bias}, name=name)
    if not tied:
        return made
    offset = trace.constant(bias, (filters, *(1,) * rank))
    return trace.add(Add(), made, aligned(trace, offset, rank + 2, 0, "bias"), name=f"{name}.bias".strip("."))


def transposed(
    trace: Trace, x: Value, weight: Any, bias: Any, stride: Any, padding: Any, output_padding: Any, groups: int, dilation: Any,
    output_size: Any = None, name: str = "",
) -> Value:  # fmt: skip
    """A transposed convolution with these weights."""
    rank = weight.dim() - 2
    x = channels_first(trace, x, rank)
    same_features(trace, x, -rank - 1, weight.shape[0], "channels")
    added = None if all(amount == 0 for amount in numbers(output_padding, rank)) else numbers(output_padding, rank)
    wanted = None if output_size is None else tuple(map(term_of, output_size))[-rank:]
    layer = Deconv(
        weight.shape[1] * groups, tuple(weight.shape[2:]), numbers(stride, rank), numbers(padding, rank),
        output_padding=None if wanted else added, output=wanted, dilation=numbers(dilation, rank), groups=groups,
        bias=bias is not None,
    )  # fmt: skip
    return trace.add(layer, x, holds={"kernel": weight, "bias": bias}, name=name)


def pooled(
    trace: Trace, kind: type[Layer], rank: int, x: Value, kernel: Any, stride: Any, padding: Any, ceil_mode: bool, *,
    dilation: Any = 1, name: str = "", **more: Any,
) -> Value:  # fmt: skip
    """A pooling layer of ``rank`` axes."""
    x = channels_first(trace, x, rank)
    step = kernel if stride is None or stride == [] else stride
    layer = kind(
        numbers(kernel, rank), numbers(step, rank), numbers(padding, rank), dilation=numbers(dilation, rank),
        ceil_mode=bool(ceil_mode), **more,
    )  # fmt: skip
    return trace.add(layer, x, name=name)


def padded(trace: Trace, x: Value, pad: Sequence[Any], mode: str = "constant") -> Value:
    """``torch.nn.functional.pad``: (before, after) of the last dimension, of the one before it, …; less than 0 crops."""
    mode = {"constant": "zeros"}.get(mode, mode)
    shape = x.tensor.shape
    pairs: dict[int, tuple[Any, Any]] = {}
    for place in range(len(pad) // 2):
        before, after = pad[2 * place], pad[2 * place + 1]
        if isinstance(before, Size) or isinstance(after, Size) or before or after:
            pairs[axis_of(x, -1 - place) - 1] = (before, after)
    along = pairs.pop(shape.channel_index, None)
    if along is not None:
        x = _along_channels(trace, x, along, mode)
    if not pairs:
        return x
    given = [pairs.get(place, (0, 0)) for place in shape.axis_places]
    amounts = [tuple(map(term_of, pair)) for pair in given]
    least = [amount.constant for pair in amounts for amount in pair if amount.constant is not None]
    if min(least, default=0) >= 0:
        return trace.add(ZeroPad(amounts, mode=mode), x, name="pad")
    grown = [tuple(integer(max(amount.constant or 0, 0)) for amount in pair) for pair in amounts]
    cut = [tuple(integer(max(-(amount.constant or 0), 0)) for amount in pair) for pair in amounts]
    if any(amount.constant for pair in grown for amount in pair):
        x = trace.add(ZeroPad(grown, mode=mode), x, name="pad")
    return trace.add(Cropping(cut), x, name="crop")


def _along_channels(trace: Trace, x: Value, amounts: tuple[Any, Any], mode: str) -> Value:
    """Channels of zeros before and after."""
    if mode != "zeros" or any(isinstance(amount, Size) or amount < 0 for amount in amounts):
        raise ModelError(trace.where(f"pads the channels by {amounts} with mode {mode}"))
    index, dims = x.tensor.shape.channel_index, x.tensor.shape.dims
    parts = [x]
    for at, amount in ((0, amounts[0]), (len(parts), amounts[1])):
        if amount:
            layer = Parameter((*dims[:index], amount, *dims[index + 1 :]), fixed=True, layout=x.tensor.shape.layout)
            parts.insert(at if at == 0 else len(parts), trace.add(layer, batch=x.batch, name="zeros"))
    return trace.add(Concat(axis=index + 1), *parts, name="pad")


def interpolate(
    trace: Trace, x: Value, size: Any = None, scale_factor: Any = None, mode: str = "nearest", align_corners: Any = None,
    recompute_scale_factor: Any = None, antialias: bool = False, name: str = "",
) -> Value:  # fmt: skip
    """``torch.nn.functional.interpolate``: to a size, or by a factor whose product is rounded down."""
    if x.batch is None and x.ndim >= 3 and x.sizes[0].constant == 1:  # a parameter, with one example in it
        one = trace.add(Reshape(x.tensor.shape.dims[1:]), x, name="interpolate.sizes")
        made = interpolate(trace, one, size, scale_factor, mode, name=name or "interpolate")
        return trace.add(Reshape((integer(1), *made.tensor.shape.dims)), made, name="interpolate.sizes")
    x = channels_first(trace, x)
    rank = len(x.tensor.shape.axes)
    mode = {"nearest-exact": "nearest"}.get(mode, mode)
    name = name or ("" if type(trace.module).__name__.startswith("Upsampl") else "interpolate")
    if size is not None:
        return trace.add(Resize(tuple(map(term_of, numbers(size, rank))), mode=mode), x, name=name)
    factors = [float(factor) for factor in numbers(scale_factor, rank)]
    if all(factor == int(factor) for factor in factors):
        return trace.add(Upsample(tuple(map(int, factors)), mode=mode), x, name=name)
    sizes = []
    for axis, factor in zip(x.tensor.shape.axes, factors, strict=True):
        top, bottom = factor.as_integer_ratio()
        small = bottom <= 1 << 10
        exact = tidy(FloorDiv(axis * top, integer(bottom))) if small else None
        sizes.append(integer(floor(axis.constant * factor)) if axis.constant is not None else exact)
    if None in sizes:
        raise ModelError(
            trace.where(f"scales a symbolic size by {factors}, which is no simple fraction; say --input with numbers")
        )
    return trace.add(Resize(tuple(sizes), mode=mode), x, name=name)


def unshuffled(trace: Trace, x: Value, factor: int, name: str = "") -> Value:
    """Blocks of entries become channels; torch wants whole blocks."""
    x = channels_first(trace, x, 2)
    for size in x.tensor.shape.axes:
        whole = Eq(Mod(size, integer(factor)), integer(0))
        trace.known.require(whole, f"takes blocks of {factor} of a size that is no multiple of it")
    return trace.add(PixelUnshuffle(factor), x, name=name)


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
        x = channels_first(trace, x, rank)
        axes = x.tensor.shape.axes
        wanted = [axes[at] if size is None else term_of(size) for at, size in enumerate(numbers(output_size, rank))]
        made = trace.add(kind(wanted), x, name="pool")
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


FUNCTIONS: dict[str, Handler] = {
    "pad": lambda trace, x, pad, mode="constant", value=None: padded(trace, x, pad, mode),
    "interpolate": interpolate,
    "upsample": interpolate,
    "pixel_shuffle": lambda trace, x, factor: trace.add(
        PixelShuffle(factor), channels_first(trace, x, 2), name="shuffle"
    ),
    "pixel_unshuffle": lambda trace, x, factor: unshuffled(trace, x, factor, "unshuffle"),
    **{f"conv{rank}d": _conv for rank in (1, 2, 3)},
    **{f"conv_transpose{rank}d": _conv_transpose for rank in (1, 2, 3)},
    **{f"max_pool{rank}d": _pool(MaxPool, rank) for rank in (1, 2, 3)},
    **{f"avg_pool{rank}d": _pool(AvgPool, rank) for rank in (1, 2, 3)},
    **{f"lp_pool{rank}d": _lp_pool(rank) for rank in (1, 2, 3)},
    **{f"adaptive_avg_pool{rank}d": _adaptive(AdaptiveAvgPool, rank) for rank in (1, 2, 3)},
    **{f"adaptive_max_pool{rank}d": _adaptive(AdaptiveMaxPool, rank) for rank in (1, 2, 3)},
}
