"""Integer terms (unevaluated expressions), their polynomial normal forms, propositions about them, sets of integers,
the grammar of expressions, and the border to SymPy.

This room imports ``errors`` only; the SymPy border (``sympy_*``, ``standard_symbols``) also ``printing`` and
``sympy_functions``. Import from the modules: only the border loads SymPy. A new kind of term is a class in ``term.py``
with its lower bound and value, which must then be known to normal forms, intervals and printers.
"""

from __future__ import annotations

__all__: list[str] = []
