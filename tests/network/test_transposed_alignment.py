"""Transposed convolutions of Keras and PyTorch with the same weights give the same values exactly where compare calls them aligned."""

from __future__ import annotations

import pytest

from symnet import Network, SymnetError
from symnet.network.alignment import alignment

WIDTH = 6


@pytest.mark.parametrize(("size", "padding", "extra", "shift"), [
    ("4|2|same", 1, 0, 0),
    ("3|2|same", 1, 1, -1),  # TensorFlow crops after the end, PyTorch before the start
    ("2|2|same", 0, 0, 0),
    ("5|3|same", 1, 0, 0),
])  # fmt: skip
def test_shifts(size: str, padding: int, extra: int, shift: int) -> None:
    keras = Network.parse(f"(3*{WIDTH}) -> Deconv|8|{size}")
    torch = Network.parse(f"(3*{WIDTH}) -> Deconv|8|{size.removesuffix('|same')}|{padding}|output_padding={extra}")
    assert keras.output == torch.output
    found = alignment(keras, torch)
    assert (found.aligned, [one.shift for one in found.shifts]) == (shift == 0, [shift] if shift else [])


@pytest.mark.frameworks
@pytest.mark.filterwarnings("ignore")  # of TensorFlow
@pytest.mark.parametrize(
    ("kernel", "stride"), [(1, 1), (3, 1), (5, 1), *((kernel, stride) for kernel in range(1, 6) for stride in (2, 3))]
)
def test_they_are_aligned_where_the_values_are_equal(kernel: int, stride: int) -> None:
    import keras
    import numpy as np
    import torch

    layer = keras.layers.Conv1DTranspose(1, kernel, strides=stride, padding="same", use_bias=False)
    layer.build((None, WIDTH, 1))
    weights = np.arange(1.0, kernel + 1, dtype="float32")
    layer.set_weights([weights.reshape(kernel, 1, 1)])
    entries = np.arange(1.0, WIDTH + 1, dtype="float32") ** 2
    values = np.asarray(layer(entries.reshape(1, WIDTH, 1))).ravel()
    ours = Network.parse(f"(1*{WIDTH}) -> Deconv|1|{kernel}|{stride}|same|framework=keras")
    compared = 0
    for padding in range(kernel):
        for extra in range(stride):
            other = torch.nn.ConvTranspose1d(1, 1, kernel, stride, padding, extra, bias=False)
            other.weight.data = torch.tensor(weights.reshape(1, 1, kernel))
            theirs = other(torch.tensor(entries.reshape(1, 1, WIDTH))).detach().numpy().ravel()
            if theirs.shape != values.shape:
                continue
            try:
                network = Network.parse(f"(1*{WIDTH}) -> Deconv|1|{kernel}|{stride}|{padding}|output_padding={extra}")
            except SymnetError:
                continue
            compared += 1
            assert alignment(ours, network).aligned is bool(np.allclose(values, theirs)), (padding, extra)
    assert compared
