"""The extension for notebooks: after ``%load_ext symnet.embed.notebook`` theorems show themselves as formulas.

The kernel itself never prints, so this is an extension; networks, values and answers show themselves without it.
"""

from __future__ import annotations

from typing import Any

from symnet.kernel.theorem import Theorem
from symnet.printing.latex import latex

__all__ = ["load_ipython_extension", "theorem_latex"]


def theorem_latex(theorem: Theorem) -> str:
    r"""A theorem as LaTeX: its hypotheses, a turnstile, its conclusion.

    >>> from symnet.layers.laws.windows import window_law
    >>> print(theorem_latex(window_law().theorem))
    $F \le W+2P \vdash \lvert\lbrace k \ge 0 : kS+F \le W+2P\rbrace\rvert = \left\lfloor\frac{W-F+2P}{S}\right\rfloor+1$
    """
    hypotheses = sorted(theorem.hypotheses, key=lambda hypothesis: hypothesis.serial)
    premises = r",\ ".join(map(latex, hypotheses))
    return f"${premises}{' ' if premises else ''}\\vdash {latex(theorem.conclusion)}$"


def load_ipython_extension(shell: Any) -> None:
    """Called by ``%load_ext``."""
    shell.display_formatter.formatters["text/latex"].for_type(Theorem, theorem_latex)
