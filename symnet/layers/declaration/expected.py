"""Checks of the number of channels and axes that a layer was made for. PyTorch's layers declare their input channels,
and a kind with 2d in its name declares two axes.
"""

from __future__ import annotations

from typing import Any

from symnet.errors import LayerError
from symnet.layers.declaration.base import Condition
from symnet.layers.declaration.fields import count
from symnet.printing.text import text
from symnet.terms.propositions import Eq
from symnet.terms.term import Term

__all__ = [
    "counted_axes",
    "expected_axes",
    "expected_channels",
    "require_axes",
    "require_axis",
    "require_channels",
    "without_axes",
]


def expected_channels(*aliases: str) -> Any:
    """The field for the expected number of input channels, with these other names."""
    return count("", "how many channels must come in, where that is fixed", *aliases, default=None, kw_only=True)


def expected_axes() -> Any:
    """The field for the expected number of axes."""
    return count("", "how many axes it must have", default=None, kw_only=True)


def require_channels(expected: Term | None, actual: Term) -> tuple[Condition, ...]:
    """The condition that the input has the ``expected`` number of channels; empty if that is certain. Raises
    :class:`LayerError` if both are numbers and differ.
    """
    if expected is None or expected is actual:
        return ()
    if expected.constant is not None and actual.constant is not None:
        if expected.constant == actual.constant:
            return ()
        plural = "s" * (expected.constant != 1)
        raise LayerError(f"is for {text(expected)} channel{plural}, got {text(actual)}")
    return (Condition(Eq(actual, expected), "it is for so many channels"),)


def require_axes(rank: Term | None, axes: int, *, fewer: bool = False) -> None:
    """Raises :class:`LayerError` unless the input has ``rank`` axes, or with ``fewer`` at most that many."""
    number = None if rank is None else rank.constant
    if number is None or axes == number or (fewer and axes < number):
        return
    raise LayerError(
        f"is for channels and {counted_axes(number)}, got {counted_axes(axes) if axes > 0 else without_axes(axes)}"
    )


def require_axis(axes: int) -> None:
    """Raises :class:`LayerError` if there is no axis beside the channels. ``axes`` is −1 for a single number, which
    has no channels either.
    """
    if axes < 1:
        remedy = "; reshape it before" if axes == 0 else ""
        raise LayerError(f"needs channels and at least one axis, got {without_axes(axes)}{remedy}")


def without_axes(axes: int) -> str:
    """The name of a tensor without axes: a vector (``axes`` is 0) or a single number (−1).

    >>> without_axes(0), without_axes(-1)
    ('a vector', 'a single number')
    """
    return "a vector" if axes == 0 else "a single number"


def counted_axes(count: int) -> str:
    """The number of axes in words: ``1 axis``, ``2 axes``."""
    return "1 axis" if count == 1 else f"{count} axes"
