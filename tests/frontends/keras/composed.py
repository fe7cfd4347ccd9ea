"""Small models of layers within layers and of operations: sequences, attention, wrappers, keras.ops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.frontends.keras.cases import IMAGE, OTHER, ROW, ROW_OTHER, ROWS, SAME_ROWS, TWO_ROWS, VECTORS, Case, one

__all__ = ["COMPOSED"]


def _call(name: str, on: tuple[Any, Any], make: Callable[..., Any]) -> Case:
    return Case(name, *on, make)


_SEQUENCES = [
    *(
        one(cell, 7, return_sequences=every, on=ROWS)
        for cell in ("SimpleRNN", "GRU", "LSTM")
        for every in (False, True)
    ),
    one("LSTM", 7, use_bias=False, go_backwards=True, on=ROWS),
    _call(
        "shapes: LSTM along the channels of a convolution",
        (ROW, ROW),
        lambda k, x: k.layers.LSTM(7)(k.layers.Conv1D(6, 3, data_format="channels_first")(x)),
    ),
    _call(
        "shapes: MultiHeadAttention along the channels of a convolution",
        (ROW, ROW),
        lambda k, x: k.layers.MultiHeadAttention(2, 4)(*[k.layers.Conv1D(6, 3, data_format="channels_first")(x)] * 2),
    ),
    one("GRU", 7, reset_after=False, on=ROWS),
    _call(
        "LSTM with its states",
        (ROW, ROW_OTHER),
        lambda k, x: list(k.layers.LSTM(7, return_state=True, return_sequences=True)(x)),
    ),
    _call("GRU with its state", (ROW, ROW_OTHER), lambda k, x: k.layers.GRU(7, return_state=True)(x)[1]),
    *(
        _call(
            f"Bidirectional {cell} {merge}",
            ROWS,
            lambda k, x, cell=cell, merge=merge: k.layers.Bidirectional(
                getattr(k.layers, cell)(5, return_sequences=merge == "sum"), merge_mode=merge
            )(x),
        )
        for cell in ("SimpleRNN", "GRU", "LSTM")
        for merge in ("concat", "sum")
    ),
    one("ConvLSTM1D", 5, 3, on=(((4, 9, 3),), ((6, 12, 3),))),
    one("ConvLSTM2D", 5, (3, 2), strides=2, on=(((4, 9, 8, 3),), ((6, 12, 7, 3),))),
    one(
        "ConvLSTM2D",
        5,
        3,
        padding="same",
        return_sequences=True,
        use_bias=False,
        on=(((4, 9, 8, 3),), ((6, 12, 7, 3),)),
    ),
    _call("RNN of two", ROWS, lambda k, x: k.layers.RNN([k.layers.LSTMCell(5), k.layers.GRUCell(4)])(x)),
    _call("RNN of a cell", ROWS, lambda k, x: k.layers.RNN(k.layers.GRUCell(5), return_sequences=True)(x)),
    _call("self-attention", ROWS, lambda k, x: k.layers.MultiHeadAttention(2, 4)(x, x)),
    _call(
        "self-attention with sizes",
        ROWS,
        lambda k, x: k.layers.MultiHeadAttention(2, 4, value_dim=3, use_bias=False, output_shape=9)(x, x),
    ),
    _call(
        "cross-attention",
        (((5, 6), (8, 10)), ((7, 6), (3, 10))),
        lambda k, x, y: k.layers.MultiHeadAttention(2, 4)(x, y),
    ),
    _call(
        "cross-attention with a key",
        (((5, 6), (8, 10), (8, 3)), ((7, 6), (3, 10), (3, 3))),
        lambda k, x, y, z: k.layers.MultiHeadAttention(2, 4, value_dim=5)(x, y, key=z),
    ),
    _call("grouped queries", ROWS, lambda k, x: k.layers.GroupQueryAttention(4, 6, 3)(x, x)),
    _call("Attention", TWO_ROWS, lambda k, x, y: k.layers.Attention()([x, y])),
    _call(
        "Attention with a scale",
        TWO_ROWS,
        lambda k, x, y: k.layers.Attention(use_scale=True, score_mode="concat")([x, y]),
    ),
    _call("AdditiveAttention", TWO_ROWS, lambda k, x, y: k.layers.AdditiveAttention()([x, y])),
    _call(
        "SpectralNormalization", (IMAGE, OTHER), lambda k, x: k.layers.SpectralNormalization(k.layers.Conv2D(5, 3))(x)
    ),
    _call("SpectralNormalization of Dense", VECTORS, lambda k, x: k.layers.SpectralNormalization(k.layers.Dense(5))(x)),
    _call("TimeDistributed Dense", ROWS, lambda k, x: k.layers.TimeDistributed(k.layers.Dense(5))(x)),
    _call(
        "TimeDistributed Conv2D",
        (((4, 9, 8, 3),), ((5, 7, 10, 3),)),
        lambda k, x: k.layers.TimeDistributed(k.layers.Conv2D(5, 3, strides=2, padding="same"))(x),
    ),
    _call(
        "TimeDistributed pool and flatten",
        (((4, 9, 8, 3),), ((5, 7, 10, 3),)),
        lambda k, x: k.layers.TimeDistributed(k.layers.Flatten())(
            k.layers.TimeDistributed(k.layers.MaxPooling2D((3, 2)))(x)
        ),
    ),
    _call(
        "TimeDistributed model",
        (((4, 9, 8, 3),), ((5, 7, 10, 3),)),
        lambda k, x: k.layers.TimeDistributed(
            k.Sequential(
                [
                    k.layers.Conv2D(4, 3),
                    k.layers.BatchNormalization(),
                    k.layers.ReLU(),
                    k.layers.GlobalAveragePooling2D(),
                    k.layers.Dense(3),
                ]
            )
        )(x),
    ),
]


_OPERATIONS = [
    _call("arithmetic", SAME_ROWS, lambda k, x, y: 2 - (x + y) * 0.5 / 3 - x / y + k.ops.maximum(x, 0.0)),
    _call("functions", ROWS, lambda k, x: k.ops.relu6(k.ops.softmax(k.ops.gelu(x)))),
    _call(
        "reductions",
        (IMAGE, OTHER),
        lambda k, x: [k.ops.mean(x, axis=(1, 2)), k.ops.max(x, axis=-1, keepdims=True), k.ops.std(x, axis=1)],
    ),
    _call("items", (IMAGE, OTHER), lambda k, x: [x[:, 1:-1, ::2], x[:, 0], x[..., -1], x[:, :, 3, None], x[:, ::-1]]),
    _call(
        "shapes",
        (((12, 6),), ((12, 6),)),
        lambda k, x: [
            k.ops.reshape(x, (-1, 72)),
            k.ops.transpose(x, (0, 2, 1)),
            k.ops.expand_dims(x, -1),
            k.ops.squeeze(k.ops.expand_dims(x, 1), 1),
        ],
    ),
    _call("splits", (IMAGE, OTHER), lambda k, x: [*k.ops.split(x, 3, axis=-1)[1:], k.ops.split(x, [2, 5], axis=2)[2]]),
    _call("joins", SAME_ROWS, lambda k, x, y: [k.ops.concatenate([x, y], axis=1), k.ops.stack([x, y], axis=1)]),
    _call("pads", (IMAGE, OTHER), lambda k, x: k.ops.pad(x, [[0, 0], [1, 2], [0, 3], [0, 0]])),
    _call("matmul", (((5, 6), (6, 7)), ((4, 8), (8, 3))), lambda k, x, y: k.ops.matmul(x, y)),
    _call("einsum", (((5, 6), (7, 6)), ((4, 8), (3, 8))), lambda k, x, y: k.ops.einsum("bik,bjk->bij", x, y)),
    _call("tile", (IMAGE, OTHER), lambda k, x: k.ops.tile(x, (1, 2, 1, 3))),
    _call("resize", (IMAGE, OTHER), lambda k, x: k.ops.image.resize(x, (5, 7))),
]

COMPOSED = (*_SEQUENCES, *_OPERATIONS)
