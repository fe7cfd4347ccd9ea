"""Candidate changes for a layer of Keras that refuses its input."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import permutations
from math import gcd, isqrt, prod
from typing import Any

from symnet.doctor.changes import Change
from symnet.doctor.keras.changing import (
    call_node,
    input_change,
    layer_before,
    put_path,
    tuple_of,
    with_arguments,
    with_arguments_inside,
)
from symnet.doctor.keras.for_joins import JOINS, for_join, for_last_two
from symnet.doctor.keras.recording import Call, Making, Sizes
from symnet.doctor.spots import Edit

__all__ = ["for_call", "rank_of"]

Proposals = Iterator[Change | None]


def for_call(making: Making, call: Call | None) -> Proposals:
    """Candidate changes for the call that failed; ``None`` for impossible ones. If the failing line calls no layer, it
    is assumed to join the two newest tensors.
    """
    if call is None:
        if len(making.calls) > 1:
            yield from for_last_two(making)
        return
    kind = call.kind
    if kind in JOINS and len(call.inputs) > 1:
        yield from for_join(making, call)
        return
    if not call.shapes:
        return
    rank = rank_of(call.layer)
    if rank is not None and len(call.shapes[0]) != rank:
        yield from _whole_sequence(making, call)
        yield from _of_rank(making, call, rank)
    elif _wrong_channels(call):
        pass  # with other windows the layer, built for other features, would be another layer
    elif hasattr(call.layer, "kernel_size") or hasattr(call.layer, "pool_size"):
        yield from _channels_last(making, call)
        yield from _groups(call)
        yield from _windows(making, call)
    elif kind == "Reshape":
        yield from _reshape(call)
    elif kind == "Permute":
        for cost, order in enumerate(permutations(range(1, len(call.shapes[0]) + 1))):
            if order != tuple(sorted(order)) or len(order) == 1:
                yield with_arguments(call, "argument", 1 + 0.1 * cost, dims=order)
    yield from _channels(making, call)


def _whole_sequence(making: Making, call: Call) -> Proposals:
    """Make an earlier recurrent layer return every step, or remove an earlier Flatten."""
    import keras

    source = making.calls[call.sources[0]] if call.sources and call.sources[0] >= 0 else None
    if source is None:
        return
    if source.kind == "Bidirectional" and source.layer.return_sequences is False:
        yield with_arguments_inside(source, "argument", 0.9, return_sequences=True)
    elif getattr(source.layer, "return_sequences", None) is False:
        yield with_arguments(source, "argument", 0.9, return_sequences=True)
    if source.kind in ("Flatten", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        node = call_node(source.made, source.kind)
        shown = (Edit.of(source.made.file, node, "layers.Identity()"),) if node is not None and source.made else ()
        put = ((put_path((source.number, None)), lambda layer: keras.layers.Identity()),)
        words = f"{source.name} left out"
        yield Change(words, "layer", 1.2, modules=put, shown=shown, code="layers.Identity()")


def rank_of(layer: Any) -> int | None:
    """The number of dimensions that the layer requires, besides the batch; ``None`` if any number is allowed."""
    kind = type(layer).__name__
    if kind in ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional"):
        return 2
    digits = [letter for letter in kind if letter.isdecimal()]
    windows = any(word in kind for word in ("Conv", "Pool", "UpSampling", "Padding", "Cropping"))
    return int(digits[-1]) + 1 if digits and windows and "LSTM" not in kind else None


def _last(call: Call) -> bool:
    return getattr(call.layer, "data_format", "channels_last") != "channels_first"


def _axes(call: Call, shape: Sizes) -> Sizes:
    return shape[:-1] if _last(call) else shape[1:]


def _windows(making: Making, call: Call) -> Proposals:
    layer, sizes = call.layer, _axes(call, call.shapes[0])
    name = "kernel_size" if hasattr(layer, "kernel_size") else "pool_size"
    kernel = getattr(layer, name)
    kernel = tuple(kernel) if isinstance(kernel, tuple | list) else (kernel,) * len(sizes)
    if getattr(layer, "padding", "") == "valid":
        yield with_arguments(call, "padding", 1, padding="same")
    if all(size is not None for size in sizes):
        smaller = tuple(min(k, size or 1) for k, size in zip(kernel, sizes, strict=True))
        if smaller != kernel:
            value = smaller[0] if len(set(smaller)) == 1 else smaller
            yield with_arguments(call, "argument", 1.5, **{name: value})
    seen = 0
    for before in reversed(making.calls[: call.number]):
        if hasattr(before.layer, "pool_size") and seen < 3:
            seen += 1
            yield with_arguments(before, "padding", 1.8 + 0.1 * seen, padding="same")
            yield with_arguments(before, "stride", 2 + 0.1 * seen, strides=1)
        elif hasattr(before.layer, "strides") and seen < 3 and max(tuple_of(before.layer.strides)) > 1:
            seen += 1
            yield with_arguments(before, "stride", 2 + 0.1 * seen, strides=1)


def _channels_last(making: Making, call: Call) -> Proposals:
    """Changes for images with their channels first, if the layer requires them last."""
    import keras

    shape = call.shapes[0]
    if not _last(call) or len(shape) < 3 or shape[0] not in (1, 3, 4) or shape[-1] in (1, 3, 4):
        return
    order = (*range(2, len(shape) + 1), 1)
    if call.sources[:1] == (-1,):
        yield input_change(making, 0, (*shape[1:], shape[0]), 0.8, "channels last")
    yield layer_before(call, 0, f"Permute({order})", lambda: keras.layers.Permute(order), "channels last", 0.9)


def _groups(call: Call) -> Proposals:
    groups = getattr(call.layer, "groups", 1)
    channels = call.shapes[0][-1] if _last(call) else call.shapes[0][0]
    if groups > 1 and channels is not None and channels % groups:
        shared = gcd(channels, call.layer.filters)
        ways = sorted((n for n in range(1, shared + 1) if shared % n == 0), key=lambda n: (abs(n - groups), n))
        for rank, way in enumerate(ways[:2]):
            yield with_arguments(call, "argument", 1 + 0.1 * rank, groups=way)


def _of_rank(making: Making, call: Call, rank: int) -> Proposals:
    """Changes for a tensor with too many or too few dimensions."""
    import keras

    shape = call.shapes[0]
    features = (shape[0] or 0) if shape else 0
    if len(shape) == 1 and rank == 3:
        sides = [side for side in range(2, isqrt(features) + 1) if features % side**2 == 0]
        sides.sort(key=lambda side: abs(features // side**2 - side))  # about as many channels as a side is long first
        for number, side in enumerate(sides[:2]):
            image = (side, side, features // side**2)
            make = partial(keras.layers.Reshape, image)
            yield layer_before(call, 0, f"Reshape({image})", make, f"Reshape({image})", 1.5 + 0.1 * number)
    if len(shape) == rank - 1:
        target = (*shape, 1)
        if None not in target:
            yield layer_before(call, 0, f"Reshape({target})", lambda: keras.layers.Reshape(target), "a channel", 1.5)
        else:
            yield layer_before(
                call,
                0,
                f"Reshape((-1, {shape[-1]}, 1))",
                lambda: keras.layers.Reshape((-1, shape[-1], 1)),
                "a channel",
                1.5,
            )
        if -1 in call.sources:
            yield input_change(making, 0, (*shape, 1), 2, "one channel")
    if len(shape) == rank + 1:
        steps = (-1, shape[-1])
        if rank == 2 and shape[-1] is not None:
            yield layer_before(
                call, 0, f"Reshape({steps})", lambda: keras.layers.Reshape(steps), "each place as a step", 1.5
            )
            wide = prod(size or 1 for size in shape[1:])
            if None not in shape[1:]:
                rows = (shape[0] if shape[0] is not None else -1, wide)
                yield layer_before(
                    call, 0, f"Reshape({rows})", lambda: keras.layers.Reshape(rows), "each row as a step", 1.6
                )
        if call.sources[:1] == (-1,):
            yield input_change(making, 0, shape[1:], 2, "the batch left out, which Keras adds by itself")


def _reshape(call: Call) -> Proposals:
    target, sizes = list(call.layer.target_shape), call.shapes[0]
    if None in sizes:
        return
    total = prod(size or 1 for size in sizes)
    for place, size in enumerate(target):
        rest = prod(one for other, one in enumerate(target) if other != place and one > 0)
        if rest and total % rest == 0 and total // rest != size and -1 not in [*target[:place], *target[place + 1 :]]:
            new = tuple(total // rest if other == place else one for other, one in enumerate(target))
            yield with_arguments(call, "argument", 1 + 0.1 * (len(target) - place), target_shape=new)
    for first in range(len(target) - 1):
        rest = prod(target[:first]) * prod(target[first + 2 :])
        if rest <= 0 or total % rest or min(target[first : first + 2]) < 1:
            continue
        wanted = total // rest
        ways = sorted((n for n in range(1, wanted + 1) if wanted % n == 0), key=lambda n: (abs(n - target[first]), n))
        for cost, one in enumerate(ways[:2]):
            two = (*target[:first], one, wanted // one, *target[first + 2 :])
            if two != tuple(target):
                yield with_arguments(call, "argument", 1.6 - 0.1 * first + 0.05 * cost, target_shape=two)
    if len(target) >= 2 and target[0] == target[1]:
        rest = prod(target[2:]) if min(target[2:], default=1) > 0 else 0
        side = next((n for n in range(1, total) if rest and n * n * rest == total), None)
        if side is not None and side != target[0]:
            yield with_arguments(call, "argument", 1.4, target_shape=(side, side, *target[2:]))


def _wrong_channels(call: Call) -> int | None:
    """The number of features that a built layer requires, if its input has another number."""
    spec = getattr(call.layer, "input_spec", None)
    axes = getattr(spec, "axes", None) or {}
    wanted: int | None = axes.get(-1) or axes.get(len(call.shapes[0]))
    return wanted if wanted and call.shapes and call.shapes[0][-1:] != (wanted,) else None


def _channels(making: Making, call: Call) -> Proposals:
    """Changes for a layer that was built for other features: the earlier layer returns these."""
    wanted = _wrong_channels(call)
    if not wanted:
        return
    shape = call.shapes[0]
    if call.sources[0] < 0:
        yield input_change(making, 0, (*shape[:-1], wanted), 2, f"{wanted} channels")
        return
    source = making.calls[call.sources[0]]
    for name in ("filters", "units"):
        if hasattr(source.layer, name):
            yield with_arguments(source, "argument", 1, **{name: wanted})
