"""The type of a fact: theorems with a name, what they say in words, and how their derivation is written."""

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
    """A theorem of a fact, and the sentence for it."""

    says: str
    theorem: RealTheorem | Theorem


@dataclass(frozen=True)
class Fact:
    """Theorems with a name. ``names`` are short names for long expressions, ``rows`` is a table of examples, its head first."""

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
        """The theorems without their sentences."""
        return tuple(one.theorem for one in self.proven)


def definition(*pairs: tuple[Real, Real]) -> dict[Node, Real]:
    """Short names for expressions, from pairs (name, expression)."""
    return {expression: name for name, expression in pairs}


def is_real(theorem: RealTheorem | Theorem) -> TypeGuard[RealTheorem]:
    """Whether a theorem is about real numbers."""
    return type(theorem) is RealTheorem


def is_integral(theorem: RealTheorem | Theorem) -> TypeGuard[Theorem]:
    """Whether a theorem is about integers."""
    return type(theorem) is Theorem


def fact(maker: Callable[[], Fact]) -> Callable[[], Fact]:
    """Decorator of a function that proves a fact: it runs once, when the fact is asked for; the fact has the function's name."""
    return cache(maker)
