"""Finding the batch among sizes that are numbers, in files that fix the number of samples."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.flow import BATCH, Flow, tidy
from symnet.frontends.onnx.call import Call
from symnet.frontends.onnx.constants.numbers import sign_of
from symnet.frontends.onnx.sizes import divided
from symnet.frontends.ops.products import shown
from symnet.layers.declaration.base import product
from symnet.terms.term import Term, integer

__all__ = ["with_batch"]


def with_batch(call: Call, x: Flow, target: Sequence[Term]) -> list[Term | None]:
    """The sizes of a reshape with N in the dimension that contains the batch; −1 becomes ``None``."""
    open_sizes = [None if size.constant == -1 else size for size in target]
    if x.batch is None or call.batch is BATCH:
        return open_sizes
    found = _place(call, x, target)
    if found is None:
        before, after = ("×".join(shown([size]) for size in sizes) for sizes in (x.sizes, target))
        fixed = "" if all(size.constant is not None for size in x.dims) else "; where the file fixes sizes, say --input"
        raise LayerError(f"mixes the batch with other dimensions: {before} becomes {after}{fixed}")
    place, share = found
    open_sizes[place] = tidy(BATCH * share)
    return open_sizes


def _place(call: Call, x: Flow, target: Sequence[Term]) -> tuple[int, Term] | None:
    """Locates the batch in ``target``. Returns its dimension and the factor multiplied with it, or ``None``: sizes
    before and after the batch must stay on their side. If several dimensions are possible, the first that is the batch
    alone, else the first.
    """
    batch = x.batch or 0
    first, end = 0, len(target)
    while (
        end > 1
        and len(target) - end < x.ndim - 1 - batch
        and _same(target[end - 1], x.share(x.ndim - 1 - len(target) + end))
    ):
        end -= 1
    while first < min(end - 1, batch) and _same(target[first], x.share(first)):
        first += 1
    ahead = product(*(x.share(dim) for dim in range(first, batch)))
    found: list[tuple[bool, bool, int, Term]] = []
    passed: Term = integer(1)
    for place in range(first, end):
        size = target[place]
        if size.constant == -1:
            break
        share, fits = divided(size, call.batch)
        lead, before = divided(ahead, passed)
        apart = before and divided(share, lead)[1]
        if fits and (share.constant is None or share.constant >= 1) and (apart or x.share(batch).constant != 1):
            found.append((share.constant != 1, not apart, place, share))
        passed = product(passed, size)
    return min(found, key=lambda one: one[:3])[2:] if found else None


def _same(one: Term, two: Term) -> bool:
    return one is two or sign_of(one, two) == 0
