"""Models of Keras that put other sizes into the batch and take them out again: windows, frames of a film, heads."""

from __future__ import annotations

from typing import Any

import pytest

from symnet import ModelError, from_keras
from symnet.frontends.keras import read_keras

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]


def windows(k: Any, x: Any) -> Any:
    """Attention within windows of 4 of 12 steps, which stand beside the batch."""
    rows = k.layers.LayerNormalization()(k.ops.reshape(x, (-1, 4, 6)))
    scores = k.ops.softmax(k.ops.matmul(k.layers.Dense(5)(rows), k.ops.transpose(k.layers.Dense(5)(rows), (0, 2, 1))))
    return k.ops.reshape(k.ops.matmul(scores, k.layers.Dense(7)(rows)), (-1, 12, 7))


def frames(k: Any, x: Any) -> Any:
    """Images of a film, each by itself."""
    images = k.ops.reshape(x, (-1, 8, 9, 3))
    images = k.layers.ReLU()(k.layers.BatchNormalization()(k.layers.Conv2D(4, 3, padding="same")(images)))
    pooled = k.layers.GlobalAveragePooling2D()(k.layers.MaxPooling2D()(images))
    return k.ops.reshape(pooled, (-1, 6, 4))


def heads(k: Any, x: Any) -> list[Any]:
    """Heads beside the batch, and taken from it again; the batch doubled."""
    heads = k.ops.reshape(k.ops.transpose(k.ops.reshape(x, (-1, 12, 2, 3)), (0, 2, 1, 3)), (-1, 12, 3))
    scores = k.ops.einsum("bik,bjk->bij", heads, heads)
    return [
        k.ops.reshape(scores, (-1, 2, 12, 12)),
        k.ops.reshape(k.ops.mean(heads, axis=1), (-1, 6)),
        k.ops.reshape(k.ops.tile(x, (2, 1, 1)), (-1, 2, 12, 6)),
        k.ops.einsum("...ik,...jk->...ij", x, x),
    ]


def rows_stay(k: Any, x: Any) -> Any:
    """Windows that the model gives as they are: more rows than the batch has examples."""
    return k.layers.Dense(5)(k.ops.reshape(x, (-1, 4, 6)))


@pytest.mark.parametrize(
    ("make", "sizes"),
    [(windows, (12, 6)), (frames, (6, 8, 9, 3)), (heads, (12, 6)), (rows_stay, (12, 6)), (rows_stay, (None, 6))],
)
def test_what_is_merged_with_the_batch(make: Any, sizes: tuple[int | None, ...], tmp_path: Any) -> None:
    """Every call of a layer gives what Keras's gives, at a batch that nobody chose: the comparison refuses all else."""
    import keras

    x = keras.Input(sizes)
    model = keras.Model(x, make(keras, x))
    network = from_keras(model)
    assert len(network.compared) == (2 if None in sizes else 1)
    assert sum(comparison.layers for comparison in network.compared) >= 2
    assert network.parameters == model.count_params()
    model.save(tmp_path / "model.keras")
    assert read_keras(str(tmp_path / "model.keras")).notation == network.notation


def test_multiply_adds_are_those_of_one_example() -> None:
    """Three windows of four steps: 12 · 6 · 5 products of the dense layer."""
    import keras

    x = keras.Input((12, 6))
    network = from_keras(keras.Model(x, keras.ops.reshape(rows_stay(keras, x), (-1, 12, 5))))
    assert network.multiply_adds == 12 * 6 * 5


@pytest.mark.parametrize(
    ("operation", "named"), [("transpose", {"axes": (1, 0, 2)}), ("mean", {"axis": 0}), ("sum", {"axis": None})]
)
def test_a_tensor_without_the_batch_in_front_is_refused_in_words(operation: str, named: Any) -> None:
    import keras

    x = keras.Input((12, 6))
    model = keras.Model(x, getattr(keras.ops, operation)(x, **named))
    with pytest.raises(ModelError, match="gives a tensor without the batch in front; --opaque"):
        from_keras(model)
