"""The extension for notebooks: after ``%load_ext symnet.embed.notebook`` theorems show themselves as formulas and facts as their pages.

The kernel itself never prints, so this is an extension; networks, values and answers show themselves without it.
"""

from __future__ import annotations

from typing import Any

from symnet.facts.fact import Fact
from symnet.kernel.theorem import Theorem
from symnet.printing.latex import latex
from symnet.render.catalogue import explain

__all__ = ["fact_page", "load_ipython_extension", "theorem_latex"]


def theorem_latex(theorem: Theorem) -> str:
    r"""A theorem as LaTeX: its hypotheses, a turnstile, its conclusion.

    >>> from symnet.layers.laws.windows import window_law
    >>> print(theorem_latex(window_law().theorem))
    $F \le W+2P \vdash \lvert\lbrace k \ge 0 : kS+F \le W+2P\rbrace\rvert = \left\lfloor\frac{W-F+2P}{S}\right\rfloor+1$
    """
    hypotheses = sorted(theorem.hypotheses, key=lambda hypothesis: hypothesis.serial)
    premises = r",\ ".join(map(latex, hypotheses))
    return f"${premises}{' ' if premises else ''}\\vdash {latex(theorem.conclusion)}$"


def fact_page(fact: Fact) -> str:
    r"""A fact as Markdown: its theorems with their derivations.

    >>> from symnet.facts.catalogue import get_fact
    >>> print(fact_page(get_fact("softmax-shift")).partition("\n")[0])
    # Softmax does not change when one number is added to all its inputs
    """
    return explain(fact.name, "markdown")


def load_ipython_extension(shell: Any) -> None:
    """Called by ``%load_ext``."""
    formatters = shell.display_formatter.formatters
    formatters["text/latex"].for_type(Theorem, theorem_latex)
    formatters["text/markdown"].for_type(Fact, fact_page)
