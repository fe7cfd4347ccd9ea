"""Modules whose parameters take their sizes from the first tensor that they read, such as ``torch.nn.LazyConv2d``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet.frontends.torch.known import Known
from symnet.frontends.torch.tensors import is_value

__all__ = ["has_open_sizes", "is_open", "take_sizes"]


def is_open(held: Any) -> bool:
    """Whether a parameter or buffer has no sizes yet."""
    from torch.nn.parameter import is_lazy

    return bool(is_lazy(held))


def has_open_sizes(module: Any) -> bool:
    """Whether a parameter or buffer of the module or of its parts has no sizes yet."""
    return any(map(is_open, module.parameters())) or any(map(is_open, module.buffers()))


def take_sizes(module: Any, args: Sequence[Any], known: Known) -> None:
    """Gives the module's own parameters their sizes, as its first call in torch does. Where the tensors that it reads have symbolic
    sizes these are the usual numbers; the layer that holds the parameters then asks that they fit.
    """
    import torch

    if not hasattr(type(module), "_infer_parameters") or not module.has_uninitialized_params():
        return
    inputs = [
        torch.empty([known.value(size) for size in item.sizes], dtype=item.kind, device="meta")
        if is_value(item)
        else item
        for item in args
    ]
    module._infer_parameters(module, tuple(inputs))
