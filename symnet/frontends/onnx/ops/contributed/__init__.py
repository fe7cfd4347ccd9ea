"""Operators of the domain com.microsoft, which onnxruntime and its exporters write: several standard operators in one.

Source: onnxruntime, docs/ContribOperators.md.
"""

from __future__ import annotations

__all__: list[str] = []
