"""Spells out what ``Windows`` counts: the positions k ≥ 0 whose window ends inside the input."""

from __future__ import annotations

from itertools import chain, count

from symnet.terms.node import Node
from symnet.terms.propositions import Le
from symnet.terms.term import Product, Symbol, integer
from symnet.terms.walks import has_symbol

__all__ = ["window_condition"]


def window_condition(node: Node) -> tuple[Node, Node]:
    """A fresh symbol for the position, and the condition that the window there fits: ``k·S + F ≤ L``; a dilated kernel spans
    ``D·(F − 1) + 1`` entries instead of F.

    >>> from symnet.printing.text import text
    >>> from symnet.terms.term import Windows
    >>> L, F, D, S = map(Symbol, "LFDS")
    >>> text(window_condition(Windows(L, F, integer(1), S))[1]), text(window_condition(Windows(L, F, D, S))[1])
    ('k*S + F <= L', 'k*S + D*(F - 1) + 1 <= L')
    """
    length, kernel, dilation, stride = node.args
    names = chain(["k"], map("k{}".format, count(1)))
    name = next(name for name in names if not has_symbol(name, *node.args))
    position = Symbol(name, 0)
    start = Product(position, *(stride.args if isinstance(stride, Product) else (stride,)))
    end = start + kernel if dilation is integer(1) else start + dilation * (kernel - 1) + 1
    return position, Le(end, length)
