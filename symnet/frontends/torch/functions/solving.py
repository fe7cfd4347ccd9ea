"""Equations with matrices: as many unknowns as the square matrix has columns, for each column of the right side."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.torch.functions.calculating import beside, calculated, tuple_of
from symnet.frontends.torch.functions.decompositions import matrices
from symnet.frontends.torch.functions.joining import joined
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.merges import Combine
from symnet.terms.propositions import Eq

__all__ = ["FUNCTIONS"]


def _solved(trace: Trace, name: str, matrix: Any, right: Any, left: bool = True) -> Value:
    """The unknowns of a stack of square matrices and of right sides, which stretch to one another; ``left`` is on which side the
    matrix stands."""
    matrix, _ = matrices(trace, matrix, square=True)
    right, dims = matrices(trace, right)
    trace.known.suppose(Eq(matrix.sizes[-1], dims["m" if left else "n"]))
    one = trace.function("sum", (matrix, (-2, -1), True), {})  # a number for each matrix
    return joined(trace, lambda: Combine(function=name), name, right, one)


def _solved_for_vectors(trace: Trace, name: str, matrix: Any, right: Any, left: bool) -> Value:
    """``linalg.solve``, whose right sides are vectors where they have a dimension less, and the sizes of the matrices before it."""
    one, two = trace.constant(matrix), trace.constant(right)
    vector = two.ndim == 1 or (two.ndim == one.ndim - 1 and two.sizes == one.sizes[:-1])
    if not vector:
        return _solved(trace, name, one, two, left)
    column = trace.function("unsqueeze", (two, -1), {})
    return trace.function("squeeze", (_solved(trace, name, one, column), -1), {})


def _solve(trace: Trace, matrix: Any, right: Any, *, left: bool = True, **_: Any) -> Value:
    return _solved_for_vectors(trace, "solve", matrix, right, left)


def _solve_and_say(trace: Trace, matrix: Any, right: Any, *, left: bool = True, **_: Any) -> Any:
    import torch

    made = _solved_for_vectors(trace, "solve", matrix, right, left)
    before = trace.constant(matrix).sizes[:-2]
    return tuple_of("linalg_solve_ex", [made, calculated(trace, "solve", before, made, kind=torch.int32)])


def _by_factor(at: int, name: str) -> Handler:
    """The right side first or, where ``at`` is 0, the matrix first; what else is given changes no size."""

    def handler(trace: Trace, *given: Any, left: bool = True, **named: Any) -> Value:
        given = (*given, *(named[word] for word in ("B", "LU", "pivots", "L") if word in named))
        matrix, right = (given[0], given[-1 if len(given) < 3 else 2]) if at == 0 else (given[1], given[0])
        if name == "solve_triangular":
            matrix, right = given[0], given[1]
        return _solved(trace, name, matrix, right, left)

    return handler


def _triangular(trace: Trace, right: Any, matrix: Any, *_: Any, **named: Any) -> Any:
    made = _solved(trace, "solve_triangular", matrix, right)
    matrix = trace.constant(matrix)
    sizes = [*made.sizes[:-2], *matrix.sizes[-2:]]
    return tuple_of("triangular_solve", [made, calculated(trace, "matrix", sizes, matrix)])


def _of_tensors(trace: Trace, matrix: Any, right: Any, dims: Any = None) -> Value:
    """``linalg.tensorsolve``: the sizes of the first after those of the second are those of the unknowns."""
    matrix, right = trace.constant(matrix), trace.constant(right)
    if matrix.batch is not None or right.batch is not None:
        raise ModelError(trace.where("solves for tensors of which one size is the batch"))
    if dims is not None:
        count = len(dims)
        matrix = trace.function("movedim", (matrix, tuple(dims), tuple(range(-count, 0))), {})
    return calculated(trace, "tensorsolve", matrix.sizes[right.ndim :], matrix, right)


def _reflected(at: int) -> Handler:
    """``householder_product`` and ``ormqr``: what is multiplied keeps its sizes."""

    def handler(trace: Trace, *given: Any, **_: Any) -> Value:
        tensors = [trace.constant(item) for item in given[: at + 1]]
        made = tensors[at]
        for other in tensors[:at] if at else [trace.constant(given[1])]:
            made = beside(trace, made, other, "reflect")
        return made

    return handler


FUNCTIONS: dict[str, Handler] = {
    "linalg_solve": _solve,
    "linalg_solve_ex": _solve_and_say,
    "linalg_solve_triangular": _by_factor(0, "solve_triangular"),
    "linalg_lu_solve": _by_factor(0, "lu_solve"),
    "linalg_ldl_solve": _by_factor(0, "ldl_solve"),
    "lu_solve": _by_factor(1, "lu_solve"),
    "cholesky_solve": _by_factor(1, "cholesky_solve"),
    "triangular_solve": _triangular,
    "linalg_tensorsolve": _of_tensors,
    **dict.fromkeys(("linalg_householder_product", "orgqr"), _reflected(0)),
    "ormqr": _reflected(2),
}
