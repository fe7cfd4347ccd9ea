"""Arguments of a call in the order in which the function declares them.

``torch.arange(0, T, step=8)`` and ``torch.arange(0, T, 8)`` are the same call. The handlers of functions read arguments by their
positions, so names are turned into positions first: by the operator's schema for torch's compiled functions and methods, by the
signature for those that are written in Python.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

__all__ = ["in_order"]

#: Names that torch accepts for other names, as NumPy has them (torch/csrc/utils/python_arg_parser.cpp).
ALIASES = {"axis": "dim", "keepdims": "keepdim", "x": "input", "a": "input", "x1": "input", "x2": "other"}


def in_order(
    name: str,
    function: Callable[..., Any] | None,
    args: tuple[Any, ...],
    named: Mapping[str, Any],
    handler: Callable[..., Any] | None = None,
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The positional arguments, followed by those that were named and come next, and the other named ones. ``function`` is the
    function that was called, or ``None`` for the method ``name`` of a tensor. No more names become positions than ``handler`` has,
    if there is one: functions written in Python pass all of their arguments on by name.
    """
    if not named:
        return args, {}
    for positions, others in _declared(name, function):
        known = {ALIASES.get(one, one) if one not in (*positions, *others) else one: one for one in named}
        after = positions[len(args) :]
        if len(args) > len(positions) or not set(known) <= {*after, *others}:
            continue
        moved = []
        for one in after:
            if one not in known:
                break
            moved.append(known[one])
        while True:
            ordered = (*args, *(named[one] for one in moved))
            others_by_name = {one: named[other] for one, other in known.items() if other not in moved}
            if not moved or handler is None or _takes(handler, ordered, others_by_name):
                return ordered, others_by_name
            moved.pop()
    return args, dict(named)


def _takes(handler: Callable[..., Any], args: tuple[Any, ...], named: Mapping[str, Any]) -> bool:
    """Whether a handler can be called with these arguments; ``out`` is dealt with for all of them."""
    try:
        _signature(handler).bind(None, *args, **{one: item for one, item in named.items() if one != "out"})
    except TypeError:
        return False
    return True


_signature = cache(inspect.signature)


@cache
def _declared(name: str, function: Callable[..., Any] | None) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """The names of the positional arguments and of the others, for each way in which the function may be called."""
    import torch

    function = getattr(torch.Tensor, name, None) if function is None else function
    try:
        given = [inspect.signature(function)] if inspect.isfunction(function) else []
    except (TypeError, ValueError):
        given = []
    if given:
        kinds = [(one.name, one.kind) for one in given[0].parameters.values()]
        if any(kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD) for _, kind in kinds):
            return ()
        return (
            (
                tuple(one for one, kind in kinds if kind is not inspect.Parameter.KEYWORD_ONLY),
                tuple(one for one, kind in kinds if kind is inspect.Parameter.KEYWORD_ONLY),
            ),
        )
    plain = name.removeprefix("aten.").removeprefix("nn.")
    schemas = torch._C._jit_get_schemas_for_operator(f"aten::{plain}")
    return tuple(
        (
            tuple("input" if one.name == "self" else one.name for one in schema.arguments if not one.kwarg_only),
            tuple(one.name for one in schema.arguments if one.kwarg_only),
        )
        for schema in schemas
    )
