"""Every recorded row: symnet gives the size that the framework gives, and refuses what it refuses."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from symnet.errors import LayerError
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import CHANNELS_LAST, Shape
from symnet.layers.kinds.convolution import Conv, Depthwise
from symnet.layers.kinds.pooling import AvgPool, MaxPool
from symnet.layers.kinds.transposed import Deconv
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.term import integer

FOLDER = Path(__file__).parents[1] / "fixtures" / "ground_truth"
REFUSED = "error"

#: Where symnet deliberately differs: the framework gives a tensor without entries (size 0), symnet refuses it.
#: PyTorch's own shape inference (the meta device) refuses these five too.
WITHOUT_ENTRIES = {
    "PyTorch": {
        ("ConvTranspose2d", 1, 4, 1, 2, 1, None, 0),
        ("ConvTranspose2d", 1, 4, 2, 2, 1, None, 0),
        ("ConvTranspose2d", 1, 4, 4, 3, 1, None, 2),
        ("ConvTranspose2d", 2, 5, 2, 4, 1, None, 1),
        ("ConvTranspose2d", 4, 5, 1, 4, 1, None, 0),
    },
    "Keras": {("Conv2DTranspose", 1, 4, 4, "same", 1, 0)},
}


def rows(name: str) -> list[Any]:
    with gzip.open(FOLDER / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        return json.load(file)["rows"]  # type: ignore[no-any-return]


@cache
def shape(size: int) -> Shape:
    return Shape((integer(size), integer(size), integer(2)), CHANNELS_LAST)


def outcome(make: Any, size: int) -> int | str:
    """The size that comes out, or ``error``. Conditions are checked as the network does: numbers, by calculation."""
    try:
        layer: Layer = make()
        applied = layer.apply((shape(size),))
    except LayerError:
        return REFUSED
    (map_,) = dict.fromkeys(applied.maps)
    assert map_ is not None
    conditions = [condition.proposition for condition in applied.conditions]
    if not all(map(holds, (*conditions, *map_.conditions(integer(size))))):
        return REFUSED
    return evaluate(map_.formula(integer(size)))


def torch_layer(op: str, f: int, s: int, p: int, d: int | None, ceil: bool | None, added: int | None) -> Layer:
    common: dict[str, Any] = {"kernel": f, "stride": s, "padding": p, "framework": "torch"}
    if op == "Conv2d":
        return Conv(3, dilation=d, **common)
    if op == "ConvTranspose2d":
        return Deconv(3, dilation=d, output_padding=added, **common)
    if op == "MaxPool2d":
        return MaxPool(dilation=d, ceil_mode=ceil, **common)
    return AvgPool(ceil_mode=ceil, **common)


def keras_layer(op: str, f: int, s: int, padding: str, d: int | None, added: int | None) -> Layer:
    common: dict[str, Any] = {"kernel": f, "stride": s, "padding": padding, "framework": "keras"}
    if op == "Conv2D":
        return Conv(3, dilation=d, **common)
    if op == "DepthwiseConv2D":
        return Depthwise(dilation=d, **common)
    if op == "Conv2DTranspose":
        return Deconv(3, dilation=d, output_padding=added, **common)
    return {"MaxPooling2D": MaxPool, "AveragePooling2D": AvgPool}[op](**common)


@pytest.mark.parametrize("every", [8, pytest.param(1, marks=pytest.mark.slow)])
def test_torch(every: int) -> None:
    found: set[Any] = set()
    recorded = rows("torch_sizes")
    assert len(recorded) == 9200
    for op, size, *values, real in recorded[::every]:
        got = outcome(lambda: torch_layer(op, *values), size)  # noqa: B023
        if got != real:
            assert (real, got) == (0, REFUSED), (op, size, *values, real, got)
            found.add((op, size, *values))
    assert found == {(op, *values) for op, *values, _ in recorded[::every]} & WITHOUT_ENTRIES["PyTorch"]


@pytest.mark.parametrize("every", [8, pytest.param(1, marks=pytest.mark.slow)])
def test_keras(every: int) -> None:
    found: set[Any] = set()
    recorded = rows("keras_sizes")
    assert len(recorded) == 3680
    for op, size, *values, symbolic, _ in recorded[::every]:
        got = outcome(lambda: keras_layer(op, *values), size)  # noqa: B023
        if got != symbolic:
            assert (symbolic, got) == (0, REFUSED), (op, size, *values, symbolic, got)
            found.add((op, size, *values))
    assert found == {(op, *values) for op, *values, _, _ in recorded[::every]} & WITHOUT_ENTRIES["Keras"]


@pytest.mark.parametrize("row", rows("tf_transpose"), ids=lambda row: "{input}-{k}-{s}-{padding}".format(**row))
def test_tensorflow_accepts_the_fibre(row: dict[str, Any]) -> None:
    first, last = row["tested"]
    size = row["input"]
    common: dict[str, Any] = {"kernel": row["k"], "stride": row["s"], "padding": row["padding"].lower()}
    for framework in (None, "tensorflow"):
        accepted = [
            o for o in range(max(first, 1), last + 1)
            if outcome(lambda: Deconv(1, output=o, framework=framework, **common), size) == o  # noqa: B023
        ]  # fmt: skip
        assert accepted == row["accepted"]
    ends = Deconv(1, **common).possible(integer(size))
    least, most = map(evaluate, ends)
    assert row["accepted"] == list(range(max(least, 1), most + 1))
