"""Files of Keras at other inputs: what the doctor says of them is what Keras does when it puts the file's weights into the model
made for that input.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from symnet.doctor.diagnosis import Diagnosis

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::DeprecationWarning")]  # Keras within numpy


def drawn(draw: random.Random) -> list[Any]:
    """Layers of a small network of images, as configurations can be made again."""
    from keras import layers

    found: list[Any] = []
    for _ in range(draw.randint(1, 3)):
        found.append(
            layers.Conv2D(
                draw.choice([2, 3]), draw.choice([1, 2, 3]), draw.choice([1, 2]), draw.choice(["same", "valid"])
            )
        )
        if draw.random() < 0.5:
            found.append(layers.MaxPooling2D(draw.choice([2, 3]), padding=draw.choice(["same", "valid"])))
        if draw.random() < 0.3:
            found.append(layers.BatchNormalization())
    found.append(draw.choice([layers.Flatten, layers.GlobalAveragePooling2D])())
    return [*found, layers.Dense(3)]


def keras_takes(made: Any, shape: tuple[int, ...]) -> bool:
    """Whether Keras makes the layers for this input and puts the weights into them."""
    import keras

    try:
        again = [type(layer).from_config(layer.get_config()) for layer in made.layers]
        keras.Sequential([keras.Input(shape), *again]).set_weights(made.get_weights())
    except ValueError:
        return False
    return True


def saved(made: Any, file: Path) -> None:
    if file.suffix == ".json":
        file.write_text(made.to_json())
    else:
        made.save(file)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(24))
def test_what_is_said_of_a_file_is_what_keras_does(number: int, tmp_path: Path) -> None:
    import keras

    from symnet.doctor.examining import diagnosed

    draw = random.Random(number)
    made = None
    while made is None:
        own = (draw.randint(12, 20), draw.randint(12, 20), draw.choice([1, 3]))
        try:
            made = keras.Sequential([keras.Input(own), *drawn(draw)])
        except ValueError:
            continue
    file = tmp_path / f"net{draw.choice(['.keras', '.h5', '.json'])}"
    saved(made, file)
    assert diagnosed(str(file)).ok
    for _ in range(4):
        shape = (draw.randint(1, 24), draw.randint(8, 24), draw.choice([1, 3]))
        found = diagnosed(str(file), ["*".join(map(str, shape))])
        assert found.ok == keras_takes(made, shape), (made.to_json(), shape, str(found))
        assert found.ok or found.fixes
        for fix in found.fixes:
            other = tuple(map(int, fix.code.split()[1].split("*")))
            assert keras_takes(made, other), (made.to_json(), other, str(found))
        if not found.ok:
            assert found.chain


def _of(tmp_path: Path, suffix: str, shape: str) -> Diagnosis:
    import keras
    from keras import layers

    from symnet.doctor.examining import diagnosed

    first = layers.Conv2D(8, 3, name="c")
    made = keras.Sequential([keras.Input((16, 16, 3)), first, layers.Flatten(name="f"), layers.Dense(10, name="d")])
    saved(made, tmp_path / f"net{suffix}")
    return diagnosed(str(tmp_path / f"net{suffix}"), [shape])


@pytest.mark.parametrize("suffix", [".keras", ".h5", ".json"])
def test_a_file_at_another_input_has_rows_and_a_chain(suffix: str, tmp_path: Path) -> None:
    found = _of(tmp_path, suffix, "12*12*3")
    assert found.layer == "d"
    assert found.why == "d has weights for 1,568 features in the file and gets 800"
    assert [row.name for row in found.rows] == ["c", "f"]
    assert [str(link) for link in found.chain] == [
        "800 = 10·10·8 of f",
        "10 = 12 − 3 + 1 of c",
        "12 of the input",
    ]
    assert found.fixes[0].code == "--input 16*16*3"


def test_weights_for_other_channels_are_named(tmp_path: Path) -> None:
    found = _of(tmp_path, ".keras", "16*16*1")
    assert (found.layer, found.condition) == ("c", "1 = 3")
    assert found.fixes[0].code == "--input 16*16*3"
