"""The copy of a user's model that symnet runs, so that the user's model does not change."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from threading import get_ident
from types import CellType, FunctionType
from typing import Any

from symnet.frontends.torch.lazy import is_open
from symnet.frontends.torch.sizes_on_meta import result_on_meta

__all__ = ["compiling", "model_copy", "same_random_numbers", "without_numbers"]

#: Buffers with at most so many entries keep their numbers, because the model's code may read them (tables of indices).
KEPT_ENTRIES = 1 << 22

#: Values of attributes that a copy shares.
_PLAIN = (int, float, bool, str, tuple, type(None))


def model_copy(model: Any) -> Any:
    """A copy of a model whose parameters are on the device ``meta``; code, settings and caches are copied, and what
    cannot be copied (a lock, an open file) is shared.
    """
    tensors: dict[int, Any] = {}
    for held in model.parameters():
        _without_numbers(held, tensors)
    for held in model.buffers():
        if is_open(held) or held.numel() > KEPT_ENTRIES:
            _without_numbers(held, tensors)
    for part in model.modules():
        _calculated(vars(part), tensors)
    for part in model.modules():
        _leaf(part, tensors)
    memo = dict(tensors)
    try:
        made = deepcopy(model, memo)
    except Exception:  # noqa: BLE001  # somebody else's class, which may raise anything when it is copied
        memo = dict(tensors)
        made = _by_attributes(model, memo)
    for part in made.modules():
        for hooks in (part._forward_hooks, part._forward_pre_hooks):
            for key, hook in hooks.items():
                hooks[key] = _with_own_cells(hook, memo)
    return made


def _without_numbers(held: Any, memo: dict[int, Any]) -> None:
    """Registers a tensor on the device ``meta`` as the copy of a parameter or buffer."""
    import torch

    if is_open(held):
        memo[id(held)] = type(held)(requires_grad=held.requires_grad, dtype=held.dtype, device="meta")
        return
    if type(held) not in (torch.Tensor, torch.nn.Parameter):  # it is quantized
        return
    made = torch.empty_strided(held.shape, held.stride(), dtype=held.dtype, device="meta")
    if isinstance(held, torch.nn.Parameter):
        made = torch.nn.Parameter(made, requires_grad=held.requires_grad)
    made.__dict__.update(held.__dict__)
    memo[id(held)] = made


def _leaf(part: Any, memo: dict[int, Any]) -> None:
    """Registers a copy of a layer of torch without parts of its own: its attributes are plain, so that nothing below them needs to
    be copied, which takes most of the time for many layers.
    """
    import torch

    if not type(part).__module__.startswith("torch.nn.modules.") or part._modules or id(part) in memo:
        return
    made: dict[str, Any] = {}
    for name, item in vars(part).items():
        if name in ("_parameters", "_buffers"):
            if not all(held is None or id(held) in memo for held in item.values()):
                return
            made[name] = {key: None if held is None else memo[id(held)] for key, held in item.items()}
        elif isinstance(item, dict | set) and not item:
            made[name] = item.copy()
        elif isinstance(item, _PLAIN) and (not isinstance(item, tuple) or all(isinstance(one, _PLAIN) for one in item)):
            made[name] = item
        elif name == "_non_persistent_buffers_set":
            made[name] = set(item)
        else:
            return
    copy = torch.nn.Module.__new__(type(part))
    vars(copy).update(made)
    memo[id(part)] = copy


def _calculated(items: Any, memo: dict[int, Any], depth: int = 4) -> None:
    """Registers tensors with the same numbers as copies of computed tensors, which refuse to be copied."""
    import torch

    for item in list(items.values() if isinstance(items, dict) else items):
        if isinstance(item, torch.Tensor):
            if id(item) not in memo and not item.is_leaf:
                memo[id(item)] = item.detach().clone()
        elif depth and type(item) in (dict, list, tuple, set):
            _calculated(item, memo, depth - 1)


def _by_attributes(model: Any, memo: dict[int, Any]) -> Any:
    """A copy of a model made attribute by attribute; what cannot be copied is shared."""
    import torch

    parts = list(model.modules())
    for part in parts:
        memo[id(part)] = part.__class__.__new__(part.__class__)
    for part in parts:
        made: dict[str, Any] = {}
        for name, item in vars(part).items():
            try:
                made[name] = deepcopy(item, memo)
            except Exception:  # noqa: BLE001
                made[name] = item
        torch.nn.Module.__setstate__(memo[id(part)], made)
    return memo[id(model)]


def _with_own_cells(hook: Any, memo: dict[int, Any]) -> Any:
    """A hook whose closure holds copies of lists and dicts, so that it does not write into the original ones."""
    if not isinstance(hook, FunctionType) or not hook.__closure__:
        return hook
    cells = []
    for cell in hook.__closure__:
        try:
            cells.append(CellType(deepcopy(cell.cell_contents, memo)))
        except Exception:  # noqa: BLE001  # an empty cell, or what cannot be copied
            cells.append(cell)
    made = FunctionType(hook.__code__, hook.__globals__, hook.__name__, hook.__defaults__, tuple(cells))
    made.__kwdefaults__ = hook.__kwdefaults__
    return made


@contextmanager
def same_random_numbers() -> Iterator[None]:
    """Restores the random generators afterwards."""
    import torch

    numpy = sys.modules.get("numpy")
    plain, arrays = random.getstate(), numpy.random.get_state() if numpy else None
    try:
        with torch.random.fork_rng(devices=[]):
            yield
    finally:
        random.setstate(plain)
        if numpy:
            numpy.random.set_state(arrays)


@contextmanager
def compiling(thread: int) -> Iterator[None]:
    """Makes ``torch.compiler.is_compiling()`` true in this thread, because models check it before they look at numbers
    only to warn or to take a shortcut.
    """
    import torch

    plain = torch.compiler.is_compiling
    torch.compiler.is_compiling = lambda: get_ident() == thread or plain()
    try:
        yield
    finally:
        torch.compiler.is_compiling = plain


def without_numbers(quickly: bool = False) -> Any:
    """Inside this context, an operation on tensors with and without numbers gives one on the device ``meta``; ``quickly`` without
    torch where the sizes of its result are known, so that nothing else can count the operation.
    """
    import torch
    import torch.utils._pytree as tree
    from torch.utils._python_dispatch import TorchDispatchMode

    class OnMeta(TorchDispatchMode):  # type: ignore[misc]
        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            items, spec = tree.tree_flatten((args, kwargs or {}))
            arrays = [isinstance(item, torch.Tensor) for item in items]
            if any(array and item.is_meta for array, item in zip(arrays, items, strict=True)):
                items = [item.to("meta") if array else item for array, item in zip(arrays, items, strict=True)]
            args, kwargs = tree.tree_unflatten(items, spec)
            return result_on_meta(func, args, kwargs) if quickly and any(arrays) else func(*args, **kwargs)

        @classmethod
        def _should_skip_dynamo(cls) -> bool:
            """Nothing here is compiled, so torch's compiler need not be imported, which takes seconds."""
            return False

    return OnMeta()
