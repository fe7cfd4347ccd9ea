"""Decompositions of matrices, of which the last two sizes of a tensor are rows and columns: QR, LU, singular and eigenvalues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import tidy
from symnet.frontends.torch.functions.calculating import calculated, smaller, tuple_of
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.declaration.base import product
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Term, integer

__all__ = ["FUNCTIONS", "matrices"]


def matrices(trace: Trace, x: Any, *, square: bool = False) -> tuple[Value, dict[str, Term]]:
    """The tensor, and its rows ``m``, columns ``n`` and the smaller one of both, ``k``. Raises :class:`ModelError` where one of them
    is the batch."""
    x = trace.constant(x)
    if x.ndim < 2:
        raise ModelError(trace.wrong(f"takes matrices, and gets a tensor of {x.ndim} dimensions"))
    if x.batch is not None and x.batch >= x.ndim - 2:
        raise ModelError(trace.where("takes a matrix of which one size is the batch"))
    rows, columns = x.sizes[-2:]
    if square:
        trace.known.suppose(Eq(rows, columns))
    return x, {"m": rows, "n": columns, "k": rows if square else smaller(rows, columns)}


def _real(kind: Any) -> Any:
    import torch

    return {torch.complex128: torch.float64, torch.complex64: torch.float32}.get(kind, kind)


def _complex(kind: Any) -> Any:
    import torch

    return torch.complex128 if kind in (torch.float64, torch.complex128) else torch.complex64


def _parts(trace: Trace, x: Value, name: str, dims: dict[str, Term], parts: Sequence[str]) -> list[Value]:
    """What is written as ``m k``, a matrix for each matrix; a word before ``:`` says the dtype: real, complex or an integer one."""
    import torch

    made = []
    for part in parts:
        word, colon, letters = part.rpartition(":")
        kind = {"real": _real(x.kind), "complex": _complex(x.kind)}[word] if word in ("real", "complex") else x.kind
        kind = getattr(torch, word) if colon and word not in ("real", "complex") else kind
        made.append(
            calculated(trace, name, [*x.sizes[:-2], *(dims[letter] for letter in letters.split())], x, kind=kind)
        )
    return made


def _decomposed(name: str, *parts: str, square: bool = False, named: str = "") -> Handler:
    """A decomposition into these parts; with the name of its tuple."""

    def handler(trace: Trace, x: Any, *_: Any, **keywords: Any) -> Any:
        x, dims = matrices(trace, x, square=square)
        made = _parts(trace, x, name, dims, parts)
        return tuple_of(named or name, made) if len(made) > 1 else made[0]

    return handler


def _qr(trace: Trace, x: Any, mode: Any = "reduced", **named: Any) -> Any:
    """``mode`` is ``reduced``, ``complete`` or ``r``; ``torch.qr`` calls the first ``some``."""
    some = named.get("some", mode)
    mode = {True: "reduced", False: "complete"}[some] if isinstance(some, bool) else mode
    x, dims = matrices(trace, x)
    inner = {"reduced": "k", "complete": "m", "r": "k"}[mode]
    right = _parts(trace, x, "qr", dims, [f"{inner} n"])
    left = [calculated(trace, "qr", [0], x)] if mode == "r" else _parts(trace, x, "qr", dims, [f"m {inner}"])
    return tuple_of("linalg_qr", [*left, *right])


def _singular(trace: Trace, x: Any, full_matrices: bool = True, **named: Any) -> Any:
    x, dims = matrices(trace, x)
    left, right = ("m m", "n n") if full_matrices else ("m k", "k n")
    return tuple_of("linalg_svd", _parts(trace, x, "svd", dims, [left, "real:k", right]))


def _old_singular(trace: Trace, x: Any, some: bool = True, compute_uv: bool = True) -> Any:
    """``torch.svd``, whose right vectors are columns."""
    x, dims = matrices(trace, x)
    left, right = ("m k", "n k") if some and compute_uv else ("m m", "n n")
    return tuple_of("svd", _parts(trace, x, "svd", dims, [left, "real:k", right]))


def _few_singular(name: str) -> Handler:
    """``svd_lowrank`` and ``pca_lowrank``: so many singular values as are asked for."""

    def handler(trace: Trace, x: Any, q: Any = None, *_: Any, **named: Any) -> Any:
        x, dims = matrices(trace, x)
        usual = integer(6) if name == "svd_lowrank" else smaller(integer(6), dims["k"])
        count = usual if q is None else term_of(q)
        trace.known.suppose(Le(count, dims["k"]))
        dims["q"] = count
        return tuple(_parts(trace, x, name, dims, ["m q", "real:q", "n q"]))

    return handler


def _lu(trace: Trace, x: Any, pivot: bool = True, get_infos: bool = False, **_: Any) -> Any:
    """``torch.lu``: both factors in one matrix, where rows went, and on demand whether it worked."""
    x, dims = matrices(trace, x)
    parts = ["m n", "int32:k", "int32:"]
    return tuple(_parts(trace, x, "lu", dims, parts[: 3 if get_infos else 2]))


def _lu_unpacked(
    trace: Trace, x: Any, pivots: Any, unpack_data: bool = True, unpack_pivots: bool = True, **_: Any
) -> Any:
    x, dims = matrices(trace, x)
    order = _parts(trace, x, "lu", dims, ["m m"]) if unpack_pivots else [calculated(trace, "lu", [0], x)]
    both = (
        _parts(trace, x, "lu", dims, ["m k", "k n"])
        if unpack_data
        else [calculated(trace, "lu", [0], x) for _ in range(2)]
    )
    return tuple_of("lu_unpack", [*order, *both])


def _powers(trace: Trace, x: Any, N: Any = None, **_: Any) -> Value:  # noqa: N803  # torch's name
    """``vander``: the powers of each entry as a row."""
    x = trace.constant(x)
    x = x if x.ndim else trace.function("reshape", (x, 1), {})
    if x.batch == x.ndim - 1:
        raise ModelError(trace.where("takes the powers of single numbers"))
    count = x.sizes[-1] if N is None else N
    row = trace.function("unsqueeze", (x, -1), {})
    return trace.function("expand", (row, *(trace.size(one) for one in x.sizes), trace.size(term_of(count))), {})


def _condition(trace: Trace, x: Any, *_: Any, **named: Any) -> Value:
    x, dims = matrices(trace, x)
    return _parts(trace, x, "cond", dims, ["real:"])[0]


def _inverse_of_any(trace: Trace, x: Any, *_: Any, **named: Any) -> Value:
    x, dims = matrices(trace, x)
    return _parts(trace, x, "pinv", dims, ["n m"])[0]


def _rank(trace: Trace, x: Any, *_: Any, **named: Any) -> Value:
    x, dims = matrices(trace, x)
    return _parts(trace, x, "matrix_rank", dims, ["int64:"])[0]


def _inverse_of_tensor(trace: Trace, x: Any, ind: int = 2) -> Value:
    """``linalg.tensorinv``: the sizes before ``ind`` and those from it on change their places; their products are the same."""
    x = trace.constant(x)
    if x.batch is not None:
        raise ModelError(trace.where("inverts a tensor of which one size is the batch"))
    before, after = x.sizes[:ind], x.sizes[ind:]
    trace.known.suppose(Eq(_product(before), _product(after)))
    return calculated(trace, "tensorinv", [*after, *before], x)


def _product(sizes: Sequence[Term]) -> Term:
    return tidy(product(*sizes))


FUNCTIONS: dict[str, Handler] = {
    **dict.fromkeys(("qr", "linalg_qr"), _qr),
    "linalg_svd": _singular,
    "svd": _old_singular,
    "linalg_svdvals": _decomposed("svd", "real:k"),
    **{name: _few_singular(name) for name in ("svd_lowrank", "pca_lowrank")},
    "linalg_eig": _decomposed("linalg_eig", "complex:n", "complex:n n", square=True),
    "linalg_eigvals": _decomposed("eig", "complex:n", square=True),
    "linalg_eigh": _decomposed("linalg_eigh", "real:n", "n n", square=True),
    "linalg_eigvalsh": _decomposed("eigh", "real:n", square=True),
    "linalg_lu": _decomposed("linalg_lu", "m m", "m k", "k n"),
    "linalg_lu_factor": _decomposed("linalg_lu_factor", "m n", "int32:k"),
    "linalg_lu_factor_ex": _decomposed("linalg_lu_factor_ex", "m n", "int32:k", "int32:"),
    "lu": _lu,
    "lu_unpack": _lu_unpacked,
    "linalg_cholesky_ex": _decomposed("linalg_cholesky_ex", "n n", "int32:", square=True),
    "linalg_inv_ex": _decomposed("linalg_inv_ex", "n n", "int32:", square=True),
    "linalg_ldl_factor": _decomposed("linalg_ldl_factor", "n n", "int32:n", square=True),
    "linalg_ldl_factor_ex": _decomposed("linalg_ldl_factor_ex", "n n", "int32:n", "int32:", square=True),
    **dict.fromkeys(
        ("slogdet", "linalg_slogdet"), _decomposed("slogdet", "", "real:", square=True, named="linalg_slogdet")
    ),
    "geqrf": _decomposed("geqrf", "m n", "k"),
    **dict.fromkeys(("matrix_rank", "linalg_matrix_rank"), _rank),
    **dict.fromkeys(("pinverse", "linalg_pinv"), _inverse_of_any),
    "linalg_cond": _condition,
    "linalg_vander": _powers,
    "linalg_tensorinv": _inverse_of_tensor,
}
