"""Functions of matrices: the last two sizes of a tensor are rows and columns, the others count matrices."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import Flow, tidy
from symnet.frontends.ops import selecting
from symnet.frontends.ops.arranging import unsqueezed
from symnet.frontends.torch.functions.calculating import smaller
from symnet.frontends.torch.placing import along, dimension, same_features
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.kinds.reductions import Reduce
from symnet.terms.propositions import Eq
from symnet.terms.term import integer

__all__ = ["FUNCTIONS"]


def _square(name: str) -> Handler:
    """A handler for a function from square matrices to square matrices: inverse, power."""

    def handler(trace: Trace, x: Any, *_: Any, **named: Any) -> Value:
        x, _axes = along(trace, trace.constant(x), (-2, -1))
        trace.known.suppose(Eq(x.sizes[-2], x.sizes[-1]))
        return trace.add(Activation(name), x, name=name)

    return handler


def _of_matrix(name: str) -> Handler:
    """A handler for a number per square matrix: determinant, trace."""

    def handler(trace: Trace, x: Any, *_: Any, **named: Any) -> Value:
        x, axes = along(trace, trace.constant(x), (-2, -1))
        tensor = trace.layer(Reduce(axes, keepdims=False, function=name), x.tensor, name=name)
        return trace.like(x, Flow(tensor, x.flow.places[:-2], x.batch))

    return handler


def _diagonal(trace: Trace, x: Any, offset: int = 0, dim1: int = 0, dim2: int = 1, **named: Any) -> Value:
    """The entries (i, i + offset) of two dimensions as a new last dimension."""
    offset, dim1, dim2 = named.get("offset", offset), named.get("dim1", dim1), named.get("dim2", dim2)
    x, _axes = along(trace, trace.constant(x), (dim1, dim2))
    one, two = dimension(x, dim1), dimension(x, dim2)
    if one == two:
        raise ModelError(trace.wrong(f"takes the diagonal of dimension {dim1} and of itself"))
    rows, columns = x.sizes[one], x.sizes[two]
    count = smaller(tidy(rows + min(offset, 0)), tidy(columns - max(offset, 0)))
    flow = selecting.taken(trace, x.flow, one, [count], "diagonal")
    flow = selecting.chosen(trace, flow, two, integer(0), "diagonal")
    made = trace.like(x, flow)
    return trace.function("movedim", (made, one - (one > two), made.ndim - 1), {})


def _diag(trace: Trace, x: Any, diagonal: int = 0) -> Value:
    x = trace.constant(x)
    return _embedded(trace, x, diagonal) if x.ndim == 1 else _diagonal(trace, x, diagonal)


def _embedded(trace: Trace, x: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Value:
    """A square matrix with the last dimension on its diagonal."""
    x = trace.constant(x)
    if (dim1 % (x.ndim + 1), dim2 % (x.ndim + 1)) != (x.ndim - 1, x.ndim):
        raise ModelError(trace.where("places a diagonal in other than the last two dimensions"))
    size = tidy(x.sizes[-1] + abs(offset))
    flow = x.flow if not offset else selecting.taken(trace, x.flow, x.ndim - 1, [size], "diagonal")
    made = trace.like(x, unsqueezed(trace, flow, x.ndim))
    return trace.function("expand", (made, *(trace.size(one) for one in (*made.sizes[:-1], size))), {})


def _outer(trace: Trace, x: Any, other: Any, **_: Any) -> Value:
    one, two = (trace.constant(item) for item in (x, other))
    return trace.function(
        "mul", (trace.function("unsqueeze", (one, 1), {}), trace.function("unsqueeze", (two, 0), {})), {}
    )


def _distances(trace: Trace, x: Any, other: Any, *_: Any, **named: Any) -> Value:
    """``cdist``: the distance of each row of one tensor to each row of the other."""
    one, two = (trace.constant(item) for item in (x, other))
    gap = trace.function(
        "sub", (trace.function("unsqueeze", (one, -2), {}), trace.function("unsqueeze", (two, -3), {})), {}
    )
    return trace.function("norm", (gap, 2, -1), {})


def _pairwise(trace: Trace, x: Any, other: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Value:
    return trace.function("norm", (trace.function("sub", (x, other), {}), p, -1, keepdim), {})


def _cross(trace: Trace, x: Any, other: Any, dim: int | None = None) -> Value:
    """The vector product along ``dim``; ``torch.cross`` takes the first dimension of size 3 if it is given none."""
    made = trace.function("mul", (x, other), {})
    if dim is None and not any(size.constant in (3, None) for size in made.sizes):
        raise ModelError(trace.wrong("takes a vector product, for which a dimension of size 3 is needed"))
    if dim is not None:
        same_features(trace, made, dim, 3, "coordinates of a vector product")
    return trace.add(Activation("cross"), made, name="cross")


def _products_of_rows(trace: Trace, x: Any, other: Any, *, dim: int = -1, **_: Any) -> Value:
    return trace.function("sum", (trace.function("mul", (x, other), {}), dim), {})


FUNCTIONS: dict[str, Handler] = {
    **{name: _square(name) for name in (
        "inverse", "linalg_inv", "matrix_exp", "linalg_matrix_exp", "linalg_matrix_power", "matrix_power", "cholesky",
        "linalg_cholesky", "cholesky_inverse",
    )},
    **{name: _of_matrix(name) for name in ("det", "linalg_det", "logdet", "trace")},
    "diagonal": _diagonal,
    "linalg_diagonal": lambda trace, x, *, offset=0, dim1=-2, dim2=-1: _diagonal(trace, x, offset, dim1, dim2),
    "diag": _diag,
    "diag_embed": _embedded,
    "diagflat": lambda trace, x, offset=0: _embedded(trace, trace.function("flatten", (trace.constant(x),), {}), offset),
    **dict.fromkeys(("outer", "ger"), _outer),
    "addr": lambda trace, x, one, two, **_: trace.function("add", (_outer(trace, one, two), x), {}),
    "cdist": _distances,
    "pairwise_distance": _pairwise,
    **dict.fromkeys(("cross",), _cross),
    "linalg_cross": lambda trace, x, other, *, dim=-1: _cross(trace, x, other, dim),
    "linalg_vecdot": _products_of_rows,
}  # fmt: skip
