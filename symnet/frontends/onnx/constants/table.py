"""All operators on known arrays, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from symnet.frontends.onnx.call import Call
from symnet.frontends.onnx.constants.arithmetic import ARITHMETIC
from symnet.frontends.onnx.constants.creating import CREATED
from symnet.frontends.onnx.constants.rearrange import REARRANGED
from symnet.frontends.onnx.values import Array

__all__ = ["FOLDS"]

Fold = Callable[[Call], "Array | Sequence[Array] | None"]

#: Handlers by operator. One that returns ``None`` leaves the node to the layers.
FOLDS: Mapping[str, Fold] = {**ARITHMETIC, **REARRANGED, **CREATED}
