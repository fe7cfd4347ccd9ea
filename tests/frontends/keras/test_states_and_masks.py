"""Recurrent layers with masks, with states that they begin with and states that they give; costs count once."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from symnet import from_keras, read
from symnet.errors import ModelError
from symnet.render.checking import checked
from symnet.render.json import report_data

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def embedded(**options: Any) -> tuple[Any, Any]:
    import keras

    x = keras.Input((None,), dtype="int32")
    return x, keras.layers.Embedding(100, 8, **options)(x)


@pytest.mark.parametrize(
    "make",
    [
        lambda layers, e: layers.LSTM(4)(e),
        lambda layers, e: layers.Bidirectional(layers.GRU(4, return_sequences=True))(e),
        lambda layers, e: layers.GlobalAveragePooling1D()(e),
        lambda layers, e: layers.Softmax()(layers.Dense(3)(layers.Add()([e, e]))),
        lambda layers, e: layers.Attention()([e, e]),
        lambda layers, e: layers.MultiHeadAttention(2, 4)(e, e),
        lambda layers, e: layers.TimeDistributed(layers.Dense(3))(e),
        lambda layers, e: layers.BatchNormalization()(layers.Concatenate()([e, e])),
        lambda layers, e: layers.SimpleRNN(3)(layers.Masking()(e)),
        lambda layers, e: layers.RNN(layers.LSTMCell(5))(e),
    ],
)
def test_a_mask_changes_nothing(make: Any, tmp_path: Path) -> None:
    import keras

    found = []
    for mask in (True, False):
        x, e = embedded(mask_zero=mask)
        model = keras.Model(x, make(keras.layers, e))
        net = from_keras(model)
        assert net.not_compared is None
        assert len(net.compared) == 2
        assert net.parameters == model.count_params()
        model.save(tmp_path / "m.keras")
        assert read(tmp_path / "m.keras").parameters == net.parameters
        kinds = [place.layer.kind for place in net.placed[1:] if place.layer is not None]
        found.append((net.output, net.parameters, net.multiply_adds, kinds))
    assert found[0] == found[1]


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "SimpleRNN"])
@pytest.mark.parametrize("every", [True, False])
def test_states_cost_nothing_again(kind: str, every: bool) -> None:
    import keras

    layer = getattr(keras.layers, kind)
    x = keras.Input((5, 8))
    plain = from_keras(keras.Model(x, layer(16, return_sequences=every)(x)))
    for used in (slice(None), slice(1), slice(1, None)):
        outputs = layer(16, return_sequences=every, return_state=True)(x)[used]
        net = from_keras(keras.Model(x, outputs))
        assert net.not_compared is None
        assert (net.parameters, net.multiply_adds) == (plain.parameters, plain.multiply_adds)
        sizes = [[size.constant for size in net.placed[place].output.dims] for place in net.graph.outputs()]
        assert sizes == [list(one.shape[1:]) for one in outputs]


@pytest.mark.parametrize("merge", ["concat", "sum", "mul", "ave", None])
@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_both_directions_and_their_states(merge: str | None, kind: str) -> None:
    import keras

    for every, state in product((True, False), repeat=2):
        x = keras.Input((5, 8))
        inner = getattr(keras.layers, kind)(6, return_sequences=every, return_state=state)
        outputs = keras.layers.Bidirectional(inner, merge_mode=merge)(x)
        outputs = outputs if isinstance(outputs, list | tuple) else [outputs]
        net = from_keras(keras.Model(x, list(outputs)))
        assert net.not_compared is None
        sizes = [[size.constant for size in net.placed[place].output.dims] for place in net.graph.outputs()]
        assert sizes == [list(one.shape[1:]) for one in outputs]


def encoder_decoder() -> Any:
    import keras
    from keras import layers

    x, source = embedded()
    _, hidden, cell = layers.LSTM(16, return_state=True)(source)
    y, target = embedded(mask_zero=True)
    found, _, _ = layers.LSTM(16, return_sequences=True, return_state=True)(target, initial_state=[hidden, cell])
    return keras.Model([x, y], layers.Dense(50)(found))


def test_an_encoder_and_a_decoder_that_begins_with_its_states(tmp_path: Path) -> None:
    model = encoder_decoder()
    net = from_keras(model)
    assert net.parameters == model.count_params() == 5650
    assert len(net.compared) == 2
    assert str(net.multiply_adds) == "1536*T + 2336*T2"
    assert "begins with a state" in net.notes[0]
    data = json.loads(json.dumps(report_data(net)))
    assert "compared" in checked(data).not_looked_at
    assert [one["name"] for one in data["outputs"]] == ["dense"] or data["outputs"][0]["name"].startswith("dense")
    model.save(tmp_path / "m.keras")
    assert read(tmp_path / "m.keras").parameters == 5650


def test_what_tensorflow_refuses_to_compute_is_noted() -> None:
    import keras
    import numpy as np
    from keras import layers

    if keras.backend.backend() != "tensorflow":
        return
    seen = set()
    for kernel, stride, added, rate in product((1, 2, 3, 4), (1, 2, 3), (None, 0, 1), (1, 2)):
        if (added or 0) >= stride or (stride > 1 and rate > 1):
            continue
        layer = layers.Conv1DTranspose(2, kernel, stride, "same", output_padding=added, dilation_rate=rate)
        model = keras.Sequential([keras.Input((5, 2)), layer])
        try:
            model(np.zeros((1, 5, 2), "float32"))
            runs = True
        except Exception:  # noqa: BLE001
            runs = False
        assert bool(from_keras(model, compare=False).notes) is not runs, (kernel, stride, added, rate)
        seen.add(runs)
    assert seen == {True, False}


def test_a_file_with_a_layer_of_an_own_class(tmp_path: Path) -> None:
    import keras
    from keras import Input, Model, Sequential, layers

    @keras.saving.register_keras_serializable("mine")
    class Scale(layers.Layer):  # type: ignore[misc]
        def build(self, shape: Any) -> None:
            self.kernel = self.add_weight(shape=(shape[-1], 3))
            self.inner = layers.Dense(3)
            self.inner.build(shape)
            super().build(shape)

        def call(self, x: Any) -> Any:
            return x @ self.kernel

    x = Input((8,))
    within = Sequential([Input((2,)), Scale(), layers.Dense(3)])
    model = Model(x, within(layers.Dense(2)(Scale()(layers.Dense(4)(x)))))
    path = tmp_path / "own.keras"
    model.save(path)
    with pytest.raises(ModelError, match=r"--opaque .* from the file, as an assumption"):
        read(path)
    for net in (read(path, opaque=True), from_keras(path, opaque=True), from_keras(str(path), opaque=True)):
        assert net.parameters == model.count_params()
        assert "only classes of Keras are made from a file" in str(net.not_compared)
    Sequential([Input((8,)), layers.Dense(4), Scale()]).save(path)
    with pytest.raises(ModelError, match="the file does not say what it gives"):
        read(path, opaque=True)
