"""The SymPy functions of sizes: a quotient rounded down or up and what layers count; and expressions read as terms."""

from __future__ import annotations

__all__: list[str] = []
