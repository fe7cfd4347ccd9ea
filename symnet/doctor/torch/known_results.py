"""Results of layers of torch that were run before: many runs differ in one layer only, and no size depends on numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

__all__ = ["memory_kept", "result_of", "zeros"]

Shape = tuple[int, ...]

#: Layers whose results are new tensors that take long to calculate.
SLOW = ("Conv", "BatchNorm", "Linear", "MaxPool", "AvgPool", "LSTM", "GRU", "RNN", "InstanceNorm", "LayerNorm", "GroupNorm",
        "MultiheadAttention", "Upsample", "LazyConv")  # fmt: skip

#: For each layer by its settings, and the sizes of its inputs, the form of its result.
_RESULTS: dict[Any, Any] = {}


def result_of(module: Any, args: Any, named: Any, run: Callable[[], Any]) -> Any:
    """The result of a layer: that of ``run``, or zeros of the same sizes if an equal layer was run on such inputs before."""
    if not type(module).__name__.startswith(SLOW) or named or module._forward_hooks or module._forward_pre_hooks:
        return run()
    try:
        key = (_settings(module), _form(args))
        known = _RESULTS.get(key)
    except TypeError:  # settings that cannot be compared
        return run()
    if known is None:
        result = run()
        if _is_new(result, args):
            _RESULTS[key] = _form(result)
        return result
    return _made(known)


def _settings(module: Any) -> Any:
    """All that decides the sizes of a layer's result: its class, its plain attributes, the sizes of its parameters."""
    plain = tuple(
        (name, tuple(item) if type(item) is list else item)
        for name, item in vars(module).items()
        if type(item) in (int, float, bool, str, tuple, list, type(None))
    )
    held = tuple((name, _form(item)) for name, item in (*module._parameters.items(), *module._buffers.items()))
    parts = tuple((name, _settings(part)) for name, part in module._modules.items() if part is not None)
    return type(module), plain, held, parts


def _form(item: Any) -> Any:
    """Tensors as what describes them, in the tuples around them."""
    import torch

    if isinstance(item, torch.Tensor):
        return torch.Tensor, tuple(item.shape), item.dtype, str(item.device), item.is_contiguous()
    if type(item) in (tuple, list):
        return tuple(map(_form, item))
    return item


def _is_new(result: Any, args: Any) -> bool:
    """Whether the result consists of contiguous tensors with memory of their own."""
    import torch

    if type(result) is tuple:
        return all(_is_new(item, args) for item in result)
    if result is None:
        return True
    if type(result) is not torch.Tensor or not result.is_contiguous():
        return False
    return not any(isinstance(item, torch.Tensor) and item.data_ptr() == result.data_ptr() != 0 for item in args)


def _made(form: Any) -> Any:
    import torch

    if form is None:
        return None
    if form[:1] == (torch.Tensor,):
        return zeros(form[1], form[2], form[3])
    return tuple(map(_made, form))


@contextmanager
def memory_kept() -> Iterator[None]:
    """While this is active, runs reuse results and the memory of zero tensors."""
    try:
        yield
    finally:
        _memory.cache_clear()
        _RESULTS.clear()


def zeros(shape: Shape, kind: Any, device: str = "cpu", place: int = -1) -> Any:
    """A tensor in reused memory, which the system allocates slowly: integers are zeros, as they may be indices, and other numbers
    are arbitrary, as no size depends on them. ``place`` distinguishes two inputs of one shape.
    """
    held = _memory(shape, kind, device, place)
    return held.detach() if device == "meta" or kind.is_floating_point else held.detach().zero_()


@lru_cache(maxsize=256)
def _memory(shape: Shape, kind: Any, device: str, place: int) -> Any:
    import torch

    return torch.zeros(shape, dtype=kind, device=device)
