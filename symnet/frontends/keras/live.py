"""A live Keras model: its configuration as Keras saves it, and queries for what that does not contain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.building import Tensor
from symnet.frontends.keras.copies import inner_layers, quiet_keras, shapes_of
from symnet.frontends.keras.opaque import Given

__all__ = ["LiveModel"]


class LiveModel:
    """A live model; ``config`` is what its ``.keras`` file would contain."""

    def __init__(self, model: Any) -> None:
        try:
            keras = quiet_keras()
        except ImportError:
            raise ModelError("reading a live Keras model takes the package keras: pip install symnet[keras]") from None
        if not isinstance(model, keras.Layer):
            raise ModelError(
                f"from_keras reads a model of Keras 3, got a {type(model).__module__}.{type(model).__name__}"
            )
        if not isinstance(model, keras.Model):
            raise ModelError(
                f"a {type(model).__name__} is one layer: put it into keras.Sequential([keras.Input(shape), layer])"
            )
        self._model = model
        self._layers: dict[int, Mapping[str, Any]] = {}
        self._numbers: dict[int, int] = {}
        self.title = str(model.name)
        self.config = self._config_of(model)

    @property
    def classes(self) -> Mapping[str, Any]:
        """The user's own classes among its layers, by name."""
        classes: dict[str, Any] = {}
        for layer in self._model._flatten_layers():
            if not type(layer).__module__.startswith("keras."):
                classes[type(layer).__name__] = type(layer)
        return classes

    @property
    def arrays(self) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
        """The shapes of its arrays, and of those that are trained."""
        return shapes_of(self._model)

    @property
    def trained(self) -> list[bool]:
        """For each of its arrays, whether it is trained."""
        return [id(array) in self._trained for array in self._model.weights]

    @cached_property
    def _trained(self) -> set[int]:
        return {id(array) for array in self._model.trainable_weights}

    def is_trained(self, path: tuple[str, ...]) -> bool | None:
        """Whether some array of the layer is trained; ``None`` for a layer without arrays."""
        arrays = getattr(self._layer(path), "weights", ())
        return any(id(array) in self._trained for array in arrays) if arrays else None

    def structure(self, path: tuple[str, ...]) -> Mapping[str, Any] | None:
        """The configuration of the graph of a layer that is a model of the user's own class; ``None`` for other
        layers.
        """
        import keras

        layer = self._layer(path)
        return self._config_of(layer) if isinstance(layer, keras.Model) else None

    def identity(self, path: tuple[str, ...]) -> int | None:
        """A number that identifies the layer object, wherever it is used; ``None`` if there is no such layer."""
        layer = self._layer(path)
        return None if layer is None else self._numbers.setdefault(id(layer), len(self._numbers))

    def given(self, path: tuple[str, ...], args: list[Any], kwargs: dict[str, Any]) -> Given:
        """The outputs and parameters of a layer called on shapes, as Keras computes them."""
        import keras

        layer = self._layer(path)
        where = "/".join(path)
        if layer is None:
            raise ModelError(f"Keras: {where}: the live model has no such layer")
        dtypes = [
            tensor.dtype for tensor in keras.tree.flatten(getattr(layer, "input", None)) if hasattr(tensor, "dtype")
        ]

        def tensor(value: Any) -> Any:
            if isinstance(value, Tensor):
                sizes = (size.constant for size in value.shape.dims)
                return keras.KerasTensor((None, *sizes), dtype=dtypes[0] if dtypes else "float32")
            if isinstance(value, list):
                return [tensor(item) for item in value]
            return value

        try:
            outputs = layer.compute_output_spec(
                *tensor(args), **{name: tensor(value) for name, value in kwargs.items()}
            )
            shapes = [tuple(output.shape) for output in keras.tree.flatten(outputs)]
        except Exception as refused:  # noqa: BLE001  # somebody else's code: whatever it raises is told in a line
            raise ModelError(f"Keras: {where} ({type(layer).__name__}): {_line(refused)}") from None
        weights = getattr(layer, "weights", ())
        trained = getattr(layer, "trainable_weights", ())
        return Given(tuple(shapes), sum(map(_size, weights)), sum(map(_size, trained)))

    def _layer(self, path: tuple[str, ...]) -> Any:
        found: Any = self._model
        for name in path:
            found = self._inside(found).get(name)
            if found is None:
                return None
        return found

    def _inside(self, layer: Any) -> Mapping[str, Any]:
        """The layers of a model, or the inner layer of a wrapper, by name."""
        if id(layer) not in self._layers:
            self._layers[id(layer)] = inner_layers(layer)
        return self._layers[id(layer)]

    def _config_of(self, model: Any) -> dict[str, Any]:
        """The configuration of a model as Keras saves it; for a model of the user's own class that of its graph."""
        import keras
        from keras.src.saving.serialization_lib import ObjectSharingScope

        try:
            with ObjectSharingScope():
                config = keras.saving.serialize_keras_object(model)
            if not isinstance(config["config"].get("layers"), list) and getattr(model, "inputs", None):
                plain = keras.Model(model.inputs, model.outputs, name=model.name, trainable=model.trainable)
                with ObjectSharingScope():
                    config = {
                        **keras.saving.serialize_keras_object(plain),
                        "compile_config": config.get("compile_config"),
                    }
            written: dict[str, Any] = json.loads(json.dumps(config))
        except Exception as refused:  # noqa: BLE001  # the get_config of somebody's layer may raise anything
            raise ModelError(f"Keras: {model.name}: Keras cannot write the model down: {_line(refused)}") from None
        return written


def _size(weight: Any) -> int:
    found = 1
    for size in weight.shape:
        found *= int(size)
    return found


def _line(error: Exception) -> str:
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words[:200]}{'…' if len(words) > 200 else ''}"
