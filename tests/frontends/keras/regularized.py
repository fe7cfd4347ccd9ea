"""Random models of Keras with regularizers everywhere, and the value of symnet's objective at their weights."""

from __future__ import annotations

import random
from typing import Any

import pytest

from symnet.facts.objective import Objective, Penalty

__all__ = ["penalty_value", "random_model"]


def _regularizer(draw: random.Random, often: float = 0.5) -> Any:
    from keras import regularizers as r

    if draw.random() > often:
        return None
    rate = draw.choice([0.5, 0.1, 0.003, 1e-4, 2.0, 0.0])
    return draw.choice([r.L1(rate), r.L2(rate), r.L1L2(rate, draw.choice([0.25, 0.0])), "l1", "l2"])


def _regularized(draw: random.Random, *names: str) -> dict[str, Any]:
    found = {f"{name}_regularizer": _regularizer(draw) for name in names}
    return {**found, "activity_regularizer": _regularizer(draw, 0.2)}


def _layer(draw: random.Random, rank: int) -> Any:
    """A layer for images (rank 4), sequences (3) or vectors (2), the batch counted."""
    from keras import layers as L

    trainable = {"trainable": draw.random() < 0.8}
    flag = draw.random() < 0.7
    dense = lambda: L.Dense(  # noqa: E731
        draw.randint(1, 5), use_bias=flag, activation=draw.choice([None, "relu"]),
        **_regularized(draw, "kernel", "bias"), **trainable,
    )  # fmt: skip
    norms = [
        lambda: L.BatchNormalization(
            scale=flag, beta_regularizer=_regularizer(draw), gamma_regularizer=_regularizer(draw) if flag else None,
            **trainable,
        ),
        lambda: L.LayerNormalization(
            center=flag, beta_regularizer=_regularizer(draw) if flag else None,
            gamma_regularizer=_regularizer(draw), **trainable,
        ),
        lambda: L.ActivityRegularization(l1=draw.choice([0, 0.25]), l2=draw.choice([0, 0.1])),
        lambda: L.ReLU(), lambda: L.Dropout(0.3),
        lambda: L.PReLU(alpha_regularizer=_regularizer(draw), **trainable),
    ]  # fmt: skip
    conv = {"use_bias": flag, "padding": "same", **trainable}
    images = [
        lambda: L.Conv2D(draw.randint(1, 4), 3, **conv, **_regularized(draw, "kernel", "bias")),
        lambda: L.Conv2DTranspose(draw.randint(1, 4), 2, **conv, **_regularized(draw, "kernel", "bias")),
        lambda: L.DepthwiseConv2D(3, depth_multiplier=draw.randint(1, 2), **conv, **_regularized(draw, "depthwise", "bias")),
        lambda: L.SeparableConv2D(
            draw.randint(1, 4), 3, **conv, **_regularized(draw, "depthwise", "pointwise", "bias")
        ),
        lambda: L.GroupNormalization(
            groups=1, beta_regularizer=_regularizer(draw), gamma_regularizer=_regularizer(draw), **trainable
        ),
        lambda: L.SpectralNormalization(L.Conv2D(2, 1, padding="same", **_regularized(draw, "kernel", "bias"), **trainable)),
    ]  # fmt: skip
    cell = draw.choice([L.LSTM, L.GRU, L.SimpleRNN])
    recurrent = lambda: cell(  # noqa: E731
        draw.randint(1, 4), use_bias=flag, return_sequences=True,
        **_regularized(draw, "kernel", "recurrent", "bias"), **trainable,
    )  # fmt: skip
    sequences = [
        recurrent,
        lambda: L.Bidirectional(cell(3, return_sequences=True, **{
            **_regularized(draw, "kernel", "recurrent", "bias"), "activity_regularizer": None}, **trainable)),
        lambda: L.Conv1D(draw.randint(1, 4), 2, **conv, **_regularized(draw, "kernel", "bias")),
        lambda: L.TimeDistributed(dense()),
    ]  # fmt: skip
    return draw.choice({4: images + norms, 3: sequences + norms + [dense], 2: [dense, *norms]}[rank])()


def _stack(draw: random.Random, x: Any, known: list[Any], depth: int) -> Any:
    import keras
    from keras import layers as L

    for _ in range(draw.randint(1, 4)):
        rank = len(x.shape)
        if draw.random() < 0.15 and rank == 2:
            attention = None
        elif draw.random() < 0.12 and rank == 3:
            attention = L.MultiHeadAttention(
                2, 3, kernel_regularizer=_regularizer(draw), bias_regularizer=_regularizer(draw)
            )
            x = attention(x, x)
            continue
        if draw.random() < 0.15 and depth < 2:
            inner = keras.Input(x.shape[1:])
            model = keras.Model(inner, _stack(draw, inner, [], depth + 1))
            model.trainable = draw.random() < 0.8
            if draw.random() < 0.3:
                draw.choice(model.layers).trainable = True
            x = model(x)
            continue
        fitting = [layer for layer in known if layer.fits == tuple(x.shape)]
        if fitting and draw.random() < 0.5:
            x = draw.choice(fitting)(x)  # once more
            continue
        layer = _layer(draw, rank)
        layer.fits = tuple(x.shape)
        x = layer(x)
        known.append(layer)
    return x


def random_model(seed: int) -> Any:
    """A model with one or two outputs, layers called twice, models within models, frozen layers."""
    import keras
    from keras import layers as L

    draw = random.Random(seed)
    keras.utils.set_random_seed(seed)
    rank = draw.choice([2, 3, 4])
    x = keras.Input({2: (4,), 3: (5, 3), 4: (6, 6, 2)}[rank])
    body = _stack(draw, x, [], 0)
    if draw.random() < 0.3 and rank == 3:
        tokens = keras.Input((5,), dtype="int32")
        embedded = L.Embedding(9, 3, embeddings_regularizer=_regularizer(draw), trainable=draw.random() < 0.8)(tokens)
        other = _stack(draw, embedded, [], 0)
        model = keras.Model([x, tokens], [body, other])
    elif draw.random() < 0.3:
        model = keras.Model(x, [body, _stack(draw, body, [], 0)])
    else:
        model = keras.Model(x, body)
    if draw.random() < 0.1:
        model.trainable = False
    for weight in model.weights:
        value = draw.uniform(0.2, 1.5) * keras.random.normal(weight.shape, seed=draw.randint(0, 10**6))
        weight.assign(keras.ops.abs(value) + 0.1 if "variance" in weight.name else value)  # else a root is no number
    return model


def penalty_value(found: Objective, model: Any, inputs: list[Any]) -> float:
    """The penalties of symnet's objective at the weights of the model and, for what layers give, at these inputs."""
    import keras
    import numpy as np

    total = 0.0
    for one in found.penalties:
        for variable in _variables(one, model):
            values = np.abs(keras.ops.convert_to_numpy(variable).astype("float64"))
            total += float(one.rate) * float((values**one.power).sum())
    given = _outputs(model, inputs) if found.activity else {}
    for one in found.activity:
        layer, number = _layer_of(one, model)
        values = np.abs(keras.ops.convert_to_numpy(given[id(layer)][number]).astype("float64"))
        total += float(one.rate) * float((values**one.power).sum()) / len(values)
    return total


def _outputs(model: Any, inputs: list[Any]) -> dict[int, list[Any]]:
    """What every layer gives, call by call."""
    import keras

    found: dict[int, list[Any]] = {}
    plain = keras.Layer.__call__

    def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        output = plain(layer, *args, **kwargs)
        found.setdefault(id(layer), []).append(output)
        return output

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras.Layer, "__call__", call)
        model(inputs if len(inputs) > 1 else inputs[0], training=False)
    return found


def _layer_of(one: Penalty, model: Any) -> tuple[Any, int]:
    """The layer of Keras that a layer of symnet stands for, and which of its calls."""
    found, parts = model, one.node.name.split("/")
    number = 0
    for part in parts:
        layers = {layer.name: layer for layer in found.layers} if hasattr(found, "layers") else {}
        name = part
        while name not in layers and "_" in name and layers:
            name, _, tail = name.rpartition("_")
            number = int(tail) - 1
        if name not in layers:  # a part of a layer
            tail = part.rpartition("_")[2]
            number = int(tail) - 1 if tail.isdigit() else number
            break
        found = layers[name]
    return found, number


def _variables(one: Penalty, model: Any) -> list[Any]:
    layer, _ = _layer_of(one, model)
    assert one.weight is not None
    name = one.weight.name
    wanted = {"kernel": ("kernel",), "bias_input": ("bias",), "bias_hidden": ()}.get(name, (name,))
    if type(layer).__name__ == "DepthwiseConv2D" and name == "kernel":
        wanted = ("depthwise_kernel", "kernel")
    found = []
    for variable in layer.trainable_variables:
        path = variable.path.split("/")
        if path[-1] in wanted or f"{path[-2]}_{path[-1]}" == name.replace("output", "attention_output"):
            found.append(variable)
    return found
