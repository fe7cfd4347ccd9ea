"""Results of layers of torch that were run before: many runs differ in one layer only, and no size depends on numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from math import prod
from mmap import mmap
from typing import Any

__all__ = ["memory_kept", "of_one_step", "result_of", "zeros"]

Shape = tuple[int, ...]

#: Layers whose results are new tensors that take long to calculate.
SLOW = ("Conv", "BatchNorm", "Linear", "MaxPool", "AvgPool", "LSTM", "GRU", "RNN", "InstanceNorm", "LayerNorm", "GroupNorm",
        "MultiheadAttention", "Upsample", "LazyConv")  # fmt: skip

#: For each layer by its settings, and the sizes of its inputs, the form of its result.
_RESULTS: dict[Any, Any] = {}


def result_of(module: Any, args: Any, named: Any, run: Callable[[Any], Any], batch: int) -> Any:
    """The result of a layer: that of ``run`` with these arguments, or zeros of the same sizes if an equal layer was run on such
    inputs before, with any batch.
    """
    if not type(module).__name__.startswith(SLOW) or named or module._forward_hooks or module._forward_pre_hooks:
        return run(args)
    size = batch if _each_example_alike(module, args) else None
    try:
        key = (_settings(module), _form(args, size))
        known = _RESULTS.get(key)
    except TypeError:  # settings that cannot be compared
        return run(args)
    if known is None:
        result = run(args)
        if _is_new(result, args):
            _RESULTS[key] = _form(result, size)
        return result
    return _made(known, batch)


#: Layers that do the same to each example, and the number of axes of their inputs if that is fixed.
ALIKE = {
    f"{kind}{count}d": count + 2
    for kind in ("Conv", "ConvTranspose", "MaxPool", "AvgPool", "InstanceNorm")
    for count in (1, 2, 3)
}
ALIKE |= {f"BatchNorm{count}d": count + 2 for count in (2, 3)} | {"Linear": 0, "LayerNorm": 0, "GroupNorm": 0}


def _each_example_alike(module: Any, args: Any) -> bool:
    """Whether the first size of the layer's input is that of the batch, which its result has, too, and which changes nothing else."""
    rank = ALIKE.get(type(module).__name__)
    return rank is not None and len(args) == 1 and args[0].ndim == (rank or max(args[0].ndim, 2))


def of_one_step(module: Any, args: Any, run: Callable[[Any], Any]) -> Any:
    """The result of a recurrent layer that is run on the first step alone, as it does the same at each: torch writes the steps one
    after another on the device ``meta``.
    """
    import torch

    x: Any = args[0] if args else None
    if not isinstance(module, torch.nn.RNNBase) or type(x) is not torch.Tensor or x.ndim not in (2, 3):
        return run(args)
    axis = 1 if module.batch_first and x.ndim == 3 else 0
    steps = x.shape[axis]
    if steps < 2:
        return run(args)
    result = run((x.narrow(axis, 0, 1).contiguous(), *args[1:]))
    shape = [steps if place == axis else size for place, size in enumerate(result[0].shape)]
    return zeros(tuple(shape), x.dtype, str(x.device)), *result[1:]


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


def _form(item: Any, batch: int | None = None) -> Any:
    """Tensors as what describes them, in the tuples around them; -1 stands for the batch as their first size."""
    import torch

    if isinstance(item, torch.Tensor):
        shape = tuple(item.shape)
        if batch is not None and shape[:1] == (batch,):
            shape = (-1, *shape[1:])
        return torch.Tensor, shape, item.dtype, str(item.device), item.is_contiguous()
    if type(item) in (tuple, list):
        return tuple(_form(one, batch) for one in item)
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


def _made(form: Any, batch: int) -> Any:
    import torch

    if form is None:
        return None
    if form[:1] == (torch.Tensor,):
        return zeros(tuple(batch if size < 0 else size for size in form[1]), form[2], form[3])
    return tuple(_made(one, batch) for one in form)


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

    size = prod(shape) * kind.itemsize
    if device == "cpu" and size > 1 << 20:  # memory that the system makes only where it is used
        return torch.frombuffer(mmap(-1, size), dtype=kind).reshape(shape)
    return torch.zeros(shape, dtype=kind, device=device)
