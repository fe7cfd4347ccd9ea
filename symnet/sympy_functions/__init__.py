"""The border to SymPy: functions for rounded quotients and the counts of layers, expressions that know letters by
their names, and the conversion of SymPy expressions to terms. It imports terms and their text, nothing above. A new
kind of term with a count of its own gets its SymPy function in ``counts``.
"""

from __future__ import annotations

__all__: list[str] = []
