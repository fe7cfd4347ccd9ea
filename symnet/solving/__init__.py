"""Questions to proven solution sets: ``symnet.solve``."""

from symnet.solving.api import solve
from symnet.solving.solutions import Solutions

__all__ = ["Solutions", "solve"]
