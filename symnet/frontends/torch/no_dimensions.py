"""Functions along dimensions for a tensor that has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

__all__ = ["of_one_entry"]


class _Trace(Protocol):
    def function(self, name: str, args: tuple[Any, ...], named: Mapping[str, Any], function: Any = None) -> Any:
        """The result of a function or method of torch."""


def of_one_entry(trace: _Trace, handler: Callable[..., Any], args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
    """The result of a function along dimensions for a tensor without dimensions, treated as a tensor with one entry."""
    import torch.utils._pytree as tree

    row = trace.function("reshape", (args[0], 1), {})
    leaves, spec = tree.tree_flatten(handler(trace, row, *args[1:], **named))
    return tree.tree_unflatten([trace.function("reshape", (leaf, ()), {}) for leaf in leaves], spec)
