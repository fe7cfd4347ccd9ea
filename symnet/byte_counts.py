"""What bytes are counted for: the types of numbers, and the optimizers of training."""

from __future__ import annotations

from typing import Any

from symnet.errors import TermError

__all__ = ["BYTES", "OPTIMIZERS", "require_known"]

#: The bytes of one number of each type.
BYTES = {"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "int8": 1}

#: How many numbers each optimizer keeps for every trainable parameter, besides the parameter and its gradient.
OPTIMIZERS = {"sgd": 0, "momentum": 1, "adam": 2}


def require_known(dtype: Any, train: Any) -> None:
    """Raises :class:`symnet.TermError` unless ``dtype`` is one of :data:`BYTES`, and ``train`` one of :data:`OPTIMIZERS` or ``None``."""
    if not isinstance(dtype, str) or dtype not in BYTES:
        raise TermError(f"unknown dtype {dtype!r:.60}: use {', '.join(BYTES)}")
    if train is not None and (not isinstance(train, str) or train not in OPTIMIZERS):
        raise TermError(f"unknown optimizer {train!r:.60}: use {', '.join(OPTIMIZERS)}, or None without training")
