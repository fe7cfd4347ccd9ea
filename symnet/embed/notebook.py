"""In notebooks: ``%load_ext symnet.embed.notebook`` makes theorems show themselves as formulas.

The kernel never prints, so it is done from here; networks, values and answers need no such line.
"""

from __future__ import annotations

from typing import Any

from symnet.kernel.theorem import Theorem
from symnet.printing.latex import latex

__all__ = ["load_ipython_extension", "theorem_latex"]


def theorem_latex(theorem: Theorem) -> str:
    r"""Hypotheses, a turnstile, the conclusion.

    >>> from symnet.layers.laws.windows import window_law
    >>> print(theorem_latex(window_law().theorem))
    $F \le W+2P \vdash \lvert\lbrace k \ge 0 : kS+F \le W+2P\rbrace\rvert = \left\lfloor\frac{W-F+2P}{S}\right\rfloor+1$
    """
    hypotheses = sorted(theorem.hypotheses, key=lambda hypothesis: hypothesis.serial)
    given = r",\ ".join(map(latex, hypotheses))
    return f"${given}{' ' if given else ''}\\vdash {latex(theorem.conclusion)}$"


def load_ipython_extension(shell: Any) -> None:
    """What ``%load_ext`` calls."""
    shell.display_formatter.formatters["text/latex"].for_type(Theorem, theorem_latex)
