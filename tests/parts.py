"""Tests that draw many examples draw them in parts: the first part in every run, the others with the slow tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import seed, settings

__all__ = ["drawn", "parts"]


def parts(count: int) -> pytest.MarkDecorator:
    """The parameter ``part``, 0 to ``count`` - 1; all but 0 are slow."""
    later = [pytest.param(part, marks=pytest.mark.slow) for part in range(1, count)]
    return pytest.mark.parametrize("part", [0, *later])


def drawn(part: int, examples: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For a test under ``given``: so many examples, which are others in each part and the same in every run of it."""
    return lambda test: seed(part)(settings(max_examples=examples, database=None)(test))
