"""Operators that rearrange the same numbers (Reshape, Transpose, Squeeze, …), keeping track of the batch."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.flow import BATCH, Flow, tidy
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.constants.arrays import boxed, broadcast, known
from symnet.frontends.onnx.constants.numbers import sign_of
from symnet.frontends.onnx.constants.rearrange import resolved
from symnet.frontends.onnx.ops.fixed_batch import with_batch
from symnet.frontends.onnx.values import Array, Value
from symnet.frontends.ops.arranging import flattened, permuted, reshaped, squeezed, unsqueezed
from symnet.frontends.ops.joining import expanded, repeated
from symnet.frontends.ops.windows import shuffled, unshuffled
from symnet.layers.declaration.base import product
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Term, integer, symbols_of

__all__ = ["ARRANGEMENT"]

ONE = integer(1)


def _reshape(call: Call) -> Value:
    x = call.flow()
    if "shape" in call.given:
        target: list[Term] = [integer(size) for size in call.attribute("shape")]
    else:
        target = call.terms(1)
    sizes = resolved(target, call.sizes(x), zeros=bool(call.attribute("allowzero", 0)))
    if any(size.constant is not None and size.constant < 1 and size.constant != -1 for size in sizes):
        raise LayerError("has a dimension of size 0, which holds nothing")
    return reshaped(call, x, with_batch(call, x, sizes), call.word)


def _flatten(call: Call) -> Value:
    x = call.flow()
    axis = call.attribute("axis", 1)
    axis = axis + x.ndim if axis < 0 else axis
    if axis == 1 and x.ndim > 1 and x.batch in (0, None):
        return flattened(call, x, 1, x.ndim - 1, call.word)
    return reshaped(call, x, [tidy(product(*x.sizes[:axis])), tidy(product(*x.sizes[axis:]))], call.word)


def _transpose(call: Call) -> Value:
    x = call.flow()
    order = [call.dimension(axis, x.ndim) for axis in call.attribute("perm", range(x.ndim)[::-1])]
    return permuted(call, x, order, call.word)


def _unsqueeze(call: Call) -> Value:
    x = call.flow()
    axes = call.ints("axes", 1) or []
    rank = x.ndim + len(axes)
    for axis in sorted({call.dimension(axis, rank) for axis in axes}):
        x = unsqueezed(call, x, axis, call.word)
    return x


def _squeeze(call: Call) -> Value:
    x = call.flow()
    given, sizes = call.ints("axes", 1), call.sizes(x)
    if given is None:  # a size that is a letter stays: it is not 1
        for axis, size in enumerate(sizes):
            if size.constant is None and axis != x.batch:
                call.suppose(Le(integer(2), size))
    axes = (
        [axis for axis, size in enumerate(sizes) if size.constant == 1]
        if given is None
        else [call.dimension(axis, x.ndim) for axis in given]
    )
    x = call.single(x, *axes)
    if x.batch in axes:
        raise LayerError("takes the batch away")
    for axis in axes:
        call.suppose(Eq(x.sizes[axis], ONE))
    return squeezed(call, x, axes, call.word)


def _expand(call: Call) -> Value:
    target, value = call.terms(1), call.value(0)
    wanted = broadcast(call.sizes(value), target)
    if isinstance(value, Array) and not value.trained and value.count == 1:
        return Array(wanted, bits=value.bits)
    x = call.flow()
    for one, two in zip(call.sizes(x)[::-1], target[::-1], strict=False):
        if not {one.constant, two.constant} & {1} and BATCH not in symbols_of(one, two):
            call.suppose(Eq(one, two))
    return expanded(call, x, _sizes_or_kept(call, x, wanted), call.word)


def _sizes_or_kept(call: Call, x: Flow, wanted: Sequence[Term]) -> list[Term | None]:
    """The sizes to which a tensor is expanded, ``None`` for those that stay. If the file fixes a batch, an array may
    be expanded to that many samples along its first dimension.
    """
    more = len(wanted) - x.ndim
    sizes = call.sizes(x)
    found: list[Term | None] = []
    for dim, size in enumerate(wanted):
        kept = dim >= more and sign_of(sizes[dim - more], size) == 0
        fixed = dim == 0 and x.batch is None and size.constant == call.batch.constant != 1 and call.batch is not BATCH
        found.append(None if kept else BATCH if fixed else size)
    return found


def _tile(call: Call) -> Value:
    return repeated(call, call.flow(), call.terms(1), call.word)


def _shape(call: Call) -> Value:
    dims = call.sizes(call.value(0))
    start, end = call.attribute("start", 0), call.attribute("end")
    return _known(list(dims)[start:end])


def _size(call: Call) -> Value:
    return _known(tidy(product(*call.sizes(call.value(0)))))


def _known(sizes: Term | list[Term]) -> Array:
    return known(boxed(sizes, (len(sizes),) if isinstance(sizes, list) else ()), positive=True)


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
    "DepthToSpace": lambda call: shuffled(call, call.flow(), call.attribute("blocksize", 1), call.word),
    "SpaceToDepth": lambda call: unshuffled(call, call.flow(), call.attribute("blocksize", 1), call.word),
}
