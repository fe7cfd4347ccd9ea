"""Operators that create arrays of real numbers which nobody has to know: windows of signals, random numbers, banks of filters."""

from __future__ import annotations

from symnet.frontends.onnx.call import Call
from symnet.frontends.onnx.sizes import tidy
from symnet.frontends.onnx.values import Array
from symnet.terms.term import FloorDiv, integer

__all__ = ["CREATED"]

#: The significant bits of the numbers that these operators give unless another type is asked for.
_SINGLE = 24


def _window(call: Call) -> Array:
    (size,) = call.terms(0)
    return Array((size,), bits=_SINGLE)


def _drawn(call: Call) -> Array:
    return Array(list(map(integer, call.attribute("shape", ()))), bits=_SINGLE)


def _filters(call: Call) -> Array:
    """MelWeightMatrix: a column of ⌊length/2⌋ + 1 factors for each filter."""
    (filters,), (length,) = call.terms(0), call.terms(1)
    return Array((tidy(FloorDiv(length, integer(2)) + 1), filters), bits=_SINGLE)


CREATED = {
    **dict.fromkeys(("HannWindow", "HammingWindow", "BlackmanWindow"), _window),
    **dict.fromkeys(("RandomNormal", "RandomUniform"), _drawn),
    "MelWeightMatrix": _filters,
}
