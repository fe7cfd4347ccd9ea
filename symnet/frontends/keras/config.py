"""The configuration of a layer, read with type checks, so that a broken value gives a readable error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symnet.errors import ModelError

__all__ = ["Config", "Spec", "spec_of"]


class Config:
    """The ``config`` of a layer; ``origin`` names the layer in messages. Its methods raise :class:`ModelError` for a
    value of another type.

    >>> Config({"units": 10}, "head (keras.layers.Dense)").number("units")
    10
    """

    def __init__(self, values: Mapping[str, Any], origin: str) -> None:
        self.values, self.origin = values, origin

    def get(self, name: str, otherwise: Any = None) -> Any:
        """A value without a check."""
        return self.values.get(name, otherwise)

    def number(self, name: str, otherwise: int | None = None) -> int:
        """An integer."""
        value = self.values.get(name, otherwise)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, "an integer", value)
        return value

    def sizes(self, name: str) -> tuple[int, ...]:
        """An integer, or one integer per axis."""
        return self.integers(self.values.get(name), name)

    def integers(self, value: Any, name: str) -> tuple[int, ...]:
        """``value`` as one or several integers; ``name`` is for the message."""
        items = value if isinstance(value, list | tuple) else [value]
        if not items or any(not isinstance(item, int) or isinstance(item, bool) for item in items):
            raise self._wrong(name, "integers", value)
        return tuple(items)

    def pairs(self, name: str) -> tuple[tuple[int, int], ...]:
        """(before, after) for each axis."""
        value = self.values.get(name)
        if isinstance(value, list) and len(value) == 2 and all(isinstance(item, int) for item in value):
            value = [value]  # a single axis
        if not isinstance(value, list):
            raise self._wrong(name, "pairs of integers", value)
        pairs = [self.integers(pair, name) for pair in value]
        if any(len(pair) != 2 for pair in pairs):
            raise self._wrong(name, "pairs of integers", value)
        return tuple((before, after) for before, after in pairs)

    def flag(self, name: str, otherwise: bool) -> bool:
        """A boolean."""
        value = self.values.get(name, otherwise)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false", value)
        return value

    def word(self, name: str, otherwise: str = "") -> str:
        """A text; ``otherwise`` if it is missing."""
        value = self.values.get(name)
        if value is None:
            return otherwise
        if not isinstance(value, str):
            raise self._wrong(name, "a word", value)
        return value

    def padding(self) -> str:
        """The padding mode of a window: valid, same or causal."""
        word = self.word("padding", "valid").lower()
        if word not in ("valid", "same", "causal"):
            raise self._wrong("padding", "valid, same or causal", word)
        return word

    def inner(self, name: str) -> Spec:
        """The inner layer of a wrapper."""
        return spec_of(self.values.get(name), f"{self.origin}: its {name!r}")

    def function(self, name: str = "activation") -> str | None:
        """The name of an activation; ``None`` if it is linear or missing."""
        value = self.values.get(name)
        if isinstance(value, Mapping):  # a serialized function or layer
            inner = value.get("config")
            value = inner if isinstance(inner, str) else value.get("class_name")
        return None if value in (None, "linear") else str(value).lower()

    def _wrong(self, name: str, what: str, value: Any) -> ModelError:
        got = "nothing" if value is None else repr(value)[:40]
        return ModelError(f"Keras: {self.origin}: {name!r} in its configuration should be {what}, got {got}")


#: Operations with which Keras computes masks; no layer of Keras has these names.
_MASKING = ("NotEqual", "Any", "Equal", "LogicalAnd", "LogicalOr", "LogicalNot")


@dataclass(frozen=True)
class Spec:
    """A layer in a configuration."""

    name: str
    module: str
    class_name: str
    config: Mapping[str, Any]
    #: the calls of the layer
    nodes: tuple[Any, ...] = ()
    #: the shape it was built for, with the batch first, if recorded
    built: tuple[int | None, ...] | None = None
    #: identifies the object if the file contains one object several times
    shared: int | None = None

    @property
    def title(self) -> str:
        """The class in messages: ``keras.layers.Dense``."""
        module = "keras.ops" if self.is_operation else self.module or "keras.layers"
        return f"{module}.{self.class_name}"

    @property
    def is_operation(self) -> bool:
        """Whether it is an operation of keras.ops; files of HDF5 do not say the module of those that compute masks."""
        return self.module.startswith("keras.src.ops") or (not self.module and self.class_name in _MASKING)

    @property
    def is_builtin(self) -> bool:
        """Whether the class belongs to Keras."""
        return self.module.partition(".")[0] in ("", "keras", "tf_keras") and not self.is_operation


def spec_of(value: Any, where: str) -> Spec:
    """A layer from its entry in a configuration. Raises :class:`ModelError` if the entry is not a layer."""
    if not isinstance(value, Mapping) or not isinstance(value.get("class_name"), str):
        raise ModelError(f"Keras: {where} is no layer")
    config = value.get("config")
    if not isinstance(config, Mapping):
        raise ModelError(f"Keras: {where} ({value['class_name']}) has no configuration")
    name = value.get("name") or config.get("name") or value["class_name"].lower()
    nodes = value.get("inbound_nodes") or ()
    if not isinstance(nodes, list | tuple):
        raise ModelError(f"Keras: {where} ({value['class_name']}): its inbound_nodes are no list")
    package, colon, _ = str(value.get("registered_name") or "").partition(">")
    module = value.get("module") or (package if colon else "")  # a user's class, registered under this name
    shared = value.get("shared_object_id")
    number = shared if isinstance(shared, int) else None
    built = _shape(value.get("build_config"))
    return Spec(str(name), str(module), value["class_name"], config, tuple(nodes), built, number)


def _shape(built: Any) -> tuple[int | None, ...] | None:
    """The shape that a layer was built for; ``None`` if it is missing or there are several."""
    shape = built.get("input_shape") if isinstance(built, Mapping) else None
    if isinstance(shape, list | tuple) and all(size is None or isinstance(size, int) for size in shape):
        return tuple(shape)
    return None
