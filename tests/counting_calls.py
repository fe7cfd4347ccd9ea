"""How much a function does, counted and not timed: the calls that Python makes, its own and those of built-in functions.

A count is the same on every machine and under every load. Two million calls take about a second.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["TooMuchWork", "calls", "grows_linearly", "work_at_most"]


class TooMuchWork(BaseException):
    """More calls than a test allows. It derives from BaseException so that no handler of the program takes it for its own."""


class Work:
    """The number of calls that were made."""

    calls = 0


@contextmanager
def work_at_most(most: float) -> Iterator[Work]:
    """Stop with :class:`TooMuchWork` what makes more than ``most`` calls."""
    work = Work()

    def profile(frame: object, event: str, argument: object) -> None:
        work.calls += event in ("call", "c_call")
        if work.calls > most:
            sys.setprofile(None)
            raise TooMuchWork(f"more than {most:,} calls")

    gc.collect()
    sys.setprofile(profile)
    try:
        yield work
    finally:
        sys.setprofile(None)


def calls(function: Callable[[], object]) -> int:
    """The number of calls that a function makes, its own among them."""
    with work_at_most(float("inf")) as work:
        function()
    return work.calls


def grows_linearly(work: Callable[[int], Callable[[], object]], size: int) -> bool:
    """Whether twice the size is at most a little more than twice the work. ``work`` prepares what is counted."""
    work(size)()  # whatever is done once
    return calls(work(2 * size)) < 2.5 * calls(work(size))
