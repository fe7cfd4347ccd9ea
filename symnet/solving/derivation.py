"""The derivation of an answer as data: steps that hold theorems, which a renderer puts into words."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.kernel.theorem import Theorem

__all__ = ["Step"]


@dataclass(frozen=True)
class Step:
    """One line of a derivation: its ``heading``, the theorem, and the rule in words."""

    heading: str
    theorem: Theorem
    words: str
