"""Arithmetic restrictions of frameworks: conditions on a layer, its window on each axis and its padding, with their
reasons.
"""

from __future__ import annotations

from collections.abc import Iterator

from symnet.errors import LayerError
from symnet.frameworks.convention import Declared, Window
from symnet.terms.propositions import Eq, Le, Lt, Or, Proposition
from symnet.terms.term import FloorDiv, Max, Term, integer

__all__ = ["below_either", "below_stride", "causal_1d", "half_kernel", "stride_or_dilation", "unit_stride_same"]

ONE, TWO = integer(1), integer(2)


def unit_stride_same(layer: Declared, windows: tuple[Window, ...], mode: str) -> Iterator[tuple[Proposition, str]]:
    """PyTorch, torch/nn/modules/conv.py: padding='same' is not supported for strided convolutions."""
    for window in windows if mode == "same" else ():
        why = "PyTorch has padding='same' for stride 1 only; pad unevenly before it (ZeroPad)"
        yield Eq(window.stride, ONE), why


def half_kernel(layer: Declared, windows: tuple[Window, ...], mode: str) -> Iterator[tuple[Proposition, str]]:
    """PyTorch, aten/src/ATen/native/Pool.h: of the kernel as recorded; newer versions dilate it."""
    for window in windows:
        yield Le(window.before, FloorDiv(window.kernel, TWO)), "PyTorch pads a pool by at most half its kernel"


def stride_or_dilation(layer: Declared, windows: tuple[Window, ...], mode: str) -> Iterator[tuple[Proposition, str]]:
    """Keras, keras/src/layers/convolutional/base_conv.py: `strides > 1` not together with `dilation_rate > 1`."""
    distinct = (dict.fromkeys(sizes) for sizes in zip(*((w.stride, w.dilation) for w in windows), strict=True))
    strides, dilations = (Max(*sizes) if len(sizes) > 1 else next(iter(sizes)) for sizes in distinct)
    yield Or(Le(strides, ONE), Le(dilations, ONE)), "Keras takes a stride or a dilation above 1, not both"


def causal_1d(layer: Declared, windows: tuple[Window, ...], mode: str) -> Iterator[tuple[Proposition, str]]:
    """Keras, keras/src/layers/convolutional/base_conv.py: causal padding is for Conv1D."""
    if mode == "causal" and len(windows) > 1:
        raise LayerError("Keras has padding='causal' for one axis only; pad before it (ZeroPad)")
    yield from ()


def below_stride(layer: Declared, windows: tuple[Window, ...], mode: str) -> Iterator[tuple[Proposition, str]]:
    """Keras, keras/src/layers/convolutional/base_conv_transpose.py: output_padding < strides."""
    for added, window in zip(_added(layer, len(windows)), windows, strict=False):
        yield Lt(added, window.stride), "output_padding must be less than the stride"


def below_either(layer: Declared, windows: tuple[Window, ...], mode: str) -> Iterator[tuple[Proposition, str]]:
    """PyTorch, aten/src/ATen/native/NaiveConvolutionTranspose2d.cpp; ONNX, ConvTranspose: less than either."""
    for added, window in zip(_added(layer, len(windows)), windows, strict=False):
        most = Max(window.stride, window.dilation)
        yield Lt(added, most), "output_padding must be less than the stride or the dilation"


def _added(layer: Declared, axes: int) -> tuple[Term, ...]:
    """The output padding of each axis."""
    given: tuple[Term, ...] = getattr(layer, "output_padding", None) or ()
    return given * axes if len(given) == 1 else given
