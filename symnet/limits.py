"""How long and how large a process may become in which the code of a model runs."""

from __future__ import annotations

__all__ = ["MEMORY_LIMIT", "TIME_LIMIT"]

#: Seconds.
TIME_LIMIT = 120.0

#: GiB of data.
MEMORY_LIMIT = 8.0
