"""What torchvision needs to be imported where its compiled operators are missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["with_operators"]

R = TypeVar("R")

_KEPT: list[Any] = []  # a declaration lasts as long as its library

_NMS = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


def with_operators(load: Callable[[], R]) -> R:
    """What ``load`` gives, which imports torchvision.

    While it is imported, torchvision says what its operators give for tensors without numbers. Where its C++ extension is
    missing or was built for another torch, the operators ``nms`` and ``qnms`` do not exist and the import fails, though no
    classification model uses them. Then both are declared, without a body, and it is imported again. Not before: where the
    extension is there, it declares them itself, and twice is an error.
    """
    try:
        return load()
    except RuntimeError as refused:
        if "torchvision::" not in str(refused) or _KEPT:
            raise
    import torch

    made: Any = torch.library.Library
    library = made("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(name + _NMS)
    _KEPT.append(library)
    return load()
