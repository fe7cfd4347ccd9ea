"""Checks and conversions of a tensor's dimensions for torch's functions and modules: features, channels, images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import tidy
from symnet.frontends.ops import arranging
from symnet.frontends.ops.products import shown
from symnet.frontends.ops.windows import image
from symnet.frontends.torch.index_numbers import numbers_in
from symnet.frontends.torch.sizes import Size, term_of
from symnet.frontends.torch.tensors import Value, is_value, sizes_of
from symnet.frontends.torch.trace import Trace
from symnet.terms.evaluation import holds
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Term, integer, symbols_of

__all__ = [
    "along",
    "channels_first",
    "dimension",
    "entries_exist",
    "numbers",
    "one_for_each",
    "same_features",
    "same_sizes",
    "terms",
    "with_features",
]


def numbers(value: Any, count: int) -> tuple[Any, ...]:
    """One number per axis, from a single number or one for each of ``count`` axes."""
    return tuple(value) * (1 if len(value) == count else count) if isinstance(value, tuple | list) else (value,) * count


def terms(value: Any) -> Any:
    """Amounts along axes in which sizes of the input may stand, as the layers take them: the sizes as terms."""
    if isinstance(value, tuple | list):
        return tuple(map(terms, value))
    return value.term if isinstance(value, Size) else value


def dimension(x: Value, dim: int, more: int = 0) -> int:
    """Dimension ``dim`` counted from 0, including the batch; ``more`` is the number of dimensions about to be added."""
    return arranging.dimension(x.trace, x.flow, dim, more)


def along(trace: Trace, x: Value, dims: Any) -> tuple[Value, Any]:
    """The tensor with all its sizes in the network, and the numbers (from 1) of one or several dimensions there.
    Raises :class:`ModelError` for the batch, along which no layer works.
    """
    several = isinstance(dims, tuple | list | range)
    places = [dimension(x, dim) for dim in (dims if several else (dims,))]
    if x.batch in places:
        raise ModelError(trace.where("works along the batch"))
    x = trace.like(x, arranging.whole(trace, x.flow, ""))
    axes = tuple(x.flow.axis(place) for place in places)
    return x, axes if several else axes[0]


def channels_first(trace: Trace, x: Value, rank: int | None = None) -> tuple[Value, int]:
    """The tensor as (batch, C, …) for image layers, and the number of sizes merged with the batch that are before its
    axes. Raises :class:`ModelError` for another number of axes than ``rank``.
    """
    flow, more = image(trace, x.flow, rank)
    return trace.like(x, flow), more


def same_features(trace: Trace, x: Value, dim: int, wanted: int, what: str) -> None:
    """Requires size ``dim`` to be ``wanted``: raises :class:`ModelError` for another number, adds a hypothesis for a
    letter. ``what`` names the size.
    """
    place = dimension(x, dim)
    found, needed = x.sizes[place], term_of(wanted)
    if found is needed:
        return
    if None not in (found.constant, needed.constant) and found.constant != needed.constant:
        raise ModelError(trace.wrong(f"is for {wanted} {what}, and gets {found.constant}"))
    if place == x.batch:
        raise ModelError(trace.where(f"is for {wanted} {what}, and gets the batch there"))
    trace.known.suppose(Eq(found, needed))


def with_features(trace: Trace, x: Value, dim: int, wanted: int, what: str) -> Value:
    """The tensor with size ``dim`` as the number ``wanted``, for layers whose weights have as many: as :func:`same_features`, and a
    size with letters is written as the number that the hypothesis makes it.
    """
    same_features(trace, x, dim, wanted, what)
    sizes = list(x.sizes)
    sizes[dimension(x, dim)] = term_of(wanted)
    return trace.like(x, arranging.reshaped(trace, x.flow, sizes, what))


def one_for_each(trace: Trace, size: Term, what: str, **arrays: Any) -> None:
    """Each of these arrays of numbers has one for each of ``size``: refused where it is another number, which a letter must be."""
    for name, array in arrays.items():
        if array is None or is_value(array):
            continue
        if size.constant is not None and size.constant != array.numel():
            raise ModelError(trace.wrong(f"has {name} of {array.numel()} numbers for {size.constant} {what}"))
        trace.known.suppose(Eq(size, integer(array.numel())))


def entries_exist(trace: Trace, index: Any, size: Term, *, from_end: bool = False) -> None:
    """Entries of a dimension of ``size`` entries are taken by the numbers in ``index``: such sizes only for which there are so many.
    ``from_end``: −1 is the last one. What depends on the data cannot be known, and is said where it is no input of the model.
    """
    found, first = numbers_in(index), tidy(-size) if from_end else integer(0)
    if found is not None and found.within(first, size):
        return
    if found is not None and found.exact:
        for entry, proposition in ((found.most, Le(found.most, tidy(size - 1))), (found.least, Le(first, found.least))):
            if not symbols_of(proposition) and not holds(proposition):
                raise ModelError(trace.where(f"takes entry {shown([entry])} of {shown([size])}"))
            trace.known.suppose(proposition)
    elif is_value(index) and not trace.builder.is_given(index.tensor):
        path, _ = trace.place("")
        trace.builder.note(
            f"{path} takes entries of {shown([size])} by numbers that are worked out: they are assumed to be in range"
        )


def same_sizes(trace: Trace, given: Any, wanted: Sequence[Term], what: str) -> None:
    """Refuse a tensor (of ours, or with numbers) whose sizes, the batch among them, are not ``wanted``; where letters stand, that
    they are the same is a hypothesis."""
    sizes = sizes_of(given)
    pairs = [(tidy(one), tidy(two)) for one, two in zip(sizes, wanted, strict=False)]
    if len(sizes) != len(wanted) or any(one is not two and not symbols_of(one, two) for one, two in pairs):
        raise ModelError(trace.wrong(f"needs {what} of sizes ({_list(wanted)}), and gets ({_list(sizes)})"))
    for one, two in pairs:
        if one is not two:
            trace.known.suppose(Eq(one, two))


def _list(sizes: Sequence[Term]) -> str:
    return ", ".join(shown([size]) for size in sizes)
