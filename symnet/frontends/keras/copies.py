"""Copies of a model that Keras makes from its configuration, with other sizes and without memory for weights."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any
from warnings import catch_warnings, simplefilter

from symnet.frontends.keras.config import spec_of
from symnet.frontends.keras.operations import OPERATIONS
from symnet.frontends.keras.table import LAYERS
from symnet.frontends.keras.values import leaves

__all__ = ["copy_of", "foreign_class", "inner_layers", "quiet_keras", "shapes_of", "with_sizes"]

#: The sizes of a model's inputs, with the batch first; ``None`` where any size is accepted.
Sizes = Sequence[Sequence["int | None"]]

#: Classes of Keras in a configuration that are not layers: models, numbers, cells.
_PLAIN = (
    "Functional", "Sequential", "Model", "InputLayer", "TimeDistributed", "SimpleRNNCell", "GRUCell", "LSTMCell",
    "StackedRNNCells", "__keras_tensor__", "__tensor__", "__numpy__", "__slice__", "__ellipsis__", "__tuple__",
)  # fmt: skip

#: Modules of Keras whose classes only compute.
_NUMERIC = (
    "keras.initializers", "keras.regularizers", "keras.constraints", "keras.activations", "keras.dtype_policies",
)  # fmt: skip


def quiet_keras() -> Any:
    """The package keras, with the log messages of its backend suppressed. Raises :class:`ImportError` if it is not
    installed.
    """
    if "keras" in sys.modules:
        import keras

        return keras
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _without_remarks():
        import keras
    return keras


@contextmanager
def _without_remarks() -> Iterator[None]:
    """Discards what compiled libraries write to the process's standard error while they are loaded, because TensorFlow
    has no option for that.
    """
    try:
        kept = os.dup(2)
    except OSError:  # standard error is closed
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def foreign_class(config: Any) -> str | None:
    """The name of a class in a configuration that is not one of Keras's computational classes, and whose code is
    therefore not run; ``None`` if there is none.
    """
    stack = [config]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack += value
        elif isinstance(value, Mapping):
            name, module = value.get("class_name"), value.get("module")
            registered = value.get("registered_name")
            if isinstance(name, str) and registered not in (None, name, f"Keras>{name}"):
                return str(registered)  # a user's class that Keras would use instead of its own
            if isinstance(name, str) and not _own(name, module):
                return f"{module}.{name}" if module else name
            stack += value.values()
    return None


def _own(name: str, module: Any) -> bool:
    if not isinstance(module, str | None) or (module or "keras").partition(".")[0] not in ("keras", "builtins"):
        return False
    if module is not None and module.startswith("keras.src.ops"):
        return name in OPERATIONS
    numeric = module in _NUMERIC or (module == "keras" and name.endswith("DTypePolicy"))
    return name != "Lambda" and (numeric or name in _PLAIN or name in LAYERS)


def with_sizes(config: Mapping[str, Any], sizes: Mapping[tuple[str, ...], Sizes]) -> dict[str, Any]:
    """The configuration of a model with other input sizes: those of each inner model by its path, those of the model
    itself by the empty path.
    """
    changed: dict[str, Any] = _without_sizes(dict(config))
    changed.pop("compile_config", None)
    _put(changed, (), sizes)
    return changed


def _without_sizes(value: Any) -> Any:
    """A copy of a configuration without the shapes its layers were built for."""
    if isinstance(value, list):
        return [_without_sizes(item) for item in value]
    if isinstance(value, dict):
        return {name: _without_sizes(item) for name, item in value.items() if name != "build_config"}
    return value


def _put(model: dict[str, Any], path: tuple[str, ...], sizes: Mapping[tuple[str, ...], Sizes]) -> None:
    config = model["config"]
    config.pop("build_input_shape", None)
    layers = config["layers"]
    shapes = sizes.get(path)
    entries = [layer for layer in layers if layer["class_name"] == "InputLayer"]
    if shapes is not None and "output_layers" not in config and not entries and len(shapes) == 1:
        entry = {
            "module": "keras.layers",
            "class_name": "InputLayer",
            "registered_name": None,
            "config": {"name": "input"},
        }
        layers.insert(0, entry)
        entries = [entry]
    if shapes is not None and len(entries) == len(shapes):
        named = {spec_of(entry, "the input").name: entry for entry in entries}
        order = [leaf[0] for leaf in leaves(config["input_layers"])] if "input_layers" in config else list(named)
        for name, shape in zip(order, shapes, strict=True):
            inside = named[name]["config"]
            inside.pop("batch_input_shape", None)
            inside["batch_shape"] = list(shape)
    for layer in layers:
        for inner in (layer, layer.get("config", {}).get("layer")):
            if isinstance(inner, dict) and isinstance(inner.get("config", {}).get("layers"), list):
                outer = spec_of(layer, "a layer").name
                name = spec_of(inner, "a layer").name
                _put(inner, (*path, outer) if inner is layer else (*path, outer, name), sizes)


def copy_of(config: Mapping[str, Any], classes: Mapping[str, Any], *, trusted: bool) -> Any:
    """The model that Keras makes from a configuration, with weights that take no memory. ``classes`` are the user's
    own classes; code in the configuration is only run if it is ``trusted`` (the user's own live model).
    """
    keras = quiet_keras()
    from keras.src.saving.serialization_lib import ObjectSharingScope

    with _undisturbed(), catch_warnings(), keras.StatelessScope(), ObjectSharingScope():
        simplefilter("ignore")
        return keras.saving.deserialize_keras_object(dict(config), custom_objects=dict(classes), safe_mode=not trusted)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Restores random generators and the numbering of layer names afterwards."""
    from keras.src.backend.common import global_state

    state, counted = random.getstate(), "object_name_uids"
    names = deepcopy(global_state.get_global_attribute(counted))
    try:
        yield
    finally:
        random.setstate(state)
        global_state.set_global_attribute(counted, names)


def inner_layers(layer: Any) -> Mapping[str, Any]:
    """The layers of a model, or the inner layer of a wrapper, by name."""
    layers: Any = getattr(layer, "operations", None) or getattr(layer, "layers", None)
    if layers is None:
        layers = [layer.layer] if hasattr(layer, "layer") else []
    return {one.name: one for one in reversed(layers)}


def shapes_of(model: Any) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """The shapes of a model's arrays, and of those that are trained."""
    held, trained = ([tuple(one.shape) for one in part] for part in (model.weights, model.trainable_weights))
    return held, trained
