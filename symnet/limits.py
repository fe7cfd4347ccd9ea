"""The default limits of the process that runs a model's code."""

from __future__ import annotations

__all__ = ["MEMORY_LIMIT", "TIME_LIMIT"]

#: Running time, in seconds.
TIME_LIMIT = 120.0

#: Memory for data, in GiB.
MEMORY_LIMIT = 8.0
