"""Arguments of a layer's call as Keras serializes them: tensors by their history, slices, constants, and lists of
these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from symnet.errors import ModelError

__all__ = ["Constant", "Ref", "arguments", "flat", "leaves", "reference", "replaced"]


@dataclass(frozen=True)
class Ref:
    """A reference to a tensor: output ``output`` of call ``call`` of a layer, and the shape that Keras recorded, with
    the batch first.
    """

    layer: str
    call: int
    output: int
    shape: tuple[int | None, ...] | None = None


@dataclass(frozen=True)
class Constant:
    """A constant array, of which only the shape is kept."""

    shape: tuple[int, ...]


def reference(value: Any) -> Ref | None:
    """``["name", 0, 0]`` as a reference; ``None`` for anything else."""
    match value:
        case [str(name), int(call), int(output), *_]:
            return Ref(name, call, output)
    return None


def arguments(node: Any, where: str) -> tuple[list[Any], dict[str, Any]]:
    """The positional and named arguments of a call. Keras 3 serializes args and kwargs with tensors by their history;
    Keras 2 a list of tensors, each with the named arguments of the call. Raises :class:`ModelError` for another form;
    ``where`` names the layer.
    """
    if isinstance(node, Mapping):
        args, kwargs = _read(node.get("args", [])), _read(node.get("kwargs", {}))
        if isinstance(args, list) and isinstance(kwargs, dict):
            return args, kwargs
    elif isinstance(node, list):
        refs = [reference(node)] if reference(node) else [reference(item) for item in node]
        named = [item[3] for item in node if isinstance(item, list) and len(item) > 3 and isinstance(item[3], Mapping)]
        if refs and None not in refs:
            kwargs = {name: reference(value) or _read(value) for name, value in (named[0] if named else {}).items()}
            return [refs[0] if len(refs) == 1 else refs], kwargs
    raise ModelError(f"Keras: {where}: its inbound_nodes are of no known form")


def _read(value: Any) -> Any:
    """A serialized value: references, slices and constants for tensors, slices and arrays; lists and dicts as they
    are.
    """
    if isinstance(value, list | tuple):
        return [_read(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    kind, config = value.get("class_name"), value.get("config")
    if not isinstance(kind, str):
        return {str(name): _read(item) for name, item in value.items()}
    match kind, config:
        case "__keras_tensor__", {"keras_history": history, **rest}:
            ref = reference(history)
            if ref is not None:
                return Ref(ref.layer, ref.call, ref.output, _shape(rest.get("shape")))
        case "__slice__", {"start": start, "stop": stop, "step": step}:
            return slice(start, stop, step)
        case "__ellipsis__", _:
            return Ellipsis
        case "__tuple__", _:
            return _read(value.get("items", config) or [])
        case (("__tensor__" | "__numpy__"), {"value": numbers}):
            return Constant(_extent(numbers))
    return dict(value)


def _shape(value: Any) -> tuple[int | None, ...] | None:
    if isinstance(value, list | tuple) and all(size is None or isinstance(size, int) for size in value):
        return tuple(value)
    return None


def _extent(numbers: Any) -> tuple[int, ...]:
    found = []
    while isinstance(numbers, list):
        found.append(len(numbers))
        numbers = numbers[0] if numbers else None
    return tuple(found)


def flat(value: Any) -> Iterator[Any]:
    """The leaves of nested lists and dicts, with dicts in the order of their keys, as Keras flattens them."""
    if isinstance(value, Mapping):
        for _, item in sorted(value.items()):
            yield from flat(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from flat(item)
    else:
        yield value


def leaves(value: Any) -> Iterator[Any]:
    """The references among the inputs or outputs of a model: one ``["a", 0, 0]``, or several in lists and dicts."""
    if isinstance(value, Mapping):
        for _, item in sorted(value.items()):
            yield from leaves(item)
    elif reference(value) is None and isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def replaced(value: Any, tensors: Mapping[tuple[str, int, int], Any]) -> Any:
    """``value`` with the tensor of each reference in its place."""
    if isinstance(value, Ref):
        return tensors[value.layer, value.call, value.output]
    if isinstance(value, list):
        return [replaced(item, tensors) for item in value]
    if isinstance(value, dict):
        return {name: replaced(item, tensors) for name, item in value.items()}
    return value
