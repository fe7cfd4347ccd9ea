"""A fact: theorems with a name, what they say in words, and how their derivation is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import TypeGuard

from symnet.errors import NotationError
from symnet.facts.reals import Node, Real
from symnet.facts.theorem import RealTheorem
from symnet.kernel.theorem import Theorem

__all__ = ["TOPICS", "Fact", "Proven", "definition", "fact", "fact_names", "get_fact", "is_integral", "is_real"]

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


def definition(*pairs: tuple[Real, Real]) -> dict[Node, Real]:
    """Names for expressions: (what is written, what it stands for)."""
    return {expression: written for written, expression in pairs}


def is_real(theorem: RealTheorem | Theorem) -> TypeGuard[RealTheorem]:
    """Whether a theorem speaks of real numbers."""
    return type(theorem) is RealTheorem


def is_integral(theorem: RealTheorem | Theorem) -> TypeGuard[Theorem]:
    """Whether a theorem speaks of integers."""
    return type(theorem) is Theorem


_makers: dict[str, Callable[[], Fact]] = {}


def fact(maker: Callable[[], Fact]) -> Callable[[], Fact]:
    """Enter a fact under the name of the function that proves it; it is proven when it is asked for."""
    made = cache(maker)
    _makers[maker.__name__.replace("_", "-")] = made
    return made


def fact_names() -> tuple[str, ...]:
    """The names of all facts, in the order of the notes."""
    import symnet.facts.catalogue  # noqa: F401  (fills the table)

    return tuple(_makers)


def get_fact(name: str) -> Fact:
    """The fact of that name.

    >>> get_fact("dropout-expectation").title
    'Inverted dropout preserves the expectation'
    """
    found = _makers.get(name) if name in fact_names() else None
    if found is None:
        near = get_close_matches(name, _makers, n=1)
        raise NotationError(f"unknown fact {name!r}", suggestion=near[0] if near else None)
    return found()
