"""Record keras.applications anew: ``python -m tests.frontends.keras.record`` builds all 40 models without their weights, three
times each, and writes ``tests/fixtures/keras``. It takes some minutes.
"""

from __future__ import annotations

import json
import lzma
from typing import Any

from tests.frontends.keras.tables import keras_table
from tests.frontends.keras.test_applications import FIXTURES

__all__ = ["main"]

#: Sizes at which a model of any size is asked for its shapes, and the size of another model.
SIZES, OTHER = ((224, 224), (331, 299), (160, 192)), (203, 236)


def shapes_at(model: Any, size: tuple[int, int]) -> dict[str, Any]:
    """The shapes that Keras infers for every layer of a model of any size."""
    import keras

    found: dict[str, list[Any]] = {}

    def asked(operation: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            output = operation.compute_output_spec(*args, **kwargs)
            shapes = [list(tensor.shape[1:]) for tensor in keras.tree.flatten(output)]
            found[operation.name] = shapes[0] if len(shapes) == 1 else shapes
            return output

        return call

    model._run_through_graph([keras.KerasTensor((None, *size, 3))], operation_fn=asked)
    return {"input": [*size, 3], "shapes": [[layer.name, found.get(layer.name, [*size, 3])] for layer in model.layers]}


def recorded(model: Any) -> dict[str, Any]:
    """Configuration and table."""
    import keras

    config = json.loads(json.dumps(keras.saving.serialize_keras_object(model)))
    return {"config": config, "table": keras_table(model)}


def main() -> None:
    """Write a file for every model."""
    import keras

    for name in sorted(name for name in dir(keras.applications) if name[0].isupper()):
        make = getattr(keras.applications, name)
        found: dict[str, Any] = {"keras": keras.__version__}
        options = {"any_size": (None, None, 3), "other": (*OTHER, 3)}
        keras.utils.clear_session()
        found["default"] = recorded(make(weights=None))
        for key, shape in options.items():
            keras.utils.clear_session()
            model = make(weights=None, include_top=False, input_shape=shape)
            found[key] = recorded(model)
            if key == "any_size":
                found[key]["at"] = [shapes_at(model, size) for size in SIZES]
        packed = lzma.compress(json.dumps(found, separators=(",", ":")).encode(), preset=9 | lzma.PRESET_EXTREME)
        (FIXTURES / f"{name}.json.xz").write_bytes(packed)


if __name__ == "__main__":
    main()
