"""Pooling with the places of its entries, what puts entries back to their places, pooling of random windows, columns added up."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import tidy
from symnet.frontends.ops.products import divided
from symnet.frontends.ops.selecting import taken
from symnet.frontends.torch.functions.calculating import beside, calculated
from symnet.frontends.torch.functions.spatial import FUNCTIONS as SPATIAL
from symnet.frontends.torch.placing import channels_first, numbers
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.declaration.base import product
from symnet.layers.kinds.pooling import AdaptiveMaxPool
from symnet.layers.kinds.spatial import Resize
from symnet.terms.propositions import Eq, Le, Lt
from symnet.terms.term import FloorDiv, Mod, Term, integer

__all__ = ["FUNCTIONS"]


def _joined_back(trace: Trace, gradient: Any, x: Any) -> Value:
    """What comes back through a pooling layer has the sizes of what went in."""
    return beside(trace, trace.constant(x), trace.constant(gradient), "pool_backward")


def _unpool(rank: int) -> Handler:
    def handler(
        trace: Trace,
        x: Value,
        indices: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        output_size: Any = None,
    ) -> Value:
        return _unpooled(trace, rank, x, trace.constant(indices), kernel_size, stride, padding, output_size, "unpool")

    return handler


def _with_indices(handler: Handler) -> Handler:
    """The same, with where each entry was found."""

    def both(trace: Trace, x: Value, *values: Any, return_indices: bool = True, **named: Any) -> tuple[Value, Value]:
        return _with_places(trace, handler(trace, x, *values[: 5 if len(values) > 5 else None], **named))

    return both


def _with_places(trace: Trace, made: Value) -> tuple[Value, Value]:
    """What a pooling layer gives, and the numbers of the entries that it took."""
    import torch

    return made, trace.like(made, made.flow, torch.int64)


def _unpooled(
    trace: Trace, rank: int, x: Value, indices: Any, kernel: Any, stride: Any = None, padding: Any = 0, output_size: Any = None,
    name: str = "",
) -> Value:  # fmt: skip
    """Entries of a maximum pooling put back where they were found: S·(W − 1) + F − 2·P of them, or as many as are asked for, which are
    less than S more or less."""
    x, more = channels_first(trace, x, rank)
    steps = numbers(kernel if stride is None else stride, rank)
    axes = x.tensor.shape.axes[more:]
    usual = [
        tidy((size - 1) * step + extent - 2 * added)
        for size, step, extent, added in zip(axes, steps, numbers(kernel, rank), numbers(padding, rank), strict=True)
    ]
    if output_size is None:
        wanted = usual
    else:
        wanted = [term_of(size) for size in tuple(output_size)[-rank:]]
        for size, one, step in zip(wanted, usual, steps, strict=True):
            for low, high in ((one, size + step), (size, one + step)):
                trace.known.suppose(Lt(low, tidy(high)))
    if is_value(indices):
        for ours, theirs in zip(x.sizes, indices.sizes, strict=True):
            if ours is not theirs:
                trace.known.suppose(Eq(ours, theirs))
    if more + rank <= 3:
        return trace.add(Resize((*x.tensor.shape.axes[:more], *wanted), mode="nearest"), x, name=name)
    flow = x.flow
    for dim, size in zip(range(x.ndim - rank, x.ndim), wanted, strict=True):
        flow = taken(trace, flow, dim, [size], name)
    return trace.like(x, flow)


def _random_windows(
    trace: Trace, rank: int, x: Value, kernel: Any, output_size: Any = None, output_ratio: Any = None, name: str = ""
) -> Value:
    """Maxima of windows at places drawn by chance: as many as are asked for, or a share of the entries, rounded down."""
    x, more = channels_first(trace, x, rank)
    axes = x.tensor.shape.axes[more:]
    if output_size is None:
        ratios = [Fraction(float(ratio)) for ratio in numbers(output_ratio, rank)]
        wanted = [_share(trace, size, ratio) for size, ratio in zip(axes, ratios, strict=True)]
    else:
        wanted = [term_of(size) for size in numbers(output_size, rank)]
    for size, many, extent in zip(axes, wanted, numbers(kernel, rank), strict=True):
        trace.known.suppose(Le(tidy(many + extent - 1), size))
    return trace.add(AdaptiveMaxPool((*x.tensor.shape.axes[:more], *wanted)), x, name=name)


def _share(trace: Trace, size: Term, ratio: Fraction) -> Term:
    if size.constant is not None:
        return integer(floor(size.constant * float(ratio)))
    if ratio.denominator > 1 << 10:
        raise ModelError(trace.where(f"takes {float(ratio)} of a symbolic size, which is no simple fraction"))
    return tidy(FloorDiv(size * ratio.numerator, integer(ratio.denominator)))


def _fractional(rank: int) -> Handler:
    def handler(
        trace: Trace,
        x: Value,
        kernel_size: Any,
        output_size: Any = None,
        output_ratio: Any = None,
        *_: Any,
        **named: Any,
    ) -> tuple[Value, Value]:
        return _with_places(trace, _random_windows(trace, rank, x, kernel_size, output_size, output_ratio, "pool"))

    return handler


def _first_of(handler: Handler) -> Handler:
    return lambda trace, *given, **named: handler(trace, *given, **named)[0]


def _folded(
    trace: Trace,
    x: Value,
    output: Any,
    kernel: Any,
    dilation: Any = 1,
    padding: Any = 0,
    stride: Any = 1,
    name: str = "",
) -> Value:
    """Columns, one for each window, added up to the image of ``output`` sizes that has those windows."""
    if x.ndim not in (2, 3):
        raise ModelError(trace.wrong(f"takes columns (batch, C·F·F, windows), and gets {x.ndim} dimensions"))
    sizes, extent, apart, added, step = (
        list(map(term_of, numbers(given, 2))) for given in (output, kernel, dilation, padding, stride)
    )
    counts = [
        tidy(FloorDiv(size + 2 * more - gap * (one - 1) - 1, pace) + 1)
        for size, one, gap, more, pace in zip(sizes, extent, apart, added, step, strict=True)
    ]
    trace.known.suppose(Eq(x.sizes[-1], tidy(product(*counts))))
    channels, exact = divided(trace, x.sizes[-2], tidy(product(*extent)))
    if not exact:
        trace.known.suppose(Eq(Mod(x.sizes[-2], tidy(product(*extent))), integer(0)))
    if x.batch is not None and x.batch >= x.ndim - 2:
        raise ModelError(trace.where("folds along the batch"))
    return calculated(trace, name or "fold", [*x.sizes[:-2], channels, *sizes], x)


FUNCTIONS: dict[str, Handler] = {
    **{f"max_pool{rank}d_with_indices": _with_indices(SPATIAL[f"max_pool{rank}d"]) for rank in (1, 2, 3)},
    **{
        f"adaptive_max_pool{rank}d_with_indices": _with_indices(SPATIAL[f"adaptive_max_pool{rank}d"])
        for rank in (1, 2, 3)
    },
    **{f"max_unpool{rank}d": _unpool(rank) for rank in (1, 2, 3)},
    **{f"fractional_max_pool{rank}d_with_indices": _fractional(rank) for rank in (2, 3)},
    "max_pool2d_with_indices_backward": lambda trace, gradient, x, *_, **named: _joined_back(trace, gradient, x),
    "fold": _folded,
    **{f"fractional_max_pool{rank}d": _first_of(_fractional(rank)) for rank in (2, 3)},
}
