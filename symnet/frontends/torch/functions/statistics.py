"""Functions that count, order and compare the entries of a tensor, and those of sequences: differences, areas under a curve."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import tidy
from symnet.frontends.ops import selecting
from symnet.frontends.ops.reducing import reduced
from symnet.frontends.torch.functions.calculating import beside, calculated, tuple_of
from symnet.frontends.torch.functions.joining import joined
from symnet.frontends.torch.placing import dimension
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.kinds.merges import Combine
from symnet.layers.kinds.reductions import Reduce
from symnet.terms.propositions import Eq, Lt
from symnet.terms.term import FloorDiv, Term, integer

__all__ = ["FUNCTIONS"]


def _quantile(trace: Trace, x: Any, q: Any, dim: Any = None, keepdim: bool = False, **_: Any) -> Value:
    """One number for all along a dimension, or one for each of several shares ``q``, which stand first then."""
    x = trace.constant(x)
    if not x.ndim:
        x, keepdim = trace.function("reshape", (x, 1), {}), False
    places = list(range(x.ndim)) if dim is None else [dimension(x, dim)]

    def layer(axes: tuple[int, ...], keep: bool) -> Any:
        return Reduce(axes, keepdims=keep, function="quantile")

    made = trace.like(x, reduced(trace, layer, x.flow, places, bool(keepdim), "quantile"))
    shares = getattr(q, "ndim", 0)
    if not shares:
        return made
    if shares > 1:
        raise ModelError(trace.wrong(f"takes shares in a row, and gets {shares} dimensions of them"))
    count = q.sizes[0] if is_value(q) else integer(q.shape[0])
    row = trace.function("unsqueeze", (made, 0), {})
    return trace.function("expand", (row, trace.size(count), *(trace.size(size) for size in made.sizes)), {})


def _variances(trace: Trace, x: Any, **_: Any) -> Value:
    """``cov`` and ``corrcoef``: rows are variables, and there is a number for each two of them; a row alone has one number."""
    x = trace.constant(x)
    if x.ndim > 2:
        raise ModelError(trace.wrong(f"takes rows of numbers, and gets a tensor of {x.ndim} dimensions"))
    if x.ndim and x.batch == 0 and x.ndim > 1:
        raise ModelError(trace.where("compares the examples of the batch with each other"))
    several = x.ndim == 2 and trace.decide(Lt(integer(1), x.sizes[0]))
    sizes = [x.sizes[0], x.sizes[0]] if several else []
    return calculated(trace, "cov", sizes, x)


def _differences(
    trace: Trace, x: Any, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None, **_: Any
) -> Value:
    """The gaps between entries beside each other, taken ``n`` times: an entry less each time."""
    ends = [item for item in (prepend, x, append) if item is not None]
    x = trace.constant(x)
    place = dimension(x, dim)
    if len(ends) > 1:
        x = trace.function("cat", ([trace.constant(item) for item in ends], place), {})
    if n == 0:
        return x
    size = x.sizes[place]
    if place == x.batch:
        raise ModelError(trace.where("takes differences along the batch"))
    if size.constant is not None and size.constant <= n:
        return calculated(trace, "diff", [*x.sizes[:place], 0, *x.sizes[place + 1 :]], x)
    trace.known.suppose(Lt(integer(n), size))
    return trace.like(x, selecting.taken(trace, x.flow, place, [tidy(size - n)], "diff"))


def _slopes(trace: Trace, x: Any, *, spacing: Any = None, dim: Any = None, edge_order: int = 1) -> list[Value]:
    """``gradient``: one tensor for each dimension."""
    x = trace.constant(x)
    dims = range(x.ndim) if dim is None else dim if isinstance(dim, tuple | list) else (dim,)
    places = [dimension(x, one) for one in dims]
    if x.batch in places:
        raise ModelError(trace.where("takes slopes along the batch"))
    return [trace.add(Activation("gradient"), x, name="gradient") for _ in places]


def _area(name: str) -> Handler:
    """``trapezoid``: the area under the values along a dimension; ``cumulative_trapezoid``, up to each of them after the first."""

    def handler(trace: Trace, y: Any, x: Any = None, *, dx: Any = None, dim: int = -1) -> Value:
        y = trace.constant(y)
        place = dimension(y, dim)
        if y.batch == place:
            raise ModelError(trace.where("integrates along the batch"))
        at = place - y.ndim
        if hasattr(x, "ndim"):
            x = trace.constant(x)
            if x.ndim == 1:
                trace.known.suppose(Eq(x.sizes[0], y.sizes[place]))
                for _ in range(-1 - at):
                    x = trace.function("unsqueeze", (x, -1), {})
            y = joined(trace, lambda: Combine(function=name), name, y, x)
        if name == "trapezoid":
            return trace.function("sum", (y, at), {})
        return _differences(trace, y, 1, at)

    return handler


def _among(trace: Trace, x: Any, others: Any, **_: Any) -> Value:
    """``isin``: for each entry, whether it is among the others."""
    import torch

    others = trace.constant(others) if hasattr(others, "dtype") else None
    if not hasattr(x, "dtype"):
        return calculated(trace, "isin", (), others, kind=torch.bool)
    made = trace.add(Activation("isin"), trace.constant(x), name="isin", kind=torch.bool)
    return made if others is None else beside(trace, made, others, "isin")


def _in_buckets(at: int) -> Handler:
    """``bucketize`` and ``searchsorted``: for each entry, a number of the boundaries; which argument has the entries."""

    def handler(trace: Trace, one: Any, two: Any = None, **named: Any) -> Value:
        import torch

        two = named.get("values", named.get("boundaries", two))
        entries, bounds = (one, two) if at == 0 else (two, one)
        bounds = trace.constant(bounds)
        if not hasattr(entries, "dtype"):
            return calculated(trace, "bucketize", (), bounds, kind=torch.int64)
        x = trace.constant(entries)
        return beside(
            trace, trace.add(Activation("bucketize"), x, name="bucketize", kind=torch.int64), bounds, "bucketize"
        )

    return handler


def _histogram(trace: Trace, x: Any, bins: Any, **_: Any) -> Any:
    """How many entries fall into each bin, and the ends of the bins: one more."""
    x = trace.constant(x)
    if hasattr(bins, "ndim"):
        ends = trace.constant(bins)
        made = calculated(trace, "histogram", [tidy(ends.sizes[0] - 1)], x)
        return tuple_of("histogram", [made, calculated(trace, "histogram", ends.sizes, ends, kind=x.kind)])
    count = term_of(bins)
    sizes: list[Term] = [count, tidy(count + 1)]
    return tuple_of("histogram", [calculated(trace, "histogram", [size], x) for size in sizes])


def _drawn(trace: Trace, x: Any, num_samples: Any, *_: Any, **named: Any) -> Value:
    """``multinomial``: numbers of entries of each row."""
    import torch

    x = trace.constant(x)
    if x.ndim not in (1, 2) or x.batch == x.ndim - 1:
        raise ModelError(trace.wrong("draws from a row of numbers, or from several rows"))
    return calculated(trace, "multinomial", [*x.sizes[:-1], term_of(num_samples)], x, kind=torch.int64)


def _all_distances(trace: Trace, x: Any, p: float = 2.0) -> Value:
    """``pdist``: between each two of n rows, n·(n − 1)/2."""
    x = trace.constant(x)
    if x.ndim != 2 or x.batch is not None:
        raise ModelError(trace.where("takes the distances of rows, none of which is an example of the batch"))
    rows = x.sizes[0]
    return calculated(trace, "pdist", [tidy(FloorDiv(rows * (rows - 1), integer(2)))], x)


def _exponents(trace: Trace, x: Any, **_: Any) -> Any:
    import torch

    x = trace.constant(x)
    parts = [
        trace.add(Activation("frexp"), x, name="frexp"),
        trace.add(Activation("frexp"), x, name="frexp", kind=torch.int32),
    ]
    return tuple_of("frexp", parts)


def _unravelled(trace: Trace, x: Any, shape: Any) -> tuple[Value, ...]:
    x = trace.constant(x)
    count = len(shape) if isinstance(shape, tuple | list) else 1
    return tuple(trace.add(Activation("unravel_index"), x, name="unravel_index") for _ in range(count))


FUNCTIONS: dict[str, Handler] = {
    **dict.fromkeys(("quantile", "nanquantile"), _quantile),
    **dict.fromkeys(("cov", "corrcoef"), _variances),
    "diff": _differences,
    "gradient": _slopes,
    **dict.fromkeys(("trapezoid", "trapz"), _area("trapezoid")),
    "cumulative_trapezoid": _area("cumulative_trapezoid"),
    "isin": _among,
    "bucketize": _in_buckets(0),
    "searchsorted": _in_buckets(1),
    "histogram": _histogram,
    "multinomial": _drawn,
    "pdist": _all_distances,
    "frexp": _exponents,
    "unravel_index": _unravelled,
}
