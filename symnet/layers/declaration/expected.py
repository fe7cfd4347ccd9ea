"""What a layer is made for, where that is said: how many channels it reads, and along how many axes. PyTorch's layers are made
for a number of channels, and a kind that says 2d for two axes."""

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
    """The field for the number of channels that must come in."""
    return count("", "how many channels must come in, where that is fixed", *aliases, default=None, kw_only=True)


def expected_axes() -> Any:
    """The field for the number of axes that there must be."""
    return count("", "how many axes it must have", default=None, kw_only=True)


def require_channels(expected: Term | None, seen: Term) -> tuple[Condition, ...]:
    """The condition that as many channels come in as are expected. Raises :class:`LayerError` where these are other numbers."""
    if expected is None or expected is seen:
        return ()
    if expected.constant is not None and seen.constant is not None:
        if expected.constant == seen.constant:
            return ()
        plural = "s" * (expected.constant != 1)
        raise LayerError(f"is for {text(expected)} channel{plural}, got {text(seen)}")
    return (Condition(Eq(seen, expected), "it is for so many channels"),)


def require_axes(rank: Term | None, axes: int, *, fewer: bool = False) -> None:
    """Raises :class:`LayerError` unless there are as many axes as the layer is for, or with ``fewer`` not more."""
    number = None if rank is None else rank.constant
    if number is None or axes == number or (fewer and axes < number):
        return
    raise LayerError(
        f"is for channels and {counted_axes(number)}, got {counted_axes(axes) if axes > 0 else without_axes(axes)}"
    )


def require_axis(axes: int) -> None:
    """Raises :class:`LayerError` where there is no axis beside the channels, or, with −1 for the axes, not even these."""
    if axes < 1:
        remedy = "; reshape it before" if axes == 0 else ""
        raise LayerError(f"needs channels and at least one axis, got {without_axes(axes)}{remedy}")


def without_axes(axes: int) -> str:
    """What a tensor without axes is: of 0 axes beside the channels a vector, of −1 a single number.

    >>> without_axes(0), without_axes(-1)
    ('a vector', 'a single number')
    """
    return "a vector" if axes == 0 else "a single number"


def counted_axes(count: int) -> str:
    """``1 axis``, ``2 axes``."""
    return "1 axis" if count == 1 else f"{count} axes"
