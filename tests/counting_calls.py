"""How much a function does, counted and not timed: the calls that Python makes, its own and those of built-in functions."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

__all__ = ["calls", "grows_linearly"]


def calls(function: Callable[[], object]) -> int:
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    gc.collect()
    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


def grows_linearly(work: Callable[[int], Callable[[], object]], size: int) -> bool:
    """Whether twice the size is at most a little more than twice the work. ``work`` prepares what is counted."""
    work(size // 10)()  # whatever is done once
    return calls(work(2 * size)) < 2.5 * calls(work(size))
