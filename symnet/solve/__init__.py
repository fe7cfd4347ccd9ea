"""Questions to proven solution sets. The package is called like its function: ``symnet.solve(question)`` works
either way.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from symnet.solve.api import solve
from symnet.solve.solutions import Solutions

__all__ = ["Solutions", "solve"]


class _Callable(ModuleType):
    """Importing the package binds it to the name ``symnet.solve``; calling it is calling the function."""

    def __call__(self, *args: Any, **named: Any) -> Solutions:
        return solve(*args, **named)


sys.modules[__name__].__class__ = _Callable
