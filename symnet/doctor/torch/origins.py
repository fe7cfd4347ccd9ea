"""The sizes of its inputs on which a size of a call's output depends, found by running the call on other sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from symnet.doctor.torch.recording import Call, Shape, one_thread

__all__ = ["depends_on", "with_tensors"]

#: A dimension of one of the inputs: the number of the input, and the dimension.
Place = tuple[int, int]


def depends_on(call: Call, dim: int) -> tuple[Place, ...]:
    """The dimensions of the call's inputs that change dimension ``dim`` of its first output; empty if none does, or if the call
    takes no other sizes.

    A dimension that the call takes at this size only, as both sides of a sum, is changed together with those of the
    same size.
    """
    shapes = call.shapes
    places = [(number, place) for number, shape in enumerate(shapes) for place in range(len(shape))]
    now = call.results[0][dim] if call.results and dim < len(call.results[0]) else None
    if now is None or not places:
        return ()
    kept = call.module is not None and len(shapes) == 1 and len(shapes[0]) == len(call.results[0])
    if kept and (shapes[0][dim] == now or hasattr(call.module, "kernel_size")):
        return ((0, dim),)  # layers of torch keep the order of the dimensions
    with one_thread():
        return _tried(call, places, dim, now)


def _tried(call: Call, places: Sequence[Place], dim: int, now: int) -> tuple[Place, ...]:
    shapes = call.shapes
    found: list[Place] = []
    fixed: list[Place] = []
    for place in places:
        sizes = _sizes_with(call, [place], dim)
        if sizes is None:
            fixed.append(place)
        elif sizes != now:
            found.append(place)
    if found:
        return tuple(found)
    for group in _groups(fixed, shapes):
        sizes = _sizes_with(call, group, dim)
        if sizes not in (None, now):
            return group[:1]
    same = [(number, dim) for number, shape in enumerate(shapes) if shape == call.results[0] and (number, dim) in fixed]
    return tuple(same[:1])  # no other size may be given, as one of its arguments repeats this one


def _groups(fixed: Sequence[Place], shapes: Sequence[Shape]) -> Iterator[tuple[Place, ...]]:
    """Dimensions that may have to stay equal: those of one size at the same distance from the end first, then all of one size."""
    aligned: dict[tuple[int, int], list[Place]] = {}
    equal: dict[int, list[Place]] = {}
    for number, place in fixed:
        size = shapes[number][place]
        aligned.setdefault((size, len(shapes[number]) - place), []).append((number, place))
        equal.setdefault(size, []).append((number, place))
    yield from map(tuple, dict.fromkeys(map(tuple, (*aligned.values(), *equal.values()))))


def _sizes_with(call: Call, places: Sequence[Place], dim: int) -> int | None:
    """The size of the output's dimension ``dim`` after a change of the dimensions ``places``: twice their size, else one or two
    entries more; ``None`` if the call refuses all of these.
    """
    import torch

    for factor, more in ((2, 0), (1, 1), (1, 2)):
        shapes = [list(shape) for shape in call.shapes]
        for number, place in places:
            shapes[number][place] = factor * shapes[number][place] + more
        given = [
            torch.zeros(shape, dtype=item.dtype, device=item.device)
            for shape, item in zip(shapes, call.inputs, strict=True)
        ]
        with suppress(Exception), torch.no_grad():  # a function of torch, which may refuse other sizes
            args, named = with_tensors(call, given)
            result = call.function(*args, **named)
            first = next(_tensors(result), None)
            if first is not None and first.ndim == len(call.results[0]):
                return int(first.shape[dim])
    return None


def with_tensors(call: Call, given: Sequence[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of the call, with the tensors ``given`` in the place of its own, in their order."""
    waiting = iter(given)
    return tuple(_replaced(item, waiting) for item in call.args), {
        name: _replaced(item, waiting) for name, item in call.named.items()
    }


def _replaced(item: Any, waiting: Iterator[Any]) -> Any:
    import torch

    if isinstance(item, torch.Tensor):
        return next(waiting)
    if isinstance(item, dict):
        return {name: _replaced(part, waiting) for name, part in item.items()}
    if type(item) in (list, tuple):
        return type(item)(_replaced(part, waiting) for part in item)
    return item


def _tensors(item: Any) -> Iterator[Any]:
    import torch

    if isinstance(item, torch.Tensor):
        yield item
    elif isinstance(item, tuple | list):
        for part in item:
            yield from _tensors(part)
