"""Writes expressions and statements about real numbers for a document, without loading the facts."""

from __future__ import annotations

from collections.abc import Mapping

from symnet.kernel.real.expressions import Node
from symnet.kernel.real.printing import Names, latex, unicode_text
from symnet.render.document import Formula
from symnet.terms.term import Term

__all__ = ["formula"]


def formula(node: Node, names: Names | None = None, sizes: Mapping[Term, str] | None = None) -> Formula:
    """A real expression or statement as a formula, in which ``names`` replace expressions and ``sizes`` integer terms.

    >>> from symnet.kernel.real.expressions import Variable
    >>> formula(Variable("P"))
    Formula(latex='P', text='P')
    """
    return Formula(latex(node, names, sizes), unicode_text(node, names, sizes))
