"""Modules with windows: convolution, pooling, padding, resizing."""

from __future__ import annotations

from typing import Any

from symnet.frontends.torch.functions.spatial import (
    adapted,
    convolved,
    interpolate,
    padded,
    pooled,
    shuffled,
    transposed,
    unfolded,
    unshuffled,
)  # fmt: skip
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.pooling import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, LpPool, MaxPool

__all__ = ["MODULES"]


def _conv(trace: Trace, module: Any, x: Value) -> Value:
    padding = module.padding
    if module.padding_mode != "zeros":  # its forward pads by these amounts too, of which there are none for "valid"
        x = padded(trace, x, module._reversed_padding_repeated_twice, module.padding_mode)
        padding = 0
    return convolved(trace, x, module.weight, module.bias, module.stride, padding, module.dilation, module.groups)


def _conv_transpose(trace: Trace, module: Any, x: Value, output_size: Any = None) -> Value:
    return transposed(
        trace, x, module.weight, module.bias, module.stride, module.padding, module.output_padding, module.groups,
        module.dilation, output_size,
    )  # fmt: skip


def _max_pool(rank: int) -> Handler:
    def handler(trace: Trace, module: Any, x: Value) -> Any:
        made = pooled(
            trace, MaxPool, rank, x, module.kernel_size, module.stride, module.padding, module.ceil_mode,
            dilation=module.dilation,
        )  # fmt: skip
        return (made, made) if module.return_indices else made

    return handler


def _avg_pool(rank: int) -> Handler:
    def handler(trace: Trace, module: Any, x: Value) -> Value:
        return pooled(trace, AvgPool, rank, x, module.kernel_size, module.stride, module.padding, module.ceil_mode)

    return handler


def _lp_pool(rank: int) -> Handler:
    def handler(trace: Trace, module: Any, x: Value) -> Value:
        return pooled(
            trace, LpPool, rank, x, module.kernel_size, module.stride, 0, module.ceil_mode, norm=module.norm_type
        )

    return handler


def _adaptive(kind: Any, rank: int) -> Handler:
    def handler(trace: Trace, module: Any, x: Value) -> Any:
        made = adapted(trace, kind, rank, x, module.output_size)
        return (made, made) if getattr(module, "return_indices", False) else made

    return handler


def _pad(trace: Trace, module: Any, x: Value) -> Value:
    names = {"Reflection": "reflect", "Replication": "replicate", "Circular": "circular"}
    mode = next((mode for name, mode in names.items() if name in type(module).__name__), "constant")
    return padded(trace, x, list(module.padding), mode)


def _upsample(trace: Trace, module: Any, x: Value) -> Value:
    return interpolate(trace, x, module.size, module.scale_factor, module.mode)


def _pixel_shuffle(trace: Trace, module: Any, x: Value) -> Value:
    return shuffled(trace, x, module.upscale_factor)


def _pixel_unshuffle(trace: Trace, module: Any, x: Value) -> Value:
    return unshuffled(trace, x, module.downscale_factor)


_POOLING, _PADDING = "torch.nn.modules.pooling.", "torch.nn.modules.padding."


def _unfold(trace: Trace, module: Any, x: Value) -> Value:
    return unfolded(trace, x, module.kernel_size, module.dilation, module.padding, module.stride)


MODULES: dict[str, Handler] = {
    "torch.nn.modules.fold.Unfold": _unfold,
    **{f"torch.nn.modules.conv.Conv{rank}d": _conv for rank in (1, 2, 3)},
    **{f"torch.nn.modules.conv.ConvTranspose{rank}d": _conv_transpose for rank in (1, 2, 3)},
    **{f"{_POOLING}MaxPool{rank}d": _max_pool(rank) for rank in (1, 2, 3)},
    **{f"{_POOLING}AvgPool{rank}d": _avg_pool(rank) for rank in (1, 2, 3)},
    **{f"{_POOLING}LPPool{rank}d": _lp_pool(rank) for rank in (1, 2, 3)},
    **{f"{_POOLING}AdaptiveAvgPool{rank}d": _adaptive(AdaptiveAvgPool, rank) for rank in (1, 2, 3)},
    **{f"{_POOLING}AdaptiveMaxPool{rank}d": _adaptive(AdaptiveMaxPool, rank) for rank in (1, 2, 3)},
    **{f"{_PADDING}_{name}PadNd": _pad for name in ("Constant", "Reflection", "Replication", "Circular")},
    f"{_PADDING}CircularPad1d": _pad,
    **{f"{_PADDING}{name}Pad{rank}d": _pad for name in ("Zero", "Circular") for rank in (1, 2, 3)},
    "torch.nn.modules.upsampling.Upsample": _upsample,
    "torch.nn.modules.pixelshuffle.PixelShuffle": _pixel_shuffle,
    "torch.nn.modules.pixelshuffle.PixelUnshuffle": _pixel_unshuffle,
}
