"""Functions that reduce all entries along some dimensions to one number."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import batch_share
from symnet.frontends.ops.reducing import reduced
from symnet.frontends.torch.placing import dimension
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.reductions import Max, Mean, Min, Prod, Reduce, Sum
from symnet.terms.propositions import Le

__all__ = ["FUNCTIONS"]


def _reduced(trace: Trace, make: Callable[..., Layer], name: str, x: Value, dim: Any, keepdim: bool) -> Value:
    dims = range(x.ndim) if dim is None or dim == [] else dim if isinstance(dim, tuple | list) else (dim,)
    places = [dimension(x, one) for one in dims]
    if len(set(places)) < len(places):
        raise ModelError(trace.wrong(f"{name}: one of the dimensions {', '.join(map(str, dims))} stands there twice"))

    def layer(axes: tuple[int, ...], keep: bool) -> Layer:
        return make(axes, keepdims=keep)

    return trace.like(x, reduced(trace, layer, x.flow, places, bool(keepdim), name))


def _plain(make: Callable[..., Layer], name: str) -> Handler:
    def handler(trace: Trace, x: Value, dim: Any = None, keepdim: bool = False, *, axis: Any = None, **_: Any) -> Value:
        return _reduced(trace, make, name, x, dim if axis is None else axis, keepdim)

    return handler


def _other(name: str) -> Handler:
    return _plain(lambda axis, keepdims: Reduce(axis, keepdims=keepdims, function=name), name)


def _of_kind(name: str, kind: str) -> Handler:
    """A handler for a reduction whose results have another dtype: indices or booleans."""
    plain = _other(name)

    def handler(trace: Trace, x: Value, *values: Any, **named: Any) -> Value:
        import torch

        made = plain(trace, x, *values, **named)
        return trace.like(made, made.flow, getattr(torch, kind))

    return handler


def _spread(name: str) -> Handler:
    """A handler for ``std`` and ``var``, whose arguments may be (unbiased) or (dim, unbiased)."""

    def handler(
        trace: Trace,
        x: Value,
        dim: Any = None,
        unbiased: Any = None,
        keepdim: bool = False,
        *,
        axis: Any = None,
        **_: Any,
    ) -> Value:
        dim = dim if axis is None else axis
        make = partial(_made, name)
        return _reduced(trace, make, name, x, None if isinstance(dim, bool) else dim, keepdim)

    return handler


def _made(name: str, axis: Any, keepdims: bool) -> Layer:
    return Reduce(axis, keepdims=keepdims, function=name)


def _extreme(make: Callable[..., Layer], name: str, joining: str) -> Handler:
    """A handler for ``max`` and ``min``: along a dimension values and indices, of two tensors their elementwise
    extreme.
    """

    def handler(trace: Trace, x: Value, dim: Any = None, keepdim: bool = False, **named: Any) -> Any:
        if hasattr(dim, "dtype") or "other" in named:
            return trace.function(joining, (x, named.get("other", dim)), {})
        made = _reduced(trace, make, name, x, dim, keepdim)
        if dim is None:
            return made
        import torch

        return getattr(torch.return_types, name)((made, trace.like(made, made.flow, torch.int64)))

    return handler


def _made_of(name: str, axis: Any, keepdims: bool = False) -> Layer:
    return Reduce(axis, keepdims=keepdims, function=name)


def _last(name: str) -> Handler:
    """A handler for ``mode``: values and indices, along the last dimension by default."""
    both = _extreme(partial(_made_of, name), name, name)

    def handler(trace: Trace, x: Value, dim: Any = -1, keepdim: bool = False, **named: Any) -> Any:
        return both(trace, x, dim, keepdim, **named)

    return handler


def _kth(trace: Trace, x: Value, k: Any, dim: Any = -1, keepdim: bool = False, **named: Any) -> Any:
    """``kthvalue``: values and indices along a dimension with at least k entries."""
    size = x.sizes[dimension(x, dim)]
    if batch_share(size) is None:
        trace.known.suppose(Le(term_of(k), size))
    return _extreme(partial(_made_of, "kthvalue"), "kthvalue", "kthvalue")(trace, x, dim, keepdim)


def _norm(trace: Trace, x: Value, p: Any = 2, dim: Any = None, keepdim: bool = False, **_: Any) -> Value:
    return _reduced(
        trace, lambda axis, keepdims: Reduce(axis, keepdims=keepdims, function="norm"), "norm", x, dim, keepdim
    )


def _matrix_norm(
    trace: Trace, x: Value, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, **_: Any
) -> Value:
    """One number for each matrix, of two dimensions."""
    if len(dim) != 2:
        raise ModelError(trace.wrong(f"matrix_norm: a matrix has two dimensions, and {len(dim)} are given"))
    return _norm(trace, x, ord, dim, keepdim)


def _any_norm(trace: Trace, x: Value, ord: Any = None, dim: Any = None, keepdim: bool = False, **_: Any) -> Value:
    """``linalg.norm``: of all entries, of vectors, or of matrices."""
    if ord is not None and dim is None and x.ndim > 2:
        raise ModelError(trace.wrong(f"norm: which of the {x.ndim} dimensions are those of the matrix is not said"))
    return _norm(trace, x, ord, dim, keepdim)


def _both_ends(trace: Trace, x: Value, dim: Any, keepdim: bool) -> Any:
    """``aminmax``: the least and the largest entries."""
    import torch

    ends = [_reduced(trace, make, name, x, dim, keepdim) for make, name in ((Min, "amin"), (Max, "amax"))]
    return torch.return_types.aminmax(ends)


def _moments(trace: Trace, x: Value, dim: Any = None, unbiased: Any = None, keepdim: bool = False, **named: Any) -> Any:
    dim = None if isinstance(dim, bool) else dim
    make = _reduced(
        trace, lambda axis, keepdims: Reduce(axis, keepdims=keepdims, function="var"), "var", x, dim, keepdim
    )
    return make, _reduced(trace, Mean, "mean", x, dim, keepdim)


FUNCTIONS: dict[str, Handler] = {
    "mean": _plain(Mean, "mean"),
    "sum": _plain(Sum, "sum"),
    "nansum": _plain(Sum, "sum"),
    "nanmean": _plain(Mean, "mean"),
    "prod": _plain(Prod, "prod"),
    "amax": _plain(Max, "amax"),
    "amin": _plain(Min, "amin"),
    "max": _extreme(Max, "max", "maximum"),
    "min": _extreme(Min, "min", "minimum"),
    "kthvalue": _kth,
    "aminmax": lambda trace, x, *, dim=None, keepdim=False: _both_ends(trace, x, dim, keepdim),
    "norm": _norm,
    "vector_norm": _norm,
    "linalg_vector_norm": _norm,
    "linalg_matrix_norm": _matrix_norm,
    "linalg_norm": _any_norm,
    "hash_tensor": lambda trace, x, dim=(), *, keepdim=False, mode=0: _of_kind("hash_tensor", "uint64")(
        trace, x, list(dim) if isinstance(dim, tuple | list) else dim, keepdim
    ),
    "var_mean": _moments,
    "std_mean": _moments,
    "std": _spread("std"),
    "var": _spread("var"),
    "logsumexp": _other("logsumexp"),
    **{name: _of_kind(name, "int64") for name in ("argmax", "argmin", "count_nonzero")},
    **{name: _of_kind(name, "bool") for name in ("any", "all")},
    **{
        name: _extreme(partial(_made_of, name), name, name)
        for name in (
            "median",
            "nanmedian",
        )
    },
    "mode": _last("mode"),
}
