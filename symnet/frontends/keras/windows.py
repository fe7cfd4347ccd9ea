"""Handlers of Keras's layers with windows: convolution, pooling, padding, cropping, resizing."""

from __future__ import annotations

from typing import Any

from symnet.frontends.building import Tensor
from symnet.frontends.keras.call_site import Handler, Site, Unknown
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.convolution import Conv, Depthwise, SeparableConv
from symnet.layers.kinds.pooling import (
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    GlobalAvgPool,
    GlobalMaxPool,
    MaxPool,
)
from symnet.layers.kinds.spatial import Cropping, Resize, Upsample, ZeroPad
from symnet.layers.kinds.transposed import Deconv

__all__ = ["WINDOWS"]


def _short(sizes: tuple[int, ...]) -> tuple[int, ...]:
    """A single size if all axes have the same."""
    return sizes[:1] if len(set(sizes)) == 1 else sizes


def _window(site: Site, kernel: str = "kernel_size") -> dict[str, Any]:
    config = site.config
    if site.rank is not None and len(config.sizes(kernel)) not in (1, site.rank):
        raise site.refused(f"has {len(config.sizes(kernel))} sizes of a window for {site.rank} axes")
    found: dict[str, Any] = {"kernel": _short(config.sizes(kernel)), "padding": config.padding()}
    stride = _short(config.sizes("strides")) if config.get("strides") is not None else None
    if kernel == "pool_size":
        return found | ({} if stride in (None, found["kernel"]) else {"stride": stride})
    dilation = _short(config.sizes("dilation_rate")) if config.get("dilation_rate") is not None else (1,)
    return found | {"stride": stride or (1,), "dilation": dilation}


def _conv(site: Site) -> Tensor:
    bias, groups = site.config.flag("use_bias", True), site.config.number("groups", 1)
    more: dict[str, Any] = {"activation": site.config.function()}
    return site.put(
        Conv, site.config.number("filters"), to=site.image(), groups=groups, bias=bias, **_window(site), **more
    )


def _depthwise(site: Site) -> Tensor:
    bias, multiplier = site.config.flag("use_bias", True), site.config.number("depth_multiplier", 1)
    more: dict[str, Any] = {"activation": site.config.function()}
    return site.put(Depthwise, to=site.image(), multiplier=multiplier, bias=bias, **_window(site), **more)


def _separable(site: Site) -> Tensor:
    bias, multiplier = site.config.flag("use_bias", True), site.config.number("depth_multiplier", 1)
    more: dict[str, Any] = {"activation": site.config.function()}
    filters = site.config.number("filters")
    return site.put(SeparableConv, filters, to=site.image(), multiplier=multiplier, bias=bias, **_window(site), **more)


def _deconv(site: Site) -> Tensor:
    bias = site.config.flag("use_bias", True)
    more: dict[str, Any] = {"activation": site.config.function()}
    if site.config.get("output_padding") is not None:
        more["output_padding"] = _short(site.config.sizes("output_padding"))
        _note_on_tensorflow(site)
    return site.put(Deconv, site.config.number("filters"), to=site.image(), bias=bias, **_window(site), **more)


def _note_on_tensorflow(site: Site) -> None:
    """Notes a difference on the network: for padding='same' Keras's formula of a transposed convolution is (W − 1)·S +
    F − 2⌊F/2⌋ + output_padding, but TensorFlow only computes it if a convolution takes that size back to W, that is
    ⌈output / S⌉ = W.
    """
    config = site.config
    if config.word("padding", "valid") != "same":
        return
    kernel, added = config.sizes("kernel_size"), config.sizes("output_padding")
    strides = config.sizes("strides") if config.get("strides") is not None else (1,)
    dilation = config.sizes("dilation_rate") if config.get("dilation_rate") is not None else (1,)
    for axis in range(max(map(len, (kernel, added, strides, dilation)))):
        extent, more, stride, rate = (sizes[axis % len(sizes)] for sizes in (kernel, added, strides, dilation))
        reach = rate * (extent - 1) + 1
        if not 1 <= reach % 2 + more <= stride:
            site.builder.note(
                f"{site.path}: Keras says these sizes, and its TensorFlow backend refuses to compute them: padding='same' with a "
                f"kernel that reaches over {reach} entries, stride {stride} and output_padding={more}; leave output_padding out"
            )
            return


def _pool(kind: type[Layer]) -> Handler:
    return lambda site: site.put(kind, to=site.image(), **_window(site, "pool_size"))


def _global(kind: type[Layer]) -> Handler:
    return lambda site: site.put(kind, to=site.image(), keepdims=site.config.flag("keepdims", False) or None)


def _adaptive(kind: type[Layer]) -> Handler:
    return lambda site: site.put(kind, _short(site.config.sizes("output_size")), to=site.image())


def _zero_padding(site: Site) -> Tensor:
    return site.put(ZeroPad, site.config.pairs("padding"), to=site.image())


def _cropping(site: Site) -> Tensor:
    return site.put(Cropping, site.config.pairs("cropping"), to=site.image())


def _upsampling(site: Site) -> Tensor:
    mode = site.config.word("interpolation", "nearest")
    return site.put(Upsample, _short(site.config.sizes("size")), to=site.image(), mode=mode)


def _resizing(site: Site) -> Tensor:
    if site.config.flag("pad_to_aspect_ratio", False) and site.config.flag("crop_to_aspect_ratio", False):
        raise Unknown("both crops and pads")
    size = (site.config.number("height"), site.config.number("width"))
    mode = site.config.word("interpolation", "bilinear")
    return site.put(Resize, _short(size), to=site.image(), mode=mode)


def _cut_out(site: Site) -> Tensor:
    """CenterCrop and RandomCrop: smaller inputs are resized first, so the output always has the requested size."""
    return site.put(Resize, _short((site.config.number("height"), site.config.number("width"))), to=site.image())


WINDOWS: dict[str, Handler] = {
    **{f"Conv{rank}D": _conv for rank in (1, 2, 3)},
    **{f"Conv{rank}DTranspose": _deconv for rank in (1, 2, 3)},
    **{f"DepthwiseConv{rank}D": _depthwise for rank in (1, 2)},
    **{f"SeparableConv{rank}D": _separable for rank in (1, 2)},
    **{f"MaxPooling{rank}D": _pool(MaxPool) for rank in (1, 2, 3)},
    **{f"AveragePooling{rank}D": _pool(AvgPool) for rank in (1, 2, 3)},
    **{f"GlobalMaxPooling{rank}D": _global(GlobalMaxPool) for rank in (1, 2, 3)},
    **{f"GlobalAveragePooling{rank}D": _global(GlobalAvgPool) for rank in (1, 2, 3)},
    **{f"AdaptiveMaxPooling{rank}D": _adaptive(AdaptiveMaxPool) for rank in (1, 2, 3)},
    **{f"AdaptiveAveragePooling{rank}D": _adaptive(AdaptiveAvgPool) for rank in (1, 2, 3)},
    **{f"ZeroPadding{rank}D": _zero_padding for rank in (1, 2, 3)},
    **{f"Cropping{rank}D": _cropping for rank in (1, 2, 3)},
    **{f"UpSampling{rank}D": _upsampling for rank in (1, 2, 3)},
    "Resizing": _resizing,
    "CenterCrop": _cut_out,
    "RandomCrop": _cut_out,
}
