"""The arguments of a call: tensors, arrays and sizes inside lists, dicts and slices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symnet.frontends.torch.symbolic_numbers import pinned
from symnet.frontends.torch.tensors import is_value

__all__ = [
    "INSPECTING",
    "WEIGHTED",
    "any_value",
    "flat",
    "is_array",
    "tensors_in",
    "with_numbers",
]

#: Functions that only inspect a tensor; on the model's own arrays they are called directly.
INSPECTING = frozenset((
    "__get__", "size", "dim", "numel", "nelement", "is_floating_point", "is_complex", "stride", "storage_offset", "data_ptr",
    "is_contiguous", "requires_grad_", "element_size", "__len__", "ndimension", "__hash__", "__repr__", "_assert", "is_tensor",
    "get_default_dtype", "is_storage", "is_same_size", "__set__", "get_device", "is_grad_enabled",
))  # fmt: skip


#: Functions whose other arguments are weights, or that take a parameter itself; with the index of the tensor argument.
WEIGHTED = {
    **dict.fromkeys((
        "linear", "bilinear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
        "embedding", "batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm", "prelu", "expand",
        "aten.batch_norm", "aten.instance_norm", "rnn_tanh_cell", "rnn_relu_cell", "lstm_cell", "gru_cell", "embedding_bag",
        "native_layer_norm", "native_group_norm", "native_batch_norm", "_native_batch_norm_legit",
    ), 0),
    "aten.embedding": 1,
}  # fmt: skip


def flat(items: Any, depth: int = 4) -> Iterator[Any]:
    """The items in arguments, including those in lists, dicts and slices up to this depth."""
    if isinstance(items, dict):
        items = items.values()
    for item in items:
        if depth and isinstance(item, tuple | list | dict):
            yield from flat(item, depth - 1)
        elif isinstance(item, slice):
            yield from (item.start, item.stop, item.step)
        else:
            yield item


def with_numbers(items: Any) -> Any:
    """The arguments with every size replaced by its usual number, at which it stays fixed."""
    if type(items) in (tuple, list):
        return type(items)(map(with_numbers, items))
    if isinstance(items, tuple) and type(items).__name__ == "Size":  # torch.Size only accepts integers
        return tuple(map(with_numbers, items))
    if isinstance(items, dict):
        return {name: with_numbers(item) for name, item in items.items()}
    if isinstance(items, slice):
        return slice(*map(with_numbers, (items.start, items.stop, items.step)))
    return pinned(items)


def any_value(items: Any) -> bool:
    """Whether a symbolic tensor is among the items."""
    return any(is_value(item) for item in flat(items))


def is_array(item: Any) -> bool:
    """Whether an item is a tensor with numbers."""
    import torch

    return isinstance(item, torch.Tensor) and not is_value(item)


def tensors_in(result: Any) -> Iterator[Any]:
    """The tensors in a module's result, in order."""
    if hasattr(result, "shape"):
        yield result
    elif isinstance(result, dict):
        yield from tensors_in(list(result.values()))
    elif isinstance(result, tuple | list):
        for item in result:
            yield from tensors_in(item)
