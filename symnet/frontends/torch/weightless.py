"""Building models without memory for their weights, on which no size depends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["weightless"]

#: The largest number of entries of a tensor that is made with its numbers.
SMALL = 1 << 14


@contextmanager
def weightless() -> Iterator[None]:
    """Inside this context, torch.empty-style allocations go to the meta device; other tensors stay real. A model with
    600 million parameters is then built at once, instead of in minutes. Small square matrices of ones are real, too: ``torch.tril``,
    which makes masks of them, does not run on the meta device, for which torch loads its compiler.
    """
    import torch
    from torch.overrides import TorchFunctionMode

    made = (torch.empty, torch.zeros, torch.ones)

    class Mode(TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            named = kwargs or {}
            if func in made:
                without = func(*args, **{**named, "device": "meta"})
                square = without.ndim == 2 and without.shape[0] == without.shape[1]
                if func is not torch.ones or not square or without.numel() > SMALL:
                    return without
            return func(*args, **named)

    with Mode():
        yield
