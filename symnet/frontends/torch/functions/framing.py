"""Sound as frames of frequencies, and back: the Fourier transform of windows of a signal."""

from __future__ import annotations

from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import tidy
from symnet.frontends.torch.functions.calculating import calculated
from symnet.frontends.torch.sizes import term_of
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.terms.propositions import Le
from symnet.terms.term import FloorDiv, integer

__all__ = ["FUNCTIONS"]


def _frequencies(size: int, onesided: bool) -> int:
    return size // 2 + 1 if onesided else size


def _frames(
    trace: Trace, x: Any, n_fft: int, hop_length: int | None = None, win_length: int | None = None, window: Any = None,
    center: bool = True, pad_mode: str = "reflect", normalized: bool = False, onesided: bool | None = None,
    return_complex: bool | None = None, **_: Any,
) -> Value:  # fmt: skip
    """(…, L) becomes (…, frequencies, 1 + ⌊(L' − n_fft)/hop⌋), with L' = L + 2·⌊n_fft/2⌋ where frames are centered; of complex
    signals all frequencies, and two numbers each in older code."""
    import torch

    x = trace.constant(x)
    if x.ndim not in (1, 2) or x.batch == x.ndim - 1:
        raise ModelError(trace.wrong("takes a signal, or several of one length"))
    hop = n_fft // 4 if hop_length is None else hop_length
    complex_window = getattr(getattr(window, "dtype", None), "is_complex", False)
    real = not (x.kind.is_complex or complex_window)
    length = x.sizes[-1]
    if center:
        half = n_fft // 2
        if pad_mode == "reflect":
            trace.known.suppose(Le(integer(half + 1), length))
        length = tidy(length + 2 * half)
    trace.known.suppose(Le(integer(n_fft), length))
    count = tidy(FloorDiv(length - n_fft, integer(hop)) + 1)
    sizes = [*x.sizes[:-1], integer(_frequencies(n_fft, real if onesided is None else onesided)), count]
    if return_complex is False:
        return calculated(trace, "stft", [*sizes, integer(2)], x, kind=x.kind)
    kind = torch.complex128 if x.kind in (torch.float64, torch.complex128) else torch.complex64
    return calculated(trace, "stft", sizes, x, kind=kind)


def _signal(
    trace: Trace, x: Any, n_fft: int, hop_length: int | None = None, win_length: int | None = None, window: Any = None,
    center: bool = True, normalized: bool = False, onesided: bool | None = None, length: Any = None,
    return_complex: bool = False,
) -> Value:  # fmt: skip
    """(…, frequencies, frames) becomes (…, n_fft + hop·(frames − 1)), less ⌊n_fft/2⌋ at both ends where frames are centered, or
    ``length``."""
    import torch

    x = trace.constant(x)
    if x.ndim not in (2, 3) or x.batch in (x.ndim - 1, x.ndim - 2):
        raise ModelError(trace.wrong("takes frames of frequencies, of one signal or of several"))
    hop = n_fft // 4 if hop_length is None else hop_length
    size = tidy(n_fft + hop * (x.sizes[-1] - 1)) if length is None else term_of(length)
    if center and length is None:
        size = tidy(size - 2 * (n_fft // 2))
    real = {torch.complex128: torch.float64}.get(x.kind, torch.float32)
    return calculated(trace, "istft", [*x.sizes[:-2], size], x, kind=x.kind if return_complex else real)


FUNCTIONS: dict[str, Handler] = {"stft": _frames, "istft": _signal}
