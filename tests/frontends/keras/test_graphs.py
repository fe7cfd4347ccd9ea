"""Graphs of layers against live Keras: nested, shared and frozen layers, several inputs and outputs, classes of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from symnet import ModelError, from_keras
from symnet.frontends.keras import read_keras
from symnet.printing.text import text
from tests.frontends.keras.test_layers import compared

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]


def both(model: Any, tmp_path: Path) -> Any:
    """The network, the same live and through a file, and equal to what Keras says."""
    network = from_keras(model)
    path = tmp_path / "model.keras"
    model.save(path)
    again = read_keras(str(path))
    assert again.notation == network.notation
    assert [node.origin for node in again.graph.nodes] == [node.origin for node in network.graph.nodes]
    assert compared(network, model) == []
    return network


def backbone(keras: Any, name: str = "backbone", functional: bool = True) -> Any:
    """A small model to be used within others."""
    image = keras.Input((None, None, 3), name="image")
    body = [
        keras.layers.Conv2D(4, 3, name="conv"),
        keras.layers.BatchNormalization(name="bn"),
        keras.layers.ReLU(name="relu"),
    ]
    if not functional:
        return keras.Sequential([image, *body], name=name)
    found = image
    for layer in body:
        found = layer(found)
    return keras.Model(image, [found, keras.layers.GlobalAveragePooling2D(name="pool")(found)], name=name)


def test_models_within_models(tmp_path: Path) -> None:
    import keras

    image = keras.Input((20, 22, 3))
    inner = backbone(keras)
    features, pooled = inner(image)
    network = both(keras.Model(image, [keras.layers.Conv2D(2, 1)(features), pooled]), tmp_path)
    assert {"backbone/conv", "backbone/bn", "backbone/relu", "backbone/pool"} <= {
        place.name for place in network.placed
    }


def test_a_model_within_is_an_output(tmp_path: Path) -> None:
    import keras

    image = keras.Input((20, 22, 3))
    both(keras.Model(image, backbone(keras)(keras.layers.ZeroPadding2D()(image))), tmp_path)
    both(keras.Model(image, backbone(keras, functional=False)(keras.layers.ZeroPadding2D()(image))), tmp_path)


@pytest.mark.parametrize("functional", [True, False])
def test_a_model_applied_twice_shares_its_weights(functional: bool, tmp_path: Path) -> None:
    import keras

    one, two = keras.Input((20, 22, 3), name="one"), keras.Input((31, 15, 3), name="two")
    inner = backbone(keras, functional=functional)
    outputs = [inner(one), inner(two)]
    model = keras.Model([one, two], outputs)
    network = from_keras(model)
    assert int(network.parameters) == model.count_params() == inner.count_params()
    path = tmp_path / "model.keras"
    model.save(path)
    assert read_keras(str(path)).notation == network.notation
    given = [tuple(size.constant for size in network.placed[place].output.dims) for place in network.graph.outputs()]
    pooled = [(4,)] * functional
    assert given == [(18, 20, 4), *pooled, (29, 13, 4), *pooled]


def test_an_output_that_a_layer_reads_too_is_an_output(tmp_path: Path) -> None:
    import keras

    image, more = keras.Input((None, None, 3), name="image"), keras.Input((5,), name="more")
    deep = keras.layers.Conv2D(8, 3, name="deep")(image)
    pooled = keras.layers.GlobalAveragePooling2D(name="pooled")(deep)
    joined = keras.layers.Add(name="joined")([pooled, keras.layers.Dense(8, name="dense")(more)])
    model = keras.Model([image, more], [joined, keras.layers.Dense(2, name="head")(joined), deep])
    network = both(model, tmp_path)
    names = [network.placed[place].name for place in network.graph.outputs()]
    assert names == ["joined", "head", "deep"] == [tensor._keras_history[0].name for tensor in model.outputs]
    assert "Outputs `joined` 8, `head` 2, `deep` 18 × 20 × 8." in from_keras(model, input=[(20, 22, 3), (5,)]).report()
    again = from_keras(model, input={"image": (20, 22, 3)})
    assert again.placed[-1].output.dims == network.placed[-1].output.dims


def test_shared_layers_count_once(tmp_path: Path) -> None:
    import keras

    one, two = keras.Input((8,), name="one"), keras.Input((8,), name="two")
    dense = keras.layers.Dense(8, name="tower")
    first, second = dense(dense(one)), dense(two)
    model = keras.Model({"one": one, "two": two}, {"b": first - second, "a": keras.layers.Dot(1)([first, second])})
    network = both(model, tmp_path)
    assert int(network.parameters) == 72


def test_frozen_layers_and_models(tmp_path: Path) -> None:
    import keras

    inner = backbone(keras)
    inner.trainable = False
    image = keras.Input((20, 22, 3))
    features, pooled = inner(image)
    dense = keras.layers.Dense(4, trainable=False)
    model = keras.Model(image, [features, keras.layers.Dense(3)(dense(pooled))])
    network = both(model, tmp_path)
    assert (int(network.trainable), int(network.non_trainable)) == (15, 4 * 28 + 16 + 20)
    model.trainable = False
    assert int(both(model, tmp_path).trainable) == 0


def test_sequential_models_take_an_input_shape(tmp_path: Path) -> None:
    import keras

    model = keras.Sequential([keras.layers.Conv2D(4, 3), keras.layers.Flatten(), keras.layers.Dense(5)])
    with pytest.raises(ModelError, match="no input shape yet; give one with --input"):
        from_keras(model)
    network = from_keras(model, input=(9, 10, 3))
    model.build((None, 9, 10, 3))
    assert compared(network, model) == []
    both(model, tmp_path)
    nested = keras.Sequential(
        [backbone(keras, functional=False), keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(2)]
    )
    assert [text(size) for size in from_keras(nested).placed[1].output.dims[:2]] == ["H - 2", "W - 2"]


def test_data_formats_may_change_on_the_way(tmp_path: Path) -> None:
    import keras

    image = keras.Input((3, 20, 22))
    found = keras.layers.Conv2D(4, 3, data_format="channels_first")(image)
    found = keras.layers.Permute((2, 3, 1))(found)
    found = keras.layers.Conv2D(5, 3)(found)
    network = both(keras.Model(image, keras.layers.GlobalAveragePooling2D()(found)), tmp_path)
    assert any(node.layer.kind == "Layout" for node in network.graph.nodes)


def test_a_generator_from_a_vector(tmp_path: Path) -> None:
    import keras

    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((100,)), layers.Dense(7 * 7 * 8, use_bias=False), layers.BatchNormalization(), layers.LeakyReLU(),
         layers.Reshape((7, 7, 8)), layers.Conv2DTranspose(4, 5, strides=2, padding="same"), layers.Conv2D(1, 5)]
    )  # fmt: skip
    network = both(model, tmp_path)
    assert not any(node.layer.kind == "Layout" for node in network.graph.nodes)


def test_a_subclass_with_a_graph_is_read_by_it(tmp_path: Path) -> None:
    import keras

    class Mine(keras.Model):
        def __init__(self, units: int) -> None:
            image = keras.Input((6,))
            super().__init__(image, keras.layers.Dense(units)(image))

    model = Mine(4)
    assert compared(from_keras(model), model) == []
    row = keras.Input((6,))
    outer = keras.Model(row, keras.layers.Dense(2)(model(row)))
    assert compared(from_keras(outer), outer) == []


def test_a_subclass_without_a_graph_is_refused() -> None:
    import keras

    class Mine(keras.Model):
        def call(self, inputs: Any) -> Any:
            return inputs

    with pytest.raises(ModelError, match=r"make it functional, as in keras.Model\(x, model.call\(x\)\)"):
        from_keras(Mine())
    with pytest.raises(ModelError, match="is one layer"):
        from_keras(keras.layers.Dense(3))
    with pytest.raises(ModelError, match=r"reads a model of Keras 3, got a builtins\.int"):
        from_keras(3)


def test_classes_of_ones_own_are_opaque_if_asked(tmp_path: Path) -> None:
    import keras

    class Halves(keras.layers.Layer):
        def build(self, shape: Any) -> None:
            self.gain = self.add_weight(shape=(shape[-1],))
            self.kept = self.add_weight(shape=(3,), trainable=False)

        def call(self, inputs: Any) -> Any:
            return inputs[:, ::2, :5], inputs * self.gain

    image = keras.Input((9, 6))
    one, two = Halves(name="halves")(image)
    model = keras.Model(image, [keras.layers.Dense(3)(one), two])
    line = "halves .*Halves.: is of a class that symnet does not know; --opaque"
    with pytest.raises(ModelError, match=line):
        from_keras(model)
    network = from_keras(model, opaque=True)
    assert compared(network, model) == []
    assert network.assumed
    assert "as Keras says" in network.report("text")
    other = from_keras(model, input=(11, 6), opaque=True)
    assert [place.output.dims[0].constant for place in other.placed] == [11, 6, 11, 6]
    with pytest.raises(ModelError, match="give numbers with --input"):
        from_keras(model, input=(None, 6), opaque=True)
    path = tmp_path / "model.keras"
    model.save(path)
    with pytest.raises(ModelError, match=r"does not say what it gives for .*; load the model and use from_keras"):
        read_keras(str(path), opaque=True)


def test_a_lambda_is_refused_by_name(tmp_path: Path) -> None:
    import keras

    row = keras.Input((6,))
    model = keras.Model(row, keras.layers.Lambda(lambda x: x * 2, name="double")(row))
    with pytest.raises(ModelError, match=r"double \(keras.layers.Lambda\): runs code of its own; --opaque"):
        from_keras(model)
    assert compared(from_keras(model, opaque=True), model) == []


def test_operations_are_opaque_in_a_file_too(tmp_path: Path) -> None:
    import keras

    row = keras.Input((9, 6))
    model = keras.Model(row, keras.layers.Dense(2)(keras.ops.diff(row, axis=1)))
    path = tmp_path / "model.keras"
    model.save(path)
    with pytest.raises(ModelError, match=r"diff \(keras\.ops\.Diff\): is of a class that symnet does not know"):
        read_keras(str(path))
    assert compared(read_keras(str(path), opaque=True), model) == []
    with pytest.raises(ModelError, match=r"does not say what it gives for these sizes of the input"):
        read_keras(str(path), input=(8, 6), opaque=True)


def test_inputs_are_chosen_by_name_or_in_order() -> None:
    import keras

    one, two = keras.Input((None, 8), name="one"), keras.Input((5, 8), name="two")
    model = keras.Model([one, two], keras.layers.Concatenate(axis=1)([one, two]))
    assert [str(size) for size in from_keras(model).output] == ["T + 5", "8"]
    assert from_keras(model, input={"two": (7, 8), "one": ("n", 8)}).notation.startswith(
        "let framework = keras;\nTD:(n*8) ->"
    )
    assert from_keras(model, input=[(2, 8), (3, 8)]).output == (5, 8)
    with pytest.raises(ModelError, match="has no input 'three'; it has one, two"):
        from_keras(model, input={"three": (2, 8)})
    with pytest.raises(ModelError, match="has 2 inputs"):
        from_keras(model, input=(2, 8))
    with pytest.raises(ModelError, match="two: the input has 2 sizes"):
        from_keras(model, input=[(2, 8), (3, 8, 1)])
    with pytest.raises(ModelError, match="must be at least 1"):
        from_keras(model, input=[(0, 8), (3, 8)])


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_layer_on_several_levels_counts_once(depth: int, tmp_path: Path) -> None:
    """The same layer in an inner model and in each that is built around it."""
    import keras

    shared = keras.layers.Dense(10, name="shared")
    values = keras.Input((10,))
    model = keras.Model(values, shared(values), name="level0")
    for level in range(1, depth + 1):
        values = keras.Input((10,))
        model = keras.Model(values, model(shared(values)), name=f"level{level}")
    network = from_keras(model)
    assert network.parameters == model.count_params() == 110
    assert network.multiply_adds == 100 * (depth + 1)
    path = tmp_path / "model.keras"
    model.save(path)
    assert read_keras(str(path)).notation == network.notation


def test_layers_of_one_name_on_several_levels_are_several(tmp_path: Path) -> None:
    import keras

    values = keras.Input((10,))
    inner = keras.Model(values, keras.layers.Dense(10, name="same")(values), name="inner")
    network = both(keras.Model(values, inner(keras.layers.Dense(10, name="same")(values))), tmp_path)
    assert network.parameters == 220


def test_a_layer_alone_and_on_every_step_is_one() -> None:
    """In a live model; a file does not say that the layer inside of TimeDistributed is another one, and Keras loads two."""
    import keras

    shared = keras.layers.Dense(4, name="shared")
    steps, once = keras.Input((5, 4)), keras.Input((4,))
    outputs = [keras.layers.TimeDistributed(shared)(steps), shared(once)]
    assert from_keras(keras.Model([steps, once], outputs)).parameters == 20


def adapted(keras: Any, layer: Any, adapters: str) -> Any:
    """A model of one layer with LoRA, with its numbers in 8 bits, or with both."""
    shape = {"Embedding": (7,), "Conv1D": (9, 3), "Conv3D": (5, 5, 5, 3)}.get(type(layer).__name__, (9, 9, 3))
    model = keras.Sequential([keras.Input((8,) if type(layer).__name__ == "Dense" else shape), layer])
    for one in adapters.split("+"):
        if one == "lora":
            layer.enable_lora(2)
        elif one:
            layer.quantize(one)
    return model


@pytest.mark.parametrize(
    ("kind", "arguments", "adapters"),
    [
        ("Dense", (4,), "lora"),
        ("Dense", (4,), "int8"),
        ("Dense", (4,), "lora+int8"),
        ("Embedding", (10, 6), "lora"),
        ("Embedding", (10, 6), "int8"),
        ("Conv1D", (4, 3), "lora"),
        ("Conv2D", (4, (3, 5)), "lora"),
        ("Conv3D", (4, 3), "lora"),
    ],
)
def test_adapters_count(kind: str, arguments: tuple[Any, ...], adapters: str, tmp_path: Path) -> None:
    import keras

    model = adapted(keras, getattr(keras.layers, kind)(*arguments), adapters)
    network = from_keras(model)
    assert network.parameters == model.count_params()
    assert network.trainable == sum(weight.numpy().size for weight in model.trainable_weights)
    path = tmp_path / "model.keras"
    model.save(path)
    assert read_keras(str(path)).parameters == network.parameters


def test_lora_in_one_of_two_layers() -> None:
    import keras

    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4), keras.layers.Dense(2)])
    model.layers[0].enable_lora(2)
    network = from_keras(model)
    assert (network.parameters, network.trainable) == (70, 38)
    model.trainable = False
    assert from_keras(model).trainable == 0


@pytest.mark.parametrize("mode", ["int4", "float8"])
def test_other_quantizations_are_refused_by_name(mode: str) -> None:
    import keras

    with pytest.raises(ModelError, match=rf"is quantized to {mode}.*how many numbers"):
        from_keras(adapted(keras, keras.layers.Dense(4), mode))
