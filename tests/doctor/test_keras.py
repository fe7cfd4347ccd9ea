"""The doctor of Keras's models: where each of some broken models breaks, and that Keras makes them with what mends them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from symnet.errors import ModelError
from tests.doctor.broken_models import Broken, broken_models
from tests.doctor.test_torch import mended

pytestmark = pytest.mark.frameworks

HEADER = "import keras\nfrom keras import layers\n\n\n"
BROKEN = broken_models("broken_keras.md", HEADER)


def made_in_keras(text: str, file: Path, inputs: tuple[str, ...]) -> Any:
    """The model in the text, called with zeros where it has no inputs of its own."""
    import numpy

    file.write_text(text)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.build()
    for shape in inputs:
        model(numpy.zeros((2, *map(int, shape.split("*"))), "float32"))
    return model


@pytest.mark.parametrize("broken", BROKEN, ids=[one.name for one in BROKEN])
def test_where_it_breaks_and_that_keras_makes_what_mends_it(broken: Broken, tmp_path: Path) -> None:
    from symnet.doctor.loading import diagnosed

    file = tmp_path / f"{broken.name}.py"
    file.write_text(broken.source)
    found = diagnosed(f"{file}:build", broken.inputs)
    assert not found.ok
    assert (found.layer or "") == broken.layer
    assert found.where is not None
    assert broken.line in broken.source.split("\n")[int(found.where.rpartition(":")[2]) - 1]
    assert any(broken.change in fix.change for fix in found.fixes), [fix.change for fix in found.fixes]
    ran = 0
    for number, fix in enumerate(found.fixes):
        assert fix.tried
        if fix.where:
            assert made_in_keras(mended(broken.source, fix), tmp_path / f"mended_{number}.py", broken.inputs)
            ran += 1
    assert ran


def test_a_live_model_that_is_not_built_is_not_touched() -> None:
    import keras

    import symnet

    model = keras.Sequential([keras.layers.Conv2D(8, 3), keras.layers.Conv2D(8, 40)])
    found = symnet.doctor(model, (28, 28, 1))
    assert found.layer == model.layers[1].name
    assert not model.built
    assert not model.layers[0].built


def test_a_built_model_is_well() -> None:
    import keras

    import symnet

    x = keras.Input((32, 32, 3))
    found = symnet.doctor(keras.Model(x, keras.layers.Conv2D(8, 5, 2)(x)))
    assert found.ok
    assert found.inputs == ((32, 32, 3),)


def test_a_model_that_a_file_makes_when_it_is_executed_is_diagnosed_and_not_trained(tmp_path: Path) -> None:
    from symnet.doctor.loading import diagnosed

    file = tmp_path / "script.py"
    lines = ["import keras", "model = keras.Sequential()", "model.add(keras.Input((32, 32, 3)))"]
    lines += [f"model.add(keras.layers.{layer})" for layer in ("MaxPooling2D()", "Reshape((15, 16, 3))", "Flatten()")]
    lines += ["model.compile()", "model.fit(open('no such file'))"]
    file.write_text("\n".join(lines), encoding="utf-8")
    found = diagnosed(str(file), [])
    assert (found.layer, found.where) == ("reshape", "script.py:5")
    assert "\x1b" not in str(found)
    assert found.fixes[0].change == "reshape: target_shape=(16, 16, 3)"
    assert found.fixes[0].code == "model.add(keras.layers.Reshape((16, 16, 3)))"


def test_a_file_that_fails_elsewhere_is_refused_without_styles(tmp_path: Path) -> None:
    from symnet.doctor.loading import diagnosed

    file = tmp_path / "script.py"
    file.write_text("import keras\nraise ValueError('\x1b[1mno\x1b[0m data')\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"script.py raised ValueError: no data \(line 2\)"):
        diagnosed(str(file), [])
