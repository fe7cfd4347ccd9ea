"""Whose model a value is, asked without importing a framework: one that is not loaded has made nothing."""

from __future__ import annotations

import sys
from typing import Any, Literal

__all__ = ["Framework", "framework_of", "framework_of_class"]

Framework = Literal["torch", "keras", "onnx"]

#: The class of which every model, and every layer, of a framework is.
_BASES: tuple[tuple[Framework, str, str], ...] = (
    ("torch", "torch.nn", "Module"),
    ("keras", "keras", "Layer"),
    ("onnx", "onnx", "ModelProto"),
)


def framework_of(value: Any) -> Framework | None:
    """The framework of which ``value`` is a model or a layer; ``None`` for anything else, a class of models among it.

    >>> framework_of("net.py") is None
    True
    """
    return None if isinstance(value, type) else framework_of_class(type(value))


def framework_of_class(kind: type) -> Framework | None:
    """The framework whose models are of this class, or of one that it is derived from."""
    for framework, module, name in _BASES:
        base = getattr(sys.modules.get(module), name, None)
        if isinstance(base, type) and issubclass(kind, base):
            return framework
    return None
