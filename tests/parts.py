"""How much of what can be drawn a run draws: a share of the examples, or the first part; CI draws the rest as well."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import seed, settings

__all__ = ["drawn", "examples", "parts"]


def examples(count: int) -> int:
    """How many examples a test draws of so many: an eighth in every run, all where HYPOTHESIS_EXAMPLES=all, as in CI."""
    return count if os.environ.get("HYPOTHESIS_EXAMPLES") == "all" else -(-count // 8)


def parts(count: int) -> pytest.MarkDecorator:
    """The parameter ``part``, 0 to ``count`` - 1; all but 0 are slow. Part 0 counts as a test that draws examples."""
    later = [pytest.param(part, marks=pytest.mark.slow) for part in range(1, count)]
    return pytest.mark.parametrize("part", [pytest.param(0, marks=pytest.mark.hypothesis), *later])


def drawn(part: int, count: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For a test under ``given``: so many examples, which are others in each part and the same in every run of it. Of part 0,
    which is no slow test, a run draws an eighth, as of all examples.
    """
    here = examples(count) if part == 0 else count
    return lambda test: seed(part)(settings(max_examples=here, database=None)(test))
