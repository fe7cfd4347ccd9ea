"""Rearranging known arrays: the same entries with other dimensions, or a part of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from symnet.errors import LayerError
from symnet.frontends.onnx.call import Call
from symnet.frontends.onnx.constants.arrays import (
    Unfolded,
    boxed,
    broadcast,
    counted,
    in_range,
    known,
    made_of,
    numbers_of,
    whole,
)
from symnet.frontends.onnx.model_file import SMALL
from symnet.frontends.onnx.sizes import divided, tidy
from symnet.frontends.onnx.values import IRREGULAR, Array, Numbers, along
from symnet.terms.propositions import Le
from symnet.terms.term import Term, integer
from symnet.terms.worked_out import times

__all__ = ["REARRANGED", "resolved"]

Part = tuple[int, int, int]

#: An end beyond this means "to the end".
_FAR = 2**31 - 1


def _moved(array: Array, dims: Sequence[Term], work: Callable[[Numbers], Numbers], part: Part | None = None) -> Array:
    """The array with other dimensions and its entries rearranged by ``work``; ``part`` says which part of the array
    they are.
    """

    def read() -> Numbers | None:
        return None if array.entries is None else work(array.entries)

    return array.like(dims, read, part)


def _transpose(call: Call) -> Array:
    array = call.array(0)
    order = [along(axis, array.rank) for axis in call.attribute("perm", range(array.rank)[::-1])]
    return _moved(array, [array.dims[axis] for axis in order], lambda entries: entries.transpose(order))


def _unsqueeze(call: Call) -> Array:
    array = call.array(0)
    axes = call.ints("axes", 1) or []
    rank = array.rank + len(axes)
    new = {along(axis, rank) for axis in axes}
    old = iter(array.dims)
    dims = [integer(1) if place in new else next(old) for place in range(rank)]
    return _moved(array, dims, lambda entries: entries.reshape(whole(dims)))


def _squeeze(call: Call) -> Array:
    array = call.array(0)
    axes = call.ints("axes", 1)
    gone = {
        along(axis, array.rank)
        for axis in (
            axes if axes is not None else [place for place, size in enumerate(array.dims) if size.constant == 1]
        )
    }
    dims = [size for place, size in enumerate(array.dims) if place not in gone]
    return _moved(array, dims, lambda entries: entries.reshape(whole(dims)))


def resolved(target: Sequence[Term], before: Sequence[Term], *, zeros: bool = False) -> list[Term]:
    """The dimensions that a Reshape requests: 0 is the old dimension (not with ``zeros``), −1 the remaining quotient.
    Raises :class:`LayerError` if that is not an integer. A −1 that depends on divisibility is kept.
    """
    found = list(target)
    for place, size in enumerate(found):
        if size.constant == 0 and not zeros:
            if place >= len(before):
                raise LayerError(f"its shape asks for dimension {place} of its input, which has {len(before)}")
            found[place] = before[place]
    if [size.constant for size in found].count(-1) == 1:
        total: Term = integer(1)
        for size in before:
            total = times(total, size)
        given: Term = integer(1)
        for size in found:
            given = given if size.constant == -1 else times(given, size)
        left, exact = divided(total, given) if given.constant != 0 else (total, False)
        if exact:
            found = [left if size.constant == -1 else size for size in found]
    return found


def _reshape(call: Call) -> Array:
    array = call.array(0)
    target = [integer(size) for size in call.attribute("shape", ())] if "shape" in call.given else call.terms(1)
    dims = resolved(target, array.dims, zeros=bool(call.attribute("allowzero", 0)))
    return _moved(array, dims, lambda entries: entries.reshape(whole(dims)))


def _flatten(call: Call) -> Array:
    array = call.array(0)
    axis = call.attribute("axis", 1)
    parts = (array.dims[:axis], array.dims[axis:])
    dims = [integer(counted(part)) for part in parts]
    return _moved(array, dims, lambda entries: entries.reshape(whole(dims)))


def _concat(call: Call) -> Array | None:
    arrays = call.arrays
    axis = along(call.attribute("axis", 0), arrays[0].rank)
    numbers = numbers_of(*arrays)
    if numbers is not None and sum(entries.size for entries in numbers) <= SMALL:
        return known(
            np.concatenate(numbers, axis),
            bits=arrays[0].bits,
            like=arrays,
            positive=all(array.positive for array in arrays),
        )
    total: Term = integer(0)
    for array in arrays:
        total = tidy(total + array.dims[axis])
    return made_of((*arrays[0].dims[:axis], total, *arrays[0].dims[axis + 1 :]), arrays)


def _slice(call: Call) -> Array | None:
    array = call.array(0)
    if call.has(2) and any(term.constant is None for index in (1, 2) for term in call.terms(index)):
        return _beginning(call, array)
    starts, ends = call.ints("starts", 1) or [], call.ints("ends", 2) or []
    axes = call.ints("axes", 3) or list(range(len(starts)))
    steps = call.ints("steps", 4) or [1] * len(starts)
    cuts, dims = [slice(None)] * array.rank, list(array.dims)
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        place = along(axis, array.rank)
        cut = slice(start, None if step < 0 and end < -(2**31) else end, step)
        if cut == slice(0, cut.stop, 1) and (cut.stop is None or cut.stop >= _FAR):
            continue
        cuts[place], dims[place] = cut, integer(len(range(*cut.indices(*whole(dims[place : place + 1])))))
    part = _part(cuts, array.dims)
    return _moved(array, dims, lambda entries: entries[tuple(cuts)], part)


def _beginning(call: Call, array: Array) -> Array:
    """The first entries of an array along a dimension, as many as a size of the input; the array must have exactly so
    many.
    """
    starts, ends = call.terms(1), call.terms(2)
    axes = call.ints("axes", 3) or list(range(len(starts)))
    steps = call.ints("steps", 4) or [1] * len(starts)
    if array.trained or any(start.constant != 0 for start in starts) or any(step != 1 for step in steps):
        raise Unfolded("takes a part of an array that depends on the size of the input")
    dims = list(array.dims)
    for axis, end in zip(axes, ends, strict=True):
        place = along(axis, array.rank)
        if end.constant is not None and end.constant >= _FAR:
            continue
        call.state.require(Le(end, dims[place]), f"{call.node.input[0]} has no more entries")
        dims[place] = end
    return Array(dims, bits=array.bits, sources=array.sources, counts=array.counts or _is_count(array))


def _is_count(array: Array) -> bool:
    """Whether the entries are 0, 1, 2, …"""
    entries = array.entries
    return (
        entries is not None
        and array.count == array.dims[-1].constant
        and all(isinstance(entry, Term) and entry.constant == place for place, entry in enumerate(entries.reshape(-1)))
    )


def _part(cuts: Sequence[slice], dims: Sequence[Term]) -> Part | None:
    """The part of an array with these dimensions that the cuts leave; ``None`` for all of it."""
    cut = [(axis, one) for axis, one in enumerate(cuts) if one != slice(None)]
    if not cut:
        return None
    axis, one = cut[0]
    start, stop, step = one.indices(*whole(dims[axis : axis + 1]))
    return (axis, start, stop) if len(cut) == 1 and step == 1 else IRREGULAR


def _split(call: Call) -> Sequence[Array]:
    array = call.array(0)
    axis = along(call.attribute("axis", 0), array.rank)
    (size,) = whole(array.dims[axis : axis + 1])
    parts = call.ints("split", 1)
    if parts is None:
        each = max(1, -(-size // call.attribute("num_outputs", len(call.node.output))))
        if -(-size // each) > len(call.node.output):
            raise LayerError(f"splits {size} entries into more parts than it has outputs")
        parts = [min(each, size - start) for start in range(0, size, each)]
    found, start = [], 0
    for length in parts:
        cut = (slice(None),) * axis + (slice(start, start + length),)
        dims = (*array.dims[:axis], integer(length), *array.dims[axis + 1 :])
        found.append(_moved(array, dims, lambda entries, cut=cut: entries[cut], (axis, start, start + length)))  # type: ignore[misc]
        start += length
    return found


def _gather(call: Call) -> Array | None:
    array, index = call.array(0), call.array(1)
    axis = along(call.attribute("axis", 0), array.rank)
    dims = (*array.dims[:axis], *index.dims, *array.dims[axis + 1 :])
    if array.trained and any(size.constant is None for size in index.dims):
        raise Unfolded("chooses as many entries as the size of the input says")
    in_range(index, array.dims[axis])

    def read() -> Numbers | None:
        numbers = index.entries
        if array.entries is None or numbers is None:
            return None
        places = [getattr(number, "constant", None) for number in numbers.reshape(-1)]
        if None in places or not all(
            -array.entries.shape[axis] <= place < array.entries.shape[axis] for place in places
        ):
            return None
        return boxed(np.take(array.entries, np.array(places, dtype=int).reshape(numbers.shape), axis))

    return array.like(dims, read, IRREGULAR)


def _expand(call: Call) -> Array | None:
    array = call.array(0)
    dims = broadcast(array.dims, call.terms(1))
    if any(size.constant is None for size in dims) or counted(dims) > SMALL or array.entries is None:
        return None
    return _moved(array, dims, lambda entries: boxed(np.broadcast_to(entries, whole(dims))))


def _tile(call: Call) -> Array | None:
    array, times_ = call.array(0), [term.constant for term in call.terms(1)]
    if None in times_ or array.entries is None or counted(array.dims) * max(1, int(np.prod(times_))) > SMALL:  # type: ignore[arg-type]
        return None
    return known(np.tile(array.entries, times_), bits=array.bits, like=[array])  # type: ignore[arg-type]


#: Handlers by operator.
REARRANGED = {
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
    "Squeeze": _squeeze,
    "Reshape": _reshape,
    "Flatten": _flatten,
    "Concat": _concat,
    "Slice": _slice,
    "Split": _split,
    "Gather": _gather,
    "Expand": _expand,
    "Tile": _tile,
}
