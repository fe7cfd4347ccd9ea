"""Models built without memory for their weights, whose numbers no size depends on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["weightless"]


@contextmanager
def weightless() -> Iterator[None]:
    """Arrays that a constructor makes to be initialized later have sizes and no numbers; what it calculates with has both.

    A model of 600 million parameters is built at once then, where its initialization would take minutes and gigabytes.
    """
    import torch
    from torch.overrides import TorchFunctionMode

    made = (torch.empty, torch.zeros, torch.ones)

    class Mode(TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            named = dict(kwargs or {})
            if func in made:
                named["device"] = "meta"
            return func(*args, **named)

    with Mode():
        yield
