"""Searching for all solutions of a question, with a certificate that the kernel checks. Nothing here is trusted."""

from __future__ import annotations

__all__: list[str] = []
