"""``.keras`` files without Keras: configurations written by hand, files that are none, and models that are no honest ones."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symnet import ModelError
from symnet.cli import main
from symnet.frontends.keras import archive, read_keras
from symnet.notation.parse import parse_network
from tests.frontends.keras.written import IMAGE, NO_LAYER, ROW, functional, layer, sequential, tensor

Save = Callable[[Any], str]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write a configuration as a file."""

    def write(config: Any, name: str = "config.json") -> str:
        path = tmp_path / "model.keras"
        with zipfile.ZipFile(path, "w") as file:
            file.writestr(name, config if isinstance(config, str | bytes) else json.dumps(config))
        return str(path)

    return write


def refused(path: str, **options: Any) -> str:
    """The one line that a file is refused with."""
    with pytest.raises(ModelError) as error:
        read_keras(path, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_file_needs_no_keras(save: Save) -> None:
    conv = {"filters": 4, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "activation": "relu"}
    model = sequential(
        IMAGE, layer("Conv2D", "conv", **conv), layer("Flatten", "flat"), layer("Dense", "head", units=2)
    )
    network = read_keras(save(model))
    assert network.output == (2,)
    assert network.parameters == 112 + 514
    assert [place.name for place in network.placed] == ["input", "conv", "flat", "head"]
    assert [node.origin for node in network.graph.nodes][:2] == [
        "conv (keras.layers.Conv2D)",
        "flat (keras.layers.Flatten)",
    ]
    assert parse_network(network.notation) == network.graph
    assert read_keras(save(model), input=("H", "W", 3)).closed_form.keys() == {"H", "W"}


def test_keras_2_writes_calls_otherwise(save: Save) -> None:
    def old(kind: str, name: str, *nodes: Any, **config: Any) -> dict[str, Any]:
        return {"class_name": kind, "config": {"name": name, **config}, "name": name, "inbound_nodes": list(nodes)}

    inner = functional(
        old("InputLayer", "x", batch_input_shape=[None, 6]),
        old("Dense", "d", [["x", 0, 0, {}]], units=6),
        outputs=[["d", 0, 0]],
    )
    inner = {**inner, "name": "tower", "inbound_nodes": [[["row", 0, 0, {}]], [["tower", 1, 0, {}]]]}
    inner["config"]["name"] = "tower"
    model = functional(
        old("InputLayer", "row", batch_input_shape=[None, 6]),
        inner,
        old("Add", "sum", [["tower", 1, 0, {}], ["tower", 2, 0, {}]]),
        outputs=[["sum", 0, 0]],
    )
    network = read_keras(save(model))
    assert network.parameters == 42
    assert [(place.name, place.sources) for place in network.placed[1:]] == [
        ("tower/d", (0,)),
        ("tower/d_2", (1,)),
        ("sum", (1, 2)),
    ]


def test_a_layer_in_two_models_counts_once(save: Save) -> None:
    """Keras writes the number of an object at one of its places only if the other one is within a model."""
    dense = layer("Dense", "dense", units=10)
    inner = {**sequential(dense), "name": "inner"}
    for places in ([inner, {**dense, "shared_object_id": 7}], [{**dense, "shared_object_id": 7}, inner]):
        network = read_keras(save(sequential(*places)), input=(10,))
        assert network.parameters == 110
    assert read_keras(save(sequential(inner, dense)), input=(10,)).parameters == 220


def test_layers_stand_in_an_order_in_which_they_can_be_called(save: Save) -> None:
    one, two = layer("ReLU", "one", ["row"]), layer("ReLU", "two", ["one"])
    network = read_keras(save(functional(ROW, two, one, outputs=["two", 0, 0])))
    assert [place.name for place in network.placed[1:]] == ["one", "two"]


MODELS = {
    "is a model of what class": (["a list"], "holds no model"),
    "nothing": ({}, "holds no model of Keras"),
    "layers": (sequential(3), "layer 1 is no layer"),
    "no configuration": (sequential(NO_LAYER), "has no configuration"),
    "subclass": (
        {"module": "mine", "class_name": "Mine", "config": {}},
        "Mine has no graph, its layers are called in its own code",
    ),
    "no shape": (sequential(layer("Dense", "d", units=3)), "give one with --input"),
    "units": (
        sequential(ROW, layer("Dense", "d", units="three")),
        r"d (keras.layers.Dense): 'units' in its configuration should be an integer, got 'three'",
    ),
    "no units": (
        sequential(ROW, layer("Dense", "d")),
        "'units' in its configuration should be an integer, got nothing",
    ),
    "zero units": (sequential(ROW, layer("Dense", "d", units=0)), "units must be at least 1, got 0"),
    "flag": (sequential(ROW, layer("Dense", "d", units=1, use_bias="no")), "should be true or false, got 'no'"),
    "word": (sequential(IMAGE, layer("MaxPooling2D", "p", pool_size=[2, 2], padding=2)), "should be a word, got 2"),
    "padding": (sequential(IMAGE, layer("MaxPooling2D", "p", pool_size=[2, 2], padding="some")), "padding"),
    "kernel": (sequential(IMAGE, layer("Conv2D", "c", filters=1, kernel_size=[3, 3, 3], strides=[1, 1])), "for 2 axes"),
    "too large a kernel": (sequential(IMAGE, layer("Conv2D", "c", filters=1, kernel_size=[9, 9])), "9 ≤ 8"),
    "data format": (
        sequential(
            IMAGE,
            layer("Flatten", "f"),
            layer("ZeroPadding2D", "z", padding=[[1, 1], [1, 1]], data_format="upside_down"),
        ),
        "neither channels_first nor channels_last",
    ),
    "pairs": (sequential(IMAGE, layer("ZeroPadding2D", "z", padding=3)), "pairs of integers"),
    "axis": (sequential(ROW, layer("BatchNormalization", "b", axis=7)), "there is no axis 7"),
    "unknown": (
        sequential(ROW, layer("Dance", "d")),
        "d (keras.layers.Dance): is of a class that symnet does not know; --opaque (opaque=True)",
    ),
    "not Keras's": (
        sequential(ROW, layer("Dense", "d", module="mine", units=3)),
        "d (mine.Dense): is of a class that symnet does not know",
    ),
    "lambda": (
        sequential(ROW, layer("Lambda", "f", function="print")),
        "f (keras.layers.Lambda): runs code of its own",
    ),
    "circle": (
        functional(ROW, layer("ReLU", "one", ["two"]), layer("ReLU", "two", ["one"]), outputs=["two", 0, 0]),
        "runs in a circle",
    ),
    "reads nothing": (
        functional(ROW, layer("ReLU", "one", ["two"]), outputs=["one", 0, 0]),
        "it reads 'two', which gives no such tensor",
    ),
    "second output": (
        functional(ROW, layer("ReLU", "one", ["row"]), outputs=["one", 0, 1]),
        "its output 'one' is given by no layer",
    ),
    "no output": (functional(ROW, outputs=[["row"]]), "is of no known form"),
    "inputs": (
        {
            "class_name": "Functional",
            "config": {"name": "m", "layers": [ROW], "input_layers": [["x", 0, 0]], "output_layers": []},
        },
        "is none of its layers",
    ),
    "calls": (
        functional(ROW, {**layer("ReLU", "r"), "inbound_nodes": [7]}, outputs=["r", 0, 0]),
        "its inbound_nodes are of no known form",
    ),
    "no list of calls": (
        functional(ROW, {**layer("ReLU", "r"), "inbound_nodes": 7}, outputs=["r", 0, 0]),
        "its inbound_nodes are no list",
    ),
    "two tensors for one": (
        functional(ROW, layer("ReLU", "r", [[tensor("row"), tensor("row")]]), outputs=["r", 0, 0]),
        "is called on 2 tensors",
    ),
    "the batch": (
        functional(
            ROW, layer("Mean", "mean", ["row"], module="keras.src.ops.numpy", axis=None), outputs=["mean", 0, 0]
        ),
        "gives a tensor without the batch in front",
    ),
    "another batch": (
        functional(ROW, layer("Mean", "mean", ["row"], module="keras.src.ops.numpy", axis=0), outputs=["mean", 0, 0]),
        "gives a tensor without the batch in front",
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_broken_models_are_refused_in_a_line(name: str, save: Save) -> None:
    config, words = MODELS[name]
    assert words in refused(save(config))


def test_what_keras_has_written_must_agree(save: Save) -> None:
    wrong = tensor("one")
    wrong["config"]["shape"] = [None, 7]
    model = functional(ROW, layer("ReLU", "one", ["row"]), layer("ReLU", "two", [[wrong]]), outputs=["two", 0, 0])
    assert "m/one: Keras says it gives (7), symnet derives (6)" in refused(save(model))
    assert read_keras(save(model), input=(9,)).output == (9,)


@pytest.mark.slow
def test_models_within_models_are_bounded(save: Save) -> None:
    deep: Any = sequential(layer("ReLU", "r"))
    for _ in range(60):
        deep = sequential(deep)
    assert "more than 50 models within each other" in refused(save(sequential(ROW, deep)))
    wide: Any = sequential(layer("ReLU", "r"), layer("ReLU", "r"))
    for _ in range(20):
        wide = sequential(wide, wide) if len(json.dumps(wide)) < 200_000 else wide
    deep = sequential(ROW, *[wide] * 20)
    assert "more than 20,000 calls of layers" in refused(save(deep))


def test_files_that_are_none_are_refused(save: Save, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    assert "No such file" in refused(str(path))
    assert "Is a directory" in refused(str(tmp_path))
    path.write_bytes(b"\x89HDF\r\n\x1a\n and so on")
    assert "not a .keras file, which is a zip archive" in refused(str(path))
    assert "the archive has no config.json" in refused(save("{}", "weights.json"))
    assert "config.json is no JSON" in refused(save("{"))
    assert "config.json is no JSON" in refused(save("[" * 100_000))
    assert "config.json is no JSON" in refused(save(b"\xff\xfe\xfa"))
    whole = Path(save(sequential(ROW))).read_bytes()
    for length in range(len(whole) - 1):
        path.write_bytes(whole[:length])
        refused(str(path))


def test_a_file_that_unpacks_to_too_much_is_refused(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "BYTES", 1000)
    assert "is larger than" in refused(save(" " * 1001))


def test_the_command_line_reads_files(save: Save, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(sequential(ROW, layer("Dense", "head", units=2)))
    assert main(["table", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parameters"] == 14
    assert main(["table", path, "--input", "9", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parameters"] == 20


@pytest.mark.frameworks  # what a file stores is read with h5py, which comes with Keras
def test_a_layer_of_a_file_that_nobody_knows(save: Save, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", save(sequential(ROW, layer("Dance", "d"))), "--opaque"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "d (keras.layers.Dance): is of a class that symnet does not know, and the file does not say" in error
