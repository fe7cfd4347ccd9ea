"""Candidate changes for Keras tensors of unequal sizes at a join: a layer of one branch, a crop, or padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symnet.doctor.changes import Change
from symnet.doctor.keras.changing import layer_before, tuple_of, with_arguments
from symnet.doctor.keras.recording import Call, Making

__all__ = ["JOINS", "for_join", "for_last_two"]

Proposals = Iterator[Change | None]

JOINS = ("Concatenate", "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Dot")


def _ways(making: Making, source: int) -> list[Call]:
    """The calls on which a tensor depends, the nearest first."""
    found: dict[int, Call] = {}
    waiting = [source]
    while waiting:
        number = waiting.pop(0)
        if number >= 0 and number not in found:
            found[number] = making.calls[number]
            waiting += making.calls[number].sources
    return sorted(found.values(), key=lambda call: -call.number)


def for_join(making: Making, call: Call) -> Proposals:
    """Changes for a layer that joins tensors of unequal sizes."""
    first = call.shapes[0]
    for number, other in enumerate(call.shapes[1:], 1):
        if len(first) != len(other):
            yield from _of_other_ranks(call, 0, number)
            continue
        if first == other:
            continue
        ways = [_ways(making, call.sources[place]) for place in (0, number)]
        common = {one.number for one in ways[0]} & {one.number for one in ways[1]}
        alone = [[one for one in way if one.number not in common] for way in ways]
        gaps = [(a or 0) - (b or 0) for a, b in zip(first[:-1], other[:-1], strict=True)]
        if any(gaps):
            for sign, way in zip((-1, 1), alone, strict=True):
                yield from _resized(way, [sign * gap for gap in gaps])
            yield from _cut(call, 0, number, gaps)
        if call.kind != "Concatenate" and first[-1] != other[-1]:
            for way, wanted in ((alone[0], other[-1]), (alone[1], first[-1])):
                source = next(
                    (one for one in way if hasattr(one.layer, "filters") or hasattr(one.layer, "units")), None
                )
                if source is not None and wanted is not None:
                    name = "filters" if hasattr(source.layer, "filters") else "units"
                    yield with_arguments(source, "argument", 1.05, **{name: wanted})


def for_last_two(making: Making) -> Proposals:
    """Changes for a join of the two newest tensors, if the failing line calls no layer."""
    one, two = making.calls[-2:]
    if not one.outputs or not two.outputs:
        return
    joined = Call(
        len(making.calls), None, (one.outputs[0], two.outputs[0]), (one.number, two.number), making.spot, None
    )
    for change in for_join(making, joined):
        if change is not None and change.kind != "layer":
            yield change


def _resized(way: Sequence[Call], missing: Sequence[int]) -> Proposals:
    """Changes of a layer in one branch so that its output has ``missing`` more entries."""
    tried = 0
    for before in way:
        if not hasattr(before.layer, "kernel_size") and not hasattr(before.layer, "pool_size"):
            continue
        tried += 1
        if tried > 4:
            return
        if "Transpose" in before.kind:
            if max(missing) > 0 and min(missing) >= 0:
                padding = max(missing)
                if padding < min(tuple_of(before.layer.strides)):
                    base = before.layer.output_padding
                    now = max(tuple_of(base)) if base is not None else _own_output_padding(before)
                    yield with_arguments(before, "output_padding", 1 + 0.1 * tried, output_padding=now + padding)
            elif max(missing) < 0 and len(set(missing)) == 1:
                base = before.layer.output_padding
                now = max(tuple_of(base)) if base is not None else _own_output_padding(before)
                if now + missing[0] >= 0:
                    yield with_arguments(before, "output_padding", 1 + 0.1 * tried, output_padding=now + missing[0])
            continue
        if getattr(before.layer, "padding", "") == "valid":
            yield with_arguments(before, "padding", 1.2 + 0.1 * tried, padding="same")
        if hasattr(before.layer, "strides") and hasattr(before.layer, "filters"):
            for stride in (1, 2):
                if max(tuple_of(before.layer.strides)) != stride:
                    yield with_arguments(before, "stride", 1.8 + 0.1 * tried, strides=stride)


def _own_output_padding(call: Call) -> int:
    """The meaning of ``output_padding=None``: SAME gives size · stride, VALID the full size."""
    stride, kernel = max(tuple_of(call.layer.strides)), max(tuple_of(call.layer.kernel_size))
    reach = max(tuple_of(getattr(call.layer, "dilation_rate", 1))) * (kernel - 1) + 1
    return stride - reach % 2 if call.layer.padding == "same" else max(stride - reach, 0)


def _cut(call: Call, one: int, two: int, gaps: Sequence[int]) -> Proposals:
    """A crop of the larger tensor or padding of the smaller one at the join."""
    import keras

    if not any(gaps) or (min(gaps) < 0 < max(gaps)) or len(gaps) not in (1, 2, 3):
        return
    big, small = (one, two) if max(gaps) > 0 else (two, one)
    amounts = tuple((0, abs(gap)) for gap in gaps)
    count = len(gaps)
    crop = getattr(keras.layers, f"Cropping{count}D")
    pad = getattr(keras.layers, f"ZeroPadding{count}D")
    written: Any = amounts[0] if count == 1 else amounts
    yield layer_before(
        call, big, f"Cropping{count}D({written})", lambda: crop(written), "the larger cropped where they meet", 3
    )
    yield layer_before(
        call, small, f"ZeroPadding{count}D({written})", lambda: pad(written), "the smaller padded where they meet", 3.1
    )


def _of_other_ranks(call: Call, one: int, two: int) -> Proposals:
    import keras

    longer = one if len(call.shapes[one]) > len(call.shapes[two]) else two
    if len(call.shapes[longer]) in (2, 3, 4) and len(call.shapes[one if longer == two else two]) == 1:
        yield layer_before(call, longer, "Flatten()", keras.layers.Flatten, "flattened before they meet", 1.5)
        count = len(call.shapes[longer]) - 1
        pool = getattr(keras.layers, f"GlobalAveragePooling{count}D")
        yield layer_before(call, longer, f"GlobalAveragePooling{count}D()", pool, "the mean of each channel", 1.6)
