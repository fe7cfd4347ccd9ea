"""Elementwise functions, and functions that return their tensor."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frameworks.convention import TORCH
from symnet.frameworks.tables.activations import names_by_framework
from symnet.frontends.torch.functions.joining import joined
from symnet.frontends.torch.placing import along, dimension
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.elementwise import GLU, Activation, Dropout
from symnet.layers.kinds.merges import Combine
from symnet.layers.kinds.rescaling import LocalResponseNorm

#: Elementwise functions that are not activations of a network.
_SPECIAL = (
    "deg2rad", "rad2deg", "digamma", "erfinv", "exp2", "i0", "lgamma", "mvlgamma", "sgn", "sinc", "_threshold", "nan_to_num",
    "log_sigmoid", "special_airy_ai", "special_bessel_j0", "special_bessel_j1", "special_bessel_y0", "special_bessel_y1",
    "special_entr", "special_erfcx", "special_i0e", "special_i1", "special_i1e", "special_log_ndtr", "special_ndtr",
    "special_ndtri", "special_modified_bessel_i0", "special_modified_bessel_i1", "special_modified_bessel_k0",
    "special_modified_bessel_k1", "special_scaled_modified_bessel_k0", "special_scaled_modified_bessel_k1",
    "special_spherical_bessel_j0", "exponential", "cauchy", "log_normal", "geometric", "random",
)  # fmt: skip

__all__ = ["ACTIVATIONS", "FUNCTIONS", "activation"]

#: Elementwise functions: torch's name and symnet's.
ACTIVATIONS = {
    **{(name if name[0].islower() else word): word for name, word in names_by_framework(TORCH).items()},
    "leaky_relu": "leakyrelu", "swish": "silu", "threshold": "threshold",
}  # fmt: skip

_MATH = (
    "absolute", "negative", "erfc", "frac", "clamp", "clip", "clamp_min", "clamp_max", "logit", "invert", "masked_fill",
    "fill", "zero", "normalize", "triu", "tril", "sort_values", "fliplr", "flipud", "bernoulli", "uniform", "normal",
    "standardize", "rsub",
)  # fmt: skip

_SAME = (
    "contiguous", "clone", "detach", "cuda",
    "cpu", "requires_grad", "retain_grad", "alias", "dequantize", "pin_memory", "positive", "pos", "deepcopy",
    "conj", "resolve_conj", "resolve_neg", "conj_physical",
)  # fmt: skip


_DROPOUT = (
    "dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout", "feature_dropout",
)  # fmt: skip


def _is_array(item: Any) -> bool:
    return hasattr(item, "ndim") and item.ndim > 0


def activation(name: str) -> Handler:
    """A handler that places an activation."""

    def handler(trace: Trace, x: Value, *values: Any, **named: Any) -> Value:
        arrays = [item for item in (*values, *named.values()) if is_value(item) or _is_array(item)]
        if arrays:  # bounds or a mask, to which x is broadcast
            return joined(trace, lambda: Combine(function=name), name, x, *arrays)
        return trace.add(Activation(name), x, name=name)

    return handler


def _along_dimensions(name: str, at: str) -> Handler:
    """A handler for a function along given dimensions (by default all) that keeps the sizes."""

    def handler(trace: Trace, x: Value, *values: Any, **named: Any) -> Value:
        dims = named.get(at, named.get("dim", values[0] if len(values) == 1 else values or None))
        listed = dims if isinstance(dims, tuple | list) else () if dims is None else (dims,)
        places = [dimension(x, dim) for dim in listed]
        if name == "flip" and len(set(places)) != len(places):
            raise ModelError(trace.wrong(f"flips dimension {', '.join(map(str, listed))}: one of them twice"))
        return trace.add(Activation(name), x, name=name)

    return handler


def _running(name: str) -> Handler:
    """``cummax`` and ``cummin``: the running extreme and its index."""

    def handler(trace: Trace, x: Value, dim: int) -> Any:
        import torch

        made = _along_dimensions(name, "dim")(trace, x, dim=dim)
        return getattr(torch.return_types, name)((made, trace.like(made, made.flow, torch.int64)))

    return handler


def _rolled(trace: Trace, x: Value, shifts: Any, dims: Any = None) -> Value:
    return _along_dimensions("roll", "dims")(trace, x, dims=dims)


def _softmax(name: str) -> Handler:
    def handler(trace: Trace, x: Value, dim: int | None = None, *_: Any, **named: Any) -> Value:
        if dim is None:
            dim = 0 if x.ndim in (0, 1, 3) else 1
        x, axis = along(trace, x, dim)
        return trace.add(Activation(name, axis=axis), x, name=name)

    return handler


def _dropout(trace: Trace, x: Value, p: float = 0.5, *_: Any, **named: Any) -> Value:
    return trace.add(Dropout(p), x, name="dropout")


def _kept(trace: Trace, x: Value, *_: Any, **named: Any) -> Value:
    return trace.like(x, x.flow)


def _cast(name: str) -> Handler:
    """A handler for a conversion to the dtype in the method's name or among its arguments."""

    def handler(trace: Trace, x: Value, *values: Any, **named: Any) -> Value:
        import torch

        kind: Any = getattr(torch, name, None)
        for given in (*values, *named.values()):
            kind = given if isinstance(given, torch.dtype) else getattr(given, "dtype", kind)
        made = trace.like(x, x.flow)
        made.kind = kind if isinstance(kind, torch.dtype) else x.kind
        return made

    return handler


def _asked(name: str) -> Handler:
    """A handler for an elementwise test, whose result is boolean."""

    def handler(trace: Trace, x: Value, *_: Any, **named: Any) -> Value:
        import torch

        return trace.add(Activation(name), x, name=name, kind=torch.bool)

    return handler


def _glu(trace: Trace, x: Value, dim: int = -1) -> Value:
    x, axis = along(trace, x, dim)
    return trace.add(GLU(axis), x, name="glu")


def _stochastic_depth(trace: Trace, x: Value, p: float, mode: str = "batch", training: bool = True) -> Value:
    return trace.add(Dropout(p), x, name="stochastic_depth")


def _local_response_norm(trace: Trace, x: Value, size: int, *_: Any, **named: Any) -> Value:
    return trace.add(LocalResponseNorm(size), x, name="lrn")


FUNCTIONS: dict[str, Handler] = {
    **{name: activation(ours) for name, ours in ACTIVATIONS.items()},
    **{name: activation(name) for name in (*_MATH, *_SPECIAL)},
    **dict.fromkeys(
        ("polygamma", "special_polygamma"), lambda trace, n, x: activation("polygamma")(trace, x if is_value(x) else n)
    ),
    **{name: _softmax(name.replace("_", "")) for name in ("softmax", "log_softmax", "softmin", "gumbel_softmax")},
    "_safe_softmax": _softmax("softmax"),
    **dict.fromkeys(_SAME, _kept),
    **{
        name: _cast(name)
        for name in (
            "to",
            "float",
            "half",
            "double",
            "bfloat16",
            "long",
            "int",
            "short",
            "bool",
            "type",
            "type_as",
            "cfloat",
            "byte",
            "char",
            "cdouble",
            "chalf",
        )
    },
    **{
        name: _asked(name)
        for name in ("isnan", "isinf", "isfinite", "isposinf", "isneginf", "logical_not", "signbit", "isreal")
    },
    **{
        name: _along_dimensions(name, "dims")
        for name in ("flip", "cumsum", "cumprod", "logcumsumexp", "msort", "fft_fftshift", "fft_ifftshift")
    },
    **{name: _running(name) for name in ("cummax", "cummin")},
    "associative_scan": lambda trace, x, dim: _along_dimensions("scan", "dims")(trace, x, dims=dim),
    "roll": _rolled,
    **dict.fromkeys(_DROPOUT, _dropout),
    "glu": _glu,
    "local_response_norm": _local_response_norm,
    "stochastic_depth": _stochastic_depth,
    "is_floating_point": lambda trace, x: x.kind.is_floating_point,
    "is_complex": lambda trace, x: x.kind.is_complex,
    "is_signed": lambda trace, x: x.kind.is_signed,
}
