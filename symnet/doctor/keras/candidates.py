"""What might help where a layer of Keras does not take what it is given."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from math import gcd, prod
from typing import Any

from symnet.doctor.changes import Change
from symnet.doctor.keras.recording import Call, Making, Sizes
from symnet.doctor.spots import Edit, Spot, calls_named, parsed
from symnet.doctor.torch.making import with_argument

__all__ = ["Put", "for_call", "input_change", "rank_of"]

Proposals = Iterator[Change | None]

#: Where a change is put in: the number of a call, and which of its inputs goes through a new layer before (``None``: the layer itself).
Put = tuple[int, int | None]

JOINS = ("Concatenate", "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Dot")


def for_call(making: Making, call: Call | None) -> Proposals:
    """Changes for the call that failed; some of them may be impossible. Where a line failed that calls no layer, the two tensors
    that were made last are taken for those that it joins."""
    if call is None:
        if len(making.calls) > 1:
            yield from _last_two(making)
        return
    kind = call.kind
    if kind in JOINS and len(call.inputs) > 1:
        yield from _join(making, call)
        return
    if not call.shapes:
        return
    rank = rank_of(call.layer)
    if rank is not None and len(call.shapes[0]) != rank:
        yield from _whole_sequence(making, call)
        yield from _of_rank(making, call, rank)
    elif _wrong_channels(call):
        pass  # it was built for other features, and would be another layer with other windows
    elif hasattr(call.layer, "kernel_size") or hasattr(call.layer, "pool_size"):
        yield from _channels_last(making, call)
        yield from _groups(call)
        yield from _windows(making, call)
    elif kind == "Reshape":
        yield from _reshape(call)
    elif kind == "Permute":
        for cost, order in enumerate(permutations(range(1, len(call.shapes[0]) + 1))):
            if order != tuple(sorted(order)) or len(order) == 1:
                yield _arguments(call, "argument", 1 + 0.1 * cost, dims=order)
    yield from _channels(making, call)


def _whole_sequence(making: Making, call: Call) -> Proposals:
    """A recurrent layer before it gives what comes of every step; a Flatten before it is left out."""
    import keras

    source = making.calls[call.sources[0]] if call.sources and call.sources[0] >= 0 else None
    if source is None:
        return
    if getattr(source.layer, "return_sequences", None) is False:
        yield _arguments(source, "argument", 0.9, return_sequences=True)
    if source.kind in ("Flatten", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        node = _call_node(source.made, source.kind)
        shown = (Edit.of(source.made.file, node, "layers.Identity()"),) if node is not None and source.made else ()
        put = ((_put_of((source.number, None)), lambda layer: keras.layers.Identity()),)
        words = f"{source.name} left out"
        yield Change(words, "layer", 1.2, modules=put, shown=shown, code="layers.Identity()")


def rank_of(layer: Any) -> int | None:
    """How many sizes besides the batch it takes."""
    kind = type(layer).__name__
    if kind in ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional"):
        return 2
    digits = [letter for letter in kind if letter.isdecimal()]
    windows = any(word in kind for word in ("Conv", "Pool", "UpSampling", "Padding", "Cropping"))
    return int(digits[-1]) + 1 if digits and windows and "LSTM" not in kind else None


def _put_of(put: Put) -> str:
    """Where a change is put in, as the path that changes have."""
    return f"{put[0]}" if put[1] is None else f"{put[0]}<{put[1]}"


def _rebuilt(changed: dict[str, Any]) -> Callable[[Any], Any]:
    def make(layer: Any) -> Any:
        return type(layer).from_config({**layer.get_config(), **changed})

    return make


def _call_node(spot: Spot | None, kind: str) -> ast.Call | None:
    if spot is None:
        return None
    node = spot.node
    if isinstance(node, ast.Call) and next(calls_named(node, kind), None) is node:
        return node
    tree = parsed(spot.file)
    there = [call for call in calls_named(tree, kind) if call.lineno == spot.line] if tree else []
    return there[0] if len(there) == 1 else None


def _arguments(call: Call, kind: str, cost: float, **changed: Any) -> Change:
    """The layer with other arguments."""
    words = ", ".join(f"{name}={value!r}" for name, value in changed.items())
    node = _call_node(call.made, call.kind)
    shown = with_argument(call.made.file, node, type(call.layer), changed) if node is not None and call.made else None
    put = ((_put_of((call.number, None)), _rebuilt(changed)),)
    code = f"layers.{call.kind}(…, {words})"
    return Change(f"{call.name}: {words}", kind, cost, modules=put, shown=shown or (), code=code)


def _before(
    call: Call, place: int, written: str, make: Callable[[], Any], words: str, cost: float, note: str = ""
) -> Change:
    """A layer through which an input of the call goes before; ``written`` is the call that makes it."""
    shown: tuple[Edit, ...] = ()
    node = call.spot.node if call.spot else None
    if isinstance(node, ast.Call) and call.spot is not None and node.args and not _is_sequence(node):
        items = node.args
        if isinstance(items[0], ast.List | ast.Tuple):
            items = list(items[0].elts)
        elif len(call.inputs) > 1:
            items = []
        if place < len(items):
            text = f"{_prefix(node)}{written}({ast.unparse(items[place])})"
            shown = (Edit.of(call.spot.file, items[place], text),)
    made = _call_node(call.made, call.kind) if not shown and len(call.inputs) == 1 else None
    if made is not None and call.made is not None:  # an item of a Sequential
        prefix = ast.unparse(made.func).removesuffix(call.kind)
        shown = (Edit.at(call.made.file, made.lineno, made.col_offset, f"{prefix}{written}, "),)
    put = ((_put_of((call.number, place)), lambda tensor: make()),)
    return Change(words, "layer", cost, modules=put, shown=shown, code=f"layers.{written}", note=note)


def _is_sequence(node: ast.Call) -> bool:
    """Whether it makes a Sequential, whose layers it calls."""
    return ast.unparse(node.func).rpartition(".")[2] == "Sequential"


def _prefix(node: ast.Call) -> str:
    """How the line names Keras's layers: ``layers.`` of ``layers.Concatenate()([a, b])``."""
    made = node.func
    while isinstance(made, ast.Call):
        made = made.func
    return (
        f"{ast.unparse(made.value)}."
        if isinstance(made, ast.Attribute) and ast.unparse(made.value) != "self"
        else "layers."
    )


def input_change(making: Making, place: int, sizes: Sequence[int | None], cost: float, note: str = "") -> Change:
    """Another input."""
    made = list(making.inputs)
    made[place] = tuple(sizes)
    words = " × ".join("?" if size is None else str(size) for size in sizes)
    written = f"({', '.join(map(str, sizes))}{',' * (len(sizes) == 1)})"
    spot = making.input_spots[place] if place < len(making.input_spots) else None
    node = spot.node if spot else None
    shown: tuple[Edit, ...] = ()
    if spot is not None and isinstance(node, ast.Call):
        given = next((word.value for word in node.keywords if word.arg in ("shape", "input_shape")), None)
        given = given or (node.args[0] if node.args else None)
        shown = (Edit.of(spot.file, given, written),) if given is not None else ()
    code = f"--input {'*'.join(map(str, sizes))}"
    return Change(f"an input of {words}", "input", cost, shapes=tuple(made), shown=shown, code=code, note=note)  # type: ignore[arg-type]


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
        yield _arguments(call, "padding", 1, padding="same")
    if all(size is not None for size in sizes):
        smaller = tuple(min(k, size or 1) for k, size in zip(kernel, sizes, strict=True))
        if smaller != kernel:
            value = smaller[0] if len(set(smaller)) == 1 else smaller
            yield _arguments(call, "argument", 1.5, **{name: value})
    seen = 0
    for before in reversed(making.calls[: call.number]):
        if hasattr(before.layer, "pool_size") and seen < 3:
            seen += 1
            yield _arguments(before, "padding", 1.8 + 0.1 * seen, padding="same")
            yield _arguments(before, "stride", 2 + 0.1 * seen, strides=1)
        elif hasattr(before.layer, "strides") and seen < 3 and max(_tuple(before.layer.strides)) > 1:
            seen += 1
            yield _arguments(before, "stride", 2 + 0.1 * seen, strides=1)


def _tuple(value: Any) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _channels_last(making: Making, call: Call) -> Proposals:
    """Images that come with their channels first, where the layer has them last."""
    import keras

    shape = call.shapes[0]
    if not _last(call) or len(shape) < 3 or shape[0] not in (1, 3, 4) or shape[-1] in (1, 3, 4):
        return
    order = (*range(2, len(shape) + 1), 1)
    if call.sources[:1] == (-1,):
        yield input_change(making, 0, (*shape[1:], shape[0]), 0.8, "channels last")
    yield _before(call, 0, f"Permute({order})", lambda: keras.layers.Permute(order), "channels last", 0.9)


def _groups(call: Call) -> Proposals:
    groups = getattr(call.layer, "groups", 1)
    channels = call.shapes[0][-1] if _last(call) else call.shapes[0][0]
    if groups > 1 and channels is not None and channels % groups:
        shared = gcd(channels, call.layer.filters)
        ways = sorted((n for n in range(1, shared + 1) if shared % n == 0), key=lambda n: (abs(n - groups), n))
        for rank, way in enumerate(ways[:2]):
            yield _arguments(call, "argument", 1 + 0.1 * rank, groups=way)


def _of_rank(making: Making, call: Call, rank: int) -> Proposals:
    """The tensor has too many sizes, or too few."""
    import keras

    shape = call.shapes[0]
    if len(shape) == rank - 1:
        target = (*shape, 1)
        if None not in target:
            yield _before(call, 0, f"Reshape({target})", lambda: keras.layers.Reshape(target), "a channel", 1.5)
        else:
            yield _before(
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
            yield _before(
                call, 0, f"Reshape({steps})", lambda: keras.layers.Reshape(steps), "each place as a step", 1.5
            )
            wide = prod(size or 1 for size in shape[1:])
            if None not in shape[1:]:
                rows = (shape[0] if shape[0] is not None else -1, wide)
                yield _before(
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
            yield _arguments(call, "argument", 1 + 0.1 * place, target_shape=new)
    for first in range(len(target) - 1):
        rest = prod(target[:first]) * prod(target[first + 2 :])
        if rest <= 0 or total % rest or min(target[first : first + 2]) < 1:
            continue
        wanted = total // rest
        ways = sorted((n for n in range(1, wanted + 1) if wanted % n == 0), key=lambda n: (abs(n - target[first]), n))
        for cost, one in enumerate(ways[:2]):
            two = (*target[:first], one, wanted // one, *target[first + 2 :])
            if two != tuple(target):
                yield _arguments(call, "argument", 1.6 - 0.1 * first + 0.05 * cost, target_shape=two)
    if len(target) >= 2 and target[0] == target[1]:
        rest = prod(target[2:]) if min(target[2:], default=1) > 0 else 0
        side = next((n for n in range(1, total) if rest and n * n * rest == total), None)
        if side is not None and side != target[0]:
            yield _arguments(call, "argument", 1.4, target_shape=(side, side, *target[2:]))


def _wrong_channels(call: Call) -> int | None:
    """How many features a built layer takes, where it gets others."""
    spec = getattr(call.layer, "input_spec", None)
    axes = getattr(spec, "axes", None) or {}
    wanted: int | None = axes.get(-1) or axes.get(len(call.shapes[0]))
    return wanted if wanted and call.shapes and call.shapes[0][-1:] != (wanted,) else None


def _channels(making: Making, call: Call) -> Proposals:
    """A layer that was built for other features: the layer before gives these."""
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
            yield _arguments(source, "argument", 1, **{name: wanted})


# ---- joins ------------------------------------------------------------------------------------------------------------------


def _ways(making: Making, source: int) -> list[Call]:
    """The calls that a tensor depends on, the nearest first."""
    found: dict[int, Call] = {}
    waiting = [source]
    while waiting:
        number = waiting.pop(0)
        if number >= 0 and number not in found:
            found[number] = making.calls[number]
            waiting += making.calls[number].sources
    return sorted(found.values(), key=lambda call: -call.number)


def _join(making: Making, call: Call) -> Proposals:
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
                    yield _arguments(source, "argument", 1.05, **{name: wanted})


def _last_two(making: Making) -> Proposals:
    one, two = making.calls[-2:]
    if not one.outputs or not two.outputs:
        return
    joined = Call(
        len(making.calls), None, (one.outputs[0], two.outputs[0]), (one.number, two.number), making.spot, None
    )
    for change in _join(making, joined):
        if change is not None and change.kind != "layer":
            yield change


def _resized(way: Sequence[Call], missing: Sequence[int]) -> Proposals:
    """A layer of a branch that gives ``missing`` entries more."""
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
                if padding < min(_tuple(before.layer.strides)):
                    base = before.layer.output_padding
                    now = max(_tuple(base)) if base is not None else _own_output_padding(before)
                    yield _arguments(before, "output_padding", 1 + 0.1 * tried, output_padding=now + padding)
            elif max(missing) < 0 and len(set(missing)) == 1:
                base = before.layer.output_padding
                now = max(_tuple(base)) if base is not None else _own_output_padding(before)
                if now + missing[0] >= 0:
                    yield _arguments(before, "output_padding", 1 + 0.1 * tried, output_padding=now + missing[0])
            continue
        if getattr(before.layer, "padding", "") == "valid":
            yield _arguments(before, "padding", 1.2 + 0.1 * tried, padding="same")
        if hasattr(before.layer, "strides") and hasattr(before.layer, "filters"):
            for stride in (1, 2):
                if max(_tuple(before.layer.strides)) != stride:
                    yield _arguments(before, "stride", 1.8 + 0.1 * tried, strides=stride)


def _own_output_padding(call: Call) -> int:
    """What ``output_padding=None`` comes to: SAME gives size · stride, VALID the full size."""
    stride, kernel = max(_tuple(call.layer.strides)), max(_tuple(call.layer.kernel_size))
    reach = max(_tuple(getattr(call.layer, "dilation_rate", 1))) * (kernel - 1) + 1
    return stride - reach % 2 if call.layer.padding == "same" else max(stride - reach, 0)


def _cut(call: Call, one: int, two: int, gaps: Sequence[int]) -> Proposals:
    """Cropped to the smaller, or padded to the larger, where they meet."""
    import keras

    if not any(gaps) or (min(gaps) < 0 < max(gaps)) or len(gaps) not in (1, 2, 3):
        return
    big, small = (one, two) if max(gaps) > 0 else (two, one)
    amounts = tuple((0, abs(gap)) for gap in gaps)
    count = len(gaps)
    crop = getattr(keras.layers, f"Cropping{count}D")
    pad = getattr(keras.layers, f"ZeroPadding{count}D")
    written: Any = amounts[0] if count == 1 else amounts
    yield _before(
        call, big, f"Cropping{count}D({written})", lambda: crop(written), "the larger cropped where they meet", 3
    )
    yield _before(
        call, small, f"ZeroPadding{count}D({written})", lambda: pad(written), "the smaller padded where they meet", 3.1
    )


def _of_other_ranks(call: Call, one: int, two: int) -> Proposals:
    import keras

    longer = one if len(call.shapes[one]) > len(call.shapes[two]) else two
    if len(call.shapes[longer]) in (2, 3, 4) and len(call.shapes[one if longer == two else two]) == 1:
        yield _before(call, longer, "Flatten()", keras.layers.Flatten, "flattened before they meet", 1.5)
        count = len(call.shapes[longer]) - 1
        pool = getattr(keras.layers, f"GlobalAveragePooling{count}D")
        yield _before(call, longer, f"GlobalAveragePooling{count}D()", pool, "the mean of each channel", 1.6)
