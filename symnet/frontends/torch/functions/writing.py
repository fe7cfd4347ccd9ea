"""Functions that write entries into a tensor without changing its sizes: ``x[…] = y``, scatter, index_add,
masked_scatter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import ONE, batch_share, tidy
from symnet.frontends.ops.joining import meet
from symnet.frontends.ops.products import shown
from symnet.frontends.torch.functions.by_arrays import dimensions_of_index, is_index_array, is_mask
from symnet.frontends.torch.functions.calculating import beside
from symnet.frontends.torch.functions.joining import joined
from symnet.frontends.torch.index_numbers import numbers_in
from symnet.frontends.torch.nothing import is_nothing
from symnet.frontends.torch.placing import dimension, entries_exist
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value, is_value, sizes_of
from symnet.frontends.torch.trace import Handler, Trace
from symnet.frontends.whole_numbers import together
from symnet.layers.declaration.base import product
from symnet.layers.declaration.shape import Shape
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.kinds.merges import Combine
from symnet.layers.kinds.slicing import Slice
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Term, integer, symbols_of

__all__ = ["FUNCTIONS"]


def _written(name: str) -> Handler:
    """A handler for a function that writes into its first tensor: each entry then also depends on the values and
    positions written.
    """

    def handler(trace: Trace, x: Any, *rest: Any, **named: Any) -> Value:
        x = trace.constant(x)
        if name in ("index_add", "index_copy"):
            _as_many(trace, x, *rest, **named)
        made = trace.add(Activation(name), x, name=name)
        for other in (*rest, *named.values()):
            if is_value(other) and other.batch is not None and other.tensor is not x.tensor and x.batch is not None:
                made = beside(trace, made, other, name)
        return made

    return handler


def _as_many(trace: Trace, x: Value, dim: int, index: Any, source: Any = None, **_: Any) -> None:
    """What is written beside each other along a dimension is as many as there are numbers, and has all other sizes of ``x``."""
    if not hasattr(source, "dtype"):
        return
    source, place = trace.constant(source), dimension(x, dim) if x.ndim else 0
    if source.ndim != x.ndim:
        raise ModelError(trace.wrong(f"writes a tensor of {source.ndim} dimensions into one of {x.ndim}"))
    for at, (ours, theirs) in enumerate(zip(x.sizes, source.sizes, strict=True)):
        if at != place and ours is not theirs:
            trace.known.suppose(Eq(ours, theirs))


def _masked(trace: Trace, x: Any, mask: Any, *_: Any, **named: Any) -> Value:
    """``masked_scatter``: the tensor and the mask are broadcast to each other."""
    return joined(
        trace, lambda: Combine(function="masked_scatter"), "masked_scatter", trace.constant(x), trace.constant(mask)
    )


def _set_item(trace: Trace, x: Any, index: Any, value: Any) -> None:
    """``x[index] = value``: the sizes of ``x`` stay, and the value must be broadcastable to the entries that are
    written.
    """
    if not is_value(x):
        return
    before, after = x.numbers, numbers_in(value)
    x.numbers = None if before is None or after is None else together(before, after)
    parts = list(index) if isinstance(index, tuple) else [index]
    region = _region(trace, x, parts)
    if region is not None and hasattr(value, "dtype"):
        _require_stretch(trace, value, region)
    if is_value(value) and value.tensor is not x.tensor and not is_nothing(x) and not is_nothing(value):
        x.flow = beside(trace, x, value, "setitem").flow


def _written_beside(trace: Trace, x: Value, part: Value) -> None:
    """What was written into a part of ``x`` is in ``x``, too."""
    x.flow = beside(trace, x, part, "write").flow


def _region(trace: Trace, x: Value, parts: Sequence[Any]) -> list[Term] | None:
    """The sizes of ``x[parts]`` for numbers, slices, new dimensions, ``...`` and one array of indices; ``None`` if a slice has no
    formula, for masks, and for several arrays, which broadcast with each other."""
    named = sum(dimensions_of_index(part) for part in parts)
    arrays = sum(map(is_index_array, parts))
    countable = arrays < 2
    at = next((position for position, part in enumerate(parts) if part is Ellipsis), len(parts))
    gap = [slice(None)] * (x.ndim - named)
    import torch

    region: list[Term] = []
    dims = iter(x.sizes)
    for part in [*parts[:at], *gap, *parts[at + 1 :]]:
        if part is None:
            region.append(ONE)
        elif part == slice(None):
            region.append(next(dims))
        elif isinstance(part, slice):
            start = term_of(0 if part.start is None else part.start)
            stop = None if part.stop is None else term_of(part.stop)
            step = term_of(1 if part.step is None else part.step)
            size = next(dims)
            share = batch_share(size)
            if share is not None and share is not size:
                countable = False
                continue
            applied = Slice(1, start, stop, step=step).apply((Shape((size,), "vector"),))
            for condition in applied.conditions:
                trace.known.suppose(condition.proposition)
            region.append(applied.output.dims[0])
        elif is_mask(part):
            countable = False
            for size in sizes_of(part):
                meet(trace, [size, next(dims)], [x.flow], "setitem")
        elif is_index_array(part):
            numbers = torch.tensor(part) if isinstance(part, list) else part
            entries_exist(trace, numbers, next(dims), from_end=True)
            region += sizes_of(numbers)
        else:
            _require_entry(trace, next(dims), part)
    return region if countable else None


def _require_entry(trace: Trace, size: Term, number: Any) -> None:
    """Adds the hypothesis that a dimension has an entry with this index, counted from the end if negative."""
    if isinstance(number, int) and not isinstance(number, bool) and batch_share(size) is None:
        trace.known.suppose(Le(integer(number + 1 if number >= 0 else -number), size))


def _require_stretch(trace: Trace, value: Any, region: Sequence[Term]) -> None:
    """Adds the hypotheses that a value can be broadcast to the region it is written into."""
    sizes = sizes_of(value)
    more = len(sizes) - len(region)
    ends = [ONE] * more + list(region[max(-more, 0) :])
    for size, end in zip(sizes, ends, strict=True):
        if size.constant == 1:
            continue
        if not symbols_of(size, end) and size.constant != end.constant:
            raise ModelError(
                trace.wrong(f"writes a tensor of sizes ({shown(sizes)}) where ({shown(list(region))}) entries are")
            )
        meet(trace, [size, end], [value.flow] if is_value(value) else [], "setitem")


def _scattered(name: str) -> Handler:
    """A handler for ``scatter`` and similar: the index has at most as many entries as the source, and as ``x`` along
    all other dimensions.
    """
    write = _written(name)

    def handler(trace: Trace, x: Any, dim: int, index: Any, *rest: Any, **named: Any) -> Value:
        x = trace.constant(x)
        along = dimension(x, dim)
        numbers = trace.constant(index)
        if numbers.ndim != x.ndim:
            raise ModelError(
                trace.wrong(f"writes by numbers of {numbers.ndim} dimensions into a tensor of {x.ndim} dimensions")
            )
        entries_exist(trace, numbers, x.sizes[along])
        source = next((other for other in (*rest, named.get("src")) if hasattr(other, "dtype")), None)
        for position, size in enumerate(numbers.sizes):
            if position != along and batch_share(size) is None:
                trace.known.suppose(Le(size, x.sizes[position]))
            if source is not None and batch_share(size) is None:
                trace.known.suppose(Le(size, trace.constant(source).sizes[position]))
        return write(trace, x, dim, index, *rest, **named)

    return handler


def _into_entries(name: str) -> Handler:
    """A handler for ``index_add`` and similar: the dimension has an entry for every constant index."""
    write = _written(name)

    def handler(trace: Trace, x: Any, dim: int, index: Any, *rest: Any, **named: Any) -> Value:
        x = trace.constant(x)
        entries_exist(trace, index, x.sizes[dimension(x, dim)])
        return write(trace, x, dim, index, *rest, **named)

    return handler


def _put(trace: Trace, x: Any, index: Any, *rest: Any, **named: Any) -> Value:
    """``put``: the numbers count the entries of the whole tensor, of one example at least."""
    x = trace.constant(x)
    entries_exist(trace, index, tidy(product(*(x.flow.share(place) for place in range(x.ndim)))), from_end=True)
    return _written("put")(trace, x, index, *rest, **named)


def _copied(trace: Trace, x: Any, source: Any = None, *_: Any, **named: Any) -> Value:
    """``x.copy_(source)``: the source stretches to ``x``; without one, a copy of ``x``."""
    x = trace.constant(x)
    source = named.get("src", source)
    if not hasattr(source, "dtype"):
        return trace.like(x, x.flow)
    _require_stretch(trace, source, x.sizes)
    return _written("copy")(trace, x, source)


def _select_scatter(trace: Trace, x: Any, src: Any, dim: int, index: int) -> Value:
    """``select_scatter``: overwrites the entry ``index`` of a dimension."""
    x = trace.constant(x)
    _require_entry(trace, x.sizes[dimension(x, dim)], index)
    return _written("select_scatter")(trace, x, src)


FUNCTIONS: dict[str, Handler] = {
    "setitem": _set_item,
    "copy": _copied,
    "put": _put,
    "written beside": _written_beside,
    "masked_scatter": _masked,
    **{name: _scattered(name) for name in ("scatter", "scatter_add", "scatter_reduce")},
    **{name: _into_entries(name) for name in ("index_add", "index_copy", "index_fill", "index_reduce")},
    "select_scatter": _select_scatter,
    **{name: _written(name) for name in (
        "index_put", "slice_scatter", "diagonal_scatter", "renorm", "as_strided_scatter", "_unsafe_masked_index_put_accumulate",
    )},
}  # fmt: skip
