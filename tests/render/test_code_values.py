"""Random networks written in both frameworks, run with the same weights: sizes, trained parameters and values agree, or a comment
says what differs.
"""

from __future__ import annotations

import os
import random
import warnings
from datetime import datetime, timezone

import pytest

from tests.render.both_frameworks import drawn, values_apart

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

WHOLE = 600
#: A tenth of them each day of the month, so that all are tried in ten days.
TODAY = range(datetime.now(timezone.utc).day % 10, WHOLE, 10)


@pytest.mark.parametrize("seed", TODAY)
def test_a_part_of_them(seed: int) -> None:
    text = drawn(random.Random(seed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not values_apart(text, seed), text


@pytest.mark.long
def test_all_of_them() -> None:
    """Most are written in both frameworks; in those that are, nothing differs."""
    found = {}
    for seed in range(WHOLE):
        text = drawn(random.Random(seed))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found[seed, text] = values_apart(text, seed)
    assert not {key: why for key, why in found.items() if why}
    assert sum(why is not None for why in found.values()) > WHOLE * 3 // 4


CASES = [
    # what a framework takes for granted is written out
    '4x7x9 -> LeakyReLU|name="l1"', '4x7x9 -> BN|name="l1"', '4x7x9 -> BN|framework=keras|name="l1"', '4x7x9 -> GroupNorm|2|name="l1"',
    '4x7x9 -> InstanceNorm|affine=yes|name="l1"', 'HWC:7x9x4 -> InstanceNorm|affine=yes|name="l1"', '4x7x9 -> RMSNorm|name="l1"',
    'HWC:7x9x4 -> LayerNorm|framework=keras|name="l1"',
    # padding
    '4x7x9 -> Maxpool|3|2|same|name="l1"', '4x7x9 -> Maxpool|3|2|1|name="l1"', 'HWC:7x9x4 -> Maxpool|3|2|1|name="l1"',
    '4x7x9 -> Avgpool|3|2|same|name="l1"', '4x7x9 -> Avgpool|3|2|1|name="l1"', '4x7x9 -> Avgpool|3|2|1|framework=onnx|name="l1"',
    '4x7x9 -> Maxpool|3|padding=0|framework=onnx|name="l1"', '4x7x9 -> Maxpool|3|2|(0, 1)|name="l1"',
    'HWC:7x9x4 -> Deconv|3|3|2|same|name="l1"', 'HWC:7x9x4 -> Deconv|3|2|3|same|name="l1"', 'HWC:7x9x4 -> Deconv|3|4|2|same|name="l1"',
    'HWC:7x9x4 -> Deconv|3|3|2|1|name="l1"', 'HWC:7x9x4 -> Deconv|3|3|2|(0, 1)|name="l1"', 'HWC:9x4 -> Conv|3|3|1|causal|name="l1"',
    # vectors
    '8 -> GroupNorm|2|name="l1"', '8 -> SE|2|name="l1"', '8 -> LayerNorm|name="l1"', '8 -> PReLU|name="l1"', '8 -> Softmax2d|name="l1"',
    # what was refused and need not be
    '4x7x9 -> LogSoftmax|axis=1|name="l1"', '4x7x9 -> PReLU|shared_axes=2|name="l1"', 'HWC:7x9x4 -> PReLU|shared_axes=2|name="l1"',
    '4x7x9 -> ArgMax|1|name="l1"', '8x3x4 -> PixelShuffle|2|name="l1"', 'HWC:3x4x8 -> PixelShuffle|2|name="l1"',
    'HWC:4x6x3 -> PixelUnshuffle|2|name="l1"', '8x4x6 -> PixelUnshuffle|2|name="l1"', 'HWC:3x4x8 -> ChannelShuffle|2|name="l1"',
    '(5, 6) -> LSTM|4|name="l1"', '(5, 6) -> RNN|4|return_sequences=yes|name="l1"', '(5, 6) -> LSTM|4|bidirectional=yes|name="l1"',
    # what is not trained
    '(5, 6) -> LSTM|4|bidirectional=yes|frozen=yes|name="l1"', '(5, 6) -> MultiHeadAttention|2|frozen=yes|name="l1"',
    '4x7x9 -> Conv|3|3|freezes="bias"|name="l1"', '4x7x9 -> BN|freezes="gamma"|name="l1"', '(5, 6) -> GRU|4|freezes="kernel"|name="l1"',
    'HWC:7x9x4 -> SE|2|frozen=yes|name="l1"',
]  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_values_agree(text: str) -> None:
    """Each is written in both frameworks."""
    assert values_apart(text, 5) == ""
