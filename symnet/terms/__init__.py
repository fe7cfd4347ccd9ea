"""Integer terms as written, their polynomial normal forms, sets of integers, the expression grammar, and the SymPy border.

Import from the modules; only :mod:`symnet.terms.sympy_bridge` loads SymPy.
"""

from __future__ import annotations

__all__: list[str] = []
