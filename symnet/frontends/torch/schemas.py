"""Importing torchvision if its compiled operators are missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["with_operators"]

R = TypeVar("R")

_KEPT: list[Any] = []  # a declaration lasts as long as its library object

_NMS = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


def with_operators(load: Callable[[], R]) -> R:
    """The result of ``load``, which imports torchvision. If its C++ extension is missing or built for another torch,
    the operators ``nms`` and ``qnms`` do not exist and the import fails, although no classification model uses them;
    then both are declared without a body, and ``load`` is called again. They are not declared in advance, because the
    extension does that itself, and declaring twice is an error.
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
