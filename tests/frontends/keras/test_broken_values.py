"""Any value of a configuration may be anything: the model is read or refused in a line."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from symnet import ModelError
from symnet.frontends.keras.reader import Reader
from tests.frontends.keras.written import IMAGE, NO_LAYER, functional, layer, tensor
from tests.parts import parts


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value within."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([path] if path else []), *(found for name, item in inner for found in places(item, (*path, name)))]


JUNK = (None, 0, -1, 3, 10**30, 1.5, float("nan"), "", "x", "same", True, [], [1], [0, 0], [[1, 2], [3]], {}, NO_LAYER,
        {"class_name": "__keras_tensor__", "config": {}}, ["a", 0, 0], tensor("image"))  # fmt: skip

EVERYTHING = functional(
    IMAGE,
    layer("ZeroPadding2D", "pad", ["image"], padding=[[1, 2], [0, 0]]),
    layer(
        "Conv2D",
        "conv",
        ["pad"],
        filters=4,
        kernel_size=[3, 3],
        padding="same",
        kernel_regularizer={"config": {"l2": 0.1}},
    ),
    layer("BatchNormalization", "norm", ["conv"], axis=-1),
    layer("MaxPooling2D", "pool", ["norm"], pool_size=[2, 2], strides=[2, 2]),
    layer("Add", "add", [[[tensor("pool"), tensor("pool")]]]),
    layer("TimeDistributed", "steps", ["add"], layer=layer("Dense", "inner", units=3)),
    layer(
        "GetItem",
        "item",
        [[tensor("steps"), [{"class_name": "__slice__", "config": {"start": None, "stop": None, "step": None}}, 0]]],
        module="keras.src.ops.numpy",
    ),
    layer("Split", "split", ["item"], module="keras.src.ops.numpy", indices_or_sections=2, axis=1),
    layer(
        "Bidirectional", "both", [[tensor("split", 0, 1)]], merge_mode="concat", layer=layer("LSTM", "lstm", units=5)
    ),
    {
        **layer("Sequential", "top", ["both"]),
        "config": {"name": "top", "layers": [layer("Dropout", "drop", rate=0.5), layer("Dense", "dense", units=2)]},
    },
    outputs=["top", 0, 0],
)


@parts(4)
def test_broken_values_never_give_a_traceback(part: int) -> None:
    every = places(EVERYTHING)
    draw = Random(part)
    assert Reader(None, False, None).read(EVERYTHING).output == (2,)
    for _ in range(400):
        broken = deepcopy(EVERYTHING)
        *way, last = draw.choice(every)
        inner: Any = broken
        for name in way:
            inner = inner[name]
        inner[last] = deepcopy(draw.choice(JUNK))
        try:
            Reader(None, draw.random() < 0.3, None).read(broken)
        except ModelError as error:
            assert "\n" not in str(error), error
