"""Tensors of given sizes, each of whose entries is calculated from all entries of others: what a decomposition or a histogram gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet.frontends.ops import calculating as ops
from symnet.frontends.torch.functions.creating import filled
from symnet.frontends.torch.nothing import is_nothing
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Trace
from symnet.terms.term import Min, Term, integer

__all__ = ["beside", "calculated", "smaller", "tuple_of"]


def beside(trace: Trace, x: Value, other: Value, name: str) -> Value:
    """``x``, which now depends on all entries of another tensor, too: one number of each example stands beside every entry."""
    return trace.like(x, ops.beside(trace, x.flow, other.flow, name))


def calculated(trace: Trace, name: str, sizes: Sequence[Any], *tensors: Value, kind: Any = None) -> Value:
    """A tensor of these sizes, the batch among them, that depends on all entries of ``tensors``."""
    made = filled(trace, sizes, tensors[0].kind if kind is None else kind, name)
    for other in () if is_nothing(made) else tensors:
        made = beside(trace, made, other, name)
    return made


def smaller(one: Term, two: Term) -> Term:
    """The smaller one of two sizes."""
    if one.constant is not None and two.constant is not None:
        return integer(min(one.constant, two.constant))
    return one if one is two else Min(one, two)


def tuple_of(name: str, parts: Sequence[Any]) -> Any:
    """The tuple with names that a function of torch gives."""
    import torch

    return getattr(torch.return_types, name)(tuple(parts))
