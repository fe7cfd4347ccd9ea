"""How an answer was found, as data: steps that hold theorems, for a renderer to put into words."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.kernel.theorem import Theorem

__all__ = ["Step"]


@dataclass(frozen=True)
class Step:
    """One line of a derivation: what is done (``heading``), what is proven, and by which rule in words."""

    heading: str
    theorem: Theorem
    words: str
