"""EinsumDense, categories and masks: live, and from files of each kind, with the outputs and parameters of Keras."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import symnet
from symnet import from_keras
from symnet.errors import ModelError
from tests.frontends.keras.cases import Case, build, one

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

STEPS = (((7, 3),), ((9, 3),))
NUMBERS = (((8,),), ((5,),))


def _twice(keras: Any, x: Any) -> Any:
    layer = keras.layers.EinsumDense("abc,cd->abd", output_shape=(None, 3), bias_axes="d")
    return layer(layer(x))


def _frozen(keras: Any, x: Any) -> Any:
    layer = keras.layers.EinsumDense("abc,cd->abd", output_shape=(None, 4), bias_axes="d")
    layer.trainable = False
    return layer(x)


def _masked(keras: Any, x: Any) -> Any:
    return keras.layers.LSTM(4)(keras.layers.Embedding(100, 8, mask_zero=True)(x))


CASES = [
    one("EinsumDense", "abc,cd->abd", output_shape=(None, 6), bias_axes="d", activation="relu", on=STEPS),
    one("EinsumDense", "abc,cd->abd", output_shape=(7, 6), bias_axes="bd", on=(STEPS[0], STEPS[0])),
    one("EinsumDense", "...x,xy->...y", output_shape=6, bias_axes="y", on=STEPS),
    one("EinsumDense", "ab...,bd->ad...", output_shape=5, on=(((7, 3),), ((7, 4),))),
    one("EinsumDense", "abc,cde->abde", output_shape=(None, 2, 5), bias_axes="de", on=STEPS),
    one("EinsumDense", "abc,bd->adc", output_shape=(5, 3), on=(STEPS[0], STEPS[0])),
    Case("one layer twice", *STEPS, _twice),
    Case("a frozen layer", *STEPS, _frozen),
    one("CategoryEncoding", 7, "multi_hot", on=NUMBERS),
    one("CategoryEncoding", 7, "count", on=(((4, 8),), ((3, 5),))),
    one("CategoryEncoding", 7, "one_hot", on=NUMBERS),
    one("CategoryEncoding", 7, "one_hot", on=(((1,),), ((4, 1),))),
    one("Discretization", [0.0, 1.0], on=NUMBERS),
    one("Discretization", [0.0, 1.0], output_mode="one_hot", on=NUMBERS),
    one("Hashing", 7, on=NUMBERS),
    Case("masks", ((9,),), ((7,),), _masked),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_layer_is_read_live_and_from_files(case: Case, tmp_path: Path) -> None:
    for sizes in (case.inputs, case.others):
        model = build(case, sizes)
        network = from_keras(model)
        assert network.compared
        for ours, theirs in zip(network.output, model.output_shape[1:], strict=True):
            assert theirs in (None, ours)
        assert network.parameters == model.count_params()
        assert network.trainable == sum(int(weight.shape.num_elements()) for weight in model.trainable_variables)
    (tmp_path / "m.json").write_text(model.to_json())
    model.save(tmp_path / "m.keras")
    model.save(tmp_path / "m.h5")
    for ending in ("json", "keras", "h5"):
        found = symnet.read(tmp_path / f"m.{ending}", compare=False)
        assert (found.output, found.parameters) == (network.output, network.parameters)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (
            {"equation": "abc,cd->abd", "output_shape": (None, 6), "kernel_regularizer": "l2"},
            "has a kernel_regularizer",
        ),
        ({"equation": "abc,cd->abd", "output_shape": (None, 6), "lora_rank": 2}, "has adapters beside its kernel"),
    ],
)
def test_what_adds_to_the_objective_or_to_the_weights_is_refused(named: dict[str, Any], words: str) -> None:
    model = build(one("EinsumDense", **named), STEPS[0])
    with pytest.raises(ModelError, match=words):
        from_keras(model)


@pytest.mark.parametrize(
    ("part", "changed", "words"),
    [
        ("equation", "abc,cd", "is no product of an input with a kernel"),
        ("equation", "abc,ce->abd", "does not say the size e of its kernel"),
        ("equation", "abc,ad->abcd", "batch"),
        ("output_shape", [None, 0], "has the output_shape"),
        ("bias_axes", "z", "has a bias along z"),
    ],
)
def test_broken_equations_are_refused_in_a_line(part: str, changed: Any, words: str, tmp_path: Path) -> None:
    model = build(one("EinsumDense", "abc,cd->abd", output_shape=(None, 6), bias_axes="d"), STEPS[0])
    data = json.loads(model.to_json())
    layer = next(layer for layer in data["config"]["layers"] if layer["class_name"] == "EinsumDense")
    layer["config"][part] = changed
    (tmp_path / "m.json").write_text(json.dumps(data))
    with pytest.raises(ModelError, match=words) as refused:
        symnet.read(tmp_path / "m.json", compare=False)
    assert "\n" not in str(refused.value)
