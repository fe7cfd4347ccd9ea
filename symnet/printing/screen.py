"""What text is written for: a terminal that is so wide, or that has no other letters than those of ASCII."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from symnet.printing.letters import ascii_text

__all__ = ["Screen", "screen", "signs", "written_for"]


@dataclass(frozen=True)
class Screen:
    """``ascii``: nothing but ASCII is written. ``width``: lines have so many columns; without it tables are as wide as they
    are."""

    ascii: bool = False
    width: int | None = None


_ANYTHING = Screen()
_SCREEN: ContextVar[Screen] = ContextVar("screen", default=_ANYTHING)


def screen() -> Screen:
    """What is written for now; in a file, and where nobody says, anything may be written."""
    return _SCREEN.get()


@contextmanager
def written_for(chosen: Screen) -> Iterator[None]:
    """What is written inside is written for this screen.

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
    """The text as the screen has it."""
    return ascii_text(text) if screen().ascii else text
