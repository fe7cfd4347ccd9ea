"""Complex numbers made of two real ones, and Fourier transforms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import tidy
from symnet.frontends.ops import joining, selecting
from symnet.frontends.ops.arranging import unsqueezed, whole
from symnet.frontends.torch.placing import dimension, same_features
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.elementwise import Activation
from symnet.terms.term import FloorDiv, Term, integer

__all__ = ["FUNCTIONS"]


def _complex(kind: Any) -> Any:
    """The complex dtype whose parts have this dtype."""
    import torch

    return torch.complex128 if kind in (torch.float64, torch.complex128) else torch.complex64


def _real(kind: Any) -> Any:
    import torch

    return {torch.complex128: torch.float64, torch.complex64: torch.float32}.get(kind, kind)


def _from_pairs(trace: Trace, x: Value) -> Value:
    """``view_as_complex``: removes the last size, which is 2."""
    same_features(trace, x, -1, 2, "parts of a complex number")
    return trace.like(x, selecting.chosen(trace, x.flow, x.ndim - 1, integer(0), "complex"), _complex(x.kind))


def _to_pairs(trace: Trace, x: Value) -> Value:
    """``view_as_real``: adds a last size 2."""
    flow = unsqueezed(trace, x.flow, x.ndim, "real")
    return trace.like(x, joining.along(trace, flow, flow.ndim - 1, integer(2), "real"), _real(x.kind))


def _of_two(trace: Trace, one: Any, two: Any, **_: Any) -> Value:
    """``polar`` and ``complex``: a complex tensor from two real ones."""
    made = trace.function("mul", (one, two), {})
    return trace.like(made, made.flow, _complex(made.kind))


def _part(name: str) -> Handler:
    def handler(trace: Trace, x: Value) -> Value:
        return trace.add(Activation(name), x, name=name, kind=_real(x.kind)) if x.kind.is_complex else x

    return handler


def _resized(trace: Trace, x: Value, dim: int, size: Term, name: str) -> Value:
    """The tensor with another size along a transformed dimension, each entry of which depends on all old ones."""
    if dim == x.batch:
        raise ModelError(trace.where("transforms along the batch"))
    if size is x.sizes[dim]:
        return x
    flow = whole(trace, x.flow, name) if x.flow.places[dim] is None else x.flow
    return trace.like(x, selecting.taken(trace, flow, dim, [size], name))


def _transform(name: str, axes: int | None, half: str = "") -> Handler:
    """A Fourier transform along these dimensions, by default the last ``axes``. The last of them has ⌊n/2⌋ + 1 entries
    after a transform of real numbers, and 2·(n − 1) after the inverse of that.
    """

    def handler(trace: Trace, x: Value, n: Any = None, dim: Any = None, norm: Any = None, **named: Any) -> Value:
        wanted = named.get("s", n)
        wanted = (wanted,) if isinstance(wanted, int) and axes != 1 else wanted
        dim = (dim,) if isinstance(dim, int) and axes != 1 else dim
        count = 1 if axes == 1 else axes or x.ndim
        if wanted is not None and axes != 1:
            count = len(wanted)
        dims: Sequence[int] = (
            range(x.ndim - count, x.ndim) if dim is None else dim if isinstance(dim, tuple | list) else (dim,)
        )
        places = [dimension(x, one) for one in dims]
        given: Sequence[Any] = (
            [None] * len(places) if wanted is None else wanted if isinstance(wanted, tuple | list) else [wanted]
        )
        if len(given) != len(places) or len(set(places)) != len(places):
            raise ModelError(trace.wrong(f"{name}: {len(given)} sizes for {len(places)} dimensions"))
        x = trace.add(Activation("fft"), x, name=name, kind=_real(x.kind) if half == "back" else _complex(x.kind))
        for place, size in zip(places, given, strict=True):
            length = x.sizes[place] if size is None or size == -1 else term_of(size)
            if half and place == places[-1]:
                if half == "real":
                    length = tidy(FloorDiv(length, integer(2)) + 1)
                elif size is None or size == -1:
                    length = tidy(2 * (length - 1))
            x = _resized(trace, x, place, length, name)
        return x

    return handler


FUNCTIONS: dict[str, Handler] = {
    "view_as_complex": _from_pairs,
    "view_as_real": _to_pairs,
    "polar": _of_two,
    "complex": _of_two,
    "real": _part("real"),
    "imag": _part("imag"),
    "angle": _part("angle"),
    **{f"fft_{name}": _transform(name, 1) for name in ("fft", "ifft")},
    **{f"fft_{name}": _transform(name, 2) for name in ("fft2", "ifft2")},
    **{f"fft_{name}": _transform(name, None) for name in ("fftn", "ifftn")},
    "fft_rfft": _transform("rfft", 1, "real"),
    "fft_rfft2": _transform("rfft2", 2, "real"),
    "fft_rfftn": _transform("rfftn", None, "real"),
    **{
        f"fft_{name}{rank}": _transform(f"{name}{rank}", axes, half)
        for name, half in (("hfft", "back"), ("ihfft", "real"))
        for rank, axes in (("", 1), ("2", 2), ("n", None))
    },
    "fft_irfft": _transform("irfft", 1, "back"),
    "fft_irfft2": _transform("irfft2", 2, "back"),
    "fft_irfftn": _transform("irfftn", None, "back"),
}
