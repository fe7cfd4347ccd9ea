"""The window of a layer on one axis, as the laws read it."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.terms.term import Term, integer

__all__ = ["Window"]

ZERO = integer(0)


@dataclass(frozen=True)
class Window:
    """The window on one axis. ``before`` and ``after`` are 0 where a padding mode decides them."""

    kernel: Term
    stride: Term
    dilation: Term
    before: Term = ZERO
    after: Term = ZERO
