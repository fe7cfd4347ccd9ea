"""Every imported model is made again by Keras itself at sizes that nobody chose, and must give the same."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from symnet import read
from symnet.errors import ModelError
from symnet.frontends.keras import comparison, from_keras, read_keras
from symnet.frontends.keras.arrangement import ARRANGEMENT
from symnet.frontends.keras.copies import foreign_class
from symnet.frontends.keras.table import LAYERS

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def image() -> Any:
    from keras import Input, Model, layers

    x = Input((None, None, 3))
    y = layers.GlobalAveragePooling2D()(layers.MaxPooling2D()(layers.Conv2D(8, 7)(x)))
    return Model(x, layers.Dense(4)(y))


def test_two_copies_at_sizes_and_batches_that_differ_and_one_outside() -> None:
    import keras

    net = from_keras(image())
    first, second = net.compared
    assert net.not_compared is None
    assert first.framework.startswith(f"keras {keras.__version__}")
    assert first.input != second.input
    assert first.batch != second.batch
    assert first.layers == second.layers == 4
    assert first.parameters
    assert net.outside is not None
    assert net.outside.result == "refused"
    assert net.outside.input == ((7, 61, 3),) or net.outside.input[0][0] <= 7
    report = net.report()
    assert "**Compared** with keras" in report
    assert "it refuses the model, too" in report
    data = json.loads(net.report("json"))
    assert data["compared"][0]["input"] == [list(first.input[0])]
    assert data["outside"]["result"] == "refused"


def test_the_model_and_its_surroundings_stay_as_they_are() -> None:
    from keras import layers

    model = image()
    before = [len(layer._inbound_nodes) for layer in model.layers]
    name = layers.Dense(1).name
    state = random.getstate()
    from_keras(model, input=(40, "W", 3))
    assert [len(layer._inbound_nodes) for layer in model.layers] == before
    assert random.getstate() == state
    number = int(name.rpartition("_")[2]) if "_" in name else 0
    assert layers.Dense(1).name == f"dense_{number + 1}"


def test_it_can_be_left_out() -> None:
    net = from_keras(image(), compare=False)
    assert net.compared == ()
    assert net.not_compared == "it was not asked for"


def test_files_are_compared_and_code_in_them_is_not_run(tmp_path: Path) -> None:
    import keras

    path = tmp_path / "image.keras"
    image().save(path)
    assert len(read(path).compared) == 2
    assert len(read_keras(path).compared) == 2

    @keras.saving.register_keras_serializable("mine")
    class Own(keras.layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x

    config = json.loads(json.dumps(keras.saving.serialize_keras_object(keras.Sequential([keras.Input((3,)), Own()]))))
    assert "Own" in str(foreign_class(config))
    double = keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda x: x * 2)])
    assert "Lambda" in str(foreign_class(json.loads(json.dumps(keras.saving.serialize_keras_object(double)))))
    nested = {"module": "keras.layers", "class_name": "Dense", "config": {"units": {"class_name": "x", "module": "os"}}}
    assert foreign_class(nested) == "os.x"
    dense = {"module": "keras.layers", "class_name": "Dense", "config": {}}
    assert foreign_class(dense) is None
    assert foreign_class({**dense, "registered_name": "mine>Dense"}) == "mine>Dense"
    for name in ("Lambda", "TFSMLayer", "TorchModuleWrapper", "TextVectorization", "function", "__lambda__"):
        assert foreign_class({**dense, "class_name": name}) is not None


def test_own_layers_shared_layers_and_models_within() -> None:
    import keras
    from keras import Input, Model, Sequential, layers

    class Every(keras.layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x[:, ::2]

    one = layers.Dense(10)
    x = Input((10,))
    inner = Model(x, one(x))
    for model, opaque in (
        (Sequential([Input((8, 4)), Every(), layers.LSTM(3)]), True),
        (Model(x, inner(one(x))), False),
        (
            Sequential(
                [Input((None, 8, 8, 3)), layers.TimeDistributed(Sequential([Input((8, 8, 3)), layers.Flatten()]))]
            ),
            False,
        ),
    ):
        net = from_keras(model, opaque=opaque)
        assert net.not_compared is None
        assert net.compared[0].parameters
        assert net.compared[0].layers >= 1
    z = Input((10,))  # Keras cannot make this one again: the layer within has calls that it loses
    twice = Model(z, inner(one(z)))
    assert "Keras does not make the model again" in str(from_keras(twice).not_compared)
    assert from_keras(twice).parameters == 110


def test_sizes_that_a_person_gives_are_those_of_the_copy() -> None:
    from keras import Input, Sequential, layers

    model = Sequential([Input((8, 8, 3)), layers.Conv2D(4, 3), layers.PReLU(), layers.Flatten(), layers.Dense(2)])
    net = from_keras(model, input=("H", "W", 3))
    assert len(net.compared) == 2
    assert net.compared[0].input != net.compared[1].input


@pytest.mark.parametrize("wrong", ["MaxPooling2D", "Dense"])
def test_a_disagreement_is_an_error_that_shows_both(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    if wrong == "Dense":
        monkeypatch.setitem(LAYERS, "Dense", lambda site: site.put(type(_dense()), 4, bias=False))
        words = r"^Keras: the model \(functional.*\) has \d+ parameters, and symnet counts \d+"
    else:
        monkeypatch.setitem(LAYERS, "MaxPooling2D", ARRANGEMENT["Flatten"])
        words = r"^Keras: max_pooling2d.* \(keras.layers.MaxPooling2D\): at the input 75×61×3, batch \d+, Keras gives .* and symnet .*"
    from keras import Input, Model, layers

    x = Input((None, None, 3))
    y = layers.MaxPooling2D()(x) if wrong == "MaxPooling2D" else layers.Dense(4)(x)
    with pytest.raises(ModelError, match=words) as raised:
        from_keras(Model(x, y))
    assert "\n" not in str(raised.value)


def _dense() -> Any:
    from symnet.layers.kinds.dense import Dense

    return Dense(4)


def test_large_models_are_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "MOST_CALLS", 2)
    net = from_keras(image())
    assert net.compared == ()
    assert "more than 2 calls" in str(net.not_compared)
