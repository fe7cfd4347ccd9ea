"""A fact: theorems with a name, what they say in words, and how their derivation is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TypeGuard

from symnet.kernel.real.expressions import Node, Real
from symnet.kernel.real.theorem import RealTheorem
from symnet.kernel.theorem import Theorem

__all__ = ["TOPICS", "Fact", "Proven", "definition", "fact", "is_integral", "is_real"]

#: The topics of the lecture notes, in their order.
TOPICS = {
    "batch-norm": "Batch normalization",
    "penalties": "L2, L1 and weight decay",
    "losses": "Losses",
    "tensors": "Clipping and the largest entry",
    "dropout": "Dropout",
}


@dataclass(frozen=True)
class Proven:
    """A theorem of a fact and what it says in words."""

    says: str
    theorem: RealTheorem | Theorem


@dataclass(frozen=True)
class Fact:
    """Theorems with a name. ``names`` is how long expressions are written; ``rows`` is a table of examples, head first."""

    name: str
    topic: str
    title: str
    proven: tuple[Proven, ...]
    names: Mapping[Node, Real] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def theorems(self) -> tuple[RealTheorem | Theorem, ...]:
        """What is proven, without the words."""
        return tuple(one.theorem for one in self.proven)


def definition(*pairs: tuple[Real, Real]) -> dict[Node, Real]:
    """Names for expressions: (what is written, what it stands for)."""
    return {expression: written for written, expression in pairs}


def is_real(theorem: RealTheorem | Theorem) -> TypeGuard[RealTheorem]:
    """Whether a theorem speaks of real numbers."""
    return type(theorem) is RealTheorem


def is_integral(theorem: RealTheorem | Theorem) -> TypeGuard[Theorem]:
    """Whether a theorem speaks of integers."""
    return type(theorem) is Theorem


def fact(maker: Callable[[], Fact]) -> Callable[[], Fact]:
    """A fact is proven when it is asked for, once. Its name is that of the function that proves it."""
    return cache(maker)
