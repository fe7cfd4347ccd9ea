"""Operators that arrange the same numbers anew: Reshape, Transpose, Squeeze, …, with the batch in its place."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.constants.arrays import boxed, broadcast, known
from symnet.frontends.onnx.constants.numbers import sign_of
from symnet.frontends.onnx.constants.rearrange import resolved
from symnet.frontends.onnx.sizes import divided, tidy
from symnet.frontends.onnx.state import BATCH
from symnet.frontends.onnx.values import Array, Flow, Value, along
from symnet.layers.declaration.shape import CHANNELS_FIRST, VECTOR, Shape
from symnet.layers.kinds.reshaping import ExpandDims, Flatten, Permute, Repeat, Reshape, Squeeze
from symnet.layers.kinds.spatial import PixelShuffle, PixelUnshuffle
from symnet.printing.text import text
from symnet.terms.term import Term, integer, times

__all__ = ["ARRANGEMENT"]

ONE, MINUS_ONE = integer(1), integer(-1)


def _same(one: Term, two: Term) -> bool:
    return one is two or sign_of(one, two) == 0


def _product(sizes: Sequence[Term]) -> Term:
    total: Term = ONE
    for size in sizes:
        total = times(total, size)
    return total


def _found_batch(flow: Flow, target: Sequence[Term], batch: Term) -> tuple[int, Term, Term] | None:
    """Which dimension of ``target`` holds the batch, and what is multiplied into it before and after: the sizes before the
    batch stay before it.
    """
    before = flow.batch or 0
    sizes = flow.sizes(batch)[:before] + tuple(flow.shape.dims[place] for place in flow.merged[: flow.lead])
    ahead = _product(sizes)  # of the input: what stands before the batch; of the target: what is passed
    passed: Term = ONE
    best: tuple[int, int, Term, Term] | None = None
    for place, size in enumerate(target):
        lead, whole = divided(ahead, passed)
        if not whole:
            break
        if size is MINUS_ONE:
            break
        rest, fits = divided(size, times(lead, batch))
        if fits and (rest.constant is None or rest.constant >= 1):
            cost = (lead.constant != 1) + (rest.constant != 1)
            if best is None or cost < best[0]:
                best = (cost, place, lead, rest)
        passed = times(passed, size)
    return None if best is None else best[1:]


def _mixed(call: Call, flow: Flow, target: Sequence[Term]) -> str:
    """Why a shape is refused, in words."""
    before, after = (
        "×".join(map(text, sizes)).replace(BATCH.name, "batch") for sizes in (flow.sizes(call.batch), target)
    )
    fixed = (
        ""
        if all(size.constant is not None for size in flow.shape.dims)
        else "; where the file fixes sizes, say --input"
    )
    return f"mixes the batch with other dimensions: {before} becomes {after}{fixed}"


def _rearranged(call: Call, flow: Flow, target: Sequence[Term], layer: Reshape | Flatten | None = None) -> Flow:
    """The numbers of a tensor in the dimensions ``target``."""
    if flow.batch is None:
        tensor = flow.tensor if _equal(flow.shape.dims, target) else call.add(Reshape(tuple(target)), flow.tensor)
        return Flow(tensor, tuple((place,) for place in range(len(target))), None)
    found = _found_batch(flow, target, call.batch)
    if found is None:
        raise LayerError(_mixed(call, flow, target))
    place, lead, rest = found
    dims = list(target[:place])
    inner = [size for size in (lead, rest) if size.constant != 1]
    groups = [(index,) for index in range(place)]
    groups.append(tuple(range(place, place + len(inner))))  # type: ignore[arg-type]
    dims += inner
    for size in target[place + 1 :]:
        groups.append((len(dims),))
        dims.append(size)
    tensor = flow.tensor
    if not _equal(flow.shape.dims, dims):
        if not dims:
            raise LayerError("leaves nothing but the batch")
        if layer is None or (isinstance(layer, Flatten) and len(dims) != 1):
            layer = Reshape(tuple(map(tidy, dims)))
        tensor = call.add(layer, flow.tensor)
    return Flow(tensor, tuple(groups), place, int(lead.constant != 1))


def _equal(one: Sequence[Term], two: Sequence[Term]) -> bool:
    return len(one) == len(two) and all(map(_same, one, two))


def _reshape(call: Call) -> Value:
    flow = call.loose()
    before = flow.sizes(call.batch)
    if "shape" in call.given:
        target: list[Term] = [integer(size) for size in call.attribute("shape")]
    else:
        target = call.terms(1)
    dims = resolved(target, before, zeros=bool(call.attribute("allowzero", 0)))
    if any(size.constant is not None and size.constant < 1 and size is not MINUS_ONE for size in dims):
        raise LayerError("has a dimension of size 0, which holds nothing")
    return _rearranged(call, flow, dims)


def _flatten(call: Call) -> Value:
    flow = call.loose()
    dims = flow.sizes(call.batch)
    axis = call.attribute("axis", 1)
    axis = axis + flow.rank if axis < 0 else axis
    flat = Flatten() if axis == 1 and flow.plain else None
    return _rearranged(call, flow, (_product(dims[:axis]), _product(dims[axis:])), flat)


def _transpose(call: Call) -> Value:
    flow = call.loose()
    order = [flow.axis(axis) for axis in call.attribute("perm", range(flow.rank)[::-1])]
    places = [place for axis in order for place in flow.groups[axis]]
    tensor = flow.tensor
    if places != sorted(places):
        tensor = call.add(Permute(tuple(place + 1 for place in places)), tensor)
    groups = tuple(tuple(places.index(place) for place in flow.groups[axis]) for axis in order)
    return Flow(tensor, groups, None if flow.batch is None else order.index(flow.batch), flow.lead)


def _unsqueeze(call: Call) -> Value:
    flow = call.loose()
    axes = call.ints("axes", 1) or []
    rank = flow.rank + len(axes)
    new = sorted({along(axis, rank) for axis in axes})
    tensor, groups, batch = flow.tensor, list(flow.groups), flow.batch
    for axis in new:
        place = sum(len(group) for group in groups[:axis])
        tensor = call.add(ExpandDims(place + 1), tensor, name="" if len(new) == 1 else f"{axis}")
        groups = [tuple(index + (index >= place) for index in group) for group in groups]
        groups.insert(axis, (place,))
        batch = None if batch is None else batch + (axis <= batch)
    return Flow(tensor, tuple(groups), batch, flow.lead)


def _squeeze(call: Call) -> Value:
    flow = call.loose()
    given = call.ints("axes", 1)
    dims = flow.sizes(call.batch)
    axes = (
        [axis for axis, size in enumerate(dims) if size.constant == 1]
        if given is None
        else [flow.axis(axis) for axis in given]
    )
    if flow.batch in axes:
        raise LayerError("takes the batch away")
    places = [place for axis in axes for place in flow.groups[axis]]
    tensor = flow.tensor
    if places:
        tensor = call.add(Squeeze(tuple(place + 1 for place in places)), tensor)
    return flow.without(axes, tensor)


def _repeated(call: Call, flow: Flow, times_: Sequence[Term]) -> Flow:
    """Each dimension so many times over."""
    tensor = flow.tensor
    many = [axis for axis, number in enumerate(times_) if number.constant != 1]
    for axis in many:
        if axis == flow.batch:
            raise LayerError("repeats the batch")
        tensor = call.add(
            Repeat(times_[axis], axis=flow.groups[axis][0] + 1), tensor, name="" if len(many) == 1 else f"{axis}"
        )
    return flow.on(tensor)


def _widened(call: Call, flow: Flow, rank: int) -> Flow:
    """The tensor with dimensions of size 1 before it, up to ``rank``."""
    more = rank - flow.rank
    if more <= 0:
        return flow
    dims = (ONE,) * more + flow.shape.dims
    groups = tuple((place,) for place in range(more)) + tuple(
        tuple(index + more for index in group) for group in flow.groups
    )
    tensor = call.add(Reshape(dims), flow.tensor, name="dims")
    return Flow(tensor, groups, None if flow.batch is None else flow.batch + more, flow.lead)


def _expand(call: Call) -> Value:
    target = call.terms(1)
    value = call.value(0)
    before = value.sizes(call.batch) if isinstance(value, Flow) else value.dims
    wanted = broadcast(before, target)
    if isinstance(value, Array) and not value.trained and value.count == 1:
        return Array(wanted, bits=value.bits)
    sampled = _sampled(call, value, wanted) if isinstance(value, Array) else None
    flow = sampled or _widened(call, call.flow(0), len(wanted))
    sizes = flow.sizes(call.batch)
    number = [
        ONE if _same(size, wish) else wish if size.constant == 1 else None
        for size, wish in zip(sizes, wanted, strict=True)
    ]
    if None in number:
        raise LayerError("stretches a dimension that is not 1")
    return _repeated(call, flow, [size for size in number if size is not None])


def _sampled(call: Call, array: Array, wanted: Sequence[Term]) -> Flow | None:
    """An array that is repeated for each sample: it is the same for all of them."""
    place = next((axis for axis, size in enumerate(wanted) if size is call.batch), None)
    if place is None or array.rank != len(wanted) or array.dims[place].constant != 1 or array.rank < 2:
        return None
    if call.batch.constant is not None and place:
        return None
    dims = array.dims[:place] + array.dims[place + 1 :]
    shape = Shape(dims, VECTOR if len(dims) == 1 else CHANNELS_FIRST)
    return Flow.of(call.placed(array, call.node.input[0], shape).tensor, place)


def _tile(call: Call) -> Value:
    return _repeated(call, call.flow(), call.terms(1))


def _shape(call: Call) -> Value:
    value = call.value(0)
    dims = value.sizes(call.batch) if isinstance(value, Flow) else value.dims
    start, end = call.attribute("start", 0), call.attribute("end")
    return _known(list(dims)[start:end])


def _size(call: Call) -> Value:
    value = call.value(0)
    return _known(tidy(_product(value.sizes(call.batch) if isinstance(value, Flow) else value.dims)))


def _known(sizes: Term | list[Term]) -> Array:
    return known(boxed(sizes, (len(sizes),) if isinstance(sizes, list) else ()), positive=True)


def _to_space(call: Call) -> Value:
    flow = call.image()
    return flow.on(call.add(PixelShuffle(call.attribute("blocksize", 1)), flow.tensor))


def _to_depth(call: Call) -> Value:
    flow = call.image()
    return flow.on(call.add(PixelUnshuffle(call.attribute("blocksize", 1)), flow.tensor))


ARRANGEMENT: dict[str, Handler] = {
    "Reshape": _reshape,
    "Flatten": _flatten,
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
    "Squeeze": _squeeze,
    "Expand": _expand,
    "Tile": _tile,
    "Shape": _shape,
    "Size": _size,
    "DepthToSpace": _to_space,
    "SpaceToDepth": _to_depth,
}
