"""Which doctor a model needs: that of its framework, or that of notation."""

from __future__ import annotations

import sys
from typing import Any

from symnet.doctor.diagnosis import Diagnosis
from symnet.errors import SymnetError

__all__ = ["doctor"]


def doctor(model: Any, *shapes: Any) -> Diagnosis:
    """Where a network breaks, why, and changes that are proven to mend it; or that nothing breaks, and for which sizes.

    ``model`` is a ``torch.nn.Module``, a model or layer of Keras, or notation; ``shapes`` are the shapes of its inputs without the batch,
    each ``(3, 224, 224)`` or ``"3*224*224"``; integers for an embedding are taken by themselves.
    """
    given = tuple(_shape(shape) for shape in shapes)
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(model, torch.nn.Module):
        from symnet.doctor.torch.diagnosing import diagnose_torch

        return diagnose_torch(model, given, type(model).__name__)
    raise SymnetError(f"doctor takes a model of PyTorch or Keras, or notation; got {model!r:.60}")


def _shape(shape: Any) -> tuple[Any, ...]:
    if isinstance(shape, str):
        from symnet.frontends.source import input_sizes

        kind, _, rest = shape.rpartition(":")
        if kind == "int":
            return ("int", *input_sizes([rest]))
        return tuple(input_sizes([shape]))
    if not isinstance(shape, tuple | list):
        raise SymnetError(f"a shape is a tuple of sizes such as (3, 224, 224), got {shape!r:.60}")
    return tuple(shape)
