"""How it is done without symnet: naive SymPy, and ISL."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import islpy
import sympy
from sympy.core.cache import clear_cache

from tests.benchmarks.networks import Convolution

__all__ = ["forget", "isl_closed_form", "parameter_terms", "sum_of_terms", "sympy_nested"]

_W, _F, _S, _P = sympy.symbols("W F S P", integer=True, positive=True)
_SIZE = sympy.floor((_W - _F + 2 * _P) / _S) + 1


def sympy_nested(layers: Sequence[Convolution]) -> Any:
    """The formula of each layer put into that of the next."""
    size: Any = _W
    for layer in layers:
        size = _SIZE.subs({_W: size, _F: layer.kernel, _S: layer.stride, _P: layer.padding})
    return size


def forget() -> None:
    """Empty SymPy's cache: a run must not be handed what the last run built."""
    clear_cache()


def isl_closed_form(layers: Sequence[Convolution]) -> Any:
    """A piecewise map for each layer, pulled back one after the other."""
    whole: Any = None
    for kernel, stride, padding in layers:
        layer = islpy.PwMultiAff(
            f"{{ [w] -> [(floor((w - {kernel} + 2*{padding})/{stride}) + 1)] }}", context=islpy.DEFAULT_CONTEXT
        )
        whole = layer if whole is None else layer.pullback_pw_multi_aff(whole)
    return whole.coalesce()


def parameter_terms(filters: Sequence[str], kernel: int) -> list[Any]:
    """The parameter counts of a stack: weights and biases of each layer."""
    symbols = [sympy.Integer(1), *sympy.symbols(list(filters), integer=True, positive=True)]
    weights = [kernel**2 * before * after for before, after in pairwise(symbols)]
    return [*weights, *symbols[1:]]


def sum_of_terms(terms: Sequence[Any]) -> Any:
    """One ``Add`` of them all."""
    return sympy.Add(*terms)
