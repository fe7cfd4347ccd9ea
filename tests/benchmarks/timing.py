"""Ratios of medians, the two sides measured in turn, so that a busy machine slows both."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from tests.benchmarks.peers import forget

__all__ = ["Row", "Side", "compare", "import_seconds", "program"]


class Side(NamedTuple):
    """One side of a comparison: ``run`` is timed on what ``prepare`` gives it afresh."""

    name: str
    run: Callable[[Any], Any]
    prepare: Callable[[], Any] = lambda: None


class Row(NamedTuple):
    """What was compared, with what result, and how large the ratio may be."""

    title: str
    seconds: float
    peer: str
    peer_seconds: float
    limit: float

    @property
    def ratio(self) -> float:
        """Our time to the peer's."""
        return self.seconds / self.peer_seconds

    @property
    def holds(self) -> bool:
        """Whether the ratio is within its limit."""
        return self.ratio <= self.limit


def compare(title: str, ours: Side, peer: Side, limit: float, runs: int = 5) -> Row:
    """Both sides ``runs`` times in turn after one run each to warm up."""
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(runs + 1):
        for side in (ours, peer):
            measured = _once(side)
            if turn:
                seconds[side is ours].append(measured)
    return Row(f"{title}: {ours.name}", median(seconds[True]), peer.name, median(seconds[False]), limit)


def _once(side: Side) -> float:
    prepared = side.prepare()
    forget()
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        kept = side.run(prepared)
        seconds = perf_counter() - start
    finally:
        gc.enable()
    del kept
    return seconds


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python of its own."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)


def import_seconds(module: str) -> float:
    """The time of one import in a fresh interpreter, without the interpreter's own start."""
    code = f"from time import perf_counter as t; s = t(); import {module}; print(t() - s)"
    return float(program("-c", code).stdout)
