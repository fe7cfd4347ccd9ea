"""The terminal for which output is written: its width, and whether it shows only ASCII."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from symnet.printing.letters import ascii_text

__all__ = ["Screen", "screen", "signs", "written_for"]


@dataclass(frozen=True)
class Screen:
    """``ascii``: only ASCII is written. ``width``: columns of a line; ``None`` leaves tables as wide as they are."""

    ascii: bool = False
    width: int | None = None


_ANYTHING = Screen()
_SCREEN: ContextVar[Screen] = ContextVar("screen", default=_ANYTHING)


def screen() -> Screen:
    """The screen that output is now written for; by default any character in any width."""
    return _SCREEN.get()


@contextmanager
def written_for(chosen: Screen) -> Iterator[None]:
    """Output inside the block is written for the screen ``chosen``.

    >>> with written_for(Screen(ascii=True)):
    ...     signs("3 × W")
    '3 x W'
    """
    before = _SCREEN.set(chosen)
    try:
        yield
    finally:
        _SCREEN.reset(before)


def signs(text: str) -> str:
    """The text with the signs that the screen has."""
    return ascii_text(text) if screen().ascii else text
