"""Expressions and statements about real numbers in a document. Reports write them without loading all facts."""

from __future__ import annotations

from symnet.kernel.real.expressions import Node
from symnet.kernel.real.printing import Names, latex, unicode_text
from symnet.render.document import Formula

__all__ = ["formula"]


def formula(node: Node, names: Names | None = None) -> Formula:
    """A real expression or statement for a document.

    >>> from symnet.kernel.real.expressions import Variable
    >>> formula(Variable("P"))
    Formula(latex='P', text='P')
    """
    return Formula(latex(node, names), unicode_text(node, names))
