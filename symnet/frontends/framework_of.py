"""Which framework an object belongs to, without importing a framework: objects of one that is not loaded cannot exist."""

from __future__ import annotations

import sys
from typing import Any, Literal

__all__ = ["KERAS_FILES", "MODEL_FILES", "Framework", "framework_of", "framework_of_class"]

#: How names of files with a model end: of Keras, and of any framework.
KERAS_FILES = (".keras", ".h5", ".hdf5", ".json")
MODEL_FILES = (*KERAS_FILES, ".onnx")

Framework = Literal["torch", "keras", "onnx"]

#: The base class of the models and layers of each framework.
_BASES: tuple[tuple[Framework, str, str], ...] = (
    ("torch", "torch.nn", "Module"),
    ("keras", "keras", "Layer"),
    ("onnx", "onnx", "ModelProto"),
)


def framework_of(value: Any) -> Framework | None:
    """The framework of which ``value`` is a model or a layer; ``None`` for anything else, including a class.

    >>> framework_of("net.py") is None
    True
    """
    return None if isinstance(value, type) else framework_of_class(type(value))


def framework_of_class(kind: type) -> Framework | None:
    """The framework whose models have this class or one of its base classes; ``None`` if there is none."""
    for framework, module, name in _BASES:
        base = getattr(sys.modules.get(module), name, None)
        if isinstance(base, type) and issubclass(kind, base):
            return framework
    return None
