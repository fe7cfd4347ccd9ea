"""Refusals of frameworks that are arithmetic: what must hold of a layer, its window on each axis and its padding."""

from __future__ import annotations

from collections.abc import Iterator

from symnet.errors import LayerError
from symnet.layers.base import Condition, Layer, per_axis
from symnet.layers.fields import Sizes
from symnet.layers.padding import CAUSAL, SAME
from symnet.layers.window import Window
from symnet.terms.propositions import Eq, Le, Lt, Or
from symnet.terms.term import FloorDiv, Max, integer

__all__ = ["below_either", "below_stride", "causal_1d", "half_kernel", "stride_or_dilation", "unit_stride_same"]

ONE, TWO = integer(1), integer(2)


def unit_stride_same(layer: Layer, windows: tuple[Window, ...], mode: str) -> Iterator[Condition]:
    """PyTorch, torch/nn/modules/conv.py: padding='same' is not supported for strided convolutions."""
    for window in windows if mode == SAME else ():
        why = "PyTorch has padding='same' for stride 1 only; pad unevenly before it (ZeroPad)"
        yield Condition(Eq(window.stride, ONE), why)


def half_kernel(layer: Layer, windows: tuple[Window, ...], mode: str) -> Iterator[Condition]:
    """PyTorch, aten/src/ATen/native/Pool.h: of the kernel as recorded; newer versions dilate it."""
    for window in windows:
        yield Condition(
            Le(window.before, FloorDiv(window.kernel, TWO)), "PyTorch pads a pool by at most half its kernel"
        )


def stride_or_dilation(layer: Layer, windows: tuple[Window, ...], mode: str) -> Iterator[Condition]:
    """Keras, keras/src/layers/convolutional/base_conv.py: `strides > 1` not together with `dilation_rate > 1`."""
    strides, dilations = (Max(*sizes) for sizes in zip(*((w.stride, w.dilation) for w in windows), strict=True))
    yield Condition(Or(Le(strides, ONE), Le(dilations, ONE)), "Keras takes a stride or a dilation above 1, not both")


def causal_1d(layer: Layer, windows: tuple[Window, ...], mode: str) -> Iterator[Condition]:
    """Keras, keras/src/layers/convolutional/base_conv.py: causal padding is for Conv1D."""
    if mode == CAUSAL and len(windows) > 1:
        raise LayerError("Keras has padding='causal' for one axis only; pad before it (ZeroPad)")
    yield from ()


def below_stride(layer: Layer, windows: tuple[Window, ...], mode: str) -> Iterator[Condition]:
    """Keras, keras/src/layers/convolutional/base_conv_transpose.py: output_padding < strides."""
    for added, window in zip(_added(layer, len(windows)), windows, strict=False):
        yield Condition(Lt(added, window.stride), "output_padding must be less than the stride")


def below_either(layer: Layer, windows: tuple[Window, ...], mode: str) -> Iterator[Condition]:
    """PyTorch, aten/src/ATen/native/NaiveConvolutionTranspose2d.cpp; ONNX, ConvTranspose: less than either."""
    for added, window in zip(_added(layer, len(windows)), windows, strict=False):
        most = Max(window.stride, window.dilation)
        yield Condition(Lt(added, most), "output_padding must be less than the stride or the dilation")


def _added(layer: Layer, axes: int) -> Sizes:
    given: Sizes | None = getattr(layer, "output_padding", None)
    return () if given is None else per_axis(given, axes, "output_padding")
