"""All 40 models of keras.applications: every layer's shape and parameters as Keras 3.15 says, at several input sizes.

``tests/fixtures/keras`` has for each model its configuration and Keras's table at the default size, without the top at any
size with Keras's shapes at three sizes, and without the top at another fixed size.
"""

from __future__ import annotations

import json
import lzma
import os
import sys
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from symnet import from_keras
from symnet.frontends.keras.reader import Reader
from symnet.network.network import Network
from tests.frontends.keras.tables import differences, keras_table

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "keras"
MODELS = sorted(path.name.partition(".")[0] for path in FIXTURES.glob("*.json.xz"))

#: Which every run reads: residual blocks; the slow tests read the others.
SMALLEST = {"ResNet50"}
EVERY_RUN = [model if model in SMALLEST else pytest.param(model, marks=pytest.mark.slow) for model in MODELS]

#: How many models a run with Keras builds; every model has its turn within a fortnight.
HANDFUL = 3


@lru_cache(maxsize=1)
def recorded(model: str) -> Any:
    """What was recorded of a model."""
    return json.loads(lzma.decompress((FIXTURES / f"{model}.json.xz").read_bytes()))


def read(config: Any, sizes: Any = None) -> Network:
    """The network of a configuration."""
    return Reader(sizes, False, None).read(config)


def test_all_models_are_recorded() -> None:
    assert len(MODELS) == 40
    assert set(MODELS) > SMALLEST


@pytest.mark.parametrize("model", EVERY_RUN)
def test_the_model_is_what_keras_says(model: str) -> None:
    known = recorded(model)["default"]
    assert differences(read(known["config"]), known["table"]) == []


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_the_model_at_another_size(model: str) -> None:
    known = recorded(model)["other"]
    assert differences(read(known["config"]), known["table"]) == []


def _any_size(model: str, chosen: slice) -> None:
    known = recorded(model)["any_size"]
    network = read(known["config"])
    assert [size.constant for size in network.graph.input.dims] == [None, None, 3]
    for at in known["at"][chosen]:
        height, width, _ = at["input"]
        assert differences(network.at(H=height, W=width), known["table"], at["shapes"]) == []


@pytest.mark.parametrize("model", EVERY_RUN)
def test_symbolic_sizes_hold_for_numbers(model: str) -> None:
    _any_size(model, slice(1, 2))


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_symbolic_sizes_hold_for_more_numbers(model: str) -> None:
    _any_size(model, slice(None))
    known = recorded(model)["any_size"]
    for at in known["at"]:
        assert differences(read(known["config"], at["input"]), known["table"], at["shapes"]) == []


def turn() -> list[str]:
    """The models whose turn it is: other ones every day, or those in SYMNET_KERAS_MODELS."""
    named = os.environ.get("SYMNET_KERAS_MODELS")
    if named:
        return MODELS if named == "all" else named.split(",")
    day = datetime.now(timezone.utc).timetuple().tm_yday
    return [MODELS[(day * HANDFUL + number) % len(MODELS)] for number in range(HANDFUL)]


@pytest.mark.frameworks
@pytest.mark.filterwarnings("ignore::")
@pytest.mark.parametrize("model", turn())
def test_live_models_are_what_keras_says(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    import keras

    with capsys.disabled():
        sys.stdout.write(f"\nlive: keras.applications.{model}, Keras {keras.__version__} ")
    make = getattr(keras.applications, model)
    for options in ({}, {"include_top": False, "input_shape": (193, 210, 3)}):
        keras.utils.clear_session()
        built = make(weights=None, **options)
        assert differences(from_keras(built), keras_table(built)) == []
    keras.utils.clear_session()
    network = from_keras(make(weights=None, include_top=False, input_shape=(None, None, 3)))
    assert [size.constant for size in network.graph.input.dims] == [None, None, 3]
