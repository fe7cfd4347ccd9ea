"""What a model of Keras says of its training: the objective against Keras's own ``model.losses``, and compiled losses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from symnet import Network, from_keras
from symnet.facts.objective import Objective, objective
from symnet.frontends.keras import read_keras
from tests.frontends.keras.regularized import penalty_value, random_model

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]


def _objectives(model: Any, path: Path) -> list[Objective]:
    """Live, from the saved file, and from the notation of either."""
    model.save(path / "model.keras")
    networks = [from_keras(model), read_keras(path / "model.keras")]
    return [objective(network.placed) for network in (*networks, Network.parse(networks[0].notation))]


def _penalties_of(seeds: range, path: Path) -> None:
    import keras
    import numpy as np

    for seed in seeds:
        model = random_model(seed)
        draw = np.random.default_rng(seed)
        inputs = [
            draw.integers(0, 9, (3, 5)) if one.dtype == "int32" else draw.normal(size=(3, *one.shape[1:])).astype("f")
            for one in model.inputs
        ]
        model(inputs if len(inputs) > 1 else inputs[0], training=False)
        wanted = sum(map(float, model.losses))
        if not np.isfinite(wanted):  # a random model that divides by zero
            continue
        live, saved, again = _objectives(model, path)
        assert not live.unknown, seed
        assert penalty_value(live, model, inputs) == pytest.approx(wanted, rel=1e-4, abs=1e-6), seed
        loaded = keras.models.load_model(path / "model.keras")
        stays = len(loaded.trainable_weights) == len(model.trainable_weights)  # Keras forgets that attention is frozen
        for other in (saved, again) if stays else (again,):
            assert [_plain(one) for one in (*other.penalties, *other.activity)] == [
                _plain(one) for one in (*live.penalties, *live.activity)
            ], seed


def _plain(one: Any) -> tuple[Any, ...]:
    return one.node.name, one.weight and one.weight.name, one.rate, one.power


def test_the_penalties_are_those_of_keras(tmp_path: Path) -> None:
    _penalties_of(range(1000, 1012), tmp_path)
    _penalties_of(range(217, 218), tmp_path)  # attention in a frozen model, which its file does not freeze


@pytest.mark.long
def test_the_penalties_of_300_models_are_those_of_keras(tmp_path: Path) -> None:
    _penalties_of(range(300), tmp_path)


def _composed() -> dict[str, Any]:
    from keras import layers as L

    cells = lambda: L.StackedRNNCells([L.LSTMCell(2), L.GRUCell(2)])  # noqa: E731
    return {
        "attention": lambda **flag: L.MultiHeadAttention(2, 3, **flag),
        "both directions": lambda **flag: L.Bidirectional(L.LSTM(2), **flag),
        "normalized": lambda **flag: L.SpectralNormalization(L.Conv1D(2, 1), **flag),
        "cells": lambda **flag: L.RNN(cells(), **flag),
        "steps": lambda **flag: L.TimeDistributed(L.Dense(2), **flag),
        "plain": lambda **flag: L.LSTM(2, **flag),
    }


@pytest.mark.parametrize("how", ["made frozen", "frozen later", "in a frozen model"])
def test_what_is_trained_of_frozen_layers_is_what_keras_trains(how: str, tmp_path: Path) -> None:
    """Keras does not pass the flag that a layer is made with to its inner layers, and forgets some when it loads a file."""
    import keras
    import numpy as np

    def trained(model: Any) -> int:
        return sum(int(np.prod(one.shape)) for one in model.trainable_weights)

    for name, make in _composed().items():
        x = keras.Input((5, 3))
        layer = make(**({"trainable": False} if how == "made frozen" else {}))
        model = keras.Model(x, layer(x, x) if name == "attention" else layer(x))
        if how != "made frozen":
            (layer if how == "frozen later" else model).trainable = False
        model.save(tmp_path / "model.keras")
        assert from_keras(model).trainable == trained(model), name
        assert read_keras(tmp_path / "model.keras").trainable == trained(
            keras.models.load_model(tmp_path / "model.keras")
        ), name


def test_what_is_not_understood_is_named(tmp_path: Path) -> None:
    import keras
    from keras import layers as L

    @keras.saving.register_keras_serializable()
    class Mine(keras.regularizers.Regularizer):
        def __call__(self, x: Any) -> Any:
            return keras.ops.sum(x)

        def get_config(self) -> dict[str, Any]:
            return {}

    x = keras.Input((4,))
    y = L.Dense(3, kernel_regularizer=keras.regularizers.OrthogonalRegularizer(0.1), bias_regularizer=Mine(), name="d")(
        x
    )
    z = L.Dense(3, kernel_regularizer="l2", activity_regularizer=Mine(), trainable=False, name="frozen")(y)
    model = keras.Model(x, z)
    for found in _objectives(model, tmp_path):
        assert [(one.node.name, one.array) for one in found.unknown] == [
            ("d", "kernel"), ("d", "bias"), ("frozen", "output"),
        ]  # fmt: skip
        assert "OrthogonalRegularizer on kernel" in found.unknown[0].says
        assert found.penalties == ()
    text = from_keras(model).report("text")
    assert "The objective is" not in text
    assert "Not understood: d: OrthogonalRegularizer on kernel" in text


def _two_heads() -> Any:
    import keras
    from keras import layers as L

    x = keras.Input((4,))
    body = L.Dense(8, activation="relu")(x)
    return keras.Model(x, [L.Dense(1, name="price")(body), L.Dense(3, activation="softmax", name="kind")(body)])


def _losses(found: Objective) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(one.node.name, one.term.name, str(one.term.weight), one.term.options) for one in found.losses]


def _compiled() -> list[tuple[dict[str, Any], list[tuple[str, str, str, tuple[str, ...]]]]]:
    import keras

    def mine(y: Any, p: Any) -> Any:
        return keras.ops.mean(y - p)

    mse, cat = ("price", "mean_squared_error", "1", ()), ("kind", "categorical_crossentropy", "1", ())
    smoothed = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    return [
        ({"loss": ["mse", "categorical_crossentropy"]}, [mse, cat]),
        ({"loss": {"kind": "categorical_crossentropy", "price": "mse"}}, [mse, cat]),
        ({"loss": ["mse", smoothed], "loss_weights": [0.25, 1.0]}, [
            ("price", "mean_squared_error", "1/4", ()),
            ("kind", "categorical_crossentropy", "1", ("label_smoothing=0.1",))]),
        ({"loss": {"price": "mae", "kind": keras.losses.KLDivergence()}, "loss_weights": {"price": 2, "kind": 0.5}}, [
            ("price", "mean_absolute_error", "2", ()), ("kind", "kl_divergence", "1/2", ())]),
        ({"loss": "mse"}, [mse, ("kind", "mean_squared_error", "1", ())]),
        ({"loss": [None, "categorical_crossentropy"]}, [cat]),
        ({"loss": [mine, keras.losses.categorical_crossentropy]}, [("price", "own.mine", "1", ()), cat]),
        ({"loss": None}, []),
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(8))
def test_the_losses_of_two_heads(number: int, tmp_path: Path) -> None:
    how, wanted = _compiled()[number]
    model = _two_heads()
    model.compile("sgd", **how)
    for found in _objectives(model, tmp_path):
        assert _losses(found) == wanted
    text = " ".join(from_keras(model).report("text").split())
    assert all(name.removeprefix("own.") in text for _, name, _, _ in wanted)
    assert ("The objective is the loss, " in text) == bool(wanted)


def test_a_loss_on_the_model_s_own_input_is_named(tmp_path: Path) -> None:
    import keras

    x = keras.Input((4,), name="given")
    model = keras.Model(x, [x, keras.layers.Dense(3)(x)])
    model.compile(loss=["mse", "mae"])
    model.save(tmp_path / "model.keras")
    for network in (from_keras(model), read_keras(tmp_path / "model.keras")):
        (note,) = network.notes
        assert note.startswith(
            "the loss mean_squared_error on the output given is left out: that is the model's own input"
        )


def test_the_loss_of_one_output(tmp_path: Path) -> None:
    import keras
    from keras import layers as L

    model = keras.Sequential([keras.Input((4,)), L.Dense(3, kernel_regularizer="l2", name="out")])
    model.compile("sgd", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for found in _objectives(model, tmp_path):
        assert _losses(found) == [("out", "sparse_categorical_crossentropy", "1", ("from_logits=True",))]
    text = " ".join(from_keras(model).report("text").split())
    assert "The objective is L + P, where L is sparse_categorical_crossentropy (from_logits=True)" in text
    assert "goes with a softmax" not in text
