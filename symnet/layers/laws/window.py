"""The window of a layer on one axis, in the form in which laws take it."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.terms.term import Term, integer

__all__ = ["Window"]

ZERO = integer(0)


@dataclass(frozen=True)
class Window:
    """The window on one axis. ``before`` and ``after`` are the padding, 0 if a padding mode determines it."""

    kernel: Term
    stride: Term
    dilation: Term
    before: Term = ZERO
    after: Term = ZERO
